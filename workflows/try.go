package workflows

import (
	"slices"

	"go.temporal.io/sdk/workflow"

	"tandem/activities"
	"tandem/flow/call"
	"tandem/flow/queue"
)

// WithdrawSignal tells a callback that nobody shall be called any more, and the
// cause of its end. It is the call itself that knows whether somebody has
// answered, and then it goes on.
const WithdrawSignal = "withdraw"

// callWorkflow is Call by name: calls begin promises, and those begin calls.
const callWorkflow = "Call"

// partings are the causes that end a call of a promise that is over.
var partings = map[string]call.Cause{PromiseOver: call.CauseAnsweredElsewhere, PromiseWithdrawn: call.CauseOperator}

// try makes one call and stays with it to its end. A call that no node has taken
// is none, and the next one takes its place.
func (k *keeper) try(ctx workflow.Context) {
	k.tried = slices.DeleteFunc(k.tried, func(t Tried) bool { return t.Untaken })
	node := k.nodeFor(ctx)
	if node == "" {
		return
	}
	in := k.incoming(len(k.tried)+1, node, workflow.Now(ctx))
	k.tried = append(k.tried, Tried{Call: in.Call, Node: node, At: in.At, Underway: true})
	k.show(ctx, "calling")
	result, err := k.stay(ctx, workflow.ExecuteChildWorkflow(callOptions(ctx, in), callWorkflow, in))
	last := &k.tried[len(k.tried)-1]
	last.Underway, last.Cause = false, result.Cause
	// What came to no result may have reached somebody: it was ended by hand, or
	// in a way that nobody has thought of.
	last.Reached, last.Untaken = err != nil || !result.Unreached, result.Untaken
	if last.Untaken {
		k.shy = node
	}
	if err != nil {
		last.Cause = call.CauseInternal
		workflow.GetLogger(ctx).Warn("a callback came to no result and counts as made", "promise", k.ID, "call", in.Call, "error", err)
	}
}

// nodeFor finds a node for the next call: the one that held the caller's, if it
// is there. No node at all is none that could be asked.
func (k *keeper) nodeFor(ctx workflow.Context) string {
	var node string
	in := activities.NodeInput{Wanted: k.Node, Shy: k.shy}
	if err := workflow.ExecuteLocalActivity(lookup(ctx, "find a node"), directory.Node, in).Get(ctx, &node); err != nil {
		workflow.GetLogger(ctx).Warn("no node found", "promise", k.ID, "error", err)
	}
	return node
}

// stay waits for the end of a call. Where the promise is over meanwhile, the call
// is told once, and ends unless somebody has answered.
func (k *keeper) stay(ctx workflow.Context, made workflow.ChildWorkflowFuture) (result Result, err error) {
	if err := made.GetChildWorkflowExecution().Get(ctx, nil); err != nil {
		return Result{}, err
	}
	for over := false; !over; {
		s := workflow.NewSelector(ctx)
		s.AddFuture(made, func(f workflow.Future) { over, err = true, f.Get(ctx, &result) })
		s.AddReceive(k.words, func(c workflow.ReceiveChannel, _ bool) {
			var word queue.Word
			c.Receive(ctx, &word)
			k.hear(word)
		})
		open := k.outcome == ""
		if open {
			s.AddReceive(k.asked, func(workflow.ReceiveChannel, bool) { k.withdraw() })
		}
		s.Select(ctx)
		if open && k.outcome != "" && !over {
			_ = made.SignalChildWorkflow(ctx, WithdrawSignal, partings[k.outcome]).Get(ctx, nil) // one that is over needs not know
		}
	}
	return result, err
}

// withdraw takes the promise back on behalf of a person.
func (k *keeper) withdraw() { k.decide(PromiseWithdrawn, "withdrawn by an operator") }
