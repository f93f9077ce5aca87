package ui

import (
	"regexp"
	"strings"

	"tandem/flow/directory"
	"tandem/ui/pages"
)

// sipForwardingForm rings an address on somebody else's SIP server.
var sipForwardingForm = contactForm{
	kind: directory.SIPForwarding, title: "SIP forwarding", rung: true, forwards: true,
	text:    "An address on another SIP server that is rung from here.",
	address: func(m directory.ContactMethod) string { return m.URI },
	sections: func(m directory.ContactMethod) []pages.Section {
		hint := "Only if the other side asks for one."
		if m.Username != "" {
			hint = "Leave it empty to keep the one that is stored."
		}
		return []pages.Section{{Title: "Where it rings", Fields: []pages.Field{
			{Name: "uri", Label: "SIP address", Value: m.URI, Required: true, Max: "255", Wide: true, Placeholder: "sip:anna@pbx.example.org",
				Hint: "A port and a transport may follow: sip:anna@pbx.example.org:5080;transport=tcp"},
			{Name: "username", Label: "User name for digest", Value: m.Username, Max: "64", Hint: "Only if the other side asks for one."},
			{Name: "password", Label: "Password", Type: "password", Max: "128", Autocomplete: "new-password", Hint: hint},
		}}}
	},
	read: func(in contactInput, m *directory.ContactMethod, bad *notes) {
		m.URI, m.Username = in.URI, in.Username
		if !strings.Contains(m.URI, ":") && strings.Contains(m.URI, "@") {
			m.URI = "sip:" + m.URI
		}
		bad.unless(sipAddress.MatchString(m.URI), "uri", "Write an address such as sip:anna@pbx.example.org.")
		bad.unless(in.Username == "" || userName.MatchString(in.Username), "username", "Letters, digits and . _ - only, at most 64.")
		bad.unless(in.Password == "" || in.Username != "", "username", "A password needs a user name.")
	},
}

// sipAddress is a SIP URI with a user part, plainly written.
var sipAddress = regexp.MustCompile(`^sips?:[A-Za-z0-9._~+*%!'()&=$,-]{1,64}@([A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?(;[A-Za-z0-9._-]+(=[A-Za-z0-9._-]+)?)*$`)
