package workflows

import (
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/testsuite"
	"golang.org/x/tools/txtar"

	"tandem/flow/call"
	"tandem/flow/queue"
)

// inQueue is a caller of a golden flow whose script goes on as told.
func inQueue(t *testing.T, file, steps string) (*script, *testsuite.TestWorkflowEnvironment) {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/" + file + ".txtar")
	if err != nil {
		t.Fatal(err)
	}
	s := &script{t: t, in: call.Incoming{Caller: "+46700000001", Called: "+15550100"}}
	for _, f := range archive.Files {
		if f.Name == "flow.json" {
			s.flow = mustFlow(t, f.Data)
		}
	}
	s.read(steps)
	return s, s.environment()
}

// tells lists what the queue was told, in few words.
func (s *script) tells() string {
	var out []string
	for _, line := range s.asked {
		for _, kind := range []string{`"kind":"join"`, `"kind":"rang"`, `"kind":"talked"`, `"why":"moved"`, `"why":"ended"`, `"why":"abandoned"`} {
			if strings.HasPrefix(line, "Tell ") && strings.Contains(line, kind) {
				_, word, _ := strings.Cut(kind, ":")
				out = append(out, strings.Trim(word, `"`))
			}
		}
	}
	return strings.Join(out, " ")
}

const (
	ringsLong = `Offer after 20s {"outcome":"withdrawn","attempts":[{"leg":"x.b1","contact_method":"101","name":"Desk 101","started":"2026-11-22T12:00:01Z","ended":"2026-11-22T12:00:05Z","cause":"normal"}]}` + "\n"
	talkedOn  = `Talk {"ended_by":"x.b1","cause":"callee-hangup","lasted":"30s"}` + "\n"
	annTakes  = `Wait after 6s {"outcome":"answered","lease":"20261122-120000-golden0.q2/1","leg":"x.b1","target":{"contact_method":"101","name":"Desk 101"}}` + "\n" +
		`Offer after 5.9s {"outcome":"answered","leg":"x.b1","target":{"contact_method":"101","name":"Desk 101"},"attempts":[{"leg":"x.b1","contact_method":"101","name":"Desk 101","started":"2026-11-22T12:00:01Z","answered":"2026-11-22T12:00:06Z"}]}` + "\n"
)

func TestAnOperatorMovesACallerOutOfAQueue(t *testing.T) {
	s, env := inQueue(t, "queue_answered", "Wait pending\n"+ringsLong+`Play {"outcome":"done"}`+"\n"+nothing)
	a := moveAfter(env, 5*time.Second, "sorry")
	got := walked(t, s, env)
	if want := "line moved: moved (moved to Sorry by ann@example.org)\n"; !strings.Contains(got, want) || a.refused != nil || a.failed != nil {
		t.Errorf("walked\n%s(%+v), want %q", got, a, want)
	}
	if got := s.tells(); got != "join moved" {
		t.Errorf("the queue was told %q", got)
	}
}

func TestAnOperatorWhoHangsUpOnAWaitingCallerFreesThePlace(t *testing.T) {
	s, env := inQueue(t, "queue_answered", "Wait pending\n"+ringsLong+nothing)
	env.RegisterDelayedCallback(env.CancelWorkflow, 5*time.Second)
	env.ExecuteWorkflow(Call, s.in)
	if s.saved.Cause != call.CauseOperator {
		t.Errorf("ended by %s", s.saved.Cause)
	}
	if got := s.tells(); got != "join ended" {
		t.Errorf("the queue was told %q", got)
	}
}

func TestAMoveOutOfATalkReleasesTheMember(t *testing.T) {
	s, env := inQueue(t, "queue_answered", annTakes+"Talk pending\n"+`Play {"outcome":"done"}`+"\n"+nothing)
	moveAfter(env, time.Minute, "sorry")
	walked(t, s, env)
	if got := s.tells(); got != "join rang talked" {
		t.Errorf("the queue was told %q", got)
	}
	if s.saved.TalkMS < 53_000 || len(s.saved.Attempts) != 1 || s.saved.Attempts[0].Module != "line" {
		t.Errorf("talked %d ms, attempts %+v", s.saved.TalkMS, s.saved.Attempts)
	}
}

// An offer or a leave for an earlier visit, or one that comes twice, is too late.
func TestAWordForAnotherTicketIsNotHeard(t *testing.T) {
	s, env := inQueue(t, "queue_answered", annTakes+talkedOn+nothing)
	env.RegisterDelayedCallback(func() {
		for _, w := range []queue.Word{
			{Kind: queue.Leave, Ticket: "20261122-120000-golden0.q1", Exit: "full"},
			{Kind: queue.Offer, Ticket: "20261122-120000-golden0.q1", Lease: "old", Members: []queue.Rung{{ContactMethod: "101"}}},
			{Kind: queue.Offer, Ticket: "20261122-120000-golden0.q2", Lease: "20261122-120000-golden0.q2/1", Members: []queue.Rung{{ContactMethod: "101"}}},
			{Kind: queue.Check, Ticket: "20261122-120000-golden0.q2"},
		} {
			env.SignalWorkflow(QueueSignal, w)
		}
	}, 3*time.Second)
	env.ExecuteWorkflow(Call, s.in)
	if got := s.path(); !strings.Contains(got, "line -: answered (Desk 101 answered after 6s)") {
		t.Errorf("walked\n%s", got)
	}
}

func TestADecisionOfAQueueNamesItsFacts(t *testing.T) {
	_, s := load(t, "testdata/queue_timeout.txtar")
	s.run()
	facts := map[string]string{}
	for _, f := range s.saved.Path[1].Reason.Facts {
		facts[f.Name] = f.Value
	}
	for name, want := range map[string]string{"strategy": "ring-all", "position": "1", "waited": "45s", "offers": "2", "Desk 101": "no answer"} {
		if facts[name] != want {
			t.Errorf("%s is %q, want %q in %v", name, facts[name], want, facts)
		}
	}
}
