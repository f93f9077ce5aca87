package rtpio_test

import (
	"errors"
	"net"
	"net/netip"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pion/rtcp"

	"tandem/sipmedia/codec"
	"tandem/sipmedia/rtpio"
)

func TestMediaLostIsToldOnceAndNotOnHold(t *testing.T) {
	e := engine(t, func(c *rtpio.Config) { c.FirstMedia, c.NoMedia = 60*time.Millisecond, 120*time.Millisecond })
	p, h := newPeer(t, codec.PCMA, "127.0.0.1"), newEar()
	st := p.call(e, rtpio.Options{Handler: h})
	if got := next[mediaLost](t, h); got.d < 60*time.Millisecond || got.d > time.Second {
		t.Errorf("lost after %v, want 60 ms", got.d)
	}
	p.say(frames(700, 1)[0])
	next[mediaStarted](t, h)
	if got := next[mediaLost](t, h); got.d < 120*time.Millisecond {
		t.Errorf("lost after %v, want 120 ms", got.d)
	}
	held := p.setup()
	held.Receive = false
	if err := st.Setup(held); err != nil {
		t.Fatal(err)
	}
	p.say(frames(700, 1)[0])
	st.Play(rtpio.Playback{Source: forever(600)})
	p.hearClip(15) // 300 ms of hold music
	st.Close()
	none[mediaLost](t, h)
}

func TestReportsKeepAPeerAlive(t *testing.T) {
	e := engine(t, func(c *rtpio.Config) { c.FirstMedia, c.NoMedia = 300*time.Millisecond, 300*time.Millisecond })
	p, h := newPeer(t, codec.PCMA, "127.0.0.1"), newEar()
	st := p.call(e, rtpio.Options{Handler: h})
	st.Play(rtpio.Playback{Source: forever(600)})
	for range 30 { // 600 ms
		p.hear()
		p.report(&rtcp.ReceiverReport{SSRC: p.ssrc})
	}
	st.Close()
	none[mediaLost](t, h)
}

// report sends a compound to the stream's RTCP port.
func (p *peer) report(packets ...rtcp.Packet) {
	p.t.Helper()
	b, err := rtcp.Marshal(packets)
	if err != nil {
		p.t.Fatal(err)
	}
	to := p.to
	if _, err := p.rtcp.WriteToUDPAddrPort(b, nextPort(to)); err != nil {
		p.t.Fatal(err)
	}
}

// hearReport waits for a compound and checks that pion understands it.
func (p *peer) hearReport() []rtcp.Packet {
	p.t.Helper()
	b := make([]byte, 2048)
	_ = p.rtcp.SetReadDeadline(time.Now().Add(patience))
	n, _, err := p.rtcp.ReadFromUDPAddrPort(b)
	if err != nil {
		p.t.Fatal(err)
	}
	packets, err := rtcp.Unmarshal(b[:n])
	if err != nil {
		p.t.Fatal(err)
	}
	if err := rtcp.CompoundPacket(packets).Validate(); err != nil {
		p.t.Fatalf("compound: %v", err)
	}
	return packets
}

func TestReportsTellLossJitterAndRoundTrip(t *testing.T) {
	e := engine(t, func(c *rtpio.Config) { c.RTCPInterval = 40 * time.Millisecond })
	a, b := newPeer(t, codec.PCMA, "127.0.0.1"), newPeer(t, codec.PCMA, "127.0.0.1")
	sa, _ := bridged(t, e, a, b, nil, nil)
	talk(a, b, 700, 1300, 5)
	a.seq += 40 // over the wrap
	talk(a, b, 700, 1300, 5)

	var sr *rtcp.SenderReport
	for sr == nil || len(sr.Reports) == 0 || sr.Reports[0].TotalLost == 0 {
		b.say(frames(1300, 1)[0]) // so that A is sent something to report on
		var ok bool
		if sr, ok = a.hearReport()[0].(*rtcp.SenderReport); !ok {
			sr = nil
		}
	}
	if r := sr.Reports[0]; r.SSRC != a.ssrc || r.TotalLost != 40 || r.LastSequenceNumber != 0x10000|uint32(a.seq-1) {
		t.Errorf("report block %+v, want 40 lost up to %d", r, a.seq-1)
	}
	a.report(&rtcp.ReceiverReport{SSRC: a.ssrc, Reports: []rtcp.ReceptionReport{{
		SSRC: sr.SSRC, FractionLost: 64, TotalLost: 3, Jitter: 80,
		LastSenderReport: uint32(sr.NTPTime >> 16), Delay: 0,
	}}})
	deadline := time.Now().Add(patience)
	r := sa.Report()
	for r.RemoteLost == 0 && time.Now().Before(deadline) {
		runtime.Gosched()
		r = sa.Report()
	}
	if r.RemoteLost != 3 || r.RemoteFraction != 0.25 || r.RemoteJitter != 10*time.Millisecond {
		t.Errorf("remote view %+v, want 3 lost, a quarter, 10 ms", r)
	}
	if r.RTT <= 0 || r.RTT > time.Second {
		t.Errorf("round trip %v", r.RTT)
	}
	if r.Received != 10 || r.Lost != 40 || r.Codec != "PCMA" || r.First.IsZero() || r.Last.Before(r.First) {
		t.Errorf("report %+v", r)
	}
}

func TestReportsShareThePortIfAgreed(t *testing.T) {
	e := engine(t, func(c *rtpio.Config) { c.RTCPInterval = 40 * time.Millisecond })
	p := newPeer(t, codec.PCMA, "127.0.0.1")
	st := p.call(e, rtpio.Options{}, func(s *rtpio.Setup) { s.RTCPMux = true })
	p.say(frames(700, 1)[0])
	b := make([]byte, 2048)
	_ = p.rtp.SetReadDeadline(time.Now().Add(patience))
	n, err := p.rtp.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	packets, err := rtcp.Unmarshal(b[:n])
	if err != nil {
		t.Fatal(err)
	}
	rr, ok := packets[0].(*rtcp.ReceiverReport) // nothing was sent
	if !ok || len(rr.Reports) != 1 || rr.Reports[0].SSRC != p.ssrc {
		t.Fatalf("%v", packets[0])
	}
	answer, err := rtcp.Marshal([]rtcp.Packet{&rtcp.ReceiverReport{SSRC: p.ssrc, Reports: []rtcp.ReceptionReport{{SSRC: rr.SSRC, TotalLost: 9}}}})
	if err != nil {
		t.Fatal(err)
	}
	p.raw(answer)
	deadline := time.Now().Add(patience)
	for st.Report().RemoteLost != 9 {
		if time.Now().After(deadline) {
			t.Fatal("report on the RTP port was not read")
		}
		runtime.Gosched()
	}
}

func TestReportsAreSentWhereThePeersComeFrom(t *testing.T) {
	e := engine(t, func(c *rtpio.Config) { c.RTCPInterval = 40 * time.Millisecond })
	p, elsewhere := newPeer(t, codec.PCMA, "127.0.0.1"), newPeer(t, codec.PCMA, "127.0.0.1")
	p.call(e, rtpio.Options{})
	p.say(frames(700, 1)[0])
	p.hearReport()
	p.rtcp, elsewhere.rtcp = elsewhere.rtcp, p.rtcp
	p.report(&rtcp.ReceiverReport{SSRC: p.ssrc})
	p.hearReport()
}

func TestLastReportSaysGoodbye(t *testing.T) {
	e := engine(t)
	p := newPeer(t, codec.PCMA, "127.0.0.1")
	st := p.call(e, rtpio.Options{})
	st.Play(rtpio.Playback{Source: forever(600)})
	p.hear()
	st.Close()
	packets := p.hearReport()
	if _, ok := packets[len(packets)-1].(*rtcp.Goodbye); !ok {
		t.Errorf("last packet is %T, want a BYE", packets[len(packets)-1])
	}
	sd, ok := packets[1].(*rtcp.SourceDescription)
	if !ok || len(sd.Chunks) != 1 || len(sd.Chunks[0].Items[0].Text) != 16 || strings.Contains(sd.Chunks[0].Items[0].Text, "127") {
		t.Errorf("no proper CNAME: %v", packets[1])
	}
}

func TestClosedPortsRest(t *testing.T) {
	e := engine(t, func(c *rtpio.Config) {
		c.MinPort, c.MaxPort, c.Quarantine, c.Shards = 13000, 13019, 300*time.Millisecond, 3
	})
	var open []*rtpio.Stream
	for {
		st, err := e.Open(rtpio.Options{})
		if errors.Is(err, rtpio.ErrNoPorts) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if st.Port()%2 != 0 || st.Port() < 13000 || st.Port() > 13018 {
			t.Errorf("port %d", st.Port())
		}
		open = append(open, st)
	}
	if len(open) == 0 || len(open) > 10 {
		t.Fatalf("%d streams on 10 port pairs", len(open))
	}
	closed := time.Now()
	freed := open[0].Port()
	open[0].Close()
	open[0].Close()
	for {
		st, err := e.Open(rtpio.Options{})
		if err == nil {
			if rest := time.Since(closed); rest < 300*time.Millisecond {
				t.Errorf("port %d (freed %d) was used again after %v", st.Port(), freed, rest)
			}
			break
		}
		if time.Since(closed) > patience {
			t.Fatal("port did not come back")
		}
		runtime.Gosched()
	}
}

func TestCloseLeavesNothingBehind(t *testing.T) {
	before := runtime.NumGoroutine()
	e := engine(t, func(c *rtpio.Config) { c.Shards = 4 })
	h := newEar()
	var streams []*rtpio.Stream
	for range 20 {
		p := newPeer(t, codec.PCMA, "127.0.0.1")
		st := p.call(e, rtpio.Options{Handler: h})
		st.Play(rtpio.Playback{Source: forever(600)})
		streams = append(streams, st)
	}
	var wg sync.WaitGroup
	for _, st := range streams {
		wg.Go(func() { st.Close() })
		wg.Go(func() { st.Key('1'); st.Play(rtpio.Playback{Source: forever(600)}); st.Report() })
	}
	wg.Go(func() { e.Close() })
	wg.Wait()
	e.Close()
	if s := e.Stats(); s.Streams != 0 || s.PortsInUse != 0 {
		t.Errorf("%d streams and %d ports left", s.Streams, s.PortsInUse)
	}
	if _, err := e.Open(rtpio.Options{}); !errors.Is(err, rtpio.ErrClosed) {
		t.Errorf("open after close: %v", err)
	}
	streams[0].Close()
	for range 20 {
		next[playEnded](t, h)
	}
	deadline := time.Now().Add(patience)
	for runtime.NumGoroutine() > before && time.Now().Before(deadline) {
		runtime.Gosched()
	}
	if n := runtime.NumGoroutine(); n > before {
		t.Errorf("%d goroutines, before %d", n, before)
	}
}

func TestCloseGivesBackEveryDescriptor(t *testing.T) {
	count := func() int {
		t.Helper()
		fds, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return len(fds)
	}
	before := count()
	e := engine(t, func(c *rtpio.Config) { c.Shards = 2 })
	for range 10 {
		if _, err := e.Open(rtpio.Options{}); err != nil {
			t.Fatal(err)
		}
	}
	if count() < before+20 {
		t.Fatal("descriptors are not counted")
	}
	e.Close()
	if after := count(); after != before {
		t.Errorf("%d descriptors, before %d", after, before)
	}
}

func TestSlowHandlerDelaysNobody(t *testing.T) {
	e := engine(t)
	slow, p := newPeer(t, codec.PCMA, "127.0.0.1"), newPeer(t, codec.PCMA, "127.0.0.1")
	stuck := &sticky{ear: newEar(), held: make(chan struct{})}
	s1 := slow.call(e, rtpio.Options{Handler: stuck})
	h := newEar()
	s2 := p.call(e, rtpio.Options{Handler: h, Near: s1})
	for range 100 {
		s1.Key('1')
	}
	s2.Key('2')
	next[keyHeard](t, h)
	id := s1.Play(rtpio.Playback{Source: failing{errors.New("broken")}})
	s1.Report()
	close(stuck.held)
	if got := next[playEnded](t, stuck.ear); got != (playEnded{id, rtpio.PlayFailed}) {
		t.Errorf("got %v, want %v failed", got, id)
	}
	if got := e.Stats().EventsLost; got < 50 || got > 53 {
		t.Errorf("%d events lost, want about 52 keys of 100", got)
	}
}

// sticky is a Handler that hangs in its first key.
type sticky struct {
	*ear
	held chan struct{}
}

func (s *sticky) PlayEnded(id rtpio.PlayID, why rtpio.PlayEnd) { <-s.held; s.ear.PlayEnded(id, why) }
func (s *sticky) MediaLost(d time.Duration)                    { <-s.held; s.ear.MediaLost(d) }
func (s *sticky) Key(k dtmfKey, at time.Time)                  { <-s.held; s.ear.Key(k, at) }

func TestPortsHeldByOthersAreLeftAlone(t *testing.T) {
	e := engine(t, func(c *rtpio.Config) { c.MinPort, c.MaxPort, c.Quarantine = 13100, 13139, time.Hour })
	taken := map[uint16]bool{}
	for _, port := range []int{13100, 13103, 13111} { // one RTP port, two RTCP ports
		if conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port}); err == nil {
			t.Cleanup(func() { conn.Close() })
		} // else somebody else holds it, which is as good
		taken[uint16(port&^1)] = true
	}
	for {
		st, err := e.Open(rtpio.Options{})
		if errors.Is(err, rtpio.ErrNoPorts) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if taken[st.Port()] {
			t.Errorf("port %d belongs to somebody else", st.Port())
		}
	}
	if s := e.Stats(); s.PortsQuarantined < 3 || s.PortsFree != 0 || s.PortsInUse+s.PortsQuarantined != 20 {
		t.Errorf("ports: %d free, %d in use, %d resting", s.PortsFree, s.PortsInUse, s.PortsQuarantined)
	}
}

func TestBadConfigIsRefused(t *testing.T) {
	for _, c := range []rtpio.Config{
		{MinPort: 5000, MaxPort: 5000}, {MinPort: 6000, MaxPort: 5000}, {Addr: netip.MustParseAddr("192.0.2.1")},
	} {
		e, err := rtpio.New(c)
		if err == nil {
			if _, err = e.Open(rtpio.Options{}); err == nil {
				t.Errorf("%+v: accepted", c)
			}
			e.Close()
		}
	}
}
