package workflows

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"tandem/activities"
	"tandem/flow"
	"tandem/flow/call"
)

// What a rush is like.
const (
	rushPatrons  = 50
	rushClerks   = 10
	rushLasts    = 15 * time.Minute
	rushTimeout  = 180 * time.Second
	rushRest     = 5 * time.Second
	rushWrapUp   = 8 * time.Second
	rushKeep     = time.Minute
	rushRetry    = 20 * time.Second // after which one who was busy is rung again, at most
	rushSlack    = 3 * time.Second  // messages take their time
	rushPriority = 7
	rushQueue    = "queue-rush.line"
)

// rush is a busy hotline: the workflows of all its calls and that of its queue
// are the real ones, in one environment whose clock jumps. What they ask of the
// world is answered here, by a node, a desk, patrons who call and clerks who take
// calls, all imagined; and here is seen what happens to each of them.
type rush struct {
	t    *testing.T
	env  *testsuite.TestWorkflowEnvironment
	flow flow.Flow

	began time.Time

	mu      sync.Mutex
	wrong   int
	visits  map[call.ID]*visit
	tickets map[string]*visit
	clerks  []*clerk
	places  int
	kept    map[string]keptPlace // of patrons who dropped, by number
	back    int                  // patrons who found their place again
	most    int                  // waiting at once
}

// keptPlace is where a patron who dropped stood.
type keptPlace struct {
	place int
	until time.Time
}

// patron is somebody who calls time and again.
type patron struct {
	Number string          `json:"number"`
	Called string          `json:"called"`
	First  time.Duration   `json:"first"`  // call, after the beginning
	Pauses []time.Duration `json:"pauses"` // between calls
}

// Fifty patrons call ten clerks for a quarter of an hour. Whatever clerks do, each
// call is answered once, by one clerk, or ends when the patron or the queue says
// so; nobody is overtaken by an equal, and nobody waits for a clerk who is free.
func TestARushOfFiftyCallersIsServedFairly(t *testing.T) {
	for _, strategy := range []string{"round-robin", "longest-idle", "ring-all"} {
		t.Run(strategy, func(t *testing.T) {
			r := newRush(t, strategy)
			began := time.Now()
			r.env.ExecuteWorkflow(rushHour, r.patrons())
			if err := r.env.GetWorkflowError(); err != nil {
				t.Fatal(err)
			}
			r.eachIsServedOrGone(strategy)
			t.Logf("in %v", time.Since(began).Round(time.Millisecond))
		})
	}
}

func newRush(t *testing.T, strategy string) *rush {
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(log.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	r := &rush{t: t, env: suite.NewTestWorkflowEnvironment(), visits: map[call.ID]*visit{}, tickets: map[string]*visit{}, kept: map[string]keptPlace{}}
	r.began = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	r.env.SetStartTime(r.began)
	r.env.SetTestTimeout(time.Minute)
	r.env.RegisterWorkflow(rushHour)
	r.env.RegisterWorkflow(Call)
	r.env.RegisterWorkflow(Queue)
	r.env.RegisterActivity(&activities.Media{})
	r.env.RegisterActivity(&activities.Directory{})
	r.env.RegisterActivity(&activities.Ledger{})
	r.env.RegisterActivity(&activities.Queues{})
	rest := int(rushRest / time.Second)
	line := &flow.Queue{Strategy: strategy, Timeout: int(rushTimeout / time.Second), Rest: &rest, WrapUp: int(rushWrapUp / time.Second), KeepPlace: int(rushKeep / time.Minute)}
	for n := range rushClerks {
		c := &clerk{rush: r, id: fmt.Sprint("clerk-", n)}
		r.clerks = append(r.clerks, c)
		line.Members = append(line.Members, flow.QueueMember{ContactMethod: c.id, Ring: 15})
		c.dayBegins()
	}
	r.flow = flow.Flow{ID: "rush", Name: "Rush", Modules: []flow.Module{
		{ID: "in", Kind: "phone-number", Name: "Number", Settings: &flow.PhoneNumber{Number: "+15550100"}},
		{ID: "vip", Kind: "phone-number", Name: "For friends", Settings: &flow.PhoneNumber{Number: "+15550107"}},
		{ID: "first", Kind: "set-variable", Name: "First", Settings: &flow.SetVariable{Variable: "priority", Value: fmt.Sprint(rushPriority)}},
		{ID: "line", Kind: "queue", Name: "Line", HangUpHere: []flow.Exit{"timeout"}, Settings: line},
	}, Cables: []flow.Cable{{From: "in", Exit: "next", To: "line"}, {From: "vip", Exit: "next", To: "first"}, {From: "first", Exit: "next", To: "line"}}}
	if problems := flow.Errors(flow.Validate(r.flow, nil)); len(problems) > 0 {
		t.Fatalf("the flow is not valid: %+v", problems)
	}
	r.imagine()
	r.in(time.Second, r.look)
	return r
}

// patrons draws who calls, and when.
func (r *rush) patrons() []patron {
	var out []patron
	for n := range rushPatrons {
		g := patron{Number: fmt.Sprintf("+467000010%02d", n), Called: "+15550100"}
		chance := drawn(g.Number)
		if n%8 == 7 {
			g.Called = "+15550107"
		}
		g.First = seconds(chance, 1, 120)
		for range 40 {
			g.Pauses = append(g.Pauses, seconds(chance, 5, 100))
		}
		out = append(out, g)
	}
	return out
}

// rushHour lets the patrons call until the time is over, and waits for the last.
func rushHour(ctx workflow.Context, patrons []patron) error {
	open := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{WorkflowID: rushQueue})
	line := workflow.ExecuteChildWorkflow(open, Queue, QueueInput{ID: "rush.line"})
	if err := line.GetChildWorkflowExecution().Get(ctx, nil); err != nil {
		return err
	}
	all := workflow.NewWaitGroup(ctx)
	var failed error
	closing := workflow.Now(ctx).Add(rushLasts)
	for n, g := range patrons {
		all.Add(1)
		workflow.Go(ctx, func(ctx workflow.Context) {
			defer all.Done()
			failed = cmp.Or(calls(ctx, n, g, closing), failed)
		})
	}
	all.Wait(ctx)
	return failed
}

// calls is one patron who calls again and again.
func calls(ctx workflow.Context, n int, g patron, closing time.Time) error {
	pause := g.First
	for i := 0; ; i++ {
		if err := workflow.Sleep(ctx, pause); err != nil || !workflow.Now(ctx).Before(closing) {
			return err
		}
		id := call.ID(fmt.Sprintf("20261122-120000-rush%02d%02d", n, i))
		child := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{WorkflowID: "call-" + string(id)})
		in := call.Incoming{Call: id, Leg: call.ALeg(id), Node: "n1", Caller: g.Number, Called: g.Called, At: workflow.Now(ctx)}
		if err := workflow.ExecuteChildWorkflow(child, Call, in).Get(ctx, nil); err != nil {
			return err
		}
		pause = g.Pauses[i]
	}
}

// drawn is chance that only the name decides, in whatever order things happen.
func drawn(name string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(name))
	return rand.New(rand.NewPCG(h.Sum64(), 1))
}

func seconds(chance *rand.Rand, least, most int) time.Duration {
	return time.Duration(least+chance.IntN(most-least+1)) * time.Second
}

// in lets something happen later, alone.
func (r *rush) in(d time.Duration, do func()) {
	r.env.RegisterDelayedCallback(func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		do()
	}, d)
}

func (r *rush) now() time.Time { return r.env.Now() }

// blame says what must not be; the first few are enough.
func (r *rush) blame(format string, args ...any) {
	if r.wrong++; r.wrong <= 10 {
		r.t.Errorf("at %v: %s", r.now().Sub(r.began), fmt.Sprintf(format, args...))
	}
}

// look is once a second: does anybody wait whom a clerk could be offered to?
func (r *rush) look() {
	waiting, idle := 0, 0
	for _, v := range r.visits {
		if v.waiting {
			waiting++
		}
		if v.left(r.now()) {
			idle++
		}
	}
	r.most = max(r.most, waiting)
	for _, c := range r.clerks {
		if c.idle++; idle == 0 || !c.free(r.now()) {
			c.idle = 0
		}
		if time.Duration(c.idle)*time.Second > rushSlack {
			r.blame("%s is free and %d wait", c.id, idle)
		}
	}
	if r.now().Before(r.began.Add(2 * rushLasts)) {
		r.in(time.Second, r.look)
	}
}

// eachIsServedOrGone looks at what every patron experienced, and at what the
// ledger says of it.
func (r *rush) eachIsServedOrGone(strategy string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	ends := map[string]int{}
	causes := map[call.Cause]int{}
	var waits []time.Duration
	for id, v := range r.visits {
		ends[v.how]++
		if wrong := v.wrong(); wrong != "" {
			r.blame("%s: %s; path %+v, attempts %+v", id, wrong, v.entry.Path, v.entry.Attempts)
		}
		for _, a := range v.entry.Attempts {
			causes[a.Cause]++
		}
		if v.how == talked {
			waits = append(waits, v.answered.Sub(v.dialled))
		}
	}
	if slices.Sort(waits); len(waits) == 0 {
		r.t.Fatalf("nobody was answered: %v", ends)
	}
	r.t.Logf("%s: %d calls of %d patrons to %d clerks in %v: %v, attempts %v; up to %d waited at once, who were answered waited %v at the median, %v at most; %d found their place again",
		strategy, len(r.visits), rushPatrons, rushClerks, rushLasts, ends, causes, r.most, waits[len(waits)/2], waits[len(waits)-1], r.back)
	for _, needed := range []bool{ends[talked] > 50, ends[timedOut] > 0, ends[gaveUp] > 10, causes[call.CauseDeclined] > 0, causes[call.CauseNoAnswer] > 0,
		causes[call.CauseBusy] > 0, causes[call.CauseCallerCancelled] > 0, r.back > 0, r.most > rushClerks} {
		if !needed {
			r.blame("the rush tries too little")
			return
		}
	}
	for _, c := range r.clerks {
		if c.with != nil || c.answered == 0 || r.now().Add(rushWrapUp).Before(c.until) {
			r.blame("%s ends with %+v after %d calls, kept until %v", c.id, c.with, c.answered, c.until)
		}
	}
}
