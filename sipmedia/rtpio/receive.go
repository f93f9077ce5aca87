package rtpio

import (
	"net/netip"
	"time"

	"tandem/sipmedia/dtmf"
)

// comfortNoise is the static payload type of RFC 3389. Peers send it without asking; it proves that they live.
const comfortNoise = 13

// readRTP takes one packet from the RTP socket through its whole way.
func (st *Stream) readRTP(now time.Duration) {
	sh := st.shard
	n, from, ok := st.rtp.recv(sh.buf[:])
	if !ok {
		return
	}
	if why, ok := st.receive(sh.buf[:n], from, now); !ok {
		sh.drop(why)
	}
}

// receive judges a packet and passes it on. If it goes no further it is false, with the reason.
func (st *Stream) receive(b []byte, from netip.AddrPort, now time.Duration) (drop, bool) {
	if isRTCP(b) {
		if !st.setup.RTCPMux {
			return dropPayloadType, false
		}
		return st.takeReports(b, from, now)
	}
	h, start, end, ok := parse(b)
	switch {
	case !ok || len(b) == packetSize:
		return dropMalformed, false
	case !st.ready:
		return dropStranger, false
	}
	audio := h.payloadType == st.setup.PayloadType
	event := h.payloadType == st.setup.EventPayloadType && st.setup.EventPayloadType != 0
	if !audio && !event && h.payloadType != comfortNoise {
		return dropPayloadType, false
	}
	var key dtmf.Event
	if event {
		var err error
		if key, err = dtmf.ParseEvent(b[start:end]); err != nil {
			return dropMalformed, false
		}
	}
	if !st.admitted(from, h, now) {
		return dropStranger, false
	}
	switch st.in.sequence(h.ssrc, h.seq) {
	case suspect:
		return dropSuspect, false
	case fresh:
		st.inFeed = st.shard.newFeed()
	}
	st.shard.received++
	st.watch.packet(now)
	switch {
	case event:
		return st.takeEvent(key, b, h, start, end, now)
	case audio:
		return st.takeAudio(b, h, start, end, now)
	}
	return st.pass(false, b, h, start, end, now) // comfort noise: close the numbers over it
}

// admitted asks the guard and, when it has just found the peer, points both sockets there.
func (st *Stream) admitted(from netip.AddrPort, h header, now time.Duration) bool {
	ok, latched := st.guard.admit(from, h, now)
	if !latched {
		return ok
	}
	if symmetric := st.setup.BehindNAT || from == st.setup.Remote; symmetric {
		st.rtp.sendTo(from)
		st.rtcp.sendTo(reportsTo(st.setup, from))
		st.rtp.connect(from)
	}
	st.post(event{kind: mediaStartedEvent, at: st.shard.engine.wall(now), from: from})
	return true
}

func (st *Stream) takeAudio(b []byte, h header, start, end int, now time.Duration) (drop, bool) {
	clock := st.setup.Codec.ClockRate
	st.in.arrived(h.timestamp, ticks(now, clock))
	if !st.setup.Receive {
		return dropHold, false
	}
	st.hearing.put(st.setup.Codec, h.timestamp, b[start:end], st.shard.samples)
	return st.pass(true, b, h, start, end, now)
}

func (st *Stream) takeEvent(e dtmf.Event, b []byte, h header, start, end int, now time.Duration) (drop, bool) {
	if !st.setup.Receive {
		return dropHold, false
	}
	if k, edge := st.keys.Packet(e, h.marker, h.timestamp); edge == dtmf.Down {
		st.keyDown(k, dtmf.ByEvent, now)
	}
	return st.pass(false, b, h, start, end, now)
}

// keyDown is a press of the peer, by whichever way it came.
func (st *Stream) keyDown(k dtmf.Key, way dtmf.Way, now time.Duration) {
	if !k.Valid() || !st.ways.Count(k, way, now) {
		return
	}
	stopped := st.playing.bargesIn(k)
	var id PlayID
	if stopped {
		id = st.playing.id
		st.silence(now)
	}
	st.post(event{kind: keyEvent, key: k, at: st.shard.engine.wall(now)})
	if stopped {
		st.post(event{kind: playEndedEvent, id: id, why: PlayKey})
	}
}

// pass sends a packet on to the bridged leg, its payload where it lies in b: the new header goes right before it.
func (st *Stream) pass(audio bool, b []byte, h header, start, end int, now time.Duration) (drop, bool) {
	to := st.peer
	if to == nil || to.playing.id != 0 && to.ready || to.speaking.busy() {
		return 0, true // used up here, or not heard because something else is
	}
	if !to.ready || !to.setup.Send {
		return dropHold, false
	}
	payloadType, why := to.accepts(st, audio, h.payloadType)
	if why != drops {
		to.out.suppress(h, st.inFeed)
		return why, false
	}
	clock := to.setup.Codec.ClockRate
	h, ok := to.out.forward(h, st.inFeed, audio, now, clock)
	if !ok {
		return dropLate, false
	}
	h.payloadType = payloadType
	payload := b[start:end]
	if audio && st.crossing != nil {
		for i, w := range payload {
			payload[i] = st.crossing[w]
		}
	}
	packet := b[start-headerSize : end]
	h.put(packet)
	if !to.send(packet) {
		return dropUnsent, false
	}
	st.shard.forwarded++
	return 0, true
}

// accepts tells with which payload type a bridged packet goes out, or why it does not; drops if it does.
func (st *Stream) accepts(from *Stream, audio bool, payloadType uint8) (uint8, drop) {
	switch {
	case audio && from.crossable:
		return st.setup.PayloadType, drops
	case audio || payloadType == comfortNoise:
		return 0, dropPayloadType
	case st.setup.EventPayloadType == 0:
		return 0, dropNoEvents
	}
	return st.setup.EventPayloadType, drops
}
