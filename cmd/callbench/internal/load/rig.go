package load

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"tandem/cmd/callbench/internal/agent"
	"tandem/cmd/callbench/internal/gauge"
	"tandem/cmd/callbench/internal/pump"
)

// settle is how long both parties listen on after they have stopped talking,
// so that what is under way counts as arrived.
const settle = 500 * time.Millisecond

// rig is everything one run holds.
type rig struct {
	opt    Options
	report *Report
	caller *agent.Endpoint
	callee *agent.Endpoint // nil when the scenario needs none
	pump   *pump.Pump
	quiet  [2]net.PacketConn // named in SDP when no audio is sent: open, so that nothing bounces, and never read

	up           atomic.Int64
	nextNum      atomic.Uint32
	nextStranger atomic.Uint32

	mu       sync.Mutex
	calls    map[string]*attempt // by the last digits of the caller's number
	numbers  map[uint32]*attempt
	hist     map[string]*gauge.Hist
	failures map[string]int
	media    pump.Tally
	byAudio  int
	first    time.Time // first INVITE since begin
	last     time.Time
	stepHist gauge.Hist
}

// attempt is one call as both our parties know it.
type attempt struct {
	number   uint32
	callerID string
	invited  time.Time // INVITE sent by the caller
	failed   bool

	// Written once, before the run is over; read after.
	arrived                               time.Time // INVITE of the engine, at the callee
	callerHeard, calleeHeard, calleeFinal time.Time
}

// Run carries out one scenario. The report is complete even when calls
// failed; an error means that there is none.
func Run(ctx context.Context, s *Scenario, opt Options) (*Report, error) {
	opt.fill(s)
	if err := opt.check(); err != nil {
		return nil, err
	}
	r, err := newRig(s, opt)
	if err != nil {
		return nil, err
	}
	w, err := newWatch(ctx, opt.Processes, opt.Idle, func() int { return int(r.up.Load()) })
	if err != nil {
		return nil, errors.Join(err, r.close())
	}
	start := time.Now()
	err = s.run(ctx, r)
	// Late BYEs of the engine still reach our callees before the endpoints close.
	r.drain()
	r.report.Seconds = time.Since(start).Seconds()
	w.end()
	return r.finish(w), errors.Join(err, context.Cause(ctx))
}

func newRig(s *Scenario, opt Options) (*rig, error) {
	guard := opt.Guard()
	r := &rig{
		opt: opt, calls: map[string]*attempt{}, numbers: map[uint32]*attempt{},
		hist: map[string]*gauge.Hist{}, failures: map[string]int{},
		report: &Report{
			Scenario: s.Name, Date: time.Now().UTC(), Commit: opt.Commit, Machine: gauge.ThisMachine(),
			Params: Params{
				Target: opt.Target.String(), Number: opt.Number, Rate: opt.Rate, Calls: opt.Calls, Concurrent: opt.Concurrent,
				HoldSec: opt.Hold.Seconds(), RingSec: opt.Ring.Seconds(), RTP: !opt.NoRTP && s.Name != "setup",
			},
		},
	}
	r.pump = pump.New(pump.Config{Guard: guard, PortMin: opt.RTPMin, PortMax: opt.RTPMax, PairByAudio: true})
	var err error
	if r.caller, err = agent.Listen(agent.Config{Local: opt.From, Guard: guard}); err != nil {
		return nil, errors.Join(err, r.close())
	}
	if s.callee {
		if r.callee, err = agent.Listen(agent.Config{Local: opt.To, Guard: guard, OnCall: r.answer}); err != nil {
			return nil, errors.Join(err, r.close())
		}
	}
	for i, ip := range []netip.Addr{opt.From.Addr(), opt.To.Addr()} {
		if r.report.Params.RTP {
			break
		}
		if r.quiet[i], err = net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(ip, 0))); err != nil {
			return nil, errors.Join(err, r.close())
		}
	}
	return r, nil
}

func (r *rig) close() error {
	var errs []error
	for _, e := range []*agent.Endpoint{r.caller, r.callee} {
		if e != nil {
			errs = append(errs, e.Close())
		}
	}
	for _, q := range r.quiet {
		if q != nil {
			errs = append(errs, q.Close())
		}
	}
	r.pump.Close()
	return errors.Join(errs...)
}

// quietAddr is where a party without audio says it listens.
func (r *rig) quietAddr(p pump.Party) netip.AddrPort {
	return r.quiet[p-1].LocalAddr().(*net.UDPAddr).AddrPort()
}

// paced places n calls at an even rate, no more at a time than allowed, and
// waits until all are over. The first error that is not a call's own ends it.
func (r *rig) paced(ctx context.Context, rate float64, n int, call func(context.Context, *attempt) error) error {
	gap := time.Duration(float64(time.Second) / rate)
	room := make(chan struct{}, max(min(r.opt.Concurrent, maxConcurrent), 1))
	var wg sync.WaitGroup
	defer wg.Wait()
	start := time.Now()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for i := range n {
		timer.Reset(time.Until(start.Add(time.Duration(i) * gap)))
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
		}
		if r.opt.Concurrent > 0 {
			select {
			case <-ctx.Done():
				return nil
			case room <- struct{}{}:
			}
		}
		a := r.newAttempt()
		wg.Go(func() {
			if err := call(ctx, a); err != nil {
				r.fail(a, err)
			}
			if r.opt.Concurrent > 0 {
				<-room
			}
		})
	}
	return nil
}

// hold is how long one call stays. When all calls are to be up together, each
// stays the length of the ramp longer, so that the plateau lasts as asked.
func (r *rig) hold() time.Duration {
	if r.opt.Concurrent >= r.opt.Calls {
		return r.opt.Hold + time.Duration(float64(r.opt.Calls)/r.opt.Rate*float64(time.Second))
	}
	return r.opt.Hold
}

// newAttempt numbers a call and gives it a caller's number of its own, by
// which our callee can tell whose it is when the engine hands it on.
func (r *rig) newAttempt() *attempt {
	n := r.nextNum.Add(1)
	a := &attempt{number: n, callerID: fmt.Sprintf("+1888%07d", n)}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls[tailDigits(a.callerID)] = a
	r.numbers[n] = a
	r.report.Calls.Placed++
	return a
}

// tailDigits is what stays of a caller's number under any formatting.
func tailDigits(number string) string {
	d := agent.Digits(number)
	return d[max(len(d)-10, 0):]
}

// forget drops what a finished call needs no more.
func (r *rig) forget(a *attempt) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.calls, tailDigits(a.callerID))
}

// find returns the attempt one of the caller's numbers belongs to, or nil.
func (r *rig) find(ids []string) *attempt {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, id := range ids {
		if a := r.calls[tailDigits(id)]; a != nil {
			return a
		}
	}
	return nil
}

// note counts a span when both its ends happened.
func (r *rig) note(key string, from, to time.Time) {
	if from.IsZero() || to.IsZero() {
		return
	}
	r.noteSpan(key, to.Sub(from))
}

func (r *rig) noteSpan(key string, d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.histOf(key).Add(d)
}

func (r *rig) histOf(key string) *gauge.Hist {
	if r.hist[key] == nil {
		r.hist[key] = &gauge.Hist{}
	}
	return r.hist[key]
}

// fail counts a call that went wrong, under what the error says. A call that
// both its parties complain of is one failed call. a is nil for a callee's
// call that belongs to no caller we know.
func (r *rig) fail(a *attempt, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failures[strings.ReplaceAll(err.Error(), "\n", "; ")]++
	if a == nil || !a.failed {
		r.report.Calls.Failed++
	}
	if a != nil {
		a.failed = true
	}
}

// begin starts a step and returns the counts before it.
func (r *rig) begin() Calls {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.first, r.last, r.stepHist = time.Time{}, time.Time{}, gauge.Hist{}
	return r.report.Calls
}

// stepSince is what happened since begin.
func (r *rig) stepSince(before Calls, rate float64) Step {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.report.Calls
	s := r.stepHist.Summary()
	placed := now.Placed - before.Placed
	return Step{
		Rate: rate, Achieved: rateOf(placed, r.first, r.last),
		Placed: placed, Failed: now.Failed - before.Failed, P50: s.P50, P99: s.P99,
	}
}

// rateOf is calls per second between the first and the last INVITE.
func rateOf(n int, first, last time.Time) float64 {
	if n < 2 || !last.After(first) {
		return 0
	}
	return float64(n-1) / last.Sub(first).Seconds()
}

// drain waits, within bounds, until our callees have been hung up on.
func (r *rig) drain() {
	if r.callee == nil {
		return
	}
	deadline := time.NewTimer(5 * time.Second)
	tick := time.NewTicker(20 * time.Millisecond)
	defer deadline.Stop()
	defer tick.Stop()
	for r.callee.Live() > 0 {
		select {
		case <-deadline.C:
			return
		case <-tick.C:
		}
	}
}

// finish closes everything and completes the report.
func (r *rig) finish(w *watch) *Report {
	_ = r.close() // the sockets are ours alone; nothing is lost with them
	for _, e := range []*agent.Endpoint{r.caller, r.callee} {
		if e != nil {
			malformed, dropped := e.Losses()
			r.report.Generator.Malformed += malformed
			r.report.Generator.Dropped += dropped
		}
	}
	health := r.pump.Close()
	rep := r.report
	rep.Calls.Failures = counts(r.failures)
	rep.Calls.Peak = max(rep.Calls.Peak, w.peak())
	if rep.Capacity == nil {
		rep.Calls.Rate = rateOf(rep.Calls.Placed, r.first, r.last)
	} else {
		for _, s := range rep.Capacity.Steps {
			rep.Calls.Rate = max(rep.Calls.Rate, s.Achieved)
		}
	}
	for _, a := range r.numbers {
		r.note("invite_callee", a.invited, a.arrived)
		r.note("answer_caller", a.calleeFinal, a.callerHeard)
		if !a.callerHeard.IsZero() && !a.calleeHeard.IsZero() {
			r.note("answer_both", a.calleeFinal, later(a.callerHeard, a.calleeHeard))
		}
	}
	rep.Latency = map[string]gauge.Summary{}
	for key, h := range r.hist {
		rep.Latency[key] = h.Summary()
	}
	if rep.Params.RTP {
		rep.Media = r.mediaReport()
	}
	rep.Processes, rep.Generator.CPUPct = w.costs(rep.Calls.Placed)
	late := health.Late.Summary()
	rep.Generator.LateP99, rep.Generator.LateMax, rep.Generator.SendFail = late.P99, late.Max, health.SendFail
	return rep
}

func (r *rig) mediaReport() *Media {
	t := &r.media
	m := &Media{
		Sent: t.Sent, Received: t.Received, Expected: t.Expected, Lost: t.Lost(),
		Dup: t.Dup, Reorder: t.Reorder, Altered: t.Altered, Unknown: t.Unknown, Echo: t.Echo,
		Misrouted: t.Foreign, Stray: t.Stray, WhoHeard: t.ForeignOf, ByAudio: r.byAudio,
		Delay: t.Delay.Summary(), Jitter: t.Jitter.Summary(),
	}
	if m.Expected > 0 {
		m.LossPct = 100 * float64(m.Lost) / float64(m.Expected)
	}
	return m
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
