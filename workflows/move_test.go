package workflows

import (
	"slices"
	"testing"
	"time"

	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"
	"golang.org/x/tools/txtar"

	"tandem/flow/call"
)

// mainLine is a call to the flow of a golden file whose script goes on as told.
func mainLine(t *testing.T, steps string) (*script, *testsuite.TestWorkflowEnvironment) {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/menu_key_answered.txtar")
	if err != nil {
		t.Fatal(err)
	}
	s := &script{t: t, in: call.Incoming{Call: "20261122-120000-moved00", Caller: "+46700000001", Called: "+15550100"}}
	for _, f := range archive.Files {
		if f.Name == "flow.json" {
			s.flow = mustFlow(t, f.Data)
		}
	}
	s.read(steps)
	return s, s.environment()
}

// answered is what became of a move.
type answered struct{ refused, failed error }

func (a *answered) Accept()                   {}
func (a *answered) Reject(err error)          { a.refused = err }
func (a *answered) Complete(_ any, err error) { a.failed = err }

// moveAfter moves the call some time after it began.
func moveAfter(env *testsuite.TestWorkflowEnvironment, after time.Duration, module string) *answered {
	var a answered
	env.RegisterDelayedCallback(func() {
		env.UpdateWorkflow(MoveUpdate, "", &a, Move{Module: module, By: "ann@example.org"})
	}, after)
	return &a
}

const (
	rangDesk = `Ring {"outcome":"answered","leg":"x.b1","target":{"contact_method":"101","name":"Desk 101"},"attempts":[]}` + "\n"
	keyedOne = `Gather {"outcome":"key","digits":"1","playbacks":1}` + "\n"
	nothing  = `End {"legs":[]}` + "\n"
)

func TestAnOperatorMovesACallOutOfAMenu(t *testing.T) {
	s, env := mainLine(t, "Gather pending\nPlay {\"outcome\":\"done\"}\n"+nothing)
	a := moveAfter(env, 5*time.Second, "sorry")
	if got, want := walked(t, s, env), "in next: entered (the call came in on +15550100)\n"+
		"menu moved: moved (moved to sorry by ann@example.org)\n"+
		"sorry next: played (played to the end)\n"+
		"bye -: hangup (the flow hangs up: busy)\nended: answered, busy\n"; got != want {
		t.Errorf("walked\n%swant\n%s", got, want)
	}
	if a.refused != nil || a.failed != nil {
		t.Errorf("the move was answered %+v", a)
	}
}

func TestAMoveEndsAConversationAndCountsIt(t *testing.T) {
	s, env := mainLine(t, keyedOne+rangDesk+"Talk pending\nGather {\"outcome\":\"caller-gone\"}\n"+nothing)
	moveAfter(env, time.Minute, "menu")
	walked(t, s, env)
	if s.saved.TalkMS != time.Minute.Milliseconds() || s.saved.Outcome != "talked" {
		t.Errorf("talked %d ms, outcome %s; want a minute, talked", s.saved.TalkMS, s.saved.Outcome)
	}
	if last := s.saved.Path[len(s.saved.Path)-1]; last.Module != "menu" || last.Exit != "" {
		t.Errorf("the path ends %+v", last)
	}
}

func TestAMoveToWhereNothingIsIsRefusedAndChangesNothing(t *testing.T) {
	for module, want := range map[string]error{"nowhere": errNoModule, "in": errEntry} {
		s, env := mainLine(t, "Gather pending\n"+nothing)
		a := moveAfter(env, time.Second, module)
		env.RegisterDelayedCallback(env.CancelWorkflow, time.Minute)
		walked(t, s, env)
		if a.refused == nil || a.refused.Error() != want.Error() {
			t.Errorf("a move to %q was answered %v, want %v", module, a.refused, want)
		}
		if s.saved.Cause != call.CauseOperator || len(s.saved.Path) != 2 {
			t.Errorf("after a refused move the call ended with %s, path %+v", s.saved.Cause, s.saved.Path)
		}
	}
}

func TestACallWithoutAFlowIsNotMoved(t *testing.T) {
	s, env := ringing(t, nothing)
	a := moveAfter(env, time.Second, "menu")
	env.RegisterDelayedCallback(env.CancelWorkflow, time.Minute)
	env.ExecuteWorkflow(Call, s.in)
	if a.refused == nil || a.refused.Error() != errNoFlow.Error() {
		t.Errorf("answered %v, want %v", a.refused, errNoFlow)
	}
}

func walked(t *testing.T, s *script, env *testsuite.TestWorkflowEnvironment) string {
	t.Helper()
	env.ExecuteWorkflow(Call, s.in)
	if err := env.GetWorkflowError(); err != nil {
		t.Fatal(err)
	}
	return s.path()
}

// told keeps what an observer heard.
type told []call.Position

func (p *told) Moved(at call.Position) { *p = append(*p, at) }

func TestAnObserverSeesEveryStepOfACall(t *testing.T) {
	s, env := mainLine(t, keyedOne+rangDesk+`Talk {"cause":"callee-hangup","lasted":"9s"}`+"\n"+nothing)
	var seen told
	env.SetWorkerOptions(observedBy(&seen))
	walked(t, s, env)
	type view struct {
		module, exit, talking string
		ringing               []string
		over                  bool
	}
	var got []view
	last := 0
	for _, p := range seen {
		if p.Seq <= last {
			t.Errorf("position %d came after %d", p.Seq, last)
		}
		last = p.Seq
		v := view{p.Module, p.Exit, p.Talking, p.Ringing, p.Over}
		if len(got) == 0 || !slices.EqualFunc(got[len(got)-1:], []view{v}, func(a, b view) bool {
			return a.module == b.module && a.exit == b.exit && a.talking == b.talking && len(a.ringing) == len(b.ringing) && a.over == b.over
		}) {
			got = append(got, v)
		}
	}
	want := []view{{}, {module: "in"}, {module: "menu", exit: "next"}, {module: "ring", exit: "key:1"}, {module: "ring", exit: "key:1", ringing: []string{"Desk 101"}},
		{module: "ring", exit: "key:1", talking: "Desk 101"}, {module: "ring", exit: "key:1", talking: "Desk 101", over: true}}
	if len(got) != len(want) {
		t.Fatalf("seen %+v\nwant %+v", got, want)
	}
	for i := range want {
		if got[i].module != want[i].module || got[i].exit != want[i].exit || got[i].talking != want[i].talking || got[i].over != want[i].over || !slices.Equal(got[i].ringing, want[i].ringing) {
			t.Errorf("step %d is %+v, want %+v", i, got[i], want[i])
		}
	}
}

func observedBy(o Observer) worker.Options {
	return worker.Options{Interceptors: []interceptor.WorkerInterceptor{Observed(o)}}
}
