package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"tandem/cmd/tandem/internal/config"
)

// settingsTable is the table of settings as README shows it.
func settingsTable() string {
	var b strings.Builder
	b.WriteString("| environment | flag, key in tandem.toml | default | meaning |\n| --- | --- | --- | --- |\n")
	for _, s := range config.Settings() {
		fmt.Fprintf(&b, "| `%s` | `%s` | %s | %s |\n", s.Env, s.Key, s.Default, s.Doc)
	}
	return b.String()
}

func TestReadmeShowsEverySettingAndCommand(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	if want := settingsTable(); !strings.Contains(string(text), want) {
		t.Errorf("README's table of settings is not this one:\n%s", want)
	}
	for _, name := range commands(t) {
		if !strings.Contains(string(text), "tandem "+name) {
			t.Errorf("README does not mention `tandem %s`", name)
		}
	}
}
