package main

import (
	"encoding/json"
	"fmt"

	"tandem/cmd/tandem/internal/config"
)

type statusCmd struct {
	JSON bool `help:"Print the whole summary as one line of JSON."`
}

// Run prints what runs on the data folder, with the pids of this moment.
func (c *statusCmd) Run(w *world) error {
	cfg, err := w.load()
	if err != nil {
		return err
	}
	s, err := readState(cfg.Data)
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(w.stdout).Encode(s)
	}
	word := "starting"
	if s.Ready {
		word = "ready"
	}
	_, err = fmt.Fprintf(w.stdout, "%s: panel %s, SIP %s, processes: %s\n", word, s.HTTP, s.SIP, pidList(s.PIDs))
	return err
}

type settingsCmd struct{}

// Run prints every setting as a settings file would hold it.
func (settingsCmd) Run(w *world) error {
	cfg, err := w.load()
	if err != nil {
		return err
	}
	for _, s := range config.Settings() {
		value := s.Text(cfg)
		if s.Secret && value != "" {
			value = "(set, not shown)"
		}
		mark := ""
		if s.Key == "data" || value == "" || s.Secret {
			mark = "# " // the folder is not for the file to say; the others are not set, or not shown
		}
		fmt.Fprintf(w.stdout, "# %s\n# environment %s, flag --%s\n%s%s = %q\n\n", s.Doc, s.Env, s.Key, mark, s.Key, value)
	}
	return nil
}
