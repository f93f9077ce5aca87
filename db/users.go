package db

import (
	"context"
	"fmt"
)

// User is a person in the directory. A user needs no login.
type User struct {
	ID        string
	FirstName string
	LastName  string // 1–60 characters
	Email     string
}

const everyUser = `select id, first_name, last_name, email from users order by last_name, first_name, id`

// Users lists all users by name.
func (s *Store) Users(ctx context.Context) ([]User, error) {
	out, err := all[User](ctx, s.pool, everyUser)
	if err != nil {
		return nil, fmt.Errorf("users: %w", err)
	}
	return out, nil
}

const upsertUser = `
	insert into users (id, first_name, last_name, email) values ($1, $2, $3, $4)
	on conflict (id) do update set first_name = excluded.first_name, last_name = excluded.last_name, email = excluded.email`

// SaveUser stores a user.
func (s *Store) SaveUser(ctx context.Context, u User) error {
	if _, err := exec(ctx, s.pool, upsertUser, u.ID, u.FirstName, u.LastName, u.Email); err != nil {
		return fmt.Errorf("save user %q: %w", u.ID, err)
	}
	return nil
}

const removeUser = `delete from users where id = $1`

// RemoveUser removes a user who owns no contact method; otherwise the error
// wraps ErrLinked.
func (s *Store) RemoveUser(ctx context.Context, id string) error {
	n, err := exec(ctx, s.pool, removeUser, id)
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("remove user %q: %w", id, err)
	}
	return nil
}
