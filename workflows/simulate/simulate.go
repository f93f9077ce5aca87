// Package simulate lets an imagined caller walk a flow by the engine's own
// rules, in milliseconds, and tells what happened.
//
// It never interprets a flow itself: the walker is workflows.Call, the reflexes
// are flow/reflex, and only the world around them is imagined: the node's legs,
// the phones, the caller's patience and the clock.
//
// # Why Temporal's test environment, in a program that is no test
//
// It runs workflow code as it stands and has a clock that jumps to the next
// thing that happens, so that an hour on hold costs microseconds. The runner of
// a module kind is simulated the day it exists. We turned down an interpreter of
// our own beside the runners, which would differ from them sooner or later, and
// a Temporal server with time skipping, a second process that a panel would wait
// for. The package is Temporal's own, of the same version as the worker. Should
// it become too slow or go away, an own implementation of the few calls that
// runners make would take its place.
package simulate

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"

	"tandem/activities"
	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/schedule"
	"tandem/workflows"
)

// Bounds of one run.
const (
	wallBound   = 5 * time.Second // of real time; only look-ups of Facts can be slow
	longestWait = 24 * time.Hour  // of imagined time: then even the most patient caller hangs up
	maxKeys     = 1000            // of all keyings together
)

// ErrScenario is wrapped by what is wrong with a scenario itself.
var ErrScenario = errors.New("this call cannot be imagined")

// errBound says that a run was not over in time.
var errBound = errors.New("the simulation took too long")

// Facts are what a flow names and a simulation has to know.
type Facts interface {
	// Targets finds where to ring contact methods at an instant, in the order asked.
	Targets(ctx context.Context, ids []string, at time.Time) ([]call.Target, error)
	// Internal tells where an internal number leads at an instant.
	Internal(ctx context.Context, number string, at time.Time) (flow.Route, error)
	// Number tells where a full number leads that a caller keys: one who came by
	// another of our numbers, or from inside where that is empty.
	Number(ctx context.Context, number, by string, at time.Time) (flow.Route, error)
	// AudioLength is how long an audio file or a playlist plays once; false when
	// there is none.
	AudioLength(ctx context.Context, id string) (time.Duration, bool)
	// Loops tells whether audio is a playlist that never ends by itself.
	Loops(ctx context.Context, id string) bool
	// Zone is the system's time zone.
	Zone(ctx context.Context) (string, error)
	// Hours are those of a schedule with its name; no name: there is none.
	Hours(ctx context.Context, schedule string) (string, schedule.Hours, error)
	// Listed finds one of some entries on one of some shared lists.
	Listed(ctx context.Context, lists, entries []string) (flow.Listed, error)
}

// Simulator runs imagined calls. Any number may run at once.
type Simulator struct {
	facts    Facts
	reaction time.Duration
}

// New makes a simulator that looks up by facts what flows name.
func New(facts Facts) *Simulator { return &Simulator{facts: facts} }

// Reacting is the simulator with callers who take a moment to hear that audio
// has begun: so long they key on what they were about to. Others know at once.
func (s *Simulator) Reacting(after time.Duration) *Simulator {
	return &Simulator{facts: s.facts, reaction: after}
}

// Run lets the caller of a scenario walk a flow as it is published, whether it
// is valid or not: what the engine would do is what is shown. An error is about
// the scenario (ErrScenario), the facts or ctx, never about the flow.
func (s *Simulator) Run(ctx context.Context, f flow.Flow, sc flow.Scenario) (flow.Run, error) {
	f = f.Published()
	entry, err := check(f, sc)
	if err != nil {
		return flow.Run{}, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, wallBound, errBound)
	defer cancel()
	if sc.At.IsZero() {
		sc.At = time.Now()
	}
	w := newWorld(ctx, s.facts, f, sc, incoming(entry, sc))
	w.caller.reaction = s.reaction
	if err := execute(w); err != nil {
		return flow.Run{}, fmt.Errorf("simulate a call into %q: %w", entry.Name, err)
	}
	return w.account(), nil
}

// incoming is the call as its node would announce it.
func incoming(entry *flow.Module, sc flow.Scenario) call.Incoming {
	id := call.NewID(sc.At, [7]byte{})
	in := call.Incoming{Call: id, Leg: call.ALeg(id), Node: "simulated", Caller: sc.Caller, CallerName: sc.CallerName, Called: sc.Called, Trunk: "simulated", At: sc.At}
	for _, r := range entry.Settings.Refs() {
		switch r.Kind {
		case flow.RefInternalNumber:
			in.Called, in.Account, in.Trunk = r.ID, "simulated", ""
		case flow.RefNumber:
			in.Called = r.ID
		}
	}
	return in
}

// execute runs the workflow of a call in a world. The environment panics where
// a test would fail.
func execute(w *world) (err error) {
	env := environment(w)
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
		}
	}()
	env.ExecuteWorkflow(workflows.Call, w.in)
	if w.failed != nil {
		return w.failed
	}
	return env.GetWorkflowError()
}

// environment is where the workflow of a call meets its world.
func environment(w *world) *testsuite.TestWorkflowEnvironment {
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(log.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	env := suite.NewTestWorkflowEnvironment()
	env.SetStartTime(w.in.At)
	env.SetTestTimeout(2 * wallBound)                                             // idle for so long: a fault of ours
	env.SetWorkerOptions(worker.Options{DeadlockDetectionTimeout: 2 * wallBound}) // a busy machine is no deadlock
	workflows.Register(env)
	env.RegisterActivity(&activities.Media{Switch: w, Completer: w})
	env.RegisterActivity(&activities.Directory{Lookup: w})
	env.RegisterActivity(&activities.Ledger{Book: w})
	counter := newLines(w)
	env.RegisterActivity(&activities.Queues{Lines: counter, Desk: counter})
	env.RegisterActivity(&activities.Outside{Web: w})
	w.attachNotices(env)
	w.attachPromises(env)
	w.attach(env)
	return env
}
