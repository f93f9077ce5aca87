package queue

import (
	"hash/fnv"
	"slices"
	"time"

	"tandem/flow/call"
)

// State is all that a queue has to remember. It is plain JSON: written and read
// again between any two steps, it goes on as if nothing had happened.
//
// # Why leases
//
// A caller and a member are brought together by three parties that do not share
// a clock: the queue, the call, and the node that rings. So the queue promises a
// member to one caller by a lease, with an id of its own and an end, and says
// nothing about that member to anybody else until the lease was given back or
// has lapsed. Whatever is told about a lease that is over is too late and
// dropped. We turned down locks on members (who unlocks for a call that died?)
// and letting each call choose for itself (order cannot be kept).
//
// # Why callbacks stand in the line
//
// A callback is a ticket like any other, which rests while its customer is called
// or was called in vain; so there is one order, and a place in it is handed from
// the call that waited to the callback and on to the call that keeps the promise.
// No member is held meanwhile. We turned that down because a phone rings for half
// a minute, often in vain, and somebody is always on the line; the price is that
// who answers may have to wait for the next member. That few have to, we only
// call as many at once as people are free.
type State struct {
	ID      ID        `json:"id"`
	Rules   Rules     `json:"rules"`
	Line    []*ticket `json:"line"` // who waits, the first first
	Members []*member `json:"members"`
	Leases  []*lease  `json:"leases"` // offers and conversations
	Kept    []kept    `json:"kept,omitempty"`
	Gone    []gone    `json:"gone,omitempty"`
	Met     time.Time `json:"met,omitzero"`   // when the roster was looked up
	Last    string    `json:"last,omitempty"` // contact method that answered last
	Figures Figures   `json:"figures"`
	Places  int       `json:"places"` // given so far
	Seed    uint64    `json:"seed"`
}

// Figures are what a queue knows of its past.
type Figures struct {
	Answered  int             `json:"answered"`
	Abandoned int             `json:"abandoned"`       // after 5 s or later
	Short     int             `json:"short"`           // before
	Spent     []call.Duration `json:"spent,omitempty"` // by members on each of the last calls, wrap-up included
}

const (
	// grace is how long after its time an offer may still be answered for: the
	// wait for key 1, and a restart of whoever carries the answer.
	grace = 45 * time.Second
	// rosterFor is how old the roster may be while somebody waits.
	rosterFor = 30 * time.Second
	// busyFor is when a member who was busy, or could not be rung, is tried again;
	// then after twice as long each time, up to busyMost.
	busyFor  = 5 * time.Second
	busyMost = 20 * time.Second
	// checkEvery is how often a call in conversation is asked whether it is there.
	checkEvery = 10 * time.Minute
	// goneFor is how long a ticket that is used up is remembered: a join repeated
	// later than that cannot be.
	goneFor = 10 * time.Minute
	// shortWait parts those who gave up from those who did not really wait
	// (product sheet 11).
	shortWait = 5 * time.Second
	// mostSpent bounds Figures.Spent.
	mostSpent = 10
)

// New is a queue that nobody has joined.
func New(id ID) *State {
	h := fnv.New64a()
	h.Write([]byte(id))
	return &State{ID: id, Seed: h.Sum64()}
}

// Apply takes a message and says what is to be told to calls. The roster may be
// too old afterwards: see Roster.
func (s *State) Apply(m Message, now time.Time) []Word {
	var out []Word
	switch m.Kind {
	case Join:
		out = s.join(m, now)
	case Left:
		s.left(m.Ticket, m.Why, now)
	case Rang:
		s.rang(m, now)
	case Talked:
		s.talked(m, now)
	case Later:
		s.later(m, now)
	case Changed:
		s.Met = time.Time{}
	}
	return append(out, s.Wake(now)...)
}

// Lost takes that the call behind a ticket cannot be told anything: it is over.
func (s *State) Lost(ticket string, now time.Time) []Word {
	s.left(ticket, WhyEnded, now)
	return s.Wake(now)
}

// Roster says whose state has to be looked up before anybody is offered, and
// whether they need not log in. Nothing needs to be while nobody waits, or only
// callbacks that rest.
func (s *State) Roster(now time.Time) (contactMethods []string, in, needed bool) {
	if s.resting(now) || !s.stale(now) {
		return nil, false, false
	}
	for _, m := range s.Members {
		contactMethods = append(contactMethods, m.ContactMethod)
	}
	return contactMethods, !s.Rules.MembersLogIn, true
}

func (s *State) stale(now time.Time) bool { return s.Met.IsZero() || now.Sub(s.Met) >= rosterFor }

// Meet takes what the directory knows of members. Where nobody could be looked
// up, all are left as they were known and looked up again soon.
func (s *State) Meet(people []Person, now time.Time) []Word {
	s.Met = now
	if len(people) == 0 {
		s.Met = now.Add(busyFor - rosterFor)
	}
	for _, p := range people {
		if m := s.member(p.ContactMethod); m != nil {
			m.meet(p, now)
		}
	}
	return s.Wake(now)
}

// Wake does what is due, and brings waiting callers and free members together,
// unless the roster has to be looked up first.
func (s *State) Wake(now time.Time) []Word {
	s.lapse(now)
	if len(s.Line) == 0 || s.stale(now) {
		return nil
	}
	return slices.Concat(s.checks(now), s.empty(), s.allot(now))
}

// Next is when Wake has something to do, zero while nobody waits.
func (s *State) Next(now time.Time) time.Time {
	if len(s.Line) == 0 {
		return time.Time{}
	}
	next := s.Line[0].Until
	sooner := func(t time.Time) {
		if t.Before(next) {
			next = t
		}
	}
	for _, t := range s.Line {
		sooner(t.Until)
		if t.rests(now) {
			sooner(t.NotBefore)
		}
	}
	if s.resting(now) {
		return next
	}
	sooner(s.Met.Add(rosterFor))
	for _, l := range s.Leases {
		sooner(l.Until)
	}
	for _, m := range s.Members {
		if m.Away.After(now) {
			sooner(m.Away)
		}
	}
	return next
}

// Idle tells whether the queue holds nothing that would be missed.
func (s *State) Idle() bool { return len(s.Line) == 0 && len(s.Leases) == 0 }
