package pages

import "github.com/a-h/templ"

// Module is one module of a flow with its settings form.
type Module struct {
	Anchor  string
	Name    string
	Kind    string
	Title   string
	Family  string
	Note    string
	Shelved bool
	Entry   bool
	Form    templ.Component
	Exits   []Exit
	From    []Fact // who leads here
}

// Exit is one outlet and where it leads.
type Exit struct {
	Label string
	Main  bool
	To    string
	Link  string // empty: nowhere
	How   string // what happens without a cable
}
