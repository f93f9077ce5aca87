package simulate

import (
	"strings"
	"time"

	"tandem/flow/call"
	"tandem/flow/reflex"
)

// player is a Play at work.
type player struct {
	w    *world
	o    *operation
	in   call.Play
	over *event
}

func (p *player) start() {
	c := &p.w.caller
	if c.ended() {
		p.callerGone()
		return
	}
	if p.in.Answer {
		c.answer()
	} else if !c.answered() {
		c.early()
	}
	length, err := p.w.audio(p.in.Audio)
	if err != nil {
		p.w.tell("%q is skipped: %v", p.w.story.name, err)
		p.end(call.OutcomeSkipped, err.Error())
		return
	}
	if p.w.facts.Loops(p.w.ctx, p.in.Audio) {
		p.in.Times = 0
	}
	p.w.tell("%q plays%s", p.w.story.name, p.manner())
	if p.in.SkipKey != "" {
		c.prompted(false)
	}
	if p.in.Times > 0 {
		p.over = p.w.after(time.Duration(p.in.Times)*length, func() { p.end(call.OutcomeDone, "") })
	}
}

// wants implements choosy: a playback asks for the key that skips it.
func (p *player) wants(key byte) bool { return strings.IndexByte(string(p.in.SkipKey), key) >= 0 }

// manner says how the audio plays, where that is not the usual way.
func (p *player) manner() string {
	var out string
	switch {
	case p.in.Times == 0:
		out = " over and over"
	case p.in.Times > 1:
		out = " several times"
	}
	if !p.w.caller.answered() {
		out += " before the call is answered"
	}
	return out
}

func (p *player) end(outcome call.Outcome, note string) {
	p.w.finish(p.o, call.Played{Outcome: outcome, Note: note}, nil)
}

func (p *player) keyDown(key byte) {
	if p.wants(key) {
		p.end(call.OutcomeKey, "")
	}
}

func (p *player) callerGone() { p.end(call.OutcomeCallerGone, "") }

func (p *player) stop() { p.over.drop() }

// gatherer is a Gather at work: it does what a menu says.
type gatherer struct {
	w         *world
	o         *operation
	in        call.Gather
	menu      *reflex.Menu
	playbacks int    // begun so far
	over      *event // of the audio, or of a wait
}

func newGatherer(w *world, o *operation, in call.Gather) *gatherer {
	return &gatherer{w: w, o: o, in: in, menu: reflex.NewMenu(in), playbacks: in.Used}
}

func (g *gatherer) start() {
	if g.w.caller.ended() {
		g.callerGone()
		return
	}
	g.w.caller.answer()
	g.do(g.menu.Begin(g.w.caller.takeAhead()))
}

func (g *gatherer) do(step reflex.MenuStep) {
	if n := g.menu.Playbacks(); n != g.playbacks && g.menu.Prompting() {
		g.w.caller.prompted(g.in.TypeAhead && g.playbacks == 0)
		g.playbacks = n
	}
	switch {
	case step.Ended != nil:
		g.w.caller.ahead = g.menu.Rest()
		g.w.finish(g.o, *step.Ended, nil)
	case step.Play != "":
		g.over.drop()
		g.play(step.Play)
	case step.Wait > 0:
		g.over.drop()
		g.over = g.w.after(step.Wait, func() { g.do(g.menu.TimeUp()) })
	}
}

// play plays audio and tells the menu when it is over; audio that is missing is
// over at once.
func (g *gatherer) play(id string) {
	length, err := g.w.audio(id)
	switch {
	case err != nil:
		g.w.tell("the prompt %q is skipped: %v", g.w.story.name, err)
		g.do(g.menu.AudioEnded())
		return
	case id == g.in.Invalid:
		g.w.tell("the caller hears that this is no valid choice")
	case g.playbacks > 1:
		g.w.tell("the prompt %q plays again, %d of %d", g.w.story.name, g.playbacks, g.in.Playbacks)
	default:
		g.w.tell("the prompt %q plays", g.w.story.name)
	}
	g.over = g.w.after(length, func() { g.do(g.menu.AudioEnded()) })
}

func (g *gatherer) keyDown(key byte) { g.do(g.menu.Key(key)) }

func (g *gatherer) callerGone() {
	g.w.finish(g.o, call.Gathered{Outcome: call.OutcomeCallerGone, Playbacks: g.menu.Playbacks()}, nil)
}

func (g *gatherer) stop() { g.over.drop() }
