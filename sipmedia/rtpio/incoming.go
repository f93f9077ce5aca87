package rtpio

import "time"

// Limits of RFC 3550 A.1.
const (
	maxDropout  = 3000 // a sequence number so far ahead is a gap, further ahead a restart
	maxMisorder = 100  // so far behind it is late, further behind a restart
)

// verdict is what incoming says about a packet.
type verdict uint8

const (
	fine    verdict = iota
	fresh           // fine, and the first of a new source: SSRC or sequence numbers began anew
	suspect         // may be a new source, shown by one more packet
)

// incoming follows the source that a peer sends with: sequence numbers (RFC 3550 A.1), losses (A.3), jitter (A.8).
// Losses survive a change of SSRC. The zero value waits for the first packet.
type incoming struct {
	known    bool
	ssrc     uint32
	maxSeq   uint16
	cycles   uint32
	baseSeq  uint32
	received uint32 // of this source

	suspectSSRC uint32
	suspectSeq  uint16 // what would confirm the suspect
	suspecting  bool

	priorExpected, priorReceived uint32
	pastLost                     int64 // of the sources before
	packets                      uint64

	transit  int32
	hasTrans bool
	jitter   uint32 // in timestamp units, times 16
}

// sequence takes a packet's SSRC and sequence number. A packet that is not of the running source has to be followed
// by its successor before it becomes the source; it is suspect until then.
func (in *incoming) sequence(ssrc uint32, seq uint16) verdict {
	if !in.known {
		in.begin(ssrc, seq)
		return fresh
	}
	ahead := seq - in.maxSeq
	switch {
	case ssrc != in.ssrc || (ahead >= maxDropout && ahead <= 1<<16-1-maxMisorder):
		if !in.suspecting || ssrc != in.suspectSSRC || seq != in.suspectSeq {
			in.suspecting, in.suspectSSRC, in.suspectSeq = true, ssrc, seq+1
			return suspect
		}
		in.begin(ssrc, seq)
		return fresh
	case ahead < maxDropout:
		if seq < in.maxSeq {
			in.cycles += 1 << 16
		}
		in.maxSeq = seq
	}
	in.received++
	in.packets++
	return fine
}

func (in *incoming) begin(ssrc uint32, seq uint16) {
	if in.known {
		in.pastLost += in.lost()
	}
	*in = incoming{
		known: true, ssrc: ssrc, maxSeq: seq, baseSeq: uint32(seq), received: 1,
		pastLost: in.pastLost, packets: in.packets + 1, jitter: in.jitter,
	}
}

func (in *incoming) expected() uint32 { return in.cycles + uint32(in.maxSeq) - in.baseSeq + 1 }

// lost is the loss of the running source.
func (in *incoming) lost() int64 {
	if !in.known {
		return 0
	}
	return int64(in.expected()) - int64(in.received)
}

// arrived takes the timestamp of an audio packet and its arrival on the same clock.
func (in *incoming) arrived(timestamp, arrival uint32) {
	transit := int32(arrival - timestamp)
	d := transit - in.transit
	if in.hasTrans && d != -d { // not for the smallest int32, which has no opposite
		if d < 0 {
			d = -d
		}
		// A step of more than 2 s is a sender's clock set anew, no jitter.
		if d < 16000 {
			in.jitter += uint32(d) - (in.jitter+8)>>4
		}
	}
	in.transit, in.hasTrans = transit, true
}

func (in *incoming) jitterTime(clock int) time.Duration {
	return time.Duration(in.jitter>>4) * time.Second / time.Duration(clock)
}

// fraction is the loss since it was last called, as a report block wants it: in 256ths (RFC 3550 A.3).
func (in *incoming) fraction() uint8 {
	expected, received := in.expected()-in.priorExpected, in.received-in.priorReceived
	in.priorExpected, in.priorReceived = in.expected(), in.received
	if expected == 0 || received >= expected {
		return 0
	}
	return uint8(min(255, uint64(expected-received)<<8/uint64(expected)))
}
