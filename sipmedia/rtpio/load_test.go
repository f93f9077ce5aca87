package rtpio

import (
	"net"
	"net/netip"
	"runtime"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"tandem/sipmedia/codec"
)

const benchCalls = 100

// BenchmarkBridgedCalls carries 100 bridged calls (200 streams, 10 000 packets a second in and out) and reports what part
// of one core that costs: the whole process but for the thread that plays the phones. What the kernel does on loopback to
// deliver a packet to its receiver counts as sending it. The first is the usual way to write it in Go, to compare with.
func BenchmarkBridgedCalls(b *testing.B) {
	b.Run("goroutine-per-socket", benchmarkGoroutines)
	b.Run("shards", func(b *testing.B) { benchmarkShards(b, codec.PCMA, codec.PCMA) })
	b.Run("shards-crossing", func(b *testing.B) { benchmarkShards(b, codec.PCMA, codec.PCMU) })
}

func benchmarkShards(b *testing.B, ca, cb *codec.Codec) {
	e, err := New(Config{Addr: netip.MustParseAddr("127.0.0.1"), MinPort: 14000, MaxPort: 15999, Shards: 1})
	if err != nil {
		b.Fatal(err)
	}
	defer e.Close()
	var phones []*phone
	for range benchCalls {
		first := dial(b, e, nil, ca)
		second := dial(b, e, first.st, cb)
		if err := e.Bridge(first.st, second.st); err != nil {
			b.Fatal(err)
		}
		phones = append(phones, first, second)
	}
	measure(b, phones)
}

func dial(b testing.TB, e *Engine, near *Stream, c *codec.Codec) *phone {
	b.Helper()
	st, err := e.Open(Options{Near: near})
	if err != nil {
		b.Fatal(err)
	}
	p := handset(b, e, st.Port())
	s := Setup{Remote: p.local, Codec: c, PayloadType: c.PayloadType, Send: true, Receive: true}
	if err := st.Setup(s); err != nil {
		b.Fatal(err)
	}
	p.st, p.payloadType = st, c.PayloadType
	return p
}

// handset is a phone that sends to a port of this machine.
func handset(b testing.TB, e *Engine, port uint16) *phone {
	b.Helper()
	far, farRTCP, local, _, err := e.bindPair(e.shards[0])
	if err != nil {
		b.Fatal(err)
	}
	farRTCP.close()
	b.Cleanup(far.close)
	ip := netip.MustParseAddr("127.0.0.1")
	far.sendTo(netip.AddrPortFrom(ip, port))
	return &phone{socket: far, local: netip.AddrPortFrom(ip, local), packet: make([]byte, headerSize+160)}
}

func benchmarkGoroutines(b *testing.B) {
	e, err := New(Config{Addr: netip.MustParseAddr("127.0.0.1"), MinPort: 14000, MaxPort: 15999, Shards: 1})
	if err != nil {
		b.Fatal(err)
	}
	defer e.Close()
	var phones []*phone
	for range benchCalls {
		var legs [2]*net.UDPConn
		var ends [2]*phone
		for i := range legs {
			if legs[i], err = net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)}); err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { legs[i].Close() })
			ends[i] = handset(b, e, uint16(legs[i].LocalAddr().(*net.UDPAddr).Port))
		}
		go relay(legs[0], legs[1], ends[1].local) // ends when its socket is closed
		go relay(legs[1], legs[0], ends[0].local)
		phones = append(phones, ends[0], ends[1])
	}
	measure(b, phones)
}

// relay is the baseline: it reads a packet, gives it another header and writes it.
func relay(from, to *net.UDPConn, dest netip.AddrPort) {
	buf := make([]byte, packetSize)
	var in incoming
	o := outgoing{ssrc: 5}
	for {
		n, _, err := from.ReadFromUDPAddrPort(buf)
		if err != nil {
			return
		}
		p, ok := parse(buf[:n])
		if !ok || in.sequence(p.ssrc, p.seq) == suspect {
			continue
		}
		h, _ := o.forward(p.header, 1, true, 0, 8000)
		if _, err := to.WriteToUDPAddrPort(p.relabel(h), dest); err != nil {
			return
		}
	}
}

// measure lets the phones talk. One round is 20 ms: a packet from each, spread over it as calls are.
func measure(b *testing.B, phones []*phone) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	buf, heard := make([]byte, packetSize), 0
	others := func() time.Duration { return processorTime(b, unix.RUSAGE_SELF) - processorTime(b, unix.RUSAGE_THREAD) }
	before, start, next := others(), time.Now(), time.Duration(0)
	b.ReportAllocs()
	for b.Loop() {
		for slot := range slots {
			for i := slot; i < len(phones); i += slots {
				next += time.Millisecond * slots / time.Duration(len(phones))
				sleepUntil(next, start)
				heard += phones[i].drain(buf)
				phones[i].say()
			}
		}
	}
	used := others() - before
	if heard == 0 {
		b.Fatal("nothing was heard")
	}
	// On a busy machine rounds take longer: what counts is the cost of a packet, 10 000 of which are 100 calls.
	b.ReportMetric(100*used.Seconds()*100*benchCalls/float64(heard), "%core/100calls")
	b.ReportMetric(float64(heard)/time.Since(start).Seconds(), "packets/s")
}

// sleepUntil sleeps without the Go scheduler's knowledge, whose work for this thread would be counted for the others.
func sleepUntil(next time.Duration, start time.Time) {
	if left := next - time.Since(start); left > 0 {
		ts := unix.NsecToTimespec(int64(left))
		unix.RawSyscall(unix.SYS_NANOSLEEP, uintptr(unsafe.Pointer(&ts)), 0, 0)
	}
}

func processorTime(b *testing.B, who int) time.Duration {
	b.Helper()
	var r unix.Rusage
	if err := unix.Getrusage(who, &r); err != nil {
		b.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
