package pump

import (
	"encoding/binary"
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"
)

var lo = netip.MustParseAddr("127.0.0.1")

func allow(netip.AddrPort) error { return nil }

func newPump(t *testing.T, byAudio bool) *Pump {
	p := New(Config{Guard: allow, PairByAudio: byAudio, PortMin: 41000, PortMax: 41998})
	t.Cleanup(func() { p.Close() })
	return p
}

func open(t *testing.T, p *Pump, call uint32, party Party, ear Ear) *Stream {
	t.Helper()
	s, err := p.Open(lo, call, party, ear)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func talk(t *testing.T, from, to *Stream) {
	t.Helper()
	if err := from.Start(to.Local(), Pattern, 101); err != nil {
		t.Fatal(err)
	}
}

func waitHeard(t *testing.T, s *Stream) {
	t.Helper()
	select {
	case <-s.Heard():
	case <-time.After(5 * time.Second):
		t.Fatal("nothing was heard within 5 s")
	}
}

// gate lets a test wait until a stream has received n packets.
type gate struct {
	n    int
	open chan struct{}
	all  []Packet
}

func newGate(n int) *gate { return &gate{n: n, open: make(chan struct{})} }

func (g *gate) Hear(p Packet) {
	p.Payload = append([]byte(nil), p.Payload...)
	if g.all = append(g.all, p); len(g.all) == g.n {
		close(g.open)
	}
}

func (g *gate) wait(t *testing.T) {
	t.Helper()
	select {
	case <-g.open:
	case <-time.After(5 * time.Second):
		t.Fatalf("fewer than %d packets within 5 s", g.n)
	}
}

func TestTwoPartiesHearEachOtherWhole(t *testing.T) {
	p := newPump(t, false)
	ga, gb := newGate(25), newGate(25)
	a, b := open(t, p, 1, Caller, ga), open(t, p, 1, Callee, gb)
	p.Pair(1)
	talk(t, a, b)
	talk(t, b, a)
	ga.wait(t)
	gb.wait(t)
	a.Stop()
	b.Stop()
	for name, got := range map[string]*Tally{"caller": a.Close(), "callee": b.Close()} {
		if got.Unique < 25 || got.Lost() != 0 || got.Dup+got.Reorder+got.Altered+got.Unknown+got.Foreign+got.Echo+got.Stray != 0 {
			t.Errorf("%s: %+v", name, got)
		}
		if s := got.Delay.Summary(); s.N != got.Unique || s.P50 <= 0 || s.P50 > 20 {
			t.Errorf("%s: delay %+v", name, s)
		}
	}
	if h := p.Close(); h.SendFail != 0 || h.Late.Count() == 0 {
		t.Errorf("health: %d sends failed, %d slots", h.SendFail, h.Late.Count())
	}
}

func TestForeignAudioIsNamed(t *testing.T) {
	p := newPump(t, false)
	var s [4]*Stream
	gates := [4]*gate{newGate(5), newGate(5), newGate(5), newGate(5)}
	for i := range s {
		s[i] = open(t, p, uint32(1+i/2), Party(1+i%2), gates[i])
	}
	p.Pair(1)
	p.Pair(2)
	talk(t, s[0], s[3]) // call 1's caller lands at call 2's callee
	talk(t, s[1], s[1]) // and call 1's callee hears itself
	gates[3].wait(t)
	gates[1].wait(t)
	got := s[3].Close()
	if got.Foreign < 5 || got.Unique != 0 || got.ForeignOf[0] != "call 2 callee heard call 1 caller" {
		t.Errorf("misrouted audio: %+v", got)
	}
	if echo := s[1].Close(); echo.Echo < 5 || echo.Foreign != 0 {
		t.Errorf("echo: %+v", echo)
	}
}

func TestUnknownCalleeIsPairedByAudio(t *testing.T) {
	p := newPump(t, true)
	a, b := open(t, p, 7, Caller, nil), open(t, p, 1<<24, Callee, nil)
	talk(t, a, b)
	talk(t, b, a)
	waitHeard(t, a)
	waitHeard(t, b)
	if got := b.Close(); !got.PairedByAudio || got.Foreign != 0 {
		t.Errorf("got %+v", got)
	}
}

func TestKeyIsSentAsRFC4733Says(t *testing.T) {
	p := newPump(t, false)
	g := newGate(12)
	a, b := open(t, p, 1, Caller, nil), open(t, p, 1, Callee, g)
	if err := a.Start(b.Local(), Silence, 101); err != nil {
		t.Fatal(err)
	}
	sent, err := a.SendKey('#')
	if err != nil {
		t.Fatal(err)
	}
	if at, ok := <-sent; !ok || time.Since(at) > 5*time.Second {
		t.Fatalf("key not sent: %v %v", at, ok)
	}
	g.wait(t)
	b.Close()
	var keys []Packet
	for _, pkt := range g.all {
		if pkt.Type == 101 {
			keys = append(keys, pkt)
		}
	}
	if len(keys) != keyFrames || !keys[0].Marker || keys[1].Marker {
		t.Fatalf("%d key packets: %+v", len(keys), keys)
	}
	for i, k := range keys {
		length, end := binary.BigEndian.Uint16(k.Payload[2:]), k.Payload[1]&0x80 != 0
		if k.Payload[0] != 11 || k.Time != keys[0].Time || end != (i >= 5) || int(length) != 160*min(i+1, 6) {
			t.Errorf("key packet %d: %v, time %d", i, k.Payload, k.Time)
		}
	}
}

// Whether the system allows it or not, audio flows.
func TestRealtimePumpTalksAllTheSame(t *testing.T) {
	p := New(Config{Guard: allow, PortMin: 41000, PortMax: 41998, Realtime: true})
	a, b := open(t, p, 1, Caller, nil), open(t, p, 1, Callee, nil)
	p.Pair(1)
	talk(t, a, b)
	waitHeard(t, b)
	a.Stop()
	if got := b.Close(); got.Lost() != 0 || got.Foreign != 0 {
		t.Errorf("got %+v", got)
	}
	if h := p.Close(); h.Late.Count() == 0 || h.Realtime != p.Close().Realtime {
		t.Errorf("health changed: %+v", h.Realtime)
	}
}

func TestForbiddenTargetIsNotSentTo(t *testing.T) {
	p := New(Config{Guard: func(netip.AddrPort) error { return ErrClosed }, PortMin: 41000, PortMax: 41998})
	defer p.Close()
	s := open(t, p, 1, Caller, nil)
	if err := s.Start(netip.MustParseAddrPort("192.0.2.1:9"), Pattern, 0); err == nil {
		t.Error("the guard was not asked")
	}
}

func TestClosedPumpAnswersStill(t *testing.T) {
	p := newPump(t, false)
	s := open(t, p, 1, Caller, nil)
	p.Close()
	if s.Close() == nil {
		t.Error("no tally after the pump ended")
	}
	if _, err := p.Open(lo, 2, Caller, nil); err == nil {
		t.Error("a closed pump opened a stream")
	}
}

func TestShiftedAndAlteredPatternsAreToldApart(t *testing.T) {
	var one, two [payloadSize]byte
	tag{1, 2, Caller, 3}.write(one[:])
	tag{1, 2, Caller, 4}.write(two[:])
	if got, intact, ok := readTag(one[:]); !ok || !intact || got != (tag{1, 2, Caller, 3}) {
		t.Errorf("whole: %+v %v %v", got, intact, ok)
	}
	shifted := append(append([]byte{}, one[50:]...), two[:50]...)
	if got, intact, ok := readTag(shifted); !ok || intact || got.seq != 3 {
		t.Errorf("shifted: %+v %v %v", got, intact, ok)
	}
	one[159] ^= 1
	if _, intact, ok := readTag(one[:]); !ok || intact {
		t.Errorf("altered: %v %v", intact, ok)
	}
}

func FuzzReceive(f *testing.F) {
	f.Add([]byte{0x80, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0x9a, 0x95})
	f.Add([]byte{0xb1, 0x80, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 9})
	f.Fuzz(func(t *testing.T, b []byte) {
		p := &Pump{parties: map[partyKey]*Stream{}}
		s := &Stream{pump: p, heard: make(chan struct{})}
		s.receive(rand.Int64(), b)
		if s.tally.Unique != 0 {
			t.Error("made-up bytes counted as a call's audio")
		}
	})
}

// BenchmarkSlot500Calls is the cost of one millisecond with 500 calls.
func BenchmarkSlot500Calls(b *testing.B) {
	p := &Pump{guard: allow, ports: newPortRange(42000, 45998), parties: map[partyKey]*Stream{}, inbox: newInbox()}
	for i := range 1000 {
		fd, local, err := p.ports.bind(lo)
		if err != nil {
			b.Fatal(err)
		}
		s := &Stream{pump: p, call: uint32(i), party: Caller, fd: fd, local: local, heard: make(chan struct{}), voice: Pattern, sending: true}
		p.add(s)
		s.to = rawAddrOf(local)
		p.tick = int64(i)
		p.startSending(s)
		defer p.remove(s)
	}
	b.ReportAllocs()
	for b.Loop() {
		p.slot()
	}
}
