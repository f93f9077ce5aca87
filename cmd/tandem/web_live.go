package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"tandem/db"
	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/ui"
	"tandem/workflows"
	"tandem/workflows/callclient"
)

// panelLive shows the panel the calls that run. Where they are is what workers
// have written down; what is missing there, the calls are asked for.
type panelLive struct {
	calls *callclient.Client
	store *db.Store
	log   *slog.Logger
}

const (
	// mendEvery is how often, while somebody watches, what workers wrote down is
	// compared with what Temporal runs.
	mendEvery = 10 * time.Second
	// askEvery spaces questions to calls: a workflow task each, 20 a second.
	askEvery = 50 * time.Millisecond
	// settled is how long a position may stand for a call that Temporal does not
	// list as running: its list lags behind.
	settled = 15 * time.Second
)

// Live implements ui.Live.
func (l panelLive) Live(ctx context.Context, id call.ID) (call.LedgerEntry, error) {
	entry, err := l.calls.Live(ctx, id)
	if err == nil && !entry.Live {
		err = ui.ErrNotFound // it has ended: the store has it
	}
	return entry, panelError(err)
}

// Positions implements ui.LiveCalls.
func (l panelLive) Positions(ctx context.Context) ([]call.Position, error) {
	return l.store.Positions(ctx)
}

// Rooms implements ui.LiveCalls.
func (l panelLive) Rooms(ctx context.Context) ([]call.Room, error) { return l.store.Rooms(ctx) }

// WatchPositions implements ui.LiveCalls.
func (l panelLive) WatchPositions(ctx context.Context, moved func()) error {
	var mending sync.WaitGroup
	defer mending.Wait()
	mending.Go(func() { l.mend(ctx) })
	return l.store.WatchPositions(ctx, moved)
}

// mend compares what workers wrote down with what runs, until ctx ends: a
// worker may have died with a step in its hands, or be of a version that tells
// none.
func (l panelLive) mend(ctx context.Context) {
	tick := time.NewTicker(mendEvery)
	defer tick.Stop()
	for {
		if err := l.mendOnce(ctx); err != nil && ctx.Err() == nil {
			l.log.Debug("positions not compared with Temporal", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (l panelLive) mendOnce(ctx context.Context) error {
	written, err := l.store.Positions(ctx)
	if err != nil {
		return err
	}
	running, err := l.calls.Running(ctx, 0)
	if err != nil {
		return err
	}
	missing, gone := compare(written, running)
	if len(gone) > 0 {
		if err := l.store.ForgetPositions(ctx, gone, settled); err != nil {
			return err
		}
	}
	space := time.NewTicker(askEvery)
	defer space.Stop()
	for _, id := range missing {
		select {
		case <-ctx.Done():
			return nil
		case <-space.C:
		}
		if err := l.ask(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// compare tells which running calls have no position, and which positions no
// running call.
func compare(written []call.Position, running []callclient.Running) (missing, gone []call.ID) {
	known := map[call.ID]bool{}
	for _, r := range running {
		known[r.Call] = false
	}
	for _, at := range written {
		if _, runs := known[at.Call]; !runs {
			gone = append(gone, at.Call)
		}
		known[at.Call] = true
	}
	for _, r := range running {
		if !known[r.Call] {
			missing = append(missing, r.Call)
		}
	}
	return missing, gone
}

// ask asks a call where it is and writes that down. It counts as older than
// anything that a worker tells.
func (l panelLive) ask(ctx context.Context, id call.ID) error {
	e, err := l.calls.Live(ctx, id)
	switch {
	case errors.Is(err, callclient.ErrNotFound), err == nil && !e.Live:
		return nil
	case err != nil:
		return err
	}
	return l.store.SavePositions(ctx, []call.Position{workflows.PositionOf(e)})
}

// Hangup implements ui.LiveCalls.
func (l panelLive) Hangup(ctx context.Context, id call.ID) error {
	return panelError(l.calls.Hangup(ctx, id))
}

// Move implements ui.LiveCalls.
func (l panelLive) Move(ctx context.Context, id call.ID, module, by string) error {
	err := l.calls.Move(ctx, id, workflows.Move{Module: module, By: by})
	var refused *callclient.RefusedError
	if errors.As(err, &refused) {
		return fmt.Errorf("%w", &ui.Refusal{Status: http.StatusConflict, Text: "The call cannot be moved: " + refused.Why + "."})
	}
	return panelError(err)
}

// panelError says "not found" in the panel's words.
func panelError(err error) error {
	if errors.Is(err, directory.ErrNotFound) || errors.Is(err, callclient.ErrNotFound) {
		return fmt.Errorf("%w: %w", ui.ErrNotFound, err)
	}
	return err
}
