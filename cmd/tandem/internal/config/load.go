package config

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// Sources are the places a setting can come from, weakest first: the defaults,
// the file, the environment, the flags.
type Sources struct {
	File  string              // --config; empty: tandem.toml in the data folder, if it is there
	Env   func(string) string // os.Getenv; an empty variable is an unset one
	Flags map[string]string   // by key; an empty one is one not given
	Host  string              // name of this machine, for Node
}

// FileName is the file looked for in the data folder.
const FileName = "tandem.toml"

// given is a value and where it stands.
type given struct{ text, origin string }

// Load fills a Config and checks it whole. The error holds one line for every
// bad value: what, where and what to do.
func Load(src Sources) (Config, error) {
	values, err := src.gather()
	var c Config
	problems := []error{err}
	for _, s := range Settings() {
		v := values[s.Key]
		if v.text == "" {
			continue
		}
		if err := s.set(&c, v.text); err != nil {
			shown := fmt.Sprintf("%q", v.text)
			if s.Secret {
				shown = "its value"
			}
			problems = append(problems, fmt.Errorf("%s (%s): %s is not usable: %w", s.Key, v.origin, shown, err))
		}
	}
	c.Node = cmp.Or(c.Node, plainName(src.Host))
	problems = append(problems, c.check(values)...)
	return c, errors.Join(problems...)
}

func (src Sources) gather() (map[string]given, error) {
	values := map[string]given{}
	for _, s := range Settings() {
		values[s.Key] = given{s.Default, "default"}
	}
	// The folder decides which file is read, so a file cannot decide the folder.
	data := cmp.Or(src.Flags["data"], src.Env("TANDEM_DATA"), values["data"].text)
	file, err := readFile(src.File, data)
	maps.Copy(values, file)
	for _, s := range Settings() {
		if text := src.Env(s.Env); text != "" {
			values[s.Key] = given{text, "environment " + s.Env}
		}
		if text := src.Flags[s.Key]; text != "" {
			values[s.Key] = given{text, "flag --" + s.Key}
		}
	}
	return values, err
}

func readFile(path, data string) (map[string]given, error) {
	asked := path != ""
	path = cmp.Or(path, filepath.Join(data, FileName))
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && !asked {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("settings file: %w: name one that can be read", err)
	}
	raw := map[string]any{}
	if err := toml.Unmarshal(text, &raw); err != nil {
		return nil, fmt.Errorf("settings file %s: %w", path, err)
	}
	values := map[string]given{}
	var problems []error
	for _, key := range slices.Sorted(maps.Keys(raw)) {
		known := slices.ContainsFunc(Settings(), func(s Setting) bool { return s.Key == key })
		if !known || key == "data" {
			problems = append(problems, fmt.Errorf("%s (file %s): there is no such setting here: `tandem config` lists them", key, path))
			continue
		}
		if text := fmt.Sprint(raw[key]); text != "" {
			values[key] = given{text, "file " + path}
		}
	}
	return values, errors.Join(problems...)
}

// check looks at what one value alone cannot tell.
func (c Config) check(values map[string]given) []error {
	var out []error
	bad := func(key, format string, args ...any) {
		out = append(out, fmt.Errorf("%s (%s): %s", key, values[key].origin, fmt.Sprintf(format, args...)))
	}
	if c.DatabaseURL != "" && !isPostgresURL(c.DatabaseURL) {
		bad("database-url", "its value is not usable: write postgres://user:password@host:port/database")
	}
	if _, port, err := net.SplitHostPort(c.Temporal); c.Temporal != "" && (err != nil || port == "") {
		bad("temporal-address", "%q is not usable: write host:port such as temporal:7233", c.Temporal)
	}
	if c.Node == "" || c.Node != plainName(c.Node) || len(c.Node) > 40 {
		bad("node", "%q is not usable: write 1 to 40 lower-case letters, digits and dashes", c.Node)
	}
	if c.LogFormat != "text" && c.LogFormat != "json" {
		bad("log-format", "%q is not usable: write text or json", c.LogFormat)
	}
	if len(c.AdminPassword) > 0 && len(c.AdminPassword) < MinPassword {
		bad("admin-password", "its value is too short: write at least %d characters", MinPassword)
	}
	if !strings.Contains(c.AdminEmail, "@") {
		bad("admin-email", "%q is not usable: write an e-mail address", c.AdminEmail)
	}
	if c.HTTP.IsValid() && c.HTTP.AddrPort == c.TemporalUI.AddrPort {
		bad("temporal-ui", "%s is the panel's address too: give one of them another port", c.HTTP)
	}
	if p := c.SIP.Port(); c.RTP.First <= p && p <= c.RTP.Last && c.SIP.IsValid() {
		bad("rtp", "%d-%d holds the SIP port %d: move one of them", c.RTP.First, c.RTP.Last, p)
	}
	return out
}

// MinPassword is the shortest administrator's password that is taken.
const MinPassword = 12

func isPostgresURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "postgres" || u.Scheme == "postgresql")
}

// plainName keeps what may stand in a task queue's name.
func plainName(host string) string {
	host, _, _ = strings.Cut(strings.ToLower(host), ".")
	return strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return '-'
	}, host), "-")
}

// Environ is the configuration as environment variables, for a child process.
func (c Config) Environ() []string {
	var out []string
	for _, s := range Settings() {
		out = append(out, s.Env+"="+s.Text(c))
	}
	return out
}
