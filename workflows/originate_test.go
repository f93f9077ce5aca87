package workflows

import (
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/testsuite"
	"golang.org/x/tools/txtar"

	"tandem/flow"
	"tandem/flow/call"
)

const (
	pickedUp = `Originate after 5s {"outcome":"answered","leg":"20261122-130000-callbck.a","attempts":[{"leg":"20261122-130000-callbck.a","contact_method":"ann","name":"Desk ann","started":"2026-11-22T13:00:00Z","answered":"2026-11-22T13:00:05Z"}]}` + "\n"
	rungOut  = `End {"legs":[{"id":"20261122-130000-callbck.a","side":"a","state":"ended","started":"2026-11-22T13:00:00Z","ended":"2026-11-22T13:00:03Z"}]}` + "\n"
	hadCome  = `End {"legs":[{"id":"20261122-130000-callbck.a","side":"a","state":"ended","started":"2026-11-22T13:00:00Z","answered":"2026-11-22T13:00:03Z","ended":"2026-11-22T13:00:03Z"}]}` + "\n"
)

// backTo is a callback whose script goes on as told.
func backTo(t *testing.T, steps string) (*script, *testsuite.TestWorkflowEnvironment) {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/called_back_answered.txtar")
	if err != nil {
		t.Fatal(err)
	}
	s := &script{t: t, in: Promise{ID: "x.q2", Flow: call.FlowRef{ID: "f", Version: 1}, Module: "line", ContactMethod: "ann", Called: "+15550100",
		Caller: call.Party{Number: "201", Name: "Ann"}, Ring: call.Seconds(30)}.incoming(1, "n1", time.Date(2026, 11, 22, 13, 0, 0, 0, time.UTC))}
	s.in.Call = "20261122-130000-callbck"
	for _, f := range archive.Files {
		if f.Name == "flow.json" {
			s.flow = mustFlow(t, f.Data)
		}
	}
	s.read(steps)
	return s, s.environment()
}

// made runs the call and tells what its promise hears of it.
func made(t *testing.T, s *script, env *testsuite.TestWorkflowEnvironment) Result {
	t.Helper()
	env.ExecuteWorkflow(Call, s.in)
	var r Result
	if err := env.GetWorkflowResult(&r); err != nil {
		t.Fatal(err)
	}
	if len(s.steps) > 0 {
		t.Errorf("never asked for: %+v", s.steps)
	}
	return r
}

// A promise may call again only after a call that has certainly reached nobody.
func TestACallbackSaysWhetherItHasCertainlyReachedNobody(t *testing.T) {
	lose := func(env *testsuite.TestWorkflowEnvironment) {
		env.SignalWorkflow(EventSignal, call.Event{Kind: call.EventNodeLost})
	}
	hangUp := func(env *testsuite.TestWorkflowEnvironment) { env.CancelWorkflow() }
	withdraw := func(env *testsuite.TestWorkflowEnvironment) {
		env.SignalWorkflow(WithdrawSignal, call.CauseAnsweredElsewhere)
	}
	for claim, c := range map[string]struct {
		script string
		then   func(*testsuite.TestWorkflowEnvironment) // after 3 s
		want   Result
	}{
		"nobody answers": {`Originate {"outcome":"no-answer","attempts":[]}` + "\n" + nothing, nil,
			Result{"refused", call.CauseNoAnswer, true, false}},
		"the node does not take it": {"Originate untaken\n", nil, Result{"failed", call.CauseNodeLost, true, true}},
		"the node is shutting down": {"Originate error no-new-calls\n", nil, Result{"refused", call.CauseCongestion, true, true}},
		"the node does not know the call": {"Originate error no-leg\n", nil,
			Result{"failed", call.CauseNodeLost, false, false}},
		"the node fails, and tells that nobody was there": {"Originate error on fire\n" + rungOut, nil,
			Result{"failed", call.CauseInternal, true, false}},
		"the node is lost while it rings":     {"Originate pending\n", lose, Result{"failed", call.CauseNodeLost, false, false}},
		"an operator hangs up while it rings": {"Originate pending\n" + rungOut, hangUp, Result{"refused", call.CauseOperator, true, false}},
		"an operator hangs up in the instant of the answer": {"Originate pending\n" + hadCome, hangUp,
			Result{"answered", call.CauseOperator, false, false}},
		"an operator hangs up and the node does not tell": {"Originate pending\nEnd error no-leg\n", hangUp,
			Result{"refused", call.CauseOperator, false, false}},
		"it is withdrawn while it rings": {"Originate pending\n" + rungOut, withdraw, Result{"refused", call.CauseAnsweredElsewhere, true, false}},
		"it is withdrawn in the instant of the answer": {"Originate pending\n" + hadCome, withdraw,
			Result{"answered", call.CauseAnsweredElsewhere, false, false}},
		"they answer and hang up": {`Originate {"outcome":"answered","leg":"20261122-130000-callbck.a","attempts":[]}` + "\n" +
			`Wait after 10s {"outcome":"caller-gone"}` + "\n" + ringsLong + hadCome, nil, Result{"answered", call.CauseCallerHangup, false, false}},
	} {
		t.Run(claim, func(t *testing.T) {
			s, env := backTo(t, c.script)
			if c.then != nil {
				env.RegisterDelayedCallback(func() { c.then(env) }, 3*time.Second)
			}
			if got := made(t, s, env); got != c.want {
				t.Errorf("the call says %+v, want %+v", got, c.want)
			}
		})
	}
}

func TestACallbackWhoseFlowIsGoneRingsNobody(t *testing.T) {
	s, env := backTo(t, "")
	s.flow = flow.Flow{}
	if got, want := made(t, s, env), (Result{"failed", call.CauseInternal, true, false}); got != want {
		t.Errorf("the call says %+v, want %+v", got, want)
	}
}

// Workers that were away for long find calls that nobody expects any more.
func TestACallbackThatBeginsTooLateRingsNobody(t *testing.T) {
	s, env := backTo(t, "")
	env.SetStartTime(s.in.At.Add(time.Hour))
	if got, want := made(t, s, env), (Result{"refused", call.CauseUnavailable, true, false}); got != want {
		t.Errorf("the call says %+v, want %+v", got, want)
	}
}

func TestACallbackThatIsWithdrawnBeforeItRingsRingsNobody(t *testing.T) {
	s, env := backTo(t, "")
	env.RegisterDelayedCallback(func() { env.SignalWorkflow(WithdrawSignal, call.CauseOperator) }, 0)
	if got, want := made(t, s, env), (Result{"refused", call.CauseOperator, true, false}); got != want {
		t.Errorf("the call says %+v, want %+v", got, want)
	}
}

func TestAWithdrawalAfterTheAnswerChangesNothing(t *testing.T) {
	s, env := backTo(t, pickedUp+`Wait after 10s {"outcome":"caller-gone"}`+"\n"+ringsLong+hadCome)
	env.RegisterDelayedCallback(func() { env.SignalWorkflow(WithdrawSignal, call.CauseAnsweredElsewhere) }, 8*time.Second)
	if got := made(t, s, env); got.Unreached || s.saved.Cause != call.CauseCallerHangup {
		t.Errorf("the call says %+v", got)
	}
}

// Signals and results of a node do not come in one line.
func TestAHangUpThatIsToldBeforeTheAnswerIsNotForgotten(t *testing.T) {
	s, env := backTo(t, pickedUp+hadCome)
	env.RegisterDelayedCallback(func() {
		env.SignalWorkflow(EventSignal, call.Event{Seq: 1, Kind: call.EventLegEnded, Leg: "20261122-130000-callbck.a"})
	}, 4*time.Second)
	if got := made(t, s, env); got.Unreached || got.Cause != call.CauseCallerHangup || len(s.saved.Path) != 0 {
		t.Errorf("the call says %+v and walked %+v", got, s.saved.Path)
	}
}

func TestACallbackIsWrittenAsOne(t *testing.T) {
	s, env := backTo(t, pickedUp+`Wait after 10s {"outcome":"caller-gone"}`+"\n"+ringsLong+hadCome)
	made(t, s, env)
	if got := detailsOf(t, env); !strings.HasPrefix(got, "**Callback to Ann (201), try 1, promised in a call to +15550100** · flow *Main line*") {
		t.Errorf("the details are\n%s", got)
	}
	e := s.saved
	if e.Direction != "callback" || e.Caller.Number != "201" || e.Called != "+15550100" || e.Flow.Version != 1 || e.Answered.IsZero() || len(e.Attempts) != 1 {
		t.Errorf("the ledger has %+v", e)
	}
}

func TestALostNodeLeavesTheLegOfWhoWasCalledBack(t *testing.T) {
	s, env := backTo(t, pickedUp+"Wait pending\n"+ringsLong)
	env.RegisterDelayedCallback(func() { env.SignalWorkflow(EventSignal, call.Event{Kind: call.EventNodeLost}) }, 8*time.Second)
	if got := made(t, s, env); got.Unreached {
		t.Errorf("the call says %+v", got)
	}
	if e := s.saved; len(e.Legs) != 1 || e.Legs[0].ID != "20261122-130000-callbck.a" || e.Legs[0].Answered.IsZero() || e.TalkMS != 0 {
		t.Errorf("the ledger has %+v, talked %d ms", e.Legs, e.TalkMS)
	}
}
