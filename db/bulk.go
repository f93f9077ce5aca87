package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tandem/flow/directory"
)

// The bulk edits that Undo takes back. Nothing is removed by them, so they are
// no kinds of holdings.
const (
	kindUserImport   directory.Kind = "user-import"
	kindNumberImport directory.Kind = "number-import"
	kindListAddition directory.Kind = "list-addition" // its subject is the list
)

// bulk is what a bulk edit did: the ids of what it added, and the users whom it
// changed as they were before.
type bulk struct {
	Added  []string         `json:"added"`
	Before []directory.User `json:"before,omitempty"`
}

// NumbersAdded returns what Undo takes to remove numbers again that were added
// together.
func (s *Store) NumbersAdded(ctx context.Context, numbers []string, by string) (undo string, err error) {
	err = s.in(ctx, "note new numbers", func(tx pgx.Tx) error {
		undo, err = bin(ctx, tx, kindNumberImport, "", bulk{Added: numbers}, by)
		return err
	})
	return undo, err
}

// takeBack undoes a bulk edit. What somebody removed meanwhile is gone already;
// what is used meanwhile stays, and everything with it: *directory.InUseError.
func (s *Store) takeBack(ctx context.Context, tx pgx.Tx, t trashRow) error {
	var done bulk
	if err := json.Unmarshal(t.Content, &done); err != nil {
		return fmt.Errorf("%s: %w", t.Kind, err)
	}
	switch t.Kind {
	case kindListAddition:
		_, err := exec(ctx, tx, dropEntries, t.Subject, done.Added)
		return err
	case kindNumberImport:
		return s.removeAll(ctx, tx, directory.KindNumber, done.Added)
	default:
		if err := renameUsers(ctx, tx, done.Before); err != nil {
			return err
		}
		return s.removeAll(ctx, tx, directory.KindUser, done.Added)
	}
}

func (s *Store) removeAll(ctx context.Context, tx pgx.Tx, kind directory.Kind, ids []string) error {
	for _, id := range ids {
		if err := s.removable(ctx, tx, kind, id); err != nil {
			return err
		}
		if _, err := take(ctx, tx, holdings[kind], id); err != nil && !errors.Is(err, directory.ErrNotFound) {
			return err
		}
	}
	return nil
}

// renameUser leaves the schedule, of which a file of users says nothing.
const renameUser = `
	update users set first_name = $2, last_name = $3, email = $4, department = $5, job_title = $6 where id = $1`

func renameUsers(ctx context.Context, tx pgx.Tx, users []directory.User) error {
	var each []statement
	for _, u := range users {
		each = append(each, statement{renameUser, []any{u.ID, u.FirstName, u.LastName, u.Email, u.Department, u.JobTitle}})
	}
	return batch(ctx, tx, each...)
}
