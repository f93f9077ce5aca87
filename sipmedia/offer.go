package sipmedia

import (
	"slices"

	"tandem/flow/call"
	"tandem/sipmedia/codec"
)

// Offer rings members for a caller who waits, beside the Wait. About done and
// the error see Play.
func (s *Switch) Offer(op call.OpID, in call.Offer, done func(call.Offered, error)) error {
	return submitBeside(s, in.Leg.Call(), op, done, func(c *live, o *operation) {
		l, err := c.leg(in.Leg)
		switch {
		case err != nil:
			c.finish(o, nil, err)
		case l.ended():
			c.finish(o, call.Offered{Outcome: call.OutcomeCallerGone}, nil)
		case c.stay == nil || c.stay.winner != nil:
			c.finish(o, call.Offered{Outcome: call.OutcomeWithdrawn}, nil)
		default:
			f := &offer{c: c, o: o, in: in, stay: c.stay}
			f.ring = newRing(c, l, in.From, in.Bars, f)
			c.stay.offers = append(c.stay.offers, f)
			f.ring.advance()
		}
	})
}

// offer is an Offer at work.
type offer struct {
	c        *live
	o        *operation
	in       call.Offer
	stay     *stay
	ring     *ring
	rang     bool
	ringback codec.Source // heard instead of the music; nil: nothing has rung yet
}

// rings lets the caller hear that somebody's phone rings.
func (f *offer) rings() {
	if f.rang || f.in.Ringback == "" {
		return
	}
	f.rang = true
	f.c.source(f.in.Ringback, 0, func(src codec.Source, err error) {
		switch {
		case f.o.done:
		case err != nil:
			f.c.log.Warn("ringback skipped", "leg", string(f.in.Leg), "error", err)
		default:
			f.ringback = src
			f.stay.sound()
		}
	})
}

// follow leaves the caller with the music: early media is for who is not
// answered.
func (f *offer) follow(*leg) {}

func (f *offer) won() { f.stay.won(f) }

func (f *offer) lost() { f.stay.lost() }

func (f *offer) join(l *leg, t call.Target) { f.stay.join(f, l, t) }

func (f *offer) nobody(why call.Outcome) { f.end(why, call.CauseNormal) }

// answered ends the offer that has won.
func (f *offer) answered(l *leg, t call.Target) {
	f.leave()
	attempts := f.ring.end(l, call.CauseAnsweredElsewhere)
	f.c.finish(f.o, call.Offered{Outcome: call.OutcomeAnswered, Leg: l.rec.ID, Target: t, Attempts: attempts}, nil)
}

// end ends an offer that came to nothing. Who still rings is told the cause.
func (f *offer) end(outcome call.Outcome, cause call.Cause) {
	f.leave()
	f.c.finish(f.o, call.Offered{Outcome: outcome, Attempts: f.ring.end(nil, cause)}, nil)
	f.stay.sound()
}

func (f *offer) leave() {
	f.ringback = nil
	if i := slices.Index(f.stay.offers, f); i >= 0 {
		f.stay.offers = slices.Delete(f.stay.offers, i, i+1)
	}
}
