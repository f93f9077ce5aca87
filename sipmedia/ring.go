package sipmedia

import (
	"cmp"
	"time"

	"tandem/flow/call"
	"tandem/flow/reflex"
	"tandem/sipmedia/sipua"
)

// ring is legs rung along a time line, until somebody has answered and
// confirmed or nobody is left. A Ring has one, each Offer, and an Originate.
type ring struct {
	c      *live
	caller *leg // for whom it rings; nil: for nobody yet
	from   call.Party
	bars   []call.Bar
	host   ringHost
	line   *reflex.Timeline
	began  time.Time
	timer  *timer
	tries  []*try
	winner *try // has won the call; joined, or hears the whisper
	over   bool
}

// ringHost is the operation for whose sake it rings. It ends the ring when it
// is told that somebody is to be joined, or that nobody is left.
type ringHost interface {
	rings()                     // a phone rings
	follow(early *leg)          // whose early media the caller may hear; nil: nobody's
	won()                       // somebody has, and nobody else rings any more
	lost()                      // and hung up before the caller was there
	join(l *leg, t call.Target) // they may talk
	nobody(call.Outcome)        // the end of the time line
}

// try is one leg rung, or one destination that was not.
type try struct {
	bar     int
	leg     *leg           // nil: skipped
	pickup  *reflex.Pickup // from its answer on
	timer   *timer         // of the pickup
	attempt call.Attempt
}

func newRing(c *live, caller *leg, from call.Party, bars []call.Bar, host ringHost) *ring {
	return &ring{c: c, caller: caller, from: from, bars: bars, host: host, line: reflex.NewTimeline(bars), began: time.Now()}
}

// advance does what the time line asks for until it has to wait, or nothing is
// left to wait for.
func (r *ring) advance() {
	for !r.over && r.winner == nil {
		expired, begun := r.line.Advance(time.Since(r.began))
		for _, bar := range expired {
			r.giveUp(bar)
		}
		for _, bar := range begun {
			r.ringBar(bar)
		}
		at, timed := r.line.Next()
		wait := at - time.Since(r.began)
		switch {
		case !r.line.Ringing() && !timed:
			r.host.nobody(r.line.Nobody())
		case r.line.Ringing() && (!timed || wait > 0):
			r.timer.stop()
			if timed {
				r.timer = r.c.after(wait, r.advance)
			}
			r.host.follow(r.early())
			return
		}
	}
}

// giveUp cancels what still rings of a bar whose time is over. Who has answered
// goes on confirming.
func (r *ring) giveUp(bar int) {
	for _, t := range r.tries {
		if t.bar == bar && t.rings() {
			r.line.Rang()
			t.leg.hangUp(call.CauseNoAnswer, reason(call.CauseNoAnswer))
		}
	}
}

// ringBar rings every binding of a bar's target, if it may be rung at all.
func (r *ring) ringBar(bar int) {
	target := r.bars[bar].Target
	places, cause := r.c.s.places(target)
	switch {
	case target.Skip != "":
		r.skip(bar, target.Skip)
	case len(places) == 0:
		r.skip(bar, cause)
	case r.c.s.lines.busy(target, r.c.id):
		r.skip(bar, call.CauseBusy)
	case !r.c.s.lines.admit(target, len(places)):
		r.holdBack(bar)
	default:
		for _, p := range places {
			r.ringPlace(bar, p)
		}
		r.barOver(bar)
	}
}

// ringPlace rings one of the places that were admitted.
func (r *ring) ringPlace(bar int, p sipua.Outgoing) {
	target := r.bars[bar].Target
	t := &try{bar: bar, attempt: attemptOf(target)}
	t.attempt.Binding = p.To
	r.tries = append(r.tries, t)
	l, err := r.c.dial(target, p, r.from, r.caller)
	if err != nil {
		r.c.s.lines.dismiss(target.ContactMethod)
		r.c.log.Warn("not rung", "error", err)
		t.attempt.Cause, t.attempt.Ended = dialCause(err), time.Now()
		return
	}
	t.leg, l.rungBy = l, r
}

// skip ends a bar that cannot be rung.
func (r *ring) skip(bar int, cause call.Cause) {
	r.pass(bar, cause)
	r.line.Over(bar)
}

// holdBack lets a bar wait for one of this ring that takes its place. A place
// that is taken by another call may stay so for hours: then it is busy.
func (r *ring) holdBack(bar int) {
	if r.uses(r.bars[bar].Target.ContactMethod) && r.line.HoldBack(bar) {
		r.pass(bar, call.CauseOverLimit)
		return
	}
	r.skip(bar, call.CauseBusy)
}

// pass notes that a bar is not rung, once.
func (r *ring) pass(bar int, cause call.Cause) {
	for _, t := range r.tries {
		if t.bar == bar && t.attempt.Skipped {
			return
		}
	}
	t := &try{bar: bar, attempt: attemptOf(r.bars[bar].Target)}
	t.attempt.Cause, t.attempt.Skipped, t.attempt.Ended = cause, true, t.attempt.Started
	r.tries = append(r.tries, t)
}

func attemptOf(t call.Target) call.Attempt {
	return call.Attempt{ContactMethod: t.ContactMethod, Name: t.Name, Started: time.Now()}
}

func (r *ring) uses(contactMethod string) bool {
	for _, t := range r.tries {
		if t.alive() && t.attempt.ContactMethod == contactMethod {
			return true
		}
	}
	return false
}

// barOver ends a bar of which nothing is left.
func (r *ring) barOver(bar int) {
	for _, t := range r.tries {
		if t.bar == bar && t.alive() {
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
	r.host.rings()
	r.host.follow(r.early())
}

// early is the leg whose early media the caller may hear: the only one there
// is, and only if it sends any.
func (r *ring) early() *leg {
	var only *leg
	for _, t := range r.tries {
		if !t.alive() {
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

// answered is a 200 of a leg.
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
	r.line.Rang()
	r.pickUp(r.try(l))
}

// legEnded is told of each leg of the ring that has just ended.
func (r *ring) legEnded(l *leg) {
	t := r.try(l)
	t.timer.stop()
	if r.over {
		return
	}
	if t.pickup != nil && l.rec.Cause == call.CauseCalleeHangup {
		t.attempt.Cause = call.CauseDeclined // it has not taken the call
	}
	if t == r.winner {
		r.winner = nil
		r.host.lost()
	}
	r.barOver(t.bar)
	r.c.box.post(r.advance) // not from inside advance, which may have ended the leg itself
}

// end ends every leg but one, which the call keeps, and accounts for all. It
// may be called twice.
func (r *ring) end(keep *leg, cause call.Cause) []call.Attempt {
	r.over = true
	r.timer.stop()
	r.cancel(keep, cause)
	if keep != nil {
		keep.rungBy = nil
	}
	var out []call.Attempt
	for _, t := range r.tries {
		out = append(out, t.account())
	}
	return out
}

// cancel ends every leg that was rung but one.
func (r *ring) cancel(but *leg, cause call.Cause) {
	why := reason(cause)
	if cause == call.CauseAnsweredElsewhere {
		why = answeredElsewhere
	}
	for _, t := range r.tries {
		if t.leg != nil && t.leg != but {
			t.leg.hangUp(cause, why)
		}
	}
}

func (r *ring) try(l *leg) *try {
	for _, t := range r.tries {
		if t.leg == l {
			return t
		}
	}
	return nil // unreachable: a leg knows only the ring that has dialled it
}

// alive tells whether a leg is there: it rings, or has answered.
func (t *try) alive() bool { return t.leg != nil && !t.leg.ended() }

// rings tells whether a leg may still answer.
func (t *try) rings() bool { return t.alive() && !t.leg.answered() }

// account is the try as it stands.
func (t *try) account() call.Attempt {
	a := t.attempt
	if t.leg == nil {
		return a
	}
	rec := t.leg.rec
	a.Leg, a.Started, a.Ringing, a.Answered, a.Ended = rec.ID, rec.Started, rec.Ringing, rec.Answered, rec.Ended
	a.Status, a.Cause = rec.Status, cmp.Or(a.Cause, rec.Cause)
	return a
}
