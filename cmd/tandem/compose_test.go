package main

import (
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"tandem/cmd/tandem/internal/config"
)

// compose is the part of docker-compose.yml that names things of ours.
type compose struct {
	Services map[string]struct {
		Image       string
		Build       *struct{ Context string }
		Command     any
		DependsOn   map[string]struct{ Condition string } `yaml:"depends_on"`
		Environment map[string]string
		Ports       []string
		Volumes     []string
		NetworkMode string `yaml:"network_mode"`
	}
	Volumes map[string]any
}

func readCompose(t *testing.T) (compose, string) {
	t.Helper()
	text, err := os.ReadFile("../../docker-compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	var c compose
	if err := yaml.Unmarshal(text, &c); err != nil {
		t.Fatal(err)
	}
	return c, string(text)
}

// commands are the names of this program's commands, as kong knows them.
func commands(t *testing.T) []string {
	t.Helper()
	parser, err := newParser(&cli{}, newSettingFlags(), io.Discard, io.Discard, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, n := range parser.Model.Leaves(false) {
		out = append(out, n.Name)
	}
	return out
}

func TestTheProductionShapeNamesOnlyWhatExists(t *testing.T) {
	c, _ := readCompose(t)
	for _, role := range []string{"postgres", "temporal", "temporal-ui", "worker", "node", "web", "migrate"} {
		if _, ok := c.Services[role]; !ok {
			t.Errorf("there is no service %s", role)
		}
	}
	settings := config.Settings()
	for name, s := range c.Services {
		for other := range s.DependsOn {
			if _, ok := c.Services[other]; !ok {
				t.Errorf("service %s depends on %s, which does not exist", name, other)
			}
		}
		for _, v := range s.Volumes {
			if volume, _, _ := strings.Cut(v, ":"); !strings.HasPrefix(volume, ".") {
				if _, ok := c.Volumes[volume]; !ok {
					t.Errorf("service %s uses volume %s, which is not declared", name, volume)
				}
			}
		}
		if s.Build == nil {
			if !strings.Contains(s.Image, ":") || strings.HasSuffix(s.Image, ":latest") {
				t.Errorf("service %s: image %s is not pinned", name, s.Image)
			}
			continue
		}
		args, _ := s.Command.([]any)
		if len(args) != 1 || !slices.Contains(commands(t), args[0].(string)) {
			t.Errorf("service %s runs %v, which is no command of tandem", name, s.Command)
		}
		for env := range s.Environment {
			if !slices.ContainsFunc(settings, func(s config.Setting) bool { return s.Env == env }) {
				t.Errorf("service %s sets %s, which no setting reads", name, env)
			}
		}
	}
}

// variable is ${NAME:-default} or ${NAME:?message}; $$ is a dollar of the shell inside.
var variable = regexp.MustCompile(`\$\{([A-Z_]+)(?::([-?])([^}]*))?\}`)

func TestEveryVariableOfTheProductionShapeIsASettingAndItsValuesLoad(t *testing.T) {
	c, text := readCompose(t)
	for _, m := range variable.FindAllStringSubmatch(text, -1) {
		known := m[1] == "POSTGRES_PASSWORD" || slices.ContainsFunc(config.Settings(), func(s config.Setting) bool { return s.Env == m[1] })
		if !known {
			t.Errorf("${%s} is neither a setting nor the database's password", m[1])
		}
	}
	required := map[string]string{"TANDEM_KEY": strings.Repeat("0f", 32), "POSTGRES_PASSWORD": "secret"}
	for name, s := range c.Services {
		if s.Build == nil {
			continue
		}
		_, err := config.Load(config.Sources{Host: "docker", Flags: map[string]string{"data": t.TempDir()}, Env: func(env string) string {
			return variable.ReplaceAllStringFunc(s.Environment[env], func(v string) string {
				m := variable.FindStringSubmatch(v)
				if m[2] == "-" {
					return m[3]
				}
				return required[m[1]]
			})
		}})
		if err != nil {
			t.Errorf("service %s does not start: %v", name, err)
		}
	}
}

func TestPublishedPortsAreThoseThatAreListenedOn(t *testing.T) {
	c, _ := readCompose(t)
	if c.Services["node"].NetworkMode != "host" {
		t.Error("the node is not in the host's network, so its RTP ports are not reachable")
	}
	for service, inside := range map[string]string{"web": "8080", "temporal-ui": "8080", "temporal": "7233", "postgres": "5432"} {
		ports := c.Services[service].Ports
		if len(ports) != 1 || !strings.HasSuffix(ports[0], ":"+inside) || !strings.HasPrefix(ports[0], "127.0.0.1:") {
			t.Errorf("service %s publishes %v, want port %s on loopback", service, ports, inside)
		}
	}
	web := c.Services["web"]
	if !strings.HasSuffix(web.Environment["TANDEM_HTTP"], ":8080") {
		t.Errorf("web listens on %s and publishes 8080", web.Environment["TANDEM_HTTP"])
	}
	if ui := web.Environment["TANDEM_TEMPORAL_UI"]; !strings.HasPrefix(c.Services["temporal-ui"].Ports[0], ui) {
		t.Errorf("web links to Temporal UI at %s, which publishes %s", ui, c.Services["temporal-ui"].Ports[0])
	}
}

func TestTheImageHoldsTheProgramThatTheServicesRun(t *testing.T) {
	text, err := os.ReadFile("../../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"-o /out/tandem ./cmd/tandem", "COPY --from=build /out/tandem /usr/local/bin/tandem",
		`ENTRYPOINT ["/usr/local/bin/tandem"]`, "ENV TANDEM_DATA=/data", "-X main.commit="} {
		if !strings.Contains(string(text), want) {
			t.Errorf("Dockerfile has no %q", want)
		}
	}
}
