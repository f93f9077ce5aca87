package dtmf

// Volume is how loud our keys claim to be: -10 dBm0, in the middle of what ITU-T Q.24 receivers take.
const Volume = 10

// ends is how often the end packet goes out, since any may be lost (RFC 4733 §2.5.1.4).
const ends = 3

// Packet is one event packet to send.
type Packet struct {
	Event     Event
	Marker    bool   // first packet of the press
	Timestamp uint32 // of the segment's start: stays while sequence numbers go on
}

// Sender turns one press into packets. The zero value sends nothing.
type Sender struct {
	code    uint8
	start   uint32 // timestamp of the segment
	done    uint32 // duration sent in this segment
	left    uint32 // duration still to come
	ends    int
	started bool
}

// Start begins a press of duration timestamp units at an RTP timestamp. A press that runs is forgotten, so wait for
// Busy to be false. What is no key is not sent.
func (s *Sender) Start(k Key, duration, timestamp uint32) {
	if !k.Valid() {
		*s = Sender{}
		return
	}
	*s = Sender{code: k.Code(), start: timestamp, left: max(duration, 1), ends: ends}
}

// Busy tells whether Next has more to give.
func (s *Sender) Busy() bool { return s.ends > 0 }

// Next gives the packet that is due, step timestamp units after the one before. Call it once per packet time until it
// returns false.
func (s *Sender) Next(step uint32) (Packet, bool) {
	if !s.Busy() {
		return Packet{}, false
	}
	if s.left > 0 {
		s.advance(min(step, s.left))
	}
	p := Packet{
		Event:     Event{Code: s.code, End: s.left == 0, Volume: Volume, Duration: uint16(s.done)},
		Marker:    !s.started,
		Timestamp: s.start,
	}
	s.started = true
	if s.left == 0 {
		s.ends--
	}
	return p, true
}

// advance counts step, opening a new segment when this one is full (RFC 4733 §2.5.1.3).
func (s *Sender) advance(step uint32) {
	s.left -= step
	if s.done+step > segment {
		s.start += s.done
		s.done = 0
	}
	s.done += step
}
