package rtpio

import (
	"net/netip"
	"testing"
	"time"

	"tandem/sipmedia/audio"
	"tandem/sipmedia/codec"
	"tandem/sipmedia/dtmf"
)

// bench is a shard that the test turns itself, with phones made of our own sockets, so that nothing but the path to be
// measured runs.
type bench struct {
	t     testing.TB
	shard *shard
	pool  *ports
}

func newBench(t testing.TB) *bench {
	t.Helper()
	e := &Engine{config: Config{Addr: netip.MustParseAddr("127.0.0.1")}.withDefaults(), start: time.Now(), sweep: slowSweep}
	free := split(14000, 15999, 1)[0]
	s, err := newShard(e, free)
	if err != nil {
		t.Fatal(err)
	}
	e.shards = []*shard{s}
	t.Cleanup(func() { s.stop(); s.release() })
	return &bench{t: t, shard: s, pool: s.ports}
}

// phone is the far end of a stream.
type phone struct {
	socket
	st          *Stream
	local       netip.AddrPort
	payloadType uint8
	packet      []byte
	seq         uint16
	ts          uint32
	key         dtmf.Sender
}

func (b *bench) phone(c *codec.Codec) *phone {
	b.t.Helper()
	rtp, rtcp, port, from, err := b.shard.engine.bindPair(b.shard)
	if err != nil {
		b.t.Fatal(err)
	}
	st := newStream(b.shard, Options{}, rtp, rtcp, port, from, b.shard.engine.tags.Add(2))
	if err := b.shard.attach(st); err != nil {
		b.t.Fatal(err)
	}
	far, farRTCP, farPort, _, err := b.shard.engine.bindPair(b.shard)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { far.close(); farRTCP.close() })
	local := netip.MustParseAddr("127.0.0.1")
	far.sendTo(netip.AddrPortFrom(local, port))
	st.agree(Setup{
		Remote: netip.AddrPortFrom(local, farPort), Codec: c, PayloadType: c.PayloadType, EventPayloadType: 101,
		Send: true, Receive: true,
	}, b.shard.engine.now())
	p := &phone{socket: far, st: st, payloadType: c.PayloadType, packet: make([]byte, headerSize+160)}
	p.say()
	b.shard.once() // latched
	return p
}

// say sends one packet of audio.
func (p *phone) say() {
	header{payloadType: p.payloadType, seq: p.seq, timestamp: p.ts, ssrc: 77}.put(p.packet)
	p.seq++
	p.ts += 160
	p.send(p.packet)
}

// press sends one packet of a key, beginning another when the last is over.
func (p *phone) press() {
	e, ok := p.key.Next(160)
	if !ok {
		p.key.Start('5', 400, p.ts)
		e, _ = p.key.Next(160)
	}
	header{payloadType: 101, seq: p.seq, timestamp: e.Timestamp, marker: e.Marker, ssrc: 77}.put(p.packet)
	p.seq++
	p.send(e.Event.Append(p.packet[:headerSize]))
}

// drain takes what has come to the phone and tells how many packets that were.
func (p *phone) drain(b []byte) (n int) {
	for {
		if _, _, ok := p.recv(b); !ok {
			return n
		}
		n++
	}
}

func TestForwardingAPacketAllocatesNothing(t *testing.T) {
	for _, tc := range []struct {
		name string
		a, b *codec.Codec
		send func(*phone)
	}{
		{"same codec", codec.PCMA, codec.PCMA, (*phone).say},
		{"other law", codec.PCMA, codec.PCMU, (*phone).say},
		{"key", codec.PCMA, codec.PCMA, (*phone).press},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := newBench(t)
			pa, pb := b.phone(tc.a), b.phone(tc.b)
			if err := pa.st.join(pb.st); err != nil {
				t.Fatal(err)
			}
			buf, came := make([]byte, packetSize), 0
			allocs := testing.AllocsPerRun(500, func() {
				tc.send(pa)
				b.shard.once()
				came += pb.drain(buf)
			})
			if allocs != 0 {
				t.Errorf("%v allocations a packet, want none", allocs)
			}
			if came != 501 || b.shard.forwarded != 501 {
				t.Errorf("%d packets came, %d were forwarded, want 501", came, b.shard.forwarded)
			}
		})
	}
}

// nothing takes frames.
type nothing struct{ frames int }

func (n *nothing) WriteFrame(*codec.Frame) error { n.frames++; return nil }

func TestATickOfTheWheelAllocatesNothing(t *testing.T) {
	b := newBench(t)
	p := b.phone(codec.PCMA)
	now := b.shard.engine.now()
	sink := &nothing{}
	p.st.startPlay(1, Playback{Source: audio.Tone(8000, time.Second, -10, 425).Source(true)}, now)
	p.st.startHearing(sink, now)
	buf, came := make([]byte, packetSize), 0
	allocs := testing.AllocsPerRun(500, func() {
		p.say()
		p.st.readRTP(now)
		now += 20 * time.Millisecond
		b.shard.wheel.run(now, (*Stream).turn)
		came += p.drain(buf)
	})
	if allocs != 0 {
		t.Errorf("%v allocations a tick, want none", allocs)
	}
	if came != 501 || sink.frames < 499 {
		t.Errorf("%d packets sent, %d frames heard, want about 501 of each", came, sink.frames)
	}
}

func TestSendingAKeyAllocatesNothing(t *testing.T) {
	b := newBench(t)
	p := b.phone(codec.PCMA)
	now := b.shard.engine.now()
	buf, came := make([]byte, packetSize), 0
	allocs := testing.AllocsPerRun(500, func() {
		if !p.st.speaking.busy() {
			if err := p.st.say('5', 60*time.Millisecond, now); err != nil {
				t.Fatal(err)
			}
		}
		now += 20 * time.Millisecond
		b.shard.wheel.run(now, (*Stream).turn)
		came += p.drain(buf)
	})
	if allocs != 0 || came < 250 {
		t.Errorf("%v allocations a tick, want none; %d packets sent", allocs, came)
	}
}

func TestReportsAllocateNothing(t *testing.T) {
	b := newBench(t)
	p := b.phone(codec.PCMA)
	var sent [rtcpSize]byte
	n := (&report{ssrc: 77, hasPeer: true, block: block{ssrc: p.st.out.ssrc, lsr: 5}}).put(sent[:])
	now := b.shard.engine.now()
	if allocs := testing.AllocsPerRun(500, func() {
		p.st.sendReport(now, false)
		if why, ok := p.st.takeReports(sent[:n], p.st.guard.latched, now); !ok {
			t.Fatalf("report refused: %v", dropNames[why])
		}
	}); allocs != 0 {
		t.Errorf("%v allocations a report, want none", allocs)
	}
}

func BenchmarkForward(b *testing.B) {
	for _, tc := range []struct {
		name string
		to   *codec.Codec
	}{{"same", codec.PCMA}, {"crossing", codec.PCMU}} {
		b.Run(tc.name, func(b *testing.B) {
			bn := newBench(b)
			pa, pb := bn.phone(codec.PCMA), bn.phone(tc.to)
			if err := pa.st.join(pb.st); err != nil {
				b.Fatal(err)
			}
			buf := make([]byte, packetSize)
			b.ReportAllocs()
			for b.Loop() {
				pa.say()
				bn.shard.once()
				pb.drain(buf)
			}
		})
	}
}

func BenchmarkTick(b *testing.B) {
	bn := newBench(b)
	p := bn.phone(codec.PCMA)
	now := bn.shard.engine.now()
	p.st.startPlay(1, Playback{Source: audio.Tone(8000, time.Second, -10, 425).Source(true)}, now)
	buf := make([]byte, packetSize)
	b.ReportAllocs()
	for b.Loop() {
		now += 20 * time.Millisecond
		bn.shard.wheel.run(now, (*Stream).turn)
		p.drain(buf)
	}
}
