package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"tandem/flow"
	"tandem/flow/directory"
)

// A flow that is removed is there for its versions alone.
const draftColumns = `
	select draft, draft_revision as revision, coalesce(published, 0) as published,
	       published is null or draft_revision is distinct from published_revision as newer,
	       publish_on_save, updated, updated_by
	from flows where removed is null`

const oneDraft = draftColumns + ` and id = $1`

// Draft reads the draft of a flow.
func (s *Store) Draft(ctx context.Context, id string) (directory.Draft, error) {
	d, err := readDraft(ctx, s.pool, oneDraft, id)
	if err != nil {
		return directory.Draft{}, fmt.Errorf("flow %q: %w", id, err)
	}
	return d, nil
}

// DraftAt reads the draft of a flow as one revision left it; when it was saved
// again since, the error wraps ErrStale.
func (s *Store) DraftAt(ctx context.Context, id string, revision int) (directory.Draft, error) {
	d, err := s.Draft(ctx, id)
	if err == nil && d.Revision != revision {
		return directory.Draft{}, fmt.Errorf("flow %q: %w", id, directory.ErrStale)
	}
	return d, err
}

func readDraft(ctx context.Context, q querier, sql, id string) (directory.Draft, error) {
	type row struct {
		Draft         []byte
		Revision      int
		Published     int
		Newer         bool
		PublishOnSave bool
		Updated       time.Time
		UpdatedBy     string
	}
	r, err := one[row](ctx, q, sql, id)
	if err != nil {
		return directory.Draft{}, err
	}
	f, err := flow.Parse(r.Draft)
	if err != nil {
		return directory.Draft{}, err
	}
	return directory.Draft{Flow: f, Revision: r.Revision, Published: r.Published, Newer: r.Newer, PublishOnSave: r.PublishOnSave,
		Updated: r.Updated.UTC(), UpdatedBy: r.UpdatedBy}, nil
}

const newDraft = `
	insert into flows (id, name, draft, updated_by) values ($1, $2, $3, $4) on conflict (id) do nothing returning draft_revision`

const nextDraft = `
	update flows set name = $2, draft = $3, draft_revision = draft_revision + 1, updated = now(), updated_by = $4
	where id = $1 and draft_revision = $5 and removed is null returning draft_revision`

// CreateFlow stores a new flow as a draft; an id that exists is refused with
// ErrTaken.
func (s *Store) CreateFlow(ctx context.Context, f flow.Flow, by string) error {
	_, err := saveDraft(ctx, s.pool, f, 0, by)
	if errors.Is(err, directory.ErrStale) {
		err = directory.ErrTaken
	}
	if err != nil {
		return fmt.Errorf("create flow %q: %w", f.Name, err)
	}
	return nil
}

// SaveDraft stores a flow's draft and returns its new revision. revision is
// the one that was edited, 0 for a new flow; when another save came first the
// draft stays as it is and the error wraps ErrStale. One that lacks the start of
// what is published is refused with ErrInvalid.
func (s *Store) SaveDraft(ctx context.Context, f flow.Flow, revision int, by string) (int, error) {
	err := keepsStart(ctx, s.pool, f)
	var next int
	if err == nil {
		next, err = saveDraft(ctx, s.pool, f, revision, by)
	}
	if err != nil {
		return 0, fmt.Errorf("save flow %q: %w", f.ID, err)
	}
	return next, nil
}

func saveDraft(ctx context.Context, q querier, f flow.Flow, revision int, by string) (int, error) {
	draft, err := json.Marshal(f)
	if err != nil {
		return 0, err
	}
	var next int
	if revision == 0 {
		next, err = scalar[int](ctx, q, newDraft, f.ID, f.Name, draft, by)
	} else {
		next, err = scalar[int](ctx, q, nextDraft, f.ID, f.Name, draft, by, revision)
	}
	if errors.Is(err, directory.ErrNotFound) {
		err = directory.ErrStale
	}
	return next, err
}

const setPublishOnSave = `update flows set publish_on_save = $2 where id = $1 and removed is null`

// SetPublishOnSave says whether a flow is published at every save.
func (s *Store) SetPublishOnSave(ctx context.Context, id string, on bool) error {
	if err := touch(exec(ctx, s.pool, setPublishOnSave, id, on)); err != nil {
		return fmt.Errorf("flow %q: %w", id, err)
	}
	return nil
}

// longestName of a flow, as the schema has it.
const longestName = 60

// CopyFlow stores a copy of a flow's draft under a new id and name. Its numbers
// and internal numbers are left blank: they stay with the first.
func (s *Store) CopyFlow(ctx context.Context, id, newID, by string) error {
	d, err := s.Draft(ctx, id)
	if err != nil {
		return fmt.Errorf("copy: %w", err)
	}
	f := d.Flow
	f.ID = newID
	name := []rune("Copy of " + f.Name)
	f.Name = string(name[:min(len(name), longestName)])
	for _, m := range f.Modules {
		switch entry := m.Settings.(type) {
		case *flow.PhoneNumber:
			entry.Number, entry.Move = "", false
		case *flow.InternalNumber:
			entry.InternalNumber, entry.Move = "", false
		}
	}
	return s.CreateFlow(ctx, f, by)
}
