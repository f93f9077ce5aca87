package wire

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// Session is the little of SDP that callbench speaks: one PCMU stream with RFC 4733 keys.
type Session struct {
	Media  netip.AddrPort // where audio is to be sent
	KeysPT uint8          // payload type of telephone-event, 0 when absent
	PCMU   bool           // payload type 0 is among the formats
}

// OfferedKeysPT is the payload type of telephone-event in what we write.
const OfferedKeysPT = 101

// SDP prints a session description with PCMU and telephone-event at 20 ms.
func SDP(media netip.AddrPort, id uint64) []byte {
	ip := media.Addr().String()
	family := "IP4"
	if media.Addr().Is6() {
		family = "IP6"
	}
	return fmt.Appendf(nil, "v=0\r\no=callbench %d 1 IN %s %s\r\ns=callbench\r\nc=IN %s %s\r\nt=0 0\r\n"+
		"m=audio %d RTP/AVP 0 %d\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:%d telephone-event/8000\r\n"+
		"a=fmtp:%d 0-15\r\na=ptime:20\r\na=sendrecv\r\n",
		id, family, ip, family, ip, media.Port(), OfferedKeysPT, OfferedKeysPT, OfferedKeysPT)
}

// ParseSDP reads the first audio stream of a session description.
func ParseSDP(b []byte) (Session, error) {
	var s Session
	var ip netip.Addr
	var port uint64
	audio, seen := false, false
	for line := range strings.SplitSeq(string(b), "\n") {
		line = strings.TrimRight(line, "\r")
		switch {
		case strings.HasPrefix(line, "m="):
			audio = !seen && strings.HasPrefix(line, "m=audio ")
			if !audio {
				continue
			}
			seen = true
			fields := strings.Fields(line)
			if len(fields) < 4 {
				return s, fmt.Errorf("%w: sdp %q", ErrSyntax, line)
			}
			n, err := strconv.ParseUint(fields[1], 10, 16)
			if err != nil {
				return s, fmt.Errorf("%w: sdp port %q", ErrSyntax, fields[1])
			}
			port = n
			for _, pt := range fields[3:] {
				s.PCMU = s.PCMU || pt == "0"
			}
		case strings.HasPrefix(line, "c=") && (audio || !seen):
			fields := strings.Fields(line)
			if len(fields) != 3 {
				return s, fmt.Errorf("%w: sdp %q", ErrSyntax, line)
			}
			addr, err := netip.ParseAddr(fields[2])
			if err != nil {
				return s, fmt.Errorf("%w: sdp address %q", ErrSyntax, fields[2])
			}
			ip = addr
		case audio && strings.HasPrefix(line, "a=rtpmap:"):
			pt, name, _ := strings.Cut(strings.TrimPrefix(line, "a=rtpmap:"), " ")
			n, err := strconv.ParseUint(pt, 10, 7)
			if err == nil && strings.HasPrefix(strings.ToLower(name), "telephone-event/8000") {
				s.KeysPT = uint8(n)
			}
		}
	}
	if !seen || !ip.IsValid() {
		return s, fmt.Errorf("%w: sdp without an audio stream", ErrSyntax)
	}
	s.Media = netip.AddrPortFrom(ip, uint16(port))
	return s, nil
}
