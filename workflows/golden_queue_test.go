package workflows

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/stretchr/testify/mock"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/testsuite"

	"tandem/activities"
	"tandem/flow/call"
	"tandem/flow/queue"
)

// hotline is the queues of a golden flow: the real rules, on the clock of the
// test, with members whose ids say how they are. A line "queue N" of the script
// lets so many callers wait before.
type hotline struct {
	s    *script
	env  *testsuite.TestWorkflowEnvironment
	line *queue.State
	held []func()               // ends of offers that end with the wait
	come []activities.TellInput // who has joined, and is told of once the wait has begun
}

func aHotline(s *script, env *testsuite.TestWorkflowEnvironment) {
	h := &hotline{s: s, env: env}
	env.OnActivity(media.Wait, mock.Anything, mock.Anything).Return(h.wait(inTime[call.Wait, call.Waited](h, "Wait")))
	env.OnActivity(media.Offer, mock.Anything, mock.Anything).Return(inTime[call.Offer, call.Offered](h, "Offer"))
	env.OnActivity(queues.Tell, mock.Anything, mock.Anything).Return(h.tell)
	env.OnActivity(queues.Standing, mock.Anything, mock.Anything).Return(h.standing)
	env.OnActivity(queues.Claim, mock.Anything, mock.Anything).Return(h.claim)
	env.OnActivity(queues.Keep, mock.Anything, mock.Anything).Return(h.keep)
}

// underway is how long a message takes to a queue.
const underway = 50 * time.Millisecond

// asked notes what the world was asked.
func (h *hotline) asked(what string, in any) {
	text, err := json.Marshal(in)
	if err != nil {
		h.s.t.Error(err)
	}
	h.s.asked = append(h.s.asked, fmt.Sprintf("%s %s\n", what, text))
}

func (h *hotline) tell(_ context.Context, in activities.TellInput) error {
	h.asked("Tell", in)
	if in.Message.Kind == queue.Join {
		h.come = append(h.come, in)
		return nil
	}
	h.send(in)
	return nil
}

func (h *hotline) send(in activities.TellInput) {
	h.env.RegisterDelayedCallback(func() { h.apply(in) }, underway)
}

// wait lets the queue know of who has come when the node was asked to let them
// wait. That it is asked first is sure on a real node and a quiet machine only:
// while an operation begins, the clock of the test runs on.
func (h *hotline) wait(begin func(context.Context, call.Wait) (call.Waited, error)) func(context.Context, call.Wait) (call.Waited, error) {
	return func(ctx context.Context, in call.Wait) (call.Waited, error) {
		waited, err := begin(ctx, in)
		for _, in := range h.come {
			h.send(in)
		}
		h.come = nil
		return waited, err
	}
}

func (h *hotline) apply(in activities.TellInput) {
	if h.line == nil {
		h.line = queue.New(in.Queue)
		if h.s.spent > 0 {
			h.line.Figures.Spent = []call.Duration{h.s.spent}
		}
		for n := range h.s.ahead {
			ahead := *in.Message.Joining
			ahead.Call, ahead.Reply, ahead.Priority = call.ID(fmt.Sprint("ahead-", n)), "nobody", 0
			h.line.Apply(queue.Message{Kind: queue.Join, Ticket: fmt.Sprint("ahead-", n), Joining: &ahead}, h.env.Now())
		}
	}
	h.do(h.line.Apply(in.Message, h.env.Now()))
}

// do carries words to the call, and wakes the queue when it is time.
func (h *hotline) do(words []queue.Word) {
	if ids, in, needed := h.line.Roster(h.env.Now()); needed {
		words = append(words, h.line.Meet(roster(ids, in), h.env.Now())...)
	}
	for _, w := range words {
		if w.To != "nobody" {
			h.env.SignalWorkflow(QueueSignal, w)
		}
	}
	if next := h.line.Next(h.env.Now()); !next.IsZero() {
		h.env.RegisterDelayedCallback(func() { h.do(h.line.Wake(h.env.Now())) }, next.Sub(h.env.Now()))
	}
}

// roster knows everybody as a person of the same id; what it begins with tells
// how they are.
func roster(ids []string, in bool) []queue.Person {
	var out []queue.Person
	for _, id := range ids {
		out = append(out, queue.Person{ContactMethod: id, Name: "Desk " + id, Out: strings.HasPrefix(id, "out") && !in,
			OffSchedule: strings.HasPrefix(id, "closed"), Unreachable: strings.HasPrefix(id, "gone")})
	}
	return out
}

func (h *hotline) standing(_ context.Context, in activities.StandingInput) (queue.Standing, error) {
	h.asked("Standing", in)
	return h.line.Standing(in.Ticket), nil
}

func (h *hotline) claim(_ context.Context, in queue.Claim) ([]call.Target, error) {
	h.asked("Claim", in)
	var out []call.Target
	for _, m := range in.Members {
		t := call.Target{ContactMethod: m.ContactMethod, Name: "Desk " + m.ContactMethod, Account: m.ContactMethod}
		if strings.HasPrefix(m.ContactMethod, "busy") {
			t.Skip = call.CauseBusy
		}
		if strings.HasPrefix(m.ContactMethod, "mobile") {
			t.Confirm, t.Whisper = true, "whisper"
		}
		out = append(out, t)
	}
	return out, nil
}

func (h *hotline) keep(_ context.Context, in activities.KeepInput) error {
	h.asked("Keep", in)
	return nil
}

// inTime takes the next step of the script as answer does. "after 5s RESULT" ends
// the operation then; "with RESULT" ends an offer in the instant in which the
// wait ends, just before, as a node does.
func inTime[In, Out any](h *hotline, name string) func(context.Context, In) (Out, error) {
	at := answer[In, Out](h.s, name)
	return func(ctx context.Context, in In) (Out, error) {
		if len(h.s.steps) == 0 {
			return at(ctx, in)
		}
		when, d, rest := inWhichTime(h.s.steps[0].result)
		h.s.steps[0].result = rest
		out, err := at(ctx, in)
		if when == "" || err != nil {
			return out, err
		}
		token := activity.GetInfo(ctx).TaskToken
		end := func() { _ = h.env.CompleteActivity(token, out, nil) } // gone where the call went on
		if when == "with" {
			h.held = append(h.held, end)
			return out, activity.ErrResultPending
		}
		h.env.RegisterDelayedCallback(func() {
			if name == "Wait" {
				for _, end := range h.held {
					end()
				}
				h.held = nil
			}
			end()
		}, d)
		return out, activity.ErrResultPending
	}
}

// inWhichTime parts when an operation ends from its result; empty: at once.
func inWhichTime(result string) (when string, d time.Duration, rest string) {
	when, rest, _ = strings.Cut(result, " ")
	switch when {
	case "with":
		return when, 0, rest
	case "after":
		span, rest, _ := strings.Cut(rest, " ")
		if d, err := time.ParseDuration(span); err == nil {
			return when, d, rest
		}
	}
	return "", 0, result
}
