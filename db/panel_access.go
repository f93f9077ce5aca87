package db

import (
	"context"
	"fmt"
)

const endSessionNamed = `delete from sessions where login = $1 and encode(substring(token_hash from 1 for 8), 'hex') = $2`

// EndSessionNamed ends one session of a login by the id that Sessions gives, or
// fails with ErrNotFound.
func (s *Store) EndSessionNamed(ctx context.Context, login, id string) error {
	if err := touch(exec(ctx, s.pool, endSessionNamed, login, id)); err != nil {
		return fmt.Errorf("end session %q: %w", id, err)
	}
	return nil
}

// Unlock forgets the wrong passwords of a login.
func (s *Store) Unlock(ctx context.Context, login string) error {
	if err := touch(exec(ctx, s.pool, clearTries, login)); err != nil {
		return fmt.Errorf("unlock login %q: %w", login, err)
	}
	return nil
}
