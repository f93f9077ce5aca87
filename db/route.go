package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/dialplan"
	"tandem/flow/directory"
)

// Route reads what a caller dialled and tells where it leads, from what is
// published now:
//
//	dialled                      by a trunk                      by an account
//	number of ours, in a flow    its published version, if the   its published version
//	                             number belongs to that trunk
//	number of ours, direct       the contact method, likewise    the contact method
//	number of ours, disabled
//	or without claimant          not-found                       not-found
//	another E.164 number         not-found                       forbidden: no outbound rule allows it
//	internal number              not-found                       flow or contact method
//	feature code                 not-found                       what it does, if it is on and
//	                                                             read when idle; else not-found
//	anything else                incomplete-number               incomplete-number
//
// A call that is one too many for its number or trunk is told so in Over, which
// counts all that were let in before it. A caller that is neither is refused as forbidden. A call that we
// begin to keep the promise of a callback goes on in the version of the flow in which it was given, whatever
// is published by now, and is not-found where that version is gone. A test call enters the draft that was kept
// for it, whatever it has dialled; one that comes late, or after another has taken its place, is forbidden.
// An error means that the database could not be asked.
func (s *Store) Route(ctx context.Context, in call.Incoming) (flow.Route, error) {
	if id, ok := in.Test(); ok && in.Call != "" {
		return s.routeTest(ctx, id, in)
	}
	dialled, err := dialplan.ParseDialled(in.Called)
	r := flow.Route{Number: dialled.String()}
	switch {
	case in.Callback != nil:
		err = s.routeCallback(ctx, in, &r)
	case in.Trunk == "" && in.Account == "":
		r.Refused = call.CauseForbidden
	case in.Trunk == "" && strings.ContainsAny(in.Called[:min(len(in.Called), 1)], "*#"):
		return s.routeFeature(ctx, in.Called)
	case err != nil:
		r.Refused = call.CauseIncomplete
	case !dialled.Number.IsZero():
		err = s.routeNumber(ctx, in, &r)
	case dialled.Internal != (dialplan.InternalNumber{}) && in.Trunk == "":
		err = s.routeClaim(ctx, in, internalRoute, &r)
	default:
		r.Refused = call.CauseNotFound
	}
	if err != nil && r.Refused == "" {
		return flow.Route{}, fmt.Errorf("route %q: %w", in.Called, err)
	}
	return r, nil
}

// featuresKey is the key of the feature codes among the settings.
const featuresKey = "feature-codes"

// routeFeature reads a feature code, which may be longer with the digits behind
// it than what is dialled otherwise.
func (s *Store) routeFeature(ctx context.Context, dialled string) (flow.Route, error) {
	codes := directory.DefaultFeatureCodes()
	if err := readSetting(ctx, s.pool, featuresKey, &codes); err != nil && !errors.Is(err, directory.ErrNotFound) {
		return flow.Route{}, fmt.Errorf("route %q: %w", dialled, err)
	}
	if f, digits, ok := directory.ReadFeature(codes, dialled); ok {
		return flow.Route{Number: dialled, Feature: &flow.Feature{ID: f.ID, Digits: digits}}, nil
	}
	if _, err := dialplan.ParseFeatureCode(dialled); err != nil {
		return flow.Route{Refused: call.CauseIncomplete}, nil
	}
	return flow.Route{Number: dialled, Refused: call.CauseNotFound}, nil
}

// numberAccess says whether a number is ours, in use, and open to a trunk.
const numberAccess = `
	select n.disabled, exists (select from number_trunks t where t.number = n.e164 and t.trunk = $2) as on_trunk,
	       n.calls_at_once as of_number, coalesce((select calls_at_once from trunks where id = $2), 0) as of_trunk
	from numbers n where n.e164 = $1`

func (s *Store) routeNumber(ctx context.Context, in call.Incoming, r *flow.Route) error {
	type row struct {
		Disabled, OnTrunk bool
		limits
	}
	number, err := one[row](ctx, s.pool, numberAccess, r.Number, in.Trunk)
	switch {
	case errors.Is(err, directory.ErrNotFound) && in.Trunk == "":
		r.Refused = call.CauseForbidden
	case errors.Is(err, directory.ErrNotFound):
		r.Refused = call.CauseNotFound
	case err != nil:
		return err
	case number.Disabled, in.Trunk != "" && !number.OnTrunk:
		r.Refused = call.CauseNotFound
	default:
		if err := s.routeClaim(ctx, in, numberRoute, r); err != nil || r.Refused != "" {
			return err
		}
		r.Over, err = s.overLimit(ctx, in, r.Number, number.limits)
		return err
	}
	return nil
}

// claimRow is what a claim leads to: exactly one of both.
type claimRow struct {
	Method  string
	Module  string
	Flow    string
	Version int
	Content []byte
	Longest int    // minutes; 0: never set
	Zone    string // empty: never set
}

// ofTheHouse is read along with the claim: it holds for the whole call.
const ofTheHouse = `
	coalesce((select (value->>'longest_call')::int from settings where key = 'general'), 0) as longest,
	coalesce((select value->>'zone' from settings where key = 'general'), '') as zone`

const numberRoute = `
	select coalesce(m.contact_method, '') as method, coalesce(m.module, '') as module,
	       coalesce(v.flow, '') as flow, coalesce(v.version, 0) as version, v.content, ` + ofTheHouse + `
	from number_claims m
	left join flows f on f.id = m.flow
	left join flow_versions v on v.flow = f.id and v.version = f.published
	where m.number = $1`

const internalRoute = `
	select coalesce(m.contact_method, '') as method, coalesce(m.module, '') as module,
	       coalesce(v.flow, '') as flow, coalesce(v.version, 0) as version, v.content, ` + ofTheHouse + `
	from internal_numbers m
	left join flows f on f.id = m.flow
	left join flow_versions v on v.flow = f.id and v.version = f.published
	where m.digits = $1`

func (s *Store) routeClaim(ctx context.Context, in call.Incoming, sql string, r *flow.Route) error {
	claim, err := one[claimRow](ctx, s.pool, sql, r.Number)
	switch {
	case errors.Is(err, directory.ErrNotFound):
		r.Refused = call.CauseNotFound
		return nil
	case err != nil:
		return err
	}
	claim.house(in.At, r)
	switch {
	case claim.Method != "":
		return s.routeDirect(ctx, claim.Method, in.At, r)
	case claim.Version == 0:
		r.Refused = call.CauseNotFound
		return nil
	}
	return claim.enter(r)
}

const callbackRoute = `
	select '' as method, $3::text as module, v.flow, v.version, v.content, ` + ofTheHouse + `
	from flow_versions v where v.flow = $1 and v.version = $2`

func (s *Store) routeCallback(ctx context.Context, in call.Incoming, r *flow.Route) error {
	back := in.Callback
	if back.Flow.Test != "" {
		return s.routeTestCallback(ctx, in, r)
	}
	claim, err := one[claimRow](ctx, s.pool, callbackRoute, back.Flow.ID, back.Flow.Version, back.Module)
	if errors.Is(err, directory.ErrNotFound) {
		r.Refused = call.CauseNotFound
		return nil
	}
	if err != nil {
		return err
	}
	claim.house(in.At, r)
	return claim.enter(r)
}

// routeTestCallback goes on in the draft in which a test call was promised it.
func (s *Store) routeTestCallback(ctx context.Context, in call.Incoming, r *flow.Route) error {
	row, err := one[testRow](ctx, s.pool, oneTestCall, in.Callback.Flow.Test)
	if errors.Is(err, directory.ErrNotFound) {
		r.Refused = call.CauseNotFound
		return nil
	}
	if err != nil {
		return err
	}
	return row.enter(in.At, in.Callback.Module, r)
}

// house tells a route what holds for every call.
func (c claimRow) house(at time.Time, r *flow.Route) {
	r.Longest = call.Duration(time.Duration(c.Longest) * time.Minute)
	if zone, err := time.LoadLocation(c.Zone); err == nil { // SaveGeneral takes none that does not load
		r.Zone, r.At = zone.String(), at.In(zone)
	}
}

// enter leads a route into the flow of a claim.
func (c claimRow) enter(r *flow.Route) error {
	revision := flow.Revision{ID: c.Flow, Version: c.Version}
	if err := json.Unmarshal(c.Content, &revision.Flow); err != nil {
		return fmt.Errorf("flow %q version %d: %w", c.Flow, c.Version, err)
	}
	revision.Flow = walked(revision.Flow)
	r.Revision, r.Entry = &revision, c.Module
	return nil
}

// Internal tells where an internal number leads now, whoever keyed it: into a
// flow, to a contact method, or nowhere.
func (s *Store) Internal(ctx context.Context, number string, at time.Time) (flow.Route, error) {
	n, err := dialplan.ParseInternalNumber(number)
	if err != nil {
		return flow.Route{Number: number, Refused: call.CauseNotFound}, nil
	}
	r := flow.Route{Number: n.String()}
	if err := s.routeClaim(ctx, call.Incoming{Called: number, At: at}, internalRoute, &r); err != nil {
		return flow.Route{}, fmt.Errorf("internal number %s: %w", n, err)
	}
	return r, nil
}

// walked is a flow as a call needs it. What only people read stays out of the
// history of every call.
func walked(f flow.Flow) flow.Flow {
	f.Notes, f.Frames = nil, nil
	for i := range f.Modules {
		f.Modules[i].Note = ""
	}
	return f
}

func (s *Store) routeDirect(ctx context.Context, id string, at time.Time, r *flow.Route) error {
	targets, err := s.Targets(ctx, []string{id}, at)
	if err != nil {
		return err
	}
	r.Direct = &targets[0]
	return nil
}
