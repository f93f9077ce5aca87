package db

import (
	"context"
	"fmt"
	"time"

	"tandem/flow"
	"tandem/flow/directory"
	"tandem/flow/schedule"
)

// snapshot is what a flow may name, as it was at one moment. It implements
// flow.Known for one flow.
type snapshot struct {
	exists   map[flow.Ref]bool
	silent   map[string]bool                 // playlists without files
	claims   map[flow.Ref]directory.Claimant // by others
	external map[string]bool
	mails    map[string]bool      // contact methods that are addresses
	mailSet  bool                 // mail can leave
	atOnce   map[string]int       // limits of contact methods
	bound    map[string]time.Time // of the contact methods that phones register for
	hours    map[string]schedule.Hours
	strict   bool
	now      time.Time
}

// Known reads all that Validate may ask about a flow, at once: asking costs
// nothing then, however large the flow is.
func (s *Store) Known(ctx context.Context, flowID string) (flow.Known, error) {
	k, err := readKnown(ctx, s.pool, flowID)
	if err != nil {
		return nil, fmt.Errorf("what flow %q may name: %w", flowID, err)
	}
	return k, nil
}

// Check reports what is wrong with a flow, numbers held by somebody else
// included.
func (s *Store) Check(ctx context.Context, f flow.Flow) ([]flow.Problem, error) {
	known, err := s.Known(ctx, f.ID)
	if err != nil {
		return nil, err
	}
	return flow.Validate(f, known), nil
}

// everythingNamed lists what flows name by kind and id. A binding that has not
// expired counts as of now.
const everythingNamed = `
	select 'audio' as kind, id, '' as is, null::timestamptz as at, 0 as at_once from audio_files
	union all
	select 'audio', id, case when exists (select from playlist_files f where f.playlist = p.id) then '' else 'silent' end, null, 0 from playlists p
	union all
	select 'number', e164, '', null, 0 from numbers
	union all
	select 'list', id, '', null, 0 from lists
	union all
	select 'contact-method', c.id, c.kind,
	       case when exists (select from bindings b where b.contact_method = c.id and b.expires > now()) then now() else r.at end, c.calls_at_once
	from contact_methods c left join registrations r on r.contact_method = c.id`

const claimsOfOthers = `
	select k.kind, k.id, coalesce(k.flow, '') as flow, coalesce(f.name, '') as flow_name, coalesce(k.module, '') as module,
	       coalesce(k.contact_method, '') as contact_method, coalesce(c.name, '') as contact_name
	from (select 'number' as kind, number as id, flow, module, contact_method from number_claims
	      union all select 'internal-number', digits, flow, module, contact_method from internal_numbers
	      union all select 'override-code', code, flow, module, null from override_codes) k
	left join flows f on f.id = k.flow
	left join contact_methods c on c.id = k.contact_method
	where k.flow is distinct from $1`

func readKnown(ctx context.Context, q querier, flowID string) (*snapshot, error) {
	type named struct {
		Kind   flow.RefKind
		ID, Is string
		At     *time.Time
		AtOnce int
	}
	things, err := all[named](ctx, q, everythingNamed)
	if err != nil {
		return nil, err
	}
	type claim struct {
		Kind flow.RefKind
		ID   string
		directory.Claimant
	}
	claims, err := all[claim](ctx, q, claimsOfOthers, flowID)
	if err != nil {
		return nil, err
	}
	general, err := readGeneral(ctx, q)
	if err != nil {
		return nil, err
	}
	schedules, err := all[scheduleRow](ctx, q, everySchedule)
	if err != nil {
		return nil, err
	}
	mail, err := readSMTP(ctx, q)
	if err != nil {
		return nil, err
	}
	k := &snapshot{exists: map[flow.Ref]bool{}, silent: map[string]bool{}, claims: map[flow.Ref]directory.Claimant{}, external: map[string]bool{},
		mails: map[string]bool{}, mailSet: mail.Host != "", bound: map[string]time.Time{}, atOnce: map[string]int{}, hours: map[string]schedule.Hours{},
		strict: general.StrictRingGroups, now: time.Now()}
	for _, t := range things {
		k.exists[flow.Ref{Kind: t.Kind, ID: t.ID}] = true
		if t.Is == "silent" {
			k.silent[t.ID] = true
		}
		if t.AtOnce > 0 {
			k.atOnce[t.ID] = t.AtOnce
		}
		switch directory.ContactKind(t.Is) {
		case directory.PSTNForwarding, directory.SIPForwarding:
			k.external[t.ID] = true
		case directory.Email:
			k.mails[t.ID] = true
		case directory.SIPAccount:
			k.bound[t.ID] = moment(t.At)
		}
	}
	for _, r := range schedules {
		sch, err := r.schedule()
		if err != nil {
			return nil, err
		}
		k.hours[sch.ID] = sch.Hours
	}
	for _, c := range claims {
		k.claims[flow.Ref{Kind: c.Kind, ID: c.ID}] = c.Claimant
	}
	return k, nil
}

// Exists implements flow.Known. An internal number or a code exists by being
// claimed.
func (k *snapshot) Exists(r flow.Ref) bool {
	if r.Kind == flow.RefSchedule {
		_, ok := k.hours[r.ID]
		return ok
	}
	return r.Kind == flow.RefInternalNumber || r.Kind == flow.RefOverrideCode || k.exists[flow.Ref{Kind: r.Kind, ID: r.ID}]
}

// Silent implements flow.Known.
func (k *snapshot) Silent(audio string) bool { return k.silent[audio] }

// Claimed implements flow.Known.
func (k *snapshot) Claimed(r flow.Ref) (by string, taken bool) {
	c, taken := k.claims[flow.Ref{Kind: r.Kind, ID: r.ID}]
	if !taken {
		return "", false
	}
	return c.String(), true
}

// External implements flow.Known.
func (k *snapshot) External(contactMethod string) bool { return k.external[contactMethod] }

// Mailable implements flow.Known.
func (k *snapshot) Mailable(contactMethod string) bool { return k.mails[contactMethod] }

// MailLeaves implements flow.Known.
func (k *snapshot) MailLeaves() bool { return k.mailSet }

// LastBinding implements flow.Known.
func (k *snapshot) LastBinding(contactMethod string) (at time.Time, registers bool) {
	at, registers = k.bound[contactMethod]
	return at, registers
}

// Hours implements flow.Known.
func (k *snapshot) Hours(id string) (schedule.Hours, bool) {
	h, ok := k.hours[id]
	return h, ok
}

// AtOnce implements flow.Known.
func (k *snapshot) AtOnce(contactMethod string) int { return k.atOnce[contactMethod] }

// StrictRingGroups implements flow.Known.
func (k *snapshot) StrictRingGroups() bool { return k.strict }

// Now implements flow.Known.
func (k *snapshot) Now() time.Time { return k.now }
