package sipmedia

import (
	"cmp"

	"tandem/flow/call"
	"tandem/flow/reflex"
	"tandem/sipmedia/codec"
	"tandem/sipmedia/dtmf"
	"tandem/sipmedia/rtpio"
)

// Wait keeps a caller waiting in a queue: it answers, says what there is to say
// and plays music until somebody has answered an Offer, or as it is asked. About
// done and the error see Play.
func (s *Switch) Wait(op call.OpID, in call.Wait, done func(call.Waited, error)) error {
	return submit(s, in.Leg.Call(), op, done, func(c *live, o *operation) {
		l, err := c.leg(in.Leg)
		if err != nil {
			c.finish(o, nil, err)
			return
		}
		if c.stay == nil {
			c.takeBack(l)
			c.stay = &stay{c: c, a: l}
		}
		w := &waiter{c: c, o: o, l: l, in: in, rules: reflex.NewWaiting(in)}
		o.task = w
		w.start()
	})
}

// waiter is a Wait at work.
type waiter struct {
	c               *live
	o               *operation
	l               *leg
	in              call.Wait
	rules           *reflex.Waiting
	limit, announce *timer
}

func (w *waiter) start() {
	stay := w.c.stay
	stay.wait = w
	switch {
	case stay.joined != nil: // between two Waits
		w.end(*stay.joined)
		return
	case w.l.ended():
		w.end(call.Waited{Outcome: call.OutcomeCallerGone})
		return
	case stay.winner != nil:
		w.rules.Claim()
	}
	if w.in.Limit > 0 {
		w.limit = w.c.after(w.in.Limit.Std(), func() { w.do(w.rules.LimitUp()) })
	}
	w.l.answer()
	w.l.whenReady(func() {
		if !w.o.done {
			stay.choose(cmp.Or(w.in.Music, call.AudioHold))
			w.do(w.rules.Begin())
		}
	})
}

func (w *waiter) do(step reflex.WaitStep) {
	switch {
	case w.o.done:
	case step.Ended != "":
		w.end(call.Waited{Outcome: step.Ended})
	case step.Say != "":
		w.say(step.Say)
	case step.Music:
		w.c.stay.say(nil)
		if step.Announce > 0 {
			w.announce = w.c.after(step.Announce, func() { w.do(w.rules.AnnounceUp()) })
		}
	}
}

// say plays an announcement. One that is missing is over at once.
func (w *waiter) say(id string) {
	w.c.source(id, 1, func(src codec.Source, err error) {
		switch {
		case w.o.done:
		case err != nil:
			w.c.log.Warn("announcement skipped", "leg", string(w.l.rec.ID), "error", err)
			w.do(w.rules.AudioEnded())
		default:
			w.c.stay.say(&announcement{src, func(rtpio.PlayEnd) { w.do(w.rules.AudioEnded()) }})
		}
	})
}

// end ends the Wait and, unless that is for an announcement only, the stay.
func (w *waiter) end(waited call.Waited) {
	if waited.Outcome != call.OutcomeAnnounce {
		w.c.stay.leave(waited.Outcome)
	}
	w.c.finish(w.o, waited, nil)
}

func (w *waiter) keyDown(l *leg, k dtmf.Key) {
	if l == w.l {
		w.do(w.rules.Key(byte(k)))
	}
}

func (w *waiter) legEnded(l *leg) {
	if l == w.l {
		w.end(call.Waited{Outcome: call.OutcomeCallerGone})
	}
}

// stop leaves the music: the next Wait goes on with it.
func (w *waiter) stop() {
	w.limit.stop()
	w.announce.stop()
	if s := w.c.stay; s != nil {
		s.wait = nil
		s.say(nil)
	}
}
