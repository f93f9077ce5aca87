package sipmedia

import (
	"cmp"
	"time"

	"tandem/flow/call"
	"tandem/flow/reflex"
	"tandem/sipmedia/codec"
	"tandem/sipmedia/dtmf"
	"tandem/sipmedia/mixer"
	"tandem/sipmedia/rtpio"
)

// Confer puts a caller into a conference, here or on another node, until the
// caller leaves it. About done and the error see Play.
func (s *Switch) Confer(op call.OpID, in call.Confer, done func(call.Conferred, error)) error {
	return submit(s, in.Leg.Call(), op, done, func(c *live, o *operation) {
		l, err := c.leg(in.Leg)
		if err != nil {
			c.finish(o, nil, err)
			return
		}
		c.takeBack(l)
		stay := stayer{c: c, o: o, l: l, in: in, since: time.Now()}
		if in.Node != "" && in.Node != s.cfg.Node {
			f := &farConferrer{stayer: stay}
			o.task = f
			f.start()
			return
		}
		f := &conferrer{stayer: stay, of: in.Leg.Call()}
		o.task = f
		f.start()
	})
}

// stayer is what a Confer at work is, wherever the room.
type stayer struct {
	c             *live
	o             *operation
	l             *leg
	in            call.Confer
	since         time.Time
	warning, last *timer
}

// limit hangs the caller up after the longest call, with a tone before.
func (s *stayer) limit(warn func()) {
	longest := s.in.Longest.Std()
	if longest <= 0 {
		return
	}
	s.last = s.c.after(longest, func() { s.l.hangUp(call.CauseTooLong, reason(call.CauseTooLong)) })
	if before := longest - s.c.s.cfg.Waits.Warning; before > 0 {
		s.warning = s.c.after(before, warn)
	}
}

func (s *stayer) finish(out call.Conferred) {
	if out.Outcome != call.OutcomeRefused {
		out.Lasted = call.Duration(time.Since(s.since))
	}
	s.c.finish(s.o, out, nil)
}

func (s *stayer) quiet() {
	s.warning.stop()
	s.last.stop()
	s.l.hush()
}

// conferrer is a Confer at work whose room is here.
type conferrer struct {
	stayer
	party  *party
	of     call.ID // the caller's call, at whichever node
	pad    reflex.Pad
	music  bool // is to be heard
	spoken bool // to; whatever else is to be heard waits
	knock  bool // the caller is answered only once let in
}

func (f *conferrer) start() {
	if f.l.ended() {
		f.legEnded(f.l)
		return
	}
	if !f.knock {
		f.l.answer()
	}
	f.party = &party{in: f.in, of: f.of, call: roomPost{f}}
	if err := f.c.s.rooms.enter(f.in.Room, f.party); err != nil {
		f.c.finish(f.o, nil, err)
		return
	}
	f.limit(f.warn)
}

// roomPost brings what a room tells to the call's mailbox. What comes after the
// end of the operation is not told any more.
type roomPost struct{ f *conferrer }

func (p roomPost) post(tell func()) {
	p.f.c.box.post(func() {
		if !p.f.o.done {
			tell()
		}
	})
}

func (p roomPost) entered(seat *mixer.Seat) { p.post(func() { p.f.entered(seat) }) }
func (p roomPost) refused(note string)      { p.post(func() { p.f.refused(note) }) }
func (p roomPost) hears(music bool)         { p.post(func() { p.f.hears(music) }) }
func (p roomPost) says(audioID string)      { p.post(func() { p.f.says(audioID) }) }
func (p roomPost) dismissed() {
	p.post(func() { p.f.finish(call.Conferred{Outcome: call.OutcomeDone, Most: p.f.most()}) })
}

func (f *conferrer) entered(seat *mixer.Seat) {
	f.l.answer()
	f.l.whenReady(func() {
		if !f.o.done {
			f.l.stream.Sit(seat)
		}
	})
}

func (f *conferrer) refused(note string) {
	f.finish(call.Conferred{Outcome: call.OutcomeRefused, Note: note})
}

// hears begins or ends the music.
func (f *conferrer) hears(music bool) {
	f.music = music
	switch {
	case f.spoken:
		return
	case !music:
		f.l.hush()
		return
	}
	f.c.source(cmp.Or(f.in.Music, call.AudioHold), 0, func(src codec.Source, err error) {
		switch {
		case f.o.done || !f.music || f.spoken:
		case err != nil:
			f.c.log.Warn("music skipped", "leg", string(f.l.rec.ID), "error", err)
		default:
			f.l.whenReady(func() {
				if !f.o.done && f.music && !f.spoken {
					f.l.play(src, "", func(rtpio.PlayEnd) {})
				}
			})
		}
	})
}

// says lets this caller alone hear something.
func (f *conferrer) says(audioID string) {
	f.c.source(audioID, 1, func(src codec.Source, err error) {
		switch {
		case f.o.done:
		case err != nil:
			f.c.log.Warn("announcement skipped", "leg", string(f.l.rec.ID), "error", err)
		default:
			f.aside(src)
		}
	})
}

// aside plays something before whatever the caller hears, which goes on then.
func (f *conferrer) aside(src codec.Source) {
	f.l.whenReady(func() {
		if f.o.done {
			return
		}
		f.spoken = true
		f.l.play(src, "", func(rtpio.PlayEnd) {
			f.spoken = false
			if f.music {
				f.hears(true)
			}
		})
	})
}

func (f *conferrer) warn() { f.aside(f.c.s.beep.Source(false)) }

func (f *conferrer) most() int { return int(f.party.most.Load()) }

func (f *conferrer) keyDown(l *leg, k dtmf.Key) {
	w := f.pad.Key(byte(k))
	if l != f.l || w == "" {
		return
	}
	r := f.party.room
	r.rooms.post(r, func() { r.wish(f.party, w) })
}

func (f *conferrer) legEnded(l *leg) {
	if l != f.l {
		return
	}
	out := call.Conferred{Outcome: call.OutcomeCallerGone}
	if f.party != nil {
		out.Most = f.most()
	}
	f.finish(out)
}

func (f *conferrer) stop() {
	f.quiet()
	f.l.stream.Sit(nil)
	if f.party != nil && f.party.room != nil {
		r := f.party.room
		r.rooms.post(r, func() { r.leave(f.party) })
	}
}
