package dtmf

// Edge is what a packet tells about a key.
type Edge uint8

// The edges. A key whose end packets are all lost has no Up.
const (
	Same Edge = iota // nothing new: repetition, progress, or a late packet
	Down
	Up
)

// segment is the longest duration one timestamp can carry; longer keys go on in a new segment (RFC 4733 §2.5.1.3).
const segment = 0xffff

// oldest is how far back, in timestamp units, a timestamp counts as a late packet; further back the sender has
// started over. 16 s at 8 kHz, twice the longest segment.
const oldest = 2 * 0x10000

// Receiver turns the event packets of one RTP source into key presses. Its zero value is ready; Reset it when the SSRC
// changes. Packets may be lost, repeated and out of order; every press is reported once, with its first packet.
type Receiver struct {
	seen     bool
	ended    bool
	code     uint8
	start    uint32 // timestamp of the current segment
	duration uint16 // largest seen in the current segment
	earlier  uint32 // sum of the segments before
}

// Reset forgets the past.
func (r *Receiver) Reset() { *r = Receiver{} }

// Packet takes one event packet with its marker bit and RTP timestamp. Down comes with the first packet of a press,
// whatever packet that is; Up with the first end packet seen. Events that are no keys give Same.
func (r *Receiver) Packet(e Event, marker bool, timestamp uint32) (Key, Edge) {
	key, ok := KeyOf(e.Code)
	if !ok {
		return 0, Same
	}
	switch {
	case r.seen && timestamp == r.start:
		return key, r.progress(e)
	case r.seen && r.late(timestamp):
		return key, Same
	case r.seen && r.continues(e, marker, timestamp):
		r.earlier += timestamp - r.start - r.shift(e, timestamp)
		r.start, r.duration = timestamp, 0
		return key, r.progress(e)
	}
	*r = Receiver{seen: true, ended: e.End, code: e.Code, start: timestamp, duration: e.Duration}
	return key, Down
}

// Duration is how long the current or last key has been down, in timestamp units.
func (r *Receiver) Duration() uint32 { return r.earlier + uint32(r.duration) }

// progress takes a packet of the press that is already known.
func (r *Receiver) progress(e Event) Edge {
	if e.Code != r.code {
		return Same // two keys with one timestamp: a sender's mistake, the first one counts
	}
	r.duration = max(r.duration, e.Duration)
	if e.End && !r.ended {
		r.ended = true
		return Up
	}
	return Same
}

func (r *Receiver) late(timestamp uint32) bool {
	back := r.start - timestamp
	return back > 0 && back < oldest
}

// continues tells whether a packet with a new timestamp still belongs to the key that is down.
func (r *Receiver) continues(e Event, marker bool, timestamp uint32) bool {
	if r.ended || marker || e.Code != r.code {
		return false
	}
	ahead := timestamp - r.start
	if nextSegment := r.duration > segment/2 && ahead >= uint32(r.duration) && ahead <= segment+1; nextSegment {
		return true
	}
	return r.moving(e, timestamp)
}

// moving recognises gateways that, against §2.5.1.2, let the timestamp run while the key is down: the duration grows
// by no less than the timestamp does. A new press begins with a small duration again.
func (r *Receiver) moving(e Event, timestamp uint32) bool {
	ahead := timestamp - r.start
	return e.Duration > r.duration && ahead <= uint32(e.Duration-r.duration)
}

// shift is the part of a timestamp's step that e.Duration has counted already.
func (r *Receiver) shift(e Event, timestamp uint32) uint32 {
	if r.moving(e, timestamp) {
		return timestamp - r.start
	}
	return 0
}
