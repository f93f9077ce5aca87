package rtpio

import (
	"errors"
	"io"
	"time"

	"tandem/sipmedia/codec"
	"tandem/sipmedia/dtmf"
)

// playback is the audio that a stream sends by itself. id 0: none.
type playback struct {
	id      PlayID
	source  codec.Source
	bargeIn bool
	keys    string
	feed    feed
}

// startPlay begins a playback, ending the one that runs.
func (st *Stream) startPlay(id PlayID, p Playback, now time.Duration) {
	st.endPlay(PlayStopped)
	st.playing = playback{id: id, source: p.Source, bargeIn: p.BargeIn, keys: p.Keys, feed: st.shard.newFeed()}
	st.pace(now)
}

// endPlay ends the running playback, if there is one, and says so.
func (st *Stream) endPlay(why PlayEnd) {
	if id := st.playing.id; id != 0 {
		st.silence(st.shard.engine.now())
		st.post(event{kind: playEndedEvent, id: id, why: why})
	}
}

// silence stops the running playback without a word.
func (st *Stream) silence(now time.Duration) {
	st.playing = playback{}
	if !st.closed {
		st.pace(now)
	}
}

// turn is the stream's turn on the wheel: 20 ms to be heard and 20 ms to be sent.
func (st *Stream) turn(now time.Duration) {
	st.hearing.turn(st)
	switch {
	case st.speaking.busy():
		st.speakKey(now)
	case st.playing.id != 0:
		st.playFrame(now)
	case st.hearing.seat != nil:
		st.mixFrame(now)
	}
	st.pace(now)
}

// playFrame sends the next 20 ms of the playback. On hold they are read and not sent: a prompt that nobody hears ends
// nevertheless.
func (st *Stream) playFrame(now time.Duration) {
	c := st.setup.Codec
	frame := codec.Frame{Rate: c.ClockRate, Samples: st.shard.samples[:c.FrameBytes()]}
	st.shard.frame = frame
	if err := st.playing.source.ReadFrame(&st.shard.frame); err != nil {
		why := PlayFailed
		if errors.Is(err, io.EOF) {
			why = PlayDone
		}
		st.endPlay(why)
		return
	}
	st.sendFrame(st.playing.feed, frame.Samples, now)
}

// sendFrame sends 20 ms of audio that we made.
func (st *Stream) sendFrame(from feed, samples []int16, now time.Duration) {
	if !st.setup.Send {
		st.out.feed = 0 // time goes on in silence too (RFC 3550 §5.1): what comes next is stamped by the clock
		return
	}
	c := st.setup.Codec
	h := st.out.own(from, now, c.ClockRate)
	h.payloadType = st.setup.PayloadType
	packet := st.shard.out[:headerSize+c.FrameBytes()]
	h.put(packet)
	c.Encode(packet[headerSize:], samples)
	if !st.send(packet) {
		st.shard.drop(dropUnsent)
	}
}

// send hands a packet to the kernel and counts it.
func (st *Stream) send(packet []byte) bool {
	if !st.rtp.send(packet) {
		return false
	}
	st.out.sent(len(packet) - headerSize)
	st.shard.sent++
	return true
}

// Bounds of a key that we send.
const (
	minKey   = 40 * time.Millisecond // ITU-T Q.24: the shortest that every receiver takes
	maxKey   = 8 * time.Second
	keyPause = 3  // frames of silence after a key, 60 ms (Q.24: 40 ms at least)
	maxKeys  = 32 // waiting to be sent
)

// speaking is what a stream sends by RFC 4733.
type speaking struct {
	sender  dtmf.Sender
	waiting [maxKeys]press
	head, n int
	rest    int // frames until the next key
	active  bool
	feed    feed
}

type press struct {
	key dtmf.Key
	d   time.Duration
}

// busy tells whether keys wait or are being sent.
func (s *speaking) busy() bool { return s.n > 0 || s.active || s.rest > 0 }

// say queues a key.
func (st *Stream) say(k dtmf.Key, d time.Duration, now time.Duration) error {
	s := &st.speaking
	if !st.ready || st.setup.EventPayloadType == 0 || s.n == maxKeys {
		return ErrNoEvents
	}
	s.waiting[(s.head+s.n)%maxKeys] = press{k, min(max(d, minKey), maxKey)}
	s.n++
	st.pace(now)
	return nil
}

// speakKey sends the next event packet, or begins the next key.
func (st *Stream) speakKey(now time.Duration) {
	s, clock := &st.speaking, st.setup.Codec.ClockRate
	if s.rest > 0 {
		s.rest--
		return
	}
	if !s.active {
		p := s.waiting[s.head]
		s.head, s.n = (s.head+1)%maxKeys, s.n-1
		s.feed = st.shard.newFeed()
		st.out.change(s.feed, now, clock)
		s.sender.Start(p.key, ticks(p.d, clock), st.out.timestamp)
		s.active = true
	}
	p, ok := s.sender.Next(step(clock))
	if !ok || st.setup.EventPayloadType == 0 {
		s.active, s.rest = false, keyPause
		return
	}
	if !st.setup.Send {
		return
	}
	h := st.out.event(p.Timestamp, now)
	h.payloadType, h.marker = st.setup.EventPayloadType, p.Marker
	h.put(st.shard.out[:])
	packet := p.Event.Append(st.shard.out[:headerSize])
	if !st.send(packet) {
		st.shard.drop(dropUnsent)
	}
}

// hearing is the way from the peer to a sink and to a seat.
type hearing struct {
	sink   codec.Sink
	seat   Seat
	buffer *jitterBuffer
}

// startHearing begins or ends the way to a sink.
func (st *Stream) startHearing(sink codec.Sink, now time.Duration) {
	st.hearing.begin(sink != nil)
	st.hearing.sink = sink
	st.pace(now)
}

// begin makes the buffer ready for somebody who hears, unless it is in use. It stays for the next time.
func (h *hearing) begin(wanted bool) {
	switch {
	case !wanted:
	case h.buffer == nil:
		h.buffer = newJitterBuffer(8000)
	case !h.busy():
		h.buffer.reset()
	}
}

func (h *hearing) busy() bool { return h.sink != nil || h.seat != nil }

// recode begins anew when the peer's codec changes.
func (h *hearing) recode(c *codec.Codec) {
	if h.buffer != nil && h.buffer.rate != c.ClockRate {
		h.buffer = newJitterBuffer(c.ClockRate)
	}
}

// put takes a packet's payload.
func (h *hearing) put(c *codec.Codec, timestamp uint32, payload []byte, samples []int16) {
	if !h.busy() {
		return
	}
	n := c.Decode(samples, payload)
	h.buffer.put(timestamp, samples[:n])
}

// turn hands the next frame to the sink and to the seat.
func (h *hearing) turn(st *Stream) {
	if !h.busy() {
		return
	}
	frame := &st.shard.frame
	frame.Rate, frame.Samples = h.buffer.rate, st.shard.samples[:len(h.buffer.last)]
	if !h.buffer.get(frame.Samples) {
		return
	}
	if h.seat != nil {
		h.seat.Say(st.shard.wheel.tick, frame)
	}
	if h.sink != nil && h.sink.WriteFrame(frame) != nil {
		h.sink = nil
	}
}
