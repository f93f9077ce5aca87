package simulate

import (
	"time"

	"tandem/flow/call"
	"tandem/flow/reflex"
)

// What a person does who is asked to confirm; flow.PhoneConfirms lists them.
const (
	accepts = "accepts"
	ignores = "ignores"
	hangsUp = "hangs-up"
)

// confirmAfter is how long a person listens before.
const confirmAfter = 2 * time.Second

// answered is what happens between the answer of a phone and its joining with
// the caller.
func (r *ring) answered(t *rung) {
	t.leg.State, t.leg.Answered, t.leg.Status = call.LegAnswered, r.w.now(), 200
	r.w.tell("%s answers", t.name())
	r.line.Rang()
	r.line.Keep(t.bar)
	t.pickup = reflex.NewPickup(t.target)
	r.do(t, t.pickup.Begin())
}

func (r *ring) do(t *rung, step reflex.PickupStep) {
	if step.Won {
		t.limit.drop()
		r.timer.drop()
		r.winner = t
		r.cancel(t, call.CauseAnsweredElsewhere)
		r.host.won()
	}
	switch {
	case step.Limit > 0:
		t.limit = r.w.after(step.Limit, func() { r.do(t, t.pickup.TimeUp()) })
		r.confirm(t)
	case step.Play != "":
		r.whisper(t, step.Play)
	case step.Join:
		r.host.join(t)
	case step.Lost:
		r.w.tell("%s has not confirmed and is released", t.name())
		r.ended(t, call.CauseNoAnswer)
	}
}

// confirm lets the person do as the scenario says.
func (r *ring) confirm(t *rung) {
	r.w.tell("%s is asked to confirm", t.name())
	switch phone(r.w.sc, t.target.ContactMethod).Confirms {
	case accepts:
		t.next = r.w.after(confirmAfter, func() {
			r.w.tell("%s keys %c", t.name(), reflex.ConfirmKey)
			r.do(t, t.pickup.Key(reflex.ConfirmKey))
		})
	case hangsUp:
		t.next = r.w.after(confirmAfter, func() {
			r.w.tell("%s hangs up", t.name())
			t.cause = call.CauseDeclined
			r.ended(t, call.CauseCalleeHangup)
		})
	}
}

func (r *ring) whisper(t *rung, id string) {
	length, err := r.w.audio(id)
	if err != nil {
		r.w.tell("the whisper to %s is skipped: %v", t.name(), err)
		r.do(t, t.pickup.AudioEnded())
		return
	}
	r.w.tell("%s hears the whisper", t.name())
	t.next = r.w.after(length, func() { r.do(t, t.pickup.AudioEnded()) })
}
