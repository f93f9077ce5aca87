package load

import (
	"context"
	"errors"
	"net"
	"net/netip"
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
	quiet  [2]*net.UDPConn // named in SDP when no audio is sent: open, so that nothing bounces, and never read

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
	r.pump = pump.New(pump.Config{Guard: guard, PortMin: opt.RTPMin, PortMax: opt.RTPMax, PairByAudio: true, Realtime: opt.Realtime})
	var err error
	for i, ip := range []netip.Addr{opt.From.Addr(), opt.To.Addr()} {
		if r.report.Params.RTP {
			break
		}
		if r.quiet[i], err = net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(ip, 0))); err != nil {
			return nil, errors.Join(err, r.close())
		}
	}
	if r.caller, err = agent.Listen(agent.Config{Local: opt.From, Guard: guard}); err != nil {
		return nil, errors.Join(err, r.close())
	}
	if s.callee {
		if r.callee, err = agent.Listen(agent.Config{Local: opt.To, Guard: guard, OnCall: r.answer}); err != nil {
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

// drain waits, within bounds, until our callees have been hung up on.
func (r *rig) drain() {
	if r.callee == nil {
		return
	}
	deadline := time.NewTimer(3 * time.Second)
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
