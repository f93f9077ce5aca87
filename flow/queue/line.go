package queue

import (
	"fmt"
	"slices"
	"time"

	"tandem/flow/call"
)

// ticket is one caller who waits.
type ticket struct {
	ID     string     `json:"id"`
	Call   call.ID    `json:"call"`
	Reply  string     `json:"reply"`
	Caller call.Party `json:"caller"`
	Since  time.Time  `json:"since"`
	Until  time.Time  `json:"until"` // dropped then, whatever was told
	rank
	Entered   int            `json:"entered"` // position on joining
	Offers    int            `json:"offers,omitempty"`
	Tried     map[string]int `json:"tried,omitempty"` // offers by contact method
	Callback  bool           `json:"callback,omitempty"`
	Called    time.Time      `json:"called,omitzero"`     // callback: when its turn was said, while nothing has come of that
	NotBefore time.Time      `json:"not_before,omitzero"` // callback: it is not its turn until then
}

// join puts a caller at the end of those of the same priority, or in the place
// that is the caller's already.
func (s *State) join(m Message, now time.Time) []Word {
	j := m.Joining
	if j == nil || s.knows(m.Ticket) {
		return nil
	}
	s.take(j.Rules)
	t := &ticket{ID: m.Ticket, Call: j.Call, Reply: j.Reply, Caller: j.Caller, Callback: j.Callback, rank: rank{Priority: j.Priority},
		Since: now, Until: now.Add(j.Patience.Std() + grace)}
	out := s.inherit(t, j.After, now)
	s.leaveBefore(j.Call, now)
	expected := t.Place > 0 || j.After != ""
	if why := s.full(t); why != "" && (t.Callback || !expected) {
		s.Gone = append(s.Gone, gone{Ticket: t.ID, At: now})
		return append(out, Word{To: t.Reply, Kind: Leave, Ticket: t.ID, Exit: "full", Why: why})
	}
	if t.Place == 0 {
		s.Places++
		t.Place = s.Places
	}
	at, _ := slices.BinarySearchFunc(s.Line, t, func(a, b *ticket) int {
		if a.before(b.rank) {
			return -1
		}
		return 1
	})
	t.Entered = at + 1
	s.Line = slices.Insert(s.Line, at, t)
	return out
}

// full says why one more cannot wait, where that is so. Callers on the phone and
// callbacks do not count for each other.
func (s *State) full(t *ticket) string {
	limit, what := s.Rules.MaxWaiting, "callers wait"
	if t.Callback {
		limit, what = mostCallbacks, "callbacks are promised"
	}
	n := 0
	for _, o := range s.Line {
		if o.Callback == t.Callback {
			n++
		}
	}
	if limit == 0 || n < limit {
		return ""
	}
	return fmt.Sprintf("%d %s already", n, what)
}

// knows tells whether a ticket waits, talks, or has been used up.
func (s *State) knows(id string) bool {
	return s.ticket(id) != nil || s.talk(id) != nil || slices.ContainsFunc(s.Gone, func(g gone) bool { return g.Ticket == id })
}

// leaveBefore ends what is left of an earlier wait of the same call: it can only
// wait once. A callback that it asked for waits on its own.
func (s *State) leaveBefore(id call.ID, now time.Time) {
	for _, t := range slices.Clone(s.Line) {
		if t.Call == id && !t.Callback {
			s.left(t.ID, WhyEnded, now)
		}
	}
}

// left lets a caller go, from the line or out of a conversation.
func (s *State) left(id, why string, now time.Time) {
	if l := s.talk(id); l != nil {
		s.parted(l, now)
	}
	t := s.ticket(id)
	if t == nil {
		return
	}
	s.drop(t, now)
	if why != WhyAbandoned || t.Callback {
		return
	}
	if now.Sub(t.Since) < shortWait {
		s.Figures.Short++
	} else {
		s.Figures.Abandoned++
	}
	if keep := s.Rules.KeepPlace.Std(); keep > 0 && t.Caller.Number != "" {
		s.Kept = slices.DeleteFunc(s.Kept, func(k kept) bool { return k.Number == t.Caller.Number })
		s.Kept = append(s.Kept, kept{Number: t.Caller.Number, rank: t.rank, Until: now.Add(keep)})
	}
}

// drop takes a ticket out of the line, and gives back whoever it was offered to.
func (s *State) drop(t *ticket, now time.Time) {
	s.Line = slices.DeleteFunc(s.Line, func(o *ticket) bool { return o == t })
	s.Leases = slices.DeleteFunc(s.Leases, func(l *lease) bool { return l.Ticket == t.ID && !l.Talk })
	s.Gone = append(s.Gone, gone{Ticket: t.ID, At: now, rank: t.rank})
}

// empty sends callers on where nobody could ever answer them. Callbacks wait for
// somebody who can.
func (s *State) empty() []Word {
	if !s.Rules.LeaveWhenEmpty || slices.ContainsFunc(s.Members, func(m *member) bool { return !m.Known || m.serves() }) {
		return nil
	}
	var out []Word
	for _, t := range slices.Clone(s.Line) {
		if !t.Callback && !s.offered(t) {
			out = append(out, Word{To: t.Reply, Kind: Leave, Ticket: t.ID, Entered: t.Entered, Exit: "no-members", Why: "no member is logged in, on schedule and reachable"})
			s.drop(t, s.Met)
		}
	}
	return out
}

func (s *State) ticket(id string) *ticket {
	for _, t := range s.Line {
		if t.ID == id {
			return t
		}
	}
	return nil
}

// Standing says where a caller stands: the position, in which callbacks count
// like everybody, and the wait that the last calls let expect. Each member on
// duty takes one of those before in turn.
func (s *State) Standing(id string) Standing {
	i := slices.IndexFunc(s.Line, func(t *ticket) bool { return t.ID == id })
	if i < 0 {
		return Standing{}
	}
	people := map[string]bool{}
	for _, m := range s.Members {
		if m.serves() && !m.Paused {
			people[m.person()] = true
		}
	}
	out := Standing{Position: i + 1, Entered: s.Line[i].Entered}
	var spent call.Duration
	for _, d := range s.Figures.Spent {
		spent += d
	}
	if n := len(s.Figures.Spent); n > 0 && len(people) > 0 {
		out.Expected = spent / call.Duration(n) * call.Duration(i+1) / call.Duration(len(people))
	}
	return out
}
