package workflows

import (
	"context"
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

	"tandem/activities"
	words "tandem/flow/directory"
)

// post is a mail server and how it answers each recipient, try by try; after
// the last answer it takes everything. Recipients come at the same time.
type post struct {
	mu      sync.Mutex
	answers map[string][]error
	sent    []activities.SendInput
	tried   map[string][]time.Time
	told    string // to operators, at the end
}

var (
	tryLater = temporal.NewApplicationError("451 try later", "later")
	never    = temporal.NewNonRetryableApplicationError("550 no such mailbox", activities.ErrorRefused, nil)
	nobody   = temporal.NewNonRetryableApplicationError("does not exist", activities.ErrorNobody, nil)
	started  = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
)

// notify runs the workflow of a notice against a server. admitted is what the
// database says to each recipient; whoever is not named is let through.
func notify(t *testing.T, p *post, admitted map[string]words.Admission, to ...string) []Noticed {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(log.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	env := suite.NewTestWorkflowEnvironment()
	env.SetStartTime(started)
	env.RegisterWorkflow(Notify)
	env.RegisterActivity(&activities.Outbox{})
	env.OnActivity(outbox.Admit, mock.Anything, mock.Anything).Return(func(_ context.Context, n words.Notice) (words.Admission, error) {
		if a, ok := admitted[n.ContactMethod]; ok {
			return a, nil
		}
		return words.Admission{Goes: true}, nil
	})
	p.tried = map[string][]time.Time{}
	env.OnActivity(outbox.Send, mock.Anything, mock.Anything).Return(func(_ context.Context, in activities.SendInput) error {
		return p.take(in, env.Now())
	})
	env.ExecuteWorkflow(Notify, Notice{ID: "x.2", Module: "f/m", To: to, Subject: "s", Body: "b", At: started})
	var out []Noticed
	if err := env.GetWorkflowResult(&out); err != nil {
		t.Fatal(err)
	}
	var metadata sdkpb.WorkflowMetadata
	value, err := env.QueryWorkflow("__temporal_workflow_metadata")
	if err == nil {
		err = value.Get(&metadata)
	}
	if err != nil {
		t.Fatal(err)
	}
	p.told = metadata.GetCurrentDetails()
	return out
}

// take is one try at one recipient.
func (p *post) take(in activities.SendInput, now time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := len(p.tried[in.ContactMethod])
	p.tried[in.ContactMethod] = append(p.tried[in.ContactMethod], now)
	if all := p.answers[in.ContactMethod]; n < len(all) {
		return all[n]
	}
	p.sent = append(p.sent, in)
	return nil
}

func TestANoticeGoesToEachRecipientOnce(t *testing.T) {
	p := &post{}
	out := notify(t, p, nil, "a", "b")
	if len(p.sent) != 2 || out[0].State != NoticeSent || out[1].State != NoticeSent || out[0].Tries != 1 {
		t.Errorf("sent %+v, result %+v", p.sent, out)
	}
}

func TestANoticeThatIsPutOffIsTriedAgainByTheLadder(t *testing.T) {
	p := &post{answers: map[string][]error{"a": {tryLater, tryLater, tryLater}}}
	out := notify(t, p, nil, "a")
	if out[0].State != NoticeSent || out[0].Tries != 4 || len(p.sent) != 1 {
		t.Fatalf("result %+v", out)
	}
	for i, want := range firstPauses[:3] {
		if got := p.tried["a"][i+1].Sub(p.tried["a"][i]); got < want*8/10 || got > want*12/10 {
			t.Errorf("pause %d is %v, want %v by a fifth more or less", i+1, got, want)
		}
	}
}

func TestARefusedNoticeIsNotTriedAgain(t *testing.T) {
	p := &post{answers: map[string][]error{"a": {never}, "b": {nobody}}}
	out := notify(t, p, nil, "a", "b", "c")
	if out[0].State != NoticeRefused || out[0].Tries != 1 || !strings.Contains(out[0].Text, "550") {
		t.Errorf("refused: %+v", out[0])
	}
	if out[1].State != NoticeGone || out[2].State != NoticeSent {
		t.Errorf("one without address, and one with: %+v", out[1:])
	}
}

func TestANoticeTellsOperatorsWhatBecameOfItByName(t *testing.T) {
	p := &post{answers: map[string][]error{"a": {tryLater}, "b": {never}}}
	notify(t, p, map[string]words.Admission{"a": {Goes: true, Name: "Office"}}, "a", "b")
	if want := "**s**\n\n- Office: sent at try 2\n- recipient 2 of 2: refused: 550 no such mailbox"; p.told != want {
		t.Errorf("it tells %q, want %q", p.told, want)
	}
}

func TestANoticeIsGivenUpAfterAWeek(t *testing.T) {
	p := &post{answers: map[string][]error{"a": make([]error, 200)}}
	for i := range p.answers["a"] {
		p.answers["a"][i] = tryLater
	}
	out := notify(t, p, nil, "a", "b")
	tries := p.tried["a"]
	if out[0].State != NoticeGaveUp || out[1].State != NoticeSent {
		t.Fatalf("result %+v", out)
	}
	if last := tries[len(tries)-1].Sub(started); last < triedFor || last > triedFor+8*time.Hour {
		t.Errorf("the last of %d tries was after %v", len(tries), last)
	}
	if n := len(tries); n < 45 || n > 75 {
		t.Errorf("%d tries in a week", n)
	}
}

func TestANoticeThatFollowsTooSoonIsLeftOutAndToldOfByTheNext(t *testing.T) {
	p := &post{}
	out := notify(t, p, map[string]words.Admission{"a": {}, "b": {Goes: true, LeftOut: 3}}, "a", "b")
	if out[0].State != NoticeLeftOut || len(p.tried["a"]) != 0 {
		t.Errorf("too soon: %+v", out[0])
	}
	if len(p.sent) != 1 || p.sent[0].LeftOut != 3 {
		t.Errorf("sent %+v", p.sent)
	}
}
