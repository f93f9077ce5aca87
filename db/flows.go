package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"tandem/flow"
	"tandem/flow/directory"
)

// FlowInfo is one line of the list of flows.
type FlowInfo struct {
	ID            string
	Name          string
	DraftRevision int
	Published     int // version that new calls walk; 0: none
	Updated       time.Time
}

// FlowDraft is a flow as somebody edits it. No caller ever meets it.
type FlowDraft struct {
	Flow      flow.Flow
	Revision  int // counts the saves; the next save names it
	Published int // version that new calls walk; 0: none
}

// VersionInfo is one published version of a flow.
type VersionInfo struct {
	Version int
	Author  string
	Note    string
	At      time.Time
}

const everyFlow = `
	select id, name, draft_revision, coalesce(published, 0) as published, updated from flows order by name, id`

// Flows lists all flows by name.
func (s *Store) Flows(ctx context.Context) ([]FlowInfo, error) {
	out, err := all[FlowInfo](ctx, s.pool, everyFlow)
	if err != nil {
		return nil, fmt.Errorf("flows: %w", err)
	}
	for i := range out {
		out[i].Updated = out[i].Updated.UTC()
	}
	return out, nil
}

const oneDraft = `select draft, draft_revision as revision, coalesce(published, 0) as published from flows where id = $1`

// Flow reads the draft of a flow.
func (s *Store) Flow(ctx context.Context, id string) (FlowDraft, error) {
	return readDraft(ctx, s.pool, oneDraft, id)
}

func readDraft(ctx context.Context, q querier, sql, id string) (FlowDraft, error) {
	type row struct {
		Draft     []byte
		Revision  int
		Published int
	}
	r, err := one[row](ctx, q, sql, id)
	if err != nil {
		return FlowDraft{}, fmt.Errorf("flow %q: %w", id, err)
	}
	f, err := flow.Parse(r.Draft)
	if err != nil {
		return FlowDraft{}, fmt.Errorf("flow %q: %w", id, err)
	}
	return FlowDraft{f, r.Revision, r.Published}, nil
}

const newDraft = `insert into flows (id, name, draft) values ($1, $2, $3) on conflict (id) do nothing returning draft_revision`

const nextDraft = `
	update flows set name = $2, draft = $3, draft_revision = draft_revision + 1, updated = now()
	where id = $1 and draft_revision = $4 returning draft_revision`

// SaveDraft stores a flow's draft and returns its new revision. revision is
// the one that was edited, 0 for a new flow; when another save came first the
// draft stays as it is and the error wraps ErrStale.
func (s *Store) SaveDraft(ctx context.Context, f flow.Flow, revision int) (int, error) {
	next, err := saveDraft(ctx, s.pool, f, revision)
	if err != nil {
		return 0, fmt.Errorf("save flow %q: %w", f.ID, err)
	}
	return next, nil
}

func saveDraft(ctx context.Context, q querier, f flow.Flow, revision int) (int, error) {
	draft, err := json.Marshal(f)
	if err != nil {
		return 0, err
	}
	var next int
	if revision == 0 {
		next, err = scalar[int](ctx, q, newDraft, f.ID, f.Name, draft)
	} else {
		next, err = scalar[int](ctx, q, nextDraft, f.ID, f.Name, draft, revision)
	}
	if errors.Is(err, directory.ErrNotFound) {
		err = directory.ErrStale
	}
	return next, err
}

// ProblemsError refuses a publish and carries the errors of flow.Validate.
type ProblemsError struct{ Problems []flow.Problem }

// Error names the first problem and counts them.
func (e *ProblemsError) Error() string {
	first := e.Problems[0]
	if len(e.Problems) == 1 {
		return fmt.Sprintf("the flow has an error: module %q: %s", first.Module, first.Text)
	}
	return fmt.Sprintf("the flow has %d errors, first module %q: %s", len(e.Problems), first.Module, first.Text)
}

// lockDraft makes two publishes of one flow wait for each other.
const lockDraft = oneDraft + ` for update`

const newVersion = `
	insert into flow_versions (flow, version, content, author, note)
	select $1, coalesce(max(version), 0) + 1, $2, $3, $4 from flow_versions where flow = $1
	returning version`

const setPublished = `update flows set published = $2 where id = $1`

// Publish makes the draft of a flow the version that new calls walk, and
// returns its number. In one transaction it checks the draft, claims its
// numbers and internal numbers, and writes the immutable version. A draft with
// errors is refused with *ProblemsError, a number held by somebody else with
// *TakenError; the old version then stays in force.
func (s *Store) Publish(ctx context.Context, id, author, note string) (int, error) {
	var version int
	err := s.in(ctx, fmt.Sprintf("publish flow %q", id), func(tx pgx.Tx) (err error) {
		version, err = publish(ctx, tx, id, author, note)
		return err
	})
	return version, err
}

func publish(ctx context.Context, tx pgx.Tx, id, author, note string) (int, error) {
	draft, err := readDraft(ctx, tx, lockDraft, id)
	if err != nil {
		return 0, err
	}
	f := draft.Flow.Published()
	if err := check(ctx, tx, draft.Flow); err != nil {
		return 0, err
	}
	if err := claimEntries(ctx, tx, f); err != nil {
		return 0, err
	}
	content, err := json.Marshal(f)
	if err != nil {
		return 0, err
	}
	version, err := scalar[int](ctx, tx, newVersion, id, content, author, note)
	if err != nil {
		return 0, err
	}
	_, err = exec(ctx, tx, setPublished, id, version)
	return version, err
}

// Check reports what is wrong with a flow, references into the database
// included. Numbers held by somebody else are found by Publish.
func (s *Store) Check(ctx context.Context, f flow.Flow) ([]flow.Problem, error) {
	var failed error
	problems := flow.Validate(f, known(ctx, s.pool, &failed))
	if failed != nil {
		return nil, fmt.Errorf("check flow %q: %w", f.ID, failed)
	}
	return problems, nil
}

func check(ctx context.Context, q querier, f flow.Flow) error {
	var failed error
	problems := flow.Errors(flow.Validate(f, known(ctx, q, &failed)))
	switch {
	case failed != nil:
		return failed
	case len(problems) > 0:
		return &ProblemsError{problems}
	}
	return nil
}

// claimEntries replaces the claims of a flow by those of its entry modules. It
// claims in the order of the numbers, so that two flows that want the same ones
// wait for each other and do not block each other.
func claimEntries(ctx context.Context, tx pgx.Tx, f flow.Flow) error {
	for _, t := range []claimTable{numberClaims, internalClaims} {
		if err := t.release(ctx, tx, directory.Claimant{Flow: f.ID}); err != nil {
			return err
		}
		for _, e := range entriesOf(f, t.kind) {
			if err := t.claim(ctx, tx, directory.Claimant{Flow: f.ID, Module: e.module}, e.number); err != nil {
				return err
			}
		}
	}
	return nil
}

// entryPoint is a number and the module where its calls enter.
type entryPoint struct{ number, module string }

// entriesOf lists the numbers of one kind that a flow claims, sorted.
func entriesOf(f flow.Flow, kind flow.RefKind) []entryPoint {
	var out []entryPoint
	for _, m := range f.Modules {
		for _, ref := range m.Settings.Refs() {
			if ref.Kind == kind && flow.Catalog[m.Kind].Entry {
				out = append(out, entryPoint{ref.ID, m.ID})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b entryPoint) int { return strings.Compare(a.number, b.number) })
	return out
}

const clearPublished = `update flows set published = null where id = $1`

// Unpublish frees the numbers of a flow. Calls in progress finish.
func (s *Store) Unpublish(ctx context.Context, id string) error {
	return s.in(ctx, fmt.Sprintf("unpublish flow %q", id), func(tx pgx.Tx) error {
		n, err := exec(ctx, tx, clearPublished, id)
		if err == nil && n == 0 {
			err = directory.ErrNotFound
		}
		c := directory.Claimant{Flow: id}
		if err == nil {
			err = numberClaims.release(ctx, tx, c)
		}
		if err == nil {
			err = internalClaims.release(ctx, tx, c)
		}
		return err
	})
}

const someVersions = `select version, author, note, at from flow_versions where flow = $1 order by version desc`

// Versions lists the published versions of a flow, newest first.
func (s *Store) Versions(ctx context.Context, id string) ([]VersionInfo, error) {
	out, err := all[VersionInfo](ctx, s.pool, someVersions, id)
	if err != nil {
		return nil, fmt.Errorf("versions of flow %q: %w", id, err)
	}
	for i := range out {
		out[i].At = out[i].At.UTC()
	}
	return out, nil
}

const oneVersion = `select content from flow_versions where flow = $1 and version = $2`

// Version reads one published version of a flow.
func (s *Store) Version(ctx context.Context, id string, version int) (flow.Revision, error) {
	content, err := scalar[[]byte](ctx, s.pool, oneVersion, id, version)
	if err != nil {
		return flow.Revision{}, fmt.Errorf("flow %q version %d: %w", id, version, err)
	}
	r := flow.Revision{ID: id, Version: version}
	if err := json.Unmarshal(content, &r.Flow); err != nil {
		return flow.Revision{}, fmt.Errorf("flow %q version %d: %w", id, version, err)
	}
	return r, nil
}
