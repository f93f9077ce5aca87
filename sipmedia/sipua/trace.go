package sipua

import (
	"net/netip"
	"regexp"
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

// digestSecret is what an attacker could test passwords against offline.
var digestSecret = regexp.MustCompile(`(?i)\b((?:c?nonce|response)\s*=\s*)"[^"]*"`)

// trace reports a received message of a known source.
func (ua *UA) trace(p path, in bool, m message, size int) {
	if ua.cfg.Trace == nil || !p.known {
		return
	}
	ua.traceText(p, in, m.CallID().Value(), m.StartLine(), m.String(), size)
}

func (ua *UA) traceText(p path, in bool, callID, first, text string, size int) {
	ua.cfg.Trace(Message{At: time.Now(), Node: ua.cfg.Node, In: in, Remote: p.remote, Transport: p.transport(),
		CallID: callID, First: first, Text: digestSecret.ReplaceAllString(text, `$1"…"`), Size: size})
}
