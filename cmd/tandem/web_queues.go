package main

import (
	"context"
	"errors"
	"time"

	"tandem/flow/queue"
	"tandem/ui"
	"tandem/workflows/callclient"
)

// Queue implements ui.LiveQueues.
func (l panelLive) Queue(ctx context.Context, id queue.ID) (queue.View, error) {
	view, err := callclient.Lines{Client: l.calls}.View(ctx, id)
	if errors.Is(err, callclient.ErrNotFound) {
		err = ui.ErrNotFound
	}
	return view, err
}

// MembersChanged implements ui.LiveQueues.
func (l panelLive) MembersChanged(ctx context.Context, id queue.ID) error {
	return callclient.Lines{Client: l.calls}.Tell(ctx, id, queue.Message{Kind: queue.Changed, At: time.Now()})
}

// Withdraw implements ui.LiveQueues.
func (l panelLive) Withdraw(ctx context.Context, promise string) error {
	err := l.calls.Withdraw(ctx, promise)
	if errors.Is(err, callclient.ErrNotFound) {
		err = ui.ErrNotFound
	}
	return err
}

// WatchMembers implements ui.LiveQueues.
func (l panelLive) WatchMembers(ctx context.Context, changed func()) error {
	return l.store.WatchMembers(ctx, changed)
}
