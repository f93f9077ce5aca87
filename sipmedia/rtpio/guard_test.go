package rtpio_test

import (
	"net/netip"
	"testing"
	"time"

	"tandem/sipmedia/codec"
	"tandem/sipmedia/rtpio"
)

func TestStrangersAreNotHeard(t *testing.T) {
	e := engine(t)
	a, b, stranger := newPeer(t, codec.PCMA, "127.0.0.1"), newPeer(t, codec.PCMA, "127.0.0.1"), newPeer(t, codec.PCMA, "127.0.0.2")
	h := newEar()
	sa, _ := bridged(t, e, a, b, h, nil)
	stranger.to = a.to
	tone := frames(700, 1)[0]
	for range 5 {
		stranger.say(tone)
	}
	a.say(tone) // in the queue behind the stranger's
	b.hear()
	if got := next[mediaStarted](t, h); got.from != a.addr() {
		t.Errorf("media from %v, want %v", got.from, a.addr())
	}
	for range 5 {
		stranger.say(tone) // the kernel discards these
	}
	a.say(tone)
	b.hear()
	if p := b.hearWithin(30 * time.Millisecond); p != nil {
		t.Error("a stranger was heard")
	}
	if got := sa.Report(); got.Received != 2 || got.Remote != a.addr() {
		t.Errorf("received %d packets from %v, want 2 from %v", got.Received, got.Remote, a.addr())
	}
	if got := e.Stats().Dropped["stranger"]; got != 5 {
		t.Errorf("%d packets dropped as strange, want 5", got)
	}
}

func TestPeerBehindNATIsFoundByThreeConsistentPackets(t *testing.T) {
	e := engine(t)
	a, junk := newPeer(t, codec.PCMA, "127.0.0.3"), newPeer(t, codec.PCMA, "127.0.0.2")
	h := newEar()
	st := a.call(e, rtpio.Options{Handler: h}, func(s *rtpio.Setup) {
		s.Remote, s.BehindNAT = netip.MustParseAddrPort("127.0.0.77:40000"), true
	})
	a.to = netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), st.Port())
	junk.to = a.to
	tone := frames(700, 1)[0]
	for range 6 {
		junk.say(tone)
		junk.seq += 5 // never two that belong together
	}
	for range 3 {
		a.say(tone)
	}
	if got := next[mediaStarted](t, h); got.from != a.addr() {
		t.Errorf("media from %v, want %v", got.from, a.addr())
	}
	st.Play(rtpio.Playback{Source: forever(600)})
	a.hear() // symmetric: to where the audio comes from, not to the SDP's address
}

func TestPeerThatMovesIsHeardAgainAfterSetup(t *testing.T) {
	e := engine(t)
	a, moved := newPeer(t, codec.PCMA, "127.0.0.1"), newPeer(t, codec.PCMA, "127.0.0.1")
	h := newEar()
	st := a.call(e, rtpio.Options{Handler: h})
	tone := frames(700, 1)[0]
	a.say(tone)
	next[mediaStarted](t, h)
	s := moved.setup()
	if err := st.Setup(s); err != nil {
		t.Fatal(err)
	}
	moved.to = a.to
	moved.say(tone)
	moved.say(tone)
	if got := next[mediaStarted](t, h); got.from != moved.addr() {
		t.Errorf("media from %v, want %v", got.from, moved.addr())
	}
	st.Play(rtpio.Playback{Source: forever(600)})
	moved.hear()
}

func TestPeerThatSendsFromAnotherPortIsAnsweredWhereItsSDPAsked(t *testing.T) {
	e := engine(t)
	a, other := newPeer(t, codec.PCMA, "127.0.0.1"), newPeer(t, codec.PCMA, "127.0.0.1")
	h := newEar()
	st := a.call(e, rtpio.Options{Handler: h})
	other.to = a.to
	for range 3 {
		other.say(frames(700, 1)[0])
	}
	if got := next[mediaStarted](t, h); got.from != other.addr() {
		t.Errorf("media from %v, want %v", got.from, other.addr())
	}
	st.Play(rtpio.Playback{Source: forever(600)})
	a.hear()
}

// Somebody else on the peer's host may be quicker; the address of the SDP wins.
func TestTheAddressOfTheSDPPutsOutAnotherPortOfItsHost(t *testing.T) {
	e := engine(t)
	a, quick, b := newPeer(t, codec.PCMA, "127.0.0.1"), newPeer(t, codec.PCMA, "127.0.0.1"), newPeer(t, codec.PCMA, "127.0.0.1")
	h := newEar()
	bridged(t, e, a, b, h, nil)
	quick.to = a.to
	tone := frames(700, 1)[0]
	for range 4 {
		quick.say(tone)
	}
	if got := next[mediaStarted](t, h); got.from != quick.addr() {
		t.Fatalf("media from %v, want %v", got.from, quick.addr())
	}
	a.say(tone)
	if got := next[mediaStarted](t, h); got.from != a.addr() {
		t.Errorf("media from %v, want %v", got.from, a.addr())
	}
}

func TestSetupStartsTheTimeOutAgain(t *testing.T) {
	e := engine(t, func(c *rtpio.Config) { c.FirstMedia = 60 * time.Millisecond })
	p, h := newPeer(t, codec.PCMA, "127.0.0.1"), newEar()
	st := p.call(e, rtpio.Options{Handler: h})
	next[mediaLost](t, h) // of early media, say, where that means nothing
	if err := st.Setup(p.setup()); err != nil {
		t.Fatal(err)
	}
	next[mediaLost](t, h)
}

func TestBadSetupIsRefused(t *testing.T) {
	e := engine(t)
	p := newPeer(t, codec.PCMA, "127.0.0.1")
	st := p.call(e, rtpio.Options{})
	for name, change := range map[string]func(*rtpio.Setup){
		"no codec":       func(s *rtpio.Setup) { s.Codec = nil },
		"payload type":   func(s *rtpio.Setup) { s.PayloadType = 128 },
		"event type":     func(s *rtpio.Setup) { s.EventPayloadType = 200 },
		"same types":     func(s *rtpio.Setup) { s.EventPayloadType = s.PayloadType },
		"address family": func(s *rtpio.Setup) { s.Remote = netip.MustParseAddrPort("[::1]:4000") },
	} {
		s := p.setup()
		change(&s)
		if err := st.Setup(s); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestGarbageIsDroppedAndCounted(t *testing.T) {
	e := engine(t)
	a, b := newPeer(t, codec.PCMA, "127.0.0.1"), newPeer(t, codec.PCMA, "127.0.0.1")
	bridged(t, e, a, b, nil, nil)
	for _, junk := range [][]byte{
		{}, {0x80}, make([]byte, 12), make([]byte, 1400), make([]byte, 4000),
		{0x8f, 8, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 9, 9}, // 15 CSRCs that are not there
		{0x90, 8, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 255, 255, 1},
		{0xa0, 8, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 200},
		{0x80, 8, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1},       // no payload
		{0x80, 101, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 5},  // short event
		{0x80, 77, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 5},   // payload type nobody agreed on
		{0x80, 200, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 50}, // RTCP on the RTP port
	} {
		a.raw(junk)
	}
	talk(a, b, 700, 1300, 1)
	if got := e.Stats().Dropped; got["malformed"] != 10 || got["payload-type"] != 2 {
		t.Errorf("dropped %v, want 10 malformed and 2 of unknown type", got)
	}
}
