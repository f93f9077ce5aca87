package db

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"tandem/flow/call"
)

// A step that was held up on its way must not undo a later one.
const putPosition = `
	insert into positions (call, seq, position) values ($1, $2, $3)
	on conflict (call) do update set seq = excluded.seq, position = excluded.position, told = now()
	where positions.seq < excluded.seq`

const dropPosition = `delete from positions where call = $1`

// SavePositions keeps where running calls are, and forgets those that are over.
func (s *Store) SavePositions(ctx context.Context, all []call.Position) error {
	steps := make([]statement, 0, len(all))
	for _, p := range all {
		if p.Over {
			steps = append(steps, statement{dropPosition, []any{p.Call}})
			continue
		}
		p.Caller = call.Party{Number: clean(p.Caller.Number), Name: clean(p.Caller.Name)}
		p.Called = clean(p.Called)
		body, err := json.Marshal(p)
		if err != nil {
			return fmt.Errorf("save positions: %w", err)
		}
		steps = append(steps, statement{putPosition, []any{p.Call, p.Seq, body}})
	}
	return s.in(ctx, "save positions", func(tx pgx.Tx) error { return batch(ctx, tx, steps...) })
}

// A step told after the end of its call is left out: the ledger knows better.
const runningPositions = `
	select position, told from positions p
	where not exists (select from calls c where c.id = p.call and not c.live)
	order by call desc`

type positionRow struct {
	Position []byte
	Told     time.Time
}

// Positions lists where running calls are, newest call first.
func (s *Store) Positions(ctx context.Context) ([]call.Position, error) {
	rows, err := all[positionRow](ctx, s.pool, runningPositions)
	if err != nil {
		return nil, fmt.Errorf("positions: %w", err)
	}
	out := make([]call.Position, len(rows))
	for i, r := range rows {
		if err := json.Unmarshal(r.Position, &out[i]); err != nil {
			return nil, fmt.Errorf("positions: %w", err)
		}
	}
	return out, nil
}

// A position that is told again later was not dead.
const dropDead = `
	delete from positions p
	where p.call = any($1) and p.told < now() - make_interval(secs => $2)
	   or exists (select from calls c where c.id = p.call and not c.live)`

// ForgetPositions forgets calls that do not run any more, unless they were
// heard of within the last while.
func (s *Store) ForgetPositions(ctx context.Context, gone []call.ID, while time.Duration) error {
	if _, err := exec(ctx, s.pool, dropDead, gone, while.Seconds()); err != nil {
		return fmt.Errorf("forget positions: %w", err)
	}
	return nil
}

// WatchPositions calls seen whenever positions may have changed, and once when
// it has begun to listen, until ctx ends; it returns the cause.
func (s *Store) WatchPositions(ctx context.Context, seen func()) error {
	return s.watch(ctx, "tandem_positions", func(string) { seen() })
}
