package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"tandem/cmd/tandem/internal/config"
	"tandem/cmd/tandem/internal/story"
	"tandem/db"
	"tandem/flow/call"
)

type callCmd struct {
	ID   string `arg:"" help:"The call's ID, as it stands in logs, on its page and behind \"call-\" in Temporal UI."`
	JSON bool   `help:"Print the call as /api/calls/ID returns it."`
}

// Run prints one call from the database: a live one as far as it is written down.
func (c *callCmd) Run(w *world) error {
	cfg, err := w.load()
	if err != nil {
		return err
	}
	if cfg, err = ofRunning(cfg); err != nil {
		return err
	}
	store, err := openStore(w.ctx, cfg)
	if err != nil {
		return err
	}
	defer store.Close()
	return printCall(w.ctx, w.stdout, store, call.ID(c.ID), c.JSON)
}

func printCall(ctx context.Context, w io.Writer, store *db.Store, id call.ID, asJSON bool) error {
	entry, err := store.Ledger(ctx, id)
	if err != nil {
		return fmt.Errorf("call %s: %w", id, err)
	}
	if asJSON {
		return json.NewEncoder(w).Encode(entry)
	}
	messages, err := store.Messages(ctx, id)
	if err != nil {
		return fmt.Errorf("call %s: %w", id, err)
	}
	_, err = io.WriteString(w, story.Page(entry, messages))
	return err
}

// ofRunning fills in what the `tandem up` on the data folder knows: where its
// private database is.
func ofRunning(cfg config.Config) (config.Config, error) {
	if cfg.DatabaseURL != "" {
		return cfg, nil
	}
	s, err := readState(cfg.Data)
	if err != nil {
		return cfg, err
	}
	cfg.DatabaseURL = s.Database
	return cfg, nil
}
