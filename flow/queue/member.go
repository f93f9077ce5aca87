package queue

import (
	"cmp"
	"slices"
	"time"

	"tandem/flow/call"
)

// member is one who takes calls, as the queue knows them.
type member struct {
	Person
	Set   Member      `json:"set"`
	Away  time.Time   `json:"away,omitzero"`  // is not rung before
	Why   MemberState `json:"why,omitempty"`  // of Away
	Since time.Time   `json:"since,omitzero"` // free: when the last call was over, or the member came
	Calls int         `json:"calls,omitempty"`
	Left  call.ID     `json:"left,omitempty"`  // the last call, which is over for the member
	Vain  int         `json:"vain,omitempty"`  // busy or out of reach so often, one time after the other
	Known bool        `json:"known,omitempty"` // has been looked up
}

// person is who a member is: several contact methods of one user are one person.
func (m *member) person() string { return cmp.Or(m.User, m.ContactMethod) }

// serves tells whether a member could answer some time: is logged in, on
// schedule and reachable.
func (m *member) serves() bool {
	return m.Known && !m.Out && !m.Unreachable && (!m.OffSchedule || m.Set.IgnoreSchedule)
}

// ready tells whether a member may be rung now, unless engaged.
func (m *member) ready(now time.Time) bool { return m.serves() && !m.Paused && !now.Before(m.Away) }

// away keeps a member from being rung.
func (m *member) away(until time.Time, why MemberState) {
	if until.After(m.Away) {
		m.Away, m.Why = until, why
	}
}

// meet takes what the directory knows. Who comes back has been idle from then.
func (m *member) meet(p Person, now time.Time) {
	served := m.serves()
	m.Person, m.Known = p, true
	if !served && m.serves() {
		m.Since = now
	}
}

// take takes the rules of the newest version. Members who stay keep what is
// known of them.
func (s *State) take(r Rules) {
	if r.Version <= s.Rules.Version && s.Members != nil {
		return
	}
	s.Rules = r
	s.Met = time.Time{}
	was := s.Members
	s.Members = make([]*member, 0, len(r.Members))
	for _, set := range r.Members {
		m := &member{Person: Person{ContactMethod: set.ContactMethod}}
		if i := slices.IndexFunc(was, func(o *member) bool { return o.ContactMethod == set.ContactMethod }); i >= 0 {
			m = was[i]
		}
		m.Set = set
		s.Members = append(s.Members, m)
	}
}

func (s *State) member(contactMethod string) *member {
	for _, m := range s.Members {
		if m.ContactMethod == contactMethod {
			return m
		}
	}
	return nil
}
