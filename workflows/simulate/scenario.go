package simulate

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/dialplan"
)

// What a scenario leaves open.
const (
	defaultKeyAfter   = time.Second
	defaultKeyGap     = 300 * time.Millisecond
	defaultPhoneAfter = 3 * time.Second
	defaultTalk       = 30 * time.Second
)

// What a phone does; flow.PhoneDoes lists them.
const (
	answers  = "answers"
	declines = "declines"
	busy     = "busy"
	silent   = "silent"
	absent   = "absent"
)

// Who hangs up.
const (
	byCaller = "caller"
	byCallee = "callee"
)

// dialable are the keys of a phone.
const dialable = "0123456789*#ABCD"

// check finds the entry of a scenario and refuses what has no meaning.
func check(f flow.Flow, sc flow.Scenario) (*flow.Module, error) {
	entry, ok := f.Module(sc.Entry)
	switch {
	case !ok:
		return nil, fmt.Errorf("%w: the flow has no entry %q", ErrScenario, sc.Entry)
	case !flow.Catalog[entry.Kind].Entry:
		return nil, fmt.Errorf("%w: no call enters at %q, it is no entry", ErrScenario, entry.Name)
	case sc.HangUpBy != "" && sc.HangUpBy != byCaller && sc.HangUpBy != byCallee:
		return nil, fmt.Errorf("%w: the talk is ended by caller or callee, not by %q", ErrScenario, sc.HangUpBy)
	}
	times := []call.Duration{sc.TalkFor, sc.GiveUp}
	keys := 0
	for i, k := range sc.Keys {
		if strings.Trim(k.Digits, dialable) != "" {
			return nil, fmt.Errorf("%w: keying %d: %q are no keys of a phone", ErrScenario, i+1, k.Digits)
		}
		keys += len(k.Digits)
		times = append(times, k.After, k.Gap)
	}
	if keys > maxKeys {
		return nil, fmt.Errorf("%w: %d keys, at most %d are imagined", ErrScenario, keys, maxKeys)
	}
	for id, r := range sc.Replies {
		if r.Status != 0 && (r.Status < 100 || r.Status > 599) {
			return nil, fmt.Errorf("%w: no server answers module %q with %d", ErrScenario, id, r.Status)
		}
	}
	for id, p := range sc.Phones {
		if p.Does != "" && !slices.Contains(flow.PhoneDoes, p.Does) {
			return nil, fmt.Errorf("%w: phone %q cannot do %q", ErrScenario, id, p.Does)
		}
		if p.Confirms != "" && !slices.Contains(flow.PhoneConfirms, p.Confirms) {
			return nil, fmt.Errorf("%w: phone %q cannot confirm so: %q", ErrScenario, id, p.Confirms)
		}
		times = append(times, p.After)
	}
	if err := checkHalls(sc.Queues); err != nil {
		return nil, err
	}
	if _, err := dialplan.ParseNumber(sc.Called); err != nil && sc.Called != "" {
		return nil, fmt.Errorf("%w: nobody dials %q", ErrScenario, sc.Called)
	}
	for id, state := range sc.Overrides {
		if !slices.Contains(flow.OverrideStates, state) {
			return nil, fmt.Errorf("%w: module %q cannot be held %q", ErrScenario, id, state)
		}
	}
	if slices.Min(times) < 0 {
		return nil, fmt.Errorf("%w: %v is in the past", ErrScenario, slices.Min(times))
	}
	return entry, nil
}

func checkHalls(all map[string]flow.Hall) error {
	for id, hall := range all {
		if hall.Waiting < 0 || hall.Waiting > flow.MaxWaiting {
			return fmt.Errorf("%w: %d callers wait in %q, at most %d are imagined", ErrScenario, hall.Waiting, id, flow.MaxWaiting)
		}
		for member, state := range hall.Away {
			if !slices.Contains(flow.AwayStates, state) {
				return fmt.Errorf("%w: member %q cannot be %q", ErrScenario, member, state)
			}
		}
	}
	return nil
}

// phone is what a contact method does, with defaults.
func phone(sc flow.Scenario, contactMethod string) flow.Phone {
	p := sc.Phones[contactMethod]
	p.Does = cmp.Or(p.Does, answers)
	p.After = cmp.Or(p.After, call.Duration(defaultPhoneAfter))
	p.Confirms = cmp.Or(p.Confirms, accepts)
	return p
}
