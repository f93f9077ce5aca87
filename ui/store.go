package ui

import (
	"context"

	"tandem/flow/call"
	"tandem/flow/directory"
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
	CallStore
	FlowStore
	QueueStore
	DashboardStore
	MailStore
	SearchStore

	// Roles lists the processes of the installation seen of late.
	Roles(ctx context.Context) ([]Role, error)
}

// Live is what the panel knows about running calls.
type Live interface {
	// Live describes one running call, or ErrNotFound.
	Live(ctx context.Context, id call.ID) (call.LedgerEntry, error)
	LiveCalls
	LiveQueues
}

// The panel's short words for directory's.
type (
	Role           = directory.Process
	FlowSummary    = directory.FlowName
	VersionSummary = directory.Version
)
