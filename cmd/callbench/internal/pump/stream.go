package pump

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"time"
)

// Party is one of the two ends of a call.
type Party byte

// The two parties.
const (
	Caller Party = 1
	Callee Party = 2
)

func (p Party) String() string {
	if p == Caller {
		return "caller"
	}
	return "callee"
}

// Voice is what a stream sends.
type Voice byte

// What a party says: nothing audible, or packets that name themselves.
const (
	Silence Voice = iota
	Pattern
)

// Ear is told of every packet a stream receives. It is called on the pump's
// thread, must return quickly and must not keep the payload.
type Ear interface{ Hear(p Packet) }

// Packet is one RTP packet as an Ear sees it.
type Packet struct {
	At      time.Time // arrival, as the kernel stamped it
	Type    uint8     // RTP payload type
	Marker  bool
	Seq     uint16
	Time    uint32 // RTP timestamp
	SSRC    uint32
	Payload []byte
}

const (
	ringSize  = 1024 // packets whose send time is remembered: 20 s
	rtpHeader = 12
	keyFrames = 8 // packets of one RFC 4733 key: 5 while it is down, 3 at its end
)

// Stream is the audio of one party: a socket that sends a packet each 20 ms
// and judges what arrives. Its fields belong to the pump's thread.
type Stream struct {
	pump  *Pump
	call  uint32
	party Party
	local netip.AddrPort
	fd    int
	ear   Ear

	peer     *Stream
	byAudio  bool
	sending  bool
	voice    Voice
	to       rawAddr
	sendSlot int
	pollSlot int

	packet   [rtpHeader + payloadSize]byte
	rtpSeq   uint16
	rtpTime  uint32
	nextSeq  uint32
	marked   bool
	keysPT   uint8
	key      byte
	keyLeft  int
	keyStart uint32
	keySent  chan time.Time

	sent      [ringSize]sentPacket
	firstSeq  uint32
	highSeq   uint32
	lastDelay time.Duration
	heard     chan struct{}
	tally     Tally

	lastForeign partyKey
}

// sentPacket remembers when a packet left and whether it came through.
type sentPacket struct {
	at    int64 // wall clock, ns
	heard bool
}

// Local is the address to write into the SDP.
func (s *Stream) Local() netip.AddrPort { return s.local }

// Heard is closed when the first packet of the right party has arrived.
func (s *Stream) Heard() <-chan struct{} { return s.heard }

// Start sends voice to an address, the first packet at once. A second Start
// changes the address, as a re-INVITE asks for.
func (s *Stream) Start(to netip.AddrPort, voice Voice, keysPT uint8) error {
	if err := s.pump.guard(to); err != nil {
		return err
	}
	addr := rawAddrOf(to)
	s.pump.do(func() {
		s.to, s.voice, s.keysPT = addr, voice, keysPT
		if !s.sending && s.fd >= 0 {
			s.sending = true
			s.pump.startSending(s)
		}
	})
	return nil
}

// Stop ends sending; receiving goes on, so that what is under way is counted.
func (s *Stream) Stop() { s.pump.do(func() { s.pump.stopSending(s) }) }

// StopBoth ends the sending of both parties of the call.
func (s *Stream) StopBoth() {
	s.pump.do(func() {
		s.pump.stopSending(s)
		if s.peer != nil {
			s.pump.stopSending(s.peer)
		}
	})
}

// SendKey sends one RFC 4733 key (0 to 9, * and #, A to D) of 100 ms. The
// channel gets the moment its first packet left, or is closed without one.
func (s *Stream) SendKey(key byte) (<-chan time.Time, error) {
	event, ok := keyEvents[key]
	if !ok {
		return nil, fmt.Errorf("%q is not a key", key)
	}
	sent := make(chan time.Time, 1)
	s.pump.do(func() {
		if !s.sending || s.keyLeft > 0 || s.keysPT == 0 {
			close(sent)
			return
		}
		s.key, s.keyLeft, s.keyStart, s.keySent = event, keyFrames, s.rtpTime, sent
	})
	return sent, nil
}

// Close takes the stream from the pump and returns what it heard. It may be
// called twice, also after the pump has ended; it answers the same each time.
func (s *Stream) Close() *Tally {
	done := make(chan *Tally, 1)
	s.pump.do(func() { done <- s.pump.remove(s) })
	return <-done
}

// finish completes the tally with what only the end can tell.
func (s *Stream) finish() *Tally {
	s.tally.Sent = uint64(s.nextSeq)
	s.tally.PairedByAudio = s.byAudio
	if s.peer != nil {
		s.tally.PeerCall = s.peer.call
	}
	if s.peer != nil && !s.tally.FirstHeard.IsZero() {
		s.tally.Expected = uint64(s.peer.nextSeq - s.firstSeq)
	}
	return &s.tally
}

// sendNext sends the packet that is due.
func (s *Stream) sendNext() {
	b := s.packet[:]
	size := rtpHeader + payloadSize
	pt := byte(0)
	if !s.marked {
		pt = 0x80 // RFC 3551 §4.1: marker on the first packet of a talkspurt
	}
	b[0] = 0x80
	stamp := s.rtpTime
	switch {
	case s.keyLeft > 0:
		size = s.writeKey(b[rtpHeader:])
		pt = s.keysPT
		if s.keyLeft == keyFrames {
			pt |= 0x80 // RFC 4733 §2.5.1.1: marker on the first packet of an event
		}
		stamp = s.keyStart // RFC 4733 §2.2: the time of the event's beginning
	case s.voice == Pattern:
		tag{s.pump.run, s.call, s.party, s.nextSeq}.write(b[rtpHeader:])
	default:
		for i := rtpHeader; i < size; i++ {
			b[i] = 0xff
		}
	}
	b[1] = pt
	binary.BigEndian.PutUint16(b[2:], s.rtpSeq)
	binary.BigEndian.PutUint32(b[4:], stamp)
	now := time.Now()
	if s.keyLeft > 0 {
		s.advanceKey(now)
	} else {
		s.marked = true
		if s.voice == Pattern {
			s.sent[s.nextSeq%ringSize] = sentPacket{at: now.UnixNano()}
			s.nextSeq++
		}
	}
	s.rtpSeq++
	s.rtpTime += payloadSize
	s.pump.send(s, b[:size])
}

// writeKey writes the four bytes of an RFC 4733 event and returns the packet's size.
func (s *Stream) writeKey(b []byte) int {
	played := min(keyFrames-s.keyLeft+1, keyFrames-2)
	b[0], b[1] = s.key, 10
	if s.keyLeft <= 3 {
		b[1] |= 0x80 // RFC 4733 §2.5.1.4: the end packet is sent three times, since any may be lost
	}
	binary.BigEndian.PutUint16(b[2:], uint16(played*payloadSize))
	return rtpHeader + 4
}

func (s *Stream) advanceKey(now time.Time) {
	if s.keyLeft == keyFrames {
		s.keySent <- now
	}
	s.keyLeft--
}

// keyEvents are the event codes of RFC 4733 §3.2.
var keyEvents = map[byte]byte{
	'0': 0, '1': 1, '2': 2, '3': 3, '4': 4, '5': 5, '6': 6, '7': 7, '8': 8, '9': 9,
	'*': 10, '#': 11, 'A': 12, 'B': 13, 'C': 14, 'D': 15,
}
