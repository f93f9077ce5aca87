package workflows

import (
	"testing"
	"time"

	"go.temporal.io/sdk/testsuite"

	"tandem/flow"
	"tandem/flow/call"
)

// ringing is a call whose ring operation never ends by itself.
func ringing(t *testing.T, rest string) (*script, *testsuite.TestWorkflowEnvironment) {
	s := &script{t: t, in: call.Incoming{Call: "20261122-120000-ringing", Caller: "100", Called: "101"}}
	s.route = &flow.Route{Direct: &call.Target{ContactMethod: "101", Name: "Desk", Account: "101", Ring: call.Seconds(30)}}
	s.read("Ring pending\n" + rest)
	return s, s.environment()
}

func TestAnOperatorWhoCancelsEndsTheCall(t *testing.T) {
	s, env := ringing(t, `End {"legs":[]}`)
	env.RegisterDelayedCallback(env.CancelWorkflow, time.Second)
	env.ExecuteWorkflow(Call, s.in)
	if got := s.saved.Cause; got != call.CauseOperator {
		t.Errorf("cause %q, want %q", got, call.CauseOperator)
	}
	if len(s.asked) != 2 {
		t.Errorf("the node was asked %v, want Ring and End", s.asked)
	}
}

func TestALostNodeEndsTheCallWithoutAskingItAgain(t *testing.T) {
	s, env := ringing(t, "")
	env.RegisterDelayedCallback(func() {
		env.SignalWorkflow(EventSignal, call.Event{Kind: call.EventNodeLost})
	}, time.Second)
	env.ExecuteWorkflow(Call, s.in)
	if s.saved.Cause != call.CauseNodeLost || s.saved.Outcome != "failed" {
		t.Errorf("ended %s, %s; want failed, node-lost", s.saved.Outcome, s.saved.Cause)
	}
	if len(s.asked) != 1 {
		t.Errorf("the lost node was asked %v", s.asked)
	}
}

func TestALostNodeLeavesTheLegsInTheLedger(t *testing.T) {
	s, env := ringing(t, "Talk pending")
	answered := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	s.steps[0].result = `{"outcome":"answered","leg":"20261122-120000-ringing.b2","target":{"contact_method":"101","name":"Desk"},"attempts":[
		{"leg":"20261122-120000-ringing.b1","contact_method":"101","name":"Desk","ended":"2026-11-22T12:00:00Z","cause":"busy","status":486},
		{"leg":"20261122-120000-ringing.b2","contact_method":"101","name":"Desk","answered":"2026-11-22T12:00:00Z"},
		{"contact_method":"102","name":"Sofa","skipped":true,"cause":"unavailable"}]}`
	env.RegisterDelayedCallback(func() {
		env.SignalWorkflow(EventSignal, call.Event{Kind: call.EventNodeLost})
	}, time.Minute)
	env.ExecuteWorkflow(Call, s.in)
	want := []struct {
		id    call.LegID
		cause call.Cause
	}{{call.ALeg(s.in.Call), call.CauseNodeLost}, {call.BLeg(s.in.Call, 1), call.CauseBusy}, {call.BLeg(s.in.Call, 2), call.CauseNodeLost}}
	if len(s.saved.Legs) != len(want) {
		t.Fatalf("the ledger has %d legs, want %d: %+v", len(s.saved.Legs), len(want), s.saved.Legs)
	}
	for i, w := range want {
		if got := s.saved.Legs[i]; got.ID != w.id || got.Cause != w.cause || got.State != call.LegEnded || got.Ended.IsZero() {
			t.Errorf("leg %d is %+v, want %s ended with %s", i, got, w.id, w.cause)
		}
	}
	if !s.saved.Answered.Equal(answered) || s.saved.Ended.Before(answered.Add(time.Minute)) {
		t.Errorf("answered %v, ended %v", s.saved.Answered, s.saved.Ended)
	}
}

func TestTheNodeSaysWhyTheCallerWent(t *testing.T) {
	s, env := ringing(t, `End {"legs":[{"id":"20261122-120000-ringing.a","side":"a","state":"ended","cause":"no-media"}]}`)
	s.steps[0].result = `{"outcome":"caller-gone"}`
	env.ExecuteWorkflow(Call, s.in)
	if s.saved.Cause != call.CauseNoMedia {
		t.Errorf("cause %q, want %q", s.saved.Cause, call.CauseNoMedia)
	}
}

func TestARepeatedEventIsTakenOnce(t *testing.T) {
	s, env := ringing(t, `End {"legs":[]}`)
	other := call.Event{Seq: 2, Kind: call.EventLegEnded, Leg: "someone.b1"}
	gone := call.Event{Seq: 1, Kind: call.EventLegEnded, Leg: call.ALeg(s.in.Call)}
	env.RegisterDelayedCallback(func() {
		env.SignalWorkflow(EventSignal, other)
		env.SignalWorkflow(EventSignal, gone) // older than what was taken: dropped
	}, time.Second)
	env.RegisterDelayedCallback(func() {
		gone.Seq = 3
		env.SignalWorkflow(EventSignal, gone)
	}, 5*time.Second)
	start := env.Now()
	env.ExecuteWorkflow(Call, s.in)
	if s.saved.Cause != call.CauseCallerCancelled {
		t.Errorf("cause %q, want %q", s.saved.Cause, call.CauseCallerCancelled)
	}
	if took := env.Now().Sub(start); took < 5*time.Second {
		t.Errorf("ended after %v: the stale event was taken", took)
	}
}

func TestALiveCallAnswersQueriesWithItsPath(t *testing.T) {
	s, env := ringing(t, `End {"legs":[]}`)
	env.RegisterDelayedCallback(func() {
		value, err := env.QueryWorkflow(PathQuery)
		if err != nil {
			t.Fatal(err)
		}
		var live call.LedgerEntry
		if err := value.Get(&live); err != nil {
			t.Fatal(err)
		}
		if !live.Live || live.Caller.Number != "100" || live.Called != "101" {
			t.Errorf("live call reads %+v", live)
		}
		env.CancelWorkflow()
	}, time.Second)
	env.ExecuteWorkflow(Call, s.in)
}
