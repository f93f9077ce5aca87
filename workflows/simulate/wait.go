package simulate

import (
	"cmp"

	"tandem/flow/call"
	"tandem/flow/reflex"
)

// Wait implements activities.Switch.
func (w *world) Wait(_ call.OpID, in call.Wait, done func(call.Waited, error)) error {
	return submit(w, done, func(o *operation) task { return &waiter{w: w, o: o, in: in, rules: reflex.NewWaiting(in)} })
}

// waiter is a Wait at work.
type waiter struct {
	w                     *world
	o                     *operation
	in                    call.Wait
	rules                 *reflex.Waiting
	said, limit, announce *event
}

func (t *waiter) start() {
	if t.w.stay == nil {
		t.w.stay = &stay{w: t.w}
		t.w.tell("the caller waits in %q and hears music", t.w.story.name)
		t.w.caller.prompted(false)
	}
	stay := t.w.stay
	stay.wait = t
	switch {
	case stay.joined != nil: // between two Waits
		t.end(*stay.joined)
		return
	case t.w.caller.ended():
		t.callerGone()
		return
	case stay.winner != nil:
		t.rules.Claim()
	}
	if t.in.Limit > 0 {
		t.limit = t.w.after(t.in.Limit.Std(), func() { t.do(t.rules.LimitUp()) })
	}
	t.w.caller.answer()
	t.do(t.rules.Begin())
}

func (t *waiter) do(step reflex.WaitStep) {
	switch {
	case t.o.done:
	case step.Ended != "":
		t.end(call.Waited{Outcome: step.Ended})
	case step.Say != "":
		t.say(step.Say)
	case step.Music && step.Announce > 0:
		t.announce = t.w.after(step.Announce, func() { t.do(t.rules.AnnounceUp()) })
	}
}

// say plays an announcement. One that is missing is over at once.
func (t *waiter) say(id string) {
	length, err := t.w.audio(id)
	if err != nil {
		t.w.tell("an announcement is skipped: %v", err)
		t.do(t.rules.AudioEnded())
		return
	}
	t.w.tell("the caller hears an announcement")
	t.said = t.w.after(length, func() { t.do(t.rules.AudioEnded()) })
}

// end ends the Wait and, unless that is for an announcement only, the stay.
func (t *waiter) end(waited call.Waited) {
	if waited.Outcome != call.OutcomeAnnounce {
		t.w.stay.leave(waited.Outcome)
	}
	t.w.finish(t.o, waited, nil)
}

func (t *waiter) keyDown(key byte) { t.do(t.rules.Key(key)) }

func (t *waiter) callerGone() { t.end(call.Waited{Outcome: call.OutcomeCallerGone}) }

func (t *waiter) stop() {
	t.said.drop()
	t.limit.drop()
	t.announce.drop()
	if s := t.w.stay; s != nil {
		s.wait = nil
	}
}

// stay is a caller's time in a queue: one Wait after the other, and the offers
// that run beside them. A nil stay can be left.
type stay struct {
	w      *world
	wait   *waiter // nil: between two
	offers []*offer
	winner *offer       // somebody has won the caller; about to be joined
	joined *call.Waited // with whom; not told yet
}

// won tells all other offers that one of them has won.
func (s *stay) won(by *offer) {
	s.winner = by
	if s.wait != nil {
		s.wait.rules.Claim()
	}
	s.withdraw(by, call.OutcomeWithdrawn, call.CauseAnsweredElsewhere)
}

// lost takes that back: whoever won has hung up before they were joined.
func (s *stay) lost() {
	s.winner = nil
	if s.wait != nil {
		s.wait.do(s.wait.rules.Unclaim())
	}
}

// join lets the caller talk to who has won.
func (s *stay) join(by *offer, t *rung) {
	waited := call.Waited{Outcome: call.OutcomeAnswered, Lease: by.in.Lease, Leg: t.leg.ID, Target: t.target}
	s.joined = &waited
	s.w.talk = newTalk(s.w, t)
	by.answered(t)
	if s.wait != nil {
		s.wait.end(waited)
	}
}

// withdrawn says why those rung are released, by what ended the stay.
var withdrawn = map[call.Outcome]call.Cause{
	call.OutcomeCallerGone: call.CauseCallerCancelled,
	call.OutcomeKey:        call.CauseCallerCancelled,
	call.OutcomeDone:       call.CauseNoAnswer,
}

// leave ends the stay, and whatever is offered.
func (s *stay) leave(why call.Outcome) {
	if s == nil || s.w.stay != s || s.joined != nil && why == call.OutcomeCallerGone {
		return // that was the end of their conversation
	}
	s.w.stay = nil
	outcome := call.OutcomeWithdrawn
	if why == call.OutcomeCallerGone {
		outcome = why
	}
	s.withdraw(nil, outcome, cmp.Or(withdrawn[why], call.CauseNormal))
}

// withdraw ends all offers but one.
func (s *stay) withdraw(but *offer, outcome call.Outcome, cause call.Cause) {
	all := s.offers
	s.offers = nil
	for _, f := range all {
		if f == but {
			s.offers = append(s.offers, f)
			continue
		}
		f.end(outcome, cause)
	}
}
