package db

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"tandem/flow/directory"
)

const addSession = `insert into sessions (token_hash, login, expires) values ($1, $2, now() + $3::interval)`

const dropExpired = `delete from sessions where expires <= now() or seen <= now() - $1::interval`

// CreateSession opens a session for a login and returns its token, of which
// only the hash is stored: 128 random bits need no slow one.
func (s *Store) CreateSession(ctx context.Context, login string, lasts time.Duration) (token string, err error) {
	token = rand.Text()
	if _, err := exec(ctx, s.pool, addSession, tokenHash(token), login, lasts); err != nil {
		return "", fmt.Errorf("create session: %w", err)
	}
	if _, err := exec(ctx, s.pool, dropExpired, idleTime); err != nil {
		return "", fmt.Errorf("create session: %w", err)
	}
	return token, nil
}

func tokenHash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

const oneSession = `
	select ` + loginColumns + `, s.token_hash, s.created as began, s.seen, s.expires
	from sessions s join logins l on l.id = s.login
	where s.token_hash = $1 and s.expires > now() and s.seen > now() - $2::interval`

// sawSession writes no more than once a minute.
const sawSession = `update sessions set seen = now() where token_hash = $1 and seen < now() - interval '1 minute'`

// sawLogin writes no more than once a minute.
const sawLogin = `
	update logins set last_seen = now() where id = $1 and (last_seen is null or last_seen < now() - interval '1 minute')`

// idleTime is how long a session lasts that nobody uses: longer than a meeting,
// shorter than a night.
const idleTime = 4 * time.Hour

// Session reads the running session of a token, or ErrNotFound, and notes that
// it is used and its login was seen.
func (s *Store) Session(ctx context.Context, token string) (directory.Session, error) {
	r, err := one[sessionRow](ctx, s.pool, oneSession, tokenHash(token), idleTime)
	if err == nil && time.Since(r.Seen) > time.Minute {
		_, err = exec(ctx, s.pool, sawSession, tokenHash(token))
	}
	if err == nil && time.Since(moment(r.LastSeen)) > time.Minute {
		_, err = exec(ctx, s.pool, sawLogin, r.ID)
	}
	if err != nil {
		return directory.Session{}, fmt.Errorf("session: %w", err)
	}
	return r.session(), nil
}

type sessionRow struct {
	loginRow
	TokenHash            []byte
	Began, Seen, Expires time.Time
}

func (r sessionRow) session() directory.Session {
	return directory.Session{ID: hex.EncodeToString(r.TokenHash[:8]), Login: r.login(), Created: r.Began.UTC(), Expires: r.Expires.UTC()}
}

const sessionsOf = `
	select ` + loginColumns + `, s.token_hash, s.created as began, s.seen, s.expires
	from sessions s join logins l on l.id = s.login
	where s.login = $1 and s.expires > now() and s.seen > now() - $2::interval order by s.created desc`

// Sessions lists the running sessions of a login, newest first.
func (s *Store) Sessions(ctx context.Context, login string) ([]directory.Session, error) {
	rows, err := all[sessionRow](ctx, s.pool, sessionsOf, login, idleTime)
	if err != nil {
		return nil, fmt.Errorf("sessions: %w", err)
	}
	out := make([]directory.Session, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.session())
	}
	return out, nil
}

const endSession = `delete from sessions where token_hash = $1`

// EndSession signs a browser out; an unknown token is no error.
func (s *Store) EndSession(ctx context.Context, token string) error {
	if _, err := exec(ctx, s.pool, endSession, tokenHash(token)); err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	return nil
}

const endSessions = `delete from sessions where login = $1`

// EndSessions signs a login out everywhere.
func (s *Store) EndSessions(ctx context.Context, login string) error {
	if _, err := exec(ctx, s.pool, endSessions, login); err != nil {
		return fmt.Errorf("end sessions: %w", err)
	}
	return nil
}
