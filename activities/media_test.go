package activities

import (
	"errors"
	"testing"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"tandem/flow/call"
)

// desk is a Switch that ends every gather at once and knows no other leg.
type desk struct {
	Switch
	asked []call.OpID
	err   error
}

func (d *desk) Gather(op call.OpID, _ call.Gather, done func(call.Gathered, error)) error {
	d.asked = append(d.asked, op)
	if d.err != nil {
		return d.err
	}
	done(call.Gathered{Outcome: call.OutcomeKey, Digits: "1"}, nil)
	return nil
}

type completions map[call.OpID]any

func (c completions) Complete(op call.OpID, result any, err error) { c[op] = result }

func TestAnOperationIsHandedToTheNodeAndCompletedLater(t *testing.T) {
	node, done := &desk{}, completions{}
	env := new(testsuite.WorkflowTestSuite).NewTestActivityEnvironment()
	m := &Media{Switch: node, Completer: done}
	env.RegisterActivity(m)
	if _, err := env.ExecuteActivity(m.Gather, call.Gather{}); !errors.Is(err, activity.ErrResultPending) {
		t.Fatalf("the activity ended with %v, want ErrResultPending", err)
	}
	if len(node.asked) != 1 {
		t.Fatalf("the node was asked %d times", len(node.asked))
	}
	if got, ok := done[node.asked[0]].(call.Gathered); !ok || got.Digits != "1" {
		t.Errorf("completed with %+v", done)
	}
}

func TestWhatTheNodeRefusesForGoodIsNotTriedAgain(t *testing.T) {
	for _, c := range []struct {
		err   error
		want  string
		final bool
	}{
		{call.ErrNoLeg, ErrorNoLeg, true},
		{call.ErrSuperseded, ErrorSuperseded, true},
		{call.ErrNoNewCalls, ErrorNoNewCalls, true},
		{call.ErrClosed, "", false}, // the next try finds its successor
	} {
		env := new(testsuite.WorkflowTestSuite).NewTestActivityEnvironment()
		m := &Media{Switch: &desk{err: c.err}, Completer: completions{}}
		env.RegisterActivity(m)
		_, err := env.ExecuteActivity(m.Gather, call.Gather{})
		var app *temporal.ApplicationError
		if !errors.As(err, &app) || app.Type() != c.want || app.NonRetryable() != c.final {
			t.Errorf("%v: got %v, want type %q, for good: %v", c.err, err, c.want, c.final)
		}
	}
}
