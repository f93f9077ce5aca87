package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"tandem/flow"
	"tandem/flow/directory"
)

// overrideRow is an override as it is stored.
type overrideRow struct {
	Module, State, By string
	Until, At         *time.Time
}

func (r overrideRow) override() flow.Override {
	return flow.Override{State: r.State, Until: moment(r.Until), By: r.By, At: moment(r.At)}
}

const someOverrides = `select module, state, by, until, at from overrides where flow = $1 and (until is null or until > now())`

// Overrides lists the time routers of a flow that somebody holds open or
// closed, by module.
func (s *Store) Overrides(ctx context.Context, flowID string) (map[string]flow.Override, error) {
	rows, err := all[overrideRow](ctx, s.pool, someOverrides, flowID)
	if err != nil {
		return nil, fmt.Errorf("overrides of flow %q: %w", flowID, err)
	}
	out := map[string]flow.Override{}
	for _, r := range rows {
		out[r.Module] = r.override()
	}
	return out, nil
}

const (
	holdOverride = `
		insert into overrides (flow, module, state, until, by, at) values ($1, $2, $3, $4, $5, $6)
		on conflict (flow, module) do update set state = excluded.state, until = excluded.until, by = excluded.by, at = excluded.at`
	dropOverride = `delete from overrides where flow = $1 and module = $2`
)

// SetOverride holds a time router open or closed, or with the state auto lets
// its hours decide again.
func (s *Store) SetOverride(ctx context.Context, flowID, module string, o flow.Override) error {
	if err := setOverride(ctx, s.pool, flowID, module, o); err != nil {
		return fmt.Errorf("override of module %q of flow %q: %w", module, flowID, err)
	}
	return nil
}

func setOverride(ctx context.Context, q querier, flowID, module string, o flow.Override) error {
	if o.State == "" || o.State == "auto" {
		_, err := exec(ctx, q, dropOverride, flowID, module)
		return err
	}
	_, err := exec(ctx, q, holdOverride, flowID, module, o.State, stamp(o.Until), o.By, o.At)
	return err
}

// openingRow is what decides a time router, in one read.
type openingRow struct {
	State, By, Zone, Name string
	Until, At             *time.Time
	Hours                 []byte
}

const opening = `
	select coalesce(o.state, '') as state, coalesce(o.by, '') as by, o.until, o.at,
	       coalesce((select value->>'zone' from settings where key = 'general'), '') as zone,
	       coalesce(s.name, '') as name, s.hours
	from (select 1) x left join overrides o on o.flow = $1 and o.module = $2 left join schedules s on s.id = $3`

// Opening reads what decides a time router: its override, and a schedule where
// one is named.
func (s *Store) Opening(ctx context.Context, flowID, module, schedule string) (flow.Opening, error) {
	o, err := readOpening(ctx, s.pool, flowID, module, schedule)
	if err != nil {
		return flow.Opening{}, fmt.Errorf("opening of module %q of flow %q: %w", module, flowID, err)
	}
	return o, nil
}

func readOpening(ctx context.Context, q querier, flowID, module, schedule string) (flow.Opening, error) {
	r, err := one[openingRow](ctx, q, opening, flowID, module, schedule)
	if err != nil {
		return flow.Opening{}, err
	}
	o := flow.Opening{Zone: r.Zone, Name: r.Name, Override: flow.Override{State: r.State, By: r.By, Until: moment(r.Until), At: moment(r.At)}}
	if o.Zone == "" {
		o.Zone = defaultGeneral().Zone
	}
	if len(r.Hours) == 0 {
		return o, nil
	}
	return o, json.Unmarshal(r.Hours, &o.Hours)
}

// codeRow is the time router that a code belongs to, as it is published.
type codeRow struct {
	Flow, Name, Module string
	Content            []byte
}

const routerOfCode = `
	select c.flow, f.name, c.module, v.content from override_codes c
	join flows f on f.id = c.flow join flow_versions v on v.flow = f.id and v.version = f.published
	where c.code = $1`

// ToggleOverride is the feature code of time routers: one that is held goes by
// its hours again, any other is held in the opposite of what its hours say now.
// An unknown code is refused with ErrNotFound.
func (s *Store) ToggleOverride(ctx context.Context, code, by string, now time.Time) (done directory.Toggled, err error) {
	err = s.in(ctx, fmt.Sprintf("override by code %q", code), func(tx pgx.Tx) error {
		r, err := one[codeRow](ctx, tx, routerOfCode, code)
		if err != nil {
			return err
		}
		var f flow.Flow
		if err := json.Unmarshal(r.Content, &f); err != nil {
			return err
		}
		m, ok := f.Module(r.Module)
		if !ok {
			return directory.ErrNotFound
		}
		done = directory.Toggled{Flow: r.Flow, FlowName: r.Name, Module: m.ID, ModuleName: m.Name}
		return toggle(ctx, tx, m, &done, by, now)
	})
	return done, err
}

var errNoTimeRouter = errors.New("the module of this code is no time router")

func toggle(ctx context.Context, tx pgx.Tx, m *flow.Module, done *directory.Toggled, by string, now time.Time) error {
	router, ok := m.Settings.(*flow.TimeRouter)
	if !ok {
		return errNoTimeRouter
	}
	o, err := readOpening(ctx, tx, done.Flow, m.ID, router.Schedule)
	if err != nil {
		return err
	}
	held := o.Override.Holds(now)
	o.Override = flow.Override{}
	if !held {
		opposite := map[bool]string{true: "closed", false: "open"}[router.Decide(now, o).Exit == flow.ExitOpen]
		o.Override = flow.Override{State: opposite, By: by, At: now}
	}
	done.Override, done.Now = o.Override, router.Decide(now, o)
	return setOverride(ctx, tx, done.Flow, m.ID, o.Override)
}
