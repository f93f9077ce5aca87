package load

import (
	"context"
	"os"
	"sync"
	"time"

	"tandem/cmd/callbench/internal/gauge"
)

const (
	samplePeriod = 500 * time.Millisecond
	maxSamples   = 60_000 // more than maxHold needs
)

// watch samples processes and the number of calls up during a run.
type watch struct {
	procs []gauge.Process // the last one is callbench itself
	up    func() int

	idle    []float64 // share of a core before the first call, per process
	idleRSS []int64
	samples []sample
	wg      sync.WaitGroup
	stop    context.CancelFunc
}

// sample is one look at everything.
type sample struct {
	at    time.Time
	up    int
	usage []gauge.Usage
	gone  []bool
}

// newWatch measures the idle share first, for as long as idle says.
func newWatch(ctx context.Context, procs []gauge.Process, idle time.Duration, up func() int) (*watch, error) {
	w := &watch{procs: append(procs[:len(procs):len(procs)], gauge.Process{Name: "callbench", PID: os.Getpid()}), up: up}
	for _, p := range w.procs {
		if _, err := p.Read(); err != nil {
			return nil, err
		}
	}
	if len(procs) == 0 {
		idle = 0
	}
	first := w.look()
	timer := time.NewTimer(idle)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	case <-timer.C:
	}
	last := w.look()
	for i := range w.procs {
		w.idle = append(w.idle, share(first, last, i))
		w.idleRSS = append(w.idleRSS, last.usage[i].RSS)
	}
	w.samples = []sample{last}
	ctx, w.stop = context.WithCancel(ctx)
	w.wg.Go(func() { w.run(ctx) })
	return w, nil
}

func (w *watch) run(ctx context.Context) {
	ticker := time.NewTicker(samplePeriod)
	defer ticker.Stop()
	for len(w.samples) < maxSamples {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			w.samples = append(w.samples, w.look())
		}
	}
}

// end takes the last sample; nothing may be read before.
func (w *watch) end() {
	w.stop()
	w.wg.Wait()
	w.samples = append(w.samples, w.look())
}

func (w *watch) look() sample {
	s := sample{at: time.Now(), up: w.up()}
	for i, p := range w.procs {
		u, err := p.Read()
		if err != nil && len(w.samples) > 0 {
			u = w.samples[len(w.samples)-1].usage[i] // a process that ended keeps its last figures
		}
		s.usage = append(s.usage, u)
		s.gone = append(s.gone, err != nil)
	}
	return s
}

// share is the part of one core that process i used between two samples.
func share(a, b sample, i int) float64 {
	span := b.at.Sub(a.at)
	if span <= 0 {
		return 0
	}
	return float64(b.usage[i].CPU-a.usage[i].CPU) / float64(span)
}

// peak is the largest number of calls up in any sample.
func (w *watch) peak() (most int) {
	for _, s := range w.samples {
		most = max(most, s.up)
	}
	return most
}

// steady finds the longest stretch with at least nine tenths of the peak up;
// the same number throughout is preferred when that lasts two seconds.
func (w *watch) steady() []sample {
	most := w.peak()
	if most == 0 {
		return nil
	}
	exact := longest(w.samples, func(s sample) bool { return s.up == most })
	if len(exact) > 4 {
		return exact
	}
	return longest(w.samples, func(s sample) bool { return 10*s.up >= 9*most })
}

func longest(all []sample, want func(sample) bool) (best []sample) {
	start := 0
	for i, s := range all {
		if !want(s) {
			start = i + 1
		} else if run := all[start : i+1]; len(run) > len(best) {
			best = run
		}
	}
	return best
}

// costs works out what each process spent on the given number of calls.
func (w *watch) costs(placed int) (costs []ProcessCost, ownPct float64) {
	first, last := w.samples[0], w.samples[len(w.samples)-1]
	flat := w.steady()
	for i, p := range w.procs {
		c := ProcessCost{Name: p.Name, IdlePct: 100 * w.idle[i], Lost: last.gone[i]}
		used := (last.usage[i].CPU - first.usage[i].CPU).Seconds() - w.idle[i]*last.at.Sub(first.at).Seconds()
		c.CPUSec = max(used, 0)
		if placed > 0 {
			c.CPUPer100 = c.CPUSec / float64(placed) * 100
		}
		var rss int64
		for _, s := range w.samples {
			rss = max(rss, s.usage[i].RSS)
		}
		c.RSSMB = float64(rss) / 1e6
		if len(flat) > 1 {
			c.steady(flat, i, w.idle[i], w.idleRSS[i])
		}
		costs = append(costs, c)
	}
	own := len(costs) - 1
	return costs[:own], 100 * share(first, last, own)
}

// steady fills in what the stretch with calls up says.
func (c *ProcessCost) steady(flat []sample, i int, idle float64, idleRSS int64) {
	a, b := flat[0], flat[len(flat)-1]
	var up, rss float64
	for _, s := range flat {
		up += float64(s.up) / float64(len(flat))
		rss += float64(s.usage[i].RSS) / float64(len(flat))
	}
	core := share(a, b, i)
	c.SteadyPct = 100 * core
	c.Per100Pct = max(core-idle, 0) * 100 * 100 / up
	c.RSSPerCall = (rss - float64(idleRSS)) / 1024 / up
}
