package sipmedia

import (
	"time"

	"tandem/flow/call"
	"tandem/flow/reflex"
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
		r := &ring{c: c, o: o, a: l, in: in, line: reflex.NewTimeline(in.Bars), began: time.Now(), tone: tone{a: l, audio: in.Ringback}}
		c.takeBack(l)
		o.task = r
		r.start()
	})
}

// ring is a Ring at work.
type ring struct {
	c     *live
	o     *operation
	a     *leg
	in    call.Ring
	line  *reflex.Timeline
	began time.Time
	tone  tone
	timer *timer
	tries []*try
}

// try is one leg rung, or one destination that was not.
type try struct {
	bar     int
	leg     *leg // nil: skipped
	attempt call.Attempt
}

func (r *ring) start() {
	if r.a.ended() {
		r.end(call.Rang{Outcome: call.OutcomeCallerGone})
		return
	}
	r.tone.start()
	r.advance()
}

// advance does what the time line asks for until it has to wait, or nothing is
// left to wait for.
func (r *ring) advance() {
	for !r.o.done {
		now := time.Since(r.began)
		expired, begun := r.line.Advance(now)
		for _, bar := range expired {
			r.giveUp(bar)
		}
		for _, bar := range begun {
			r.ringBar(bar)
		}
		at, more := r.line.Next()
		if !more {
			r.nobody()
			return
		}
		if wait := at - time.Since(r.began); wait > 0 && r.line.Ringing() {
			r.timer.stop()
			r.timer = r.c.after(wait, r.advance)
			r.tone.follow(r.early())
			return
		}
	}
}

// giveUp cancels what still rings of a bar whose time is over.
func (r *ring) giveUp(bar int) {
	for _, t := range r.tries {
		if t.bar == bar && t.leg != nil && !t.leg.ended() {
			r.line.Rang()
			t.leg.hangUp(call.CauseNoAnswer, reason(call.CauseNoAnswer))
		}
	}
}

// ringBar rings every binding of a bar's target.
func (r *ring) ringBar(bar int) {
	target := r.in.Bars[bar].Target
	if target.Skip != "" {
		r.skip(bar, target, target.Skip)
		return
	}
	places, cause := r.c.s.places(target)
	if len(places) == 0 {
		r.skip(bar, target, cause)
		return
	}
	for _, p := range places {
		t := &try{bar: bar, attempt: attemptOf(target)}
		t.attempt.Binding = p.To
		r.tries = append(r.tries, t)
		var err error
		if t.leg, err = r.c.dial(target, p, r.in.From, r.a); err != nil {
			r.c.log.Warn("not rung", "error", err)
			t.attempt.Cause = dialCause(err)
			t.attempt.Ended = time.Now()
		}
	}
	r.barOver(bar)
}

func (r *ring) skip(bar int, target call.Target, cause call.Cause) {
	t := &try{bar: bar, attempt: attemptOf(target)}
	t.attempt.Cause, t.attempt.Skipped, t.attempt.Ended = cause, true, t.attempt.Started
	r.tries = append(r.tries, t)
	r.line.Over(bar)
}

func attemptOf(t call.Target) call.Attempt {
	return call.Attempt{ContactMethod: t.ContactMethod, Name: t.Name, Started: time.Now()}
}

// barOver ends a bar of which nothing rings any more.
func (r *ring) barOver(bar int) {
	for _, t := range r.tries {
		if t.bar == bar && t.leg != nil && !t.leg.ended() {
			return
		}
	}
	r.line.Over(bar)
}

// progress is a 18x of a leg.
func (r *ring) progress(l *leg, body []byte) {
	r.line.Rang()
	if body != nil {
		l.move(call.LegEarly)
		l.check("early media", l.accept(body))
	}
	r.tone.ringing()
	r.tone.follow(r.early())
}

// early is the leg whose early media the caller may hear: the only one that
// rings, and only if it sends any.
func (r *ring) early() *leg {
	var only *leg
	for _, t := range r.tries {
		if t.leg == nil || t.leg.ended() {
			continue
		}
		if only != nil {
			return nil
		}
		only = t.leg
	}
	if only == nil || only.rec.State != call.LegEarly || !only.ready {
		return nil
	}
	return only
}

// answered is a 200 of a leg: the first joins the caller, who is answered now.
func (r *ring) answered(l *leg, body []byte) {
	if body != nil || !l.ready {
		if err := l.accept(body); err != nil {
			l.move(call.LegAnswered)
			l.hangUp(call.CauseNotAcceptable, reason(call.CauseNotAcceptable))
			return
		}
	}
	l.move(call.LegAnswered)
	l.taken()
	r.tone.end()
	if !r.a.answered() && r.a.rec.State != call.LegEarly { // a 183 has named the codec already
		r.a.session.Prefer(l.agreed.Codec.Name)
	}
	r.a.answer()
	if r.o.done {
		return // the caller was lost in the answering
	}
	r.c.join(r.a, l)
	var winner call.Target
	for _, t := range r.tries {
		if t.leg == l {
			winner = r.in.Bars[t.bar].Target
		}
	}
	r.end(call.Rang{Outcome: call.OutcomeAnswered, Leg: l.rec.ID, Target: winner})
}

// nobody is the end of the time line.
func (r *ring) nobody() {
	r.end(call.Rang{Outcome: r.line.Nobody()})
}

func (r *ring) keyDown(*leg, dtmf.Key) {}

func (r *ring) legEnded(l *leg) {
	if l == r.a {
		r.end(call.Rang{Outcome: call.OutcomeCallerGone})
		return
	}
	for _, t := range r.tries {
		if t.leg == l {
			r.barOver(t.bar)
		}
	}
	r.c.box.post(r.advance) // not from inside advance, which may have ended the leg itself
}

// losers says why the legs that are left when a ring ends are cancelled.
var losers = map[call.Outcome]struct {
	cause call.Cause
	why   string
}{
	call.OutcomeAnswered:   {call.CauseAnsweredElsewhere, answeredElsewhere},
	call.OutcomeCallerGone: {call.CauseCallerCancelled, reason(call.CauseCallerCancelled)},
}

func (r *ring) end(rang call.Rang) {
	if r.o.done {
		return
	}
	r.quiet()
	r.o.task = ended{} // the legs cancelled here are no news for this ring
	how := losers[rang.Outcome]
	r.cancel(rang.Leg, how.cause, how.why)
	for _, t := range r.tries {
		rang.Attempts = append(rang.Attempts, t.account())
	}
	r.c.finish(r.o, rang, nil)
}

// cancel ends every leg that was rung but one.
func (r *ring) cancel(but call.LegID, cause call.Cause, why string) {
	for _, t := range r.tries {
		if t.leg != nil && t.leg.rec.ID != but {
			t.leg.hangUp(cause, why)
		}
	}
}

func (r *ring) quiet() {
	r.timer.stop()
	r.tone.end()
}

// stop is reached when another operation takes over while it rings.
func (r *ring) stop() {
	r.quiet()
	r.cancel("", call.CauseNormal, reason(call.CauseNormal))
}

// account is the try as it stands.
func (t *try) account() call.Attempt {
	a := t.attempt
	if t.leg == nil {
		return a
	}
	rec := t.leg.rec
	a.Leg, a.Started, a.Ringing, a.Answered, a.Ended = rec.ID, rec.Started, rec.Ringing, rec.Answered, rec.Ended
	a.Status, a.Cause = rec.Status, rec.Cause
	return a
}

// ended is the task of an operation that is about to finish: it hears nothing.
type ended struct{}

func (ended) keyDown(*leg, dtmf.Key) {}
func (ended) legEnded(*leg)          {}
func (ended) stop()                  {}
