package ui

import (
	"context"
	"errors"
	"time"

	"tandem/flow/call"
	"tandem/flow/directory"
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

	CallStore

	// Roles lists the processes of the installation seen of late.
	Roles(ctx context.Context) ([]Role, error)

	FlowStore
}

// Live is what the panel knows about running calls.
type Live interface {
	// Live describes one running call, or ErrNotFound.
	Live(ctx context.Context, id call.ID) (call.LedgerEntry, error)
	LiveCalls
}

// Session is one signed-in browser or script.
type Session struct {
	Login   directory.Login
	Expires time.Time
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
