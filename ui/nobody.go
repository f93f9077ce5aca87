package ui

import (
	"context"

	"tandem/flow/call"
	"tandem/flow/queue"
)

// nobody is the Live of a panel that was given none: no call runs.
type nobody struct{}

// Live implements Live.
func (nobody) Live(context.Context, call.ID) (call.LedgerEntry, error) {
	return call.LedgerEntry{}, ErrNotFound
}

// Positions implements LiveCalls.
func (nobody) Positions(context.Context) ([]call.Position, error) { return nil, nil }

// Rooms implements LiveCalls.
func (nobody) Rooms(context.Context) ([]call.Room, error) { return nil, nil }

// WatchPositions implements LiveCalls.
func (nobody) WatchPositions(ctx context.Context, moved func()) error {
	moved()
	<-ctx.Done()
	return context.Cause(ctx)
}

// Hangup implements LiveCalls.
func (nobody) Hangup(context.Context, call.ID) error { return ErrNotFound }

// Move implements LiveCalls.
func (nobody) Move(context.Context, call.ID, string, string) error { return ErrNotFound }

// Queue implements LiveQueues.
func (nobody) Queue(context.Context, queue.ID) (queue.View, error) {
	return queue.View{}, ErrNotFound
}

// MembersChanged implements LiveQueues.
func (nobody) MembersChanged(context.Context, queue.ID) error { return nil }

// Withdraw implements LiveQueues.
func (nobody) Withdraw(context.Context, string) error { return ErrNotFound }

// WatchMembers implements LiveQueues.
func (nobody) WatchMembers(ctx context.Context, changed func()) error {
	changed()
	<-ctx.Done()
	return context.Cause(ctx)
}
