package main

import (
	"context"
	"errors"

	"go.temporal.io/api/serviceerror"

	"tandem/flow/queue"
	"tandem/ui"
)

// Queue implements ui.LiveQueues.
func (l panelLive) Queue(ctx context.Context, id queue.ID) (queue.View, error) {
	var view queue.View
	answer, err := l.calls.Temporal().QueryWorkflow(ctx, "queue-"+string(id), "", "view")
	if err == nil {
		err = answer.Get(&view)
	}
	return view, queueError(err)
}

// MembersChanged implements ui.LiveQueues.
func (l panelLive) MembersChanged(ctx context.Context, id queue.ID) error {
	err := queueError(l.calls.Temporal().SignalWorkflow(ctx, "queue-"+string(id), "", "message", queue.Message{Kind: "changed"}))
	if errors.Is(err, ui.ErrNotFound) {
		return nil // it reads its members when the first caller comes
	}
	return err
}

// WatchMembers implements ui.LiveQueues.
func (l panelLive) WatchMembers(ctx context.Context, changed func()) error {
	return l.store.WatchMembers(ctx, changed)
}

func queueError(err error) error {
	var missing *serviceerror.NotFound
	if errors.As(err, &missing) {
		return ui.ErrNotFound
	}
	return err
}
