package simulate

import (
	"context"
	"time"

	"tandem/activities"
	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/flow/queue"
	"tandem/workflows"
)

// onTheWay is how long a message takes to a queue.
const onTheWay = 20 * time.Millisecond

// hotline is an imagined queue: the real rules, the caller and those who came
// before, and members whose phones do what the scenario says.
type hotline struct {
	w     *world
	hall  flow.Hall
	state *queue.State
	alarm *event
}

// lines are the queues that the call of a world can come to. It implements
// activities.Lines and activities.Desk.
type lines struct {
	w    *world
	all  map[queue.ID]*hotline
	came map[queue.ID]bool // the caller has
}

var (
	_ activities.Lines = (*lines)(nil)
	_ activities.Desk  = (*lines)(nil)
)

func newLines(w *world) *lines {
	l := &lines{w: w, all: map[queue.ID]*hotline{}, came: map[queue.ID]bool{}}
	for _, m := range w.flow.Modules {
		id := queue.NewID(w.flow.ID, m.ID)
		l.all[id] = &hotline{w: w, hall: w.sc.Queues[m.ID], state: queue.New(id)}
	}
	return l
}

// Tell implements activities.Lines.
func (l *lines) Tell(_ context.Context, id queue.ID, m queue.Message) error {
	at := l.all[id]
	if at == nil {
		return nil // of another flow, which is not imagined
	}
	l.w.env.RegisterDelayedCallback(func() {
		var words []queue.Word
		if m.Kind == queue.Join && !l.came[id] {
			l.came[id] = true
			words = at.fill(*m.Joining)
		}
		at.do(append(words, at.state.Apply(m, l.w.now())...))
	}, onTheWay)
	return nil
}

// Standing implements activities.Lines. The queue lives on the environment's
// loop and is asked there.
func (l *lines) Standing(ctx context.Context, id queue.ID, ticket string) (queue.Standing, error) {
	asked := make(chan queue.Standing, 1)
	l.w.env.RegisterDelayedCallback(func() {
		var standing queue.Standing
		if at := l.all[id]; at != nil {
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

// tell lets the queue hear something now.
func (l *hotline) tell(m queue.Message) {
	m.At = l.w.now()
	l.do(l.state.Apply(m, m.At))
}

// do carries words to callers, and lets the queue wake up when it has to.
func (l *hotline) do(words []queue.Word) {
	now := l.w.now()
	if ids, _, needed := l.state.Roster(now); needed {
		people, err := l.roster(ids, now)
		if err != nil {
			l.w.fail(err)
			return
		}
		words = append(words, l.state.Meet(people, now)...)
	}
	for _, word := range words {
		l.carry(word)
	}
	l.alarm.drop()
	if next := l.state.Next(now); !next.IsZero() {
		l.alarm = l.w.at(next, func() { l.do(l.state.Wake(l.w.now())) })
	}
	l.w.run()
}

func (l *hotline) carry(word queue.Word) {
	switch {
	case cameBefore(word):
		l.serve(word)
		return
	case word.Kind == queue.Leave:
		l.w.tell("the queue sends the caller on: %s", word.Why)
	}
	l.w.env.SignalWorkflow(workflows.QueueSignal, word)
}

// roster is who could be rung now. Members are logged in and take calls unless
// the scenario says otherwise; absent phones are out of reach.
func (l *hotline) roster(ids []string, at time.Time) ([]queue.Person, error) {
	targets, err := l.w.facts.Targets(l.w.ctx, ids, at)
	if err != nil {
		return nil, err
	}
	out := make([]queue.Person, len(targets))
	for i, t := range targets {
		gone := t.Account == "" && t.URI == "" || phone(l.w.sc, t.ContactMethod).Does == absent
		away := l.hall.Away[t.ContactMethod]
		out[i] = queue.Person{ContactMethod: t.ContactMethod, Name: t.Name, User: t.User, Paused: away == paused, Out: away == loggedOut,
			OffSchedule: t.Skip == call.CauseOffSchedule, Unreachable: gone || t.Skip != "" && t.Skip != call.CauseOffSchedule}
	}
	return out, nil
}

// Roster implements activities.Desk: the rosters of imagined queues are looked up
// by themselves.
func (l *lines) Roster(_ context.Context, id queue.ID, ids []string, _ bool, at time.Time) ([]queue.Person, error) {
	if line := l.all[id]; line != nil {
		return line.roster(ids, at)
	}
	return nil, nil
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
