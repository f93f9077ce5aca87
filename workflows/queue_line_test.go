package workflows

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"tandem/activities"
	"tandem/flow/call"
	"tandem/flow/queue"
)

// counter is a queue at work, with calls that only listen.
type counter struct {
	t     *testing.T
	env   *testsuite.TestWorkflowEnvironment
	words []string
	gone  map[string]bool // calls that cannot be told
	down  bool            // the directory does not answer
	last  map[string]string
	to    map[string]string // whom each ticket was offered to last

	lookedUp func()            // called when the directory is asked
	untold   func(call string) // called when one who is gone is told something
}

func newCounter(t *testing.T) *counter {
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(log.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	c := &counter{t: t, env: suite.NewTestWorkflowEnvironment(), gone: map[string]bool{}, last: map[string]string{}, to: map[string]string{}, lookedUp: func() {}, untold: func(string) {}}
	c.env.SetTestTimeout(20 * time.Second)
	c.env.RegisterWorkflow(Queue)
	c.env.RegisterActivity(&activities.Queues{})
	c.env.OnActivity(queues.Roster, mock.Anything, mock.Anything).Return(func(_ context.Context, in activities.RosterInput) ([]queue.Person, error) {
		c.lookedUp()
		if c.down {
			return nil, errors.New("the database is down")
		}
		return roster(in.ContactMethods, in.In), nil
	})
	c.env.OnSignalExternalWorkflow(mock.Anything, mock.Anything, mock.Anything, QueueSignal, mock.Anything).Return(
		func(_, to, _, _ string, arg any) error {
			if c.gone[to] {
				c.untold(to)
				return errors.New("unknown external workflow execution")
			}
			word := arg.(queue.Word)
			c.words = append(c.words, fmt.Sprintf("%s %s", word.Ticket, word.Kind))
			c.last[word.Ticket] = word.Lease
			for _, m := range word.Members {
				c.to[word.Ticket] = m.ContactMethod
			}
			return nil
		})
	return c
}

// tell brings the queue a message so long after its beginning, and again.
func (c *counter) tell(after time.Duration, m queue.Message) {
	c.env.RegisterDelayedCallback(func() {
		if m.Lease == "" {
			m.Lease = c.last[m.Ticket]
		}
		for range 2 {
			c.env.SignalWorkflow(TellSignal, m)
		}
	}, after)
}

func (c *counter) join(after time.Duration, ticket string) {
	c.tell(after, queue.Message{Kind: queue.Join, Ticket: ticket, Joining: &queue.Joining{Call: call.ID(ticket), Reply: "call-" + ticket, Patience: call.Seconds(300),
		Rules: queue.Rules{Name: "Sales", Version: 1, Strategy: "in-order", Rest: call.Seconds(5), WrapUp: call.Seconds(10),
			Members: []queue.Member{{ContactMethod: "ann", Ring: call.Seconds(20), Level: 1}}}}})
}

func (c *counter) rang(after time.Duration, ticket string, o queue.Outcome) {
	c.tell(after, queue.Message{Kind: queue.Rang, Ticket: ticket, Results: []queue.Result{{ContactMethod: "ann", Outcome: o}}})
}

func (c *counter) said(want ...string) {
	c.t.Helper()
	if !slices.Equal(c.words, want) {
		c.t.Errorf("the queue says %q, want %q", c.words, want)
	}
}

// view looks at the queue.
func (c *counter) view(after time.Duration, look func(queue.View)) {
	c.env.RegisterDelayedCallback(func() {
		var v queue.View
		value, err := c.env.QueryWorkflow(ViewQuery)
		if err == nil {
			err = value.Get(&v)
		}
		if err != nil {
			c.t.Error(err)
		}
		look(v)
	}, after)
}

func TestAQueueOffersOneCallerAfterTheOtherAndEndsADayLater(t *testing.T) {
	c := newCounter(t)
	c.join(0, "one")
	c.join(time.Second, "two")
	c.rang(5*time.Second, "one", queue.Answered)
	c.view(6*time.Second, func(v queue.View) {
		if len(v.Waiting) != 1 || v.Members[0].State != queue.MemberTalking || v.Answered != 1 {
			t.Errorf("view %+v", v)
		}
	})
	c.tell(30*time.Second, queue.Message{Kind: queue.Talked, Ticket: "one"})
	c.view(39*time.Second, func(queue.View) { c.said("one offer") })
	c.view(41*time.Second, func(queue.View) { c.said("one offer", "two offer") })
	c.rang(45*time.Second, "two", queue.Answered)
	c.tell(50*time.Second, queue.Message{Kind: queue.Talked, Ticket: "two"})
	start := c.env.Now()
	c.env.ExecuteWorkflow(Queue, QueueInput{ID: "f.q"})
	if err := c.env.GetWorkflowError(); err != nil {
		t.Fatal(err)
	}
	c.said("one offer", "two offer")
	if lasted := c.env.Now().Sub(start); lasted < queueIdle || lasted > queueIdle+time.Hour {
		t.Errorf("the queue ended after %v", lasted)
	}
}

func TestACallThatCannotBeToldLosesItsPlace(t *testing.T) {
	c := newCounter(t)
	c.gone["call-one"] = true
	c.join(0, "one")
	c.join(time.Second, "two")
	c.rang(3*time.Second, "two", queue.Answered)
	c.tell(9*time.Second, queue.Message{Kind: queue.Talked, Ticket: "two"})
	c.env.ExecuteWorkflow(Queue, QueueInput{ID: "f.q"})
	c.said("two offer")
}

// A caller hangs up while the queue makes an offer. The offer finds no call any
// more, but why the call ended was told before, and that is what counts; also
// where the queue reads both at once, after it has looked up its members.
func TestWhoHangsUpDuringAnOfferHasAbandonedTheQueue(t *testing.T) {
	c := newCounter(t)
	c.join(0, "one")
	c.rang(time.Second, "one", queue.Answered)
	c.join(2*time.Second, "two")
	c.untold = func(string) { c.env.SignalWorkflow(TellSignal, queue.Message{Kind: queue.Changed}) }
	c.lookedUp = func() {
		if c.gone["call-two"] {
			told := make(chan struct{})
			c.env.RegisterDelayedCallback(func() { // after the failure of the offer
				c.env.SignalWorkflow(TellSignal, queue.Message{Kind: queue.Left, Ticket: "two", Why: queue.WhyAbandoned})
				close(told)
			}, underway)
			<-told
		}
	}
	c.tell(15*time.Second, queue.Message{Kind: queue.Talked, Ticket: "one"})
	c.view(20*time.Second, func(queue.View) { c.gone["call-two"] = true })
	c.view(40*time.Second, func(v queue.View) {
		if len(v.Waiting) != 0 || v.Abandoned != 1 {
			t.Errorf("view %+v", v)
		}
	})
	c.env.ExecuteWorkflow(Queue, QueueInput{ID: "f.q"})
	c.said("one offer")
}

// The answer of a member and the end of the caller pass each other, both ways.
func TestAnAnswerAndAHangUpThatCrossReleaseTheMember(t *testing.T) {
	for _, first := range []queue.Kind{queue.Rang, queue.Left} {
		c := newCounter(t)
		c.join(0, "one")
		crossing := map[queue.Kind]time.Duration{queue.Rang: 5 * time.Second, queue.Left: 5 * time.Second}
		crossing[first] -= time.Millisecond
		c.rang(crossing[queue.Rang], "one", queue.Answered)
		c.tell(crossing[queue.Left], queue.Message{Kind: queue.Left, Ticket: "one", Why: queue.WhyAbandoned})
		c.join(20*time.Second, "two")
		c.rang(25*time.Second, "two", queue.Missed)
		c.tell(26*time.Second, queue.Message{Kind: queue.Left, Ticket: "two", Why: queue.WhyTimeout})
		c.env.ExecuteWorkflow(Queue, QueueInput{ID: "f.q"})
		c.said("one offer", "two offer")
	}
}

// Ann has talked once, until just now; Bob twice, and some time ago.
func TestWhoHadFewestCallsNeedNotBeIdleForLongest(t *testing.T) {
	for strategy, want := range map[string]string{"fewest-calls": "ann", "longest-idle": "bob", "in-order": "ann"} {
		c := newCounter(t)
		for i, talk := range []struct{ from, to int }{{0, 100}, {1, 5}, {10, 15}, {101, 110}} {
			ticket := fmt.Sprint("t", i)
			at := func(s int) time.Duration { return time.Duration(s) * time.Second }
			c.tell(at(talk.from), queue.Message{Kind: queue.Join, Ticket: ticket, Joining: &queue.Joining{Call: call.ID(ticket), Reply: "call-" + ticket, Patience: call.Seconds(300),
				Rules: queue.Rules{Name: "Sales", Version: 1, Strategy: strategy, Members: []queue.Member{{ContactMethod: "ann", Ring: call.Seconds(20), Level: 1}, {ContactMethod: "bob", Ring: call.Seconds(20), Level: 1}}}}})
			c.env.RegisterDelayedCallback(func() {
				c.env.SignalWorkflow(TellSignal, queue.Message{Kind: queue.Rang, Ticket: ticket, Lease: c.last[ticket], Results: []queue.Result{{ContactMethod: c.to[ticket], Outcome: queue.Answered}}})
			}, at(talk.from)+500*time.Millisecond)
			c.tell(at(talk.to), queue.Message{Kind: queue.Talked, Ticket: ticket})
		}
		c.env.ExecuteWorkflow(Queue, QueueInput{ID: "f.q"})
		if got := []string{c.to["t0"], c.to["t1"], c.to["t2"], c.to["t3"]}; !slices.Equal(got, []string{"ann", "bob", "bob", want}) {
			t.Errorf("%s offers to %q, want %s at the end", strategy, got, want)
		}
	}
}

// Whom the caller's end cut off has missed nothing, and serves the next at once.
func TestAMemberWhoIsRungAsTheCallerHangsUpDoesNotRest(t *testing.T) {
	for outcome, rests := range map[queue.Outcome]bool{queue.Freed: false, queue.Missed: true} {
		c := newCounter(t)
		c.join(0, "one")
		c.rang(5*time.Second, "one", outcome)
		c.tell(5*time.Second+time.Millisecond, queue.Message{Kind: queue.Left, Ticket: "one", Why: queue.WhyAbandoned})
		c.join(5*time.Second+2*time.Millisecond, "two")
		for at, offered := range map[time.Duration]bool{6 * time.Second: !rests, 11 * time.Second: true} {
			c.view(at, func(queue.View) {
				if slices.Contains(c.words, "two offer") != offered {
					t.Errorf("%s, after %v: %q", outcome, at, c.words)
				}
			})
		}
		c.tell(15*time.Second, queue.Message{Kind: queue.Left, Ticket: "two", Why: queue.WhyTimeout})
		c.env.ExecuteWorkflow(Queue, QueueInput{ID: "f.q"})
	}
}

func TestADirectoryThatDoesNotAnswerKeepsCallersWaiting(t *testing.T) {
	c := newCounter(t)
	c.down = true
	c.join(0, "one")
	c.env.RegisterDelayedCallback(func() { c.said(); c.down = false }, 12*time.Second)
	c.tell(time.Minute, queue.Message{Kind: queue.Left, Ticket: "one", Why: queue.WhyTimeout})
	c.env.ExecuteWorkflow(Queue, QueueInput{ID: "f.q"})
	if len(c.words) == 0 || c.words[0] != "one offer" {
		t.Errorf("the queue says %q", c.words)
	}
}

func TestAQueueThatGoesOnAsNewKnowsEverybody(t *testing.T) {
	c := newCounter(t)
	c.join(0, "one")
	c.join(time.Second, "two")
	c.env.RegisterDelayedCallback(func() { c.env.SetContinueAsNewSuggested(true) }, 2*time.Second)
	c.rang(3*time.Second, "one", queue.Answered)
	c.env.ExecuteWorkflow(Queue, QueueInput{ID: "f.q"})
	var again *workflow.ContinueAsNewError
	if !errors.As(c.env.GetWorkflowError(), &again) {
		t.Fatalf("it ended with %v", c.env.GetWorkflowError())
	}
	var in QueueInput
	if err := converter.GetDefaultDataConverter().FromPayloads(again.Input, &in); err != nil {
		t.Fatal(err)
	}
	next := newCounter(t)
	next.last["one"] = c.last["one"]
	next.tell(time.Second, queue.Message{Kind: queue.Talked, Ticket: "one"})
	next.tell(14*time.Second, queue.Message{Kind: queue.Left, Ticket: "two", Why: queue.WhyTimeout})
	next.env.SetStartTime(c.env.Now())
	next.env.ExecuteWorkflow(Queue, in)
	if err := next.env.GetWorkflowError(); err != nil {
		t.Fatal(err)
	}
	next.said("two offer") // after the wrap-up that the run before had promised
}
