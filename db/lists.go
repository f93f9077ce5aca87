package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"tandem/flow"
	"tandem/flow/directory"
)

const listColumns = `select l.id, l.name, (select count(*) from list_entries e where e.list = l.id)::int as entries from lists l`

// Lists lists all shared lists by name, with how much is on each.
func (s *Store) Lists(ctx context.Context) ([]directory.List, error) {
	out, err := all[directory.List](ctx, s.pool, listColumns+` order by lower(l.name), l.id`)
	if err != nil {
		return nil, fmt.Errorf("lists: %w", err)
	}
	return out, nil
}

// List reads one shared list.
func (s *Store) List(ctx context.Context, id string) (directory.List, error) {
	l, err := one[directory.List](ctx, s.pool, listColumns+` where l.id = $1`, id)
	if err != nil {
		return directory.List{}, fmt.Errorf("list %q: %w", id, err)
	}
	return l, nil
}

const upsertList = `insert into lists (id, name) values ($1, $2) on conflict (id) do update set name = excluded.name`

// SaveList stores the name of a shared list. A name of another is refused with
// ErrTaken.
func (s *Store) SaveList(ctx context.Context, l directory.List) error {
	if _, err := exec(ctx, s.pool, upsertList, l.ID, l.Name); err != nil {
		return fmt.Errorf("save list %q: %w", l.ID, err)
	}
	return nil
}

const (
	entriesThatMatch = `from list_entries where list = $1 and ($2 = '' or position(lower($2) in lower(entry || chr(10) || note)) > 0)`
	countEntries     = `select count(*)::int ` + entriesThatMatch
	someEntries      = `select entry, note, by, at ` + entriesThatMatch + ` order by %s limit nullif($3, 0) offset $4`
)

// ListEntries reads a page of a shared list, by entry or newest first.
func (s *Store) ListEntries(ctx context.Context, list string, f directory.EntryFilter) (page directory.EntryPage, err error) {
	order := map[bool]string{true: `at desc, entry collate "C"`, false: `entry collate "C"`}[f.NewestAtFirst]
	if page.Total, err = scalar[int](ctx, s.pool, countEntries, list, clean(f.Text)); err == nil {
		page.Entries, err = all[directory.ListEntry](ctx, s.pool, fmt.Sprintf(someEntries, order), list, clean(f.Text), f.Limit, f.Skip)
	}
	if err != nil {
		return page, fmt.Errorf("entries of list %q: %w", list, err)
	}
	for i := range page.Entries {
		page.Entries[i].At = page.Entries[i].At.UTC()
	}
	return page, nil
}

const lockList = `select name from lists where id = $1 for update`

const addEntries = `
	with added as (
		insert into list_entries (list, entry, note, by)
		select $1, e.entry, e.note, $4 from unnest($2::text[], $3::text[]) e (entry, note)
		on conflict (list, entry) do nothing returning entry)
	select coalesce(array_agg(entry), '{}') from added`

// AddToList puts entries on a shared list. It tells how many were not on it yet,
// and what Undo takes to take these off again. A wrong entry, or one too many, is
// refused with ErrInvalid, and then none is added.
func (s *Store) AddToList(ctx context.Context, list string, entries []directory.ListEntry, by string) (added int, undo string, err error) {
	texts, notes := make([]string, len(entries)), make([]string, len(entries))
	for i, e := range entries {
		if err := flow.CheckBlocked(e.Entry); err != nil {
			return 0, "", fmt.Errorf("add to list %q: %w: %w", list, directory.ErrInvalid, err)
		}
		texts[i], notes[i] = e.Entry, clean(e.Note)
	}
	err = s.in(ctx, fmt.Sprintf("add to list %q", list), func(tx pgx.Tx) error {
		if _, err := scalar[string](ctx, tx, lockList, list); err != nil {
			return err
		}
		fresh, err := scalar[[]string](ctx, tx, addEntries, list, texts, notes, by)
		if err != nil || len(fresh) == 0 {
			return err
		}
		total, err := scalar[int](ctx, tx, countEntries, list, "")
		if err == nil && total > directory.MaxListEntries {
			err = fmt.Errorf("%w: a list has at most %d entries", directory.ErrInvalid, directory.MaxListEntries)
		}
		if err != nil {
			return err
		}
		added = len(fresh)
		undo, err = bin(ctx, tx, kindListAddition, list, bulk{Added: fresh}, by)
		return err
	})
	return added, undo, err
}

const dropEntries = `
	with gone as (delete from list_entries where list = $1 and entry = any($2) returning *)
	select count(*)::int as removed, coalesce(jsonb_agg(to_jsonb(gone)), '[]') as rows from gone`

// RemoveFromList takes entries off a shared list; those that are not on it
// are no fault. It tells how many were, and what Undo takes to put them back.
func (s *Store) RemoveFromList(ctx context.Context, list string, entries []string, by string) (removed int, undo string, err error) {
	err = s.in(ctx, fmt.Sprintf("remove from list %q", list), func(tx pgx.Tx) error {
		gone, err := one[struct {
			Removed int
			Rows    json.RawMessage
		}](ctx, tx, dropEntries, list, listed(entries))
		if err != nil || gone.Removed == 0 {
			return err
		}
		removed = gone.Removed
		undo, err = bin(ctx, tx, kindListEntries, list, map[string]json.RawMessage{"list_entries": gone.Rows}, by)
		return err
	})
	return removed, undo, err
}

const listedEntry = `
	select l.id as list, l.name, e.entry from list_entries e join lists l on l.id = e.list
	where e.list = any($1) and e.entry = any($2)
	order by array_position($1, e.list), length(e.entry) desc, e.entry limit 1`

// Listed finds one of some entries on one of some shared lists: the first list
// and its longest entry. The zero Listed means that none is there.
func (s *Store) Listed(ctx context.Context, lists, entries []string) (flow.Listed, error) {
	clean := make([]string, 0, len(entries))
	for _, e := range entries {
		if !strings.ContainsRune(e, 0) {
			clean = append(clean, e)
		}
	}
	found, err := one[flow.Listed](ctx, s.pool, listedEntry, listed(lists), clean)
	switch {
	case errors.Is(err, directory.ErrNotFound):
		return flow.Listed{}, nil
	case err != nil:
		return flow.Listed{}, fmt.Errorf("look at shared lists: %w", err)
	}
	return found, nil
}
