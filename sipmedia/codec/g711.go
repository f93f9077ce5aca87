package codec

// PCMU and PCMA are ITU-T G.711 µ-law and A-law, the codecs that every telephone speaks.
var (
	PCMU = &Codec{Name: "PCMU", PayloadType: 0, ClockRate: 8000, encode: encodeMu, decode: table(decodeMu)}
	PCMA = &Codec{Name: "PCMA", PayloadType: 8, ClockRate: 8000, encode: encodeA, decode: table(decodeA)}
)

// Codecs lists every codec there is, in the order in which we like to offer them.
var Codecs = []*Codec{PCMA, PCMU}

var (
	muToA = crossTable(PCMU, PCMA)
	aToMu = crossTable(PCMA, PCMU)
)

// crossings holds the law-to-law tables by source and destination.
var crossings = []struct {
	from, to *Codec
	table    *[256]byte
}{
	{PCMU, PCMA, muToA},
	{PCMA, PCMU, aToMu},
}

// ByName finds a codec by its SDP encoding name, in any case, and clock rate. Nil if there is none.
func ByName(name string, clockRate int) *Codec {
	for _, c := range Codecs {
		if c.ClockRate == clockRate && equalFold(c.Name, name) {
			return c
		}
	}
	return nil
}

// ByPayloadType finds a codec by its static payload type (RFC 3551 table 4). Nil if there is none.
func ByPayloadType(pt uint8) *Codec {
	for _, c := range Codecs {
		if c.PayloadType == pt {
			return c
		}
	}
	return nil
}

// Crossing returns the table that turns code words of one codec into code words of another, and whether audio can go
// from one to the other byte by byte at all. The table is nil when both are the same: bytes go through as they are.
func Crossing(from, to *Codec) (table *[256]byte, ok bool) {
	if from == to {
		return nil, true
	}
	for i := range crossings {
		if crossings[i].from == from && crossings[i].to == to {
			return crossings[i].table, true
		}
	}
	return nil, false
}

// Encode writes samples to dst as code words and returns how many bytes it wrote: the shorter of the two lengths.
func (c *Codec) Encode(dst []byte, samples []int16) int {
	n := min(len(dst), len(samples))
	for i, s := range samples[:n] {
		dst[i] = c.encode(s)
	}
	return n
}

// Decode writes code words to dst as linear PCM and returns how many samples it wrote: the shorter of the two lengths.
func (c *Codec) Decode(dst []int16, words []byte) int {
	n := min(len(dst), len(words))
	for i, w := range words[:n] {
		dst[i] = c.decode[w]
	}
	return n
}

// Silence is the code word that decodes to the level nearest to zero.
func (c *Codec) Silence() byte { return c.encode(0) }

// FrameBytes is the size of 20 ms of payload.
func (c *Codec) FrameBytes() int { return c.ClockRate * FrameTime / 1000 }

func equalFold(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if a[i]|0x20 != b[i]|0x20 {
			return false
		}
	}
	return true
}

func table(decode func(byte) int16) *[256]int16 {
	var t [256]int16
	for i := range t {
		t[i] = decode(byte(i))
	}
	return &t
}

func crossTable(from, to *Codec) *[256]byte {
	var t [256]byte
	for i := range t {
		t[i] = to.encode(from.decode[i])
	}
	return &t
}

const (
	muBias = 0x84  // added so that every segment begins at a power of two (G.711 table 2)
	muClip = 32635 // largest magnitude that still fits with the bias
)

// decodeMu expands one µ-law code word to 16 bits (G.711 table 2b; the 14-bit value times four).
func decodeMu(w byte) int16 {
	w = ^w
	segment, step := int(w>>4&7), int(w&15)
	v := ((step<<3 + muBias) << segment) - muBias
	if w&0x80 != 0 {
		v = -v
	}
	return int16(v)
}

// encodeMu compresses 16 bits to µ-law: the code word whose decision interval holds the sample.
func encodeMu(s int16) byte {
	v, sign := int(s), byte(0)
	if v < 0 {
		v, sign = -v, 0x80
	}
	v = min(v, muClip) + muBias
	segment := 0
	for v>>(segment+8) != 0 {
		segment++
	}
	return ^(sign | byte(segment)<<4 | byte(v>>(segment+3))&15)
}

// decodeA expands one A-law code word to 16 bits (G.711 table 1b; the 13-bit value times eight).
func decodeA(w byte) int16 {
	w ^= 0x55
	segment, step := int(w>>4&7), int(w&15)
	v := step<<4 + 8
	if segment > 0 {
		v = (v + 0x100) << (segment - 1)
	}
	if w&0x80 == 0 {
		v = -v
	}
	return int16(v)
}

// encodeA compresses 16 bits to A-law: the code word whose decision interval holds the sample.
func encodeA(s int16) byte {
	v, sign := int(s), byte(0x80)
	if v < 0 {
		v, sign = -v-1, 0 // intervals below zero are closed at their lower end: -1 belongs to the first one
	}
	segment := 0
	for v>>(segment+8) != 0 {
		segment++
	}
	step := v >> 4
	if segment > 0 {
		step = v >> (segment + 3)
	}
	return (sign | byte(segment)<<4 | byte(step)&15) ^ 0x55
}
