package rtpio

import "time"

// feed names what a packet comes from: one source of a bridged peer, a playback, a key. 0 is none.
type feed uint64

// lateWindow is how many packets behind the newest one a forwarded packet may be.
const lateWindow = 100

// outgoing makes one continuous RTP stream (one SSRC, sequence numbers and timestamps without a break) of feeds that
// follow each other. When the feed changes, sequence numbers go on by one and the timestamp by the time that passed.
type outgoing struct {
	ssrc    uint32
	nextSeq uint16

	timestamp uint32        // of the newest packet
	at        time.Duration // when that timestamp was new

	feed     feed
	seqShift uint16 // out minus in, while a feed brings its own numbers
	tsShift  uint32
	floor    uint16 // incoming sequence numbers before it are too late
	mark     bool   // the next audio packet begins a talkspurt

	packets uint64
	octets  uint64
}

// own numbers a packet that we make ourselves, 20 ms after the one before from the same feed.
func (o *outgoing) own(f feed, now time.Duration, clock int) header {
	if o.feed != f {
		o.change(f, now, clock)
	} else {
		o.timestamp += step(clock)
		o.at = now
	}
	return o.stamp(o.timestamp, true)
}

// event numbers a packet of a key that began at timestamp.
func (o *outgoing) event(timestamp uint32, now time.Duration) header {
	o.advance(timestamp, now)
	return o.stamp(timestamp, false)
}

// change lets another feed take over now.
func (o *outgoing) change(f feed, now time.Duration, clock int) {
	o.timestamp, o.at = o.clock(now, clock), now
	o.feed, o.mark = f, true
}

// clock is the timestamp that something new sent now has: at least one packet after the newest.
func (o *outgoing) clock(now time.Duration, clock int) uint32 {
	return o.timestamp + max(step(clock), ticks(now-o.at, clock))
}

func (o *outgoing) stamp(timestamp uint32, audio bool) header {
	h := header{marker: o.mark && audio, seq: o.nextSeq, timestamp: timestamp, ssrc: o.ssrc}
	o.mark = o.mark && !audio
	o.nextSeq++
	return h
}

// forward renumbers a packet of a bridged peer. It is false for one so late that its number may be taken.
func (o *outgoing) forward(h header, f feed, audio bool, now time.Duration, clock int) (header, bool) {
	if o.feed != f {
		o.change(f, now, clock)
		o.seqShift, o.tsShift, o.floor = o.nextSeq-h.seq, o.timestamp-h.timestamp, h.seq
	}
	if behind(h.seq, o.floor) {
		return h, false
	}
	if h.seq-o.floor > 2*lateWindow {
		o.floor = h.seq - lateWindow
	}
	h.ssrc = o.ssrc
	h.seq += o.seqShift
	h.timestamp += o.tsShift
	if !behind(h.seq, o.nextSeq) {
		o.nextSeq = h.seq + 1
	}
	o.advance(h.timestamp, now)
	h.marker = h.marker || (o.mark && audio)
	o.mark = o.mark && !audio
	return h, true
}

// suppress closes the numbers over a packet of a bridged peer that is not forwarded, so that it is not taken for lost.
func (o *outgoing) suppress(h header, f feed) {
	if o.feed != f || behind(h.seq, o.floor) || behind(h.seq+o.seqShift, o.nextSeq) {
		return
	}
	o.seqShift--
	o.floor = h.seq + 1
}

func (o *outgoing) advance(timestamp uint32, now time.Duration) {
	if int32(timestamp-o.timestamp) > 0 {
		o.timestamp, o.at = timestamp, now
	}
}

// sent counts a packet for reports.
func (o *outgoing) sent(payload int) {
	o.packets++
	o.octets += uint64(payload)
}

// behind compares sequence numbers on their circle (RFC 1982).
func behind(a, b uint16) bool { return int16(a-b) < 0 }

// step is 20 ms in timestamp units.
func step(clock int) uint32 { return uint32(clock / 50) }

// ticks is a duration in timestamp units, cut to their range.
func ticks(d time.Duration, clock int) uint32 {
	seconds, rest := d/time.Second, d%time.Second
	return uint32(int64(seconds)*int64(clock)) + uint32(int64(rest)*int64(clock)/int64(time.Second))
}
