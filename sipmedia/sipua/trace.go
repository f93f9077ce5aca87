package sipua

import (
	"net/netip"
	"time"
)

// Message is one SIP message as it crossed the wire, for the call's page.
type Message struct {
	At        time.Time
	Node      string
	In        bool
	Remote    netip.AddrPort
	Transport string
	CallID    string
	// First is the start line.
	First string
	// Text is the whole message; digest responses are blanked.
	Text string
	Size int // bytes on the wire
}
