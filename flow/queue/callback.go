package queue

import (
	"slices"
	"time"
)

const (
	// turnFor is how long nothing is heard of a callback that was told its turn
	// before it is told again: longer than any try takes.
	turnFor = 5 * time.Minute
	// mostCallbacks bounds the callbacks of a queue, which no setting does: all of
	// them are in the state that a queue carries on.
	mostCallbacks = 500
)

// rests tells whether it cannot be the turn of a ticket yet: a callback that is
// being called, or was called in vain. Callers on the phone never rest.
func (t *ticket) rests(now time.Time) bool { return now.Before(t.NotBefore) }

// turn says to a callback that it is its turn. No member is held for it: whoever
// stands behind is served meanwhile. But no more are called at once than people
// are free, for who is called back should not have to wait again.
func (s *State) turn(t *ticket, free []*member, now time.Time) []Word {
	if t.rests(now) || s.called(now) >= people(free) {
		return nil
	}
	t.Called, t.NotBefore = now, now.Add(turnFor)
	return []Word{{To: t.Reply, Kind: Turn, Ticket: t.ID, Entered: t.Entered}}
}

// called counts the callbacks that are being called.
func (s *State) called(now time.Time) int {
	n := 0
	for _, t := range s.Line {
		if !t.Called.IsZero() && t.rests(now) {
			n++
		}
	}
	return n
}

func people(members []*member) int {
	seen := map[string]bool{}
	for _, m := range members {
		seen[m.person()] = true
	}
	return len(seen)
}

// later takes that a callback reached nobody and rests for a while. What comes
// when that is over is too late: it may be called again already.
func (s *State) later(m Message, now time.Time) {
	if t := s.ticket(m.Ticket); t != nil && t.Callback && now.Before(m.Until) {
		t.Called, t.NotBefore = time.Time{}, m.Until
	}
}

// recall ends the callback to a number, whose caller waits again or was promised
// another, and says where it stood.
func (s *State) recall(number string, now time.Time) (rank, []Word) {
	for _, t := range s.Line {
		if t.Callback && number != "" && t.Caller.Number == number {
			s.drop(t, now)
			return t.rank, []Word{{To: t.Reply, Kind: Leave, Ticket: t.ID, Entered: t.Entered, Why: "the caller has called again"}}
		}
	}
	return rank{}, nil
}

// resting tells whether nobody in the line could be brought together with a
// member now: nobody waits, or only callbacks whose time has not come.
func (s *State) resting(now time.Time) bool {
	return !slices.ContainsFunc(s.Line, func(t *ticket) bool { return !t.rests(now) })
}
