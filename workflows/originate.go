package workflows

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"tandem/activities"
	"tandem/flow/call"
)

// back is how far a call has come that the house makes itself.
type back struct {
	asked   bool         // a node was, to ring
	refused bool         // and it has not taken it
	nobody  bool         // and nobody has answered: the node says so
	ended   []call.LegID // that the node has told of; nobody knows yet whose they were
}

// nowhere tells that no node knows of the call. One that came in has a node.
func (b *back) nowhere() bool { return b != nil && (!b.asked || b.refused) }

// untaken tells that a node was asked and has not taken it.
func (b *back) untaken() bool { return b != nil && b.refused }

// unreached tells that a callback has certainly reached nobody. Of one that was
// cut short the node says at the end whether somebody had answered.
func (w *walk) unreached() bool {
	return w.back != nil && !w.answered && (w.back.nowhere() || w.back.nobody || w.reported && w.entry.Answered.IsZero())
}

// callBack rings whoever was promised a call; who answers is the caller from then
// on. A call that came in has its caller.
func (w *walk) callBack(ctx workflow.Context) error {
	if w.back == nil {
		return nil
	}
	c := w.in.Callback
	if workflow.Now(ctx).Sub(w.in.At) > callbackRest { // nobody has walked calls meanwhile: the turn may be over
		return &over{cause: call.CauseUnavailable}
	}
	var targets []call.Target
	in := activities.TargetsInput{ContactMethods: []string{c.ContactMethod}, At: workflow.Now(ctx)}
	if err := workflow.ExecuteLocalActivity(lookup(ctx, "find the phone"), directory.Targets, in).Get(ctx, &targets); err != nil {
		return err
	}
	got, err := w.originate(ctx, call.Originate{Call: w.in.Call, Target: targets[0], From: w.house(), Ring: cmp.Or(c.Ring, callbackRing)})
	if err != nil {
		return err
	}
	w.entry.Attempts = append(w.entry.Attempts, got.Attempts...)
	if got.Outcome != call.OutcomeAnswered {
		w.back.nobody = true
		return &over{cause: whyNobody(got)}
	}
	w.in.Leg, w.answered = got.Leg, true
	if slices.Contains(w.back.ended, got.Leg) { // told before the answer was
		return w.gone()
	}
	return nil
}

// house is who calls: the queue, at the number that was dialled once.
func (w *walk) house() call.Party {
	from := call.Party{Number: w.in.Called}
	if m, ok := w.rev.Flow.Module(w.in.Callback.Module); ok {
		from.Name = m.Name
	}
	return from
}

// originate asks the node to ring, until it says what came of it or the promise is
// over.
func (w *walk) originate(ctx workflow.Context, in call.Originate) (got call.Originated, err error) {
	ringing, stop := workflow.WithCancel(ctx)
	defer stop()
	withdrawn := workflow.GetSignalChannel(ctx, WithdrawSignal)
	var cause call.Cause
	if withdrawn.ReceiveAsync(&cause) {
		return got, &over{cause: cause}
	}
	w.back.asked = true
	w.rings = rung{names: []string{in.Target.Name}, methods: []string{in.Target.ContactMethod}}
	w.tell(ctx)
	summary := fmt.Sprintf("Call %s back, try %d", shown(w.entry.Caller), w.in.Callback.Try)
	ready := false
	s := workflow.NewSelector(ctx)
	s.AddFuture(workflow.ExecuteActivity(onNode(ringing, w.in.Node, summary), media.Originate, in), func(f workflow.Future) { ready, err = true, f.Get(ctx, &got) })
	s.AddReceive(withdrawn, func(c workflow.ReceiveChannel, _ bool) { c.Receive(ctx, &cause) })
	for !ready && cause == "" {
		s.Select(ctx)
	}
	w.rings = rung{}
	switch {
	case !ready:
		return got, &over{cause: cause}
	case scheduleTimeout(err):
		w.back.refused = true
	case closing(err):
		w.back.refused = true
		return got, &over{cause: call.CauseCongestion}
	}
	return got, err
}

// closing tells that a node has refused a call because it is shutting down.
func closing(err error) bool {
	var app *temporal.ApplicationError
	return errors.As(err, &app) && app.Type() == activities.ErrorNoNewCalls
}

// whyNobody is the cause of a callback that nobody has answered: what the phone
// that was tried last has said.
func whyNobody(got call.Originated) call.Cause {
	for _, a := range slices.Backward(got.Attempts) {
		if a.Cause != "" && a.Cause != call.CauseAnsweredElsewhere {
			return a.Cause
		}
	}
	if got.Outcome == call.OutcomeNoAnswer {
		return call.CauseNoAnswer
	}
	return call.CauseUnavailable
}

// heldPlace is the ticket of the place that a caller who is called back has had
// held, for the queue that the call begins in.
func (w *walk) heldPlace() string {
	if w.back == nil || len(w.entry.Path) != 1 {
		return ""
	}
	return w.in.Callback.Ticket
}

// greeting is what a caller hears first who was promised a call.
func (q *waiting) greeting() []string {
	if q.after == "" {
		return nil
	}
	return []string{call.AudioCallbackHere}
}

// title says whose call it is.
func (w *walk) title() string {
	if c := w.in.Callback; c != nil {
		return fmt.Sprintf("**Callback to %s, try %d, promised in a call to %s**", shown(w.entry.Caller), c.Try, w.entry.Called)
	}
	if w.entry.Direction == "test" {
		return fmt.Sprintf("**Test of a draft: %s → %s**", shown(w.entry.Caller), w.entry.Called)
	}
	return fmt.Sprintf("**%s → %s**", shown(w.entry.Caller), w.entry.Called)
}
