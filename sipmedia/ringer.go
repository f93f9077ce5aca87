package sipmedia

import (
	"tandem/flow/call"
	"tandem/sipmedia/dtmf"
)

// Ring rings destinations along a time line and joins the caller with the first
// that answers. About done and the error see Play.
func (s *Switch) Ring(op call.OpID, in call.Ring, done func(call.Rang, error)) error {
	return submit(s, in.Leg.Call(), op, done, func(c *live, o *operation) {
		l, err := c.leg(in.Leg)
		if err != nil {
			c.finish(o, nil, err)
			return
		}
		r := &ringer{c: c, o: o, a: l, in: in, tone: tone{a: l, audio: in.Ringback}}
		r.ring = newRing(c, l, in.From, in.Bars, r)
		c.takeBack(l)
		o.task = r
		r.start()
	})
}

// ringer is a Ring at work.
type ringer struct {
	c    *live
	o    *operation
	a    *leg
	in   call.Ring
	ring *ring
	tone tone
}

func (r *ringer) start() {
	if r.a.ended() {
		r.end(call.Rang{Outcome: call.OutcomeCallerGone}, nil, call.CauseCallerCancelled)
		return
	}
	r.tone.start()
	r.ring.advance()
}

func (r *ringer) rings() { r.tone.ringing() }

func (r *ringer) follow(l *leg) { r.tone.follow(l) }

func (r *ringer) won() {}

func (r *ringer) lost() {}

// join answers the caller: somebody is there who talks.
func (r *ringer) join(l *leg, t call.Target) {
	r.tone.end()
	if !r.a.answered() && r.a.rec.State != call.LegEarly { // a 183 has named the codec already
		r.a.session.Prefer(l.agreed.Codec.Name)
	}
	r.a.answer()
	if r.o.done {
		return // the caller was lost in the answering
	}
	r.c.join(r.a, l, r.in.Hold)
	r.end(call.Rang{Outcome: call.OutcomeAnswered, Leg: l.rec.ID, Target: t}, l, call.CauseAnsweredElsewhere)
}

func (r *ringer) nobody(why call.Outcome) { r.end(call.Rang{Outcome: why}, nil, call.CauseNormal) }

func (r *ringer) keyDown(*leg, dtmf.Key) {}

func (r *ringer) legEnded(l *leg) {
	if l == r.a {
		r.end(call.Rang{Outcome: call.OutcomeCallerGone}, nil, call.CauseCallerCancelled)
	}
}

func (r *ringer) end(rang call.Rang, keep *leg, cause call.Cause) {
	r.tone.end()
	rang.Attempts = r.ring.end(keep, cause)
	r.c.finish(r.o, rang, nil)
}

// stop is reached when another operation takes over while it rings, too.
func (r *ringer) stop() {
	r.tone.end()
	if !r.ring.over {
		r.ring.end(nil, call.CauseNormal)
	}
}
