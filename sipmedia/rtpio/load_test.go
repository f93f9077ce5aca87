package rtpio

import (
	"net/netip"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"tandem/sipmedia/codec"
)

// BenchmarkBridgedCalls carries 100 bridged calls (200 streams, 10 000 packets a second in and out) for as long as it
// runs and reports what part of one core the shard's thread used. Senders and receivers are on loopback in this
// process, but their time is not counted; what the kernel does to deliver a packet to a receiver is.
func BenchmarkBridgedCalls(b *testing.B) {
	for _, tc := range []struct {
		name string
		b    *codec.Codec
	}{{"same", codec.PCMA}, {"crossing", codec.PCMU}} {
		b.Run(tc.name, func(b *testing.B) { benchmarkBridgedCalls(b, codec.PCMA, tc.b) })
	}
}

func benchmarkBridgedCalls(b *testing.B, ca, cb *codec.Codec) {
	const calls = 100
	e, err := New(Config{Addr: netip.MustParseAddr("127.0.0.1"), MinPort: 44000, MaxPort: 45999, Shards: 1})
	if err != nil {
		b.Fatal(err)
	}
	defer e.Close()
	var phones []*phone
	for range calls {
		first := dial(b, e, nil, ca)
		second := dial(b, e, first.st, cb)
		if err := e.Bridge(first.st, second.st); err != nil {
			b.Fatal(err)
		}
		phones = append(phones, first, second)
	}
	defer func() {
		for _, p := range phones {
			p.close()
		}
	}()
	buf, heard := make([]byte, packetSize), 0
	before, start := threadTime(b, e), time.Now()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	b.ReportAllocs()
	for b.Loop() { // one round is 20 ms: a packet each way in every call, spread as calls are
		for slot := range slots {
			<-tick.C
			for i := slot; i < len(phones); i += slots {
				heard += phones[i].drain(buf)
				phones[i].say()
			}
		}
	}
	wall := time.Since(start)
	used := threadTime(b, e) - before
	b.ReportMetric(100*used.Seconds()/wall.Seconds(), "%core/100calls")
	b.ReportMetric(float64(heard)/wall.Seconds(), "packets/s")
}

func dial(b *testing.B, e *Engine, near *Stream, c *codec.Codec) *phone {
	b.Helper()
	st, err := e.Open(Options{Near: near})
	if err != nil {
		b.Fatal(err)
	}
	far, farRTCP, port, _, err := e.bindPair(st.shard)
	if err != nil {
		b.Fatal(err)
	}
	farRTCP.close()
	local := netip.MustParseAddr("127.0.0.1")
	far.sendTo(netip.AddrPortFrom(local, st.Port()))
	s := Setup{Remote: netip.AddrPortFrom(local, port), Codec: c, PayloadType: c.PayloadType, Send: true, Receive: true}
	if err := st.Setup(s); err != nil {
		b.Fatal(err)
	}
	return &phone{socket: far, st: st, packet: make([]byte, headerSize+160)}
}

// threadTime is the processor time of the only shard's thread.
func threadTime(b *testing.B, e *Engine) time.Duration {
	b.Helper()
	var r unix.Rusage
	var err error
	if doErr := e.shards[0].do(func() { err = unix.Getrusage(unix.RUSAGE_THREAD, &r) }); doErr != nil || err != nil {
		b.Fatal(doErr, err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
