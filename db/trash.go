package db

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"tandem/flow/directory"
)

// trashTime is how long a removal can be taken back.
const trashTime = 24 * time.Hour

// holding is a table with rows of a thing, found by the column key.
type holding struct {
	table, key string
	claims     *claimTable // set: its rows come back by claiming again
}

// kindListEntries is what RemoveFromList takes. It has no key: nothing else
// removes it.
const kindListEntries directory.Kind = "list-entries"

// holdings are the tables of each kind, the thing itself first. What hangs on
// it there goes and comes back with it. A flow stays where it is, marked.
var holdings = map[directory.Kind][]holding{
	directory.KindNumber: {{table: "numbers", key: "e164"}, {table: "number_trunks", key: "number"}},
	directory.KindContactMethod: {{table: "contact_methods", key: "id"}, {table: "bindings", key: "contact_method"},
		{table: "number_claims", key: "contact_method", claims: &numberClaims},
		{table: "internal_numbers", key: "contact_method", claims: &internalClaims}},
	directory.KindTrunk:    {{table: "trunks", key: "id"}, {table: "trunk_networks", key: "trunk"}},
	directory.KindUser:     {{table: "users", key: "id"}},
	directory.KindLogin:    {{table: "logins", key: "id"}, {table: "recovery_codes", key: "login"}, {table: "invitations", key: "login"}},
	directory.KindAudio:    {{table: "audio_files", key: "id"}},
	directory.KindPlaylist: {{table: "playlists", key: "id"}, {table: "playlist_files", key: "playlist"}},
	directory.KindSchedule: {{table: "schedules", key: "id"}},
	directory.KindToken:    {{table: "tokens", key: "id"}},
	directory.KindList:     {{table: "lists", key: "id"}, {table: "list_entries", key: "list"}},
	directory.KindCallNote: {{table: "call_notes", key: "id"}},
	kindListEntries:        {{table: "list_entries"}},
	directory.KindFlow:     {},
}

// lockReferences keeps a thing from being removed while a publish that names
// it is under way: many publishes share it, a removal has it alone.
const (
	shareReferences = `select pg_advisory_xact_lock_shared(hashtext('tandem references'))`
	lockReferences  = `select pg_advisory_xact_lock(hashtext('tandem references'))`
)

const addTrash = `insert into trash (id, kind, subject, content, by) values ($1, $2, $3, $4, $5)`

const dropTrash = `delete from trash where at < now() - $1::interval`

// Remove removes a thing that nothing uses and returns what Undo takes to
// restore it within a day, with all that hung on it. In use, it is refused with
// *directory.InUseError, which lists every use; the last owner with ErrLast. A
// flow is unpublished; its versions stay readable for the calls that name them.
func (s *Store) Remove(ctx context.Context, kind directory.Kind, id, by string) (undo string, err error) {
	err = s.in(ctx, fmt.Sprintf("remove %s %q", kind, id), func(tx pgx.Tx) error {
		tables, ok := holdings[kind]
		if !ok || kind == kindListEntries {
			return fmt.Errorf("%w: there is no kind %q", directory.ErrInvalid, kind)
		}
		if err := s.removable(ctx, tx, kind, id); err != nil {
			return err
		}
		content, err := take(ctx, tx, tables, id)
		if kind == directory.KindFlow {
			content, err = takeFlow(ctx, tx, id)
		}
		if err != nil {
			return err
		}
		undo, err = bin(ctx, tx, kind, id, content, by)
		return err
	})
	if err != nil {
		return "", err
	}
	return undo, nil
}

// bin keeps what Undo needs, and forgets what is too old for it.
func bin(ctx context.Context, tx pgx.Tx, kind directory.Kind, subject string, content any, by string) (undo string, err error) {
	undo = rand.Text()
	err = batch(ctx, tx, statement{addTrash, []any{undo, kind, subject, content, by}}, statement{dropTrash, []any{trashTime}}, statement{dropBlobs, nil})
	return undo, err
}

// removable refuses what must stay.
func (s *Store) removable(ctx context.Context, tx pgx.Tx, kind directory.Kind, id string) error {
	if _, err := exec(ctx, tx, lockReferences); err != nil {
		return err
	}
	if kind == directory.KindLogin {
		if err := keepOwner(ctx, tx, id); err != nil {
			return err
		}
	}
	uses, err := s.usesOf(ctx, tx, kind, id)
	if err == nil && len(uses) > 0 {
		err = &directory.InUseError{Kind: kind, ID: id, Uses: uses}
	}
	return err
}

// The blank is a table and its key, from holdings.
const (
	rowsOf   = `select coalesce(jsonb_agg(to_jsonb(t)), '[]') from %s t where %s = $1`
	dropRows = `delete from %s where %s = $1`
	putRows  = `insert into %[1]s select * from jsonb_populate_recordset(null::%[1]s, $1)`
)

// take removes the rows of a thing and returns them by table.
func take(ctx context.Context, tx pgx.Tx, tables []holding, id string) (map[string]json.RawMessage, error) {
	content := map[string]json.RawMessage{}
	for _, t := range tables {
		rows, err := scalar[[]byte](ctx, tx, fmt.Sprintf(rowsOf, t.table, t.key), id)
		if err != nil {
			return nil, err
		}
		content[t.table] = rows
	}
	for i := len(tables) - 1; i >= 0; i-- {
		n, err := exec(ctx, tx, fmt.Sprintf(dropRows, tables[i].table, tables[i].key), id)
		if err == nil && n == 0 && i == 0 {
			err = directory.ErrNotFound
		}
		if err != nil {
			return nil, err
		}
	}
	return content, nil
}

// Undo restores what Remove took, or takes a bulk edit back, for the one who did
// that. Where its name or one of its numbers is taken meanwhile, it is refused
// with ErrTaken or *directory.TakenError, and where what was added is in use,
// with *directory.InUseError; it can be tried again. It tells what was undone: the
// kind and the id.
func (s *Store) Undo(ctx context.Context, undo, by string) (what string, err error) {
	err = s.in(ctx, "undo", func(tx pgx.Tx) error {
		t, err := one[trashRow](ctx, tx, takeTrash, undo, by, trashTime)
		if err != nil {
			return err
		}
		what = strings.TrimSpace(string(t.Kind) + " " + t.Subject)
		var content map[string]json.RawMessage
		if err := json.Unmarshal(t.Content, &content); err != nil {
			return err
		}
		switch t.Kind {
		case directory.KindFlow:
			return restoreFlow(ctx, tx, t.Subject, content)
		case kindUserImport, kindNumberImport, kindListAddition:
			return s.takeBack(ctx, tx, t)
		}
		for _, h := range holdings[t.Kind] {
			if err := h.restore(ctx, tx, content[h.table]); err != nil {
				return err
			}
		}
		return nil
	})
	return what, err
}

type trashRow struct {
	Kind    directory.Kind
	Subject string
	Content []byte
}

const takeTrash = `
	delete from trash where id = $1 and by = $2 and at > now() - $3::interval returning kind, subject, content`

// claimed is a row of a claim table.
type claimed struct {
	Number        string `json:"number"`
	Digits        string `json:"digits"`
	ContactMethod string `json:"contact_method"`
}

func (h holding) restore(ctx context.Context, tx pgx.Tx, rows json.RawMessage) error {
	if len(rows) == 0 {
		return nil // of a table that came after the removal
	}
	if h.claims == nil {
		_, err := exec(ctx, tx, fmt.Sprintf(putRows, h.table), rows)
		return err
	}
	var claims []claimed
	if err := json.Unmarshal(rows, &claims); err != nil {
		return err
	}
	for _, c := range claims {
		if err := h.claims.claim(ctx, tx, directory.Claimant{ContactMethod: c.ContactMethod}, c.Number+c.Digits); err != nil {
			return err
		}
	}
	return nil
}

// flowRest is what a removed flow was.
type flowRest struct {
	Version  int `json:"version"` // in force; 0: none
	Revision int `json:"revision"`
}

const flowStateOf = `
	select coalesce(published, 0) as version, coalesce(published_revision, 0) as revision
	from flows where id = $1 and removed is null for update`

const hideFlow = `
	update flows set removed = now(), published = null, published_revision = null, publish_on_save = false where id = $1`

func takeFlow(ctx context.Context, tx pgx.Tx, id string) (map[string]json.RawMessage, error) {
	state, err := one[flowRest](ctx, tx, flowStateOf, id)
	if err != nil {
		return nil, err
	}
	if err := unpublish(ctx, tx, id); err != nil {
		return nil, err
	}
	if _, err := exec(ctx, tx, hideFlow, id); err != nil {
		return nil, err
	}
	content, err := json.Marshal(state)
	return map[string]json.RawMessage{"flow": content}, err
}

const showFlow = `
	update flows set removed = null, published = nullif($2, 0), published_revision = nullif($3, 0) where id = $1 and removed is not null`

// restoreFlow puts the version that was in force into force again.
func restoreFlow(ctx context.Context, tx pgx.Tx, id string, content map[string]json.RawMessage) error {
	var state flowRest
	if err := json.Unmarshal(content["flow"], &state); err != nil {
		return err
	}
	if err := touch(exec(ctx, tx, showFlow, id, state.Version, state.Revision)); err != nil || state.Version == 0 {
		return err
	}
	r, err := readVersion(ctx, tx, id, state.Version)
	if err != nil {
		return err
	}
	_, err = claimEntries(ctx, tx, r.Flow, &snapshot{}) // a version moves nothing
	return err
}
