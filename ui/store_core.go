package ui

import (
	"context"
	"time"

	"tandem/flow/directory"
)

// AccessStore is who may enter and how they prove it.
type AccessStore interface {
	// SignIn finds the login that owns e-mail and password, or fails with
	// directory.ErrDenied or ErrLocked. It works as long for an unknown e-mail, so
	// that time tells nobody which logins exist. Where the login has a second
	// factor CheckTOTP must follow.
	SignIn(ctx context.Context, email, password string) (directory.Login, error)
	CheckTOTP(ctx context.Context, login, code string) error
	SetTOTP(ctx context.Context, login, issuer string) (address string, err error)
	ConfirmTOTP(ctx context.Context, login, code string) (recovery []string, err error)
	ClearTOTP(ctx context.Context, login string) error
	RecoveryCodes(ctx context.Context, login string) ([]string, error)
	SetPassword(ctx context.Context, email, password string) error

	// CreateSession opens a session for a login, by its ID, and gives the token.
	// The store keeps only a hash of it.
	CreateSession(ctx context.Context, login string, lasts time.Duration) (token string, err error)
	Session(ctx context.Context, token string) (directory.Session, error)
	Sessions(ctx context.Context, login string) ([]directory.Session, error)
	EndSession(ctx context.Context, token string) error
	EndSessionNamed(ctx context.Context, login, id string) error

	Login(ctx context.Context, email string) (directory.Login, error)
	LoginByID(ctx context.Context, id string) (directory.Login, error)
	Logins(ctx context.Context) ([]directory.Login, error)
	SaveLogin(ctx context.Context, l directory.Login) error
	Unlock(ctx context.Context, login string) error
	InviteLogin(ctx context.Context, l directory.Login) (token string, err error)
	Invited(ctx context.Context, token string) (directory.Login, error)
	AcceptInvite(ctx context.Context, token, password string) (directory.Login, error)

	Tokens(ctx context.Context) ([]directory.Token, error)
	CreateToken(ctx context.Context, t directory.Token) (secret string, err error)
	TokenOf(ctx context.Context, secret string) (directory.Token, error)

	// SharedSecret is a random secret that all processes of the panel share.
	SharedSecret(ctx context.Context, name string) ([]byte, error)
}

// OfficeStore is what the panel keeps for itself: settings, who changed what,
// what was removed of late, and what writes were answered.
type OfficeStore interface {
	Setting(ctx context.Context, key string, into any) error
	SaveSetting(ctx context.Context, key string, value any) error

	Audit(ctx context.Context, e directory.AuditEntry) error
	AuditLog(ctx context.Context, f directory.AuditFilter) (directory.AuditPage, error)

	// Remove takes a thing away and answers an id for Undo, or
	// *directory.InUseError.
	Remove(ctx context.Context, kind directory.Kind, id, by string) (undo string, err error)
	// Undo restores what Remove took, or takes a bulk edit back, for the one who did
	// that. It answers the kind and the id of what it was.
	Undo(ctx context.Context, undo, by string) (what string, err error)

	// Idempotent begins a write under a key: nil for the first, who then says
	// Answered; the first one's answer for who repeats it; directory.ErrBusy or
	// ErrReused.
	Idempotent(ctx context.Context, who, key string, request []byte) (*directory.Answer, error)
	Answered(ctx context.Context, who, key string, a directory.Answer) error
}
