package rtpio_test

import (
	"errors"
	"runtime"
	"testing"
	"time"

	"tandem/sipmedia/audio"
	"tandem/sipmedia/codec"
	"tandem/sipmedia/dtmf"
	"tandem/sipmedia/rtpio"
)

// bridged opens and joins the streams of two peers.
func bridged(t *testing.T, e *rtpio.Engine, a, b *peer, ha, hb rtpio.Handler) (*rtpio.Stream, *rtpio.Stream) {
	t.Helper()
	sa := a.call(e, rtpio.Options{Handler: ha})
	sb := b.call(e, rtpio.Options{Handler: hb, Near: sa})
	if err := e.Bridge(sa, sb); err != nil {
		t.Fatal(err)
	}
	return sa, sb
}

// hears asserts that a clip holds one tone at about a level and not the other.
func hears(t *testing.T, who string, clip audio.Clip, tone, level, not float64) {
	t.Helper()
	levels := audio.Detect(clip, tone, not)
	if d := levels[0] - level; d < -1 || d > 1 {
		t.Errorf("%s hears %v Hz at %.1f dBm0, want %.1f", who, tone, levels[0], level)
	}
	if levels[1] > level-30 {
		t.Errorf("%s hears %v Hz at %.1f dBm0, it must not", who, not, levels[1])
	}
}

func TestEachPartyHearsOnlyTheOther(t *testing.T) {
	for _, tc := range []struct {
		name string
		a, b *codec.Codec
		bind string
		ip   string
	}{
		{"PCMA to PCMA", codec.PCMA, codec.PCMA, "127.0.0.1", "127.0.0.1"},
		{"PCMU to PCMU", codec.PCMU, codec.PCMU, "0.0.0.0", "127.0.0.1"},
		{"PCMU to PCMA", codec.PCMU, codec.PCMA, "127.0.0.1", "127.0.0.1"},
		{"PCMA to PCMA by IPv6", codec.PCMA, codec.PCMA, "::1", "::1"},
		{"PCMA to PCMU by IPv4 on ::", codec.PCMA, codec.PCMU, "::", "127.0.0.1"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := engine(t, onAddr(tc.bind))
			a, b := newPeer(t, tc.a, tc.ip), newPeer(t, tc.b, tc.ip)
			bridged(t, e, a, b, nil, nil)
			heardA, heardB := talk(a, b, 700, 1300, 50)
			hears(t, "A", heardA, 1300, -10, 700)
			hears(t, "B", heardB, 700, -10, 1300)
			if got := e.Stats(); got.Forwarded != 100 || got.Bridged != 2 {
				t.Errorf("forwarded %d packets on %d streams, want 100 on 2", got.Forwarded, got.Bridged)
			}
		})
	}
}

func TestSameCodecIsForwardedByteForByte(t *testing.T) {
	e := engine(t)
	a, b := newPeer(t, codec.PCMA, "127.0.0.1"), newPeer(t, codec.PCMA, "127.0.0.1")
	bridged(t, e, a, b, nil, nil)
	tone := frames(700, 1)[0]
	a.say(tone)
	packet := b.hear()
	if packet.SSRC == a.ssrc {
		t.Error("the peer's SSRC went through")
	}
	want := make([]byte, len(tone))
	codec.PCMA.Encode(want, tone)
	if string(packet.Payload) != string(want) {
		t.Error("payload was changed")
	}
}

func TestOneSideOnHoldHearsNothing(t *testing.T) {
	e := engine(t)
	a, b := newPeer(t, codec.PCMA, "127.0.0.1"), newPeer(t, codec.PCMA, "127.0.0.1")
	sa, _ := bridged(t, e, a, b, nil, nil)
	talk(a, b, 700, 1300, 2)

	held := a.setup()
	held.Send = false // A hears nothing, but may speak
	if err := sa.Setup(held); err != nil {
		t.Fatal(err)
	}
	b.say(frames(1300, 1)[0])
	a.say(frames(700, 1)[0])
	b.hear()
	if p := a.hearWithin(50 * time.Millisecond); p != nil {
		t.Error("a held peer was sent audio")
	}
	if got := e.Stats().Dropped["hold"]; got != 1 {
		t.Errorf("%d packets dropped for hold, want 1", got)
	}
	held.Send, held.Receive = true, false
	if err := sa.Setup(held); err != nil {
		t.Fatal(err)
	}
	a.say(frames(700, 1)[0])
	b.say(frames(1300, 1)[0])
	a.hear()
	if p := b.hearWithin(50 * time.Millisecond); p != nil {
		t.Error("a peer that is not to be heard was heard")
	}
}

func TestWhatWasNotForwardedShowsAsNoLoss(t *testing.T) {
	for _, tc := range []struct {
		name       string
		stop, goOn func(*testing.T, *rtpio.Engine, *rtpio.Stream, *rtpio.Stream, rtpio.Setup)
	}{
		{"hold", func(t *testing.T, _ *rtpio.Engine, sa, _ *rtpio.Stream, s rtpio.Setup) {
			s.Send = false
			if err := sa.Setup(s); err != nil {
				t.Fatal(err)
			}
		}, func(t *testing.T, _ *rtpio.Engine, sa, _ *rtpio.Stream, s rtpio.Setup) {
			if err := sa.Setup(s); err != nil {
				t.Fatal(err)
			}
		}},
		{"unbridged", func(_ *testing.T, e *rtpio.Engine, sa, sb *rtpio.Stream, _ rtpio.Setup) {
			e.Unbridge(sb, sa)
		}, func(t *testing.T, e *rtpio.Engine, sa, sb *rtpio.Stream, _ rtpio.Setup) {
			if err := e.Bridge(sb, sa); err != nil {
				t.Fatal(err)
			}
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := engine(t)
			a, b := newPeer(t, codec.PCMA, "127.0.0.1"), newPeer(t, codec.PCMA, "127.0.0.1")
			sa, sb := bridged(t, e, a, b, nil, nil)
			tone := frames(1300, 1)[0]
			b.say(tone)
			before := a.hear()
			tc.stop(t, e, sa, sb, a.setup())
			for range 10 {
				b.say(tone)
			}
			deadline := time.Now().Add(patience)
			for sb.Report().Received < 11 && time.Now().Before(deadline) {
				runtime.Gosched()
			}
			tc.goOn(t, e, sa, sb, a.setup())
			b.say(tone)
			if p := a.hear(); p.SequenceNumber != before.SequenceNumber+1 || !p.Marker || p.Timestamp-before.Timestamp < 160 {
				t.Errorf("%v after %v", p.Header, before.Header)
			}
		})
	}
}

func TestNumbersGoOnWithoutABreakAcrossSources(t *testing.T) {
	e := engine(t)
	a, b := newPeer(t, codec.PCMA, "127.0.0.1"), newPeer(t, codec.PCMA, "127.0.0.1")
	h := newEar()
	sa, sb := bridged(t, e, a, b, nil, h)
	heard := []*rtpPacket{}
	collect := func(n int) {
		t.Helper()
		for range n {
			heard = append(heard, b.hear())
		}
	}
	say := func(n int) {
		t.Helper()
		for _, f := range frames(700, n) {
			a.say(f)
			collect(1)
		}
	}
	play := func(n int) {
		t.Helper()
		sb.Play(rtpio.Playback{Source: audio.Tone(8000, time.Duration(n)*20*time.Millisecond, -10, 500).Source(false)})
		collect(n)
		next[playEnded](t, h)
	}
	play(3)
	say(3)
	play(3)
	a.ssrc, a.seq, a.ts = a.ssrc+1, 7, 12345 // the peer begins anew: its first packet is only believed with the second
	a.say(frames(700, 1)[0])
	say(3)
	e.Unbridge(sa, sb)
	play(3)

	marks := map[int]bool{0: true, 3: true, 6: true, 9: true, 12: true}
	for i, p := range heard {
		if p.Marker != marks[i] {
			t.Errorf("packet %d: marker %v, want %v", i, p.Marker, marks[i])
		}
		if i == 0 {
			continue
		}
		before := heard[i-1]
		if p.SequenceNumber != before.SequenceNumber+1 || p.SSRC != before.SSRC {
			t.Errorf("packet %d: sequence %d after %d", i, p.SequenceNumber, before.SequenceNumber)
		}
		if step := p.Timestamp - before.Timestamp; step < 160 || step > 8000 || !marks[i] && step != 160 {
			t.Errorf("packet %d: timestamp moved by %d", i, step)
		}
	}
}

func TestLossOfABridgedPeerStaysAGap(t *testing.T) {
	e := engine(t)
	a, b := newPeer(t, codec.PCMA, "127.0.0.1"), newPeer(t, codec.PCMA, "127.0.0.1")
	bridged(t, e, a, b, nil, nil)
	tone := frames(700, 1)[0]
	a.say(tone)
	first := b.hear()
	a.seq, a.ts = a.seq+2, a.ts+320
	a.say(tone)
	if p := b.hear(); p.SequenceNumber != first.SequenceNumber+3 || p.Timestamp != first.Timestamp+480 {
		t.Errorf("sequence moved by %d, timestamp by %d, want 3 and 480", p.SequenceNumber-first.SequenceNumber, p.Timestamp-first.Timestamp)
	}
}

func TestKeysCrossABridgeWithTheOtherSidesPayloadType(t *testing.T) {
	e := engine(t)
	a, b := newPeer(t, codec.PCMA, "127.0.0.1"), newPeer(t, codec.PCMU, "127.0.0.1")
	h := newEar()
	sa := a.call(e, rtpio.Options{Handler: h})
	sb := b.call(e, rtpio.Options{Near: sa}, func(s *rtpio.Setup) { s.EventPayloadType = 96 })
	if err := e.Bridge(sa, sb); err != nil {
		t.Fatal(err)
	}
	a.say(frames(700, 1)[0])
	before := b.hear()
	a.press('7')
	if got := next[keyHeard](t, h); got.key != '7' {
		t.Errorf("key %v, want 7", got.key)
	}
	var r dtmf.Receiver
	for i := range 7 { // 100 ms: five packets, the last one three times
		p := b.hear()
		if p.PayloadType != 96 || p.SequenceNumber != before.SequenceNumber+1+uint16(i) || p.Timestamp != before.Timestamp+160 {
			t.Fatalf("event packet %d: %v, after %v", i, p.Header, before.Header)
		}
		ev, err := dtmf.ParseEvent(p.Payload)
		if err != nil {
			t.Fatal(err)
		}
		if k, edge := r.Packet(ev, p.Marker, p.Timestamp); i == 0 && (k != '7' || edge != dtmf.Down || !p.Marker) {
			t.Errorf("first event packet: key %v, edge %v, marker %v", k, edge, p.Marker)
		}
	}
	if r.Duration() != 800 {
		t.Errorf("key lasted %d, want 800", r.Duration())
	}
}

// A peer that answers our offer of 101 with 96 takes keys with 96 and sends
// them with 101.
func TestAPeerMaySendKeysWithAnotherPayloadTypeThanItTakes(t *testing.T) {
	e := engine(t)
	a := newPeer(t, codec.PCMA, "127.0.0.1")
	h := newEar()
	a.call(e, rtpio.Options{Handler: h}, func(s *rtpio.Setup) { s.EventPayloadType, s.EventsFrom = 96, keyType })
	a.say(frames(700, 1)[0])
	a.press('7')
	if got := next[keyHeard](t, h); got.key != '7' {
		t.Errorf("key %v, want 7", got.key)
	}
}

func TestKeysThatTheOtherSideDoesNotTakeLeaveNoGap(t *testing.T) {
	e := engine(t)
	a, b := newPeer(t, codec.PCMA, "127.0.0.1"), newPeer(t, codec.PCMA, "127.0.0.1")
	h := newEar()
	sa := a.call(e, rtpio.Options{Handler: h})
	sb := b.call(e, rtpio.Options{Near: sa}, func(s *rtpio.Setup) { s.EventPayloadType = 0 })
	if err := e.Bridge(sa, sb); err != nil {
		t.Fatal(err)
	}
	tone := frames(700, 1)[0]
	a.say(tone)
	before := b.hear()
	a.press('7')
	next[keyHeard](t, h)
	a.say(tone)
	if p := b.hear(); p.SequenceNumber != before.SequenceNumber+1 || p.PayloadType != codec.PCMA.PayloadType {
		t.Errorf("after the key: %v, before: %v", p.Header, before.Header)
	}
	if got := e.Stats().Dropped["no-events"]; got != 7 {
		t.Errorf("%d packets dropped for no-events, want 7", got)
	}
}

func TestBridgeRefusesStreamsOfTwoShards(t *testing.T) {
	e, other := engine(t, func(c *rtpio.Config) { c.Shards = 2 }), engine(t)
	a, b := newPeer(t, codec.PCMA, "127.0.0.1"), newPeer(t, codec.PCMA, "127.0.0.1")
	sa, sb := a.call(e, rtpio.Options{}), b.call(other, rtpio.Options{})
	if err := e.Bridge(sa, sb); !errors.Is(err, rtpio.ErrShards) {
		t.Errorf("got %v, want ErrShards", err)
	}
	near := b.call(e, rtpio.Options{Near: sa})
	if err := e.Bridge(sa, near); err != nil {
		t.Errorf("near streams: %v", err)
	}
	if _, err := other.Open(rtpio.Options{Near: sa}); !errors.Is(err, rtpio.ErrShards) {
		t.Errorf("near a stream of another engine: got %v, want ErrShards", err)
	}
	near.Close()
	if err := e.Bridge(sa, near); !errors.Is(err, rtpio.ErrClosed) {
		t.Errorf("closed stream: got %v, want ErrClosed", err)
	}
}
