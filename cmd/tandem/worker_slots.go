package main

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"tandem/db"
	"tandem/flow/call"
	"tandem/workflows/callclient"
)

const (
	// slotsEvery is how often calls that count towards a limit are compared with
	// what Temporal runs. Every worker does it; to do it twice harms nobody.
	slotsEvery = time.Minute
	// slotsSettled is how long a call has counted before it is looked for: until
	// then Temporal's list may lag behind.
	slotsSettled = time.Minute
)

// freeSlots stops counting calls that ended without their ledger entry, until
// ctx ends: a workflow was terminated, say, or a look-up took a slot after the
// call had given up.
func freeSlots(ctx context.Context, store *db.Store, calls *callclient.Client, log *slog.Logger) {
	tick := time.NewTicker(slotsEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		n, err := freeSlotsOnce(ctx, store, calls)
		switch {
		case ctx.Err() != nil:
		case err != nil:
			log.Debug("calls at once not compared with Temporal", "error", err)
		case n > 0:
			log.Warn("calls that ended without a trace are counted no more", "calls", n)
		}
	}
}

func freeSlotsOnce(ctx context.Context, store *db.Store, calls *callclient.Client) (freed int, err error) {
	counted, err := store.Slots(ctx, slotsSettled)
	if err != nil || len(counted) == 0 {
		return 0, err
	}
	running, err := calls.Running(ctx, 0)
	if err != nil {
		return 0, err
	}
	var gone []call.ID
	for _, id := range missing(counted, running) {
		over, err := calls.Over(ctx, id) // a list may be wrong, an execution is not
		if err != nil {
			return 0, err
		}
		if over {
			gone = append(gone, id)
		}
	}
	if len(gone) == 0 {
		return 0, nil
	}
	return len(gone), store.FreeSlots(ctx, gone)
}

// missing are the calls that a list of running ones lacks.
func missing(counted []call.ID, running []callclient.Running) []call.ID {
	runs := make(map[call.ID]bool, len(running))
	for _, r := range running {
		runs[r.Call] = true
	}
	return slices.DeleteFunc(counted, func(id call.ID) bool { return runs[id] })
}
