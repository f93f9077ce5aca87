package queue

import (
	"cmp"
	"slices"
	"time"

	"tandem/flow/call"
)

// allot offers free members to those who wait, the first first.
func (s *State) allot(now time.Time) []Word {
	var out []Word
	for _, t := range s.Line {
		free := s.free(now)
		if len(free) == 0 {
			break
		}
		if t.Callback {
			out = append(out, s.turn(t, free, now)...)
			continue
		}
		for _, members := range s.choose(t, free) {
			out = append(out, s.offer(t, members, now))
		}
	}
	return out
}

// free lists the members who may be rung now, in the order of the settings.
func (s *State) free(now time.Time) []*member {
	engaged := map[string]bool{}
	for _, l := range s.Leases {
		for _, h := range l.Held {
			engaged[h.Person] = true
		}
	}
	var out []*member
	for _, m := range s.Members {
		if m.ready(now) && !engaged[m.person()] {
			out = append(out, m)
		}
	}
	return out
}

// choose says whom of the free members a caller is offered to, one lease each.
func (s *State) choose(t *ticket, free []*member) [][]*member {
	all := s.Rules.Strategy == "ring-all"
	rings := s.offered(t)
	if rings && !all {
		return nil
	}
	level := s.level(t, free)
	free = slices.DeleteFunc(free, func(m *member) bool { return m.Set.Level != level })
	if all {
		return together(free)
	}
	if len(free) == 0 {
		return nil
	}
	return [][]*member{{s.next(t, free)}}
}

// level is the lowest of which a member is free, or rings for this caller
// already.
func (s *State) level(t *ticket, free []*member) int {
	level := 10
	for _, m := range free {
		level = min(level, m.Set.Level)
	}
	for _, l := range s.Leases {
		for _, h := range l.Held {
			if m := s.member(h.ContactMethod); m != nil && l.Ticket == t.ID {
				level = min(level, m.Set.Level)
			}
		}
	}
	return level
}

// together parts members into leases that end at the same time, so that each
// rests from the end of the own ring. All phones of one person are in one lease.
func together(free []*member) [][]*member {
	longest := map[string]call.Duration{}
	for _, m := range free {
		longest[m.person()] = max(longest[m.person()], m.Set.Ring)
	}
	var out [][]*member
	var rings []call.Duration
	for _, m := range free {
		ring := longest[m.person()]
		i := slices.Index(rings, ring)
		if i < 0 {
			i, rings, out = len(rings), append(rings, ring), append(out, nil)
		}
		out[i] = append(out[i], m)
	}
	return out
}

// strategies are what each way of choosing compares free members by; the lowest
// is next, and of several the first.
var strategies = map[string]func(*State, *member) int{
	"round-robin":  (*State).afterLast,
	"longest-idle": func(_ *State, m *member) int { return int(m.Since.UnixMilli()) },
	"fewest-calls": func(_ *State, m *member) int { return m.Calls },
	"in-order":     func(*State, *member) int { return 0 },
	"random":       func(s *State, _ *member) int { return s.chance() },
	"ring-all":     nil, // chooses them all
}

// next is the one of the free members to offer a caller to. Whoever was tried
// less for this caller comes first in every strategy: a member who does not
// answer must not stand in front of the others for ever.
func (s *State) next(t *ticket, free []*member) *member {
	key := strategies[s.Rules.Strategy]
	if key == nil {
		return free[0]
	}
	best, tried, lowest := free[0], t.Tried[free[0].ContactMethod], key(s, free[0])
	for _, m := range free[1:] {
		n, k := t.Tried[m.ContactMethod], key(s, m)
		if cmp.Or(cmp.Compare(n, tried), cmp.Compare(k, lowest)) < 0 {
			best, tried, lowest = m, n, k
		}
	}
	return best
}

// afterLast is how far behind the member who answered last one stands in the
// list, which goes round.
func (s *State) afterLast(m *member) int {
	last := slices.IndexFunc(s.Members, func(o *member) bool { return o.ContactMethod == s.Last })
	n := len(s.Members)
	return (slices.Index(s.Members, m) - last - 1 + n) % n
}

// chance is the next of a series of numbers that only the seed decides: the
// multiplier is Knuth's (MMIX), whose high bits are the good ones.
func (s *State) chance() int {
	s.Seed = s.Seed*6364136223846793005 + 1442695040888963407
	return int(s.Seed >> 33)
}
