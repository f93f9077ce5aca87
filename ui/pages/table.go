package pages

import (
	"time"

	"github.com/a-h/templ"
)

// TableView is a page with one list of things.
type TableView struct {
	Frame
	Title, Hint string
	Actions     []Link // beside the title
	Search      string // what the search box says
	Filters     []Field
	List        List
	Columns     []Heading
	Rows        []Row
	Narrowed    bool // searched or filtered: an empty list says so
	Empty       Empty
	Below       []templ.Component
}

// Link is somewhere to go, drawn as a button.
type Link struct {
	Label, Link string
	Main        bool // the one thing to do here
}

// Heading is one column of a table.
type Heading struct {
	Key   string // to sort by; empty: it cannot be
	Label string
	Right bool
}

// Row is one thing of a list; its first cell leads to its page.
type Row struct {
	Link  string
	Cells []Cell
	Quiet bool // it is switched off
}

// Cell is what a row says in one column.
type Cell struct {
	Text, Link string
	Sub        string // in small behind it
	Code       bool
	Right      bool
	Badges     []Badge
	When       time.Time
	Body       templ.Component // instead of all that
}

func (c Cell) blank() bool {
	return c.Text == "" && c.Sub == "" && len(c.Badges) == 0 && c.When.IsZero() && c.Body == nil
}

// Empty is what a page says before there is anything.
type Empty struct {
	Title, Text string
	Actions     []Link
}

// FormView is a page with one form, and what belongs to it beside.
type FormView struct {
	Frame
	Back        Link  // the list it belongs to
	Tabs        []Tab // beside it; they stand in place of title and hint
	Title, Hint string
	State       []Badge
	Actions     []Link
	Problem     string // with the form as a whole
	Uses        []Use  // that stand in the way
	Notice      string
	Secret      *Secret // shown once
	Here        string  // the page's own address, where it was reached by sending a form
	Action      string
	Verb        string // PUT; empty: POST
	Upload      bool   // the form carries a file
	Progress    string // what its button says while it is worked on, where that takes a while
	Class       string
	Hidden      []Option // by name in Label
	Sections    []Section
	Submit      string
	Cancel      string
	ReadOnly    bool
	Main        []templ.Component // below the form, beside the side
	Side        []templ.Component
	Below       []templ.Component
	Remove      *Removal
}

func (v FormView) progress() templ.Attributes {
	if v.Progress == "" {
		return nil
	}
	return templ.Attributes{"data-progress": v.Progress}
}

// Section is one part of a form.
type Section struct {
	Title, Hint string
	Fields      []Field
	Body        templ.Component // behind the fields
}

// Secret is something shown once.
type Secret struct {
	Label, Value, Hint string
	Facts              []Fact // what else is needed with it
}

// Removal is a thing that can be removed here.
type Removal struct {
	Action string // of the form that removes; empty: Ask leads to the question
	Ask    string
	What   string
	Hint   string
}

// Card is a box beside or below a form.
type Card struct {
	Title, Hint string
	Facts       []Fact
	Uses        []Use
	Nothing     string // said when there are no uses
	Actions     []Link
}

func dataLabel(all []Heading, i int) string {
	if i == 0 || i >= len(all) {
		return ""
	}
	return all[i].Label
}

func enctype(upload bool) string {
	if upload {
		return "multipart/form-data"
	}
	return "application/x-www-form-urlencoded"
}

// ResultLine says what became of one line of what was sent.
type ResultLine struct {
	Line  int
	What  string
	State Badge
	Text  string
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
