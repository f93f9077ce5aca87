package rtpio

import (
	"encoding/binary"
	"time"
)

// RTCP packet types (RFC 3550 §12.1).
const (
	senderReport   = 200
	receiverReport = 201
	sdes           = 202
	goodbye        = 203
)

const (
	blockSize   = 24  // one report block (RFC 3550 §6.4.1)
	maxCompound = 16  // packets of one compound that are looked at
	cnameSize   = 16  // characters of our CNAME, 96 random bits (RFC 7022 §4.2)
	rtcpSize    = 128 // of what we send: report, one block, SDES, BYE
)

// maxRoundTrip is the longest that is believed.
const maxRoundTrip = time.Minute

// ntpEpoch is 1970 in NTP seconds.
const ntpEpoch = 2208988800

// ntpTime is a wall-clock time as a 64-bit NTP timestamp.
func ntpTime(t time.Time) uint64 {
	seconds := uint64(t.Unix() + ntpEpoch)
	return seconds<<32 | uint64(t.Nanosecond())<<32/uint64(time.Second)
}

// middle is the part of an NTP timestamp that reports refer to: 16 bits of seconds, 16 of fraction.
func middle(ntp uint64) uint32 { return uint32(ntp >> 16) }

// block is one report about a source.
type block struct {
	ssrc     uint32
	fraction uint8 // lost since the block before, in 256ths
	lost     int32 // 24 bits on the wire
	highest  uint32
	jitter   uint32 // in timestamp units
	lsr      uint32 // middle of the last sender report's NTP time
	dlsr     uint32 // since then, in 65536ths of a second
}

func (b block) put(p []byte) {
	binary.BigEndian.PutUint32(p, b.ssrc)
	binary.BigEndian.PutUint32(p[4:], uint32(min(max(b.lost, -1<<23), 1<<23-1))&0xffffff|uint32(b.fraction)<<24)
	binary.BigEndian.PutUint32(p[8:], b.highest)
	binary.BigEndian.PutUint32(p[12:], b.jitter)
	binary.BigEndian.PutUint32(p[16:], b.lsr)
	binary.BigEndian.PutUint32(p[20:], b.dlsr)
}

func readBlock(p []byte) block {
	lost := binary.BigEndian.Uint32(p[4:])
	return block{
		ssrc:     binary.BigEndian.Uint32(p),
		fraction: uint8(lost >> 24),
		lost:     int32(lost<<8) >> 8,
		highest:  binary.BigEndian.Uint32(p[8:]),
		jitter:   binary.BigEndian.Uint32(p[12:]),
		lsr:      binary.BigEndian.Uint32(p[16:]),
		dlsr:     binary.BigEndian.Uint32(p[20:]),
	}
}

// roundTrip is the time a report needed there and back (RFC 3550 §6.4.1), 0 when the peer had none of ours to refer to
// or says something impossible.
func (b block) roundTrip(now uint64) time.Duration {
	if b.lsr == 0 {
		return 0
	}
	rtt := time.Duration(int32(middle(now)-b.lsr-b.dlsr)) * time.Second >> 16
	if rtt < 0 || rtt > maxRoundTrip {
		return 0
	}
	return rtt
}

// report is what one RTCP compound of ours says.
type report struct {
	ssrc    uint32
	sending bool // a sender report, else a receiver report
	ntp     uint64
	rtp     uint32
	packets uint32
	octets  uint32
	block   block // about the peer's source, unless its ssrc is unknown
	hasPeer bool
	cname   [cnameSize]byte
	bye     bool
}

// put writes the compound into b (rtcpSize bytes) and returns its length.
func (r *report) put(b []byte) int {
	kind, n := byte(receiverReport), 8
	if r.sending {
		kind, n = senderReport, 28
		binary.BigEndian.PutUint64(b[8:], r.ntp)
		binary.BigEndian.PutUint32(b[16:], r.rtp)
		binary.BigEndian.PutUint32(b[20:], r.packets)
		binary.BigEndian.PutUint32(b[24:], r.octets)
	}
	blocks := byte(0)
	if r.hasPeer {
		r.block.put(b[n:])
		n, blocks = n+blockSize, 1
	}
	r.head(b, kind, blocks, n)

	// SDES: one chunk, one CNAME item, ended by at least one zero and filled to 32 bits (§6.5).
	const chunk = 4 + 4 + 2 + cnameSize + 2
	s := b[n : n+chunk]
	clear(s)
	s[8], s[9] = 1, cnameSize
	copy(s[10:], r.cname[:])
	r.head(s, sdes, 1, chunk)
	n += chunk
	if r.bye {
		r.head(b[n:], goodbye, 1, 8)
		n += 8
	}
	return n
}

func (r *report) head(b []byte, kind, count byte, size int) {
	b[0], b[1] = 0x80|count, kind
	binary.BigEndian.PutUint16(b[2:], uint16(size/4-1))
	binary.BigEndian.PutUint32(b[4:], r.ssrc)
}

// heard is what a compound from the peer tells us.
type heard struct {
	sender    uint32
	ntp       uint32 // middle of its NTP time, 0: no sender report
	about     block  // its view of what we send
	hasAbout  bool
	departing bool
}

// readReports reads a compound: checked as RFC 3550 A.2 asks, the first packet a report, every length inside. Of the
// blocks only the one about ours is kept.
func readReports(b []byte, ours uint32) (h heard, ok bool) {
	if len(b) < 8 || b[0]&0x20 != 0 || (b[1] != senderReport && b[1] != receiverReport) {
		return h, false
	}
	for range maxCompound {
		if len(b) == 0 {
			return h, ok
		}
		if len(b) < 4 || b[0]>>6 != 2 {
			return h, false
		}
		size := 4 * (int(binary.BigEndian.Uint16(b[2:])) + 1)
		if size > len(b) {
			return h, false
		}
		if !h.packet(b[:size], ours) {
			return h, false
		}
		b, ok = b[size:], true
	}
	return h, ok
}

// packet takes one packet of a compound; false if its contents do not fit its length.
func (h *heard) packet(p []byte, ours uint32) bool {
	blocks := 0
	switch p[1] {
	case senderReport:
		if len(p) < 28 {
			return false
		}
		h.ntp, blocks = middle(binary.BigEndian.Uint64(p[8:])), 28
	case receiverReport:
		if len(p) < 8 {
			return false
		}
		blocks = 8
	case goodbye:
		h.departing = true
		return true
	default:
		return true
	}
	h.sender = binary.BigEndian.Uint32(p[4:])
	for range p[0] & 31 {
		if blocks+blockSize > len(p) {
			return false
		}
		if blk := readBlock(p[blocks:]); blk.ssrc == ours {
			h.about, h.hasAbout = blk, true
		}
		blocks += blockSize
	}
	return true
}

// pause is the time to the next report: around the mean at random, so that peers do not report in step, and corrected
// as RFC 3550 §6.3.1 asks. random is in [0,1).
func pause(mean time.Duration, random float64) time.Duration {
	const correction = 1.21828 // e - 3/2
	return time.Duration(float64(mean) * (0.5 + random) / correction)
}
