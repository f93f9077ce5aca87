package db

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"tandem/flow"
	"tandem/flow/call"
)

// limits are the calls at once of a number and of the trunk that a call came
// by; 0: no limit.
type limits struct{ OfNumber, OfTrunk int }

func (l limits) any() bool { return l.OfNumber > 0 || l.OfTrunk > 0 }

const takeSlot = `select take_slot($1, $2, $3, $4, $5)`

// overLimit counts a call in. Where its number or trunk has as many calls as it
// may have, it says so instead, and how such a call is declined. What is no call
// but a question about a number is not counted.
func (s *Store) overLimit(ctx context.Context, in call.Incoming, number string, l limits) (*flow.Over, error) {
	if !l.any() || in.Call == "" {
		return nil, nil
	}
	of, err := scalar[string](ctx, s.pool, takeSlot, in.Call, number, l.OfNumber, in.Trunk, l.OfTrunk)
	if err != nil || of == "" {
		return nil, err
	}
	general, err := s.General(ctx)
	if err != nil {
		return nil, err
	}
	limit := map[string]int{"number": l.OfNumber, "trunk": l.OfTrunk}[of]
	return &flow.Over{Of: of, Limit: limit, Decline: cmp.Or(general.OverLimitDecline, defaultGeneral().OverLimitDecline)}, nil
}

const oldSlots = `select call from call_slots where taken < now() - make_interval(secs => $1) order by taken`

// Slots lists the calls that have counted towards a limit for longer than a
// while.
func (s *Store) Slots(ctx context.Context, while time.Duration) ([]call.ID, error) {
	rows, _ := s.pool.Query(ctx, oldSlots, while.Seconds()) // CollectRows reports its error
	out, err := pgx.CollectRows(rows, pgx.RowTo[call.ID])
	if err != nil {
		return nil, fmt.Errorf("calls at once: %w", plain(err))
	}
	return out, nil
}

const freeSlots = `delete from call_slots where call = any($1)`

// FreeSlots stops counting calls that do not run any more.
func (s *Store) FreeSlots(ctx context.Context, gone []call.ID) error {
	if _, err := exec(ctx, s.pool, freeSlots, gone); err != nil {
		return fmt.Errorf("calls at once: %w", err)
	}
	return nil
}
