package db

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"tandem/flow/call"
	"tandem/flow/queue"
)

// Claim leases members to one caller and tells where to ring them, in the order
// asked. Whoever is leased to another caller, or in another call that runs,
// carries the cause busy in Skip and is not leased; so is nobody who cannot be
// rung at all. Claimed again by the same lease, they stay claimed.
//
// A lease is of a person: all contact methods of one user are one person, and a
// contact method without user is one of its own.
func (s *Store) Claim(ctx context.Context, c queue.Claim) ([]call.Target, error) {
	var targets []call.Target
	err := s.in(ctx, "claim members", func(tx pgx.Tx) (err error) {
		if targets, err = claimable(ctx, tx, c); err != nil {
			return err
		}
		return lease(ctx, tx, c, targets)
	})
	return targets, err
}

// claimable is the members of a claim, with the cause where one may not be rung.
func claimable(ctx context.Context, tx pgx.Tx, c queue.Claim) ([]call.Target, error) {
	ids, over := make([]string, len(c.Members)), []string{string(c.Call)}
	for i, m := range c.Members {
		ids[i] = m.ContactMethod
		over = append(over, string(m.Left))
	}
	targets, err := readTargets(ctx, tx, ids, c.At)
	if err != nil {
		return nil, err
	}
	engaged, err := column[string](ctx, tx, inCalls, ids, over)
	if err != nil {
		return nil, err
	}
	for i := range targets {
		t := &targets[i]
		if c.Members[i].IgnoreSchedule && t.Skip == call.CauseOffSchedule {
			t.Skip = ""
		}
		if t.Skip == "" && !t.CallWaiting && slices.Contains(engaged, t.ContactMethod) {
			t.Skip = call.CauseBusy
		}
	}
	return targets, nil
}

// inCalls lists those of some contact methods whose person rings, talks or
// dials in a call that is none of those given: the caller's own, and those that
// the queue knows to be over a moment before their positions tell.
const inCalls = `
	with running as (
		select position from positions p
		where p.call <> all($2) and not exists (select from calls c where c.id = p.call and not c.live)),
	engaged as (
		select jsonb_array_elements_text(coalesce(position->'with', '[]')) as method from running
		union select position->>'account' from running)
	select m.id from contact_methods m
	where m.id = any($1) and exists (
		select from contact_methods o join engaged e on e.method = o.id where o.id = m.id or o.owner = m.owner)`

// takeLeases takes people in the order of their names, so that claims at the
// same time wait for each other and never in a circle.
const takeLeases = `
	insert into queue_leases as l (person, lease, methods, until)
	select coalesce('user:' || owner, 'method:' || id), $2, array_agg(id), $3
	from contact_methods where id = any($1) group by 1 order by 1
	on conflict (person) do update set lease = excluded.lease, until = excluded.until,
		methods = case when l.lease = excluded.lease then l.methods || excluded.methods else excluded.methods end
	where l.lease = excluded.lease or l.until <= $4
	returning methods`

// lease takes those of the targets that may be rung, and says busy of those
// whom somebody else holds.
func lease(ctx context.Context, tx pgx.Tx, c queue.Claim, targets []call.Target) error {
	var free []string
	for _, t := range targets {
		if t.Skip == "" {
			free = append(free, t.ContactMethod)
		}
	}
	if len(free) == 0 {
		return nil
	}
	taken, err := column[[]string](ctx, tx, takeLeases, free, c.Lease, c.At.Add(c.For.Std()), c.At)
	if err != nil {
		return err
	}
	ours := slices.Concat(taken...)
	for i, t := range targets {
		if t.Skip == "" && !slices.Contains(ours, t.ContactMethod) {
			targets[i].Skip = call.CauseBusy
		}
	}
	return nil
}

// lockLease locks in the order in which claims do.
const lockLease = `select from queue_leases where lease = $1 order by person for update`

const keepLease = `update queue_leases set until = $3 where lease = $1 and $2 = any(methods)`

const giveUpLeases = `delete from queue_leases where lease = $1 and not $2 = any(methods)`

// Keep gives up all people of a lease but the one whom a contact method
// belongs to, and holds that one until an instant. With an empty contact method
// it gives up all of them.
func (s *Store) Keep(ctx context.Context, lease, contactMethod string, until time.Time) error {
	return s.in(ctx, fmt.Sprintf("keep lease %q", lease), func(tx pgx.Tx) error {
		return batch(ctx, tx,
			statement{lockLease, []any{lease}},
			statement{keepLease, []any{lease, contactMethod, until}},
			statement{giveUpLeases, []any{lease, contactMethod}})
	})
}
