package db

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"time"
)

// Session is one signed-in browser.
type Session struct {
	Login   Login
	CSRF    string // to be sent back with every form
	Created time.Time
	Expires time.Time
}

const addSession = `insert into sessions (token_hash, login, csrf, expires) values ($1, $2, $3, now() + $4::interval)`

const dropExpired = `delete from sessions where expires <= now()`

// CreateSession opens a session for a login and returns its token, of which
// only the hash is stored: 128 random bits need no slow one.
func (s *Store) CreateSession(ctx context.Context, login string, lasts time.Duration) (token string, err error) {
	token = rand.Text()
	if _, err := exec(ctx, s.pool, addSession, tokenHash(token), login, rand.Text(), lasts); err != nil {
		return "", fmt.Errorf("create session: %w", err)
	}
	if _, err := exec(ctx, s.pool, dropExpired); err != nil {
		return "", fmt.Errorf("create session: %w", err)
	}
	return token, nil
}

func tokenHash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

const oneSession = `
	select l.id, l.email, l.role, l.failed, l.locked_until, l.created, s.csrf, s.created as began, s.expires
	from sessions s join logins l on l.id = s.login
	where s.token_hash = $1 and s.expires > now()`

// Session reads the running session of a token, or ErrNotFound.
func (s *Store) Session(ctx context.Context, token string) (Session, error) {
	type row struct {
		ID, Email, Role string
		Failed          int
		LockedUntil     *time.Time
		Created         time.Time
		CSRF            string
		Began, Expires  time.Time
	}
	r, err := one[row](ctx, s.pool, oneSession, tokenHash(token))
	if err != nil {
		return Session{}, fmt.Errorf("session: %w", err)
	}
	login := Login{r.ID, r.Email, r.Role, r.Failed, moment(r.LockedUntil), r.Created.UTC()}
	return Session{login, r.CSRF, r.Began.UTC(), r.Expires.UTC()}, nil
}

const endSession = `delete from sessions where token_hash = $1`

// EndSession signs a browser out; an unknown token is no error.
func (s *Store) EndSession(ctx context.Context, token string) error {
	if _, err := exec(ctx, s.pool, endSession, tokenHash(token)); err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	return nil
}
