package sipmedia

import (
	"tandem/flow/call"
	"tandem/sipmedia/codec"
	"tandem/sipmedia/rtpio"
)

// tone is what a caller hears while others are rung: the network's own ringback
// (180), audio of the owner's choice, our ringback tone, or the early media of
// the one leg that rings alone.
type tone struct {
	a     *leg
	audio string // of the owner's choice; empty: none
	over  bool
	from  *leg // whose early media is heard
}

// start begins what is heard before anybody's phone has rung.
func (t *tone) start() {
	if t.audio == "" {
		t.local()
		return
	}
	if !t.a.answered() {
		if err := t.a.early(); err != nil {
			t.audio = "" // then the network's
			return
		}
	}
	t.a.c.source(t.audio, 0, func(src codec.Source, err error) {
		switch {
		case t.over || t.from != nil:
		case err != nil:
			t.a.c.log.Warn("ringback skipped", "leg", string(t.a.rec.ID), "error", err)
			t.audio = ""
			t.local()
		default:
			t.play(src)
		}
	})
}

// local plays our ringback tone to a caller who would hear nothing else.
func (t *tone) local() {
	if t.a.answered() || t.a.rec.State == call.LegEarly {
		t.play(t.a.c.s.ringback.Source(true))
	}
}

func (t *tone) play(src codec.Source) {
	t.a.whenReady(func() {
		if !t.over && t.from == nil {
			t.a.play(src, "", func(rtpio.PlayEnd) {})
		}
	})
}

// ringing is told that a phone rings.
func (t *tone) ringing() { t.a.ring() }

// follow lets the caller hear a leg's early media, or nobody's when l is nil.
// Audio of the owner's choice is never replaced.
func (t *tone) follow(l *leg) {
	if t.over || t.audio != "" || t.from == l {
		return
	}
	t.drop()
	if l == nil {
		t.local()
		return
	}
	if !t.a.answered() && t.a.early() != nil {
		return
	}
	t.from = l
	t.a.hush()
	t.a.c.bridge(t.a, l)
}

// drop ends the early media that is heard.
func (t *tone) drop() {
	if l := t.from; l != nil {
		t.from = nil
		if t.a.partner == l {
			t.a.c.s.engine.Unbridge(t.a.stream, l.stream)
			t.a.partner, l.partner = nil, nil
		}
	}
}

// end silences the caller's ringback. Early media stays, since who sends it may
// be who has answered.
func (t *tone) end() {
	if t.over {
		return
	}
	t.over = true
	t.a.hush()
}
