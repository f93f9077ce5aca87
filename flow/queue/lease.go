package queue

import (
	"fmt"
	"slices"
	"time"

	"tandem/flow/call"
)

// lease is members promised to one caller: an offer, and then the conversation
// of the one who answered.
type lease struct {
	ID     string    `json:"id"`
	Ticket string    `json:"ticket"`
	Call   call.ID   `json:"call"`
	Reply  string    `json:"reply"`
	Held   []held    `json:"held"`
	Talk   bool      `json:"talk,omitempty"`
	Since  time.Time `json:"since"`
	Until  time.Time `json:"until"` // an offer lapses; a conversation is asked whether it goes on
}

// held is a member of a lease, remembered here too: rules may change meanwhile.
type held struct {
	ContactMethod string `json:"contact_method"`
	Person        string `json:"person"`
	Name          string `json:"name"`
}

// offer leases members to a caller.
func (s *State) offer(t *ticket, members []*member, now time.Time) Word {
	t.Offers++
	l := &lease{ID: fmt.Sprintf("%s/%d", t.ID, t.Offers), Ticket: t.ID, Call: t.Call, Reply: t.Reply, Since: now}
	w := Word{To: t.Reply, Kind: Offer, Ticket: t.ID, Entered: t.Entered, Lease: l.ID}
	var longest call.Duration
	for _, m := range members {
		id := m.ContactMethod
		if t.Tried == nil {
			t.Tried = map[string]int{}
		}
		t.Tried[id]++
		longest = max(longest, m.Set.Ring)
		l.Held = append(l.Held, held{id, m.person(), m.Name})
		w.Members = append(w.Members, Rung{id, m.Set.Ring, m.Set.IgnoreSchedule, m.Left})
	}
	l.Until = now.Add(longest.Std() + grace)
	s.Leases = append(s.Leases, l)
	return w
}

// rang takes what became of an offer.
func (s *State) rang(m Message, now time.Time) {
	if l := s.lease(m.Lease); l != nil && !l.Talk {
		for _, r := range m.Results {
			if l.holds(r.ContactMethod) {
				s.settle(r, now)
			}
		}
		s.end(l)
	}
	for _, r := range m.Results {
		if r.Outcome == Answered {
			s.answered(m, r.ContactMethod, now)
		}
	}
}

// settle says when a member is rung again.
func (s *State) settle(r Result, now time.Time) {
	m := s.member(r.ContactMethod)
	if m == nil {
		return
	}
	again := min(busyFor<<min(m.Vain, 4), busyMost)
	m.Vain++
	switch r.Outcome {
	case Busy:
		m.away(now.Add(again), MemberBusy)
		return
	case Unreachable:
		m.away(now.Add(again), MemberUnreachable)
		return
	case Missed:
		m.away(now.Add(s.Rules.Rest.Std()), MemberResting)
	}
	m.Vain = 0
}

// answered makes the conversation of a caller who waits, even where its offer
// has lapsed: what happened, happened.
func (s *State) answered(m Message, contactMethod string, now time.Time) {
	t := s.ticket(m.Ticket)
	if t == nil || t.Callback {
		return
	}
	who := held{ContactMethod: contactMethod, Person: contactMethod}
	if m := s.member(contactMethod); m != nil {
		who.Person, who.Name = m.person(), m.Name
		m.Calls++
	}
	s.Last = contactMethod
	s.Figures.Answered++
	s.drop(t, now)
	s.give(t.Place)
	for _, l := range s.Leases { // the person is nobody else's any more
		if !l.Talk {
			l.Held = slices.DeleteFunc(l.Held, func(h held) bool { return h.Person == who.Person })
		}
	}
	s.Leases = append(s.Leases, &lease{ID: m.Lease, Ticket: t.ID, Call: t.Call, Reply: t.Reply, Held: []held{who}, Talk: true,
		Since: now, Until: now.Add(checkEvery)})
}

// talked takes the end of a conversation, also where its beginning was not told.
func (s *State) talked(m Message, now time.Time) {
	if len(m.Results) > 0 {
		s.answered(m, m.Results[0].ContactMethod, now)
	}
	if l := s.lease(m.Lease); l != nil && l.Talk {
		s.parted(l, now)
	}
}

// parted lets the person of a conversation wrap up.
func (s *State) parted(l *lease, now time.Time) {
	s.end(l)
	until := now.Add(s.Rules.WrapUp.Std())
	for _, m := range s.Members {
		if l.has(m.person()) {
			m.away(until, MemberWrappingUp)
			m.Since, m.Left = now, l.Call
		}
	}
	s.Figures.Spent = append(s.Figures.Spent, call.Duration(until.Sub(l.Since)))
	if n := len(s.Figures.Spent); n > mostSpent {
		s.Figures.Spent = slices.Delete(s.Figures.Spent, 0, n-mostSpent)
	}
}

// lapse ends what nobody has told the end of, and forgets what is too old.
func (s *State) lapse(now time.Time) {
	for _, l := range slices.Clone(s.Leases) {
		if !l.Talk && !now.Before(l.Until) {
			s.end(l)
		}
	}
	for _, t := range slices.Clone(s.Line) {
		if !now.Before(t.Until) {
			s.left(t.ID, WhyEnded, now)
		}
	}
	s.Kept = slices.DeleteFunc(s.Kept, func(k kept) bool { return !now.Before(k.Until) })
	s.Gone = slices.DeleteFunc(s.Gone, func(g gone) bool { return now.Sub(g.At) >= goneFor })
}

// checks asks calls in long conversations whether they are there.
func (s *State) checks(now time.Time) []Word {
	var out []Word
	for _, l := range s.Leases {
		if l.Talk && !now.Before(l.Until) {
			l.Until = now.Add(checkEvery)
			out = append(out, Word{To: l.Reply, Kind: Check, Ticket: l.Ticket})
		}
	}
	return out
}

func (s *State) end(l *lease) {
	s.Leases = slices.DeleteFunc(s.Leases, func(o *lease) bool { return o == l })
}

func (l *lease) holds(contactMethod string) bool {
	return slices.ContainsFunc(l.Held, func(h held) bool { return h.ContactMethod == contactMethod })
}

func (l *lease) has(person string) bool {
	return slices.ContainsFunc(l.Held, func(h held) bool { return h.Person == person })
}

func (s *State) lease(id string) *lease {
	for _, l := range s.Leases {
		if l.ID == id {
			return l
		}
	}
	return nil
}

// talk is the conversation of a ticket.
func (s *State) talk(ticket string) *lease {
	for _, l := range s.Leases {
		if l.Talk && l.Ticket == ticket {
			return l
		}
	}
	return nil
}

// offered tells whether members are leased to a caller.
func (s *State) offered(t *ticket) bool {
	return slices.ContainsFunc(s.Leases, func(l *lease) bool { return l.Ticket == t.ID })
}
