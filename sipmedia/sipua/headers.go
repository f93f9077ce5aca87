package sipua

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/emiago/sipgo/sip"
)

// compact maps a header's name in lower case to its one-letter form. sipgo
// gives these headers back under the letter they arrived with.
var compact = map[string]string{
	"supported": "k", "session-expires": "x", "subject": "s", "event": "o",
	"content-encoding": "e", "referred-by": "b", "refer-to": "r", "allow-events": "u",
}

// message is what sip.Request and sip.Response have in common.
type message interface {
	sip.Message
	Headers() []sip.Header
	StartLine() string
}

// values returns the values of all headers called name (in lower case) or its
// compact form, one for each header line.
func values(m message, name string) []string {
	short := compact[name]
	var all []string
	for _, h := range m.Headers() {
		if strings.EqualFold(h.Name(), name) || (short != "" && strings.EqualFold(h.Name(), short)) {
			all = append(all, h.Value())
		}
	}
	return all
}

// value returns the first of values, or "".
func value(m message, name string) string {
	if all := values(m, name); len(all) > 0 {
		return all[0]
	}
	return ""
}

// tokens returns the comma separated items of all headers called name, in lower case.
func tokens(m message, name string) []string {
	var all []string
	for _, v := range values(m, name) {
		for item := range strings.SplitSeq(v, ",") {
			if item = strings.ToLower(strings.TrimSpace(item)); item != "" {
				all = append(all, item)
			}
		}
	}
	return all
}

// has reports whether item is among the tokens of a header.
func has(m message, name, item string) bool {
	for _, t := range tokens(m, name) {
		if t == item {
			return true
		}
	}
	return false
}

// number reads the leading decimal of a header such as "1800;refresher=uac".
func number(s string) (int, bool) {
	s, _, _ = strings.Cut(s, ";")
	n, err := strconv.ParseUint(strings.TrimSpace(s), 10, 31)
	return int(n), err == nil
}

// param reads a parameter of a header value, "" without; names ignore case.
func param(s, name string) string {
	for i, part := range strings.Split(s, ";") {
		key, val, _ := strings.Cut(part, "=")
		if i > 0 && strings.EqualFold(strings.TrimSpace(key), name) {
			return strings.Trim(strings.TrimSpace(val), `"`)
		}
	}
	return ""
}

// paramOf looks a parameter up regardless of case (RFC 3261 §7.3.1).
func paramOf(p sip.HeaderParams, name string) (string, bool) {
	for _, kv := range p {
		if strings.EqualFold(strings.TrimSpace(kv.K), name) {
			return strings.TrimSpace(kv.V), true
		}
	}
	return "", false
}

// set puts a header in place of any other with its name.
func set(m message, h sip.Header) {
	type remover interface{ RemoveHeader(string) bool }
	for m.(remover).RemoveHeader(h.Name()) {
	}
	m.AppendHeader(h)
}

func add(m message, name, value string) { m.AppendHeader(sip.NewHeader(name, clean(value))) }

// clean makes a value fit for one header line: a CR or LF in it would start
// another header of the attacker's choice.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, s)
}

// quoted makes a display name fit for between quotes.
func quoted(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(clean(s))
}

func unquoted(s string) string {
	s = strings.TrimSpace(s)
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// userOf returns who a URI names: the user of a SIP URI without its parameters
// and escapes, the number of a tel: URI without separators (RFC 3966 §3).
func userOf(u *sip.Uri) string {
	user := u.User
	if u.Scheme == "tel" {
		user = strings.NewReplacer("-", "", ".", "", "(", "", ")", "").Replace(u.Raw())
	}
	user, _, _ = strings.Cut(user, ";")
	if plain, err := url.PathUnescape(user); err == nil {
		user = plain
	}
	return clean(user)
}

// escapeUser writes a user part as RFC 3261 §25.1 allows it.
func escapeUser(user string) string {
	const plain = "-_.!~*'()&=+$,;?/"
	var b strings.Builder
	for i := 0; i < len(user); i++ {
		c := user[i]
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || strings.IndexByte(plain, c) >= 0 {
			b.WriteByte(c)
			continue
		}
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}

// parseNameAddr reads the first address of a header such as P-Asserted-Identity.
func parseNameAddr(s string) (name string, uri sip.Uri, params sip.HeaderParams, err error) {
	defer recovered(&err)
	inQuote, inURI := false, false
	for i, c := range s { // only the first of a list
		switch {
		case c == '"':
			inQuote = !inQuote
		case c == '<' && !inQuote:
			inURI = true
		case c == '>' && !inQuote:
			inURI = false
		case c == ',' && !inQuote && !inURI:
			s = s[:i]
		}
		if c == ',' && !inQuote && !inURI {
			break
		}
	}
	name, err = sip.ParseAddressValue(strings.TrimSpace(s), &uri, &params)
	return unquoted(name), uri, params, err
}

func parseURI(s string) (uri sip.Uri, err error) {
	defer recovered(&err)
	err = sip.ParseUri(s, &uri)
	return uri, err
}

// recovered turns a panic of the parser into an error: it reads bytes from
// outside, and a bug in it must cost one message, not every call of the node.
func recovered(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("sip parser: %v", r)
	}
}

// hostAddr returns the address in a URI or Via host, if it is one.
func hostAddr(host string) (netip.Addr, bool) {
	a, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return a.Unmap(), err == nil
}

// randomText returns n random bytes in hexadecimal.
func randomText(n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails: crypto/rand ends the process instead
	return hex.EncodeToString(b)
}

func newBranch() string { return sip.RFC3261BranchMagicCookie + randomText(10) }

// reasonValue makes the value of a Reason header (RFC 3326): cause itself if
// it is one, or a SIP reason with cause as its words.
func reasonValue(status int, cause string) string {
	proto, rest, found := strings.Cut(cause, ";")
	if found && strings.Contains(rest, "cause=") && !strings.ContainsAny(proto, ` "`) {
		return clean(cause)
	}
	return fmt.Sprintf(`SIP;cause=%d;text="%s"`, status, quoted(cause))
}

// phrases are the reason phrases of the statuses that we send (RFC 3261 §21 and others).
var phrases = map[int]string{
	100: "Trying", 180: "Ringing", 181: "Call Is Being Forwarded", 182: "Queued", 183: "Session Progress",
	200: "OK", 202: "Accepted",
	300: "Multiple Choices", 301: "Moved Permanently", 302: "Moved Temporarily", 305: "Use Proxy", 380: "Alternative Service",
	400: "Bad Request", 401: "Unauthorized", 402: "Payment Required", 403: "Forbidden", 404: "Not Found",
	405: "Method Not Allowed", 406: "Not Acceptable", 407: "Proxy Authentication Required", 408: "Request Timeout",
	410: "Gone", 413: "Request Entity Too Large", 414: "Request-URI Too Long", 415: "Unsupported Media Type",
	416: "Unsupported URI Scheme", 420: "Bad Extension", 421: "Extension Required", 422: "Session Interval Too Small",
	423: "Interval Too Brief", 433: "Anonymity Disallowed", 480: "Temporarily Unavailable",
	481: "Call/Transaction Does Not Exist", 482: "Loop Detected", 483: "Too Many Hops", 484: "Address Incomplete",
	485: "Ambiguous", 486: "Busy Here", 487: "Request Terminated", 488: "Not Acceptable Here", 491: "Request Pending",
	500: "Server Internal Error", 501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable",
	504: "Server Time-out", 505: "Version Not Supported", 513: "Message Too Large",
	600: "Busy Everywhere", 603: "Decline", 604: "Does Not Exist Anywhere", 606: "Not Acceptable", 607: "Unwanted",
}

func phrase(status int) string {
	if p, ok := phrases[status]; ok {
		return p
	}
	return phrases[status/100*100] // RFC 3261 §8.1.3.2: x00 stands for its class
}
