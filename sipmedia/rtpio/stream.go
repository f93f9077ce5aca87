package rtpio

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	mathrand "math/rand/v2"
	"net/netip"
	"strings"
	"time"

	"tandem/sipmedia/codec"
	"tandem/sipmedia/dtmf"
)

// Stream is one leg's audio: a port pair, what we send from it and what the peer sends to it. All methods may be called
// from any goroutine but the shard's own (see the package documentation on sources and sinks).
type Stream struct {
	// Fixed by Open.
	shard   *shard
	port    uint16
	pool    *ports
	name    string
	handler Handler
	events  chan event // to the handler; nil if there is none
	tag     int32      // even, tells this stream from others that had its epoll slot
	cname   [cnameSize]byte

	// The rest belongs to the shard's goroutine.
	rtp, rtcp socket
	index     int32
	slot      int // on the wheel; -1: not there
	place     int
	closed    bool
	last      Report // when closed

	setup     Setup
	ready     bool // Setup was called
	peer      *Stream
	crossing  *[256]byte // our peer's code words to the bridged leg's; nil: the same
	crossable bool

	guard    guard
	in       incoming
	inFeed   feed // what the running incoming source feeds to the bridge
	out      outgoing
	keys     dtmf.Receiver
	ways     dtmf.Ways
	playing  playback
	speaking speaking
	hearing  hearing
	seatFeed feed // what the seat feeds to the peer
	watch    watch
	reports  reports
}

// newStream makes a stream of a bound port pair; attach makes it live.
func newStream(home *shard, o Options, rtp, rtcp socket, port uint16, pool *ports, tag int32) *Stream {
	st := &Stream{shard: home, port: port, pool: pool, name: o.Name, handler: o.Handler, tag: tag, rtp: rtp, rtcp: rtcp, slot: -1}
	var random [12 + 6]byte
	_, _ = rand.Read(random[:]) // never fails
	base64.StdEncoding.Encode(st.cname[:], random[:12])
	st.out.ssrc = binary.BigEndian.Uint32(random[12:])
	st.out.nextSeq = binary.BigEndian.Uint16(random[16:]) &^ 0x8000 // room before the first wrap (RFC 3711 §3.3.1)
	st.out.timestamp = mathrand.Uint32()
	if o.Handler != nil {
		st.events = make(chan event, eventQueue)
	}
	return st
}

// Port is the local RTP port, an even number. RTCP is on the next.
func (st *Stream) Port() uint16 { return st.port }

// Setup tells what offer and answer agreed on. It is given again for every later agreement: a changed Remote starts
// latching anew, BehindNAT lets the peer move, hold stops the media time-outs, and every Setup starts them again. Errors
// wrap ErrSetup or are ErrClosed.
func (st *Stream) Setup(s Setup) error {
	s.Remote, s.RTCP = unmapped(s.Remote), unmapped(s.RTCP)
	if err := s.check(st); err != nil {
		return fmt.Errorf("%w: %w", ErrSetup, err)
	}
	return st.do(func() { st.agree(s, st.shard.engine.now()) })
}

// Play sends a source to the peer, beginning within 20 ms, or with the first Setup if there was none yet. On hold it
// runs on unheard. A running playback ends with PlayStopped. On a closed stream nothing is played and the id is 0.
func (st *Stream) Play(p Playback) PlayID {
	id := PlayID(st.shard.engine.plays.Add(1))
	if p.Source == nil || st.do(func() { st.startPlay(id, p, st.shard.engine.now()) }) != nil {
		return 0
	}
	return id
}

// Stop ends a playback if it is the one that runs.
func (st *Stream) Stop(id PlayID) {
	_ = st.do(func() { // closed: nothing runs
		if st.playing.id == id && id != 0 {
			st.endPlay(PlayStopped)
		}
	})
}

// Hear gives what the peer says to sink, one frame every 20 ms from the first packet on, through a jitter buffer of
// 20-200 ms and with lost frames concealed. Nil ends it. An error of the sink ends it too.
func (st *Stream) Hear(sink codec.Sink) {
	_ = st.do(func() { st.startHearing(sink, st.shard.engine.now()) }) // closed: nothing to hear
}

// SendKey sends a key as RFC 4733 events for d (40 ms-8 s), after those still being sent, at most 32. Audio is held
// back meanwhile. ErrNoEvents if the peer takes none, dtmf.ErrKey if k is none.
func (st *Stream) SendKey(k dtmf.Key, d time.Duration) error {
	if !k.Valid() {
		return dtmf.ErrKey
	}
	var err error
	if doErr := st.do(func() { err = st.say(k, d, st.shard.engine.now()) }); doErr != nil {
		return doErr
	}
	return err
}

// Key is a key that came by SIP INFO: it is treated as if it had come in the audio. A peer that sends each key both ways
// has it counted once.
func (st *Stream) Key(k dtmf.Key) {
	_ = st.do(func() { st.keyDown(k, dtmf.ByInfo, st.shard.engine.now()) }) // closed: nobody listens
}

// Report tells how the media went so far.
func (st *Stream) Report() Report {
	var r Report
	if st.shard.do(func() { r = st.report() }) != nil {
		return st.last // the shard has stopped: nobody writes any more
	}
	return r
}

// Close ends the stream and puts its ports into quarantine. A running playback ends with PlayClosed, after which the
// handler is called no more. It returns the last Report, and may be called twice.
func (st *Stream) Close() Report {
	if err := st.do(func() { st.end(st.shard.engine.now()) }); err == nil {
		st.shard.engine.config.Log.Debug("stream closed", "leg", st.name, "port", st.port)
	}
	return st.Report()
}

// do runs f on the shard's goroutine unless the stream is closed.
func (st *Stream) do(f func()) error {
	err := ErrClosed
	doErr := st.shard.do(func() {
		if !st.closed {
			err = nil
			f()
		}
	})
	if doErr != nil {
		return doErr
	}
	return err
}

// end is Close on the shard's goroutine.
func (st *Stream) end(now time.Duration) {
	if st.closed {
		return
	}
	st.part()
	st.endPlay(PlayClosed)
	st.hearing.sink, st.hearing.seat = nil, nil
	st.sendReport(now, true)
	st.last = st.report()
	st.closed = true
	st.shard.wheel.remove(st)
	st.shard.detach(st)
	st.rtp.close()
	st.rtcp.close()
	st.pool.put(st.port, now)
	if st.events != nil {
		close(st.events)
	}
}

// agree is Setup on the shard's goroutine.
func (st *Stream) agree(s Setup, now time.Duration) {
	if opened := st.guard.expect(s.Remote, s.BehindNAT); opened || !st.ready {
		st.rtp.disconnect()
		st.aim(s)
		st.reports.from = netip.AddrPort{}
		st.watch.restart(now)
	}
	if s.Send != st.setup.Send || s.Receive != st.setup.Receive {
		st.watch.rest()
		st.breakFeeds()
	}
	st.watch.alive(now) // whoever negotiates lives
	if s.Codec != st.setup.Codec {
		st.hearing.recode(s.Codec)
	}
	st.setup, st.ready = s, true
	if !st.reports.scheduled() {
		st.reports.schedule(now, st.shard.engine.config.RTCPInterval/2) // the first comes early (RFC 3550 §6.2)
	}
	st.relink()
	st.pace(now)
}

// aim points the sockets at who was heard last, if that may still be the peer, else at the SDP's address.
func (st *Stream) aim(s Setup) {
	to := s.Remote
	if st.guard.before.IsValid() {
		to = st.guard.before
	}
	st.rtp.sendTo(to)
	st.rtcp.sendTo(reportsTo(s, to))
}

// reportsTo is where RTCP goes when RTP goes to an address.
func reportsTo(s Setup, rtp netip.AddrPort) netip.AddrPort {
	if s.RTCP.IsValid() && rtp == s.Remote {
		return s.RTCP
	}
	return nextPort(rtp)
}

// join bridges two streams, whatever they were bridged to before.
func (st *Stream) join(other *Stream) error {
	if st.closed || other.closed {
		return ErrClosed
	}
	st.part()
	other.part()
	st.peer, other.peer = other, st
	st.relink()
	st.breakFeeds()
	return nil
}

// breakFeeds makes what either side of the bridge sends a new source to the other, since packets in between did not
// cross: their numbers must not show as losses.
func (st *Stream) breakFeeds() {
	if other := st.peer; other != nil {
		st.inFeed, other.inFeed = st.shard.newFeed(), st.shard.newFeed()
	}
}

// part ends the bridge.
func (st *Stream) part() {
	if other := st.peer; other != nil {
		st.peer, other.peer = nil, nil
	}
}

// relink looks up how code words cross the bridge, both ways.
func (st *Stream) relink() {
	if other := st.peer; other != nil {
		st.crossing, st.crossable = codec.Crossing(st.setup.Codec, other.setup.Codec)
		other.crossing, other.crossable = codec.Crossing(other.setup.Codec, st.setup.Codec)
	}
}

func (st *Stream) onHold() bool { return !(st.setup.Send && st.setup.Receive) }

// pace puts the stream on the wheel if something needs it, else takes it off.
func (st *Stream) pace(now time.Duration) {
	if st.ready && (st.playing.id != 0 || st.hearing.busy() || st.speaking.busy()) {
		st.shard.wheel.add(st, now)
		return
	}
	st.shard.wheel.remove(st)
}

// bargesIn tells whether a key of the peer ends the running playback.
func (p *playback) bargesIn(k dtmf.Key) bool {
	return p.id != 0 && p.bargeIn && (p.keys == "" || strings.IndexByte(p.keys, byte(k)) >= 0)
}
