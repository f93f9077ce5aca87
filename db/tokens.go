package db

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"tandem/flow/directory"
)

// tokenPrefix lets scanners of leaked secrets, and people, tell what it is.
const tokenPrefix = "tandem_"

const tokenColumns = `select id, name, role, flows, expires, last_used, created, by from tokens`

type tokenRow struct {
	ID, Name          string
	Role              directory.Role
	Flows             []string
	Expires, LastUsed *time.Time
	Created           time.Time
	By                string
}

func (r tokenRow) token() directory.Token {
	return directory.Token{ID: r.ID, Name: r.Name, Role: r.Role, Flows: r.Flows, Expires: moment(r.Expires),
		LastUsed: moment(r.LastUsed), Created: r.Created.UTC(), By: r.By}
}

const everyToken = tokenColumns + ` order by name, id`

// Tokens lists all keys to the API by name.
func (s *Store) Tokens(ctx context.Context) ([]directory.Token, error) {
	rows, err := all[tokenRow](ctx, s.pool, everyToken)
	if err != nil {
		return nil, fmt.Errorf("tokens: %w", err)
	}
	out := make([]directory.Token, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.token())
	}
	return out, nil
}

const addToken = `insert into tokens (id, hash, name, role, flows, expires, by) values ($1, $2, $3, $4, $5, $6, $7)`

// CreateToken makes a key to the API and returns its secret, of which only the
// hash is stored. Without an id the token gets one.
func (s *Store) CreateToken(ctx context.Context, t directory.Token) (secret string, err error) {
	secret = tokenPrefix + rand.Text()
	id := orDefault(t.ID, strings.ToLower(rand.Text()))
	_, err = exec(ctx, s.pool, addToken, id, tokenHash(secret), t.Name, t.Role, listed(t.Flows), stamp(t.Expires), t.By)
	if err != nil {
		return "", fmt.Errorf("create token %q: %w", t.Name, err)
	}
	return secret, nil
}

const oneToken = tokenColumns + ` where hash = $1 and (expires is null or expires > now())`

// usedToken writes no more than once a minute.
const usedToken = `
	update tokens set last_used = now() where id = $1 and (last_used is null or last_used < now() - interval '1 minute')`

// TokenOf reads the token of a secret, or ErrNotFound, and notes that it was
// used.
func (s *Store) TokenOf(ctx context.Context, secret string) (directory.Token, error) {
	r, err := one[tokenRow](ctx, s.pool, oneToken, tokenHash(secret))
	if err == nil && time.Since(moment(r.LastUsed)) > time.Minute {
		_, err = exec(ctx, s.pool, usedToken, r.ID)
	}
	if err != nil {
		return directory.Token{}, fmt.Errorf("token: %w", err)
	}
	return r.token(), nil
}
