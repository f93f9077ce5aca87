package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"time"

	"tandem/cmd/tandem/internal/config"
	"tandem/cmd/tandem/internal/story"
	"tandem/db"
	"tandem/flow/call"
)

type callCmd struct {
	ID   string `arg:"" help:"The call's ID, as it stands in logs, on its page and behind \"call-\" in Temporal UI."`
	JSON bool   `help:"Print the call as /api/calls/ID returns it." xor:"form"`
	// History is for bug reports and for replay tests.
	History bool `help:"Print the workflow's history as Temporal holds it, in JSON." xor:"form"`
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
	if c.History {
		return printHistory(w.ctx, w.stdout, cfg, call.ID(c.ID))
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

// historyBound is for connecting to Temporal and reading one history.
const historyBound = 10 * time.Second

func printHistory(ctx context.Context, w io.Writer, cfg config.Config, id call.ID) error {
	ctx, cancel := context.WithTimeout(ctx, historyBound)
	defer cancel()
	calls, err := openCalls(cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer calls.Close()
	text, err := calls.History(ctx, id)
	if err != nil {
		return err
	}
	_, err = w.Write(append(text, '\n'))
	return err
}

// ofRunning fills in what the `tandem up` on the data folder knows: where its
// private database and its Temporal are.
func ofRunning(cfg config.Config) (config.Config, error) {
	if cfg.DatabaseURL != "" && cfg.Temporal != "" {
		return cfg, nil
	}
	s, err := readState(cfg.Data)
	if err != nil {
		if cfg.DatabaseURL != "" {
			err = nil // a role of somebody else's installation: Temporal is asked for when it is needed
		}
		return cfg, err
	}
	if cfg.DatabaseURL == "" {
		cfg.DatabaseURL = s.Database
	}
	if cfg.Temporal == "" {
		cfg.Temporal, cfg.Namespace = s.Temporal, s.Namespace
	}
	return cfg, nil
}
