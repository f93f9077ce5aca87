package sipua

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/emiago/sipgo/sip"
)

// problem is why a message is refused: the status of the answer, if the sender
// deserves one.
type problem struct {
	status  int
	reason  string
	headers []Header
}

func (p *problem) Error() string { return fmt.Sprintf("%d %s", p.status, p.reason) }

func bad(format string, args ...any) *problem {
	return &problem{status: 400, reason: fmt.Sprintf(format, args...)}
}

// newParser makes a parser that holds no message larger than size.
func newParser(size int) *sip.Parser {
	p := sip.NewParser()
	p.MaxMessageLength = size
	return p
}

// parse reads one datagram.
func (ua *UA) parse(data []byte) (msg message, err error) {
	defer recovered(&err)
	m, err := ua.parser.ParseSIP(data)
	if err != nil {
		return nil, err
	}
	return m.(message), nil
}

func isPartial(err error) bool { return errors.Is(err, io.ErrUnexpectedEOF) }

// once are the headers that RFC 3261 §20 allows once, by name in lower case;
// true: without them there is no request (§8.1.1). Max-Forwards is mandatory too
// but missing in older phones, which harms nobody at an end point.
var once = map[string]bool{
	"from": true, "to": true, "call-id": true, "cseq": true,
	"max-forwards": false, "content-length": false, "content-type": false,
	"session-expires": false, "min-se": false, "expires": false,
}

// longestID bounds Call-IDs and tags: they become map keys and log lines.
const longestID = 256

// validate checks what the parser lets through: missing, repeated and
// contradictory headers, and the limits. It returns nil if the message is sound.
func validate(m message, l Limits) *problem {
	if p := countHeaders(m, l); p != nil {
		return p
	}
	if len(m.Body()) > 0 && len(bytes.TrimSpace(m.Body())) == 0 {
		m.SetBody(nil) // some phones end a datagram with one CRLF too many
	}
	if len(m.Body()) > l.Body {
		return &problem{status: 513, reason: "Message Too Large"}
	}
	if id := m.CallID().Value(); len(id) > longestID || strings.ContainsAny(id, " \t") {
		return bad("Bad Call-ID")
	}
	for _, params := range []sip.HeaderParams{m.From().Params, m.To().Params} {
		if tag, found := paramOf(params, "tag"); found && (tag == "" || len(tag) > longestID) {
			return bad("Bad Tag")
		}
	}
	if via := m.Via(); via.Host == "" || strings.ContainsAny(via.Host, " \t\"") || via.Transport == "" || via.Port < 0 || via.Port > 65535 {
		return bad("Bad Via")
	}
	if len(m.Body()) > 0 && m.ContentLength() != nil && int(*m.ContentLength()) != len(m.Body()) {
		return bad("Content-Length Mismatch")
	}
	switch m := m.(type) {
	case *sip.Request:
		return validateRequest(m)
	case *sip.Response:
		return validateResponse(m)
	}
	return bad("Not SIP")
}

func countHeaders(m message, l Limits) *problem {
	headers := m.Headers()
	if len(headers) > l.Headers {
		return bad("Too Many Headers")
	}
	seen, vias := map[string]int{}, 0
	for _, h := range headers {
		name := strings.ToLower(h.Name())
		if name == "x" {
			name = "session-expires"
		}
		if _, single := once[name]; single {
			seen[name]++
		}
		if name == "via" {
			vias++
		}
	}
	for name, mandatory := range once {
		if seen[name] > 1 {
			return bad("Repeated %s", name)
		}
		if mandatory && seen[name] == 0 {
			return bad("Missing %s", name)
		}
	}
	if vias == 0 {
		return bad("Missing via")
	}
	if vias > l.Vias {
		return bad("Too Many Vias")
	}
	return nil
}

func validateRequest(req *sip.Request) *problem {
	if !strings.EqualFold(req.SipVersion, "SIP/2.0") {
		return &problem{status: 505, reason: "Version Not Supported"}
	}
	// sipgo writes the request line's method in capitals, but not this one.
	if !strings.EqualFold(string(req.CSeq().MethodName), string(req.Method)) {
		return bad("CSeq Names Another Method")
	}
	if _, found := paramOf(req.From().Params, "tag"); !found && req.Method == sip.INVITE {
		return bad("Missing From Tag")
	}
	if p := validateURI(&req.Recipient); p != nil {
		return p
	}
	if f := req.MaxForwards(); f != nil && *f > 255 {
		return bad("Bad Max-Forwards")
	}
	if len(req.Body()) > 0 && req.ContentType() == nil {
		return bad("Missing Content-Type")
	}
	return nil
}

// validateURI judges a request URI (RFC 3261 §8.2.2.1).
func validateURI(u *sip.Uri) *problem {
	switch u.Scheme {
	case "sip", "sips":
		if u.Host == "" || strings.ContainsAny(u.Host, " \t<>\"") || u.Port < 0 || u.Port > 65535 || len(u.Headers) > 0 {
			return bad("Bad Request-URI")
		}
	case "tel":
		if userOf(u) == "" {
			return bad("Bad Request-URI")
		}
	default:
		for i, c := range []byte(u.Scheme) {
			letter := c >= 'a' && c <= 'z'
			if !letter && (i == 0 || !strings.ContainsRune("0123456789+-.", rune(c))) {
				return bad("Bad Request-URI")
			}
		}
		return &problem{status: 416, reason: "Unsupported URI Scheme"}
	}
	return nil
}

func validateResponse(res *sip.Response) *problem {
	if !strings.EqualFold(res.SipVersion, "SIP/2.0") || res.StatusCode < 100 || res.StatusCode > 699 {
		return bad("Bad Status Line")
	}
	// RFC 3261 §8.1.3.3: more than one Via means that it went astray.
	if len(values(res, "via")) != 1 {
		return bad("Answer With Several Vias")
	}
	return nil
}

// checkExtensions refuses what a Require header asks for in vain (RFC 3261 §8.2.2.3).
func checkExtensions(req *sip.Request) *problem {
	if req.Method == sip.ACK || req.Method == sip.CANCEL {
		return nil
	}
	var missing []string
	for _, name := range tokens(req, "require") {
		if name != "timer" && !(name == "path" && req.Method == sip.REGISTER) {
			missing = append(missing, name)
		}
	}
	if missing == nil {
		return nil
	}
	return &problem{status: 420, reason: phrase(420), headers: []Header{{"Unsupported", strings.Join(missing, ", ")}}}
}

// acceptsSDP reports whether the peer can read what we would answer (RFC 3261 §20.1).
func acceptsSDP(m message) bool {
	if len(values(m, "accept")) == 0 {
		return true
	}
	for _, kind := range tokens(m, "accept") {
		kind, _, _ = strings.Cut(kind, ";")
		switch strings.TrimSpace(kind) {
		case "application/sdp", "application/*", "*/*":
			return true
		}
	}
	return false
}

// sdpBody returns the session description of a message, nil without one. A
// carrier may wrap it in multipart/mixed beside things that we do not need.
func sdpBody(m message) ([]byte, *problem) {
	if len(m.Body()) == 0 {
		return nil, nil
	}
	unsupported := &problem{status: 415, reason: phrase(415), headers: []Header{{"Accept", "application/sdp"}}}
	if coding := strings.ToLower(strings.TrimSpace(value(m, "content-encoding"))); coding != "" && coding != "identity" {
		unsupported.headers = []Header{{"Accept-Encoding", "identity"}}
		return nil, unsupported
	}
	if isSDP(value(m, "content-type")) {
		return m.Body(), nil
	}
	if part := sdpPart(value(m, "content-type"), m.Body()); part != nil {
		return part, nil
	}
	return nil, unsupported
}
