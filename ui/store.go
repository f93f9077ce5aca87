package ui

import (
	"context"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/ui/forms"
)

// ErrNotFound is what a Store or Live answers for what does not exist. Errors
// that are none of directory's are faults: they are logged and shown as
// "something went wrong".
var ErrNotFound = directory.ErrNotFound

// Store is what the panel reads and writes: *db.Store. Every method is safe for
// concurrent use and returns when its context ends.
type Store interface {
	AccessStore
	PeopleStore
	LibraryStore
	OfficeStore

	// Calls lists stored calls, newest first. Path, Legs and Attempts of its
	// entries may be empty.
	Calls(ctx context.Context, f CallFilter) (CallPage, error)
	Ledger(ctx context.Context, id call.ID) (call.LedgerEntry, error)
	Messages(ctx context.Context, id call.ID) ([]call.SIPMessage, error)

	// Roles lists the processes of the installation seen of late.
	Roles(ctx context.Context) ([]Role, error)

	// Flows lists all flows by name.
	Flows(ctx context.Context) ([]FlowSummary, error)
	// Versions lists the published versions of a flow, newest first.
	Versions(ctx context.Context, id string) ([]VersionSummary, error)
	// Version reads one published version, or ErrNotFound.
	Version(ctx context.Context, id string, version int) (flow.Revision, error)
	// Names gives the words for what flows name by id.
	Names(ctx context.Context) (forms.Names, error)
}

// Live is what the panel knows about running calls.
type Live interface {
	// Live describes one running call, or ErrNotFound.
	Live(ctx context.Context, id call.ID) (call.LedgerEntry, error)
	// Running lists at most limit running calls, newest first. Path, Legs and
	// Attempts may be empty.
	Running(ctx context.Context, limit int) ([]call.LedgerEntry, error)
}

// The panel's short words for directory's.
type (
	CallFilter     = directory.CallFilter
	CallPage       = directory.CallPage
	Role           = directory.Process
	FlowSummary    = directory.FlowName
	VersionSummary = directory.Version
)
