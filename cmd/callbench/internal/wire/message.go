// Package wire reads and writes SIP messages as callbench needs them.
//
// It is written apart from the engine's own SIP code on purpose, so that a
// fault there cannot hide behind the same fault here. It never opens a socket,
// keeps no state and never judges whether a message makes sense in a dialog.
package wire

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Limits of what Parse accepts; anything larger is refused, not truncated.
const (
	maxMessage = 65535 // bytes, one UDP datagram
	maxHeaders = 200
)

// Errors of Parse.
var (
	ErrTooLarge = errors.New("sip message too large")
	ErrSyntax   = errors.New("sip message malformed")
)

// Header is one header line, its name in the long form as it came.
type Header struct{ Name, Value string }

// Message is a request (Method set) or a response (Status set).
type Message struct {
	Method string // empty in a response
	URI    string // request URI, empty in a response
	Status int    // 100 to 699, 0 in a request
	Reason string

	Headers []Header
	Body    []byte
}

// compactNames are the one-letter header forms of RFC 3261 §7.3.3 and the
// extensions this package meets.
var compactNames = map[string]string{
	"i": "Call-ID", "m": "Contact", "e": "Content-Encoding", "l": "Content-Length",
	"c": "Content-Type", "f": "From", "s": "Subject", "k": "Supported",
	"t": "To", "v": "Via", "x": "Session-Expires",
}

// Parse reads one datagram. The result shares no memory with b.
func Parse(b []byte) (*Message, error) {
	if len(b) > maxMessage {
		return nil, ErrTooLarge
	}
	head, body, found := bytes.Cut(b, []byte("\r\n\r\n"))
	if !found {
		return nil, fmt.Errorf("%w: no end of headers", ErrSyntax)
	}
	lines := strings.Split(string(head), "\r\n")
	m := &Message{}
	if err := m.parseStart(lines[0]); err != nil {
		return nil, err
	}
	if err := m.parseHeaders(lines[1:]); err != nil {
		return nil, err
	}
	// RFC 3261 §18.3: over UDP bytes past Content-Length are dropped, too few are an error.
	if v := m.Get("Content-Length"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 0 || n > len(body) {
			return nil, fmt.Errorf("%w: content length %q with %d bytes of body", ErrSyntax, v, len(body))
		}
		body = body[:n]
	}
	m.Body = bytes.Clone(body)
	return m, nil
}

// parseStart reads the request line or the status line.
func (m *Message) parseStart(line string) error {
	first, rest, ok := strings.Cut(line, " ")
	if !ok {
		return fmt.Errorf("%w: start line %q", ErrSyntax, line)
	}
	if strings.EqualFold(first, "SIP/2.0") {
		code, reason, _ := strings.Cut(rest, " ")
		n, err := strconv.Atoi(code)
		if err != nil || len(code) != 3 || n < 100 || n > 699 {
			return fmt.Errorf("%w: status %q", ErrSyntax, code)
		}
		m.Status, m.Reason = n, reason
		return nil
	}
	uri, version, ok := strings.Cut(rest, " ")
	if !ok || !strings.EqualFold(version, "SIP/2.0") || uri == "" || !isToken(first) {
		return fmt.Errorf("%w: start line %q", ErrSyntax, line)
	}
	m.Method, m.URI = first, uri
	return nil
}

// parseHeaders reads the header lines and joins folded ones (RFC 3261 §7.3.1).
func (m *Message) parseHeaders(lines []string) error {
	for _, line := range lines {
		if line == "" || strings.ContainsAny(line, "\r\n") {
			return fmt.Errorf("%w: bare line break in headers", ErrSyntax)
		}
		if line[0] == ' ' || line[0] == '\t' {
			if len(m.Headers) == 0 {
				return fmt.Errorf("%w: folded line without a header", ErrSyntax)
			}
			last := &m.Headers[len(m.Headers)-1]
			last.Value = strings.TrimSpace(last.Value + " " + strings.TrimSpace(line))
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		name = strings.TrimSpace(name)
		if !ok || !isToken(name) {
			return fmt.Errorf("%w: header line %q", ErrSyntax, line)
		}
		if len(m.Headers) == maxHeaders {
			return ErrTooLarge
		}
		if long, ok := compactNames[strings.ToLower(name)]; ok {
			name = long
		}
		m.Headers = append(m.Headers, Header{name, strings.TrimSpace(value)})
	}
	return nil
}

// Get returns the first value of a header, or "".
func (m *Message) Get(name string) string {
	for _, h := range m.Headers {
		if strings.EqualFold(h.Name, name) {
			return h.Value
		}
	}
	return ""
}

// All returns every value of a list header, comma-joined lines taken apart.
func (m *Message) All(name string) []string {
	var all []string
	for _, h := range m.Headers {
		if strings.EqualFold(h.Name, name) {
			all = append(all, splitList(h.Value)...)
		}
	}
	return all
}

// Add appends a header.
func (m *Message) Add(name, value string) { m.Headers = append(m.Headers, Header{name, value}) }

// Copy appends every line of the named headers found in from, in their order.
func (m *Message) Copy(from *Message, names ...string) {
	for _, name := range names {
		for _, h := range from.Headers {
			if strings.EqualFold(h.Name, name) {
				m.Add(h.Name, h.Value)
			}
		}
	}
}

// CSeq returns the number and method of the CSeq header, 0 and "" if malformed.
func (m *Message) CSeq() (uint32, string) {
	num, method, ok := strings.Cut(m.Get("CSeq"), " ")
	n, err := strconv.ParseUint(num, 10, 31) // RFC 3261 §8.1.1.5: below 2^31
	if !ok || err != nil {
		return 0, ""
	}
	return uint32(n), strings.TrimSpace(method)
}

// Branch returns the branch of the topmost Via.
func (m *Message) Branch() string {
	via := m.All("Via")
	if len(via) == 0 {
		return ""
	}
	return Param(via[0], "branch")
}

// Bytes prints the message with a Content-Length of its own.
func (m *Message) Bytes() []byte {
	var b bytes.Buffer
	b.Grow(768 + len(m.Body))
	if m.Method != "" {
		b.WriteString(m.Method + " " + m.URI + " SIP/2.0\r\n")
	} else {
		b.WriteString("SIP/2.0 " + strconv.Itoa(m.Status) + " " + m.Reason + "\r\n")
	}
	for _, h := range m.Headers {
		if !strings.EqualFold(h.Name, "Content-Length") {
			b.WriteString(h.Name + ": " + h.Value + "\r\n")
		}
	}
	b.WriteString("Content-Length: " + strconv.Itoa(len(m.Body)) + "\r\n\r\n")
	b.Write(m.Body)
	return b.Bytes()
}

// Reply builds a response to a request, with the headers RFC 3261 §8.2.6.2
// copies. toTag is added unless the request already carries one.
func Reply(req *Message, status int, reason, toTag string) *Message {
	res := &Message{Status: status, Reason: reason}
	res.Copy(req, "Via", "From")
	to := req.Get("To")
	if toTag != "" && Param(to, "tag") == "" {
		to += ";tag=" + toTag
	}
	res.Add("To", to)
	res.Copy(req, "Call-ID", "CSeq")
	return res
}

// isToken reports whether s is a token of RFC 3261 §25.1.
func isToken(s string) bool {
	if s == "" {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte(`()<>@,;:\"/[]?={}`, c) >= 0 {
			return false
		}
	}
	return true
}

// splitList cuts at commas that stand outside quotes and angle brackets.
func splitList(s string) []string {
	var out []string
	quoted, angle, start := false, false, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '<':
			angle = true
		case c == '>':
			angle = false
		case c == ',' && !angle:
			out = append(out, strings.TrimSpace(s[start:i]))
			start = i + 1
		}
	}
	return append(out, strings.TrimSpace(s[start:]))
}
