package db

import (
	"context"
	"fmt"
	"time"

	"tandem/flow/directory"
)

// EditingEvery is how often an open editor says that it is there; one not
// heard of for EditorLost is gone.
const (
	EditingEvery = 5 * time.Second
	EditorLost   = 15 * time.Second
)

const beatEditor = `
	insert into flow_editors (flow, session, email) values ($1, $2, $3)
	on conflict (flow, session) do update set beat = now()`

const dropEditors = `delete from flow_editors where beat < now() - $1::interval`

// Editing says that somebody has the editor of a flow open. session tells two
// windows of one person apart. Editors of dead processes go with the beat of
// any other.
func (s *Store) Editing(ctx context.Context, flow, session, email string) error {
	_, err := exec(ctx, s.pool, beatEditor, flow, session, email)
	if err == nil {
		_, err = exec(ctx, s.pool, dropEditors, EditorLost)
	}
	if err != nil {
		return fmt.Errorf("editing flow %q: %w", flow, err)
	}
	return nil
}

const editorLeft = `delete from flow_editors where flow = $1 and session = $2`

// Left says that an editor was closed; one that was not open is no error.
func (s *Store) Left(ctx context.Context, flow, session string) error {
	if _, err := exec(ctx, s.pool, editorLeft, flow, session); err != nil {
		return fmt.Errorf("left flow %q: %w", flow, err)
	}
	return nil
}

// One person with two windows is one editor.
const editorsOf = `
	select email, min(since) as since from flow_editors
	where flow = $1 and beat > now() - $2::interval group by email order by since, email`

// Editors lists who edits a flow, who began first in front.
func (s *Store) Editors(ctx context.Context, flow string) ([]directory.Editor, error) {
	out, err := all[directory.Editor](ctx, s.pool, editorsOf, flow, EditorLost)
	if err != nil {
		return nil, fmt.Errorf("editors of flow %q: %w", flow, err)
	}
	for i := range out {
		out[i].Since = out[i].Since.UTC()
	}
	return out, nil
}
