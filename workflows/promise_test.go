package workflows

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"go.temporal.io/sdk/temporal"
	"golang.org/x/tools/txtar"

	"tandem/activities"
	"tandem/flow/call"
	"tandem/flow/queue"
)

func TestAPromiseIsKeptByOneCallInThePlaceThatWasHeld(t *testing.T) {
	v := newVow(t, tryOf{takes: 10 * time.Minute, result: reached})
	v.kept(PromiseKept, 1)
	if got := v.kinds(); got != "join, left ended" {
		t.Errorf("the queue was told %q", got)
	}
	if j := v.told[0].Joining; !j.Callback || j.After != "x.q2" || j.Patience != v.p.Window || v.told[0].Ticket != "callback-x.q2" {
		t.Errorf("it joins as %+v", j)
	}
	in := v.calls[0]
	want := call.Callback{ID: "x.q2", Try: 1, ContactMethod: "ann", Ring: call.Seconds(30), Flow: v.p.Flow, Module: "line", Ticket: "callback-x.q2"}
	if *in.Callback != want || in.Node != "n1" || in.Caller != "201" || in.CallerName != "Ann" || in.Called != "+15550100" || in.Account != "ann" || in.Leg != "" {
		t.Errorf("the call is %+v, %+v", in, *in.Callback)
	}
}

func TestWhoIsNotReachedIsCalledAgainUntilTheTriesAreUsed(t *testing.T) {
	missed := tryOf{takes: 30 * time.Second, result: noAnswer}
	v := newVow(t, missed, missed, missed)
	k := v.kept(PromiseUnreached, 3)
	if got := v.kinds(); got != "join, later, later, left unreached" {
		t.Errorf("the queue was told %q", got)
	}
	for i := 1; i < len(v.at); i++ {
		if pause := v.at[i] - v.at[i-1]; pause < callbackRest || pause > callbackRest+2*time.Minute {
			t.Errorf("the calls were made at %v", v.at)
		}
	}
	ids := map[call.ID]bool{}
	for i, in := range v.calls {
		ids[in.Call] = true
		if in.Callback.Try != i+1 || k.Tries[i].Call != in.Call || k.Tries[i].Reached {
			t.Errorf("try %d is %+v, told as %+v", i+1, in, k.Tries[i])
		}
	}
	if len(ids) != 3 {
		t.Errorf("the calls are %v", ids)
	}
}

func TestATurnThatComesAgainMakesNoSecondCall(t *testing.T) {
	v := newVow(t, tryOf{takes: 30 * time.Second, result: noAnswer}, tryOf{takes: time.Minute, result: reached})
	for _, at := range []time.Duration{100 * time.Millisecond, time.Second, 29 * time.Second, 31 * time.Second, 80 * time.Second} {
		v.say(at, queue.Turn)
	}
	v.kept(PromiseKept, 2)
	if v.at[1] < 30*time.Second+callbackRest {
		t.Errorf("the calls were made at %v", v.at)
	}
}

func TestAWordForAnotherPromiseIsNotHeard(t *testing.T) {
	v := newVow(t, tryOf{takes: time.Minute, result: reached})
	v.env.RegisterDelayedCallback(func() {
		v.env.SignalWorkflow(QueueSignal, queue.Word{Kind: queue.Leave, Ticket: "callback-y.q2"})
	}, time.Second)
	v.kept(PromiseKept, 1)
}

func TestWhoCallsAgainIsNotCalledBack(t *testing.T) {
	v := newVow(t)
	v.p.Rules.Members = nil // it is never their turn
	v.say(time.Minute, queue.Leave)
	k := v.kept(PromiseOver, 0)
	if k.Text != "the caller has called again" || v.kinds() != "join" {
		t.Errorf("told %q, the queue %q", k.Text, v.kinds())
	}
}

func TestWhoCallsAgainWhileItRingsIsNotRungAnyMore(t *testing.T) {
	v := newVow(t, tryOf{takes: 30 * time.Second, result: noAnswer})
	v.say(10*time.Second, queue.Leave)
	v.kept(PromiseOver, 1)
	if !slices.Equal(v.asks, []call.Cause{call.CauseAnsweredElsewhere}) || v.env.Now().Sub(started) > 20*time.Second {
		t.Errorf("the call was told %v, and it was over after %v", v.asks, v.env.Now().Sub(started))
	}
}

func TestWhoHasAnsweredIsServedWhateverTheQueueSays(t *testing.T) {
	v := newVow(t, tryOf{takes: 10 * time.Minute, result: reached, deaf: true})
	v.say(10*time.Second, queue.Leave)
	v.env.RegisterDelayedCallback(v.env.CancelWorkflow, 20*time.Second)
	v.kept(PromiseKept, 1)
	if len(v.asks) != 1 {
		t.Errorf("the call was told %v", v.asks)
	}
}

func TestAPromiseIsWithdrawn(t *testing.T) {
	v := newVow(t)
	v.p.Rules.Members = nil
	v.env.RegisterDelayedCallback(v.env.CancelWorkflow, time.Minute)
	v.kept(PromiseWithdrawn, 0)
	if got := v.kinds(); got != "join, left ended" {
		t.Errorf("the queue was told %q", got)
	}
	v = newVow(t, tryOf{takes: 30 * time.Second, result: noAnswer})
	v.env.RegisterDelayedCallback(v.env.CancelWorkflow, 10*time.Second)
	v.kept(PromiseWithdrawn, 1)
	if !slices.Equal(v.asks, []call.Cause{call.CauseOperator}) {
		t.Errorf("the call was told %v", v.asks)
	}
}

func TestAPromiseEndsWithItsWindow(t *testing.T) {
	v := newVow(t)
	v.p.Rules.Members = nil
	v.kept(PromiseExpired, 0)
	if got := v.kinds(); got != "join, left timeout" || v.env.Now().Sub(started) != v.p.Window.Std() {
		t.Errorf("the queue was told %q, by %v", got, v.env.Now().Sub(started))
	}
	missed := tryOf{takes: 30 * time.Second, result: noAnswer}
	v = newVow(t, missed, missed)
	v.p.Window = call.Seconds(6 * 60)
	v.kept(PromiseExpired, 2)
}

// The phone of who still hears the number repeated is busy.
func TestNobodyIsCalledWhoHasNotHungUp(t *testing.T) {
	for claim, c := range map[string]struct{ hangsUp, called time.Duration }{
		"after three minutes":       {3 * time.Minute, 3 * time.Minute},
		"after the turn came twice": {6 * time.Minute, 6 * time.Minute},
		"without that being heard":  {0, longestGoodbye},
	} {
		v := aVow(t)
		v.register()
		v.tries = []tryOf{{takes: time.Minute, result: reached}}
		if c.hangsUp > 0 {
			v.hangsUp(c.hangsUp)
		}
		v.kept(PromiseKept, 1)
		if len(v.at) != 1 || v.at[0] < c.called || v.at[0] > c.called+5*time.Second {
			t.Errorf("who hangs up %s is called after %v", claim, v.at)
		}
	}
}

func TestWhoHasHungUpWaitsForTheTurn(t *testing.T) {
	v := newVow(t, tryOf{takes: time.Minute, result: reached})
	v.kept(PromiseKept, 1)
	if got := v.kinds(); got != "join, left ended" {
		t.Errorf("the queue was told %q", got)
	}
}

// Turn and end of the window come together after everything has stood still.
func TestATurnAfterTheWindowIsTooLate(t *testing.T) {
	v := newVow(t)
	v.p.At = started.Add(-v.p.Window.Std())
	v.env.RegisterDelayedCallback(func() { v.env.SignalWorkflow(QueueSignal, queue.Word{Kind: queue.Turn, Ticket: v.p.ticket()}) }, 0)
	v.kept(PromiseExpired, 0)
}

// A call that began in time is made to its end.
func TestACallGoesOnWhereTheWindowEnds(t *testing.T) {
	for outcome, result := range map[string]Result{PromiseKept: reached, PromiseExpired: noAnswer} {
		v := newVow(t, tryOf{takes: time.Minute, result: result})
		v.p.Window = call.Seconds(30)
		v.kept(outcome, 1)
		if len(v.asks) > 0 {
			t.Errorf("the call was told %v", v.asks)
		}
	}
}

// Nobody is called twice of whom nobody knows whether they have answered.
func TestACallOfWhichNobodyKnowsCountsAsMade(t *testing.T) {
	for name, try := range map[string]tryOf{
		"its node is lost":        {takes: time.Second, result: nodeLost},
		"it fails":                {takes: time.Second, err: errors.New("boom")},
		"it is ended by hand":     {takes: time.Second, err: temporal.NewCanceledError()},
		"an operator hangs up":    {takes: time.Second, result: Result{Cause: call.CauseOperator}},
		"it says nothing of that": {takes: time.Second},
	} {
		t.Run(name, func(t *testing.T) { newVow(t, try).kept(PromiseKept, 1) })
	}
}

func TestACallThatNoNodeTakesIsMadeOnAnother(t *testing.T) {
	v := newVow(t, tryOf{takes: 10 * time.Second, result: untaken}, tryOf{takes: time.Minute, result: reached})
	v.nodes, v.p.Tries = []string{"n1", "n2"}, 1
	k := v.kept(PromiseKept, 2)
	if v.asked[1] != (activities.NodeInput{Wanted: "n1", Shy: "n1"}) || v.calls[1].Node != "n2" || len(k.Tries) != 1 {
		t.Errorf("asked for %+v, called from %s, told %+v", v.asked, v.calls[1].Node, k.Tries)
	}
}

func TestACallWaitsForANodeToMakeIt(t *testing.T) {
	v := newVow(t, tryOf{takes: time.Minute, result: reached})
	v.nodes, v.p.Tries = []string{"", "", "n2"}, 1
	v.kept(PromiseKept, 1)
	if got := v.kinds(); got != "join, later, later, left ended" {
		t.Errorf("the queue was told %q", got)
	}
}

func TestAPromiseWaitsForAQueueThatCannotBeTold(t *testing.T) {
	v := newVow(t, tryOf{takes: time.Minute, result: reached})
	v.mute = 15 // more often than at once
	v.kept(PromiseKept, 1)
}

// What the queue is not told of a try lapses there, and the turn comes again.
func TestATryThatTheQueueWasNotToldOfIsFollowedByTheNext(t *testing.T) {
	v := newVow(t, tryOf{takes: 30 * time.Second, result: noAnswer}, tryOf{takes: time.Minute, result: reached})
	v.deafen(20*time.Second, true)
	v.deafen(2*time.Minute, false)
	v.kept(PromiseKept, 2)
	if got := v.kinds(); got != "join, left ended" || v.at[1] > 6*time.Minute {
		t.Errorf("the queue was told %q, the calls were made at %v", got, v.at)
	}
}

func TestASpanIsSpelt(t *testing.T) {
	for d, want := range map[time.Duration]string{10 * time.Minute: "10 min", 2 * time.Hour: "2 h", 90 * time.Minute: "1 h 30 min", 24 * time.Hour: "24 h"} {
		if got := spell(d); got != want {
			t.Errorf("%v is spelt %q, want %q", d, got, want)
		}
	}
}

// The whole of it: promise, queue and calls by their own code; only the node is
// told what to do.
func TestAPromiseTheQueueAndTheCallMeet(t *testing.T) {
	v := aVow(t)
	archive, err := txtar.ParseFile("testdata/called_back_answered.txtar")
	if err != nil {
		t.Fatal(err)
	}
	s := &script{t: t, flow: mustFlow(t, archive.Files[0].Data)}
	s.read(`Originate {"outcome":"no-answer","attempts":[]}` + "\n" + nothing + `Originate {"outcome":"answered","leg":"x.a","attempts":[]}` + "\n" +
		`Offer {"outcome":"answered","leg":"x.b1","target":{"contact_method":"101","name":"Desk 101"},"attempts":[]}` + "\n" +
		`Wait {"outcome":"answered","lease":"x","leg":"x.b1","target":{"contact_method":"101","name":"Desk 101"}}` + "\n" + talkedOn + nothing)
	v.hangsUp(0)
	v.env.RegisterWorkflow(Call)
	v.env.RegisterActivity(&activities.Media{})
	v.env.RegisterActivity(&activities.Ledger{})
	// What is completed later by its token wakes no child here, so operations take
	// their time instead.
	v.env.OnActivity(media.Originate, mock.Anything, mock.Anything).After(5 * time.Second).Return(answer[call.Originate, call.Originated](s, "Originate"))
	v.env.OnActivity(media.Wait, mock.Anything, mock.Anything).After(6 * time.Second).Return(answer[call.Wait, call.Waited](s, "Wait"))
	v.env.OnActivity(media.Offer, mock.Anything, mock.Anything).After(5 * time.Second).Return(answer[call.Offer, call.Offered](s, "Offer"))
	nodeAndOffice(s, v.env)
	aHotline(s, v.env)
	k := v.kept(PromiseKept, 0)
	if len(s.steps) > 0 || len(k.Tries) != 2 || k.Tries[0].Cause != call.CauseNoAnswer || k.Tries[1].Cause != call.CauseCalleeHangup {
		t.Errorf("tried %+v, never asked for %+v", k.Tries, s.steps)
	}
	if got := v.kinds(); got != "join, later, join, rang, talked, left ended" || v.told[2].Joining.After != v.p.ticket() {
		t.Errorf("the queue was told %q", got)
	}
	for _, w := range v.line.View(v.env.Now()).Waiting {
		if w.Callback {
			t.Errorf("%+v still waits", w)
		}
	}
}

// What becomes of a promise is read in Temporal UI.
func TestAPromiseTellsItsStory(t *testing.T) {
	v := newVow(t, tryOf{takes: 30 * time.Second, result: noAnswer}, tryOf{takes: time.Minute, result: reached})
	var seen []string
	for _, at := range []time.Duration{20 * time.Millisecond, 10 * time.Second, 2 * time.Minute, 2 * time.Hour} {
		v.env.RegisterDelayedCallback(func() { seen = append(seen, detailsOf(t, v.env)) }, at)
	}
	v.kept(PromiseKept, 2)
	seen = append(seen, detailsOf(t, v.env))
	for i, want := range []string{"waiting for its turn", "under way", "no answer", "called back"} {
		if i >= len(seen) || !strings.Contains(seen[i], want) || !strings.Contains(seen[i], "**Ann (201)**") || !strings.Contains(seen[i], "*Sales*") {
			t.Errorf("details %d are\n%s\nwant %q", i, strings.Join(seen, "\n--\n"), want)
		}
	}
}
