package load

import (
	"context"
	"encoding/binary"
	"math"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tandem/cmd/callbench/internal/agent"
	"tandem/cmd/callbench/internal/wire"
)

// faults are what the engine under test can be told to do wrong.
type faults struct {
	dropEvery   uint64        // of RTP packets, lose each n-th
	dupEvery    uint64        // of RTP packets, send each n-th twice
	delay       time.Duration // hold RTP back
	swap        bool          // callees of calls 1 and 2 hear each other's caller
	refuseEvery uint64        // of calls, answer each n-th with 503
	maxRate     int           // refuse with 503 what exceeds this many calls in a second
	deaf        bool          // carry no RTP from callee to caller
	dumb        bool          // hand on no caller's number
	hangUpAfter time.Duration // end calls from the middle
	forgetBye   bool          // leave the callee hanging when the caller hangs up
	keyDelay    time.Duration // menu: from key to next prompt
}

// engine is a small B2BUA on loopback with faults on demand. Numbers ending in
// 000 are bridged to the callee, in 002 it plays, in 003 it is a menu.
type engine struct {
	t      *testing.T
	faults faults
	in     *agent.Endpoint
	out    *agent.Endpoint
	callee netip.AddrPort

	calls, packets atomic.Uint64
	mu             sync.Mutex
	recent         []time.Time
	relays         []*relay
}

func allow(netip.AddrPort) error { return nil }

var loopback = netip.MustParseAddrPort("127.0.0.1:0")

func newEngine(t *testing.T, f faults) *engine {
	t.Helper()
	e := &engine{t: t, faults: f, callee: calleeAddr(t)}
	var err error
	if e.out, err = agent.Listen(agent.Config{Local: loopback, Guard: allow}); err != nil {
		t.Fatal(err)
	}
	if e.in, err = agent.Listen(agent.Config{Local: loopback, Guard: allow, OnCall: e.handle}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.in.Close(); err != nil {
			t.Error(err)
		}
		if err := e.out.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

// calleeAddr picks a port that is free on an address nothing else here uses.
func calleeAddr(t *testing.T) netip.AddrPort {
	t.Helper()
	conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 3)})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	return conn.LocalAddr().(*net.UDPAddr).AddrPort()
}

func (e *engine) handle(ctx context.Context, in *agent.Inbound) {
	n := e.calls.Add(1)
	if e.faults.refuseEvery > 0 && n%e.faults.refuseEvery == 0 || e.tooFast() {
		_ = in.Reject(ctx, 503, "Service Unavailable")
		return
	}
	switch in.Number() {
	case "+15559002":
		e.play(ctx, in, false)
	case "+15559003":
		e.play(ctx, in, true)
	default:
		e.bridge(ctx, in)
	}
}

// tooFast reports whether this call exceeds the rate the engine can take.
func (e *engine) tooFast() bool {
	if e.faults.maxRate == 0 {
		return false
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	// A call comes too soon when maxRate calls came less than 0.9 s before it.
	e.recent = append(e.recent, time.Now())
	i := len(e.recent) - 1 - e.faults.maxRate
	return i >= 0 && e.recent[len(e.recent)-1].Sub(e.recent[i]) < 900*time.Millisecond
}

// bridge calls the callee and joins both.
func (e *engine) bridge(ctx context.Context, in *agent.Inbound) {
	offer, err := in.Offer()
	if err != nil {
		_ = in.Reject(ctx, 488, "Not Acceptable Here")
		return
	}
	r := e.newRelay()
	defer r.close()
	from := in.CallerIDs()[0]
	if e.faults.dumb {
		from = "anonymous"
	}
	ctx, end := context.WithCancel(ctx)
	defer end()
	out, err := e.out.Invite(ctx, agent.Spec{Target: e.callee, Number: "bench", From: from, SDP: wire.SDP(r.toCallee.addr(), 1)})
	if err != nil {
		_ = in.Reject(ctx, 480, "Temporarily Unavailable")
		return
	}
	defer out.Release()
	r.join(offer.Media, out.Remote.Media)
	if err := in.Answer(ctx, wire.SDP(r.toCaller.addr(), 1)); err != nil {
		_ = out.Hangup(context.WithoutCancel(ctx))
		return
	}
	if e.faults.hangUpAfter > 0 {
		timer := time.AfterFunc(e.faults.hangUpAfter, end)
		defer timer.Stop()
	}
	var wg sync.WaitGroup
	for _, c := range []*agent.Call{in.Call, out} {
		wg.Go(func() {
			err := c.Wait(ctx)
			end()
			if err == nil && !e.faults.forgetBye {
				bye, stop := context.WithTimeout(context.Background(), 5*time.Second)
				defer stop()
				_ = c.Hangup(bye)
			}
		})
	}
	wg.Wait()
}

// port is one RTP socket of the engine.
type port struct{ *net.UDPConn }

func (e *engine) newPort() port {
	conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(loopback))
	if err != nil {
		e.t.Error(err)
	}
	return port{conn}
}

func (p port) addr() netip.AddrPort { return p.LocalAddr().(*net.UDPAddr).AddrPort() }

// relay carries one call's RTP.
type relay struct {
	e                  *engine
	toCaller, toCallee port
	mu                 sync.Mutex
	caller, callee     netip.AddrPort
	wg                 sync.WaitGroup
}

func (e *engine) newRelay() *relay {
	r := &relay{e: e, toCaller: e.newPort(), toCallee: e.newPort()}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.relays = append(e.relays, r)
	return r
}

func (r *relay) join(caller, callee netip.AddrPort) {
	r.mu.Lock()
	r.caller, r.callee = caller, callee
	r.mu.Unlock()
	r.wg.Go(func() { r.carry(r.toCaller, r.toCallee, r.calleeAddr) })
	r.wg.Go(func() { r.carry(r.toCallee, r.toCaller, r.callerAddr) })
}

func (r *relay) callerAddr() netip.AddrPort {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.e.faults.deaf {
		return netip.AddrPort{}
	}
	return r.caller
}

func (r *relay) calleeAddr() netip.AddrPort {
	from := r
	if r.e.faults.swap {
		r.e.mu.Lock()
		for i, other := range r.e.relays {
			if other == r && i^1 < len(r.e.relays) {
				from = r.e.relays[i^1]
			}
		}
		r.e.mu.Unlock()
	}
	from.mu.Lock()
	defer from.mu.Unlock()
	return from.callee
}

func (r *relay) carry(in, out port, to func() netip.AddrPort) {
	buf := make([]byte, 1500)
	f := r.e.faults
	for {
		n, _, err := in.ReadFromUDPAddrPort(buf)
		if err != nil {
			return
		}
		count := r.e.packets.Add(1)
		if f.dropEvery > 0 && count%f.dropEvery == 0 {
			continue
		}
		times := 1
		if f.dupEvery > 0 && count%f.dupEvery == 0 {
			times = 2
		}
		dst := to()
		if !dst.IsValid() {
			continue
		}
		b := append([]byte(nil), buf[:n]...)
		send := func() {
			for range times {
				_, _ = out.WriteToUDPAddrPort(b, dst)
			}
		}
		if f.delay == 0 {
			send()
			continue
		}
		r.wg.Add(1)
		time.AfterFunc(f.delay, func() { defer r.wg.Done(); send() })
	}
}

func (r *relay) close() {
	_ = r.toCaller.Close()
	_ = r.toCallee.Close()
	r.wg.Wait()
}

// play answers and sends a tone; a menu sends another one after a key.
func (e *engine) play(ctx context.Context, in *agent.Inbound, menu bool) {
	offer, err := in.Offer()
	if err != nil {
		return
	}
	p := e.newPort()
	var wg sync.WaitGroup
	defer wg.Wait()
	defer p.Close()
	if in.Answer(ctx, wire.SDP(p.addr(), 1)) != nil {
		return
	}
	ctx, end := context.WithCancel(ctx)
	defer end()
	hz := make(chan float64, 8)
	wg.Go(func() { e.tones(ctx, p, offer.Media, hz) })
	if menu {
		wg.Go(func() { e.keys(p, hz) })
	}
	_ = in.Wait(ctx)
}

// keys reads what the caller sends: silence at its key, 1000 Hz after keyDelay.
func (e *engine) keys(p port, hz chan<- float64) {
	buf := make([]byte, 1500)
	for pressed := false; ; {
		n, _, err := p.ReadFromUDPAddrPort(buf)
		if err != nil {
			return
		}
		if n == 16 && buf[1]&0x7f == 101 && !pressed {
			pressed = true
			hz <- 0
			time.AfterFunc(e.faults.keyDelay, func() { hz <- 1000 })
		}
	}
}

// tones sends a steady tone each 20 ms, a new one as soon as it is asked for.
func (e *engine) tones(ctx context.Context, p port, to netip.AddrPort, hz <-chan float64) {
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	tone, b, at := 440.0, make([]byte, 172), 0
	b[0] = 0x80
	for seq := uint16(0); ; {
		select {
		case <-ctx.Done():
			return
		case tone = <-hz:
			continue
		case <-ticker.C:
		}
		seq++
		binary.BigEndian.PutUint16(b[2:], seq)
		binary.BigEndian.PutUint32(b[4:], uint32(seq)*160)
		for i := range 160 {
			b[12+i] = encodeUlaw(0.5 * math.Sin(2*math.Pi*tone*float64(at)/8000))
			at++
		}
		_, _ = p.WriteToUDPAddrPort(b, to)
	}
}

// encodeUlaw finds the code nearest to a value, by search: slow, and surely
// the inverse of the table it is checked with.
func encodeUlaw(v float64) byte {
	best, dist := 0, math.Inf(1)
	for i, u := range ulaw {
		if d := math.Abs(u - v); d < dist {
			best, dist = i, d
		}
	}
	return byte(best)
}
