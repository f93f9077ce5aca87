package ui

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/netip"
	"strings"
	"unicode/utf8"
)

// newID names a new thing: 80 bits, in small letters and digits.
func newID() string { return strings.ToLower(rand.Text()[:16]) }

// lines is a list that a form sends as one text with an entry on each line,
// and JSON as a list.
type lines []string

// UnmarshalText reads a text; commas and spaces part entries too.
func (l *lines) UnmarshalText(text []byte) error {
	*l = strings.FieldsFunc(string(text), func(r rune) bool { return r == '\n' || r == '\r' || r == ',' || r == ';' || r == ' ' || r == '\t' })
	return nil
}

// UnmarshalJSON reads a list of texts.
func (l *lines) UnmarshalJSON(data []byte) error { return json.Unmarshal(data, (*[]string)(l)) }

// networks reads addresses and networks; what it cannot read is noted.
func (l lines) networks(field string, bad *notes) []netip.Prefix {
	var out []netip.Prefix
	for i, text := range l {
		prefix, err := netip.ParsePrefix(text)
		if addr, single := netip.ParseAddr(text); single == nil {
			prefix, err = addr.Prefix(addr.BitLen())
		}
		if err != nil {
			bad.add(fmt.Sprintf("%s.%d", field, i), fmt.Sprintf("%q is no address or network: write 203.0.113.7 or 203.0.113.0/24", shown(text)))
			continue
		}
		out = append(out, prefix.Masked())
	}
	return out
}

func networkLines(all []netip.Prefix) string {
	var out []string
	for _, p := range all {
		if p.IsSingleIP() {
			out = append(out, p.Addr().String())
			continue
		}
		out = append(out, p.String())
	}
	return strings.Join(out, "\n")
}

// named checks a name: 1 to most characters.
func named(bad *notes, field, name string, most int) {
	n := utf8.RuneCountInString(name)
	switch {
	case n == 0:
		bad.add(field, "This is required.")
	case n > most:
		bad.add(field, fmt.Sprintf("At most %d characters.", most))
	case strings.ContainsFunc(name, unseen):
		bad.add(field, "Plain text only, on one line.")
	}
}

// optional checks a text that may be left out.
func optional(bad *notes, field, text string, most int) {
	if text != "" {
		named(bad, field, text, most)
	}
}
