package rtpio

import (
	"bytes"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

var (
	peerAddr  = netip.MustParseAddrPort("192.0.2.1:4000")
	otherPort = netip.MustParseAddrPort("192.0.2.1:4002")
	otherHost = netip.MustParseAddrPort("198.51.100.9:4000")
)

func TestGuardAdmits(t *testing.T) {
	type step struct {
		from netip.AddrPort
		seq  uint16
		ssrc uint32
		ms   int
		ok   bool
	}
	for _, tc := range []struct {
		name  string
		nat   bool
		steps []step
	}{
		{"the SDP's address at once", false, []step{{peerAddr, 1, 1, 0, true}, {otherPort, 2, 1, 20, false}, {peerAddr, 2, 1, 40, true}}},
		{"no other host", false, []step{{otherHost, 1, 1, 0, false}, {otherHost, 2, 1, 20, false}, {otherHost, 3, 1, 40, false}, {otherHost, 4, 1, 60, false}}},
		{"another port of the host after three, until the SDP's own speaks", false, []step{{otherPort, 1, 1, 0, false}, {otherPort, 2, 1, 20, false}, {otherPort, 3, 1, 40, true}, {peerAddr, 1, 5, 60, true}, {otherPort, 4, 1, 80, false}}},
		{"behind NAT, any host after three", true, []step{{otherHost, 65535, 1, 0, false}, {otherHost, 0, 1, 20, false}, {otherHost, 1, 1, 40, true}, {peerAddr, 1, 1, 60, false}}},
		{"not three that jump", true, []step{{otherHost, 1, 1, 0, false}, {otherHost, 2, 1, 20, false}, {otherHost, 4, 1, 40, false}, {otherHost, 5, 1, 60, false}, {otherHost, 6, 1, 80, true}}},
		{"not three of two sources", true, []step{{otherHost, 1, 1, 0, false}, {otherHost, 2, 2, 20, false}, {otherHost, 3, 1, 40, false}, {otherHost, 4, 1, 60, false}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var g guard
			g.expect(peerAddr, tc.nat)
			for i, s := range tc.steps {
				if ok, _ := g.admit(s.from, header{seq: s.seq, ssrc: s.ssrc}, time.Duration(s.ms)*time.Millisecond); ok != s.ok {
					t.Errorf("packet %d admitted: %v, want %v", i, ok, s.ok)
				}
			}
		})
	}
}

func TestGuardIsNotFloodedOut(t *testing.T) {
	var g guard
	g.expect(peerAddr, true)
	flood := func(n int, at time.Duration) {
		for i := range n {
			from := netip.AddrPortFrom(netip.AddrFrom4([4]byte{203, 0, 113, byte(i)}), uint16(1000+i))
			if ok, _ := g.admit(from, header{seq: uint16(i)}, at); ok {
				t.Fatal("one packet was enough")
			}
		}
	}
	g.admit(otherHost, header{seq: 1}, 0)
	flood(200, 5*time.Millisecond)
	g.admit(otherHost, header{seq: 2}, 20*time.Millisecond)
	flood(200, 25*time.Millisecond)
	if ok, latched := g.admit(otherHost, header{seq: 3}, 40*time.Millisecond); !ok || !latched {
		t.Error("the peer was pushed out by a flood")
	}
}

func TestGuardOpensAgainWithSetup(t *testing.T) {
	var g guard
	g.expect(peerAddr, false)
	g.admit(peerAddr, header{}, 0)
	if g.expect(peerAddr, false) {
		t.Error("opened for the same peer")
	}
	if !g.expect(otherHost, false) {
		t.Error("stayed shut for another peer")
	}
	if ok, _ := g.admit(peerAddr, header{}, 0); ok {
		t.Error("the peer before is still heard")
	}
	g.expect(peerAddr, true)
	for seq := range uint16(3) {
		g.admit(otherHost, header{seq: seq}, 0)
	}
	if !g.expect(peerAddr, true) {
		t.Error("a peer behind NAT may have moved")
	}
	if ok, _ := g.admit(otherHost, header{seq: 9}, 0); !ok {
		t.Error("a peer behind NAT that stayed has to prove itself again")
	}
}

func TestIncomingCountsAsRFC3550(t *testing.T) {
	for _, tc := range []struct {
		name     string
		seqs     []int
		lost     int64
		packets  uint64
		suspects int
	}{
		{"in order over the wrap", []int{65534, 65535, 0, 1}, 0, 4, 0},
		{"one lost", []int{10, 11, 13}, 1, 3, 0},
		{"reordered", []int{10, 12, 11, 13}, 0, 4, 0},
		{"twice the same", []int{10, 11, 11, 12}, -1, 4, 0},
		{"jump that is none", []int{10, 11, 20000, 12}, 0, 3, 1},
		{"jump that is one", []int{10, 12, 20000, 20001, 20002}, 1, 4, 1},
		{"late over the wrap", []int{65535, 1, 0, 2}, 0, 4, 0},
	} {
		var in incoming
		suspects := 0
		for _, seq := range tc.seqs {
			if in.sequence(7, uint16(seq)) == suspect {
				suspects++
			}
		}
		if lost := in.pastLost + in.lost(); lost != tc.lost || in.packets != tc.packets || suspects != tc.suspects {
			t.Errorf("%s: lost %d, packets %d, suspects %d, want %d, %d, %d", tc.name, lost, in.packets, suspects, tc.lost, tc.packets, tc.suspects)
		}
	}
}

func TestAnotherSSRCIsBelievedWithItsSecondPacket(t *testing.T) {
	var in incoming
	for i, step := range []struct {
		ssrc uint32
		seq  uint16
		want verdict
	}{
		{1, 10, fresh}, {1, 11, fine}, {2, 500, suspect}, {1, 12, fine}, {2, 700, suspect}, {2, 701, fresh}, {2, 702, fine},
	} {
		if got := in.sequence(step.ssrc, step.seq); got != step.want {
			t.Errorf("packet %d: %v, want %v", i, got, step.want)
		}
	}
}

func TestJitterIsThatOfRFC3550(t *testing.T) {
	var in incoming
	for i := range uint32(1000) {
		in.arrived(160*i, 160*i+40*(i%2)) // every difference is 40 units: 5 ms
	}
	if got := in.jitterTime(8000); got < 4500*time.Microsecond || got > 5*time.Millisecond {
		t.Errorf("jitter %v, want just below 5 ms", got)
	}
	before := in.jitter
	in.arrived(5, 1<<31)
	in.arrived(1<<31, 0)
	if in.jitter > before+before/8 {
		t.Errorf("a clock set anew made jitter %v", in.jitterTime(8000))
	}
}

func TestOutgoingHasNoBreak(t *testing.T) {
	o := outgoing{ssrc: 9, nextSeq: 65530, timestamp: 0xffffff00}
	now := time.Duration(0)
	var sent []header
	forward := func(f feed, seq uint16, ts uint32) bool {
		now += 20 * time.Millisecond
		h, ok := o.forward(header{seq: seq, timestamp: ts, ssrc: 5}, f, true, now, 8000)
		if ok {
			sent = append(sent, h)
		}
		return ok
	}
	own := func(f feed) {
		now += 20 * time.Millisecond
		sent = append(sent, o.own(f, now, 8000))
	}
	own(1)
	own(1)
	forward(2, 100, 7000)
	forward(2, 101, 7160)
	if forward(2, 99, 6840) {
		t.Error("a packet from before the switch went through: its number is taken")
	}
	o.suppress(header{seq: 102}, 2)
	o.suppress(header{seq: 103}, 2)
	forward(2, 104, 7640)
	own(3)
	forward(4, 3, 1)
	forward(4, 4, 161)
	for i, h := range sent {
		if h.ssrc != 9 || h.seq != 65530+uint16(i) {
			t.Errorf("packet %d: %+v", i, h)
		}
		if i > 0 && int32(h.timestamp-sent[i-1].timestamp) < 160 {
			t.Errorf("packet %d: timestamp %d after %d", i, h.timestamp, sent[i-1].timestamp)
		}
		if first := i == 0 || i == 2 || i == 5 || i == 6; h.marker != first {
			t.Errorf("packet %d: marker %v", i, h.marker)
		}
	}
	if len(sent) != 8 {
		t.Errorf("%d packets", len(sent))
	}
}

func TestOutgoingNeverUsesANumberTwice(t *testing.T) {
	o := outgoing{nextSeq: 1000}
	used := map[uint16]bool{}
	for i, seq := range []int{10, 12, 11, 13, 15, 14, 17, 16, 18} {
		if i%4 == 3 {
			o.suppress(header{seq: uint16(seq)}, 1)
			continue
		}
		h, ok := o.forward(header{seq: uint16(seq)}, 1, true, 0, 8000)
		if ok && used[h.seq] {
			t.Errorf("packet %d: number %d again", seq, h.seq)
		}
		used[h.seq] = used[h.seq] || ok
	}
}

func TestSuccessorsOfALongStreamAreNotTakenForLate(t *testing.T) {
	var o outgoing
	for i := range 200_000 {
		if _, ok := o.forward(header{seq: uint16(i)}, 1, true, 0, 8000); !ok {
			t.Fatalf("packet %d was late", i)
		}
	}
}

func TestPortsAreDealtAndRest(t *testing.T) {
	pools := split(20001, 20012, 3)
	all := slices.Concat(pools...)
	if len(pools) != 3 || !slices.Equal(all, []uint16{20002, 20004, 20006, 20008, 20010}) {
		t.Errorf("dealt %v", pools)
	}
	if got := split(65534, 65535, 1); !slices.Equal(got[0], []uint16{65534}) {
		t.Errorf("last pair: %v", got)
	}
	p := newPorts([]uint16{2, 4}, 20*time.Second)
	first, _ := p.take(0)
	second, _ := p.take(0)
	if first == second {
		t.Error("one port twice")
	}
	if _, ok := p.take(0); ok {
		t.Error("a third of two ports")
	}
	p.put(first, time.Second)
	if _, ok := p.take(20 * time.Second); ok {
		t.Error("taken while it rests")
	}
	if free, used, rests := p.count(20 * time.Second); free != 0 || used != 1 || rests != 1 {
		t.Errorf("%d free, %d used, %d resting", free, used, rests)
	}
	if got, ok := p.take(21 * time.Second); !ok || got != first {
		t.Errorf("after the rest: %d, %v", got, ok)
	}
}

func TestWheelSpreadsAndKeepsPace(t *testing.T) {
	var w wheel
	streams := make([]*Stream, 40)
	turns := make(map[*Stream][]time.Duration)
	if _, ok := w.due(); ok {
		t.Error("an empty wheel is due")
	}
	for i := range streams {
		streams[i] = &Stream{slot: -1}
		w.add(streams[i], 5*time.Millisecond)
		w.add(streams[i], 5*time.Millisecond)
	}
	for i, slot := range w.slots {
		if len(slot) != 2 {
			t.Errorf("slot %d has %d streams, want 2", i, len(slot))
		}
	}
	for now := 5 * time.Millisecond; now < 105*time.Millisecond; {
		due, ok := w.due()
		if !ok || due != now+time.Millisecond {
			t.Fatalf("due at %v, %v", due, ok)
		}
		now = due
		w.run(now, func(st *Stream, now time.Duration) {
			turns[st] = append(turns[st], now)
			if st == streams[7] {
				w.remove(st)
				w.remove(st)
			}
		})
	}
	for i, st := range streams {
		want := 5
		if i == 7 {
			want = 1
		}
		if len(turns[st]) != want {
			t.Errorf("stream %d had %d turns, want %d", i, len(turns[st]), want)
		}
		for k := 1; k < len(turns[st]); k++ {
			if d := turns[st][k] - turns[st][k-1]; d != 20*time.Millisecond {
				t.Errorf("stream %d: turns %v apart", i, d)
			}
		}
	}
	if w.late != 0 {
		t.Errorf("%d late ticks", w.late)
	}
	ran := 0
	w.run(10*time.Second, func(*Stream, time.Duration) { ran++ })
	if w.late == 0 || ran > 2*len(streams) {
		t.Errorf("after a long stop: %d turns, %d late", ran, w.late)
	}
}

func TestWatchTellsOnce(t *testing.T) {
	c := Config{}.withDefaults() // 30 s at first, 60 s later
	first, later := c.FirstMedia, c.NoMedia
	var w watch
	w.restart(time.Second)
	if _, lost := w.silent(30*time.Second, first, later); lost {
		t.Error("lost before its time")
	}
	if d, lost := w.silent(31*time.Second, first, later); !lost || d != first {
		t.Errorf("%v, %v", d, lost)
	}
	if _, lost := w.silent(99*time.Second, first, later); lost {
		t.Error("told twice")
	}
	w.packet(100 * time.Second)
	w.packet(101 * time.Second)
	w.packet(104 * time.Second)
	w.alive(110 * time.Second)
	w.rest()
	w.packet(150 * time.Second)
	if w.largestGap != 3*time.Second {
		t.Errorf("largest gap %v, want 3 s: hold does not count", w.largestGap)
	}
	if _, lost := w.silent(209*time.Second, first, later); lost {
		t.Error("lost before its time")
	}
	w.alive(205 * time.Second)
	if _, lost := w.silent(211*time.Second, first, later); lost {
		t.Error("lost in spite of a report")
	}
	if _, lost := w.silent(265*time.Second, first, later); !lost {
		t.Error("never lost")
	}
}

func TestReportIsThatOfPion(t *testing.T) {
	r := report{
		ssrc: 1, sending: true, ntp: ntpTime(time.Unix(1_700_000_000, 500_000_000)), rtp: 3, packets: 4, octets: 5, hasPeer: true,
		block: block{ssrc: 6, fraction: 7, lost: -8, highest: 9, jitter: 10, lsr: 11, dlsr: 12}, bye: true,
	}
	copy(r.cname[:], "0123456789abcdef")
	var b [rtcpSize]byte
	packets, err := rtcp.Unmarshal(b[:r.put(b[:])])
	if err != nil || len(packets) != 3 {
		t.Fatalf("%d packets, %v", len(packets), err)
	}
	sr := packets[0].(*rtcp.SenderReport)
	if sr.SSRC != 1 || sr.NTPTime>>32 != 1_700_000_000+2208988800 || uint32(sr.NTPTime) != 1<<31 || sr.RTPTime != 3 || sr.PacketCount != 4 || sr.OctetCount != 5 {
		t.Errorf("sender report %+v", sr)
	}
	if want := (rtcp.ReceptionReport{SSRC: 6, FractionLost: 7, TotalLost: 0xfffff8, LastSequenceNumber: 9, Jitter: 10, LastSenderReport: 11, Delay: 12}); sr.Reports[0] != want {
		t.Errorf("block %+v, want %+v", sr.Reports[0], want)
	}
	if got := packets[1].(*rtcp.SourceDescription).Chunks[0]; got.Source != 1 || got.Items[0].Type != rtcp.SDESCNAME || got.Items[0].Text != "0123456789abcdef" {
		t.Errorf("description %+v", got)
	}
	if got := packets[2].(*rtcp.Goodbye); !slices.Equal(got.Sources, []uint32{1}) {
		t.Errorf("goodbye %+v", got)
	}
}

func TestRoundTripIsBelievedOnlyIfPossible(t *testing.T) {
	now := ntpTime(time.Unix(1000, 0))
	for _, tc := range []struct {
		lsr, dlsr uint32
		want      time.Duration
	}{
		{0, 0, 0},
		{middle(now) - 1<<16, 1 << 15, 500 * time.Millisecond},
		{middle(now) - 1<<16, 1 << 17, 0},            // answered before it was asked
		{middle(now) - 600<<16, 1, 0},                // ten minutes
		{middle(now) - 1<<16, 1 << 16, 0},            // at once
		{middle(now) - 1<<15, 0xffffffff, 500015258}, // wraps by one unit
	} {
		if got := (block{lsr: tc.lsr, dlsr: tc.dlsr}).roundTrip(now); got != tc.want {
			t.Errorf("%d, %d: %v, want %v", tc.lsr, tc.dlsr, got, tc.want)
		}
	}
}

func TestPauseIsSpread(t *testing.T) {
	if lo, hi := pause(5*time.Second, 0), pause(5*time.Second, 0.999); lo < 2*time.Second || hi > 6200*time.Millisecond || hi < 3*lo-time.Second {
		t.Errorf("reports %v to %v apart", lo, hi)
	}
}

func FuzzRTP(f *testing.F) {
	f.Add([]byte{0x80, 8, 0, 1, 0, 0, 0, 160, 1, 2, 3, 4, 0xd5, 0xd5}, false)
	f.Add([]byte{0x80, 0xe5, 0, 1, 0, 0, 0, 160, 1, 2, 3, 4, 5, 0x8a, 3, 32}, true)
	f.Add([]byte{0xb1, 0, 0, 1, 0, 0, 0, 160, 1, 2, 3, 4, 9, 9, 9, 9, 0xbe, 0xde, 0, 1, 1, 2, 3, 4, 7, 7, 0, 2}, false)
	f.Add([]byte{0x9f, 0, 0, 1, 0, 0, 0, 160, 1, 2, 3, 4, 9}, true)
	f.Add([]byte{0xa0, 0, 0, 1, 0, 0, 0, 160, 1, 2, 3, 4, 0}, true)
	f.Fuzz(func(t *testing.T, b []byte, nat bool) {
		p, ok := parse(b)
		if !ok {
			return
		}
		if p.start < headerSize || p.end > len(b) || p.start >= p.end {
			t.Fatalf("payload %d to %d of %d", p.start, p.end, len(b))
		}
		h, payload := p.header, bytes.Clone(p.payload())
		var theirs rtp.Packet
		if err := theirs.Unmarshal(b); err == nil && !theirs.Padding && b[0]&0x10 == 0 && !bytes.Equal(theirs.Payload, payload) {
			t.Errorf("payload %x, pion says %x", payload, theirs.Payload)
		}
		again, ok := parse(p.relabel(h))
		if !ok || again.header != h || !bytes.Equal(again.payload(), payload) {
			t.Errorf("%+v came back as %+v, %v", h, again.header, ok)
		}
		var g guard
		g.expect(peerAddr, nat)
		if ok, _ := g.admit(otherHost, h, 0); ok {
			t.Error("a stranger was believed with one packet")
		}
		var in incoming
		var o outgoing
		in.sequence(h.ssrc, h.seq)
		in.sequence(h.ssrc, h.seq+1)
		in.arrived(h.timestamp, 0)
		first, ok1 := o.forward(h, 1, true, 0, 8000)
		h.seq++
		second, ok2 := o.forward(h, 1, true, 0, 8000)
		if !ok1 || !ok2 || second.seq != first.seq+1 || in.lost() != 0 {
			t.Errorf("%+v was followed by %+v, %d lost", first, second, in.lost())
		}
	})
}

func FuzzRTCP(f *testing.F) {
	var b [rtcpSize]byte
	r := report{ssrc: 1, sending: true, ntp: 1 << 40, hasPeer: true, block: block{ssrc: 2, lost: -5, lsr: 9}}
	f.Add(bytes.Clone(b[:r.put(b[:])]))
	r.bye, r.sending = true, false
	f.Add(bytes.Clone(b[:r.put(b[:])]))
	f.Add([]byte{0x81, 200, 0, 1, 0, 0, 0, 0})
	f.Add([]byte{0x80, 201, 0, 0, 0x80, 203, 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		h, ok := readReports(b, 2)
		if !ok || !h.hasAbout {
			return
		}
		if rtt := h.about.roundTrip(1 << 50); rtt < 0 || rtt > maxRoundTrip {
			t.Errorf("round trip %v", rtt)
		}
		var printed [rtcpSize]byte
		r := report{ssrc: h.sender, hasPeer: true, block: h.about}
		again, ok := readReports(printed[:r.put(printed[:])], 2)
		if !ok || again.about != h.about || again.sender != h.sender {
			t.Errorf("%+v came back as %+v", h, again)
		}
	})
}
