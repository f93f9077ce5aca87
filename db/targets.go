package db

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/flow/schedule"
)

// targetRow is a contact method and the opening hours of its owner; a method
// without owner, and an owner without schedule, are always open.
type targetRow struct {
	contactRow
	Hours []byte
}

const someTargets = `
	select c.*, s.hours from (` + contactColumns + ` where c.id = any($1)) c
	left join users u on u.id = c.owner left join schedules s on s.id = u.schedule`

// Targets tells where to ring contact methods at an instant, in the order
// asked. One that cannot be rung carries the cause in Skip. One that is off
// schedule says where it would be rung all the same, for whoever may ignore that.
func (s *Store) Targets(ctx context.Context, ids []string, at time.Time) ([]call.Target, error) {
	targets, err := readTargets(ctx, s.pool, ids, at)
	if err != nil {
		return nil, fmt.Errorf("targets: %w", err)
	}
	return targets, nil
}

func readTargets(ctx context.Context, q querier, ids []string, at time.Time) ([]call.Target, error) {
	rows, err := all[targetRow](ctx, q, someTargets, ids)
	if err != nil {
		return nil, err
	}
	found := make(map[string]call.Target, len(rows))
	for _, row := range rows {
		if found[row.ID], err = row.targetAt(at); err != nil {
			return nil, err
		}
	}
	out := make([]call.Target, 0, len(ids))
	for _, id := range ids {
		t, ok := found[id]
		if !ok {
			t = call.Target{ContactMethod: id, Skip: call.CauseNotFound}
		}
		out = append(out, t)
	}
	return out, nil
}

// targetAt is where to ring a contact method at an instant.
func (row targetRow) targetAt(at time.Time) (call.Target, error) {
	t := row.target()
	if t.Skip != "" || len(row.Hours) == 0 {
		return t, nil
	}
	var hours schedule.Hours
	if err := json.Unmarshal(row.Hours, &hours); err != nil {
		return t, fmt.Errorf("schedule of the owner of contact method %q: %w", row.ID, err)
	}
	if !hours.At(at).Open {
		t.Skip = call.CauseOffSchedule
	}
	return t, nil
}

// target is where to ring a contact method that is open.
func (row contactRow) target() call.Target {
	t := call.Target{ContactMethod: row.ID, Name: row.Name, User: row.Owner, Number: row.Digits, Ring: call.Seconds(row.RingSeconds),
		Confirm: row.Confirm, Whisper: row.Whisper, CallWaiting: row.CallWaiting, AtOnce: row.CallsAtOnce}
	switch {
	case row.Disabled:
		t.Skip = call.CauseUnavailable
	case row.Kind == directory.SIPAccount:
		t.Account = row.ID
	case row.Kind == directory.SIPForwarding:
		t.URI, t.Username = row.URI, row.Username
	default:
		t.Skip = call.CauseUnavailable
	}
	return t
}
