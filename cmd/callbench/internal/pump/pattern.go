package pump

// A pattern packet carries, inside 160 bytes of PCMU, who sent it and which
// packet it is. Engines rewrite RTP headers, so the header can prove nothing.
//
// Every payload byte holds four bits (0x90 to 0x9f), so no byte is one that a
// decode and encode of G.711 changes (0x7f becomes 0xff). A block is 40 bytes:
// magic, run, call, party, seq, checksum; it is repeated four times, so that an
// engine that cuts frames elsewhere than we do still delivers whole blocks.
const (
	payloadSize = 160
	blockSize   = 40
	magicA      = 0xa5 // high, then low nibble: bytes 0x9a 0x95
	magicB      = 0x3c
)

// tag is what a block says.
type tag struct {
	run   uint16 // differs between runs, so that late packets of another do not count
	call  uint32
	party Party
	seq   uint32
}

// block bytes before nibble encoding: magic 2, run 2, call 4, party 1, spare 3,
// seq 4, checksum 4 = 20 bytes, 40 nibbles.
func (t tag) raw() (b [blockSize / 2]byte) {
	b[0], b[1] = magicA, magicB
	b[2], b[3] = byte(t.run>>8), byte(t.run)
	b[4], b[5], b[6], b[7] = byte(t.call>>24), byte(t.call>>16), byte(t.call>>8), byte(t.call)
	b[8] = byte(t.party)
	b[12], b[13], b[14], b[15] = byte(t.seq>>24), byte(t.seq>>16), byte(t.seq>>8), byte(t.seq)
	sum := checksum(b[:16])
	b[16], b[17], b[18], b[19] = byte(sum>>24), byte(sum>>16), byte(sum>>8), byte(sum)
	return b
}

// checksum is FNV-1a; the library's CRC would move each block to the heap.
func checksum(b []byte) uint32 {
	sum := uint32(2166136261)
	for _, v := range b {
		sum = (sum ^ uint32(v)) * 16777619
	}
	return sum
}

// write fills payload, which holds payloadSize bytes.
func (t tag) write(payload []byte) {
	raw := t.raw()
	for i, v := range raw {
		payload[2*i], payload[2*i+1] = 0x90|v>>4, 0x90|v&15
	}
	for at := blockSize; at < payloadSize; at += blockSize {
		copy(payload[at:at+blockSize], payload[:blockSize])
	}
}

// readTag finds the first whole block of a payload. intact says that every
// byte is as it was sent; an engine that only moved the frame border is not.
func readTag(payload []byte) (t tag, intact, ok bool) {
	for at := 0; at+blockSize <= len(payload); at++ {
		if payload[at] != 0x90|magicA>>4 || payload[at+1] != 0x90|magicA&15 {
			continue
		}
		if t, ok = decodeBlock(payload[at : at+blockSize]); ok {
			return t, at == 0 && sameBlocks(payload), true
		}
	}
	return tag{}, false, false
}

func decodeBlock(block []byte) (tag, bool) {
	var b [blockSize / 2]byte
	for i := range b {
		hi, lo := block[2*i], block[2*i+1]
		if hi&0xf0 != 0x90 || lo&0xf0 != 0x90 {
			return tag{}, false
		}
		b[i] = hi<<4 | lo&15
	}
	t := tag{
		run:   uint16(b[2])<<8 | uint16(b[3]),
		call:  uint32(b[4])<<24 | uint32(b[5])<<16 | uint32(b[6])<<8 | uint32(b[7]),
		party: Party(b[8]),
		seq:   uint32(b[12])<<24 | uint32(b[13])<<16 | uint32(b[14])<<8 | uint32(b[15]),
	}
	return t, t.raw() == b
}

// sameBlocks reports whether a payload is one block four times and no more.
func sameBlocks(payload []byte) bool {
	if len(payload) != payloadSize {
		return false
	}
	for i := blockSize; i < payloadSize; i++ {
		if payload[i] != payload[i-blockSize] {
			return false
		}
	}
	return true
}
