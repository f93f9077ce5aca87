package ui

import (
	"net/mail"
	"strings"

	"tandem/flow/directory"
	"tandem/ui/pages"
)

// emailForm is an address that receives and never rings.
var emailForm = contactForm{
	kind: directory.Email, title: "E-mail",
	text:    "An address for the notices of flows, and later for recordings and voicemails. It never rings.",
	limit:   "Notices are sent at once: the address is not confirmed by a link in this version, so look at it twice.",
	address: func(m directory.ContactMethod) string { return m.URI },
	sections: func(m directory.ContactMethod) []pages.Section {
		return []pages.Section{{Title: "Address", Fields: []pages.Field{
			{Name: "uri", Label: "E-mail address", Type: "email", Value: m.URI, Required: true, Max: "254", Placeholder: "anna@example.org"},
		}}}
	},
	read: func(in contactInput, m *directory.ContactMethod, bad *notes) {
		m.URI = in.URI
		bad.unless(emailAddress(in.URI), "uri", "Write an address such as anna@example.org.")
	},
}

// emailAddress tells whether a text is one plain address.
func emailAddress(text string) bool {
	a, err := mail.ParseAddress(text)
	return err == nil && a.Address == text && a.Name == "" && len(text) <= 254 && !strings.ContainsFunc(text, unseen)
}
