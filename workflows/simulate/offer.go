package simulate

import (
	"slices"

	"tandem/flow/call"
)

// Offer implements activities.Switch.
func (w *world) Offer(_ call.OpID, in call.Offer, done func(call.Offered, error)) error {
	return submitBeside(w, done, func(o *operation) task { return &offer{w: w, o: o, in: in} })
}

// offer is an Offer at work.
type offer struct {
	w    *world
	o    *operation
	in   call.Offer
	stay *stay
	ring *ring
}

func (f *offer) start() {
	switch f.stay = f.w.stay; {
	case f.w.caller.ended():
		f.w.finish(f.o, call.Offered{Outcome: call.OutcomeCallerGone}, nil)
	case f.stay == nil || f.stay.winner != nil:
		f.w.finish(f.o, call.Offered{Outcome: call.OutcomeWithdrawn}, nil)
	default:
		f.ring = newRing(f.w, f.in.Bars, f)
		f.stay.offers = append(f.stay.offers, f)
		f.ring.advance()
	}
}

func (f *offer) rings() {}

func (f *offer) won() { f.stay.won(f) }

func (f *offer) lost() { f.stay.lost() }

func (f *offer) join(t *rung) { f.stay.join(f, t) }

func (f *offer) nobody(why call.Outcome) { f.end(why, call.CauseNormal) }

// answered ends the offer that has won.
func (f *offer) answered(t *rung) {
	f.leave()
	attempts := f.ring.end(t, call.CauseAnsweredElsewhere)
	f.w.finish(f.o, call.Offered{Outcome: call.OutcomeAnswered, Leg: t.leg.ID, Target: t.target, Attempts: attempts}, nil)
}

// end ends an offer that came to nothing. Who still rings is told the cause.
func (f *offer) end(outcome call.Outcome, cause call.Cause) {
	f.leave()
	f.w.finish(f.o, call.Offered{Outcome: outcome, Attempts: f.ring.end(nil, cause)}, nil)
}

func (f *offer) leave() {
	if i := slices.Index(f.stay.offers, f); i >= 0 {
		f.stay.offers = slices.Delete(f.stay.offers, i, i+1)
	}
}

func (f *offer) keyDown(byte) {}
func (f *offer) callerGone()  {}
func (f *offer) stop()        {}
