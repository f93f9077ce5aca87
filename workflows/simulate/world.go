package simulate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/directory"
)

// world is all that a simulated call meets: its node, the directory and the
// ledger. What concerns the node happens on the environment's loop, one thing
// at a time.
type world struct {
	clock
	ctx    context.Context
	facts  Facts
	flow   flow.Flow
	sc     flow.Scenario
	in     call.Incoming
	tokens map[call.OpID][]byte // by which the environment knows operations

	caller  caller
	phones  []*rung // all that were rung, in that order
	talk    *talk   // the conversation, from the answer on
	stay    *stay   // in a queue, from the first Wait to the end of the last
	current *operation
	story   story
	saved   call.LedgerEntry
	onward  *call.FlowRef // that the call goes on in
	failed  error         // the simulation itself
}

// operation is one thing asked of the node.
type operation struct {
	task   task
	done   bool
	report func(any, error)
}

// task is an operation at work. Its methods tell it what happens meanwhile.
type task interface {
	start()
	keyDown(key byte)
	callerGone()
	stop() // leave nothing behind that will happen
}

func newWorld(ctx context.Context, facts Facts, f flow.Flow, sc flow.Scenario, in call.Incoming) *world {
	w := &world{ctx: ctx, facts: facts, flow: f, sc: sc, in: in, tokens: map[call.OpID][]byte{}}
	w.caller = caller{w: w, leg: call.Leg{ID: in.Leg, Side: "a", Node: in.Node, State: call.LegTrying,
		Party: call.Party{Number: in.Caller, Name: in.CallerName}, Started: in.At, Status: 100}}
	w.story.began = in.At
	w.clock.running = func() bool { return w.current != nil || w.stay != nil && len(w.stay.offers) > 0 }
	return w
}

// attach joins the world with the environment that runs the call in it.
func (w *world) attach(env *testsuite.TestWorkflowEnvironment) {
	w.env = env
	env.SetOnActivityStartedListener(func(info *activity.Info, _ context.Context, _ converter.EncodedValues) {
		w.tokens[call.NewOpID(info.WorkflowExecution.ID, info.ActivityID)] = info.TaskToken
	})
	w.caller.loses(w.sc.GiveUp.Std())
}

// submit turns the typed callback of an operation into one of any kind and asks
// for the operation on the environment's loop.
func submit[Out any](w *world, done func(Out, error), make func(*operation) task) error {
	return post(w, done, make, w.supersede)
}

// submitBeside asks for an operation that takes the place of no other.
func submitBeside[Out any](w *world, done func(Out, error), make func(*operation) task) error {
	return post(w, done, make, func(*operation) { w.run() })
}

func post[Out any](w *world, done func(Out, error), make func(*operation) task, place func(*operation)) error {
	o := &operation{report: func(result any, err error) {
		out, _ := result.(Out)
		done(out, err)
	}}
	o.task = make(o)
	w.env.RegisterDelayedCallback(func() { w.begin(o, place) }, 0)
	return nil
}

// supersede makes o what the call does now. Only a Wait lets the caller stay in
// the queue, and a Talk follows from it.
func (w *world) supersede(o *operation) {
	if w.current != nil {
		w.finish(w.current, nil, call.ErrSuperseded)
	}
	w.run() // what was due between two operations
	switch o.task.(type) {
	case *waiter, *talkWatch:
	default:
		w.stay.leave(call.OutcomeWithdrawn)
	}
	w.current = o
}

func (w *world) begin(o *operation, place func(*operation)) {
	place(o)
	if err := context.Cause(w.ctx); err != nil {
		w.fail(err)
	}
	w.story.arrive(w.env)
	o.task.start()
	w.run()
}

// finish ends an operation and tells who asked for it.
func (w *world) finish(o *operation, result any, err error) {
	if o.done {
		return
	}
	o.done = true
	if w.current == o {
		w.current = nil
	}
	o.task.stop()
	o.report(result, err)
}

// Complete implements activities.Completer.
func (w *world) Complete(op call.OpID, result any, err error) {
	if err != nil {
		result = nil
	}
	if err := w.env.CompleteActivity(w.tokens[op], result, err); err != nil {
		w.fail(fmt.Errorf("complete %s: %w", op, err))
	}
}

// fail ends a run that says nothing about the flow.
func (w *world) fail(err error) {
	w.failed = errors.Join(w.failed, err)
	w.caller.end(call.CauseInternal) // so that nothing goes on for long
}

// Play implements activities.Switch.
func (w *world) Play(_ call.OpID, in call.Play, done func(call.Played, error)) error {
	return submit(w, done, func(o *operation) task { return &player{w: w, o: o, in: in} })
}

// Gather implements activities.Switch.
func (w *world) Gather(_ call.OpID, in call.Gather, done func(call.Gathered, error)) error {
	return submit(w, done, func(o *operation) task { return newGatherer(w, o, in) })
}

// Ring implements activities.Switch.
func (w *world) Ring(_ call.OpID, in call.Ring, done func(call.Rang, error)) error {
	return submit(w, done, func(o *operation) task { return &ringer{w: w, o: o, in: in} })
}

// Talk implements activities.Switch.
func (w *world) Talk(_ call.OpID, in call.Talk, done func(call.Talked, error)) error {
	return submit(w, done, func(o *operation) task { return &talkWatch{w: w, o: o, in: in} })
}

// End implements activities.Switch.
func (w *world) End(_ call.OpID, in call.End, done func(call.Ended, error)) error {
	return submit(w, done, func(o *operation) task { return &ender{w: w, o: o, in: in} })
}

// Route implements activities.Lookup: every call leads into the flow. What has no
// id is no call but a question about a number.
func (w *world) Route(ctx context.Context, in call.Incoming) (flow.Route, error) {
	if in.Call == "" {
		return w.dial(ctx, in)
	}
	zone, err := w.facts.Zone(w.ctx)
	if err != nil {
		return flow.Route{}, w.unknown(err)
	}
	r := flow.Route{Number: w.in.Called, Entry: w.sc.Entry, Revision: &flow.Revision{ID: w.flow.ID, Flow: w.flow}}
	if house, err := time.LoadLocation(zone); err == nil {
		r.Zone, r.At = zone, w.sc.At.In(house)
	}
	if w.sc.OverLimit {
		r.Over = &flow.Over{Of: "number", Limit: 1, Decline: call.CauseOverLimit.Status()}
	}
	return r, nil
}

// Targets implements activities.Lookup.
func (w *world) Targets(_ context.Context, ids []string, at time.Time) ([]call.Target, error) {
	targets, err := w.facts.Targets(w.ctx, ids, at)
	if err == nil && len(targets) != len(ids) {
		err = fmt.Errorf("%d targets for %d contact methods", len(targets), len(ids))
	}
	if err != nil {
		return nil, w.unknown(err)
	}
	return targets, nil
}

// Roles implements activities.Lookup: a simulation has no processes.
func (w *world) Roles(context.Context) ([]directory.Process, error) { return nil, nil }

// unknown ends a run whose facts cannot be had.
func (w *world) unknown(err error) error {
	w.env.RegisterDelayedCallback(func() { w.fail(err) }, 0)
	return temporal.NewNonRetryableApplicationError(err.Error(), "simulation", err)
}

// SaveLedger implements activities.Book.
func (w *world) SaveLedger(_ context.Context, entry call.LedgerEntry) error {
	w.saved = entry
	return nil
}

// audio is how long a file plays. One of no length cannot be played, like one
// that is missing.
func (w *world) audio(id string) (time.Duration, error) {
	if id == "" {
		return 0, errors.New("no audio chosen")
	}
	length, ok := w.facts.AudioLength(w.ctx, id)
	if !ok || length <= 0 {
		return 0, fmt.Errorf("there is no audio %q to play", id)
	}
	return length, nil
}

// account is what became of the call.
func (w *world) account() flow.Run {
	e := w.saved
	walked := len(e.Path)
	if e.Path = w.leaves(e.Path); len(e.Path) == walked {
		w.story.tell(e.Ended, "the call ends: "+e.Cause.Text())
	}
	if len(e.Path) > 0 {
		w.story.steps = slices.Insert(w.story.steps, 0, flow.RunStep{Module: e.Path[0].Module, Text: e.Path[0].Reason.Text})
	}
	return flow.Run{Path: e.Path, Steps: w.story.steps, Outcome: e.Outcome, Cause: e.Cause, Ending: e.Cause.Text(), Lasted: call.Duration(e.Ended.Sub(e.Started)), Onward: w.onward}
}
