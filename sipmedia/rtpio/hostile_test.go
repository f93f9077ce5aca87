package rtpio

import (
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"tandem/sipmedia/audio"
	"tandem/sipmedia/codec"
)

// A peer that is believed sends anything at all, while everything that can run runs. Afterwards the call goes on.
func TestHostilePeerHarmsOnlyItself(t *testing.T) {
	b := newBench(t)
	pa, pb := b.phone(codec.PCMA), b.phone(codec.PCMU)
	if err := pa.st.join(pb.st); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(7, 8))
	now := b.shard.engine.now()
	sink := &nothing{}
	pa.st.startHearing(sink, now)
	pb.st.startHearing(sink, now)
	from := pa.st.guard.latched
	buf, drained := make([]byte, packetSize), make([]byte, packetSize)
	types := []byte{0, 8, 13, 101, 0x80 | 101, 0x80 | 8, 200, 201, 203}
	for i := range 50_000 {
		n := r.IntN(200)
		for k := range n {
			buf[k] = byte(r.Uint32())
		}
		if n > 12 && r.IntN(4) > 0 { // most look right at first sight
			buf[0], buf[1] = 0x80|byte(r.IntN(2)*0x10)|byte(r.IntN(2)*0x20), types[r.IntN(len(types))]
			header{payloadType: buf[1] & 0x7f, marker: buf[1]&0x80 != 0, seq: uint16(i / 3), timestamp: uint32(i * 53), ssrc: uint32(r.IntN(2))}.put(buf)
			if buf[1] >= 200 {
				buf[2], buf[3] = 0, byte(r.IntN(n/4))
			}
		}
		switch r.IntN(3) {
		case 0:
			pa.st.takeReports(buf[:n], from, now)
		default:
			pa.st.receive(buf[:n], from, now)
		}
		if i%50 == 0 {
			now += 20 * time.Millisecond
			b.shard.wheel.run(now, (*Stream).turn)
			pb.st.lookAfter(now)
			pa.st.lookAfter(now)
			pb.drain(drained)
		}
		switch r.IntN(2000) {
		case 0:
			pb.st.startPlay(PlayID(i+1), Playback{Source: audio.Tone(8000, 100*time.Millisecond, -10, 425).Source(true), BargeIn: true}, now)
		case 1:
			pb.st.endPlay(PlayStopped)
		case 2:
			_ = pb.st.say('5', 60*time.Millisecond, now)
		case 3:
			s := pb.st.setup
			s.Send = !s.Send
			pb.st.agree(s, now)
		}
	}
	s := pb.st.setup
	s.Send = true
	pb.st.agree(s, now)
	pb.st.endPlay(PlayStopped)
	for range 200 { // keys still to be sent
		now += 20 * time.Millisecond
		b.shard.wheel.run(now, (*Stream).turn)
	}
	pb.drain(drained)
	for range 5 { // the first of a new source only makes it suspected
		header{payloadType: pa.payloadType, seq: pa.seq, timestamp: pa.ts, ssrc: 4711}.put(pa.packet)
		pa.seq++
		pa.st.receive(pa.packet, from, now)
	}
	if got := pb.drain(drained); got != 4 {
		t.Errorf("%d packets came through afterwards, want 4", got)
	}
	if rep := pa.st.report(); rep.RTT > maxRoundTrip || rep.Jitter < 0 || rep.Jitter > time.Minute {
		t.Errorf("report %+v", rep)
	}
}

func TestOddAddressesAreNotSentTo(t *testing.T) {
	k := socket{}
	for _, to := range []string{"0.0.0.0:4000", "127.0.0.1:0", "[::1]:4000"} {
		if k.sendTo(netip.MustParseAddrPort(to)); k.toLen != 0 || k.send([]byte{1}) {
			t.Errorf("would send to %v", to)
		}
	}
	var g guard
	g.expect(netip.AddrPort{}, true)
	for seq := range uint16(5) {
		if ok, _ := g.admit(netip.AddrPort{}, header{seq: seq}, 0); ok {
			t.Error("a packet from nowhere was believed")
		}
	}
}
