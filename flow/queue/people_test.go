package queue

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"tandem/flow/call"
)

// person is somebody with one phone or two.
type person struct {
	Person
	name    string
	busy    bool // in a call that no queue knows of
	with    *caller
	wrapped time.Time // the end of wrapping up
}

type phone struct {
	id     string
	person *person
}

// caller comes, waits, and comes again after dropping, or is called back.
type caller struct {
	h       *hall
	number  string
	visits  int
	ticket  string
	rules   Rules
	engaged bool     // on the phone
	waiting bool     // hears music
	promise *promise // that this call keeps
	over    bool     // the call of the ticket has ended
	talking *person
	leases  map[string]*ringing

	joined, dismissed bool // what the queue knows
}

// ringing is one lease at work on the node.
type ringing struct {
	c       *caller
	id      string
	phones  map[string]*phone // that still ring
	results []Result
	left    int
}

// join comes of its own accord.
func (c *caller) join(rules Rules) {
	if !c.engaged {
		c.promise = nil
		c.wait(rules, c.number, "")
	}
}

// answer takes the call of a promise.
func (c *caller) answer(p *promise) {
	c.promise = p
	c.wait(c.rules, p.number, p.ticket)
}

func (c *caller) wait(rules Rules, number, after string) {
	h := c.h
	c.visits++
	c.rules, c.ticket = rules, fmt.Sprintf("%s.%d", c.number, c.visits)
	c.engaged, c.waiting, c.over, c.joined, c.dismissed, c.talking, c.leases = true, true, false, false, false, nil, map[string]*ringing{}
	h.send(Message{Kind: Join, Ticket: c.ticket, Joining: &Joining{Call: call.ID(c.ticket), Reply: "call-" + c.ticket,
		Caller: call.Party{Number: number}, After: after, Priority: h.IntN(4) / 3, Patience: call.Duration(24 * time.Hour), Rules: rules}})
	visit := c.visits
	h.in(h.seconds(240), func() {
		if c.visits == visit && c.waiting && !h.calmed() {
			c.drop()
		}
	})
}

// drop is the caller who gives up: hangs up, runs out of time, or vanishes
// without anybody being told. Who runs out of time, or keys the way out, may ask
// to be called back.
func (c *caller) drop() {
	why := pick(c.h, []string{WhyAbandoned, WhyAbandoned, WhyTimeout, WhyEscape, WhyEscape, "vanished"})
	c.stop()
	if why != "vanished" {
		c.h.send(Message{Kind: Left, Ticket: c.ticket, Why: why})
	}
	switch wants := c.h.IntN(2) == 0; {
	case wants && (why == WhyTimeout || why == WhyEscape):
		ticket := c.ticket
		c.h.in(c.h.seconds(10), func() { c.ask(ticket) })
	case wants:
		c.h.in(2*time.Second+c.h.seconds(60), func() { c.join(c.rules) })
	}
}

// stop ends the wait and all ringing for it.
func (c *caller) stop() {
	c.waiting, c.engaged = false, false
	c.close()
	for _, id := range sortedKeys(c.leases) {
		c.leases[id].cancel()
	}
}

// close is the end of the call once all was told.
func (c *caller) close() {
	ticket := c.ticket
	c.h.in(time.Second, func() { c.over = c.over || c.ticket == ticket })
}

func (c *caller) hear(w Word) {
	switch {
	case w.Kind == Leave && c.waiting:
		if c.stop(); c.h.IntN(2) == 0 {
			c.ask(c.ticket)
		}
	case w.Kind == Offer && c.waiting && c.leases[w.Lease] == nil:
		c.ring(w)
	}
}

func (c *caller) ring(w Word) {
	r := &ringing{c: c, id: w.Lease, phones: map[string]*phone{}, left: len(w.Members)}
	c.leases[w.Lease] = r
	for _, m := range w.Members {
		ph := c.h.phones[m.ContactMethod]
		if with := ph.person.with; with != nil && with != c {
			c.h.blame("%s rings for %s while with %s", ph.id, c.ticket, with.ticket)
		}
		if ph.person.busy {
			r.over(ph, Busy)
			continue
		}
		ph.person.with = c
		r.phones[ph.id] = ph
		after, outcome := c.h.mood(m.Ring.Std())
		c.h.in(after, func() { r.happens(ph, outcome) })
	}
}

// mood draws when and how a phone stops ringing.
func (h *hall) mood(ring time.Duration) (time.Duration, Outcome) {
	if h.calmed() {
		return time.Second, Answered
	}
	switch h.IntN(6) {
	case 0:
		return 0, Unreachable
	case 1:
		return h.seconds(int(ring / time.Second)), Missed // declines
	case 2, 3:
		return ring, Missed
	}
	return h.seconds(int(ring / time.Second)), Answered
}

func (r *ringing) happens(ph *phone, o Outcome) {
	if r.phones[ph.id] == nil {
		return
	}
	if o == Answered {
		r.answered(ph)
		return
	}
	r.over(ph, o)
}

// over is one phone that has stopped ringing.
func (r *ringing) over(ph *phone, o Outcome) {
	r.hush(ph.id)
	r.results = append(r.results, Result{ph.id, o})
	if r.left--; r.left == 0 {
		r.c.h.send(Message{Kind: Rang, Ticket: r.c.ticket, Lease: r.id, Results: r.results})
	}
}

// hush silences a phone; its owner is free where no other phone of the owner
// rings for the same lease.
func (r *ringing) hush(id string) {
	ph := r.phones[id]
	delete(r.phones, id)
	if ph == nil {
		return
	}
	for _, other := range r.phones {
		if other.person == ph.person {
			return
		}
	}
	ph.person.with = nil
}

// cancel is the end of a lease whose caller has gone.
func (r *ringing) cancel() {
	for _, id := range sortedKeys(r.phones) {
		r.over(r.phones[id], Freed)
	}
}

// answered joins caller and member. Everybody else stops ringing.
func (r *ringing) answered(ph *phone) {
	c, h := r.c, r.c.h
	if c.talking != nil {
		h.blame("%s is connected twice", c.ticket)
		return
	}
	delete(r.phones, ph.id)
	for _, id := range sortedKeys(r.phones) {
		r.hush(id)
		r.results = append(r.results, Result{id, Freed})
	}
	r.results, r.left = append(r.results, Result{ph.id, Answered}), 0
	c.waiting, c.talking, ph.person.with = false, ph.person, c
	h.served++
	if p := c.promise; p != nil {
		if p.served {
			h.blame("%s is called back twice", p.ticket)
		}
		p.served = true
	}
	for _, id := range sortedKeys(c.leases) {
		if id != r.id {
			c.leases[id].cancel()
		}
	}
	told, length := h.IntN(20) > 0, 60
	if !told {
		length = 30 // who does not tell in grace time is taken for lost
	} else {
		h.send(Message{Kind: Rang, Ticket: c.ticket, Lease: r.id, Results: r.results})
	}
	ticket := c.ticket
	h.in(h.seconds(length), func() {
		c.close()
		c.engaged = false
		ph.person.with, ph.person.wrapped = nil, h.now.Add(c.rules.WrapUp.Std())
		if told && h.IntN(20) == 0 {
			return // the call vanishes
		}
		h.send(Message{Kind: Talked, Ticket: ticket, Lease: r.id, Results: []Result{{ph.id, Answered}}})
		if h.IntN(3) == 0 && !h.calmed() {
			h.in(2*time.Second+h.seconds(30), func() { c.join(c.rules) })
		}
	})
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
