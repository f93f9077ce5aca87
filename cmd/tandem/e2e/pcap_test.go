package e2e

import (
	"bytes"
	bits "encoding/binary"
	"time"

	"tandem/sipmedia/audio"
	"tandem/sipmedia/codec"
)

// Shape of the voice that SIPp plays: one stream, so that sequence and time
// run on, as with a real phone.
const (
	voicePackets = 290 // of 20 ms
	keyFrom      = 20  // the packet that begins the key
	keyPackets   = 6
	keyEnds      = 3 // RFC 4733 §2.5.1.4: the end packet is sent three times
	voiceHz      = 440
)

// voicePCAP is a capture of PCMA with a tone and one key, an event code of RFC
// 4733 §3.2, with payload type 101. SIPp replaces addresses and ports and keeps the times.
func voicePCAP(event byte) []byte {
	var b bytes.Buffer
	le := bits.LittleEndian
	b.Write(le.AppendUint32(nil, 0xa1b2c3d4))                                   // magic of microsecond captures
	b.Write([]byte{2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0}) // 2.4, UTC, 64 KiB, Ethernet
	tone := audio.Tone(8000, time.Second, -10, voiceHz).Samples
	words := make([]byte, len(tone))
	codec.PCMA.Encode(words, tone)
	seq := uint16(1)
	packet := func(at int, kind byte, marker bool, stamp uint32, payload []byte) {
		rtp := []byte{0x80, kind, 0, 0, 0, 0, 0, 0, 0x51, 0x99, 0x00, 0x01}
		if marker {
			rtp[1] |= 0x80
		}
		bits.BigEndian.PutUint16(rtp[2:], seq)
		bits.BigEndian.PutUint32(rtp[4:], stamp)
		seq++
		frame := ethernet(append(rtp, payload...))
		b.Write(le.AppendUint32(nil, uint32(at/1000)))
		b.Write(le.AppendUint32(nil, uint32(at%1000)*1000))
		b.Write(le.AppendUint32(nil, uint32(len(frame))))
		b.Write(le.AppendUint32(nil, uint32(len(frame))))
		b.Write(frame)
	}
	for i := range voicePackets {
		stamp, of := uint32(i*160), i-keyFrom
		switch {
		case of >= 0 && of < keyPackets:
			packet(20*i, 101, of == 0, keyFrom*160, append([]byte{event, 10}, byte((of+1)*160>>8), byte((of+1)*160&0xff)))
		case of == keyPackets:
			for range keyEnds {
				packet(20*i, 101, false, keyFrom*160, append([]byte{event, 0x80 | 10}, byte(of*160>>8), byte(of*160&0xff)))
			}
		default:
			word := i * 160 % (len(words) - 160)
			packet(20*i, 8, i == 0, stamp, words[word-word%160:][:160])
		}
	}
	return b.Bytes()
}

// ethernet wraps RTP in Ethernet, IPv4 and UDP headers.
func ethernet(rtp []byte) []byte {
	h := make([]byte, 42, 42+len(rtp))
	copy(h[12:], []byte{8, 0}) // IPv4
	h[14], h[22], h[23] = 0x45, 64, 17
	bits.BigEndian.PutUint16(h[16:], uint16(28+len(rtp)))
	copy(h[26:], []byte{127, 0, 0, 2, 127, 0, 0, 1})
	bits.BigEndian.PutUint16(h[34:], 6000)
	bits.BigEndian.PutUint16(h[36:], 6000)
	bits.BigEndian.PutUint16(h[38:], uint16(8+len(rtp)))
	return append(h, rtp...)
}
