package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"time"

	"tandem/cmd/tandem/internal/config"
	"tandem/cmd/tandem/internal/story"
	"tandem/db"
	"tandem/flow/call"
	"tandem/flow/directory"
)

type callCmd struct {
	ID   string `arg:"" help:"The call's ID, as it stands in logs, on its page and behind \"call-\" in Temporal UI."`
	JSON bool   `help:"Print the call as /api/calls/ID returns it." xor:"form"`
	// History is for bug reports and for replay tests.
	History bool `help:"Print the workflow's history as Temporal holds it, in JSON." xor:"form"`
}

// Run prints one call: from the database when it has ended, else as its
// workflow tells it.
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
	entry, err := findCall(w.ctx, cfg, store, call.ID(c.ID))
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(w.stdout).Encode(entry)
	}
	messages, err := store.Messages(w.ctx, entry.Call)
	if err != nil {
		return err
	}
	_, err = io.WriteString(w.stdout, story.Page(entry, messages))
	return err
}

// liveBound is how long a running call may take to tell about itself.
const liveBound = 5 * time.Second

func findCall(ctx context.Context, cfg config.Config, store *db.Store, id call.ID) (call.LedgerEntry, error) {
	entry, err := store.Ledger(ctx, id)
	if !errors.Is(err, directory.ErrNotFound) || cfg.Temporal == "" {
		return entry, err
	}
	calls, openErr := openCalls(cfg, slog.New(slog.DiscardHandler))
	if openErr != nil {
		return entry, openErr
	}
	defer calls.Close()
	ctx, cancel := context.WithTimeout(ctx, liveBound)
	defer cancel()
	live, liveErr := calls.Live(ctx, id)
	if liveErr != nil {
		return entry, err // neither ended nor running: the database's word is the plainer one
	}
	return live, nil
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
