package db

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/flow/queue"
)

const publishedQueues = `
	select f.id as flow, f.name as flow_name, m->>'id' as module, m->>'name' as name, m->'settings' as settings
	from flows f join flow_versions v on v.flow = f.id and v.version = f.published
	cross join lateral jsonb_array_elements(v.content->'modules') m
	where f.removed is null and m->>'kind' = 'queue'
	order by f.name, m->>'name', f.id`

// Queues lists the queues of all published flows by name.
func (s *Store) Queues(ctx context.Context) ([]directory.Queue, error) {
	type row struct {
		Flow, FlowName, Module, Name string
		Settings                     []byte
	}
	rows, err := all[row](ctx, s.pool, publishedQueues)
	if err != nil {
		return nil, fmt.Errorf("queues: %w", err)
	}
	out := make([]directory.Queue, len(rows))
	for i, r := range rows {
		q := directory.Queue{ID: queue.NewID(r.Flow, r.Module), Flow: r.Flow, FlowName: r.FlowName, Module: r.Module, Name: r.Name}
		if err := json.Unmarshal(r.Settings, &q.Settings); err != nil {
			return nil, fmt.Errorf("settings of queue %s: %w", q.ID, err)
		}
		q.Settings = q.Settings.WithDefaults()
		out[i] = q
	}
	return out, nil
}

// rosterRow is a contact method, its owner's opening hours, and what it has
// said as a member of one queue.
type rosterRow struct {
	targetRow
	Bound    bool
	LoggedIn bool
	Paused   bool
}

const rosterOf = `
	select c.*, s.hours, coalesce(m.logged_in, false) as logged_in, coalesce(m.paused, false) as paused,
	       exists (select from bindings b where b.contact_method = c.id and b.expires > $3) as bound
	from (` + contactColumns + ` where c.id = any($1)) c
	left join users u on u.id = c.owner left join schedules s on s.id = u.schedule
	left join queue_members m on m.queue = $2 and m.contact_method = c.id`

// Roster says what is known of contact methods as members of a queue, in the
// order asked. With in, members need neither log in nor pause.
func (s *Store) Roster(ctx context.Context, id queue.ID, contactMethods []string, in bool, at time.Time) ([]queue.Person, error) {
	rows, err := all[rosterRow](ctx, s.pool, rosterOf, contactMethods, id, at)
	if err != nil {
		return nil, fmt.Errorf("roster of queue %s: %w", id, err)
	}
	found := make(map[string]queue.Person, len(rows))
	for _, row := range rows {
		if found[row.ID], err = row.person(in, at); err != nil {
			return nil, fmt.Errorf("roster of queue %s: %w", id, err)
		}
	}
	out := make([]queue.Person, len(contactMethods))
	for i, id := range contactMethods {
		p, ok := found[id]
		if !ok {
			p = queue.Person{ContactMethod: id, Name: id, Unreachable: true}
		}
		out[i] = p
	}
	return out, nil
}

func (row rosterRow) person(in bool, at time.Time) (queue.Person, error) {
	t, err := row.targetAt(at)
	return queue.Person{
		ContactMethod: row.ID, Name: row.Name, User: row.Owner,
		Out: !in && !row.LoggedIn, Paused: !in && row.Paused,
		OffSchedule: t.Skip == call.CauseOffSchedule,
		Unreachable: t.Skip == call.CauseUnavailable || t.Account != "" && !row.Bound,
	}, err
}

// membersAsked locks nothing: lockMembers lets one change happen at a time.
const membersAsked = `
	select k.queue, k.contact_method, coalesce(m.logged_in, false) as logged_in, coalesce(m.paused, false) as paused,
	       m.since, coalesce(m.by, '') as by
	from unnest($1::text[], $2::text[]) with ordinality as k (queue, contact_method, n)
	left join queue_members m using (queue, contact_method) order by k.n`

const lockMembers = `lock table queue_members in share row exclusive mode`

const putMember = `
	insert into queue_members (queue, contact_method, logged_in, paused, since, by) values ($1, $2, $3, $4, $5, $6)
	on conflict (queue, contact_method) do update set
		logged_in = excluded.logged_in, paused = excluded.paused, since = excluded.since, by = excluded.by`

// Members reads what contact methods have said as members of a queue, in the
// order asked.
func (s *Store) Members(ctx context.Context, id queue.ID, contactMethods []string) ([]directory.Member, error) {
	out, err := members(ctx, s.pool, slices.Repeat([]queue.ID{id}, len(contactMethods)), contactMethods)
	if err != nil {
		return nil, fmt.Errorf("members of queue %s: %w", id, err)
	}
	return out, nil
}

func members(ctx context.Context, q querier, queues []queue.ID, contactMethods []string) ([]directory.Member, error) {
	type row struct {
		Queue            queue.ID
		ContactMethod    string
		LoggedIn, Paused bool
		Since            *time.Time
		By               string
	}
	rows, err := all[row](ctx, q, membersAsked, queues, contactMethods)
	if err != nil {
		return nil, err
	}
	out := make([]directory.Member, len(rows))
	for i, r := range rows {
		out[i] = directory.Member{Queue: r.Queue, ContactMethod: r.ContactMethod, LoggedIn: r.LoggedIn, Paused: r.Paused, Since: moment(r.Since), By: r.By}
	}
	return out, nil
}

// ChangeMember logs one member of one queue in or out, or pauses it, and tells
// how it is then.
func (s *Store) ChangeMember(ctx context.Context, id queue.ID, contactMethod string, c directory.MemberChange, by string, at time.Time) (directory.Member, error) {
	done, err := s.changeMembers(ctx, []queue.ID{id}, []string{contactMethod}, c, by, at)
	if err != nil {
		return directory.Member{}, fmt.Errorf("%s of %q: %w", c, contactMethod, err)
	}
	return done[0], nil
}

const contactsOfPerson = `
	select m.id from contact_methods o join contact_methods m on m.id = o.id or m.owner = o.owner
	where o.id = $1 order by m.id`

// ChangePerson does a change to all contact methods of one person, in all
// queues that hold them and whose members log in, and tells how they are then;
// none, where there is no such queue. A toggle is asked by a call, and asked
// again by that call it does nothing.
func (s *Store) ChangePerson(ctx context.Context, contactMethod string, c directory.MemberChange, by string, at time.Time) ([]directory.Member, error) {
	fail := func(err error) ([]directory.Member, error) {
		return nil, fmt.Errorf("%s by %q: %w", c, contactMethod, err)
	}
	all, err := s.Queues(ctx)
	if err != nil {
		return fail(err)
	}
	own, err := column[string](ctx, s.pool, contactsOfPerson, contactMethod)
	if err != nil {
		return fail(err)
	}
	var queues []queue.ID
	var methods []string
	for _, q := range all {
		for _, m := range own {
			if q.Settings.MembersLogIn && q.Holds(m) {
				queues, methods = append(queues, q.ID), append(methods, m)
			}
		}
	}
	done, err := s.changeMembers(ctx, queues, methods, c, by, at)
	if err != nil {
		return fail(err)
	}
	return done, nil
}

func (s *Store) changeMembers(ctx context.Context, queues []queue.ID, methods []string, c directory.MemberChange, by string, at time.Time) (now []directory.Member, err error) {
	if !c.Known() {
		return nil, fmt.Errorf("%w: there is no change %q", directory.ErrInvalid, c)
	}
	err = s.in(ctx, "change members", func(tx pgx.Tx) error {
		if _, err := exec(ctx, tx, lockMembers); err != nil {
			return err
		}
		if now, err = members(ctx, tx, queues, methods); err != nil {
			return err
		}
		toggle := c.Settle(now) != c
		if toggle && slices.ContainsFunc(now, func(m directory.Member) bool { return m.By == by }) {
			return nil // this call has done it already
		}
		return putMembers(ctx, tx, now, c.Settle(now), by, at)
	})
	return now, err
}

// putMembers stores a change of those whom it changes.
func putMembers(ctx context.Context, tx pgx.Tx, all []directory.Member, c directory.MemberChange, by string, at time.Time) error {
	var steps []statement
	for i, m := range all {
		next := m.Apply(c)
		if next == m {
			continue
		}
		next.Since, next.By = at.UTC(), by
		all[i] = next
		steps = append(steps, statement{putMember, []any{next.Queue, next.ContactMethod, next.LoggedIn, next.Paused, next.Since, next.By}})
	}
	return batch(ctx, tx, steps...)
}

// WatchMembers calls seen whenever a member has logged in or out or paused, and
// once when it has begun to listen, until ctx ends; it returns the cause.
func (s *Store) WatchMembers(ctx context.Context, seen func()) error {
	return s.watch(ctx, "tandem_queues", func(string) { seen() })
}
