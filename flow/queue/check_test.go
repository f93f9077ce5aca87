package queue

import "slices"

// check holds the queue against its rules and against what really is.
func (h *hall) check(words []Word) {
	engaged, talks := map[string]string{}, map[string]bool{}
	for _, l := range h.s.Leases {
		if talks[l.Ticket] || l.Talk && h.s.ticket(l.Ticket) != nil || !l.Talk && h.s.ticket(l.Ticket) == nil {
			h.blame("ticket %s has a conversation and something else", l.Ticket)
		}
		talks[l.Ticket] = l.Talk
		for _, held := range l.Held {
			if other := engaged[held.Person]; other != "" && other != l.ID {
				h.blame("%s is promised by %s and by %s", held.Person, other, l.ID)
			}
			engaged[held.Person] = l.ID
		}
	}
	for i := 1; i < len(h.s.Line); i++ {
		if !h.s.Line[i-1].before(h.s.Line[i].rank) {
			h.blame("%s stands before %s", h.s.Line[i-1].ID, h.s.Line[i].ID)
		}
	}
	for _, c := range h.callers {
		if c.waiting && c.joined && h.s.ticket(c.ticket) == nil && h.s.talk(c.ticket) == nil && !slices.ContainsFunc(words, func(w Word) bool { return w.Ticket == c.ticket }) && !c.dismissed {
			h.blame("%s was forgotten", c.ticket)
		}
		c.joined = c.joined || h.s.ticket(c.ticket) != nil
	}
	h.checkPromises(words)
	h.checkPlaces()
	for i, w := range words {
		h.checkWord(w, h.free(words[i:]))
	}
}

// checkWord looks at one word: is it the turn of this caller, or callback, while
// so many people are free, and may these members be rung?
func (h *hall) checkWord(w Word, free int) {
	if w.Kind == Leave {
		for _, c := range h.callers {
			c.dismissed = c.dismissed || c.ticket == w.Ticket
		}
	}
	if w.Kind != Offer && w.Kind != Turn {
		return
	}
	for _, t := range h.s.Line {
		if t.ID == w.Ticket {
			break
		}
		if !h.passed(t, w, free) {
			h.blame("%s is served before %s", w.Ticket, t.ID)
		}
	}
	if w.Kind == Turn {
		h.checkTurn(w, free)
	}
	for _, r := range w.Members {
		p, ph := h.known[r.ContactMethod], h.phones[r.ContactMethod]
		switch {
		case p.Out || p.Paused || p.Unreachable || p.OffSchedule && !r.IgnoreSchedule:
			h.blame("%s is rung: %+v", r.ContactMethod, p)
		case h.now.Before(h.rest[r.ContactMethod]):
			h.blame("%s is rung in the rest", r.ContactMethod)
		case h.now.Before(ph.person.wrapped):
			h.blame("%s is rung while wrapping up", r.ContactMethod)
		case ph.person.with != nil:
			h.blame("%s is rung for %s while with %s", r.ContactMethod, w.Ticket, ph.person.with.ticket)
		}
	}
}
