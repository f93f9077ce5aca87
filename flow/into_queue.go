package flow

import (
	"cmp"
	"errors"
	"slices"
)

// ErrNoRingGroup refuses to turn anything else into a queue.
var ErrNoRingGroup = errors.New("only a ring group can be turned into a queue")

// queueExits is by which exit of a queue a caller goes on who left the ring
// group by another; an exit not named here has its like.
var queueExits = map[Exit]Exit{"no-answer": "timeout", "unavailable": "no-members"}

// IntoQueue lists the changes that make a queue of a ring group of a flow
// (product sheet 3.5). It stays the same module in the same place: what leads
// there, its cables and the tests that go through it are kept. The error wraps
// ErrNoRingGroup.
func IntoQueue(f Flow, module string) ([]Change, error) {
	m, ok := f.Module(module)
	if !ok {
		return nil, ErrNoRingGroup
	}
	group, ok := m.Settings.(*RingGroup)
	if !ok {
		return nil, ErrNoRingGroup
	}
	return Diff(f, withQueue(f, *m, group.queue(f.leads(m, "unavailable")))), nil
}

// leads tells whether something was decided about an exit.
func (f *Flow) leads(m *Module, exit Exit) bool {
	cabled := func(c Cable) bool { return c.From == m.ID && c.Exit == exit }
	return slices.ContainsFunc(f.Cables, cabled) || slices.Contains(m.HangUpHere, exit)
}

// withQueue puts a queue in the place of a ring group.
func withQueue(f Flow, m Module, q *Queue) Flow {
	m.Kind, m.Settings = "queue", q
	m.HangUpHere = slices.Clone(m.HangUpHere)
	for i, exit := range m.HangUpHere {
		m.HangUpHere[i] = cmp.Or(queueExits[exit], exit)
	}
	f.Modules, f.Cables, f.Tests = slices.Clone(f.Modules), slices.Clone(f.Cables), slices.Clone(f.Tests)
	for i := range f.Modules {
		if f.Modules[i].ID == m.ID {
			f.Modules[i] = m
		}
	}
	for i, c := range f.Cables {
		if c.From == m.ID {
			f.Cables[i].Exit = cmp.Or(queueExits[c.Exit], c.Exit)
		}
	}
	for i := range f.Tests {
		f.Tests[i].Want = slices.Clone(f.Tests[i].Want)
		for j, step := range f.Tests[i].Want {
			if step.Module == m.ID {
				f.Tests[i].Want[j].Exit = cmp.Or(queueExits[step.Exit], step.Exit)
			}
		}
	}
	return f
}

// queue carries the settings over. Bars that follow each other ring in turn, and
// so do the members; others ring together. The exit of a group that nobody could
// be rung in is kept alive by letting callers leave an empty queue.
func (r *RingGroup) queue(leaveWhenEmpty bool) *Queue {
	bars := slices.SortedStableFunc(slices.Values(r.Destinations), RingDestination.compare)
	q := &Queue{Members: members(bars), Ringback: r.Ringback, HoldMusic: r.HoldMusic, CallerNameRules: slices.Clone(r.CallerNameRules),
		Confirm: r.Confirm, LeaveWhenEmpty: leaveWhenEmpty}
	if inTurn(bars) {
		q.Strategy = "in-order"
	}
	return q
}

// compare orders bars as they begin to ring; where nobody stands yet comes last.
func (d RingDestination) compare(other RingDestination) int {
	switch free, otherFree := d.ContactMethod == "", other.ContactMethod == ""; {
	case free == otherFree:
		return cmp.Compare(d.Start, other.Start)
	case free:
		return 1
	}
	return -1
}

// members are who stands at the bars, each once: who has several bars rings as
// long as in the longest.
func members(bars []RingDestination) []QueueMember {
	out := []QueueMember{}
	for _, d := range bars {
		if d.ContactMethod == "" {
			d.Length = 0 // as much as the time line had left, and nobody's wish
		}
		m := QueueMember{ContactMethod: d.ContactMethod, Ring: min(max(d.WithDefaults().Length, minRing), maxRing), IgnoreSchedule: d.IgnoreSchedule}
		i := slices.IndexFunc(out, func(o QueueMember) bool { return m.ContactMethod != "" && o.ContactMethod == m.ContactMethod })
		if i < 0 {
			out = append(out, m)
			continue
		}
		out[i].Ring, out[i].IgnoreSchedule = max(out[i].Ring, m.Ring), out[i].IgnoreSchedule || m.IgnoreSchedule
	}
	return out
}

// inTurn tells whether no two bars ring together. A bar at which nobody stands
// yet does not count.
func inTurn(bars []RingDestination) bool {
	taken := slices.DeleteFunc(slices.Clone(bars), func(d RingDestination) bool { return d.ContactMethod == "" })
	for i, d := range taken {
		if slices.ContainsFunc(taken[:i], d.overlaps) {
			return false
		}
	}
	return len(taken) > 1
}
