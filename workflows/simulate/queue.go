package simulate

import (
	"context"
	"time"

	"tandem/activities"
	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/flow/queue"
	"tandem/workflows"
)

// onTheWay is how long a message takes to a queue.
const onTheWay = 20 * time.Millisecond

// hotline is an imagined queue: the real rules, one caller, and members whose
// phones do what the scenario says.
type hotline struct {
	w     *world
	state *queue.State
	alarm *event
}

// lines are the queues that the call of a world has come to. It implements
// activities.Lines and activities.Desk.
type lines struct {
	w    *world
	open map[queue.ID]*hotline
}

var (
	_ activities.Lines = (*lines)(nil)
	_ activities.Desk  = (*lines)(nil)
)

// Tell implements activities.Lines.
func (l *lines) Tell(_ context.Context, id queue.ID, m queue.Message) error {
	l.w.env.RegisterDelayedCallback(func() {
		at := l.open[id]
		if at == nil {
			at = &hotline{w: l.w, state: queue.New(id)}
			l.open[id] = at
		}
		at.do(at.state.Apply(m, l.w.now()))
	}, onTheWay)
	return nil
}

// Standing implements activities.Lines. The queue lives on the environment's
// loop and is asked there.
func (l *lines) Standing(ctx context.Context, id queue.ID, ticket string) (queue.Standing, error) {
	asked := make(chan queue.Standing, 1)
	l.w.env.RegisterDelayedCallback(func() {
		var standing queue.Standing
		if at := l.open[id]; at != nil {
			standing = at.state.Standing(ticket)
		}
		asked <- standing
	}, 0)
	select {
	case standing := <-asked:
		return standing, nil
	case <-ctx.Done():
		return queue.Standing{}, context.Cause(ctx)
	}
}

// do carries words to the call, and lets the queue wake up when it has to.
func (l *hotline) do(words []queue.Word) {
	now := l.w.now()
	if ids, _, needed := l.state.Roster(now); needed {
		people, err := l.w.roster(ids, now)
		if err != nil {
			l.w.fail(err)
			return
		}
		words = append(words, l.state.Meet(people, now)...)
	}
	for _, word := range words {
		if word.Kind == queue.Leave {
			l.w.tell("the queue sends the caller on: %s", word.Why)
		}
		l.w.env.SignalWorkflow(workflows.QueueSignal, word)
	}
	l.alarm.drop()
	if next := l.state.Next(now); !next.IsZero() {
		l.alarm = l.w.at(next, func() { l.do(l.state.Wake(l.w.now())) })
	}
	l.w.run()
}

// roster is who could be rung now. All members are logged in: a scenario says
// what phones do, and absent ones are out of reach.
func (w *world) roster(ids []string, at time.Time) ([]queue.Person, error) {
	targets, err := w.facts.Targets(w.ctx, ids, at)
	if err != nil {
		return nil, err
	}
	out := make([]queue.Person, len(targets))
	for i, t := range targets {
		gone := t.Account == "" && t.URI == "" || phone(w.sc, t.ContactMethod).Does == absent
		out[i] = queue.Person{ContactMethod: t.ContactMethod, Name: t.Name, User: t.User, OffSchedule: t.Skip == call.CauseOffSchedule,
			Unreachable: gone || t.Skip != "" && t.Skip != call.CauseOffSchedule}
	}
	return out, nil
}

// Roster implements activities.Desk.
func (l *lines) Roster(_ context.Context, _ queue.ID, ids []string, _ bool, at time.Time) ([]queue.Person, error) {
	return l.w.roster(ids, at)
}

// Claim implements activities.Desk: nobody else claims anybody.
func (l *lines) Claim(ctx context.Context, c queue.Claim) ([]call.Target, error) {
	ids := make([]string, len(c.Members))
	for i, m := range c.Members {
		ids[i] = m.ContactMethod
	}
	targets, err := l.w.Targets(ctx, ids, c.At)
	for i := range targets {
		if targets[i].Skip == call.CauseOffSchedule && c.Members[i].IgnoreSchedule {
			targets[i].Skip = ""
		}
	}
	return targets, err
}

// Keep implements activities.Desk.
func (l *lines) Keep(context.Context, string, string, time.Time) error { return nil }

// ChangePerson implements activities.Desk: in a simulation nobody logs in or out.
func (l *lines) ChangePerson(context.Context, string, directory.MemberChange, string, time.Time) ([]directory.Member, error) {
	return nil, nil
}
