package simulate

import (
	"cmp"
	"time"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/reflex"
)

// ring is phones rung along a time line for the caller, until somebody has
// answered and confirmed or nobody is left. A Ring has one, and each Offer.
type ring struct {
	w      *world
	bars   []call.Bar
	host   ringHost
	line   *reflex.Timeline
	began  time.Time
	timer  *event
	tries  []*rung
	winner *rung // has won the caller; joined, or hears the whisper
	over   bool
}

// ringHost is the operation for whose sake it rings. It ends the ring when it
// is told that somebody is to be joined, or that nobody is left.
type ringHost interface {
	rings()              // a phone rings
	won()                // somebody has, and nobody else rings any more
	lost()               // and hung up before the caller was there
	join(t *rung)        // they may talk
	nobody(call.Outcome) // the end of the time line
}

// rung is one contact method that was tried.
type rung struct {
	bar     int
	target  call.Target
	leg     call.Leg // without ID: never rung
	skipped bool
	pickup  *reflex.Pickup // from its answer on
	cause   call.Cause     // of the attempt, where it is not that of the leg
	next    *event         // what its phone does next
	limit   *event         // of the pickup
}

func newRing(w *world, bars []call.Bar, host ringHost) *ring {
	return &ring{w: w, bars: bars, host: host, line: reflex.NewTimeline(bars), began: w.now()}
}

// advance does what the time line asks for until it has to wait, or nothing is
// left to wait for.
func (r *ring) advance() {
	for !r.over && r.winner == nil {
		now := r.w.now().Sub(r.began)
		expired, begun := r.line.Advance(now)
		for _, bar := range expired {
			r.giveUp(bar)
		}
		for _, bar := range begun {
			r.ringBar(bar)
		}
		at, timed := r.line.Next()
		switch {
		case !r.line.Ringing() && !timed:
			r.host.nobody(r.line.Nobody())
		case r.line.Ringing() && (!timed || at > now):
			r.timer.drop()
			if timed {
				r.timer = r.w.after(at-now, r.advance)
			}
			return
		}
	}
}

// giveUp cancels what still rings of a bar whose time is over.
func (r *ring) giveUp(bar int) {
	for _, t := range r.tries {
		if t.bar == bar && t.ringing() {
			r.line.Rang()
			r.w.tell("%s stops ringing, nobody has answered", t.name())
			t.close(r.w, call.CauseNoAnswer)
		}
	}
}

// manners are how phones refuse that do, and whether they ring before. An absent
// one here is a forwarding that leads nowhere; an account without binding is not
// rung at all.
var manners = map[string]struct {
	rings bool
	how   string
	cause call.Cause // none: it does not refuse
}{
	answers:  {rings: true},
	silent:   {rings: true},
	declines: {rings: true, how: "declines", cause: call.CauseDeclined},
	busy:     {how: "is busy", cause: call.CauseBusy},
	absent:   {how: "cannot be reached", cause: call.CauseUnavailable},
}

// ringBar rings a bar's target, if it may be rung at all.
func (r *ring) ringBar(bar int) {
	target := r.bars[bar].Target
	phone := phone(r.w.sc, target.ContactMethod)
	switch {
	case target.Skip != "":
		r.skip(bar, target.Skip)
	case target.Account == "" && target.URI == "":
		r.skip(bar, call.CauseNotFound)
	case target.Account != "" && phone.Does == absent:
		r.skip(bar, call.CauseUnavailable)
	case target.AtOnce > 0 && r.uses(target.ContactMethod) >= target.AtOnce:
		r.holdBack(bar)
	default:
		t := &rung{bar: bar, target: target}
		r.tries = append(r.tries, t)
		r.w.phones = append(r.w.phones, t)
		t.leg = call.Leg{ID: call.BLeg(r.w.in.Call, len(r.w.phones)), Side: "b", Node: r.w.in.Node, State: call.LegTrying,
			Party: call.Party{Number: cmp.Or(target.Number, target.URI), Name: target.Name}, ContactMethod: target.ContactMethod, Started: r.w.now()}
		r.ringPhone(t, phone)
	}
}

// ringPhone does what a phone does that is reached.
func (r *ring) ringPhone(t *rung, p flow.Phone) {
	m, after := manners[p.Does], p.After.Std()
	if m.rings {
		r.rings(t)
	} else {
		after = 0
	}
	switch {
	case m.cause != "":
		t.next = r.w.after(after, func() { r.refuses(t, m.how, m.cause) })
	case p.Does == answers:
		t.next = r.w.after(after, func() { r.answered(t) })
	}
}

// skip ends a bar that cannot be rung.
func (r *ring) skip(bar int, cause call.Cause) {
	r.pass(bar, cause, "is not rung")
	r.line.Over(bar)
}

// holdBack lets a bar wait for one of this ring that takes its place.
func (r *ring) holdBack(bar int) {
	if r.line.HoldBack(bar) {
		r.pass(bar, call.CauseOverLimit, "is held back")
		return
	}
	r.skip(bar, call.CauseBusy)
}

// pass notes that a bar is not rung, once.
func (r *ring) pass(bar int, cause call.Cause, how string) {
	for _, t := range r.tries {
		if t.bar == bar && t.skipped {
			return
		}
	}
	t := &rung{bar: bar, target: r.bars[bar].Target, skipped: true}
	t.leg.Started, t.leg.Ended, t.leg.Cause = r.w.now(), r.w.now(), cause
	r.tries = append(r.tries, t)
	r.w.tell("%s %s: %s", t.name(), how, cause.Text())
}

// uses counts the legs of a contact method.
func (r *ring) uses(contactMethod string) int {
	n := 0
	for _, t := range r.w.phones {
		if t.alive() && t.target.ContactMethod == contactMethod {
			n++
		}
	}
	return n
}

func (r *ring) rings(t *rung) {
	r.line.Rang()
	t.leg.State, t.leg.Ringing, t.leg.Status = call.LegRinging, r.w.now(), 180
	r.w.caller.ring()
	r.w.tell("%s rings", t.name())
	r.host.rings()
}

func (r *ring) refuses(t *rung, how string, cause call.Cause) {
	t.leg.Status = cause.Status()
	r.w.tell("%s %s", t.name(), how)
	r.ended(t, cause)
}

// ended is the end of a leg that is not our doing.
func (r *ring) ended(t *rung, cause call.Cause) {
	t.close(r.w, cause)
	if t == r.winner {
		r.winner = nil
		r.host.lost()
	}
	r.line.Over(t.bar)
	r.advance()
}

// end ends every phone but one, whom the caller keeps, and accounts for all. It
// may be called twice.
func (r *ring) end(keep *rung, cause call.Cause) []call.Attempt {
	r.over = true
	r.timer.drop()
	r.cancel(keep, cause)
	var out []call.Attempt
	for _, t := range r.tries {
		out = append(out, t.account())
	}
	return out
}

// cancel ends every phone but one.
func (r *ring) cancel(but *rung, cause call.Cause) {
	for _, t := range r.tries {
		if t != but && t.alive() {
			how := "stops ringing"
			if !t.ringing() {
				how = "is released"
			}
			r.w.tell("%s %s: %s", t.name(), how, cause.Text())
			t.close(r.w, cause)
			r.line.Over(t.bar)
		}
	}
}

// ringing tells whether somebody may still answer.
func (t *rung) ringing() bool { return t.alive() && t.leg.State != call.LegAnswered }

// alive tells whether a leg is there: it rings, or has answered.
func (t *rung) alive() bool { return t.leg.ID != "" && t.leg.State != call.LegEnded }

// close ends the leg.
func (t *rung) close(w *world, cause call.Cause) {
	t.next.drop()
	t.limit.drop()
	if t.leg.State != call.LegEnded {
		t.leg.State, t.leg.Ended, t.leg.Cause = call.LegEnded, w.now(), cause
	}
}

func (t *rung) name() string { return cmp.Or(t.target.Name, "contact method "+t.target.ContactMethod) }

// account is the try as it stands.
func (t *rung) account() call.Attempt {
	l := t.leg
	return call.Attempt{Leg: l.ID, ContactMethod: t.target.ContactMethod, Name: t.target.Name, Started: l.Started, Ringing: l.Ringing,
		Answered: l.Answered, Ended: l.Ended, Status: l.Status, Cause: cmp.Or(t.cause, l.Cause), Skipped: t.skipped}
}
