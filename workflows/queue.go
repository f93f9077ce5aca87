package workflows

import (
	"cmp"
	"fmt"
	"strconv"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"tandem/activities"
	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/queue"
)

// offersEnd is how long the ends of offers are waited for once the wait itself
// is over; the node ends them all in the same instant.
const offersEnd = 2 * time.Second

// joinQueue waits in a queue until a member answers, and stays with that
// conversation.
func joinQueue(ctx workflow.Context, w *walk, m *flow.Queue) (flow.Exit, error) {
	caller := w.from
	w.rename(m.CallerNameRules)
	q := w.newWaiting(ctx, m.WithDefaults())
	// However this ends, the queue is told; and offers end when the node ends them.
	beside, _ := workflow.NewDisconnectedContext(ctx)
	if err := q.join(ctx, caller); err != nil {
		return "", err
	}
	waited, err := q.stay(ctx, beside)
	w.rings = rung{}
	if err == nil && waited.Outcome == call.OutcomeAnswered {
		return "", q.talk(ctx, beside, waited)
	}
	exit, why := q.left(beside, waited, err)
	q.tellLeft(beside, why)
	switch {
	case err != nil:
		return "", err
	case exit == "":
		return "", w.gone()
	}
	return exit, nil
}

// waiting is one caller's time in a queue.
type waiting struct {
	w       *walk
	set     flow.Queue
	id      queue.ID
	ticket  string
	module  string
	since   time.Time
	words   workflow.ReceiveChannel
	sent    *queue.Word // away, by the queue
	entered int         // position, once it is known
	after   string      // ticket whose place this one takes
	offers  []*offering
	over    bool // the wait, not what came of it
}

func (w *walk) newWaiting(ctx workflow.Context, set flow.Queue) *waiting {
	return &waiting{w: w, set: set, id: queue.NewID(w.rev.Flow.ID, w.at.ID).Tested(w.rev.Test), since: workflow.Now(ctx), module: w.at.ID, after: w.heldPlace(),
		ticket: fmt.Sprintf("%s.q%d", w.in.Call, len(w.entry.Path)), words: workflow.GetSignalChannel(ctx, QueueSignal)}
}

// join tells the queue that a caller has come, and remembers it for the call.
func (q *waiting) join(ctx workflow.Context, caller call.Party) error {
	w, priority := q.w, 0
	if text, ok := w.variable("priority"); ok {
		n, err := strconv.Atoi(text)
		if err == nil {
			priority = min(max(n, 0), 9)
		}
	}
	rules := rulesOf(w, q.set)
	w.stood = &stood{queue: q.id, ticket: q.ticket, flow: w.rev.Ref(), module: q.module, rules: rules, priority: priority, caller: caller}
	return q.tell(ctx, "join the queue", queue.Message{Kind: queue.Join, Joining: &queue.Joining{
		Call: w.in.Call, Reply: workflow.GetInfo(ctx).WorkflowExecution.ID, Caller: w.from, Priority: priority,
		Patience: call.Seconds(q.set.Timeout), Rules: rules, After: q.after}})
}

// rulesOf is what of a module's settings concerns all callers of the queue.
func rulesOf(w *walk, set flow.Queue) queue.Rules {
	r := queue.Rules{Name: w.at.Name, Version: w.rev.Version, Strategy: set.Strategy, Rest: call.Seconds(*set.Rest), WrapUp: call.Seconds(set.WrapUp),
		MembersLogIn: set.MembersLogIn, LeaveWhenEmpty: set.LeaveWhenEmpty, MaxWaiting: set.MaxWaiting,
		KeepPlace: call.Duration(time.Duration(set.KeepPlace) * time.Minute), Members: []queue.Member{}}
	for _, m := range set.Members {
		r.Members = append(r.Members, queue.Member{ContactMethod: m.ContactMethod, Ring: call.Seconds(m.Ring), Level: m.Level, IgnoreSchedule: m.IgnoreSchedule})
	}
	return r
}

// tell brings the queue a message about this caller.
func (q *waiting) tell(ctx workflow.Context, what string, m queue.Message) error {
	m.Ticket, m.At = q.ticket, workflow.Now(ctx)
	in := activities.TellInput{Queue: q.id, Message: m}
	return workflow.ExecuteLocalActivity(lookup(ctx, q.w.summary(what)), queues.Tell, in).Get(ctx, nil)
}

// stay waits to the end, with an announcement now and then, and takes the
// queue's words meanwhile. It ends early when the queue sends the caller away.
func (q *waiting) stay(ctx, beside workflow.Context) (call.Waited, error) {
	defer func() { q.over = true }()
	say := q.greeting()
	for {
		waited, err := q.wait(ctx, beside, say)
		if err != nil || waited.Outcome != call.OutcomeAnnounce {
			return waited, err
		}
		say = q.announcement(ctx)
	}
}

// wait is one Wait of the node.
func (q *waiting) wait(ctx, beside workflow.Context, say []string) (call.Waited, error) {
	var waited call.Waited
	var err error
	q.w.answer()
	in := call.Wait{Leg: q.w.in.Leg, Music: q.set.HoldMusic, Say: say, Limit: q.remaining(ctx), Escape: call.Digits(q.set.EscapeKey)}
	if q.set.Announce != "" {
		in.Announce = call.Seconds(q.set.Every)
	}
	done := workflow.ExecuteActivity(onNode(ctx, q.w.in.Node, q.w.summary("wait")), media.Wait, in)
	s := workflow.NewSelector(ctx)
	s.AddFuture(done, func(f workflow.Future) { err = f.Get(ctx, &waited) })
	s.AddReceive(q.words, func(c workflow.ReceiveChannel, _ bool) {
		var word queue.Word
		c.Receive(ctx, &word)
		q.hear(beside, word)
	})
	for waited.Outcome == "" && err == nil && q.sent == nil {
		s.Select(ctx)
	}
	return waited, err
}

// remaining is how much of the caller's time is left. The node decides what comes
// first, an answer or the end of it.
func (q *waiting) remaining(ctx workflow.Context) call.Duration {
	rest := q.since.Add(time.Duration(q.set.Timeout) * time.Second).Sub(workflow.Now(ctx))
	return call.Duration(max(rest, time.Millisecond)) // 0 would be for ever
}

// hear takes a word of the queue. What is about an earlier wait is too late.
func (q *waiting) hear(beside workflow.Context, word queue.Word) {
	if word.Ticket != q.ticket {
		return
	}
	q.entered = cmp.Or(q.entered, word.Entered)
	switch word.Kind {
	case queue.Leave:
		q.sent = &word
	case queue.Offer:
		q.offer(beside, word)
	}
}

// announcement is what the caller hears next. A queue that does not answer has
// nothing to say; the music goes on.
func (q *waiting) announcement(ctx workflow.Context) []string {
	if q.set.Announce == "comfort" {
		return []string{q.set.Comfort}
	}
	var at queue.Standing
	ask := activities.StandingInput{Queue: q.id, Ticket: q.ticket}
	if err := workflow.ExecuteLocalActivity(lookup(ctx, q.w.summary("ask for the position")), queues.Standing, ask).Get(ctx, &at); err != nil {
		workflow.GetLogger(ctx).Warn("no announcement", "call", q.w.in.Call, "error", err)
		return nil
	}
	q.entered = cmp.Or(q.entered, at.Entered)
	return at.Say(q.set.Announce == "wait")
}

// talk holds the member who answered, stays with the conversation, and then
// lets the member wrap up.
func (q *waiting) talk(ctx, beside workflow.Context, waited call.Waited) error {
	w := q.w
	w.settleOffers(beside)
	q.keep(beside, waited.Lease, waited.Target.ContactMethod, w.longest.Std()+time.Duration(q.set.WrapUp)*time.Second)
	q.told(beside, waited.Target.Name+" has answered", queue.Message{Kind: queue.Rang, Lease: waited.Lease, Results: q.resultsOfLease(waited)})
	defer func() {
		q.keep(beside, waited.Lease, waited.Target.ContactMethod, time.Duration(q.set.WrapUp)*time.Second)
		q.told(beside, "the talk is over", queue.Message{Kind: queue.Talked, Lease: waited.Lease,
			Results: []queue.Result{{ContactMethod: waited.Target.ContactMethod, Outcome: queue.Answered}}})
	}()
	w.because("answered", fmt.Sprintf("%s answered after %s", waited.Target.Name, q.waited(ctx)),
		append(q.facts(ctx), call.Fact{Name: "contact_method", Value: waited.Target.ContactMethod})...)
	return w.talk(ctx, call.Rang{Outcome: call.OutcomeAnswered, Leg: waited.Leg, Target: waited.Target})
}

// left says by which exit a wait that came to nothing ends, and why; no exit
// means that the caller has gone.
func (q *waiting) left(ctx workflow.Context, waited call.Waited, err error) (flow.Exit, string) {
	switch {
	case err != nil && q.w.moving != nil:
		return "", queue.WhyMoved
	case err != nil && q.w.hungUp:
		return "", queue.WhyAbandoned
	case temporal.IsCanceledError(err):
		return "", queue.WhyEnded
	case err != nil:
		return "", queue.WhyFailed
	case q.sent != nil && waited.Outcome == "":
		q.because(ctx, q.sent.Exit, q.sent.Why)
		return flow.Exit(q.sent.Exit), ""
	}
	q.place(ctx)
	switch waited.Outcome {
	case call.OutcomeDone:
		q.because(ctx, "timeout", "nobody answered in "+q.waited(ctx))
		return "timeout", queue.WhyTimeout
	case call.OutcomeKey:
		q.because(ctx, "escape", fmt.Sprintf("the caller keyed %s after %s", q.set.EscapeKey, q.waited(ctx)))
		return "escape", queue.WhyEscape
	}
	q.w.note(q.facts(ctx)...)
	return "", queue.WhyAbandoned
}

// place asks where the caller stood, where no word of the queue has said it.
func (q *waiting) place(ctx workflow.Context) {
	if q.entered > 0 {
		return
	}
	var at queue.Standing
	ask := activities.StandingInput{Queue: q.id, Ticket: q.ticket}
	if workflow.ExecuteLocalActivity(lookup(ctx, q.w.summary("ask for the position")), queues.Standing, ask).Get(ctx, &at) == nil {
		q.entered = at.Entered
	}
}

// tellLeft gives the place up, once everybody rung was given back.
func (q *waiting) tellLeft(beside workflow.Context, why string) {
	if why == "" {
		return // the queue knows
	}
	if why == queue.WhyAbandoned || why == queue.WhyTimeout || why == queue.WhyEscape {
		q.w.settleOffers(beside)
	}
	q.told(beside, "leave the queue", queue.Message{Kind: queue.Left, Why: why})
}

// told tells the queue something without which it comes right later: leases and
// tickets lapse.
func (q *waiting) told(ctx workflow.Context, what string, m queue.Message) {
	if err := q.tell(ctx, what, m); err != nil {
		workflow.GetLogger(ctx).Warn("the queue was not told", "call", q.w.in.Call, "what", m.Kind, "error", err)
	}
}

func (q *waiting) waited(ctx workflow.Context) string {
	return workflow.Now(ctx).Sub(q.since).Round(time.Second).String()
}

func (q *waiting) because(ctx workflow.Context, code, text string) {
	q.w.because(code, text, q.facts(ctx)...)
}

// facts are the evidence of a wait, however it ended.
func (q *waiting) facts(ctx workflow.Context) []call.Fact {
	out := []call.Fact{{Name: "strategy", Value: q.set.Strategy}}
	if q.entered > 0 {
		out = append(out, call.Fact{Name: "position", Value: strconv.Itoa(q.entered)})
	}
	out = append(out, call.Fact{Name: "waited", Value: q.waited(ctx)}, call.Fact{Name: "offers", Value: strconv.Itoa(len(q.offers))})
	return append(out, q.missed()...)
}
