package dtmf

import (
	"encoding/binary"
	"errors"
)

// EventSize is the length of a telephone-event payload in bytes (RFC 4733 §2.3).
const EventSize = 4

// ErrEvent says that a payload is no telephone-event.
var ErrEvent = errors.New("dtmf: telephone-event payload shorter than 4 bytes")

// Event is one RFC 4733 §2.3 payload.
type Event struct {
	Code     uint8  // 0-15 are keys, see KeyOf
	End      bool   // the key is up
	Volume   uint8  // power in -dBm0, 0-63
	Duration uint16 // so far, in timestamp units
}

// ParseEvent reads a payload. The reserved bit is ignored, as §2.3.3 asks, and so is what follows the first four bytes:
// some peers pad. It fails with ErrEvent only.
func ParseEvent(b []byte) (Event, error) {
	if len(b) < EventSize {
		return Event{}, ErrEvent
	}
	return Event{
		Code:     b[0],
		End:      b[1]&0x80 != 0,
		Volume:   b[1] & 0x3f,
		Duration: binary.BigEndian.Uint16(b[2:]),
	}, nil
}

// Append writes the payload after b. Volume is cut to 63.
func (e Event) Append(b []byte) []byte {
	flags := min(e.Volume, 0x3f)
	if e.End {
		flags |= 0x80
	}
	return append(b, e.Code, flags, byte(e.Duration>>8), byte(e.Duration))
}
