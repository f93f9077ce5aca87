package rtpio

import (
	"math/rand/v2"
	"net/netip"
	"time"
)

// watch knows when the peer was last heard.
type watch struct {
	since       time.Duration // silence counts from here
	began       bool          // audio has come since the peer was named
	lost        bool          // MediaLost was said
	first, last time.Duration // accepted packets; 0: none
	gapFrom     time.Duration // 0: no gap is being measured
	largestGap  time.Duration
}

// restart begins to wait for a new peer.
func (w *watch) restart(now time.Duration) {
	w.since, w.began, w.lost, w.gapFrom = now, false, false, 0
}

// rest is a change to or from hold: it is no gap.
func (w *watch) rest() { w.gapFrom = 0 }

// alive is any sign of life.
func (w *watch) alive(now time.Duration) { w.since, w.lost = now, false }

// packet is an accepted RTP packet.
func (w *watch) packet(now time.Duration) {
	w.alive(now)
	if w.first == 0 {
		w.first = now
	}
	if w.gapFrom != 0 {
		w.largestGap = max(w.largestGap, now-w.gapFrom)
	}
	w.began, w.last, w.gapFrom = true, now, now
}

// silent tells once when the peer has been silent for too long.
func (w *watch) silent(now, first, later time.Duration) (time.Duration, bool) {
	limit := first
	if w.began {
		limit = later
	}
	if w.lost || now-w.since < limit {
		return 0, false
	}
	w.lost = true
	return now - w.since, true
}

// reports is a stream's RTCP.
type reports struct {
	due      time.Duration // 0: not scheduled
	sentAt   uint64        // packets sent when we last reported
	lsr      uint32        // middle NTP time of the peer's last sender report
	lsrCame  time.Duration
	from     netip.AddrPort // where the peer's reports come from
	about    block          // the peer's view of us
	hasAbout bool
	rtt      time.Duration
}

func (r *reports) scheduled() bool { return r.due != 0 }

func (r *reports) schedule(now, mean time.Duration) { r.due = now + pause(mean, rand.Float64()) }

// lookAfter does what is due on a stream: a report, the media time-out.
func (st *Stream) lookAfter(now time.Duration) {
	c := &st.shard.engine.config
	if st.reports.scheduled() && now >= st.reports.due {
		st.sendReport(now, false)
		st.reports.schedule(now, c.RTCPInterval)
	}
	if !st.ready || st.onHold() {
		return
	}
	if d, lost := st.watch.silent(now, c.FirstMedia, c.NoMedia); lost {
		st.post(event{kind: mediaLostEvent, d: d})
	}
}

// sendReport sends one RTCP compound: a sender report if audio went out since the last, else a receiver report; with a
// BYE if it is the last (RFC 3550 §6.6). Nothing is sent to a peer with whom no packet was exchanged.
func (st *Stream) sendReport(now time.Duration, bye bool) {
	if !st.ready || st.out.packets == 0 && !st.in.known {
		return
	}
	clock := st.setup.Codec.ClockRate
	r := report{
		ssrc: st.out.ssrc, cname: st.cname, bye: bye,
		sending: st.out.packets != st.reports.sentAt,
		ntp:     ntpTime(st.shard.engine.wall(now)),
		rtp:     st.out.timestamp + ticks(now-st.out.at, clock),
		packets: uint32(st.out.packets), octets: uint32(st.out.octets),
		hasPeer: st.in.known,
	}
	st.reports.sentAt = st.out.packets
	if st.in.known {
		r.block = st.blockAbout(now)
	}
	n := r.put(st.shard.out[:])
	socket := &st.rtcp
	if st.setup.RTCPMux {
		socket = &st.rtp
	}
	if !socket.send(st.shard.out[:n]) {
		st.shard.drop(dropUnsent)
	}
}

func (st *Stream) blockAbout(now time.Duration) block {
	b := block{
		ssrc:     st.in.ssrc,
		fraction: st.in.fraction(),
		lost:     int32(min(max(st.in.lost(), -1<<23), 1<<23-1)),
		highest:  st.in.cycles + uint32(st.in.maxSeq),
		jitter:   st.in.jitter >> 4,
		lsr:      st.reports.lsr,
	}
	if b.lsr != 0 {
		b.dlsr = uint32((now - st.reports.lsrCame) << 16 / time.Second)
	}
	return b
}

// readRTCP takes one packet from the RTCP socket.
func (st *Stream) readRTCP(now time.Duration) {
	n, from, ok := st.rtcp.recv(st.shard.buf[:])
	if !ok {
		return
	}
	if why, ok := st.takeReports(st.shard.buf[:n], from, now); !ok {
		st.shard.drop(why)
	}
}

// takeReports takes a compound of the peer. It counts as a sign of life.
func (st *Stream) takeReports(b []byte, from netip.AddrPort, now time.Duration) (drop, bool) {
	if !st.ready || !st.guard.related(from) {
		return dropStranger, false
	}
	h, ok := readReports(b, st.out.ssrc)
	if !ok {
		return dropMalformed, false
	}
	r := &st.reports
	if !st.setup.RTCPMux && r.from != from {
		r.from = from
		st.rtcp.sendTo(from) // symmetric, as RTP is
	}
	if !h.departing {
		st.watch.alive(now)
	}
	if h.ntp != 0 {
		r.lsr, r.lsrCame = h.ntp, now
	}
	if h.hasAbout {
		r.about, r.hasAbout = h.about, true
		if rtt := h.about.roundTrip(ntpTime(st.shard.engine.wall(now))); rtt > 0 {
			r.rtt = rtt
		}
	}
	return 0, true
}

// report is Report on the shard's goroutine.
func (st *Stream) report() Report {
	if st.closed {
		return st.last
	}
	r := Report{
		Remote:     st.guard.latched,
		Sent:       st.out.packets,
		Received:   st.in.packets,
		Lost:       st.in.pastLost + st.in.lost(),
		RTT:        st.reports.rtt,
		LargestGap: st.watch.largestGap,
		First:      st.wallOrZero(st.watch.first),
		Last:       st.wallOrZero(st.watch.last),
		RemoteLost: int64(st.reports.about.lost),
		Jitter:     st.in.jitterTime(8000),
	}
	if !r.Remote.IsValid() {
		r.Remote = st.setup.Remote
	}
	if c := st.setup.Codec; c != nil {
		r.Codec, r.Jitter = c.Name, st.in.jitterTime(c.ClockRate)
		r.RemoteFraction = float64(st.reports.about.fraction) / 256
		r.RemoteJitter = time.Duration(st.reports.about.jitter) * time.Second / time.Duration(c.ClockRate)
	}
	return r
}

func (st *Stream) wallOrZero(d time.Duration) time.Time {
	if d == 0 {
		return time.Time{}
	}
	return st.shard.engine.wall(d)
}
