package workflows

import (
	"cmp"
	"errors"
	"fmt"
	"hash/fnv"
	"strings"
	"time"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"tandem/activities"
	"tandem/flow/call"
	words "tandem/flow/directory"
)

// Notice is one notification on its way, its texts filled in.
type Notice struct {
	ID      string        `json:"id"`     // of the call, and the place on its path
	Module  string        `json:"module"` // flow and module
	To      []string      `json:"to"`     // ids of contact methods
	Subject string        `json:"subject"`
	Body    string        `json:"body"`
	Every   call.Duration `json:"every"` // at most one mail to each in that time
	At      time.Time     `json:"at"`
}

// Noticed is what became of a notice at one recipient.
type Noticed struct {
	ContactMethod string `json:"contact_method"`
	Name          string `json:"name,omitempty"`
	State         string `json:"state"` // sent, left-out, refused, gone, unset, gave-up
	Tries         int    `json:"tries,omitempty"`
	LeftOut       int    `json:"left_out,omitempty"` // that it told of
	Text          string `json:"text,omitempty"`     // why it was not sent
}

// What becomes of a notice.
const (
	NoticeSent    = "sent"
	NoticeLeftOut = "left-out" // another went to the same recipient a short while ago
	NoticeRefused = "refused"  // by the server, for good
	NoticeGone    = "gone"     // the recipient is no address any more
	NoticeUnset   = "unset"    // no server for outgoing mail is set up
	NoticeGaveUp  = "gave-up"  // after all tries
)

// startNotice begins a notice that outlives its call. Its ID is that of the
// visit to the module, so that a repeat begins nothing. Temporal UI finds it by
// what finds its call.
func (w *walk) startNotice(ctx workflow.Context, n Notice, summary string) workflow.ChildWorkflowFuture {
	ctx, _ = workflow.NewDisconnectedContext(ctx) // a caller who hangs up stops no notice
	ctx = workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID:            "notice-" + n.ID,
		TaskQueue:             TaskQueue,
		WorkflowIDReusePolicy: enums.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
		ParentClosePolicy:     enums.PARENT_CLOSE_POLICY_ABANDON,
		StaticSummary:         summary,
		TypedSearchAttributes: temporal.NewSearchAttributes(
			AttributeCaller.ValueSet(callerWords(w.entry.Caller)),
			AttributeNumber.ValueSet(w.in.Called),
			AttributeFlow.ValueSet(w.entry.Flow.Name)),
	})
	return workflow.ExecuteChildWorkflow(ctx, Notify, n)
}

// seeOff waits until every notice has begun: one that a closing workflow has
// only asked for would never be.
func (w *walk) seeOff(ctx workflow.Context) {
	for _, n := range w.notices {
		if err := n.GetChildWorkflowExecution().Get(ctx, nil); err != nil {
			workflow.GetLogger(ctx).Warn("notice not begun", "call", w.in.Call, "error", err)
		}
	}
}

// Notify sends one notice to each of its recipients, each by itself: one that
// cannot be reached delays no other.
func Notify(ctx workflow.Context, n Notice) ([]Noticed, error) {
	out, lines := make([]Noticed, len(n.To)), make([]string, len(n.To))
	all := workflow.NewWaitGroup(ctx)
	for i := range n.To {
		all.Add(1)
		say := func(line string) {
			lines[i] = "- " + line
			workflow.SetCurrentDetails(ctx, "**"+n.Subject+"**\n\n"+strings.Join(lines, "\n"))
		}
		workflow.Go(ctx, func(ctx workflow.Context) {
			defer all.Done()
			out[i] = n.notify(ctx, i, say)
			say(out[i].line(n.who(i, out[i].Name)))
		})
	}
	all.Wait(ctx)
	return out, nil
}

// who names a recipient for operators.
func (n Notice) who(i int, name string) string {
	return cmp.Or(name, fmt.Sprintf("recipient %d of %d", i+1, len(n.To)))
}

// line is what became of a notice at one recipient, for operators.
func (r Noticed) line(who string) string {
	text := who + ": " + exitWords.Replace(r.State)
	if r.Tries > 1 {
		text += fmt.Sprintf(" at try %d", r.Tries)
	}
	if r.Text != "" {
		text += ": " + r.Text
	}
	return text
}

// notify sends the notice to one recipient, by the ladder of deliveries.
func (n Notice) notify(ctx workflow.Context, i int, say func(line string)) Noticed {
	to, who := n.To[i], n.who(i, "")
	got := Noticed{ContactMethod: to}
	say(who + " …")
	var admitted words.Admission
	ask := words.Notice{ID: n.ID, Module: n.Module, ContactMethod: to, Every: n.Every.Std()}
	if err := workflow.ExecuteActivity(admitting(ctx, who), outbox.Admit, ask).Get(ctx, &admitted); err != nil {
		got.State, got.Text = n.failed(ctx, err), plain(err)
		return got
	}
	got.Name, who = admitted.Name, n.who(i, admitted.Name)
	if !admitted.Goes {
		got.State = NoticeLeftOut
		return got
	}
	got.LeftOut = admitted.LeftOut
	in := activities.SendInput{ID: n.ID, ContactMethod: to, Subject: n.Subject, Body: n.Body, LeftOut: admitted.LeftOut, At: n.At}
	for began := workflow.Now(ctx); ; {
		got.Tries++
		err := workflow.ExecuteActivity(mailing(ctx, who, got.Tries), outbox.Send, in).Get(ctx, nil)
		if err == nil {
			got.State, got.Text = NoticeSent, ""
			return got
		}
		got.State, got.Text = n.failed(ctx, err), plain(err)
		pause, more := nextTry(n.ID+to, got.Tries, workflow.Now(ctx).Sub(began))
		if got.State != NoticeGaveUp || !more {
			return got
		}
		say(fmt.Sprintf("%s: try %d failed, the next is in %s: %s", who, got.Tries, pause.Round(time.Second), got.Text))
		until := workflow.TimerOptions{Summary: fmt.Sprintf("Before try %d to %s", got.Tries+1, who)}
		if workflow.NewTimerWithOptions(ctx, pause, until).Get(ctx, nil) != nil {
			return got
		}
	}
}

// finalStates are the errors that no other try mends.
var finalStates = map[string]string{activities.ErrorRefused: NoticeRefused, activities.ErrorNobody: NoticeGone, activities.ErrorUnset: NoticeUnset}

// failed is the state that an error leaves a notice in, if nothing is tried any
// more.
func (n Notice) failed(ctx workflow.Context, err error) string {
	workflow.GetLogger(ctx).Warn("notice not sent", "notice", n.ID, "module", n.Module, "error", err)
	var app *temporal.ApplicationError
	if errors.As(err, &app) {
		if state, final := finalStates[app.Type()]; final {
			return state
		}
	}
	return NoticeGaveUp
}

// The pauses between tries of a delivery (product sheet 8): the first few, then
// hourly for a day, then every six hours for a week.
var firstPauses = []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour}

const (
	hourlyUntil = 24 * time.Hour
	triedFor    = 7 * 24 * time.Hour
)

// nextTry is the pause after a try; more is false after the last. Each pause is
// up to a fifth longer or shorter, so that what failed together does not come
// again together; which is drawn from the name of what is sent, since a replay
// must draw the same.
func nextTry(name string, tries int, since time.Duration) (pause time.Duration, more bool) {
	switch {
	case since >= triedFor:
		return 0, false
	case tries <= len(firstPauses):
		pause = firstPauses[tries-1]
	case since < hourlyUntil:
		pause = time.Hour
	default:
		pause = 6 * time.Hour
	}
	h := fnv.New32a()
	fmt.Fprintf(h, "%s %d", name, tries)
	return pause * time.Duration(800+h.Sum32()%401) / 1000, true
}
