package workflows

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/workflow"

	"tandem/activities"
	"tandem/flow/queue"
)

// Names that clients of a queue use; callclient owns their use.
const (
	TellSignal    = "message"  // a message to a queue
	QueueSignal   = "queue"    // a queue's word to a call
	ViewQuery     = "view"     // the queue as people watch it
	StandingQuery = "standing" // where one caller stands, by ticket
)

// queueIdle is how long a queue is remembered after the last caller: who
// answered last, and how long calls take. Then its workflow ends, and the next
// caller starts it anew.
const queueIdle = 24 * time.Hour

// testIdle is the same for the queue of a test call, which nobody joins again.
// No place in a queue is kept for longer.
const testIdle = time.Hour

// QueueInput is where a queue begins, or goes on after it continued as new.
type QueueInput struct {
	ID    queue.ID     `json:"id"`
	State *queue.State `json:"state,omitempty"`
}

// Queue keeps the callers of one queue in order and brings them together with
// its members. All rules are those of queue.State; here messages come in, words
// go out, and time passes.
//
// # Why it ends
//
// It could run for ever, which costs nothing. But then every change to this
// code would have to know how the oldest queue began. After a day without a
// caller only the memory of who answered last is lost; we would keep it in the
// database the day that somebody misses it.
func Queue(ctx workflow.Context, in QueueInput) error {
	l := &line{state: in.State, stirred: workflow.NewBufferedChannel(ctx, 1), used: workflow.Now(ctx)}
	if l.state == nil {
		l.state = queue.New(in.ID)
	}
	if err := l.answer(ctx); err != nil {
		return err
	}
	messages := workflow.GetSignalChannel(ctx, TellSignal)
	for ctx.Err() == nil {
		for l.take(ctx, messages) {
		}
		l.act(ctx)
		switch {
		case messages.Len() > 0 || len(l.lost) > 0:
			continue // came while the roster was looked up
		case l.saying == 0 && workflow.GetInfo(ctx).GetContinueAsNewSuggested():
			return workflow.NewContinueAsNewError(ctx, Queue, QueueInput{ID: in.ID, State: l.state})
		case l.saying == 0 && l.over(ctx):
			return nil
		}
		l.sleep(ctx, messages)
	}
	return ctx.Err()
}

// line is a queue at work.
type line struct {
	state   *queue.State
	used    time.Time // last
	lost    []string  // tickets whose calls could not be told
	saying  int       // words on their way
	stirred workflow.Channel

	timer  workflow.Future
	armed  time.Time // when timer fires; zero: there is none
	disarm workflow.CancelFunc
}

// answer lets people and calls ask.
func (l *line) answer(ctx workflow.Context) error {
	err := workflow.SetQueryHandler(ctx, ViewQuery, func() (queue.View, error) { return l.state.View(workflow.Now(ctx)), nil })
	if err == nil {
		err = workflow.SetQueryHandler(ctx, StandingQuery, func(ticket string) (queue.Standing, error) { return l.state.Standing(ticket), nil })
	}
	if err != nil {
		return fmt.Errorf("answer queries: %w", err)
	}
	return nil
}

// take takes one message, or the loss of one call, where there is any. Messages
// come first: a call says why it leaves before it ends and cannot be told any more.
func (l *line) take(ctx workflow.Context, messages workflow.ReceiveChannel) bool {
	now := workflow.Now(ctx)
	var m queue.Message
	switch {
	case messages.ReceiveAsync(&m):
		l.used = now
		l.say(ctx, l.state.Apply(m, now))
	case len(l.lost) > 0:
		ticket := l.lost[0]
		l.lost = l.lost[1:]
		l.say(ctx, l.state.Lost(ticket, now))
	default:
		return false
	}
	return true
}

// act does what is due and keeps the roster fresh.
func (l *line) act(ctx workflow.Context) {
	l.say(ctx, l.state.Wake(workflow.Now(ctx)))
	if members, in, needed := l.state.Roster(workflow.Now(ctx)); needed {
		ask := activities.RosterInput{Queue: l.state.ID.Published(), ContactMethods: members, In: in, At: workflow.Now(ctx)}
		var people []queue.Person
		if err := workflow.ExecuteLocalActivity(lookup(ctx, "look up the members"), queues.Roster, ask).Get(ctx, &people); err != nil {
			workflow.GetLogger(ctx).Warn("members not looked up, they are taken as they were", "queue", l.state.ID, "error", err)
		}
		l.say(ctx, l.state.Meet(people, workflow.Now(ctx)))
	}
	workflow.SetCurrentDetails(ctx, details(l.state.View(workflow.Now(ctx))))
}

// say carries words to calls. A call that cannot be told is over.
func (l *line) say(ctx workflow.Context, words []queue.Word) {
	for _, w := range words {
		l.saying++
		sent := workflow.SignalExternalWorkflow(ctx, w.To, "", QueueSignal, w)
		workflow.Go(ctx, func(ctx workflow.Context) {
			if sent.Get(ctx, nil) != nil {
				l.lost = append(l.lost, w.Ticket)
			}
			l.saying--
			l.stirred.SendAsync(true)
		})
	}
}

// over tells whether nobody has needed the queue for long.
func (l *line) over(ctx workflow.Context) bool {
	return l.state.Idle() && !workflow.Now(ctx).Before(l.used.Add(l.idle()))
}

// idle is how long this queue is remembered.
func (l *line) idle() time.Duration {
	if l.state.ID.Published() != l.state.ID {
		return testIdle
	}
	return queueIdle
}

// sleep waits until there is something to do.
func (l *line) sleep(ctx workflow.Context, messages workflow.ReceiveChannel) {
	s := workflow.NewSelector(ctx)
	s.AddReceive(messages, func(workflow.ReceiveChannel, bool) {})
	s.AddReceive(l.stirred, func(c workflow.ReceiveChannel, _ bool) { c.ReceiveAsync(nil) })
	s.AddReceive(ctx.Done(), func(workflow.ReceiveChannel, bool) {})
	if l.alarm(ctx); l.timer != nil {
		s.AddFuture(l.timer, func(workflow.Future) { l.timer, l.armed = nil, time.Time{} })
	}
	s.Select(ctx)
}

// alarm sets the timer. One that fires too early is left: it costs less than
// another.
func (l *line) alarm(ctx workflow.Context) {
	next, why := l.state.Next(workflow.Now(ctx)), "The next thing due in the queue"
	if l.state.Idle() {
		next, why = l.used.Add(l.idle()), "The queue ends here, unless a caller comes before"
	}
	if next.IsZero() || !l.armed.IsZero() && !l.armed.After(next) {
		return
	}
	if l.disarm != nil {
		l.disarm()
	}
	var timed workflow.Context
	timed, l.disarm = workflow.WithCancel(ctx)
	wait := max(next.Sub(workflow.Now(ctx)), time.Millisecond)
	l.timer, l.armed = workflow.NewTimerWithOptions(timed, wait, workflow.TimerOptions{Summary: why}), next
}

// details is a queue in a few words, for Temporal UI.
func details(v queue.View) string {
	free := 0
	for _, m := range v.Members {
		if m.State == queue.MemberFree {
			free++
		}
	}
	text := fmt.Sprintf("**%s**: %d waiting, %d of %d members free; %d answered and %d gave up since it began\n\n",
		v.Name, len(v.Waiting), free, len(v.Members), v.Answered, v.Abandoned)
	for i, w := range v.Waiting {
		if i == 10 {
			return text + "…\n"
		}
		text += fmt.Sprintf("%d. %s since %s\n", i+1, shown(w.Caller), w.Since.UTC().Format(time.TimeOnly))
	}
	for _, m := range v.Members {
		text += fmt.Sprintf("- %s: %s\n", m.Name, m.State)
	}
	return text
}
