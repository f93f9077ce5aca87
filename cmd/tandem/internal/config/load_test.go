package config

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

func env(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

func TestNothingConfiguredIsTheDocumentedDefault(t *testing.T) {
	c, err := Load(Sources{Env: env(), Host: "Phones.example.org", File: "", Flags: map[string]string{"data": t.TempDir()}})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"sip": "0.0.0.0:5060", "rtp": "20000-29999", "http": "127.0.0.1:8080", "temporal-ui": "127.0.0.1:8233",
		"node": "phones", "drain": "30s", "sample": "true", "log": "INFO", "database-url": "", "temporal-address": "", "key": "",
	}
	for _, s := range Settings() {
		if text, ok := want[s.Key]; ok && s.Text(c) != text {
			t.Errorf("%s is %q, want %q", s.Key, s.Text(c), text)
		}
	}
}

func TestFlagBeatsEnvironmentBeatsFileBeatsDefault(t *testing.T) {
	data := t.TempDir()
	file := "drain = \"1s\"\nrealm = \"file\"\nhttp = \"127.0.0.1:1001\"\nsample = false\n"
	if err := os.WriteFile(filepath.Join(data, FileName), []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Load(Sources{
		Env:   env("TANDEM_DATA", data, "TANDEM_DRAIN", "2s", "TANDEM_REALM", "env"),
		Flags: map[string]string{"drain": "3s"}, Host: "h",
	})
	if err != nil {
		t.Fatal(err)
	}
	if c.Drain != 3*time.Second || c.Realm != "env" || c.HTTP.Port() != 1001 || c.Sample || c.Namespace != "tandem" {
		t.Errorf("got %+v", c)
	}
}

func TestEveryBadValueIsOneLineWithItsPlaceAndRemedy(t *testing.T) {
	data := t.TempDir()
	file := filepath.Join(data, "own.toml")
	if err := os.WriteFile(file, []byte("rtp = \"9-10\"\ncolour = \"red\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Load(Sources{File: file, Host: "h",
		Env: env("TANDEM_SIP", "five", "DATABASE_URL", "mysql://u:geheim@h/x", "TANDEM_KEY", "geheim",
			"TEMPORAL_ADDRESS", "temporal", "TANDEM_ADMIN_PASSWORD", "geheim", "TANDEM_NODE", "Node 1"),
		Flags: map[string]string{"data": data, "drain": "soon", "log": "loud", "log-format": "xml", "advertise": "me", "sample-networks": "all"}})
	if err == nil {
		t.Fatal("accepted")
	}
	lines := strings.Split(err.Error(), "\n")
	for _, want := range []string{
		`colour (file ` + file + `): there is no such setting`,
		`rtp (file ` + file + `): "9-10" is not usable: write two ports`,
		`sip (environment TANDEM_SIP): "five" is not usable: write an IP address and a port`,
		`database-url (environment DATABASE_URL): its value is not usable: write postgres://`,
		`key (environment TANDEM_KEY): its value is not usable: write 64 hexadecimal digits`,
		`temporal-address (environment TEMPORAL_ADDRESS): "temporal" is not usable: write host:port`,
		`admin-password (environment TANDEM_ADMIN_PASSWORD): its value is too short`,
		`node (environment TANDEM_NODE): "Node 1" is not usable`,
		`drain (flag --drain): "soon" is not usable: write a time span`,
		`log (flag --log): "loud" is not usable: write debug`,
		`log-format (flag --log-format): "xml" is not usable`,
		`sample-networks (flag --sample-networks): "all" is not usable: write networks`,
		`advertise (flag --advertise): "me" is not usable: write an IP address`,
	} {
		found := 0
		for _, l := range lines {
			if strings.HasPrefix(l, want) {
				found++
			}
		}
		if found != 1 {
			t.Errorf("%d lines begin %q, want 1", found, want)
		}
	}
	if strings.Contains(err.Error(), "geheim") {
		t.Errorf("a secret was printed:\n%v", err)
	}
}

func TestAFileThatWasAskedForMustExist(t *testing.T) {
	_, err := Load(Sources{File: filepath.Join(t.TempDir(), "gone.toml"), Env: env(), Host: "h"})
	if err == nil || !strings.Contains(err.Error(), "settings file") {
		t.Errorf("got %v", err)
	}
}

func TestPortsThatCollideAreNamed(t *testing.T) {
	_, err := Load(Sources{Env: env("TANDEM_SIP", "127.0.0.1:20010", "TANDEM_TEMPORAL_UI", "localhost:8080", "TANDEM_DATA", t.TempDir()), Host: "h"})
	for _, want := range []string{"holds the SIP port 20010", "127.0.0.1:8080 is the panel's address too"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

func TestAChildReadsBackExactlyWhatItsParentHad(t *testing.T) {
	parent, err := Load(Sources{Host: "h", Env: env("TANDEM_DATA", t.TempDir(), "TANDEM_KEY", strings.Repeat("ab", 32),
		"TANDEM_ADVERTISE", "192.0.2.1", "TANDEM_SAMPLE_NETWORKS", "127.0.0.4/32, 10.1.2.3/8", "TANDEM_SIP", "[::1]:5070", "TANDEM_SAMPLE", "false", "TANDEM_LOG", "debug",
		"DATABASE_URL", "postgres://u:p@127.0.0.1:5/t")})
	if err != nil {
		t.Fatal(err)
	}
	var pairs []string
	for _, kv := range parent.Environ() {
		k, v, _ := strings.Cut(kv, "=")
		pairs = append(pairs, k, v)
	}
	child, err := Load(Sources{Host: "other", Env: env(pairs...)})
	if err != nil || !reflect.DeepEqual(child, parent) {
		t.Errorf("child %+v (%v), parent %+v", child, err, parent)
	}
}

func TestEverySettingIsDocumentedAndDistinct(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range Settings() {
		if s.Key == "" || s.Env == "" || s.Doc == "" || seen[s.Key] || seen[s.Env] {
			t.Errorf("setting %+v lacks a key, a variable or a doc line, or repeats one", s)
		}
		seen[s.Key], seen[s.Env] = true, true
	}
}
