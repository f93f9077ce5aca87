package ui

import (
	"context"
	"iter"
	"time"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/directory"
)

// CallStore is the history of calls.
type CallStore interface {
	// Calls lists one page of stored calls, without path, legs and attempts.
	Calls(ctx context.Context, f directory.CallFilter) (directory.CallPage, error)
	// EachCall yields all calls that match, for a file.
	EachCall(ctx context.Context, f directory.CallFilter) iter.Seq2[call.LedgerEntry, error]
	Ledger(ctx context.Context, id call.ID) (call.LedgerEntry, error)
	// Waits tells of some calls how long the caller waited for a person.
	Waits(ctx context.Context, ids []call.ID) (map[call.ID]time.Duration, error)
	Messages(ctx context.Context, id call.ID) ([]call.SIPMessage, error)
	// Version reads one published version; those that calls name stay readable.
	Version(ctx context.Context, id string, version int) (flow.Revision, error)
	ContactMethods(ctx context.Context) ([]directory.ContactMethod, error)
	MarkStore
	ViewStore
}

// MarkStore is what people say of calls.
type MarkStore interface {
	CallNotes(ctx context.Context, id call.ID) ([]directory.CallNote, error)
	CallNote(ctx context.Context, id string) (directory.CallNote, error)
	AddCallNote(ctx context.Context, n directory.CallNote) error
	ResolveCall(ctx context.Context, id call.ID, by string) error
	ReopenCall(ctx context.Context, id call.ID) error
	// CallMarks tells of some calls what was done to them; the rest are left out.
	CallMarks(ctx context.Context, ids []call.ID) (map[call.ID]directory.CallMarks, error)
}

// ViewStore keeps the names that logins give to queries of lists.
type ViewStore interface {
	SavedViews(ctx context.Context, login, page string) ([]directory.SavedView, error)
	// SaveView replaces a view of the same name.
	SaveView(ctx context.Context, login, page string, v directory.SavedView) error
	RemoveView(ctx context.Context, login, page, name string) error
}

// LiveCalls is where running calls are, and what a person can do to one.
type LiveCalls interface {
	// Positions lists where running calls are, newest call first.
	Positions(ctx context.Context) ([]call.Position, error)
	// Rooms lists conference rooms, as the nodes that hold them tell.
	Rooms(ctx context.Context) ([]call.Room, error)
	// WatchPositions calls moved once and then whenever calls may have moved or
	// ended, or rooms changed, until ctx ends.
	WatchPositions(ctx context.Context, moved func()) error
	// Hangup ends a running call, or fails with ErrNotFound.
	Hangup(ctx context.Context, id call.ID) error
	// Move sends a running call to a module of its flow on behalf of somebody. It
	// fails with ErrNotFound, or with *Refusal where the call does not allow it.
	Move(ctx context.Context, id call.ID, module, by string) error
}
