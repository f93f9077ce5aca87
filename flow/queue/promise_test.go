package queue

import (
	"fmt"
	"slices"
	"time"

	"tandem/flow/call"
)

// promise is a callback: who asked for it, and what the queue has been told of
// it. It calls when it hears that it is its turn, and is over once the customer
// answers, has called again, or cannot be reached.
type promise struct {
	h      *hall
	c      *caller
	number string
	ticket string
	tries  int
	trying bool
	over   bool // hears nothing any more
	served bool // the customer has talked to a member

	joined, ended bool   // what the queue knows
	heir          string // ticket that is instead of it, because of another call
	warned        bool   // of that
	called        bool   // its turn was said
	rests         time.Time
}

// mostTries is how often a customer is called; when all is calm, until an answer.
const mostTries = 3

// ask is the caller who has given a ticket up and wants to be called back. Some
// ask twice in one call, of whom some give another number.
func (c *caller) ask(ticket string) {
	h, numbers := c.h, []string{c.number}
	if h.IntN(3) == 0 {
		numbers = append(numbers, c.number+pick(h, []string{"", "9"}))
	}
	for i, number := range numbers {
		h.in(h.seconds(20*i), func() { c.promised(ticket, number) })
	}
	if h.IntN(3) == 0 {
		h.in(2*time.Second+h.seconds(200), func() { c.join(c.rules) })
	}
}

func (c *caller) promised(after, number string) {
	h := c.h
	p := &promise{h: h, c: c, number: number, ticket: fmt.Sprint(after, ".callback", len(h.promises))}
	h.promises = append(h.promises, p)
	window := 24 * time.Hour
	switch h.IntN(12) {
	case 0, 1:
		window = h.seconds(300)
		h.in(window, func() { p.end(WhyTimeout) })
	case 2:
		h.in(h.seconds(300), func() { p.end(WhyEnded) }) // withdrawn
	case 3:
		h.in(h.seconds(300), func() { p.over = true }) // vanishes
	}
	h.send(Message{Kind: Join, Ticket: p.ticket, Joining: &Joining{Call: call.ID(after), Reply: "callback-" + p.ticket, Callback: true,
		After: after, Caller: call.Party{Number: number}, Patience: call.Duration(window), Rules: c.rules}})
}

func (p *promise) end(why string) {
	if !p.over {
		p.over = true
		p.h.send(Message{Kind: Left, Ticket: p.ticket, Why: why})
	}
}

func (p *promise) hear(w Word) {
	switch {
	case w.Kind == Leave:
		p.over = true
	case w.Kind == Turn && !p.trying:
		p.try()
	}
}

// try rings the customer. Now and then whoever does that stands still so long
// that the queue takes it for lost.
func (p *promise) try() {
	h := p.h
	p.trying = true
	p.tries++
	length := h.seconds(40)
	if h.IntN(20) == 0 {
		length += turnFor
	}
	h.in(length, func() {
		p.trying = false
		switch {
		case p.over:
		case !p.c.engaged && (h.calmed() || h.IntN(2) == 0):
			p.over = true
			p.c.answer(p)
		case p.tries >= mostTries && !h.calmed():
			p.end(WhyUnreached)
		default:
			h.send(Message{Kind: Later, Ticket: p.ticket, Until: h.now.Add(20*time.Second + h.seconds(300))})
		}
	})
}

// expect notes which promises a message ends or puts off, by what is written
// about them and not by what the queue does.
func (h *hall) expect(m Message) {
	comes := m.Kind == Join && !h.told[m.Ticket]
	h.told[m.Ticket] = h.told[m.Ticket] || comes
	another := comes && (m.Joining.After == "" || m.Joining.Callback)
	for _, p := range h.promises {
		own := m.Ticket == p.ticket
		switch {
		case p.ended:
		case own && m.Kind == Left:
			p.ended = p.joined // who leaves before joining has vanished
		case own && m.Kind == Later && h.now.Before(m.Until):
			p.called, p.rests = false, m.Until
		case comes && m.Joining.After == p.ticket:
			p.ended = true
		case another && p.joined && !own && m.Joining.Caller.Number == p.number:
			p.ended, p.heir, h.stood[p.ticket].given = true, m.Ticket, true
		}
	}
}

// checkPromises looks whether those that are open stand in the line, and only
// those, without a member.
func (h *hall) checkPromises(words []Word) {
	for _, p := range h.promises {
		t := h.s.ticket(p.ticket)
		p.joined = p.joined || t != nil
		p.warned = p.warned || slices.ContainsFunc(words, func(w Word) bool { return w.Ticket == p.ticket && w.Kind == Leave })
		switch {
		case p.ended && t != nil:
			h.blame("%s is over, and stands in the line", p.ticket)
		case p.heir != "" && !p.warned:
			h.blame("%s is not told that the caller has called again", p.ticket)
		case p.joined && !p.ended && t == nil:
			if p.ended = true; !p.over { // which the queue was not told, and has waited for long enough
				h.blame("%s was forgotten", p.ticket)
			}
		case t != nil && h.s.offered(t):
			h.blame("%s holds a member, and nobody is on the phone", p.ticket)
		}
	}
}

// checkTurn looks whether a callback may be called: it is neither over nor
// called nor put off, nobody in front of it is left out, and somebody is free for
// it.
func (h *hall) checkTurn(w Word, free int) {
	p := h.promise(w.Ticket)
	switch {
	case p == nil:
		h.blame("%s has its turn and was never promised a call", w.Ticket)
		return
	case p.ended:
		h.blame("%s is over, and has its turn", w.Ticket)
	case h.now.Before(p.rests):
		h.blame("%s has its turn and was to rest until %v", w.Ticket, p.rests.Sub(midnight))
	case h.called() >= free:
		h.blame("%s has its turn, as the %dth for %d who are free", w.Ticket, h.called()+1, free)
	}
	p.called, p.rests = true, h.now.Add(turnFor)
}

// called counts the promises that are being called, as far as the queue knows.
func (h *hall) called() int {
	n := 0
	for _, p := range h.promises {
		if p.called && !p.ended && h.now.Before(p.rests) {
			n++
		}
	}
	return n
}

// passed tells whether others may be served before somebody in front of them: a
// caller for whom phones ring, a callback that rests, or one for which nobody
// is free besides those for whom others are being called.
func (h *hall) passed(t *ticket, w Word, free int) bool {
	p := h.promise(t.ID)
	switch {
	case p == nil:
		return h.s.offered(t)
	case h.now.Before(p.rests):
		return true
	}
	return w.Kind == Offer && h.called() >= free
}

// free counts the people who were free when the first of some words was said.
func (h *hall) free(words []Word) int {
	seen := map[string]bool{}
	for _, m := range h.s.free(h.now) {
		seen[m.person()] = true
	}
	for _, w := range words {
		for _, r := range w.Members {
			seen[h.phones[r.ContactMethod].person.name] = true
		}
	}
	return len(seen)
}

func (h *hall) promise(ticket string) *promise {
	for _, p := range h.promises {
		if p.ticket == ticket {
			return p
		}
	}
	return nil
}
