package workflows

import (
	"fmt"
	"strings"
	"time"

	"go.temporal.io/sdk/workflow"

	"tandem/activities"
	"tandem/flow/queue"
)

// Callback keeps one promise: it holds the caller's place in the queue, calls
// when the queue says that it is their turn, and again a while later where
// nobody was reached.
//
// # Exactly one
//
// A call that somebody has answered is the last one, whatever became of it; so is
// one of which nobody knows. Only a call that certainly reached nobody is made
// again. So a node that is lost while it rings may cost somebody the call, and
// nobody is ever called who has been served.
//
// # Why it never continues as new
//
// It does something when the queue says a turn, five minutes apart at least, for
// a day at most: some three thousand events if no node is there all day, and a
// hundred otherwise. Its memory of what was tried is its input to the next
// decision; to hand it on would buy nothing.
func Callback(ctx workflow.Context, p Promise) (Kept, error) {
	asked := ctx.Done()
	ctx, _ = workflow.NewDisconnectedContext(ctx) // the queue and the call are told of a withdrawal
	k := newKeeper(ctx, p, asked)
	k.show(ctx, "waiting for its turn")
	if err := k.insist(ctx, queue.Message{Kind: queue.Join, Joining: k.joining(ctx)}); err != nil {
		return k.end(ctx, PromiseFailed, "the queue could not be told: "+plain(err)), nil
	}
	for {
		if k.outcome == "" {
			k.wait(ctx)
		}
		if k.outcome != "" {
			return k.end(ctx, k.outcome, k.text), nil
		}
		k.try(ctx)
		k.judge(ctx)
	}
}

// keeper keeps a promise.
type keeper struct {
	Promise
	asked  workflow.Channel // to let it be, once it is closed
	words  workflow.ReceiveChannel
	gone   workflow.ReceiveChannel
	window workflow.Future
	likely workflow.Future // that the caller has hung up, whatever was heard
	hush   func()          // ends that timer
	alone  bool            // the caller has
	passed bool            // it was their turn before
	tried  []Tried
	deaf   time.Time // to turns, until then
	shy    string    // node that has not taken a call

	outcome, text string // once it is decided
}

func newKeeper(ctx workflow.Context, p Promise, asked workflow.Channel) *keeper {
	k := &keeper{Promise: p, asked: asked, words: workflow.GetSignalChannel(ctx, QueueSignal), gone: workflow.GetSignalChannel(ctx, GoneSignal)}
	k.window = workflow.NewTimer(ctx, max(k.ends().Sub(workflow.Now(ctx)), time.Millisecond))
	likely, hush := workflow.WithCancel(ctx)
	k.likely, k.hush = workflow.NewTimer(likely, longestGoodbye), hush
	return k
}

// ends is when the window is over.
func (k *keeper) ends() time.Time { return k.At.Add(k.Window.Std()) }

// joining takes the place that the caller had in the queue.
func (k *keeper) joining(ctx workflow.Context) *queue.Joining {
	return &queue.Joining{Call: k.Call, Reply: workflow.GetInfo(ctx).WorkflowExecution.ID, Caller: k.Caller, Priority: k.Priority,
		Patience: k.Window, Rules: k.Rules, After: k.ID, Callback: true}
}

// wait waits for the turn, or for the end of the promise.
func (k *keeper) wait(ctx workflow.Context) {
	turn := false
	s := workflow.NewSelector(ctx)
	s.AddReceive(k.words, func(c workflow.ReceiveChannel, _ bool) {
		var word queue.Word
		c.Receive(ctx, &word)
		turn = k.hear(word) == queue.Turn && k.timely(ctx) && k.takes(ctx)
	})
	s.AddFuture(k.window, func(workflow.Future) { k.decide(PromiseExpired, "it was not their turn within "+spell(k.Window.Std())) })
	s.AddReceive(k.asked, func(workflow.ReceiveChannel, bool) { k.withdraw() })
	if !k.alone {
		s.AddReceive(k.gone, func(c workflow.ReceiveChannel, _ bool) { c.Receive(ctx, nil); k.free(ctx) })
		s.AddFuture(k.likely, func(workflow.Future) { k.free(ctx) })
	}
	for !turn && k.outcome == "" {
		s.Select(ctx)
	}
}

// takes takes a turn, unless the caller is still on the phone, in the call in which
// it was promised: then it lets others go first.
func (k *keeper) takes(ctx workflow.Context) bool {
	if !k.alone {
		k.passed = true
		k.told(ctx, queue.Message{Kind: queue.Later, Until: workflow.Now(ctx).Add(callbackRest)})
		k.show(ctx, "called as soon as they have hung up")
	}
	return k.alone
}

// free is told once when the caller can be called. Whose turn it was already has
// it again at once.
func (k *keeper) free(ctx workflow.Context) {
	if k.passed && !k.alone {
		k.told(ctx, queue.Message{Kind: queue.Later, Until: workflow.Now(ctx).Add(atOnce)})
	}
	k.alone = true
	k.hush()
}

// timely tells whether a turn that is heard now counts: one said before the queue
// knew of the last try is about that, and one that was kept from us until the
// window was over is too late.
func (k *keeper) timely(ctx workflow.Context) bool {
	now := workflow.Now(ctx)
	return !now.Before(k.deaf) && now.Before(k.ends())
}

// hear takes a word of the queue and tells what it is about. What is for another
// ticket is about nothing.
func (k *keeper) hear(word queue.Word) queue.WordKind {
	if word.Ticket != k.ticket() {
		return ""
	}
	if word.Kind == queue.Leave {
		k.decide(PromiseOver, word.Why)
	}
	return word.Kind
}

// decide keeps the first end that comes.
func (k *keeper) decide(outcome, text string) {
	if k.outcome == "" {
		k.outcome, k.text = outcome, text
	}
}

// judge says what follows from the last try.
func (k *keeper) judge(ctx workflow.Context) {
	if len(k.tried) > 0 && k.tried[len(k.tried)-1].Reached {
		k.outcome, k.text = PromiseKept, "called back"
		return
	}
	switch {
	case k.outcome != "":
	case k.made() >= k.Tries:
		k.decide(PromiseUnreached, fmt.Sprintf("nobody was reached in %d of %d tries", k.made(), k.Tries))
	case !workflow.Now(ctx).Before(k.ends()):
		k.decide(PromiseExpired, "the window of "+spell(k.Window.Std())+" is over")
	default:
		now := workflow.Now(ctx)
		rest := now.Add(callbackRest)
		k.deaf = now.Add(staleTurn)
		k.told(ctx, queue.Message{Kind: queue.Later, Until: rest})
		k.show(ctx, "called again from "+rest.UTC().Format(time.TimeOnly)+" UTC on, when it is their turn")
	}
}

// made counts the tries that a node has taken.
func (k *keeper) made() int {
	n := 0
	for _, t := range k.tried {
		if !t.Untaken {
			n++
		}
	}
	return n
}

// leaving says why the ticket is given up, where the queue does not know yet.
var leaving = map[string]string{
	PromiseUnreached: queue.WhyUnreached, PromiseExpired: queue.WhyTimeout, PromiseWithdrawn: queue.WhyEnded, PromiseKept: queue.WhyEnded,
}

// end gives the place up. One that was taken over is not there any more, and
// nobody minds.
func (k *keeper) end(ctx workflow.Context, outcome, text string) Kept {
	if why := leaving[outcome]; why != "" {
		k.told(ctx, queue.Message{Kind: queue.Left, Why: why})
	}
	k.show(ctx, "over: "+text)
	return Kept{Outcome: outcome, Text: text, Tries: k.tried}
}

// insist tells the queue for as long as it takes.
func (k *keeper) insist(ctx workflow.Context, m queue.Message) error {
	in := k.message(ctx, m)
	if workflow.ExecuteLocalActivity(lookup(ctx, "take the place in the queue"), queues.Tell, in).Get(ctx, nil) == nil {
		return nil
	}
	return workflow.ExecuteActivity(insisting(ctx, k.Window.Std()), queues.Tell, in).Get(ctx, nil)
}

// told tells the queue something without which it comes right later: a turn that
// nobody answers for lapses.
func (k *keeper) told(ctx workflow.Context, m queue.Message) {
	tell := lookup(ctx, "tell the queue: "+string(m.Kind))
	if err := workflow.ExecuteLocalActivity(tell, queues.Tell, k.message(ctx, m)).Get(ctx, nil); err != nil {
		workflow.GetLogger(ctx).Warn("the queue was not told", "promise", k.ID, "what", m.Kind, "error", err)
	}
}

func (k *keeper) message(ctx workflow.Context, m queue.Message) activities.TellInput {
	m.Ticket, m.At = k.ticket(), workflow.Now(ctx)
	return activities.TellInput{Queue: k.Queue, Message: m}
}

// show says in Temporal UI who is called back, what was tried and what comes next.
func (k *keeper) show(ctx workflow.Context, next string) {
	var b strings.Builder
	fmt.Fprintf(&b, "**%s** was promised a call at %s UTC, from the queue *%s* (flow *%s*, %s), within %s\n\n",
		shown(k.Caller), k.At.UTC().Format(time.DateTime), k.Rules.Name, k.Flow.Name, k.Flow.Edition(), spell(k.Window.Std()))
	for i, t := range k.tried {
		fmt.Fprintf(&b, "%d. %s UTC, `%s%s` on node %s: %s\n", i+1, t.At.UTC().Format(time.TimeOnly), CallPrefix, t.Call, t.Node, t.words())
	}
	fmt.Fprintf(&b, "\nNow: %s.", next)
	workflow.SetCurrentDetails(ctx, b.String())
}

// words say what became of a try.
func (t Tried) words() string {
	switch {
	case t.Underway:
		return "under way"
	case t.Untaken:
		return "the node has not taken it"
	case t.Reached:
		return "called back, " + t.Cause.Text()
	}
	return t.Cause.Text()
}

// spell writes a span of time as people do.
func spell(d time.Duration) string {
	hours, minutes := int(d.Hours()), int(d.Minutes())%60
	switch {
	case hours == 0:
		return fmt.Sprintf("%d min", minutes)
	case minutes == 0:
		return fmt.Sprintf("%d h", hours)
	}
	return fmt.Sprintf("%d h %d min", hours, minutes)
}
