package ui

import (
	"tandem/flow/directory"
	"tandem/ui/pages"
)

// appForm is the browser app of a user.
var appForm = contactForm{
	kind: directory.App, title: "App", rung: true,
	text:     "The browser app of a user.",
	limit:    "The app is not part of this version: the contact method is kept, and skipped as unavailable when it is rung.",
	address:  func(directory.ContactMethod) string { return "" },
	sections: func(directory.ContactMethod) []pages.Section { return nil },
	read: func(in contactInput, m *directory.ContactMethod, bad *notes) {
		bad.unless(in.Owner != "", "owner", "An app belongs to a user: choose who.")
	},
}
