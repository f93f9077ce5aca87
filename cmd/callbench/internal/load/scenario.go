package load

import (
	"context"
	"fmt"
	"time"
)

// Scenario is one kind of measurement.
type Scenario struct {
	Name   string
	Help   string
	Number string        // called unless --number says otherwise
	Rate   float64       // new calls per second
	Calls  int           // calls in all
	Hold   time.Duration // how long an answered call stays

	callee bool // our callee takes part
	run    func(ctx context.Context, r *rig) error
}

// Scenarios is the table of everything `run` knows, sweep aside.
var Scenarios = []Scenario{
	{
		Name: "bridge", Help: "caller and callee of ours talk through the engine, every packet checked",
		Number: "+15559000", Rate: 5, Calls: 100, Hold: 10 * time.Second,
		callee: true, run: func(ctx context.Context, r *rig) error { return r.paced(ctx, r.opt.Rate, r.opt.Calls, r.bridgeCall) },
	},
	{
		Name: "prompt", Help: "the engine answers and plays: time to first audio, packet spacing",
		Number: "+15559002", Rate: 5, Calls: 50, Hold: 5 * time.Second,
		run: func(ctx context.Context, r *rig) error { return r.paced(ctx, r.opt.Rate, r.opt.Calls, r.promptCall) },
	},
	{
		Name: "menu", Help: "the engine asks for a key: time from key to the next prompt",
		Number: "+15559003", Rate: 5, Calls: 50, Hold: 2 * time.Second,
		run: func(ctx context.Context, r *rig) error { return r.paced(ctx, r.opt.Rate, r.opt.Calls, r.menuCall) },
	},
	{
		Name: "setup", Help: "short calls without media, faster and faster until one fails",
		Number: "+15559000", Rate: 5, Calls: 20_000, Hold: 500 * time.Millisecond,
		callee: true, run: func(ctx context.Context, r *rig) error { return r.raise(ctx) },
	},
}

// Find returns the scenario of a name.
func Find(name string) (*Scenario, error) {
	for i := range Scenarios {
		if Scenarios[i].Name == name {
			return &Scenarios[i], nil
		}
	}
	return nil, fmt.Errorf("no scenario %q", name)
}

// Job is a scenario with its settings.
type Job struct {
	Scenario *Scenario
	Options  Options
}

// Sweep lists short runs of every scenario, for one look at everything.
func Sweep(base Options) []Job {
	short := map[string]func(*Options){
		"bridge": func(o *Options) { o.Calls, o.Hold = 20, 4*time.Second },
		"prompt": func(o *Options) { o.Calls, o.Hold = 15, 2*time.Second },
		"menu":   func(o *Options) { o.Calls = 15 },
		"setup":  func(o *Options) { o.StepTime, o.MaxRate = 4*time.Second, 30 },
	}
	var jobs []Job
	for i := range Scenarios {
		s, o := &Scenarios[i], base
		o.Number, o.Calls, o.Concurrent, o.Hold, o.Rate = "", 0, 0, 0, 0
		short[s.Name](&o)
		jobs = append(jobs, Job{s, o})
	}
	return jobs
}

// raise places short calls at a rate that grows until a call fails, the last
// rate is reached or the calls allowed are used up.
func (r *rig) raise(ctx context.Context) error {
	c := &Capacity{}
	r.report.Capacity = c
	left := r.opt.Calls
	for rate := r.opt.Rate; rate <= r.opt.MaxRate && left > 0 && ctx.Err() == nil; rate += r.opt.Step {
		n := min(left, max(int(rate*r.opt.StepTime.Seconds()), 1))
		left -= n
		before := r.begin()
		if err := r.paced(ctx, rate, n, r.setupCall); err != nil {
			return err
		}
		step := r.stepSince(before, rate)
		c.Steps = append(c.Steps, step)
		fmt.Fprintf(r.opt.Progress, "%.1f/s: %d calls, %d failed\n", rate, step.Placed, step.Failed)
		if step.Failed > 0 {
			c.FirstFailure = rate
			break
		}
		c.LastClean = rate
		if r.opt.Step <= 0 {
			break
		}
	}
	return nil
}
