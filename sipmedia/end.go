package sipmedia

import (
	"tandem/flow/call"
	"tandem/sipmedia/codec"
	"tandem/sipmedia/dtmf"
	"tandem/sipmedia/rtpio"
)

// End ends what is left of a call and reports its legs. It is the last operation
// of every call; results are kept for Waits.Keep. About done and the error see
// Play.
func (s *Switch) End(op call.OpID, in call.End, done func(call.Ended, error)) error {
	return submitBeside(s, in.Call, op, done, func(c *live, o *operation) {
		c.parting = in.Cause
		c.supersede(o)
		e := &ender{c: c, o: o, in: in}
		o.task = e
		e.start()
	})
}

// ender is an End at work.
type ender struct {
	c  *live
	o  *operation
	in call.End
}

func (e *ender) start() {
	e.c.ending = true
	e.c.stay.leave(call.OutcomeWithdrawn)
	if e.in.Audio == "" || !e.listens() {
		e.end()
		return
	}
	e.c.talk.part(e.in.Cause)
	e.c.source(e.in.Audio, 1, func(src codec.Source, err error) {
		switch {
		case e.o.done:
		case err != nil:
			e.c.log.Warn("last audio skipped", "error", err)
			e.end()
		default:
			e.c.a.whenReady(func() { e.play(src) })
		}
	})
}

// listens tells whether the caller can hear something, and opens the way for
// early media where that is asked.
func (e *ender) listens() bool {
	a := e.c.a
	return a != nil && (a.answered() || e.in.Early && !a.ended() && a.early() == nil)
}

func (e *ender) play(src codec.Source) {
	if !e.o.done {
		e.c.a.play(src, "", func(rtpio.PlayEnd) { e.end() })
	}
}

// end hangs up and reports. A leg whose BYE is still on its way counts as ended
// when it was sent.
func (e *ender) end() {
	e.o.task = ended{}
	e.c.refusal = e.in.Status
	e.c.endLegs(e.in.Cause)
	var out call.Ended
	for _, l := range e.c.legs {
		out.Legs = append(out.Legs, l.rec)
	}
	e.c.finish(e.o, out, nil)
	e.c.close()
}

func (e *ender) keyDown(*leg, dtmf.Key) {}

func (e *ender) legEnded(l *leg) {
	if l == e.c.a {
		e.end()
	}
}

func (e *ender) stop() { e.c.a.hush() }

// ended is the task of an operation that is about to finish: it hears nothing.
type ended struct{}

func (ended) keyDown(*leg, dtmf.Key) {}
func (ended) legEnded(*leg)          {}
func (ended) stop()                  {}
