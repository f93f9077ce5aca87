package workflows

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"golang.org/x/tools/txtar"

	"tandem/activities"
	"tandem/flow"
	"tandem/flow/call"
)

var update = flag.Bool("update", false, "rewrite the asked and path sections of golden flows")

// A golden flow is a sentence, flow.json, the script of a caller and of the
// phones rung (what each operation ends with, in order), what the node was
// asked, and the path walked.
func TestGoldenFlows(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden flows: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { golden(t, file) })
	}
}

// wholeSeconds are what a golden flow tells of an instant: the clock of the test
// runs on while an operation begins.
var wholeSeconds = regexp.MustCompile(`(T\d\d:\d\d:\d\d)\.\d+Z`)

func golden(t *testing.T, file string) {
	archive, s := load(t, file)
	got := map[string]string{"path": s.run(), "asked": wholeSeconds.ReplaceAllString(strings.Join(append(s.asked, s.beside...), ""), "${1}Z")}
	for i := range archive.Files {
		f := &archive.Files[i]
		if text, ok := got[f.Name]; ok && text != string(f.Data) {
			if *update {
				f.Data = []byte(text)
				continue
			}
			t.Errorf("%s differs\n--- want\n%s--- got\n%s", f.Name, f.Data, text)
		}
	}
	if *update {
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// load reads the flow and the script of a golden flow.
func load(t *testing.T, file string) (*txtar.Archive, *script) {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s := &script{t: t}
	for _, f := range archive.Files {
		switch f.Name {
		case "flow.json":
			s.flow = mustFlow(t, f.Data)
		case "script":
			s.read(string(f.Data))
		}
	}
	return archive, s
}

func mustFlow(t *testing.T, data []byte) flow.Flow {
	t.Helper()
	f, err := flow.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	if problems := flow.Errors(flow.Validate(f, nil)); len(problems) > 0 {
		t.Fatalf("the flow is not valid: %+v", problems)
	}
	return f
}

// script plays the node, the database, the caller and everybody rung.
type script struct {
	t      *testing.T
	flow   flow.Flow
	in     call.Incoming
	route  *flow.Route
	over   *flow.Over // the call is one too many
	steps  []step
	asked  []string
	slow   time.Duration // of web servers
	beside []string      // what was begun beside the call, in no order of time with the rest
	saved  call.LedgerEntry
	ahead  int           // callers who wait before this one
	spent  call.Duration // by members on each of the last calls
}

type step struct{ op, result string }

// read takes the lines "call {incoming}", "route {route}" or "over {limit}",
// "slow 3s" for how long web servers take, "queue 2" for how many wait before,
// "spent "3m"" for how long members talked on the last calls, and, for each
// operation in order, its name and result; "error TEXT" fails it, "pending"
// leaves it running, and "untaken" leaves it for a node that is not there.
func (s *script) read(text string) {
	lines := bufio.NewScanner(strings.NewReader(text))
	for lines.Scan() {
		word, rest, _ := strings.Cut(strings.TrimSpace(lines.Text()), " ")
		switch word {
		case "", "#":
		case "call":
			s.decode(rest, &s.in)
		case "slow":
			s.slow, _ = time.ParseDuration(rest) // what is no time is none
		case "over":
			s.over = new(flow.Over)
			s.decode(rest, s.over)
		case "queue":
			s.decode(rest, &s.ahead)
		case "spent":
			s.decode(rest, &s.spent)
		case "route":
			s.route = new(flow.Route)
			s.decode(rest, s.route)
		default:
			s.steps = append(s.steps, step{word, rest})
		}
	}
}

func (s *script) decode(text string, into any) {
	s.t.Helper()
	if err := json.Unmarshal([]byte(text), into); err != nil {
		s.t.Fatalf("script: %q: %v", text, err)
	}
}

func (s *script) run() string {
	env := s.environment()
	env.ExecuteWorkflow(Call, s.in)
	if err := env.GetWorkflowError(); err != nil {
		s.t.Fatalf("the workflow failed: %v", err)
	}
	if len(s.steps) > 0 {
		s.t.Errorf("never asked for: %+v", s.steps)
	}
	return s.path()
}

func (s *script) environment() *testsuite.TestWorkflowEnvironment {
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(log.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	env := suite.NewTestWorkflowEnvironment()
	if s.in.At.IsZero() {
		s.in.At = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	}
	env.SetStartTime(s.in.At)
	env.SetTestTimeout(20 * time.Second)
	env.RegisterWorkflow(Call)
	env.RegisterActivity(&activities.Media{})
	env.RegisterActivity(&activities.Directory{})
	env.RegisterActivity(&activities.Ledger{})
	env.RegisterActivity(&activities.Queues{})
	env.RegisterActivity(&activities.Routers{})
	for _, place := range scenery {
		place(s, env)
	}
	if s.in.Call == "" {
		s.in.Call = "20261122-120000-golden0"
	}
	s.in.Leg, s.in.Node = call.ALeg(s.in.Call), "n1"
	if s.in.Callback != nil {
		s.in.Leg = ""
	}
	return env
}

// scenery is what calls meet, one function for each part of the world.
var scenery = []func(*script, *testsuite.TestWorkflowEnvironment){
	nodeAndOffice,
	memberDesk,
	internalNumbers,
	rooms,
	hoursAndLists,
	aHotline,
	webAndPost,
	callbacks,
}

// nodeAndOffice is what every call needs.
func nodeAndOffice(s *script, env *testsuite.TestWorkflowEnvironment) {
	env.OnActivity(media.Play, mock.Anything, mock.Anything).Return(answer[call.Play, call.Played](s, "Play"))
	env.OnActivity(media.Gather, mock.Anything, mock.Anything).Return(answer[call.Gather, call.Gathered](s, "Gather"))
	env.OnActivity(media.Ring, mock.Anything, mock.Anything).Return(answer[call.Ring, call.Rang](s, "Ring"))
	env.OnActivity(media.Talk, mock.Anything, mock.Anything).Return(answer[call.Talk, call.Talked](s, "Talk"))
	env.OnActivity(media.End, mock.Anything, mock.Anything).Return(answer[call.End, call.Ended](s, "End"))
	env.OnActivity(directory.Route, mock.Anything, mock.Anything).Return(s.findRoute)
	env.OnActivity(directory.Targets, mock.Anything, mock.Anything).Return(targets)
	env.OnActivity(ledger.Save, mock.Anything, mock.Anything).Return(func(_ context.Context, e call.LedgerEntry) error {
		s.saved = e
		return nil
	})
}

// targets knows a desk by every id; one whose id begins with "closed" is off
// schedule, and one that begins with "mobile" has to confirm and hears a whisper.
func targets(_ context.Context, in activities.TargetsInput) ([]call.Target, error) {
	var out []call.Target
	for _, id := range in.ContactMethods {
		desk := call.Target{ContactMethod: id, Name: "Desk " + id, Account: id}
		if strings.HasPrefix(id, "closed") {
			desk.Skip = call.CauseOffSchedule
		}
		if strings.HasPrefix(id, "mobile") {
			desk.Confirm, desk.Whisper, desk.AtOnce = true, "whisper", 1
		}
		out = append(out, desk)
	}
	return out, nil
}

// answer takes the next step of the script for an operation.
func answer[In, Out any](s *script, name string) func(context.Context, In) (Out, error) {
	return func(_ context.Context, in In) (Out, error) {
		var out Out
		asked, err := json.Marshal(in)
		if err != nil {
			return out, err
		}
		s.asked = append(s.asked, fmt.Sprintf("%s %s\n", name, asked))
		if len(s.steps) == 0 || s.steps[0].op != name {
			s.t.Errorf("%s was asked, the script goes on with %+v", name, s.steps)
			return out, temporal.NewNonRetryableApplicationError("not in the script", "script", nil)
		}
		next := s.steps[0]
		s.steps = s.steps[1:]
		if failure, ok := strings.CutPrefix(next.result, "error "); ok {
			return out, temporal.NewNonRetryableApplicationError(failure, failure, errors.New(failure))
		}
		if next.result == "untaken" {
			return out, temporal.NewTimeoutError(scheduleToStart, nil)
		}
		if next.result == "pending" { // goes on until something else ends the call
			return out, activity.ErrResultPending
		}
		return out, json.Unmarshal([]byte(next.result), &out)
	}
}

// path prints the ledger entry as a golden flow shows it.
func (s *script) path() string {
	var b strings.Builder
	e := s.saved
	for _, p := range e.Path {
		exit := p.Exit
		if exit == "" {
			exit = "-"
		}
		if p.Flow.ID != "" {
			fmt.Fprintf(&b, "%s@%d/", p.Flow.ID, p.Flow.Version)
		}
		fmt.Fprintf(&b, "%s %s: %s (%s)\n", p.Module, exit, p.Reason.Code, p.Reason.Text)
	}
	fmt.Fprintf(&b, "ended: %s, %s", e.Outcome, e.Cause)
	if e.Outcome == "talked" {
		fmt.Fprintf(&b, ", answered by %s, talked %d ms", e.AnsweredBy, e.TalkMS)
	}
	b.WriteByte('\n')
	return b.String()
}
