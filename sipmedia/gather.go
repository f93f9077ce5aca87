package sipmedia

import (
	"tandem/flow/call"
	"tandem/flow/reflex"
	"tandem/sipmedia/codec"
	"tandem/sipmedia/dtmf"
	"tandem/sipmedia/rtpio"
)

// Gather answers, plays a prompt and collects one of a set of entries. About
// done and the error see Play.
func (s *Switch) Gather(op call.OpID, in call.Gather, done func(call.Gathered, error)) error {
	return submit(s, in.Leg.Call(), op, done, func(c *live, o *operation) {
		l, err := c.leg(in.Leg)
		if err != nil {
			c.finish(o, nil, err)
			return
		}
		g := &gatherer{c: c, o: o, l: l, menu: reflex.NewMenu(in)}
		c.takeBack(l)
		o.task = g
		g.start()
	})
}

// gatherer is a Gather at work: it does what a menu says.
type gatherer struct {
	c     *live
	o     *operation
	l     *leg
	menu  *reflex.Menu
	begun bool
	timer *timer
}

func (g *gatherer) start() {
	if g.l.ended() {
		g.gone()
		return
	}
	g.l.answer()
	g.l.whenReady(func() {
		if !g.o.done {
			g.begun = true
			g.do(g.menu.Begin(g.l.takeAhead()))
		}
	})
}

func (g *gatherer) do(step reflex.MenuStep) {
	switch {
	case step.Ended != nil:
		g.l.ahead = g.menu.Rest()
		g.c.finish(g.o, *step.Ended, nil)
	case step.Play != "":
		g.timer.stop()
		g.play(step.Play)
	case step.Wait > 0:
		g.timer.stop()
		g.l.hush()
		g.timer = g.c.after(step.Wait, func() { g.do(g.menu.TimeUp()) })
	}
}

// play plays audio and tells the menu when it is over. Audio that is missing is
// over at once: nobody is dropped for it.
func (g *gatherer) play(id string) {
	round := g.menu.Playbacks()
	g.c.source(id, 1, func(src codec.Source, err error) {
		switch {
		case g.o.done || g.menu.Playbacks() != round || !g.menu.Sounding():
			return // keyed already
		case err != nil:
			g.c.log.Warn("prompt skipped", "leg", string(g.l.rec.ID), "error", err)
			g.do(g.menu.AudioEnded())
			return
		}
		g.l.play(src, g.menu.Silencers(), func(why rtpio.PlayEnd) {
			if why != rtpio.PlayKey { // the key itself has been told
				g.do(g.menu.AudioEnded())
			}
		})
	})
}

func (g *gatherer) keyDown(l *leg, k dtmf.Key) {
	if l == g.l {
		g.do(g.menu.Key(byte(k)))
	}
}

func (g *gatherer) legEnded(l *leg) {
	if l == g.l {
		g.gone()
	}
}

func (g *gatherer) gone() {
	g.c.finish(g.o, call.Gathered{Outcome: call.OutcomeCallerGone, Playbacks: g.menu.Playbacks()}, nil)
}

func (g *gatherer) stop() {
	g.timer.stop()
	g.l.hush()
}
