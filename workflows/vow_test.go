package workflows

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	sdkpb "go.temporal.io/api/sdk/v1"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"tandem/activities"
	"tandem/flow/call"
	"tandem/flow/queue"
)

// vow is a promise that is kept: the workflow, the real rules of the queue, and
// calls that end as told, one after the other.
type vow struct {
	t     *testing.T
	env   *testsuite.TestWorkflowEnvironment
	p     Promise
	line  *queue.State
	mu    sync.Mutex // of what activities come to
	told  []queue.Message
	mute  int      // times that the queue cannot be told
	deaf  bool     // it cannot be told at all
	nodes []string // that are found, one after the other; the last again and again
	asked []activities.NodeInput
	tries []tryOf // what becomes of calls
	calls []call.Incoming
	at    []time.Duration // when they were made
	asks  []call.Cause    // withdrawals that calls were told
}

// tryOf is what becomes of one call.
type tryOf struct {
	takes  time.Duration
	result Result
	err    error
	deaf   bool // somebody has answered: a withdrawal comes too late
}

var (
	reached  = Result{Outcome: "talked", Cause: call.CauseCalleeHangup}
	noAnswer = Result{Outcome: "missed", Cause: call.CauseNoAnswer, Unreached: true}
	untaken  = Result{Outcome: "failed", Cause: call.CauseNodeLost, Unreached: true, Untaken: true}
	nodeLost = Result{Outcome: "failed", Cause: call.CauseNodeLost}
)

// Its caller has hung up.
func newVow(t *testing.T, tries ...tryOf) *vow {
	v := aVow(t)
	v.tries = tries
	v.hangsUp(0)
	v.register()
	return v
}

// aVow is one whose calls are still to be registered.
func aVow(t *testing.T) *vow {
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(log.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	v := &vow{t: t, env: suite.NewTestWorkflowEnvironment(), nodes: []string{"n1"}}
	v.p = Promise{ID: "x.q2", Queue: "f.line", Flow: call.FlowRef{ID: "f", Name: "Main line", Version: 1}, Module: "line", Call: "x", Node: "n1",
		Called: "+15550100", Caller: call.Party{Number: "201", Name: "Ann"}, ContactMethod: "ann", Ring: call.Seconds(30), Window: call.Seconds(3600), Tries: 3,
		At: started, Rules: queue.Rules{Name: "Sales", Strategy: "in-order", Rest: call.Seconds(5), Members: []queue.Member{{ContactMethod: "101", Ring: call.Seconds(20), Level: 1}}}}
	v.env.SetStartTime(started)
	v.env.SetTestTimeout(20 * time.Second)
	v.env.RegisterWorkflow(Callback)
	v.env.RegisterActivity(&activities.Queues{})
	v.env.RegisterActivity(&activities.Directory{})
	v.env.OnActivity(queues.Tell, mock.Anything, mock.Anything).Return(v.tell)
	v.env.OnActivity(directory.Node, mock.Anything, mock.Anything).Return(v.node)
	return v
}

func (v *vow) register() {
	v.env.RegisterWorkflowWithOptions(v.call, workflow.RegisterOptions{Name: callWorkflow})
}

// call stands for Call: it takes its time and ends as told, at once where it is
// withdrawn.
func (v *vow) call(ctx workflow.Context, in call.Incoming) (Result, error) {
	v.calls, v.at = append(v.calls, in), append(v.at, workflow.Now(ctx).Sub(started))
	if len(v.calls) > len(v.tries) { // which kept finds
		return reached, nil
	}
	now := v.tries[len(v.calls)-1]
	over := workflow.NewTimer(ctx, now.takes)
	out, done := now.result, false
	s := workflow.NewSelector(ctx)
	s.AddFuture(over, func(workflow.Future) { done = true })
	s.AddReceive(workflow.GetSignalChannel(ctx, WithdrawSignal), func(c workflow.ReceiveChannel, _ bool) {
		var cause call.Cause
		c.Receive(ctx, &cause)
		v.asks = append(v.asks, cause)
		if !now.deaf {
			out, done = Result{Outcome: "missed", Cause: cause, Unreached: true}, true
		}
	})
	for !done {
		s.Select(ctx)
	}
	return out, now.err
}

func (v *vow) node(_ context.Context, in activities.NodeInput) (string, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.asked = append(v.asked, in)
	node := v.nodes[0]
	if len(v.nodes) > 1 {
		v.nodes = v.nodes[1:]
	}
	return node, nil
}

func (v *vow) tell(_ context.Context, in activities.TellInput) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.deaf {
		return temporal.NewNonRetryableApplicationError("no such queue", "test", nil)
	}
	if v.mute > 0 {
		v.mute--
		return errors.New("Temporal does not answer")
	}
	v.told = append(v.told, in.Message)
	v.env.RegisterDelayedCallback(func() {
		if v.line == nil {
			v.line = queue.New(in.Queue)
		}
		v.do(v.line.Apply(in.Message, v.env.Now()))
	}, underway)
	return nil
}

// do carries the words of the queue. Its member is free all the time.
func (v *vow) do(words []queue.Word) {
	if ids, _, needed := v.line.Roster(v.env.Now()); needed {
		words = append(words, v.line.Meet(roster(ids, true), v.env.Now())...)
	}
	for _, w := range words {
		if w.To == "default-test-workflow-id" {
			v.env.SignalWorkflow(QueueSignal, w)
		} else if err := v.env.SignalWorkflowByID(w.To, QueueSignal, w); err != nil {
			v.do(v.line.Lost(w.Ticket, v.env.Now()))
		}
	}
	if next := v.line.Next(v.env.Now()); !next.IsZero() {
		v.env.RegisterDelayedCallback(func() { v.do(v.line.Wake(v.env.Now())) }, max(next.Sub(v.env.Now()), time.Millisecond))
	}
}

// deafen lets the queue hear nothing from so long after the beginning on, or all
// again.
func (v *vow) deafen(after time.Duration, deaf bool) {
	v.env.RegisterDelayedCallback(func() {
		v.mu.Lock()
		defer v.mu.Unlock()
		v.deaf = deaf
	}, after)
}

// hangsUp ends the call in which the promise was given.
func (v *vow) hangsUp(after time.Duration) {
	v.env.RegisterDelayedCallback(func() { v.env.SignalWorkflow(GoneSignal, nil) }, after)
}

// say brings the promise a word beside those of the queue.
func (v *vow) say(after time.Duration, kind queue.WordKind) {
	v.env.RegisterDelayedCallback(func() {
		v.env.SignalWorkflow(QueueSignal, queue.Word{Kind: kind, Ticket: v.p.ticket(), Why: "the caller has called again"})
	}, after)
}

// kept keeps the promise and holds what became of it.
func (v *vow) kept(outcome string, calls int) Kept {
	v.t.Helper()
	v.env.ExecuteWorkflow(Callback, v.p)
	var k Kept
	if err := v.env.GetWorkflowResult(&k); err != nil {
		v.t.Fatal(err)
	}
	if k.Outcome != outcome || len(v.calls) != calls {
		v.t.Errorf("the promise is %s (%s) after %d calls, want %s after %d", k.Outcome, k.Text, len(v.calls), outcome, calls)
	}
	return k
}

// kinds are what the queue was told, in few words.
func (v *vow) kinds() string {
	var out []string
	for _, m := range v.told {
		out = append(out, strings.TrimSpace(string(m.Kind)+" "+m.Why))
	}
	return strings.Join(out, ", ")
}

// detailsOf is what Temporal UI shows of a workflow.
func detailsOf(t *testing.T, env *testsuite.TestWorkflowEnvironment) string {
	t.Helper()
	value, err := env.QueryWorkflow("__temporal_workflow_metadata")
	var about sdkpb.WorkflowMetadata
	if err == nil {
		err = value.Get(&about)
	}
	if err != nil {
		t.Error(err)
	}
	return about.GetCurrentDetails()
}
