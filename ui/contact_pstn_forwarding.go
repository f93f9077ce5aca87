package ui

import (
	"strings"

	"tandem/flow/dialplan"
	"tandem/flow/directory"
	"tandem/ui/pages"
)

// pstnForwardingForm rings a number of the telephone network.
var pstnForwardingForm = contactForm{
	kind: directory.PSTNForwarding, title: "PSTN forwarding", rung: true, forwards: true,
	text:    "A mobile or landline number that is rung through a carrier.",
	limit:   "Calls out through a carrier are not part of this version: the contact method is kept, and skipped as unavailable when it is rung.",
	address: func(m directory.ContactMethod) string { return m.Number.String() },
	sections: func(m directory.ContactMethod) []pages.Section {
		return []pages.Section{{Title: "Where it rings", Fields: []pages.Field{
			{Name: "number", Label: "Number", Value: strings.TrimPrefix(m.Number.String(), "+"), Required: true, Max: "30", Placeholder: "46701234567", Hint: "7 to 15 digits with the country code."},
		}}}
	},
	read: func(in contactInput, m *directory.ContactMethod, bad *notes) {
		n, err := dialplan.ParseNumber(in.Number)
		bad.unless(err == nil, "number", "Write 7 to 15 digits with the country code.")
		m.Number = n
	},
}
