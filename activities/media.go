package activities

import (
	"context"

	"go.temporal.io/sdk/activity"

	"tandem/flow/call"
)

// Switch is the part of the media plane that activities drive. Every method
// returns at once; done is called when the operation ends. Asked again with
// the same OpID, an operation does nothing twice.
type Switch interface {
	Play(op call.OpID, in call.Play, done func(call.Played, error)) error
	Gather(op call.OpID, in call.Gather, done func(call.Gathered, error)) error
	Ring(op call.OpID, in call.Ring, done func(call.Rang, error)) error
	Talk(op call.OpID, in call.Talk, done func(call.Talked, error)) error
	Wait(op call.OpID, in call.Wait, done func(call.Waited, error)) error
	Offer(op call.OpID, in call.Offer, done func(call.Offered, error)) error
	Originate(op call.OpID, in call.Originate, done func(call.Originated, error)) error
	Confer(op call.OpID, in call.Confer, done func(call.Conferred, error)) error
	End(op call.OpID, in call.End, done func(call.Ended, error)) error
}

// Completer tells Temporal how an operation ended, for as long as it takes.
type Completer interface {
	Complete(op call.OpID, result any, err error)
}

// Media are the activities of a node. They run on the task queue of the node
// that holds the leg and end long before the operation does: the node
// completes them by workflow and activity ID, so an hour of talking costs no
// worker slot and outlives a restart of worker and server.
type Media struct {
	Switch    Switch
	Completer Completer
}

// Play plays audio to a leg.
func (m *Media) Play(ctx context.Context, in call.Play) (call.Played, error) {
	return pending(ctx, m.Completer, in, m.Switch.Play)
}

// Gather plays a prompt and collects an entry.
func (m *Media) Gather(ctx context.Context, in call.Gather) (call.Gathered, error) {
	return pending(ctx, m.Completer, in, m.Switch.Gather)
}

// Ring rings destinations and joins the caller with the first to answer.
func (m *Media) Ring(ctx context.Context, in call.Ring) (call.Rang, error) {
	return pending(ctx, m.Completer, in, m.Switch.Ring)
}

// Talk waits for the end of a conversation.
func (m *Media) Talk(ctx context.Context, in call.Talk) (call.Talked, error) {
	return pending(ctx, m.Completer, in, m.Switch.Talk)
}

// Wait keeps a caller waiting.
func (m *Media) Wait(ctx context.Context, in call.Wait) (call.Waited, error) {
	return pending(ctx, m.Completer, in, m.Switch.Wait)
}

// Offer rings members for a caller who waits.
func (m *Media) Offer(ctx context.Context, in call.Offer) (call.Offered, error) {
	return pending(ctx, m.Completer, in, m.Switch.Offer)
}

// Originate begins a call by ringing whoever is to be its caller.
func (m *Media) Originate(ctx context.Context, in call.Originate) (call.Originated, error) {
	return pending(ctx, m.Completer, in, m.Switch.Originate)
}

// Confer puts a caller into a conference.
func (m *Media) Confer(ctx context.Context, in call.Confer) (call.Conferred, error) {
	return pending(ctx, m.Completer, in, m.Switch.Confer)
}

// End ends what is left of a call and reports its legs.
func (m *Media) End(ctx context.Context, in call.End) (call.Ended, error) {
	return pending(ctx, m.Completer, in, m.Switch.End)
}

// pending hands an operation to the node and leaves its completion to it.
func pending[In, Out any](ctx context.Context, c Completer, in In, ask func(call.OpID, In, func(Out, error)) error) (Out, error) {
	var none Out
	info := activity.GetInfo(ctx)
	op := call.NewOpID(info.WorkflowExecution.ID, info.ActivityID)
	err := ask(op, in, func(out Out, err error) { c.Complete(op, out, outcome(err)) })
	if err != nil {
		return none, outcome(err)
	}
	return none, activity.ErrResultPending
}
