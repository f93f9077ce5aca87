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
	p, ok := parse(b)
	switch {
	case !ok || len(b) == packetSize:
		return dropMalformed, false
	case !st.ready:
		return dropStranger, false
	}
	audio := p.payloadType == st.setup.PayloadType
	event := st.setup.isEvent(p.payloadType)
	if !audio && !event && p.payloadType != comfortNoise {
		return dropPayloadType, false
	}
	var key dtmf.Event
	if event {
		var err error
		if key, err = dtmf.ParseEvent(p.payload()); err != nil {
			return dropMalformed, false
		}
	}
	if !st.admitted(from, p.header, now) {
		return dropStranger, false
	}
	switch st.in.sequence(p.ssrc, p.seq) {
	case suspect:
		return dropSuspect, false
	case fresh:
		st.inFeed = st.shard.newFeed()
	}
	st.shard.received++
	st.watch.packet(now)
	switch {
	case event:
		return st.takeEvent(&p, key, now)
	case audio:
		return st.takeAudio(&p, now)
	}
	return st.pass(&p, false, now) // comfort noise: close the numbers over it
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

func (st *Stream) takeAudio(p *packet, now time.Duration) (drop, bool) {
	clock := st.setup.Codec.ClockRate
	st.in.arrived(p.timestamp, ticks(now, clock))
	if !st.setup.Receive {
		return dropHold, false
	}
	st.hearing.put(st.setup.Codec, p.timestamp, p.payload(), st.shard.samples)
	return st.pass(p, true, now)
}

func (st *Stream) takeEvent(p *packet, e dtmf.Event, now time.Duration) (drop, bool) {
	if !st.setup.Receive {
		return dropHold, false
	}
	if k, edge := st.keys.Packet(e, p.marker, p.timestamp); edge == dtmf.Down {
		st.keyDown(k, dtmf.ByEvent, now)
	}
	return st.pass(p, false, now)
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

// pass sends a packet on to the bridged leg from where it lies.
func (st *Stream) pass(p *packet, audio bool, now time.Duration) (drop, bool) {
	to := st.peer
	if to == nil || to.playing.id != 0 && to.ready || to.speaking.busy() {
		return 0, true // used up here, or not heard because something else is
	}
	if !to.ready || !to.setup.Send {
		return dropHold, false
	}
	payloadType, why := to.accepts(st, audio, p.payloadType)
	if why != drops {
		to.out.suppress(p.header, st.inFeed)
		return why, false
	}
	h, ok := to.out.forward(p.header, st.inFeed, audio, now, to.setup.Codec.ClockRate)
	if !ok {
		return dropLate, false
	}
	h.payloadType = payloadType
	if audio && st.crossing != nil {
		payload := p.payload()
		for i, w := range payload {
			payload[i] = st.crossing[w]
		}
	}
	if !to.send(p.relabel(h)) {
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
