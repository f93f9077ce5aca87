package main

import (
	"context"
	"errors"
	"fmt"

	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/ui"
	"tandem/workflows/callclient"
)

// panelLive shows the panel the calls that run.
type panelLive struct{ calls *callclient.Client }

// Live implements ui.Live.
func (l panelLive) Live(ctx context.Context, id call.ID) (call.LedgerEntry, error) {
	entry, err := l.calls.Live(ctx, id)
	if err == nil && !entry.Live {
		err = ui.ErrNotFound // it has ended: the store has it
	}
	return entry, panelError(err)
}

// Running implements ui.Live.
func (l panelLive) Running(ctx context.Context, limit int) ([]call.LedgerEntry, error) {
	rows, err := l.calls.Running(ctx, limit)
	out := make([]call.LedgerEntry, len(rows))
	for i, r := range rows {
		out[i] = call.LedgerEntry{Call: r.Call, Live: true, Caller: call.Party{Number: r.Caller}, Called: r.Called, Node: r.Node, Started: r.Started}
	}
	return out, err
}

// panelError says "not found" in the panel's words.
func panelError(err error) error {
	if errors.Is(err, directory.ErrNotFound) || errors.Is(err, callclient.ErrNotFound) {
		return fmt.Errorf("%w: %w", ui.ErrNotFound, err)
	}
	return err
}
