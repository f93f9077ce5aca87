package ui

import (
	"context"
	"errors"
	"time"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/ui/forms"
)

// Errors a Store or Live answers with, wrapped or bare. Anything else is a
// fault: it is logged and shown as "something went wrong".
var (
	ErrNotFound      = errors.New("not found")
	ErrWrongPassword = errors.New("wrong e-mail or password")
	ErrLocked        = errors.New("too many failed sign-ins: wait 15 minutes and try again")
)

// Store is what the panel reads and the sessions it keeps. Every method is
// safe for concurrent use and returns when its context ends.
type Store interface {
	// SignIn finds the login that owns e-mail and password (argon2id), or fails
	// with ErrWrongPassword or ErrLocked. It works as long for an unknown e-mail,
	// so that time tells nobody which logins exist.
	SignIn(ctx context.Context, email, password string) (directory.Login, error)
	// CreateSession opens a session for a login, by its ID, and gives the token.
	// The store keeps only a hash of it.
	CreateSession(ctx context.Context, login string, lasts time.Duration) (token string, err error)
	// Session finds the session of a token, or ErrNotFound.
	Session(ctx context.Context, token string) (Session, error)
	// EndSession forgets a token. An unknown one is no error.
	EndSession(ctx context.Context, token string) error

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

// Session is one signed-in browser or script.
type Session struct {
	Login   directory.Login
	Expires time.Time
}

// CallFilter narrows the call history. Zero fields do not narrow.
type CallFilter struct {
	Text      string    // in caller, called, flow or who answered
	From      time.Time // started at or after
	To        time.Time // started before
	Outcome   string    // talked, answered, missed, refused, failed
	Direction string    // inbound, internal
	After     call.ID   // the last call of the page before
	Limit     int       // 1–200
}

// CallPage is one page of the call history.
type CallPage struct {
	Calls []call.LedgerEntry
	Next  call.ID // After of the next page; empty at the end
}

// Role is one process of the installation, as it last reported itself.
type Role struct {
	Role    string // node, worker, web …
	ID      string
	PID     int
	Host    string
	Addr    string
	Version string
	Ready   bool           // said so, and was heard of in the last 4 s by the store's clock
	Detail  string         // why not ready, or what it does
	Figures map[string]int // what it holds now, by name
	Since   time.Time      // start of the process
	Seen    time.Time      // when it last reported
}

// FlowSummary is one line of the list of flows.
type FlowSummary struct {
	ID        string
	Name      string
	Published int // version in force; 0: none
}

// VersionSummary is one published version of a flow.
type VersionSummary struct {
	Version int
	Author  string
	Note    string
	At      time.Time
}
