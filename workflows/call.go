// Package workflows is the durable life of a call, and nothing else.
//
// A workflow decides; it never touches the world. Code here runs again from
// the start whenever a worker replays history, so it reads no clock, ranges
// over no map and starts no goroutine.
package workflows

import (
	"cmp"
	"errors"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"tandem/flow"
	"tandem/flow/call"
)

// Names that clients of a call use; callclient owns their use.
const (
	TaskQueue   = "calls"
	EventSignal = "event"
	PathQuery   = "path" // the ledger entry so far
	HereQuery   = "here" // the last entry of its path
)

// NodeTaskQueue is the task queue of the node that holds a call's legs.
func NodeTaskQueue(node string) string { return "node-" + node }

// Search attributes of a call, set at start and once at the end.
var (
	AttributeCaller        = temporal.NewSearchAttributeKeyKeyword("Caller")
	AttributeNumber        = temporal.NewSearchAttributeKeyKeyword("Number")
	AttributeNode          = temporal.NewSearchAttributeKeyKeyword("Node")
	AttributeFlow          = temporal.NewSearchAttributeKeyKeyword("Flow")
	AttributeOutcome       = temporal.NewSearchAttributeKeyKeyword("Outcome")
	AttributeContactMethod = temporal.NewSearchAttributeKeyKeyword("ContactMethod")
)

// Result is what a closed call shows in Temporal UI; the ledger has the rest.
type Result struct {
	Outcome string     `json:"outcome"`
	Cause   call.Cause `json:"cause"`
	// Of a callback: what is not certain is not said.
	Unreached bool `json:"unreached,omitempty"` // certainly nobody has answered
	Untaken   bool `json:"untaken,omitempty"`   // nor was anybody rung: no node has taken it
}

// Call is one phone call from its first INVITE to its last BYE: it finds the
// route once, walks that snapshot, ends what is left of the call and writes
// the ledger entry.
func Call(ctx workflow.Context, in call.Incoming) (Result, error) {
	w, err := newWalk(ctx, in)
	if err != nil {
		return Result{}, err
	}
	following, stop := workflow.WithCancel(ctx)
	workflow.Go(ctx, func(ctx workflow.Context) { w.listen(ctx, stop) })
	w.close(ctx, w.follow(following))
	return Result{Outcome: w.entry.Outcome, Cause: w.entry.Cause, Unreached: w.unreached(), Untaken: w.back.untaken()}, nil
}

// over is how a walk ends: it passes through runners as an error.
type over struct {
	cause  call.Cause
	audio  string // played to the caller before the end
	status int    // that refuses a caller who is not answered; 0: the cause's own
	early  bool   // the audio is for a caller who is not answered too
}

// Error names the cause.
func (o *over) Error() string { return "call over: " + string(o.cause) }

// follow finds the route and walks it until the call is over.
func (w *walk) follow(ctx workflow.Context) *over {
	var route flow.Route
	if err := workflow.ExecuteLocalActivity(lookup(ctx, "find the route"), directory.Route, w.in).Get(ctx, &route); err != nil {
		return w.fault(ctx, err)
	}
	w.longest = cmp.Or(route.Longest, call.Duration(LongestCall))
	if route.Zone != "" {
		w.clock, w.zone = route.At, route.Zone
	}
	w.beyond = route.Over
	if route.Test != nil {
		w.pose(*route.Test)
	}
	w.story(ctx)
	switch {
	case route.Refused != "":
		return &over{cause: route.Refused}
	case route.Direct != nil && route.Over != nil:
		return w.tooMany()
	case route.Feature != nil:
		return w.asOver(ctx, w.feature(ctx, *route.Feature))
	case route.Direct != nil:
		return w.asOver(ctx, w.direct(ctx, *route.Direct))
	case route.Revision == nil:
		return &over{cause: call.CauseNotFound}
	}
	w.rev = route.Revision
	w.entry.Flow = route.Revision.Ref()
	entry, ok := w.rev.Flow.Module(route.Entry)
	if !ok {
		return &over{cause: call.CauseInternal, audio: call.AudioApology}
	}
	if err := w.callBack(ctx); err != nil {
		return w.asOver(ctx, err)
	}
	return w.walk(ctx, entry)
}

// close ends what is left of the call and writes its ledger entry, also when
// the workflow was cancelled.
func (w *walk) close(ctx workflow.Context, why *over) {
	ctx, cancel := workflow.NewDisconnectedContext(ctx)
	defer cancel()
	w.entry.Cause, w.parting = why.cause, why.early
	w.leave(ctx, "")

	var ended call.Ended
	end := call.End{Call: w.in.Call, Cause: why.cause, Audio: why.audio, Status: why.status, Early: why.early}
	switch {
	case w.back.nowhere(): // there is nothing to end
	case w.lost:
		ended.Legs = w.lostLegs(workflow.Now(ctx))
		workflow.GetLogger(ctx).Warn("node lost, its legs are reported as the workflow knew them", "call", w.in.Call, "node", w.in.Node)
	default:
		if err := workflow.ExecuteActivity(ending(ctx, w.in.Node, why.cause), media.End, end).Get(ctx, &ended); err != nil {
			workflow.GetLogger(ctx).Warn("legs not reported", "call", w.in.Call, "error", err)
		} else {
			w.reported = true
		}
	}
	w.release(ctx)
	w.entry.Legs = ended.Legs
	w.settleOffers(ctx)
	w.settle(ctx)
	w.story(ctx)
	_ = workflow.UpsertTypedSearchAttributes(ctx, w.attributes()...) // fails only on an invalid attribute, and ours are constants
	w.save(ctx)
	w.seeOff(ctx)
}

// save writes the ledger entry at once where the database answers, and
// otherwise for as long as it takes.
func (w *walk) save(ctx workflow.Context) {
	err := workflow.ExecuteLocalActivity(lookup(ctx, "write the ledger"), ledger.Save, w.entry).Get(ctx, nil)
	if err == nil {
		return
	}
	err = workflow.ExecuteActivity(bookkeeping(ctx), ledger.Save, w.entry).Get(ctx, nil)
	if err != nil {
		workflow.GetLogger(ctx).Error("ledger entry not written", "call", w.in.Call, "error", err)
	}
}

// asOver tells how a call ended from what a runner returned.
func (w *walk) asOver(ctx workflow.Context, err error) *over {
	var o *over
	switch {
	case err == nil:
		return &over{cause: call.CauseFlowEnded}
	case errors.As(err, &o):
		return o
	}
	return w.fault(ctx, err)
}

// fault is the end of a call that one of our own parts failed.
func (w *walk) fault(ctx workflow.Context, err error) *over {
	var app *temporal.ApplicationError
	switch {
	case w.lost, errors.As(err, &app) && app.Type() == noLeg, scheduleTimeout(err):
		w.lost = true
		return &over{cause: call.CauseNodeLost}
	case w.hungUp:
		return &over{cause: w.goneCause()}
	case temporal.IsCanceledError(err):
		return &over{cause: call.CauseOperator}
	}
	workflow.GetLogger(ctx).Error("call failed", "call", w.in.Call, "error", err)
	return &over{cause: call.CauseInternal, audio: call.AudioApology}
}

// scheduleTimeout tells that no node took an operation in time.
func scheduleTimeout(err error) bool {
	var timeout *temporal.TimeoutError
	return errors.As(err, &timeout) && timeout.TimeoutType() == scheduleToStart
}
