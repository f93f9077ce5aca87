package sipmedia

import (
	"cmp"
	"slices"

	"tandem/flow/call"
	"tandem/sipmedia/codec"
	"tandem/sipmedia/rtpio"
)

// stay is a caller's time in a queue: one Wait after the other, the offers that
// run beside them, and the music that goes through all of it. A nil stay can be
// left.
type stay struct {
	c      *live
	a      *leg
	wait   *waiter // nil: between two
	offers []*offer
	winner *offer       // somebody has won the caller; about to be joined
	joined *call.Waited // with whom; not told yet

	musicID string
	music   codec.Source // keeps its place while something else is heard
	saying  *announcement
	heard   codec.Source // at this moment
}

// announcement is audio that goes before music and ringback.
type announcement struct {
	source codec.Source
	ended  func(rtpio.PlayEnd)
}

// choose sets the music. The same goes on where it was.
func (s *stay) choose(id string) {
	if s.musicID == id {
		s.sound()
		return
	}
	s.musicID, s.music = id, nil
	s.c.source(id, 0, func(src codec.Source, err error) {
		switch {
		case s.musicID != id:
		case err != nil && id != call.AudioHold:
			s.c.log.Warn("hold music skipped", "leg", string(s.a.rec.ID), "error", err)
			s.choose(call.AudioHold)
		case err != nil:
			s.c.log.Warn("waiting in silence", "leg", string(s.a.rec.ID), "error", err)
		default:
			s.music = src
			s.sound()
		}
	})
}

// say lets the caller hear an announcement; nil: it is over.
func (s *stay) say(a *announcement) {
	s.saying = a
	s.sound()
}

// sound lets the caller hear what goes first: an announcement, the ringback of
// somebody who is rung, or the music.
func (s *stay) sound() {
	if !s.a.ready || s.a.ended() || s.c.stay != s || s.joined != nil {
		return
	}
	next, ended := s.music, func(rtpio.PlayEnd) {}
	for _, o := range s.offers {
		if o.ringback != nil {
			next = o.ringback
		}
	}
	if s.saying != nil {
		next, ended = s.saying.source, s.saying.ended
	}
	if next == nil || next == s.heard {
		return
	}
	s.heard = next
	s.a.play(next, "", ended)
}

// won tells all other offers that one of them has won.
func (s *stay) won(by *offer) {
	s.winner = by
	if s.wait != nil {
		s.wait.rules.Claim()
	}
	for _, o := range slices.Clone(s.offers) {
		if o != by {
			o.end(call.OutcomeWithdrawn, call.CauseAnsweredElsewhere)
		}
	}
}

// lost takes that back: whoever won has hung up before they were joined.
func (s *stay) lost() {
	s.winner = nil
	if s.wait != nil {
		s.wait.do(s.wait.rules.Unclaim())
	}
}

// join lets the caller talk to who has won.
func (s *stay) join(by *offer, l *leg, t call.Target) {
	waited := call.Waited{Outcome: call.OutcomeAnswered, Lease: by.in.Lease, Leg: l.rec.ID, Target: t}
	s.joined = &waited
	s.a.hush()
	s.c.join(s.a, l, by.in.Hold)
	by.answered(l, t)
	if s.wait != nil {
		s.wait.end(waited)
	}
}

// withdrawn says why those rung are released, by what ended the stay.
var withdrawn = map[call.Outcome]call.Cause{
	call.OutcomeCallerGone: call.CauseCallerCancelled,
	call.OutcomeKey:        call.CauseCallerCancelled,
	call.OutcomeDone:       call.CauseNoAnswer,
}

// leave ends the stay, and whatever is offered.
func (s *stay) leave(why call.Outcome) {
	if s == nil || s.c.stay != s || s.joined != nil && why == call.OutcomeCallerGone {
		return // that was the end of their conversation
	}
	s.c.stay = nil
	if s.joined == nil {
		s.a.hush()
	}
	outcome := call.OutcomeWithdrawn
	if why == call.OutcomeCallerGone {
		outcome = why
	}
	for _, o := range slices.Clone(s.offers) {
		o.end(outcome, cmp.Or(withdrawn[why], call.CauseNormal))
	}
}
