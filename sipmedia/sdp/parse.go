package sdp

import (
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// Limits of a body. Real offers of browsers reach 8 kB and three m-lines.
const (
	maxBody    = 32 << 10
	maxLine    = 2048
	maxLines   = 1024
	maxMedia   = 16
	maxFormats = 64
)

// ErrMalformed is wrapped by every error of Parse.
var ErrMalformed = errors.New("malformed session description")

// Parse reads one description. It is strict where a misreading would send audio
// astray and lenient where real phones are sloppy: bare line feeds, a missing
// s= or t=, unknown lines and attributes. Errors wrap ErrMalformed.
func Parse(body []byte) (Description, error) {
	if len(body) > maxBody {
		return Description{}, malformed("body", "too long")
	}
	p := parser{direction: SendRecv}
	p.d.Name = "-"
	n := 0
	for raw := range bytes.Lines(body) {
		if n++; n > maxLines || len(raw) > maxLine {
			return Description{}, malformed("body", "too many or too long lines")
		}
		line := strings.TrimRight(string(raw), "\r\n")
		if line == "" {
			continue
		}
		if err := p.line(line); err != nil {
			return Description{}, err
		}
	}
	if !p.origin {
		return Description{}, malformed("body", "no o= line")
	}
	p.finish()
	return p.d, nil
}

func malformed(what, why string) error { return fmt.Errorf("%w: %s: %s", ErrMalformed, what, why) }

type parser struct {
	d         Description
	version   bool
	origin    bool
	direction Direction // session level
	said      []bool    // per m-line: has a direction of its own
	rtcpPort  []uint16
}

var lineParsers = map[byte]func(*parser, string) error{
	'o': (*parser).parseOrigin, 's': (*parser).parseName, 'c': (*parser).parseConnection,
	'm': (*parser).parseMedia, 'a': (*parser).parseAttribute,
}

func (p *parser) line(line string) error {
	if len(line) < 2 || line[1] != '=' || strings.ContainsAny(line, "\x00\r") {
		return malformed("line", "not of the form x=value")
	}
	if !p.version {
		if line != "v=0" {
			return malformed("v=", "the first line is not v=0")
		}
		p.version = true
		return nil
	}
	if parse, known := lineParsers[line[0]]; known {
		return parse(p, line[2:])
	}
	return nil
}

func (p *parser) parseOrigin(v string) error {
	f := strings.Fields(v)
	if len(f) != 6 || p.origin {
		return malformed("o=", "not six fields, or said twice")
	}
	p.origin = true
	// Some phones write an identifier that overflows or is no number at all.
	// Only its equality matters, so such a value counts as 0.
	id, _ := strconv.ParseUint(f[1], 10, 64)
	version, _ := strconv.ParseUint(f[2], 10, 64)
	addr := parseAddr(f[3:])
	if !addr.IsValid() {
		addr = netip.IPv4Unspecified()
	}
	p.d.Origin = Origin{User: f[0], ID: id, Version: version, Addr: addr}
	return nil
}

func (p *parser) parseName(v string) error {
	if v = strings.TrimSpace(v); v != "" {
		p.d.Name = v
	}
	return nil
}

func (p *parser) parseConnection(v string) error {
	addr := parseAddr(strings.Fields(v))
	if !addr.IsValid() {
		return malformed("c=", "not an IP address")
	}
	if m := p.media(); m != nil {
		m.Addr = addr
	} else {
		p.d.Addr = addr
	}
	return nil
}

func (p *parser) parseMedia(v string) error {
	f := strings.Fields(v)
	if len(f) < 4 || len(f) > 3+maxFormats || len(p.d.Media) == maxMedia {
		return malformed("m=", "too few or too many fields or lines")
	}
	port, _, _ := strings.Cut(f[1], "/") // "port/count" is for layered codecs
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return malformed("m=", "bad port")
	}
	m := Media{Kind: f[0], Port: uint16(n), Proto: f[2], Direction: SendRecv}
	for _, token := range f[3:] {
		m.Formats = append(m.Formats, Format{Token: token})
	}
	p.d.Media = append(p.d.Media, m)
	p.said, p.rtcpPort = append(p.said, false), append(p.rtcpPort, 0)
	return nil
}

func (p *parser) parseAttribute(v string) error {
	name, value, _ := strings.Cut(v, ":")
	m := p.media()
	for d, known := range directionNames {
		if name != known {
			continue
		}
		if m == nil {
			p.direction = Direction(d)
		} else {
			m.Direction, p.said[len(p.said)-1] = Direction(d), true
		}
		return nil
	}
	if m == nil {
		return nil
	}
	switch name {
	case "rtpmap":
		return m.parseRTPMap(value)
	case "fmtp":
		token, params, _ := strings.Cut(value, " ")
		if f := m.format(token); f != nil {
			f.Params = strings.TrimSpace(params)
		}
	case "ptime":
		// A value such as "20.0" or nonsense is as good as none.
		if ms, err := strconv.Atoi(strings.TrimSpace(value)); err == nil && ms > 0 && ms <= 1000 {
			m.PTime = time.Duration(ms) * time.Millisecond
		}
	case "rtcp":
		return p.parseRTCP(m, value)
	}
	return nil
}

func (m *Media) parseRTPMap(v string) error {
	token, encoding, _ := strings.Cut(v, " ")
	parts := strings.Split(strings.TrimSpace(encoding), "/")
	if len(parts) < 2 || parts[0] == "" || strings.ContainsAny(parts[0], " \t") {
		return malformed("a=rtpmap", "not \"type name/rate\"")
	}
	rate, err := strconv.Atoi(parts[1])
	if err != nil || rate <= 0 || rate > 1_000_000 {
		return malformed("a=rtpmap", "bad clock rate")
	}
	if f := m.format(token); f != nil {
		f.Name, f.Rate = parts[0], rate
	}
	return nil
}

func (m *Media) format(token string) *Format {
	for i := range m.Formats {
		if m.Formats[i].Token == token {
			return &m.Formats[i]
		}
	}
	return nil
}

// parseRTCP reads RFC 3605: "port" or "port IN IP4 address".
func (p *parser) parseRTCP(m *Media, v string) error {
	f := strings.Fields(v)
	if len(f) == 0 {
		return malformed("a=rtcp", "empty")
	}
	port, err := strconv.ParseUint(f[0], 10, 16)
	if err != nil {
		return malformed("a=rtcp", "bad port")
	}
	p.rtcpPort[len(p.rtcpPort)-1] = uint16(port)
	m.RTCP = netip.AddrPortFrom(parseAddr(f[1:]), uint16(port))
	return nil
}

func (p *parser) media() *Media {
	if len(p.d.Media) == 0 {
		return nil
	}
	return &p.d.Media[len(p.d.Media)-1]
}

// finish gives every m-line what it inherits from the session.
func (p *parser) finish() {
	for i := range p.d.Media {
		m := &p.d.Media[i]
		if m.Port == 0 {
			formats := make([]Format, len(m.Formats))
			for j, f := range m.Formats {
				formats[j].Token = f.Token
			}
			*m = Media{Kind: m.Kind, Proto: m.Proto, Formats: formats, Direction: SendRecv}
			continue
		}
		if !m.Addr.IsValid() {
			m.Addr = p.d.Addr
		}
		if !p.said[i] {
			m.Direction = p.direction
		}
		switch {
		case p.rtcpPort[i] == 0 || !m.Addr.IsValid():
			m.RTCP = netip.AddrPort{}
		case !m.RTCP.Addr().IsValid():
			m.RTCP = netip.AddrPortFrom(m.Addr, p.rtcpPort[i])
		}
	}
}

// parseAddr reads "IN IP4 192.0.2.1", with the TTL of multicast cut off. It
// returns an invalid address for anything else, host names included: looking
// one up would let a body make us ask the network.
func parseAddr(f []string) netip.Addr {
	if len(f) != 3 || f[0] != "IN" {
		return netip.Addr{}
	}
	text, _, _ := strings.Cut(f[2], "/")
	addr, err := netip.ParseAddr(text)
	if err != nil || addr.Zone() != "" {
		return netip.Addr{}
	}
	return addr.Unmap()
}
