// Package sdp reads and writes session descriptions (RFC 8866) and keeps the
// state of one offer/answer negotiation (RFC 3264) for a single audio stream.
//
// It never opens a port, never looks a name up and never trusts a body: what a
// hostile peer can send is bounded by the constants of this package.
package sdp

import (
	"net/netip"
	"strconv"
	"time"
)

// Direction says who sends, from the point of view of whoever wrote the
// description (RFC 3264 §5.1).
type Direction uint8

// The directions. SendRecv is what a description without an attribute means.
const (
	Inactive Direction = 0
	SendOnly Direction = 1
	RecvOnly Direction = 2
	SendRecv Direction = SendOnly | RecvOnly
)

var directionNames = [...]string{Inactive: "inactive", SendOnly: "sendonly", RecvOnly: "recvonly", SendRecv: "sendrecv"}

// String is the attribute's name: "sendrecv", "sendonly", "recvonly" or "inactive".
func (d Direction) String() string { return directionNames[d&SendRecv] }

// Sends tells whether the writer sends.
func (d Direction) Sends() bool { return d&SendOnly != 0 }

// Receives tells whether the writer receives.
func (d Direction) Receives() bool { return d&RecvOnly != 0 }

// Reverse is the same direction seen from the other end.
func (d Direction) Reverse() Direction { return d>>1&SendOnly | d<<1&RecvOnly }

// Description is one session description, reduced to what offers and answers of
// audio need: unknown lines and attributes are gone.
type Description struct {
	Origin Origin
	Name   string     // s=, "-" when absent
	Addr   netip.Addr // session-level c=; invalid when absent
	Media  []Media
}

// Origin is the o= line. ID and Version identify a description: the same pair
// means nothing has changed since (RFC 3264 §8).
type Origin struct {
	User    string
	ID      uint64
	Version uint64
	Addr    netip.Addr
}

// Media is one m= line with the attributes that concern us. A line with port 0
// is refused or gone, and has neither address nor attributes.
type Media struct {
	Kind      string // "audio", "video", "image" …
	Port      uint16
	Proto     string // "RTP/AVP" …
	Formats   []Format
	Addr      netip.Addr // effective address: of the line, else of the session; unspecified means hold
	RTCP      netip.AddrPort
	Direction Direction     // effective: of the line, else of the session
	PTime     time.Duration // 0 when not said
}

// Format is one format of an m= line: a payload type of RTP with its rtpmap and
// fmtp, or a bare token for other protocols.
type Format struct {
	Token  string // "0", "101", "t38"
	Name   string // encoding name as written, empty without rtpmap
	Rate   int    // clock rate, Hz
	Params string // fmtp, as written
}

// Append writes the description to b in canonical form and returns the result.
// What Parse returned parses again to an equal value.
func (d *Description) Append(b []byte) []byte {
	b = append(b, "v=0\r\no="...)
	b = append(b, d.Origin.User...)
	b = append(b, ' ')
	b = strconv.AppendUint(b, d.Origin.ID, 10)
	b = append(b, ' ')
	b = strconv.AppendUint(b, d.Origin.Version, 10)
	b = append(b, ' ')
	b = appendAddr(b, d.Origin.Addr)
	b = append(b, "\r\ns="...)
	b = append(b, d.Name...)
	b = append(b, "\r\n"...)
	if d.Addr.IsValid() {
		b = append(b, "c="...)
		b = append(appendAddr(b, d.Addr), "\r\n"...)
	}
	b = append(b, "t=0 0\r\n"...)
	for i := range d.Media {
		b = d.Media[i].append(b, d.Addr)
	}
	return b
}

func (m *Media) append(b []byte, session netip.Addr) []byte {
	b = append(b, "m="...)
	b = append(b, m.Kind...)
	b = append(b, ' ')
	b = strconv.AppendUint(b, uint64(m.Port), 10)
	b = append(b, ' ')
	b = append(b, m.Proto...)
	for _, f := range m.Formats {
		b = append(append(b, ' '), f.Token...)
	}
	b = append(b, "\r\n"...)
	if m.Port == 0 {
		return b
	}
	if m.Addr.IsValid() && m.Addr != session {
		b = append(b, "c="...)
		b = append(appendAddr(b, m.Addr), "\r\n"...)
	}
	for _, f := range m.Formats {
		b = f.append(b)
	}
	if m.RTCP.IsValid() {
		b = append(b, "a=rtcp:"...)
		b = strconv.AppendUint(b, uint64(m.RTCP.Port()), 10)
		b = append(b, ' ')
		b = append(appendAddr(b, m.RTCP.Addr()), "\r\n"...)
	}
	if m.PTime > 0 {
		b = append(b, "a=ptime:"...)
		b = strconv.AppendInt(b, m.PTime.Milliseconds(), 10)
		b = append(b, "\r\n"...)
	}
	b = append(b, "a="...)
	b = append(b, m.Direction.String()...)
	return append(b, "\r\n"...)
}

func (f *Format) append(b []byte) []byte {
	if f.Name != "" {
		b = append(b, "a=rtpmap:"...)
		b = append(append(b, f.Token...), ' ')
		b = append(append(b, f.Name...), '/')
		b = strconv.AppendInt(b, int64(f.Rate), 10)
		b = append(b, "\r\n"...)
	}
	if f.Params != "" {
		b = append(b, "a=fmtp:"...)
		b = append(append(b, f.Token...), ' ')
		b = append(append(b, f.Params...), "\r\n"...)
	}
	return b
}

func appendAddr(b []byte, a netip.Addr) []byte {
	switch {
	case !a.IsValid():
		return append(b, "IN IP4 0.0.0.0"...)
	case a.Is4():
		b = append(b, "IN IP4 "...)
	default:
		b = append(b, "IN IP6 "...)
	}
	return a.AppendTo(b)
}
