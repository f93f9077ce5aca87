package rtpio

import "encoding/binary"

const (
	headerSize = 12   // fixed RTP header (RFC 3550 §5.1)
	packetSize = 2048 // what we receive into; longer packets are malformed, audio never is
)

// header is the part of an RTP header that matters here. CSRCs and extensions are skipped: what we send has none.
type header struct {
	marker      bool
	payloadType uint8
	seq         uint16
	timestamp   uint32
	ssrc        uint32
}

// packet is a received packet where it lies in its buffer.
type packet struct {
	header
	raw        []byte
	start, end int // of the payload in raw; at least one byte
}

func (p *packet) payload() []byte { return p.raw[p.start:p.end] }

// relabel writes another header right before the payload, over the old one, and returns the packet that this makes.
func (p *packet) relabel(h header) []byte {
	b := p.raw[p.start-headerSize : p.end]
	h.put(b)
	return b
}

// parse reads a packet and checks its form as RFC 3550 A.1 asks: version, lengths of CSRC list, extension and padding.
func parse(b []byte) (p packet, ok bool) {
	if len(b) < headerSize || b[0]>>6 != 2 {
		return p, false
	}
	start, end := headerSize+4*int(b[0]&15), len(b)
	if b[0]&0x10 != 0 {
		if start+4 > end {
			return p, false
		}
		start += 4 + 4*int(binary.BigEndian.Uint16(b[start+2:]))
	}
	if b[0]&0x20 != 0 {
		end -= max(int(b[end-1]), 1) // a padding count of 0 cannot be: take it as 1 so that it is not heard
	}
	if start >= end {
		return p, false
	}
	h := header{
		marker:      b[1]&0x80 != 0,
		payloadType: b[1] & 0x7f,
		seq:         binary.BigEndian.Uint16(b[2:]),
		timestamp:   binary.BigEndian.Uint32(b[4:]),
		ssrc:        binary.BigEndian.Uint32(b[8:]),
	}
	return packet{header: h, raw: b, start: start, end: end}, true
}

// put writes the header into the first 12 bytes of b.
func (h header) put(b []byte) {
	b[0], b[1] = 0x80, h.payloadType
	if h.marker {
		b[1] |= 0x80
	}
	binary.BigEndian.PutUint16(b[2:], h.seq)
	binary.BigEndian.PutUint32(b[4:], h.timestamp)
	binary.BigEndian.PutUint32(b[8:], h.ssrc)
}

// isRTCP tells reports from audio on one port: their second byte is 192-223 (RFC 5761 §4).
func isRTCP(b []byte) bool { return len(b) >= 2 && b[1] >= 192 && b[1] <= 223 }
