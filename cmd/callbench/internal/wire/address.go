package wire

import (
	"fmt"
	"net/netip"
	"strings"
)

// URIOf takes the URI out of a From, To, Contact, Route or Record-Route value.
func URIOf(value string) string {
	if _, rest, ok := cutOutsideQuotes(value, '<'); ok {
		uri, _, _ := strings.Cut(rest, ">")
		return uri
	}
	// Without brackets everything after a semicolon belongs to the header (RFC 3261 §20.10).
	uri, _, _ := strings.Cut(value, ";")
	return strings.TrimSpace(uri)
}

// Param returns a header parameter (not one of the URI in brackets), or "".
func Param(value, name string) string {
	if _, rest, ok := cutOutsideQuotes(value, '<'); ok {
		_, value, _ = strings.Cut(rest, ">")
	}
	_, params, _ := strings.Cut(value, ";")
	return param(params, name)
}

// HasURIParam reports whether a URI carries the parameter, with a value or without.
func HasURIParam(uri, name string) bool {
	uri, _, _ = strings.Cut(uri, "?")
	_, params, _ := strings.Cut(uri, ";")
	for p := range strings.SplitSeq(params, ";") {
		key, _, _ := strings.Cut(p, "=")
		if strings.EqualFold(strings.TrimSpace(key), name) {
			return true
		}
	}
	return false
}

// UserOf returns the user part of a sip, sips or tel URI, without parameters.
func UserOf(uri string) string {
	scheme, rest, ok := strings.Cut(uri, ":")
	if !ok {
		return ""
	}
	if strings.EqualFold(scheme, "tel") {
		user, _, _ := strings.Cut(rest, ";")
		return user
	}
	user, _, ok := strings.Cut(rest, "@")
	if !ok {
		return ""
	}
	user, _, _ = strings.Cut(user, ";")
	user, _, _ = strings.Cut(user, ":")
	return user
}

// AddrOf returns where a SIP URI points. Only literal IP addresses are
// understood: a load generator looks nothing up. The port defaults to 5060.
func AddrOf(uri string) (netip.AddrPort, error) {
	scheme, rest, ok := strings.Cut(uri, ":")
	if !ok || !strings.EqualFold(scheme, "sip") {
		return netip.AddrPort{}, fmt.Errorf("%w: uri %q", ErrSyntax, uri)
	}
	if _, host, ok := strings.Cut(rest, "@"); ok {
		rest = host
	}
	if end := strings.IndexAny(rest, ";?"); end >= 0 {
		rest = rest[:end]
	}
	if ap, err := netip.ParseAddrPort(rest); err == nil {
		return ap, nil
	}
	ip, err := netip.ParseAddr(strings.Trim(rest, "[]"))
	if err != nil {
		return netip.AddrPort{}, fmt.Errorf("%w: host of uri %q", ErrSyntax, uri)
	}
	return netip.AddrPortFrom(ip, 5060), nil
}

func param(params, name string) string {
	for p := range strings.SplitSeq(params, ";") {
		key, val, _ := strings.Cut(p, "=")
		if strings.EqualFold(strings.TrimSpace(key), name) {
			return strings.Trim(strings.TrimSpace(val), `"`)
		}
	}
	return ""
}

func cutOutsideQuotes(s string, sep byte) (before, after string, found bool) {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case c == sep && !quoted:
			return s[:i], s[i+1:], true
		}
	}
	return s, "", false
}
