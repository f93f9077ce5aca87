// Package dtmf carries telephone keys: RFC 4733 telephone-events in RTP and the bodies of SIP INFO.
//
// It turns packets into one Key per press and presses into packets. It never does I/O, never reads a clock and, on the
// packet path, never allocates; time comes in as RTP timestamps or as a time.Duration since some start.
package dtmf

import (
	"errors"
	"strings"
)

// Key is one of 0-9, *, #, A-D. The zero Key is no key.
type Key byte

// symbols lists the keys by RFC 4733 event code (§3.2 table 3).
const symbols = "0123456789*#ABCD"

// ErrKey says that something is not a key.
var ErrKey = errors.New("dtmf: not a key")

// ParseKey makes a Key of its symbol; a-d count as A-D.
func ParseKey(symbol byte) (Key, error) {
	if symbol >= 'a' && symbol <= 'd' {
		symbol -= 'a' - 'A'
	}
	if strings.IndexByte(symbols, symbol) < 0 {
		return 0, ErrKey
	}
	return Key(symbol), nil
}

// KeyOf returns the key of an RFC 4733 event code, and false for codes that are no key (flash, fax and modem tones).
func KeyOf(code uint8) (Key, bool) {
	if int(code) >= len(symbols) {
		return 0, false
	}
	return Key(symbols[code]), true
}

// Code returns the RFC 4733 event code, 0-15. It is 255 for what is no key.
func (k Key) Code() uint8 { return uint8(strings.IndexByte(symbols, byte(k))) }

// Valid tells whether k is one of the sixteen keys.
func (k Key) Valid() bool { return strings.IndexByte(symbols, byte(k)) >= 0 }

// String is for people and tests. What a caller keys may be a PIN: never log it.
func (k Key) String() string {
	if !k.Valid() {
		return "none"
	}
	return string(rune(k))
}
