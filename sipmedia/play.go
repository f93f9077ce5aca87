package sipmedia

import (
	"tandem/flow/call"
	"tandem/sipmedia/dtmf"
	"tandem/sipmedia/rtpio"
)

// Play plays audio to a leg. done is called once, from a goroutine of the call,
// also when this operation was asked before. The error is ErrNoLeg or ErrClosed;
// done then is not called.
func (s *Switch) Play(op call.OpID, in call.Play, done func(call.Played, error)) error {
	return submit(s, in.Leg.Call(), op, done, func(c *live, o *operation) {
		l, err := c.leg(in.Leg)
		if err != nil {
			c.finish(o, nil, err)
			return
		}
		p := &player{c: c, o: o, l: l, in: in}
		c.takeBack(l)
		o.task = p
		p.start()
	})
}

// submit asks a call for an operation. It turns the typed callback into one
// that an operation of any kind can keep.
func submit[Out any](s *Switch, id call.ID, op call.OpID, done func(Out, error), start func(*live, *operation)) error {
	return post(s, id, op, done, func(c *live, o *operation) {
		c.supersede(o)
		start(c, o)
	})
}

// submitBeside asks for an operation that takes the place of no other.
func submitBeside[Out any](s *Switch, id call.ID, op call.OpID, done func(Out, error), start func(*live, *operation)) error {
	return post(s, id, op, done, start)
}

func post[Out any](s *Switch, id call.ID, op call.OpID, done func(Out, error), begin func(*live, *operation)) error {
	c := s.find(id)
	if c == nil {
		return s.unknown()
	}
	report := func(result any, err error) {
		out, _ := result.(Out)
		done(out, err)
	}
	if !c.box.post(func() { c.ask(op, report, func(o *operation) { begin(c, o) }) }) {
		return s.unknown()
	}
	return nil
}

func (s *Switch) unknown() error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return ErrClosed
	}
	return ErrNoLeg
}

// player is a Play at work.
type player struct {
	c  *live
	o  *operation
	l  *leg
	in call.Play
}

func (p *player) start() {
	if p.l.ended() {
		p.end(call.OutcomeCallerGone, "")
		return
	}
	if p.in.Answer {
		p.l.answer()
	} else if !p.l.answered() {
		if err := p.l.early(); err != nil {
			p.end(call.OutcomeSkipped, err.Error())
			return
		}
	}
	p.c.sound(p.in.Audio, func(s *sound, err error) {
		switch {
		case p.o.done:
		case err != nil:
			p.end(call.OutcomeSkipped, err.Error())
		default:
			p.l.whenReady(func() { p.play(s) })
		}
	})
}

// play plays what was found. A playlist that loops goes on until the caller
// leaves or skips it.
func (p *player) play(s *sound) {
	if p.o.done {
		return
	}
	times := p.in.Times
	if s.loops {
		times = 0
	}
	p.l.play(s.times(times), string(p.in.SkipKey), func(why rtpio.PlayEnd) {
		switch why {
		case rtpio.PlayKey:
			p.end(call.OutcomeKey, "")
		case rtpio.PlayDone:
			p.end(call.OutcomeDone, "")
		default:
			p.end(call.OutcomeSkipped, "audio "+why.String())
		}
	})
}

func (p *player) end(outcome call.Outcome, note string) {
	p.c.finish(p.o, call.Played{Outcome: outcome, Note: note}, nil)
}

func (p *player) keyDown(*leg, dtmf.Key) {}

func (p *player) legEnded(l *leg) {
	if l == p.l {
		p.end(call.OutcomeCallerGone, "")
	}
}

func (p *player) stop() { p.l.hush() }
