package ui

import (
	"context"
	"errors"
	"time"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/ui/forms"
)

// Errors a Store or Live answers with. Anything else is a fault: it is logged
// and shown as "something went wrong".
var (
	ErrNotFound      = errors.New("not found")
	ErrWrongPassword = errors.New("wrong e-mail or password")
)

// Store is what the panel reads and the sign-ins it keeps. Every method is
// safe for concurrent use and returns when its context ends.
type Store interface {
	// CheckPassword finds the login that owns e-mail and password, or
	// ErrWrongPassword. It works as long for an unknown e-mail (argon2id against
	// a decoy), so that time tells nobody which logins exist.
	CheckPassword(ctx context.Context, email, password string) (Login, error)
	// Failures counts failed sign-ins for an e-mail, known or not, since an
	// instant and since the last one that succeeded.
	Failures(ctx context.Context, email string, since time.Time) (int, error)
	// NoteSignIn keeps the outcome of one sign-in.
	NoteSignIn(ctx context.Context, try SignIn) error

	SaveSession(ctx context.Context, s Session) error
	// Session finds a session by the SHA-256 of its token, or ErrNotFound.
	Session(ctx context.Context, hash [32]byte) (Session, error)
	RemoveSession(ctx context.Context, hash [32]byte) error

	// Calls lists ended calls, newest first. Path, Legs and Attempts of its
	// entries may be empty.
	Calls(ctx context.Context, f CallFilter) (CallPage, error)
	Ledger(ctx context.Context, id call.ID) (call.LedgerEntry, error)
	Messages(ctx context.Context, id call.ID) ([]call.SIPMessage, error)

	// Roles lists the processes of the installation that ever beat, newest beat first.
	Roles(ctx context.Context) ([]Role, error)

	// Flows lists all flows by name, Versions newest first.
	Flows(ctx context.Context) ([]FlowSummary, error)
	FlowVersion(ctx context.Context, id string, version int) (FlowVersion, error)
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

// Login is a right to enter the panel.
type Login struct {
	ID    string
	Email string
	Role  string // owner, admin …; shown, and checked per route
}

// SignIn is one try to sign in.
type SignIn struct {
	Email  string // as normalised: trimmed, lower case
	Remote string // address it came from
	OK     bool
	At     time.Time
}

// Session is one signed-in browser or script. The token itself is known only
// to its holder.
type Session struct {
	TokenHash [32]byte
	Login     Login
	Created   time.Time
	Expires   time.Time
	Remote    string
	Agent     string // User-Agent, at most 200 bytes
}

// CallFilter narrows the call history. Zero fields do not narrow.
type CallFilter struct {
	Text      string    // in caller, called, flow or who answered
	From      time.Time // started at or after
	To        time.Time // started before
	Outcome   string    // talked, answered, missed, refused, failed
	Direction string    // inbound, internal
	Before    call.ID   // keyset: only calls that sort before this one
	Limit     int       // 1–200
}

// CallPage is one page of the call history.
type CallPage struct {
	Calls []call.LedgerEntry
	Next  call.ID // Before of the next page; empty at the end
}

// Role is one process of the installation, as it last reported itself.
type Role struct {
	Role    string // node, worker, web …
	ID      string
	PID     int
	Host    string
	Addr    string
	Version string
	Ready   bool
	Detail  string // why not ready, or what it does
	Started time.Time
	Beat    time.Time // when it last reported; older than 4 s is not ready
}

// FlowSummary is one line of the list of flows.
type FlowSummary struct {
	ID        string
	Name      string
	Published int      // version in force; 0: none
	Numbers   []string // numbers and internal numbers that lead into it
	Versions  []VersionSummary
}

// VersionSummary is one published version of a flow.
type VersionSummary struct {
	Version int
	Author  string
	Note    string
	At      time.Time
}

// FlowVersion is one published version with its graph.
type FlowVersion struct {
	VersionSummary
	Revision flow.Revision
	Current  bool // the version in force
}
