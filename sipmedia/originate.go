package sipmedia

import (
	"cmp"
	"slices"

	"tandem/flow/call"
	"tandem/sipmedia/dtmf"
)

// opening names the operation that begins a call, whatever it was asked for as:
// that happens once in the life of a call, and never to one that came in.
const opening call.OpID = "opening"

// Originate begins a call by ringing whoever is to be its caller. About done and
// the error see Play; ErrNoNewCalls, which is an ErrClosed, says that the switch
// is closing.
func (s *Switch) Originate(_ call.OpID, in call.Originate, done func(call.Originated, error)) error {
	if s.enter(in.Call) == nil {
		return call.ErrNoNewCalls
	}
	return submitBeside(s, in.Call, opening, done, func(c *live, o *operation) {
		if c.a != nil || c.ending {
			c.finish(o, nil, ErrNoLeg)
			return
		}
		c.log.Info("call begun")
		g := &originator{c: c, o: o}
		g.ring = newRing(c, nil, in.From, []call.Bar{{Target: in.Target, Length: in.Ring}}, g)
		c.current, o.task = o, g
		g.ring.advance()
	})
}

// originator is an Originate at work: a ring for whose sake nobody waits.
type originator struct {
	c    *live
	o    *operation
	ring *ring
}

func (g *originator) rings() {}

func (g *originator) follow(*leg) {}

func (g *originator) won() {}

func (g *originator) lost() {}

// join makes who has answered the caller. If nobody goes on with the call, they
// are not left in silence: whoever was in charge is gone.
func (g *originator) join(l *leg, _ call.Target) {
	c := g.c
	c.adopt(l)
	g.end(call.Originated{Outcome: call.OutcomeAnswered, Leg: l.rec.ID}, l, call.CauseAnsweredElsewhere)
	c.unasked = c.after(c.s.cfg.Waits.Unasked, func() { c.dropCaller(errUnasked) })
}

func (g *originator) nobody(why call.Outcome) {
	g.end(call.Originated{Outcome: why}, nil, call.CauseNormal)
	g.c.awaitEnd()
}

func (g *originator) end(out call.Originated, keep *leg, cause call.Cause) {
	out.Attempts = g.ring.end(keep, cause)
	g.c.finish(g.o, out, nil)
}

func (g *originator) keyDown(*leg, dtmf.Key) {}

func (g *originator) legEnded(*leg) {}

// stop is reached when the call is ended while it rings, too. The phones learn
// why: who has called again in the meantime has missed nothing.
func (g *originator) stop() {
	if !g.ring.over {
		g.ring.end(nil, cmp.Or(g.c.parting, call.CauseNormal))
	}
}

// adopt makes a leg that was rung the caller's. It keeps the name under which
// its SIP messages have been told.
func (c *live) adopt(l *leg) {
	c.a, l.rec.Side = l, "a"
	c.legs = slices.DeleteFunc(c.legs, func(other *leg) bool { return other == l })
	c.legs = slices.Insert(c.legs, 0, l)
}
