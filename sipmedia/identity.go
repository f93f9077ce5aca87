package sipmedia

import (
	"fmt"
	"net/netip"
	"strings"

	"tandem/flow/call"
	"tandem/flow/dialplan"
	"tandem/sipmedia/sipua"
)

// maxShown bounds the texts of an INVITE that are stored and shown.
const maxShown = 100

// callerOf says who calls: an account is its internal number whatever it
// claims, the caller of a trunk or of a guest is taken from P-Asserted-Identity,
// then From, and stays withheld when it says so (RFC 3323 §4.2, RFC 3325 §7).
func callerOf(f *sipua.Facts) call.Party {
	if f.Account != nil && !f.Account.Guest {
		return call.Party{Number: f.Account.InternalNumber, Name: clip(firstOf(f.Account.DisplayName, f.FromName))}
	}
	if withheld(f) {
		return call.Party{}
	}
	name := clip(firstOf(f.IdentityName, f.FromName))
	for _, user := range []string{f.Identity, f.From} {
		if n, err := dialplan.ParseNumber(user); err == nil {
			return call.Party{Number: n.String(), Name: name}
		}
	}
	return call.Party{Number: clip(firstOf(f.Identity, f.From)), Name: name}
}

func withheld(f *sipua.Facts) bool {
	for _, p := range strings.FieldsFunc(f.Privacy, func(r rune) bool { return r == ';' || r == ',' || r == ' ' }) {
		if p == "id" || p == "user" || p == "header" {
			return true
		}
	}
	// A trunk that hides From but asserts an identity without asking for
	// privacy wants it shown.
	return f.Identity == "" && (f.From == "" || strings.EqualFold(f.From, "anonymous") || strings.EqualFold(f.FromHost, "anonymous.invalid"))
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

func clip(text string) string {
	if len(text) > maxShown {
		return strings.ToValidUTF8(text[:maxShown], "")
	}
	return text
}

// reason is a cause as the value of a Reason header (RFC 3326).
func reason(c call.Cause) string {
	return fmt.Sprintf("Q.850;cause=%d;text=%q", call.Causes[c].Q850, c.Text())
}

// answeredElsewhere tells a phone not to list a missed call (RFC 3326 §3.1,
// as RFC 3261 forks do).
const answeredElsewhere = `SIP;cause=200;text="Call completed elsewhere"`

// behindNAT tells whether the address in a peer's SDP is not where its audio
// will come from. A trunk is trusted to know its addresses unless they cannot
// be reached at all; a phone in an office often does not know better.
func behindNAT(media, signalling netip.Addr, trunk bool) bool {
	media, signalling = media.Unmap(), signalling.Unmap()
	if media == signalling || !unroutable(media) {
		return false
	}
	return !trunk || !unroutable(signalling)
}

func unroutable(a netip.Addr) bool {
	return a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast()
}
