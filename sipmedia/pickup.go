package sipmedia

import (
	"tandem/flow/call"
	"tandem/flow/reflex"
	"tandem/sipmedia/codec"
	"tandem/sipmedia/dtmf"
	"tandem/sipmedia/rtpio"
)

// pickUp is what happens between the answer of a leg and its joining with the
// caller: it confirms, and hears the whisper.
func (r *ring) pickUp(t *try) {
	t.pickup = reflex.NewPickup(r.bars[t.bar].Target)
	r.line.Keep(t.bar)
	r.do(t, t.pickup.Begin())
	if !r.over {
		r.host.follow(r.early()) // its early media was for a caller who waits now
	}
}

func (r *ring) do(t *try, step reflex.PickupStep) {
	if step.Won {
		r.win(t)
	}
	if step.Limit > 0 {
		t.timer = r.c.after(step.Limit, func() { r.do(t, t.pickup.TimeUp()) })
	}
	switch {
	case r.over || !t.alive():
	case step.Play != "":
		r.play(t, step.Play)
	case step.Join:
		t.leg.hush()
		r.host.join(t.leg, r.bars[t.bar].Target)
	case step.Lost:
		t.leg.hangUp(call.CauseNoAnswer, reason(call.CauseNoAnswer))
	}
}

// win gives the caller to one who has answered: all others are released. The
// time line stands still until the two are joined.
func (r *ring) win(t *try) {
	t.timer.stop()
	r.timer.stop()
	r.winner = t
	r.cancel(t.leg, call.CauseAnsweredElsewhere)
	r.host.won()
}

// play plays to who has answered. Audio that is missing is over at once.
func (r *ring) play(t *try, id string) {
	l, stage := t.leg, t.pickup.Stage()
	r.c.source(id, 1, func(src codec.Source, err error) {
		switch {
		case r.over || !t.alive() || t.pickup.Stage() != stage:
			return // keyed already
		case err != nil:
			r.c.log.Warn("words to the callee skipped", "leg", string(l.rec.ID), "error", err)
			r.do(t, t.pickup.AudioEnded())
			return
		}
		l.whenReady(func() {
			l.play(src, "", func(rtpio.PlayEnd) { r.do(t, t.pickup.AudioEnded()) })
		})
	})
}

// keyDown is a key of a leg of the ring.
func (r *ring) keyDown(l *leg, k dtmf.Key) {
	if t := r.try(l); !r.over && t.pickup != nil {
		r.do(t, t.pickup.Key(byte(k)))
	}
}
