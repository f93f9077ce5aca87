package queue

import (
	"slices"
	"time"
)

// rank is where somebody stands in the order of those who wait. Places are given
// as callers come, and belong to the caller rather than to the ticket: who drops
// and calls again, or is called back, stands in the old one.
type rank struct {
	Place    int `json:"place,omitempty"` // from 1; 0: none
	Priority int `json:"priority,omitempty"`
}

// before tells who is served first: the higher priority, then the older place.
func (r rank) before(o rank) bool {
	if r.Priority != o.Priority {
		return r.Priority > o.Priority
	}
	return r.Place < o.Place
}

// kept is the place of a caller who dropped.
type kept struct {
	Number string `json:"number"`
	rank
	Until time.Time `json:"until"`
}

// gone is a ticket that is used up, and the place that it had, until somebody
// else has it or a member has answered.
type gone struct {
	Ticket string    `json:"ticket"`
	At     time.Time `json:"at"`
	rank
}

// inherit gives a ticket the best of the places that are the caller's already.
// Whoever comes after an earlier ticket has the place of that; whoever calls
// again, the one of a callback or of the call that dropped. A callback promised
// to somebody who was promised one before stands for both.
func (s *State) inherit(t *ticket, after string, now time.Time) []Word {
	var mine []rank
	var out []Word
	if after != "" {
		mine = append(mine, s.succeed(after, now))
	} else {
		mine = append(mine, s.back(t.Caller.Number, now))
	}
	if after == "" || t.Callback {
		was, words := s.recall(t.Caller.Number, now)
		mine, out = append(mine, was), words
	}
	var best rank
	for _, r := range mine {
		if r.Place == 0 {
			continue
		}
		if s.give(r.Place); best.Place == 0 || r.before(best) {
			best = r
		}
	}
	t.rank = rank{best.Place, max(t.Priority, best.Priority)}
	return out
}

// succeed is the place of a ticket that another comes after. If it still stands
// in the line, it does no longer.
func (s *State) succeed(ticket string, now time.Time) rank {
	if t := s.ticket(ticket); t != nil {
		s.drop(t, now)
		return t.rank
	}
	for _, g := range s.Gone {
		if g.Ticket == ticket {
			return g.rank
		}
	}
	return rank{}
}

// back is the place of a caller who dropped.
func (s *State) back(number string, now time.Time) rank {
	for _, k := range s.Kept {
		if k.Number == number && now.Before(k.Until) {
			return k.rank
		}
	}
	return rank{}
}

// give takes a place away from all that it was kept for: nobody else finds it
// any more.
func (s *State) give(place int) {
	s.Kept = slices.DeleteFunc(s.Kept, func(k kept) bool { return k.Place == place })
	for i := range s.Gone {
		if s.Gone[i].Place == place {
			s.Gone[i].rank = rank{}
		}
	}
}
