package rtpio_test

import (
	"errors"
	"net"
	"net/netip"
	"os"
	"testing"
	"time"

	"github.com/pion/rtp"

	"tandem/sipmedia/audio"
	"tandem/sipmedia/codec"
	"tandem/sipmedia/dtmf"
	"tandem/sipmedia/rtpio"
)

// patience is how long a test waits for what must come.
const patience = 3 * time.Second

// keyType is the payload type of telephone-event that peers here use unless told otherwise.
const keyType = 101

// peer is a phone's media side: a port pair on loopback and a numbered stream of packets. It writes and reads RTP with
// pion, not with our own code.
type peer struct {
	t         *testing.T
	rtp, rtcp *net.UDPConn
	to        netip.AddrPort
	codec     *codec.Codec

	ssrc uint32
	seq  uint16
	ts   uint32
}

func newPeer(t *testing.T, c *codec.Codec, ip string) *peer {
	t.Helper()
	for range 50 {
		rtpConn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.ParseIP(ip)})
		if err != nil {
			t.Fatal(err)
		}
		next := &net.UDPAddr{IP: net.ParseIP(ip), Port: rtpConn.LocalAddr().(*net.UDPAddr).Port + 1}
		rtcpConn, err := net.ListenUDP("udp", next)
		if err != nil {
			rtpConn.Close()
			continue
		}
		t.Cleanup(func() { rtpConn.Close(); rtcpConn.Close() })
		return &peer{t: t, rtp: rtpConn, rtcp: rtcpConn, codec: c, ssrc: 0x11110000 + uint32(next.Port), seq: 65500, ts: 4294967000}
	}
	t.Fatal("found no two neighbouring free ports")
	return nil
}

func (p *peer) addr() netip.AddrPort {
	a := p.rtp.LocalAddr().(*net.UDPAddr).AddrPort()
	return netip.AddrPortFrom(a.Addr().Unmap(), a.Port())
}

// setup is what this peer's offer asks for.
func (p *peer) setup() rtpio.Setup {
	return rtpio.Setup{
		Remote: p.addr(), Codec: p.codec, PayloadType: p.codec.PayloadType, EventPayloadType: keyType,
		Send: true, Receive: true, PTime: 20 * time.Millisecond,
	}
}

// call opens a stream and sets it up for the peer.
func (p *peer) call(e *rtpio.Engine, o rtpio.Options, change ...func(*rtpio.Setup)) *rtpio.Stream {
	p.t.Helper()
	st, err := e.Open(o)
	if err != nil {
		p.t.Fatal(err)
	}
	s := p.setup()
	for _, f := range change {
		f(&s)
	}
	if err := st.Setup(s); err != nil {
		p.t.Fatal(err)
	}
	p.to = netip.AddrPortFrom(p.addr().Addr(), st.Port())
	return st
}

func (p *peer) write(h rtp.Header, payload []byte) {
	p.t.Helper()
	h.Version, h.SSRC = 2, p.ssrc
	b, err := (&rtp.Packet{Header: h, Payload: payload}).Marshal()
	if err != nil {
		p.t.Fatal(err)
	}
	p.raw(b)
}

func (p *peer) raw(b []byte) {
	p.t.Helper()
	if _, err := p.rtp.WriteToUDPAddrPort(b, p.to); err != nil {
		p.t.Fatal(err)
	}
}

// say sends one packet of audio.
func (p *peer) say(samples []int16) {
	payload := make([]byte, len(samples))
	p.codec.Encode(payload, samples)
	p.write(rtp.Header{PayloadType: p.codec.PayloadType, SequenceNumber: p.seq, Timestamp: p.ts}, payload)
	p.seq++
	p.ts += uint32(len(samples))
}

// press sends a whole key of 100 ms.
func (p *peer) press(k dtmf.Key) {
	var s dtmf.Sender
	s.Start(k, 800, p.ts)
	for packet, ok := s.Next(160); ok; packet, ok = s.Next(160) {
		p.event(packet)
	}
	p.ts += 960
}

func (p *peer) event(packet dtmf.Packet) {
	p.write(rtp.Header{
		PayloadType: keyType, SequenceNumber: p.seq, Timestamp: packet.Timestamp, Marker: packet.Marker,
	}, packet.Event.Append(nil))
	p.seq++
}

// hear waits for the next packet.
func (p *peer) hear() *rtp.Packet {
	p.t.Helper()
	packet := p.hearWithin(patience)
	if packet == nil {
		p.t.Fatal("no packet came")
	}
	return packet
}

// hearWithin returns nil if nothing comes.
func (p *peer) hearWithin(d time.Duration) *rtp.Packet {
	p.t.Helper()
	b := make([]byte, 2048)
	_ = p.rtp.SetReadDeadline(time.Now().Add(d))
	n, _, err := p.rtp.ReadFromUDPAddrPort(b)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return nil
	}
	if err != nil {
		p.t.Fatal(err)
	}
	packet := &rtp.Packet{}
	if err := packet.Unmarshal(b[:n]); err != nil {
		p.t.Fatalf("what came is no RTP: %v", err)
	}
	return packet
}

// decode turns a packet of audio into samples.
func (p *peer) decode(packet *rtp.Packet) []int16 {
	p.t.Helper()
	if packet.PayloadType != p.codec.PayloadType {
		p.t.Fatalf("payload type %d, want %d", packet.PayloadType, p.codec.PayloadType)
	}
	out := make([]int16, len(packet.Payload))
	p.codec.Decode(out, packet.Payload)
	return out
}

// hearClip collects n packets of audio.
func (p *peer) hearClip(n int) audio.Clip {
	p.t.Helper()
	clip := audio.Clip{Rate: p.codec.ClockRate}
	for range n {
		clip.Samples = append(clip.Samples, p.decode(p.hear())...)
	}
	return clip
}

// frames cuts a tone into packets of 20 ms.
func frames(freq float64, n int) [][]int16 {
	clip := audio.Tone(8000, time.Duration(n)*20*time.Millisecond, -10, freq)
	out := make([][]int16, n)
	for i := range out {
		out[i] = clip.Samples[i*160 : (i+1)*160]
	}
	return out
}

// talk sends tones between two bridged peers, packet by packet, and returns what each hears.
func talk(a, b *peer, toneA, toneB float64, n int) (heardA, heardB audio.Clip) {
	heardA.Rate, heardB.Rate = 8000, 8000
	fromA, fromB := frames(toneA, n), frames(toneB, n)
	for i := range n {
		a.say(fromA[i])
		heardB.Samples = append(heardB.Samples, b.decode(b.hear())...)
		b.say(fromB[i])
		heardA.Samples = append(heardA.Samples, a.decode(a.hear())...)
	}
	return heardA, heardB
}

// engine starts an engine on loopback that the test's end closes. No system gives
// ports below 16000 to whoever asks for any.
func engine(t testing.TB, change ...func(*rtpio.Config)) *rtpio.Engine {
	t.Helper()
	c := rtpio.Config{Addr: netip.MustParseAddr("127.0.0.1"), MinPort: 12000, MaxPort: 12999, Shards: 1, Quarantine: 10 * time.Millisecond}
	for _, f := range change {
		f(&c)
	}
	e, err := rtpio.New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

// ear is a Handler that remembers, in order.
type ear struct{ heard chan any }

type (
	keyHeard struct {
		key dtmf.Key
		at  time.Time
	}
	playEnded struct {
		id  rtpio.PlayID
		why rtpio.PlayEnd
	}
	mediaStarted struct{ from netip.AddrPort }
	mediaLost    struct{ d time.Duration }
)

func newEar() *ear { return &ear{heard: make(chan any, 1000)} }

func (e *ear) Key(k dtmf.Key, at time.Time)                  { e.heard <- keyHeard{k, at} }
func (e *ear) PlayEnded(id rtpio.PlayID, why rtpio.PlayEnd)  { e.heard <- playEnded{id, why} }
func (e *ear) MediaStarted(_ time.Time, from netip.AddrPort) { e.heard <- mediaStarted{from} }
func (e *ear) MediaLost(d time.Duration)                     { e.heard <- mediaLost{d} }

// next waits for the next event of a type; events of other types before it are passed over.
func next[T any](t *testing.T, e *ear) T {
	t.Helper()
	timeout := time.After(patience)
	for {
		select {
		case v := <-e.heard:
			if want, ok := v.(T); ok {
				return want
			}
		case <-timeout:
			var want T
			t.Fatalf("no %T came", want)
			return want
		}
	}
}

// none asserts that no event of a type is waiting.
func none[T any](t *testing.T, e *ear) {
	t.Helper()
	for len(e.heard) > 0 {
		if v, ok := (<-e.heard).(T); ok {
			t.Errorf("unexpected %T: %v", v, v)
		}
	}
}

type rtpPacket = rtp.Packet

func onAddr(ip string) func(*rtpio.Config) {
	return func(c *rtpio.Config) { c.Addr = netip.MustParseAddr(ip) }
}

type dtmfKey = dtmf.Key

func nextPort(a netip.AddrPort) netip.AddrPort { return netip.AddrPortFrom(a.Addr(), a.Port()+1) }
