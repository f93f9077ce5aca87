package db

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"tandem/flow"
	"tandem/flow/directory"
)

// lockDraft makes two publishes of one flow wait for each other, and a save
// wait for a publish.
const lockDraft = oneDraft + ` for update`

// Publish makes a revision of a flow's draft the version that new calls walk,
// and tells what it did. In one transaction it checks the draft, claims its
// numbers and internal numbers, takes those that are to move from who holds
// them, and writes the immutable version; the draft then wishes no move any
// more. A flow that loses a number gets no more calls by it. A draft with
// errors is refused with *directory.ProblemsError, a number that somebody takes
// in the same moment with *directory.TakenError, a revision that somebody has saved over
// with ErrStale; the old version then stays in force.
func (s *Store) Publish(ctx context.Context, id string, revision int, author, note string) (done directory.Publication, err error) {
	err = s.in(ctx, fmt.Sprintf("publish flow %q", id), func(tx pgx.Tx) error {
		draft, err := readDraft(ctx, tx, lockDraft, id)
		if err == nil && draft.Revision != revision {
			err = directory.ErrStale
		}
		if err != nil {
			return err
		}
		if !draft.Flow.Moving() {
			done, err = publish(ctx, tx, draft.Flow, &revision, author, note)
			return err
		}
		if _, err := exec(ctx, tx, lockClaims); err != nil {
			return err
		}
		next, err := saveDraft(ctx, tx, draft.Flow.Settled(), revision, author)
		if err == nil {
			done, err = publish(ctx, tx, draft.Flow, &next, author, note)
		}
		return err
	})
	return done, err
}

// PublishVersion publishes what an old version holds as a new one, through the
// same checks. The draft stays as it is.
func (s *Store) PublishVersion(ctx context.Context, id string, old int, author, note string) (version int, err error) {
	err = s.in(ctx, fmt.Sprintf("publish flow %q version %d", id, old), func(tx pgx.Tx) error {
		if _, err := readDraft(ctx, tx, lockDraft, id); err != nil {
			return err
		}
		r, err := readVersion(ctx, tx, id, old)
		if err != nil {
			return err
		}
		done, err := publish(ctx, tx, r.Flow.Settled(), nil, author, note)
		version = done.Version
		return err
	})
	return version, err
}

const newVersion = `
	insert into flow_versions (flow, version, content, author, note)
	select $1, coalesce(max(version), 0) + 1, $2, $3, $4 from flow_versions where flow = $1
	returning version`

const setPublished = `update flows set published = $2, published_revision = $3 where id = $1`

// publish works on a flow whose row is locked. revision is that of the draft
// it was made of, nil for none.
func publish(ctx context.Context, tx pgx.Tx, f flow.Flow, revision *int, author, note string) (done directory.Publication, err error) {
	if _, err := exec(ctx, tx, shareReferences); err != nil {
		return done, err
	}
	known, err := readKnown(ctx, tx, f.ID)
	if err != nil {
		return done, err
	}
	if errs := flow.Errors(flow.Validate(f, known)); len(errs) > 0 {
		return done, &directory.ProblemsError{Problems: errs}
	}
	if done.Moved, err = claimEntries(ctx, tx, f, known); err != nil {
		return done, err
	}
	content, err := json.Marshal(f.Published())
	if err != nil {
		return done, err
	}
	if done.Version, err = scalar[int](ctx, tx, newVersion, f.ID, content, author, note); err != nil {
		return done, err
	}
	_, err = exec(ctx, tx, setPublished, f.ID, done.Version, revision)
	return done, err
}

// claimEntries replaces the claims of a flow by those of its modules, and
// tells which it took from others; numbers that are bound to it stay. It claims
// in the order of the numbers, so that two flows that want the same ones wait
// for each other and do not block each other.
func claimEntries(ctx context.Context, tx pgx.Tx, f flow.Flow, known *snapshot) (moved []directory.Moved, err error) {
	for _, t := range flowClaims {
		if err := releasePublished(ctx, tx, t, f); err != nil {
			return nil, err
		}
		for _, e := range entriesOf(f, t.kind) {
			me := directory.Claimant{Flow: f.ID, FlowName: f.Name, Module: e.module}
			if from, taken := known.claims[flow.Ref{Kind: t.kind, ID: e.number}]; taken && e.moves {
				if _, err := exec(ctx, tx, t.take, e.number); err != nil {
					return nil, err
				}
				moved = append(moved, directory.Moved{Kind: directory.Kind(t.kind), ID: e.number, From: from, To: me})
			}
			if err := t.claim(ctx, tx, me, e.number); err != nil {
				return nil, err
			}
		}
	}
	return moved, nil
}

// entryPoint is a number, the module where its calls enter, and whether that
// takes it from somebody else.
type entryPoint struct {
	number, module string
	moves          bool
}

// entriesOf lists the numbers of one kind that a flow claims, sorted.
func entriesOf(f flow.Flow, kind flow.RefKind) []entryPoint {
	var out []entryPoint
	for _, m := range f.Modules {
		if m.Shelved {
			continue
		}
		for _, ref := range m.Settings.Refs() {
			if ref.Kind == kind && m.Claims(ref) {
				out = append(out, entryPoint{ref.ID, m.ID, m.Moves()})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b entryPoint) int { return strings.Compare(a.number, b.number) })
	return out
}

const clearPublished = `update flows set published = null, published_revision = null where id = $1 and removed is null`

// Unpublish frees the numbers of a flow. Calls in progress finish.
func (s *Store) Unpublish(ctx context.Context, id string) error {
	return s.in(ctx, fmt.Sprintf("unpublish flow %q", id), func(tx pgx.Tx) error { return unpublish(ctx, tx, id) })
}

func unpublish(ctx context.Context, tx pgx.Tx, id string) error {
	err := touch(exec(ctx, tx, clearPublished, id))
	for _, t := range flowClaims {
		if err == nil {
			err = t.release(ctx, tx, directory.Claimant{Flow: id})
		}
	}
	return err
}

const someVersions = `
	select v.version, v.author, v.note, v.at, v.version is not distinct from f.published as current
	from flow_versions v join flows f on f.id = v.flow
	where v.flow = $1 order by v.version desc`

// Versions lists the published versions of a flow, newest first.
func (s *Store) Versions(ctx context.Context, id string) ([]directory.Version, error) {
	out, err := all[directory.Version](ctx, s.pool, someVersions, id)
	if err != nil {
		return nil, fmt.Errorf("versions of flow %q: %w", id, err)
	}
	for i := range out {
		out[i].At = out[i].At.UTC()
	}
	return out, nil
}

const oneVersion = `select content from flow_versions where flow = $1 and version = $2`

// Version reads one published version of a flow, also of one that is removed:
// calls of it are still looked at.
func (s *Store) Version(ctx context.Context, id string, version int) (flow.Revision, error) {
	r, err := readVersion(ctx, s.pool, id, version)
	if err != nil {
		return flow.Revision{}, fmt.Errorf("flow %q version %d: %w", id, version, err)
	}
	return r, nil
}

func readVersion(ctx context.Context, q querier, id string, version int) (flow.Revision, error) {
	content, err := scalar[[]byte](ctx, q, oneVersion, id, version)
	if err != nil {
		return flow.Revision{}, err
	}
	r := flow.Revision{ID: id, Version: version}
	return r, json.Unmarshal(content, &r.Flow)
}
