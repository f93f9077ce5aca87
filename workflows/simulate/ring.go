package simulate

import (
	"cmp"
	"time"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/reflex"
)

// ring is a Ring at work: it does what a time line says.
type ring struct {
	w     *world
	o     *operation
	in    call.Ring
	line  *reflex.Timeline
	began time.Time
	timer *event
	tries []*rung
}

// rung is one contact method that was tried.
type rung struct {
	bar     int
	target  call.Target
	leg     call.Leg // without ID: never rung
	skipped bool
	next    *event // what its phone does next
}

func newRing(w *world, o *operation, in call.Ring) *ring {
	return &ring{w: w, o: o, in: in, line: reflex.NewTimeline(in.Bars)}
}

func (r *ring) start() {
	if r.w.caller.ended() {
		r.callerGone()
		return
	}
	r.began = r.w.now()
	if r.in.Ringback != "" {
		r.w.caller.early()
	}
	r.advance()
}

// advance does what the time line asks for until it has to wait, or nothing is
// left to wait for.
func (r *ring) advance() {
	for !r.o.done {
		now := r.w.now().Sub(r.began)
		expired, begun := r.line.Advance(now)
		for _, bar := range expired {
			r.giveUp(bar)
		}
		for _, bar := range begun {
			r.ringBar(bar)
		}
		at, more := r.line.Next()
		if !more {
			r.end(call.Rang{Outcome: r.line.Nobody()})
			return
		}
		if at > now && r.line.Ringing() {
			r.timer.drop()
			r.timer = r.w.after(at-now, r.advance)
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

// ringBar rings a bar's target.
func (r *ring) ringBar(bar int) {
	target := r.in.Bars[bar].Target
	phone := phone(r.w.sc, target.ContactMethod)
	t := &rung{bar: bar, target: target}
	r.tries = append(r.tries, t)
	switch {
	case target.Skip != "":
		r.skip(t, target.Skip)
	case target.Account == "" && target.URI == "":
		r.skip(t, call.CauseNotFound)
	case target.Account != "" && phone.Does == absent:
		r.skip(t, call.CauseUnavailable)
	default:
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

func (r *ring) skip(t *rung, cause call.Cause) {
	t.skipped = true
	t.leg.Started, t.leg.Ended, t.leg.Cause = r.w.now(), r.w.now(), cause
	r.w.tell("%s is not rung: %s", t.name(), cause.Text())
	r.line.Over(t.bar)
}

func (r *ring) rings(t *rung) {
	r.line.Rang()
	t.leg.State, t.leg.Ringing, t.leg.Status = call.LegRinging, r.w.now(), 180
	r.w.caller.ring()
	r.w.tell("%s rings", t.name())
}

func (r *ring) refuses(t *rung, how string, cause call.Cause) {
	t.leg.Status = cause.Status()
	r.w.tell("%s %s", t.name(), how)
	t.close(r.w, cause)
	r.line.Over(t.bar)
	r.advance()
}

// answered joins the caller with who was first.
func (r *ring) answered(t *rung) {
	t.leg.State, t.leg.Answered, t.leg.Status = call.LegAnswered, r.w.now(), 200
	r.w.tell("%s answers", t.name())
	r.w.caller.answer()
	r.w.talk = newTalk(r.w, t)
	r.end(call.Rang{Outcome: call.OutcomeAnswered, Leg: t.leg.ID, Target: t.target})
}

func (r *ring) keyDown(byte) {}

func (r *ring) callerGone() { r.end(call.Rang{Outcome: call.OutcomeCallerGone}) }

// losers says why the phones that still ring when a ring ends are cancelled.
var losers = map[call.Outcome]call.Cause{
	call.OutcomeAnswered:   call.CauseAnsweredElsewhere,
	call.OutcomeCallerGone: call.CauseCallerCancelled,
}

func (r *ring) end(rang call.Rang) {
	r.cancel(losers[rang.Outcome])
	for _, t := range r.tries {
		rang.Attempts = append(rang.Attempts, t.account())
	}
	r.w.finish(r.o, rang, nil)
}

// cancel ends what still rings.
func (r *ring) cancel(cause call.Cause) {
	for _, t := range r.tries {
		if t.ringing() {
			r.w.tell("%s stops ringing: %s", t.name(), cause.Text())
			t.close(r.w, cause)
		}
	}
}

// stop is reached when another operation takes over while it rings, too.
func (r *ring) stop() {
	r.timer.drop()
	r.cancel(call.CauseNormal)
}

// ringing tells whether somebody may still answer.
func (t *rung) ringing() bool {
	return t.leg.ID != "" && t.leg.State != call.LegEnded && t.leg.State != call.LegAnswered
}

// close ends the leg.
func (t *rung) close(w *world, cause call.Cause) {
	t.next.drop()
	if t.leg.State != call.LegEnded {
		t.leg.State, t.leg.Ended, t.leg.Cause = call.LegEnded, w.now(), cause
	}
}

func (t *rung) name() string { return cmp.Or(t.target.Name, "contact method "+t.target.ContactMethod) }

// account is the try as it stands.
func (t *rung) account() call.Attempt {
	l := t.leg
	return call.Attempt{Leg: l.ID, ContactMethod: t.target.ContactMethod, Name: t.target.Name, Started: l.Started, Ringing: l.Ringing,
		Answered: l.Answered, Ended: l.Ended, Status: l.Status, Cause: l.Cause, Skipped: t.skipped}
}
