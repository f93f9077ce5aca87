package sipmedia

import (
	"time"

	"tandem/flow/call"
	"tandem/sipmedia/dtmf"
	"tandem/sipmedia/rtpio"
)

// Talk reports when a joined conversation is over. About done and the error see
// Play.
func (s *Switch) Talk(op call.OpID, in call.Talk, done func(call.Talked, error)) error {
	return submit(s, in.A.Call(), op, done, func(c *live, o *operation) {
		t := c.talk
		switch {
		case t == nil || t.a.rec.ID != in.A || t.b.rec.ID != in.B:
			c.finish(o, nil, ErrNoLeg)
		case t.result != nil:
			c.finish(o, *t.result, nil)
		default:
			w := &talkWatch{c: c, o: o, t: t}
			o.task = w
			w.limit(in.Longest.Std())
		}
	})
}

// talk is a conversation of two legs. It exists from the answer on, whether
// somebody has asked for its end or not: who hangs up takes the other along at
// once.
type talk struct {
	c      *live
	a, b   *leg
	hold   string // music for who is put on hold; empty: the system's
	since  time.Time
	result *call.Talked // nil: still going on
}

// legEnded ends the conversation with the first of its legs. It may be called
// on nil.
func (t *talk) legEnded(l *leg) {
	if t == nil || t.result != nil || l != t.a && l != t.b {
		return
	}
	t.result = &call.Talked{EndedBy: l.rec.ID, Cause: l.rec.Cause, Lasted: call.Duration(time.Since(t.since))}
	if l.byUs {
		t.result.EndedBy = ""
	}
	other := t.a
	if l == t.a {
		other = t.b
	}
	other.hangUp(l.rec.Cause, reason(l.rec.Cause))
}

// part ends the conversation without taking the caller along. It may be called
// on nil.
func (t *talk) part(cause call.Cause) {
	if t == nil || t.result != nil {
		return
	}
	t.result = &call.Talked{Cause: cause, Lasted: call.Duration(time.Since(t.since))}
	t.b.hangUp(cause, reason(cause))
}

// takeBack ends the conversation, or the waiting, of a caller of whom something
// else is asked: an operator has moved the call.
func (c *live) takeBack(l *leg) {
	c.stay.leave(call.OutcomeWithdrawn)
	if c.talk != nil && c.talk.a == l {
		l.takeAhead() // keyed before they talked, and meant for what would have come then
		c.talk.part(call.CauseOperator)
	}
}

// talkWatch is a Talk at work.
type talkWatch struct {
	c             *live
	o             *operation
	t             *talk
	warning, last *timer
}

// limit ends the conversation after longest, counted from the answer; 0 never.
func (w *talkWatch) limit(longest time.Duration) {
	if longest <= 0 {
		return
	}
	left := longest - time.Since(w.t.since)
	w.last = w.c.after(left, func() { w.t.a.hangUp(call.CauseTooLong, reason(call.CauseTooLong)) })
	if before := left - w.c.s.cfg.Waits.Warning; before > 0 {
		w.warning = w.c.after(before, w.warn)
	}
}

// warn lets both hear that their time is nearly over.
func (w *talkWatch) warn() {
	for _, l := range []*leg{w.t.a, w.t.b} {
		if l.holding == 0 {
			l.play(w.c.s.beep.Source(false), "", func(rtpio.PlayEnd) {})
		}
	}
}

func (w *talkWatch) keyDown(*leg, dtmf.Key) {}

func (w *talkWatch) legEnded(*leg) {
	if w.t.result != nil {
		w.c.finish(w.o, *w.t.result, nil)
	}
}

func (w *talkWatch) stop() {
	w.warning.stop()
	w.last.stop()
}
