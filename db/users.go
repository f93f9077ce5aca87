package db

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"tandem/flow/directory"
)

const everyUser = `
	select id, first_name, last_name, email, department, job_title, coalesce(schedule, '') as schedule
	from users order by last_name, first_name, id`

// Users lists all users by name.
func (s *Store) Users(ctx context.Context) ([]directory.User, error) {
	out, err := all[directory.User](ctx, s.pool, everyUser)
	if err != nil {
		return nil, fmt.Errorf("users: %w", err)
	}
	return out, nil
}

const oneUser = `
	select id, first_name, last_name, email, department, job_title, coalesce(schedule, '') as schedule from users where id = $1`

// User reads one user.
func (s *Store) User(ctx context.Context, id string) (directory.User, error) {
	u, err := one[directory.User](ctx, s.pool, oneUser, id)
	if err != nil {
		return directory.User{}, fmt.Errorf("user %q: %w", id, err)
	}
	return u, nil
}

const upsertUser = `
	insert into users (id, first_name, last_name, email, department, job_title, schedule)
	values ($1, $2, $3, $4, $5, $6, nullif($7, ''))
	on conflict (id) do update set first_name = excluded.first_name, last_name = excluded.last_name, email = excluded.email,
		department = excluded.department, job_title = excluded.job_title, schedule = excluded.schedule`

// SaveUser stores a user.
func (s *Store) SaveUser(ctx context.Context, u directory.User) error {
	_, err := exec(ctx, s.pool, upsertUser, u.ID, u.FirstName, u.LastName, u.Email, u.Department, u.JobTitle, u.Schedule)
	if err != nil {
		return fmt.Errorf("save user %q: %w", u.ID, err)
	}
	return nil
}

const lockUsers = `
	select id, first_name, last_name, email, department, job_title, coalesce(schedule, '') as schedule
	from users where id = any($1) for update`

// ImportUsers stores all of them or none, and returns what Undo takes to remove
// those who are new and to give the others back what they were called.
func (s *Store) ImportUsers(ctx context.Context, users []directory.User, by string) (undo string, err error) {
	err = s.in(ctx, "import users", func(tx pgx.Tx) error {
		var ids []string
		var each []statement
		for _, u := range users {
			ids = append(ids, u.ID)
			each = append(each, statement{upsertUser, []any{u.ID, u.FirstName, u.LastName, u.Email, u.Department, u.JobTitle, u.Schedule}})
		}
		before, err := all[directory.User](ctx, tx, lockUsers, ids)
		if err != nil {
			return err
		}
		here := map[string]bool{}
		for _, u := range before {
			here[u.ID] = true
		}
		added := slices.DeleteFunc(ids, func(id string) bool { return here[id] })
		if err := batch(ctx, tx, each...); err != nil {
			return err
		}
		undo, err = bin(ctx, tx, kindUserImport, "", bulk{Added: added, Before: before}, by)
		return err
	})
	return undo, err
}
