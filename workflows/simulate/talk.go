package simulate

import (
	"cmp"
	"time"

	"tandem/flow/call"
)

// talk is the conversation of the caller with who has answered.
type talk struct {
	w      *world
	with   *rung
	since  time.Time
	over   *event
	result *call.Talked // nil: still going on
}

// newTalk begins a conversation that ends as the scenario says.
func newTalk(w *world, with *rung) *talk {
	t := &talk{w: w, with: with, since: w.now()}
	length := cmp.Or(w.sc.TalkFor.Std(), defaultTalk)
	t.over = w.after(length, func() {
		if w.sc.HangUpBy == byCallee {
			w.tell("%s hangs up", with.name())
			t.end(with.leg.ID, call.CauseCalleeHangup)
			return
		}
		w.tell("the caller hangs up")
		t.end(w.in.Leg, call.CauseCallerHangup)
	})
	return t
}

// going tells whether they still talk. It may be called on nil.
func (t *talk) going() bool { return t != nil && t.result == nil }

// end ends the conversation, and with it the call.
func (t *talk) end(by call.LegID, cause call.Cause) {
	t.part(by, cause)
	t.w.caller.end(cause)
}

// part ends the conversation without taking the caller along. It may be called
// on nil.
func (t *talk) part(by call.LegID, cause call.Cause) {
	if !t.going() {
		return
	}
	t.over.drop()
	t.result = &call.Talked{EndedBy: by, Cause: cause, Lasted: call.Duration(t.w.now().Sub(t.since))}
	t.with.close(t.w, cause)
}

// talkWatch is a Talk at work.
type talkWatch struct {
	w    *world
	o    *operation
	in   call.Talk
	last *event
}

func (t *talkWatch) start() {
	switch c := t.w.talk; {
	case c == nil:
		t.w.finish(t.o, nil, call.ErrNoLeg)
	case c.result != nil:
		t.w.finish(t.o, *c.result, nil)
	case t.in.Longest > 0:
		t.last = t.w.at(c.since.Add(t.in.Longest.Std()), func() {
			t.w.tell("the talk is cut off, no call is longer than %v", t.in.Longest)
			c.end("", call.CauseTooLong)
		})
	}
}

func (t *talkWatch) keyDown(byte) {}

func (t *talkWatch) callerGone() {
	if c := t.w.talk; c != nil && c.result != nil {
		t.w.finish(t.o, *c.result, nil)
	}
}

func (t *talkWatch) stop() { t.last.drop() }

// ender is an End at work.
type ender struct {
	w    *world
	o    *operation
	in   call.End
	over *event
}

func (e *ender) start() {
	c := &e.w.caller
	if e.in.Audio == "" || c.ended() || !c.answered() && !e.in.Early {
		e.end()
		return
	}
	if !c.answered() {
		c.early()
	}
	e.w.talk.part("", e.in.Cause)
	length, err := e.w.audio(e.in.Audio)
	if err != nil {
		e.w.tell("the last audio is skipped: %v", err)
		e.end()
		return
	}
	manner := ""
	if !c.answered() {
		manner = ", unanswered"
	}
	e.w.tell("the caller hears the last audio%s", manner)
	e.over = e.w.after(length, e.end)
}

// end hangs up and reports.
func (e *ender) end() {
	c := &e.w.caller
	if !c.ended() {
		if !c.answered() {
			c.leg.Status = cmp.Or(e.in.Status, e.in.Cause.Status())
		}
		c.end(e.in.Cause) // which comes back here
		return
	}
	out := call.Ended{Legs: []call.Leg{c.leg}}
	for _, t := range e.w.phones {
		t.close(e.w, e.in.Cause)
		out.Legs = append(out.Legs, t.leg)
	}
	e.w.finish(e.o, out, nil)
}

func (e *ender) keyDown(byte) {}

func (e *ender) callerGone() { e.end() }

func (e *ender) stop() { e.over.drop() }
