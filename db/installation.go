package db

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tandem/flow"
	"tandem/flow/directory"
)

// Installation is a set of things that belong together: loaded whole or not
// at all.
type Installation struct {
	Trunks         []directory.Trunk
	Numbers        []directory.Number
	Audio          []directory.AudioFile
	ContactMethods []directory.ContactMethod
	Flows          []flow.Flow // published as they are loaded
}

// Load stores an installation in one transaction. What exists under the same
// ids is replaced; a flow that is already published with this content gets no
// new version, so loading twice changes nothing.
func (s *Store) Load(ctx context.Context, in Installation, author string) error {
	return s.in(ctx, "load installation", func(tx pgx.Tx) error { return s.load(ctx, tx, in, author) })
}

func (s *Store) load(ctx context.Context, tx pgx.Tx, in Installation, author string) error {
	for _, t := range in.Trunks {
		if err := s.saveTrunk(ctx, tx, t); err != nil {
			return fmt.Errorf("trunk %q: %w", t.ID, err)
		}
	}
	for _, n := range in.Numbers {
		if err := saveNumber(ctx, tx, n); err != nil {
			return fmt.Errorf("number %s: %w", n.E164, err)
		}
	}
	for _, a := range in.Audio {
		if _, err := addAudio(ctx, tx, a); err != nil {
			return fmt.Errorf("audio %q: %w", a.ID, err)
		}
	}
	for _, m := range in.ContactMethods {
		if err := s.saveContact(ctx, tx, m); err != nil {
			return fmt.Errorf("contact method %q: %w", m.ID, err)
		}
	}
	for _, f := range in.Flows {
		if err := loadFlow(ctx, tx, f, author); err != nil {
			return fmt.Errorf("flow %q: %w", f.Name, err)
		}
	}
	return nil
}

const publishedAlready = `
	select exists (select from flows f join flow_versions v on v.flow = f.id and v.version = f.published
	               where f.id = $1 and v.content = f.draft)`

// sameAsPublished is what a load that changes nothing leaves.
const sameAsPublished = `update flows set published_revision = draft_revision where id = $1`

func loadFlow(ctx context.Context, tx pgx.Tx, f flow.Flow, author string) error {
	draft, err := readDraft(ctx, tx, lockDraft, f.ID)
	if err != nil && !errors.Is(err, directory.ErrNotFound) {
		return err
	}
	revision, err := saveDraft(ctx, tx, f, draft.Revision, author)
	if err != nil {
		return err
	}
	same, err := scalar[bool](ctx, tx, publishedAlready, f.ID)
	if err == nil && same {
		_, err = exec(ctx, tx, sameAsPublished, f.ID)
	}
	if err != nil || same {
		return err
	}
	_, err = publish(ctx, tx, f, &revision, author, "loaded")
	return err
}

// Nothing that a person would miss exists.
const isEmpty = `
	select not exists (select from flows) and not exists (select from contact_methods)
	   and not exists (select from numbers) and not exists (select from trunks)`

// sampleLock makes processes that start together load the sample once.
const sampleLock = `select pg_advisory_xact_lock(hashtext('tandem sample'))`

// LoadSample loads an installation into a database that holds none, and tells
// whether it did.
func (s *Store) LoadSample(ctx context.Context, in Installation) (loaded bool, err error) {
	err = s.in(ctx, "load sample installation", func(tx pgx.Tx) error {
		if _, err := exec(ctx, tx, sampleLock); err != nil {
			return err
		}
		empty, err := scalar[bool](ctx, tx, isEmpty)
		if err != nil || !empty {
			return err
		}
		loaded = true
		return s.load(ctx, tx, in, "sample")
	})
	return loaded && err == nil, err
}
