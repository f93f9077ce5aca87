package rtpio

import (
	"errors"
	"net/netip"
)

// isEvent tells whether packets of this type carry keys. Peers are heard with
// the number they asked for as well as with ours: some mix the two up.
func (s *Setup) isEvent(payloadType uint8) bool {
	return s.EventPayloadType != 0 && (payloadType == s.EventPayloadType || payloadType == s.EventsFrom && s.EventsFrom != 0)
}

// check tells what is wrong with a setup for a stream's sockets.
func (s *Setup) check(st *Stream) error {
	switch {
	case s.Codec == nil:
		return errors.New("no codec")
	case s.PayloadType > 127 || s.EventPayloadType > 127 || s.EventsFrom > 127:
		return errors.New("payload type above 127")
	case s.EventPayloadType != 0 && (s.EventPayloadType == s.PayloadType || s.EventsFrom == s.PayloadType && s.EventsFrom != 0):
		return errors.New("audio and events share a payload type")
	case s.Remote.IsValid() && !st.rtp.reaches(s.Remote.Addr()):
		return errors.New("peer has an IPv6 address, our socket is IPv4")
	}
	return nil
}

// unmapped writes IPv4-mapped addresses as IPv4, so that addresses can be compared.
func unmapped(a netip.AddrPort) netip.AddrPort {
	return netip.AddrPortFrom(a.Addr().Unmap().WithZone(""), a.Port())
}

// nextPort is where RTCP is unless said otherwise (RFC 3550 §11).
func nextPort(a netip.AddrPort) netip.AddrPort {
	if !a.IsValid() || a.Port() == 65535 {
		return netip.AddrPort{}
	}
	return netip.AddrPortFrom(a.Addr(), a.Port()+1)
}
