package simulate

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/workflow"

	"tandem/activities"
	"tandem/flow"
	"tandem/flow/call"
)

var media *activities.Media

// line is a caller who waits, as a queue's runner would let one: it asks for
// operations and writes down what becomes of them.
type line struct {
	w   *world
	out []string
}

func (l *line) note(format string, args ...any) { l.out = append(l.out, fmt.Sprintf(format, args...)) }

func (l *line) wait(ctx workflow.Context, in call.Wait) workflow.Future {
	in.Leg = l.w.in.Leg
	return workflow.ExecuteActivity(l.options(ctx), media.Wait, in)
}

// offer comes a moment later: operations asked in the same instant reach the
// node in any order.
func (l *line) offer(ctx workflow.Context, lease string, bars ...call.Bar) workflow.Future {
	workflow.Sleep(ctx, time.Second)
	return workflow.ExecuteActivity(l.options(ctx), media.Offer, call.Offer{Leg: l.w.in.Leg, Lease: lease, Bars: bars})
}

func (*line) options(ctx workflow.Context) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: 24 * time.Hour})
}

func (l *line) waited(ctx workflow.Context, f workflow.Future) {
	var got call.Waited
	err := f.Get(ctx, &got)
	l.note("wait %s %s%v", got.Outcome, got.Lease, errText(err))
}

func (l *line) offered(ctx workflow.Context, f workflow.Future) {
	var got call.Offered
	err := f.Get(ctx, &got)
	text := fmt.Sprintf("offer %s%v", got.Outcome, errText(err))
	for _, a := range got.Attempts {
		text += fmt.Sprintf(" %s:%s", a.ContactMethod, a.Cause)
	}
	l.note("%s", text)
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// imagine lets a caller go through what play asks for.
func imagine(t *testing.T, sc flow.Scenario, play func(workflow.Context, *line)) string {
	t.Helper()
	sc.At = noon
	id := call.NewID(noon, [7]byte{})
	w := newWorld(t.Context(), office{}, flow.Flow{}, sc, call.Incoming{Call: id, Leg: call.ALeg(id), Node: "simulated", At: noon})
	l := &line{w: w}
	env := environment(w)
	env.ExecuteWorkflow(func(ctx workflow.Context) error {
		play(ctx, l)
		return workflow.ExecuteActivity(l.options(ctx), media.End, call.End{Call: id, Cause: call.CauseNormal}).Get(ctx, nil)
	})
	if err := env.GetWorkflowError(); err != nil || w.failed != nil {
		t.Fatal(err, w.failed)
	}
	return strings.Join(l.out, ", ")
}

func member(id string, confirm bool) call.Bar {
	return call.Bar{Target: call.Target{ContactMethod: id, Name: id, Account: id, Confirm: confirm}, Length: call.Seconds(20)}
}

func TestAnImaginedCallerWaitsByTheRulesOfTheNode(t *testing.T) {
	for _, c := range []struct {
		claim string
		sc    flow.Scenario
		play  func(workflow.Context, *line)
		want  string
	}{
		{"to the limit", flow.Scenario{}, func(ctx workflow.Context, l *line) {
			l.waited(ctx, l.wait(ctx, call.Wait{Limit: call.Seconds(30)}))
		}, "wait done "},
		{"to the escape key", flow.Scenario{Keys: []flow.Keying{{Digits: "1#"}}}, func(ctx workflow.Context, l *line) {
			l.waited(ctx, l.wait(ctx, call.Wait{Escape: "#"}))
		}, "wait key "},
		{"to a hang-up", flow.Scenario{GiveUp: call.Seconds(9), Phones: map[string]flow.Phone{"ann": {Does: "silent"}}}, func(ctx workflow.Context, l *line) {
			wait, offer := l.wait(ctx, call.Wait{}), l.offer(ctx, "x", member("ann", false))
			l.waited(ctx, wait)
			l.offered(ctx, offer)
		}, "wait caller-gone , offer caller-gone ann:caller-cancelled"},
		{"to an announcement, across which an offer goes on", flow.Scenario{Phones: map[string]flow.Phone{"ann": {After: call.Seconds(8)}}}, func(ctx workflow.Context, l *line) {
			wait, offer := l.wait(ctx, call.Wait{Announce: call.Seconds(5)}), l.offer(ctx, "x", member("ann", false))
			l.waited(ctx, wait)
			l.waited(ctx, l.wait(ctx, call.Wait{Say: []string{"2s"}, Limit: call.Seconds(60)}))
			l.offered(ctx, offer)
		}, "wait announce , wait answered x, offer answered ann:"},
		{"to an answer between two waits, told by the second", flow.Scenario{Phones: map[string]flow.Phone{"ann": {After: call.Seconds(8)}}}, func(ctx workflow.Context, l *line) {
			wait, offer := l.wait(ctx, call.Wait{Announce: call.Seconds(5)}), l.offer(ctx, "x", member("ann", false))
			l.waited(ctx, wait)
			l.offered(ctx, offer)
			l.waited(ctx, l.wait(ctx, call.Wait{}))
		}, "wait announce , offer answered ann:, wait answered x"},
		{"to the first of several offers", flow.Scenario{Phones: map[string]flow.Phone{"ann": {After: call.Seconds(8)}, "bob": {After: call.Seconds(4)}}}, func(ctx workflow.Context, l *line) {
			wait, one, two := l.wait(ctx, call.Wait{}), l.offer(ctx, "x", member("ann", false)), l.offer(ctx, "y", member("bob", false))
			l.waited(ctx, wait)
			l.offered(ctx, one)
			l.offered(ctx, two)
		}, "wait answered y, offer withdrawn ann:answered-elsewhere, offer answered bob:"},
		{"beyond an offer that nobody confirms", flow.Scenario{Phones: map[string]flow.Phone{"ann": {Confirms: "ignores"}, "bob": {Confirms: "hangs-up"}}}, func(ctx workflow.Context, l *line) {
			wait, offer := l.wait(ctx, call.Wait{Limit: call.Seconds(60)}), l.offer(ctx, "x", member("ann", true), member("bob", true))
			l.offered(ctx, offer)
			l.waited(ctx, wait)
		}, "offer no-answer ann:no-answer bob:declined, wait done "},
		{"without one an offer is withdrawn", flow.Scenario{}, func(ctx workflow.Context, l *line) {
			l.offered(ctx, l.offer(ctx, "x", member("ann", false)))
			l.waited(ctx, l.wait(ctx, call.Wait{Limit: call.Seconds(5)}))
			l.offered(ctx, l.offer(ctx, "x", member("ann", false)))
		}, "offer withdrawn, wait done , offer withdrawn"},
	} {
		if got := imagine(t, c.sc, c.play); got != c.want {
			t.Errorf("%s: %s, want %s", c.claim, got, c.want)
		}
	}
}
