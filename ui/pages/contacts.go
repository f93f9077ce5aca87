package pages

import "time"

// KindsView is the choice of a kind for a new thing.
type KindsView struct {
	Frame
	Back  Link
	Title string
	Kinds []KindChoice
}

// KindChoice is one kind to choose.
type KindChoice struct{ Title, Text, Limit, Link string }

// BindingsView is the phones that are registered with an account now.
type BindingsView struct {
	Path     string // of the page, which is asked again
	Max      int
	Bindings []Binding
}

// Binding is one registered phone.
type Binding struct {
	Contact, From, Transport, Phone, Node string

	Expires time.Time
}

// PhoneSettings is what a phone must be told to register.
type PhoneSettings struct {
	Facts []Fact
	Renew string // where a new password is made; empty: not by this login
}
