package workflows

import (
	"time"

	"tandem/flow/call"
)

// lostLegs is what the workflow itself knows of the legs of a call whose node
// is gone: the caller's, and each that was rung. How they sounded went with
// the node. The caller was answered at the latest when a callee was, and they
// talked until the node was missed.
//
// A callback has no caller before somebody answers, and its attempts are at the
// caller.
func (w *walk) lostLegs(at time.Time) []call.Leg {
	if w.in.Leg == "" {
		return nil
	}
	legs := []call.Leg{{ID: w.in.Leg, Side: "a", Node: w.in.Node, State: call.LegEnded, Party: w.entry.Caller,
		ContactMethod: w.in.ContactMethod(), Trunk: w.in.Trunk, Started: w.in.At, Ended: at, Cause: call.CauseNodeLost}}
	for _, a := range w.entry.Attempts {
		if a.Skipped || a.Leg == "" {
			continue
		}
		if a.Leg == w.in.Leg {
			legs[0].Started, legs[0].Ringing, legs[0].Answered = a.Started, a.Ringing, a.Answered
			continue
		}
		b := call.Leg{ID: a.Leg, Side: "b", Node: w.in.Node, State: call.LegEnded, Party: call.Party{Name: a.Name},
			ContactMethod: a.ContactMethod, Started: a.Started, Ringing: a.Ringing, Answered: a.Answered,
			Ended: a.Ended, Status: a.Status, Cause: a.Cause}
		if b.Ended.IsZero() { // it was in the conversation
			b.Ended, b.Cause = at, call.CauseNodeLost
			legs[0].Answered = b.Answered
			w.entry.TalkMS += at.Sub(b.Answered).Milliseconds()
		}
		legs = append(legs, b)
	}
	return legs
}
