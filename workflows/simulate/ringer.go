package simulate

import "tandem/flow/call"

// ringer is a Ring at work.
type ringer struct {
	w    *world
	o    *operation
	in   call.Ring
	ring *ring
}

func (r *ringer) start() {
	r.ring = newRing(r.w, r.in.Bars, r)
	if r.w.caller.ended() {
		r.callerGone()
		return
	}
	if r.in.Ringback != "" {
		r.w.caller.early()
	}
	r.ring.advance()
}

func (r *ringer) rings() {}
func (r *ringer) won()   {}
func (r *ringer) lost()  {}

// join joins the caller, who is answered now, with who was first.
func (r *ringer) join(t *rung) {
	r.w.caller.answer()
	r.w.talk = newTalk(r.w, t)
	r.end(call.Rang{Outcome: call.OutcomeAnswered, Leg: t.leg.ID, Target: t.target}, t, call.CauseAnsweredElsewhere)
}

func (r *ringer) nobody(why call.Outcome) { r.end(call.Rang{Outcome: why}, nil, call.CauseNormal) }

func (r *ringer) keyDown(byte) {}

// wants implements choosy: who waits for an answer may key ahead.
func (r *ringer) wants(byte) bool { return false }

func (r *ringer) callerGone() {
	r.end(call.Rang{Outcome: call.OutcomeCallerGone}, nil, call.CauseCallerCancelled)
}

func (r *ringer) end(rang call.Rang, keep *rung, cause call.Cause) {
	rang.Attempts = r.ring.end(keep, cause)
	r.w.finish(r.o, rang, nil)
}

// stop is reached when another operation takes over while it rings, too.
func (r *ringer) stop() {
	if r.ring != nil && !r.ring.over {
		r.ring.end(nil, call.CauseNormal)
	}
}
