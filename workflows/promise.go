package workflows

import (
	"fmt"
	"hash/fnv"
	"time"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"tandem/flow/call"
	"tandem/flow/queue"
)

// Promise is a call that somebody was promised who waited in a queue.
type Promise struct {
	ID            string        `json:"id"` // the ticket that they had in the queue
	Queue         queue.ID      `json:"queue"`
	Flow          call.FlowRef  `json:"flow"`   // in which they go on
	Module        string        `json:"module"` // the queue in it
	Rules         queue.Rules   `json:"rules"`
	Priority      int           `json:"priority,omitempty"`
	Call          call.ID       `json:"call"` // in which it was promised
	Node          string        `json:"node"` // that held it
	Called        string        `json:"called"`
	Caller        call.Party    `json:"caller"` // who is called
	ContactMethod string        `json:"contact_method"`
	Ring          call.Duration `json:"ring"`
	Window        call.Duration `json:"window"` // after which nobody calls any more
	Tries         int           `json:"tries"`  // at most
	At            time.Time     `json:"at"`
}

// Kept is what became of a promise.
type Kept struct {
	Outcome string  `json:"outcome"` // kept, unreached, expired, over, withdrawn, failed
	Text    string  `json:"text"`    // the same in words
	Tries   []Tried `json:"tries"`
}

// Tried is one call made to keep a promise.
type Tried struct {
	Call     call.ID    `json:"call"`
	Node     string     `json:"node"`
	At       time.Time  `json:"at"`
	Reached  bool       `json:"reached"`            // somebody has answered, or may have
	Untaken  bool       `json:"untaken,omitempty"`  // no node has taken it
	Cause    call.Cause `json:"cause,omitempty"`    // of its end
	Underway bool       `json:"underway,omitempty"` // still
}

// What becomes of a promise.
const (
	PromiseKept      = "kept"
	PromiseUnreached = "unreached" // in all its tries
	PromiseExpired   = "expired"   // it was not their turn within the window
	PromiseOver      = "over"      // by the queue: they have called again
	PromiseWithdrawn = "withdrawn" // by a person
	PromiseFailed    = "failed"    // the queue could not be told
)

const (
	// callbackRing is how long a callback rings where nothing else is set.
	callbackRing = call.Duration(30 * time.Second)
	longestRing  = call.Duration(time.Minute)
	// callbackRest is how long nobody is called again who was not reached.
	callbackRest = 5 * time.Minute
	// atOnce is when a turn comes again that was let pass: long enough for a message
	// to the queue.
	atOnce = 2 * time.Second
	// staleTurn is how long after a try a turn may come that was said before it was
	// over: much longer than a signal takes, and much less than a rest.
	staleTurn = time.Minute
	// longestGoodbye is how long a call goes on in which a promise was given, as far
	// as its end was not heard of: that may have failed.
	longestGoodbye = 30 * time.Minute
)

// GoneSignal tells a promise that the call is over in which it was given.
const GoneSignal = "gone"

// startCallback begins to keep a promise, and returns once that is certain. One
// that is kept already is not begun again.
func (w *walk) startCallback(ctx workflow.Context, p Promise) error {
	ctx = workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID:               CallbackPrefix + p.ID,
		TaskQueue:                TaskQueue,
		WorkflowExecutionTimeout: longestWorkflow,
		WorkflowTaskTimeout:      TaskTimeout,
		WorkflowIDReusePolicy:    enums.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
		ParentClosePolicy:        enums.PARENT_CLOSE_POLICY_ABANDON,
		StaticSummary:            fmt.Sprintf("%s for %s", shown(p.Caller), p.Rules.Name),
		TypedSearchAttributes:    temporal.NewSearchAttributes(AttributeCaller.ValueSet(callerWords(p.Caller)), AttributeNumber.ValueSet(p.Called)),
	})
	err := workflow.ExecuteChildWorkflow(ctx, Callback, p).GetChildWorkflowExecution().Get(ctx, nil)
	if err != nil && !temporal.IsWorkflowExecutionAlreadyStartedError(err) {
		return err
	}
	w.promised = append(w.promised, p.ID)
	return nil
}

// release tells what was promised in this call that the caller can be called from
// now on.
func (w *walk) release(ctx workflow.Context) {
	for _, promise := range w.promised {
		if err := workflow.SignalExternalWorkflow(ctx, CallbackPrefix+promise, "", GoneSignal, nil).Get(ctx, nil); err != nil {
			workflow.GetLogger(ctx).Warn("the promise was not told", "call", w.in.Call, "promise", promise, "error", err)
		}
	}
}

// stood is a caller's last wait in a queue, whatever came of it.
type stood struct {
	queue    queue.ID
	ticket   string
	flow     call.FlowRef
	module   string
	rules    queue.Rules
	priority int
	caller   call.Party // as shown before the queue's own rules
}

// incoming is the call of a try, which has no leg before somebody answers. Its ID
// follows from the promise and the try, so that a replay makes the same.
func (p Promise) incoming(try int, node string, now time.Time) call.Incoming {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s %d", p.ID, try)
	var tail [7]byte
	copy(tail[:], h.Sum(nil))
	return call.Incoming{Call: call.NewID(now, tail), Node: node, Caller: p.Caller.Number, CallerName: p.Caller.Name, Called: p.Called,
		Account: p.ContactMethod, At: now, Callback: &call.Callback{ID: p.ID, Try: try, ContactMethod: p.ContactMethod, Ring: p.Ring,
			Flow: p.Flow, Module: p.Module, Ticket: p.ticket()}}
}

// ticket holds the place in the queue.
func (p Promise) ticket() string { return CallbackPrefix + p.ID }

// callOptions begin a call of our own just as a node begins one that came in.
func callOptions(ctx workflow.Context, in call.Incoming) workflow.Context {
	begin := BeginningOf(in)
	return workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID:               begin.ID,
		TaskQueue:                TaskQueue,
		WorkflowExecutionTimeout: begin.Longest,
		WorkflowTaskTimeout:      begin.Task,
		WorkflowIDReusePolicy:    enums.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
		// Who is in conversation stays so when the promise is terminated.
		ParentClosePolicy:     enums.PARENT_CLOSE_POLICY_ABANDON,
		StaticSummary:         begin.Summary,
		TypedSearchAttributes: begin.Attributes,
	})
}
