package workflows

import (
	"cmp"

	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/workflow"

	"tandem/flow/call"
)

// Observer is told where a call is each time it goes on. It is a reader of the
// walk, as a log is: what it is told once may be told again, it must not block,
// and nothing that it does changes the call.
//
// # Why not in history
//
// People want to see calls move, and a position is worth nothing once it is
// old. A local activity for each module would make it durable at the price of an
// event and of a wait in front of the caller; asking every call by query, many
// times a second, would cost a workflow task each. So a step is told in passing,
// when it happens for the first time (never in a replay), and whoever missed one
// asks the path query. A call moves a few times in its life; nobody pays for
// those that stand still. We would write positions into history the day that
// something other than eyes depends on them.
type Observer interface {
	Moved(call.Position)
}

// Observed makes a worker tell o where its calls are.
func Observed(o Observer) interceptor.WorkerInterceptor { return &observing{to: o} }

type observing struct {
	interceptor.WorkerInterceptorBase
	to Observer
}

// InterceptWorkflow implements interceptor.WorkerInterceptor.
func (o *observing) InterceptWorkflow(_ workflow.Context, next interceptor.WorkflowInboundInterceptor) interceptor.WorkflowInboundInterceptor {
	in := &observed{to: o.to}
	in.Next = next
	return in
}

type observed struct {
	interceptor.WorkflowInboundInterceptorBase
	to Observer
}

type observerKey struct{}

// ExecuteWorkflow implements interceptor.WorkflowInboundInterceptor.
func (o *observed) ExecuteWorkflow(ctx workflow.Context, in *interceptor.ExecuteWorkflowInput) (any, error) {
	return o.Next.ExecuteWorkflow(workflow.WithValue(ctx, observerKey{}, o.to), in)
}

// tell says where the call is to whoever observes it.
func (w *walk) tell(ctx workflow.Context) {
	w.steps++
	o, ok := ctx.Value(observerKey{}).(Observer)
	if !ok || workflow.IsReplaying(ctx) {
		return
	}
	o.Moved(w.position())
}

func (w *walk) position() call.Position {
	p := PositionOf(w.entry)
	p.Account, p.Ringing, p.With, p.Talking, p.Seq = w.in.ContactMethod(), w.rings.names, w.rings.methods, w.talks, w.steps
	p.Room, p.Host = w.room, w.hosts
	return p
}

// PositionOf is where a call is as far as its ledger entry tells: neither who
// rings or talks, nor how new that is.
func PositionOf(e call.LedgerEntry) call.Position {
	p := call.Position{Call: e.Call, Caller: e.Caller, Called: e.Called, Direction: e.Direction, Node: e.Node,
		Started: e.Started, Flow: e.Flow, Since: e.Started, Over: !e.Live}
	n := len(e.Path)
	if n == 0 {
		return p
	}
	p.Module, p.Name, p.Kind, p.Since = e.Path[n-1].Module, e.Path[n-1].Name, e.Path[n-1].Kind, e.Path[n-1].Entered
	p.Flow = cmp.Or(e.Path[n-1].Flow, e.Flow)
	if n > 1 && e.Path[n-2].Flow == e.Path[n-1].Flow { // no cable leads from one flow to another
		p.From, p.Exit = e.Path[n-2].Module, e.Path[n-2].Exit
	}
	return p
}

// rung is who is being rung.
type rung struct{ names, methods []string }

func rungBy(bars []call.Bar) rung {
	var r rung
	for _, b := range bars {
		if b.Target.Skip == "" {
			r.names, r.methods = append(r.names, b.Target.Name), append(r.methods, b.Target.ContactMethod)
		}
	}
	return r
}
