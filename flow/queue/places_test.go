package queue

import "time"

// stand is where a ticket stood first, and whether somebody else stands there.
type stand struct {
	rank
	left  time.Time
	given bool
}

// checkPlaces looks whether everybody stands where they stood, and nobody in the
// place of another.
func (h *hall) checkPlaces() {
	taken := map[int]string{}
	for _, t := range h.s.Line {
		if other := taken[t.Place]; other != "" {
			h.blame("%s and %s stand in place %d", other, t.ID, t.Place)
		}
		taken[t.Place] = t.ID
		if was := h.stood[t.ID]; was == nil {
			h.stood[t.ID] = &stand{rank: t.rank}
		} else if was.rank != t.rank {
			h.blame("%s was moved from %v to %v", t.ID, was.rank, t.rank)
		}
	}
	for id, was := range h.stood {
		if was.left.IsZero() && h.s.ticket(id) == nil {
			was.left, was.given = h.now, was.given || h.s.talk(id) != nil
		}
	}
}

// keepsPlace looks whether somebody who waited before stands where they stood. t
// is the ticket before the message.
func (h *hall) keepsPlace(m Message, t *ticket) {
	keep := h.s.Rules.KeepPlace.Std()
	switch now := h.s.ticket(m.Ticket); {
	case m.Kind == Left && m.Why == WhyAbandoned && t != nil && keep > 0:
		h.places[t.Caller.Number] = kept{rank: t.rank, Until: h.now.Add(keep)}
	case m.Kind != Join || t != nil || now == nil:
	case m.Joining.After != "" || m.Joining.Callback:
		h.comesAfter(now, m.Joining.After)
		h.comesFor(now)
	default:
		h.comesBack(now)
		h.comesFor(now)
	}
}

// comesAfter looks whether a ticket has the place of the one it comes after.
func (h *hall) comesAfter(t *ticket, after string) {
	was := h.stood[after]
	if was == nil || was.given || h.now.Sub(was.left) >= goneFor {
		return
	}
	if was.given = true; was.before(t.rank) {
		h.blame("%s stands at %v and comes after %s, which stood at %v", t.ID, t.rank, after, was.rank)
	}
}

// comesFor looks whether a ticket has the place of the callback that it is
// instead of.
func (h *hall) comesFor(t *ticket) {
	for _, p := range h.promises {
		if was := h.stood[p.ticket]; p.heir == t.ID && was.before(t.rank) {
			h.blame("%s stands at %v, and its callback stood at %v", t.ID, t.rank, was.rank)
		}
	}
}

// comesBack looks whether a caller who dropped has the old place.
func (h *hall) comesBack(t *ticket) {
	was, ok := h.places[t.Caller.Number]
	if !ok || !h.now.Before(was.Until) {
		return
	}
	if delete(h.places, t.Caller.Number); t.Place != was.Place {
		h.blame("%s comes back to place %d, not %d", t.ID, t.Place, was.Place)
	}
}
