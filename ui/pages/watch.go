package pages

import "time"

// LiveView is the table of running calls.
type LiveView struct {
	Frame
	Stream   string // address of the events that say when to look again
	Fault    string
	Rooms    []LiveRoom // conferences, in the order they began
	Calls    []LiveRow
	DialHint string
	Now      time.Time
}

// LiveRow is one running call.
type LiveRow struct {
	Link    string
	Caller  Party
	Called  string
	Flow    string // with its version
	Canvas  string // the flow with its calls
	Where   string // module
	Kind    string // of it, picks the icon
	Title   string // of the kind
	Doing   string // who rings or talks
	Since   time.Time
	Started time.Time
	Here    string
	Length  string
	Back    bool   // we called
	Test    bool   // of a draft
	HangUp  string // address that hangs up; empty: not allowed
	Move    string // page where the call can be moved; empty: it cannot
}

// Control is what can be done to a running call.
type Control struct {
	HangUp  string
	Move    string // empty: it walks no flow
	Modules []Option
}

// CanvasView hosts <flow-editor>.
type CanvasView struct {
	Frame
	Flow     string
	Mode     string
	Call     string
	Version  string // of the flow, where a call has walked several
	Title    string
	Hint     string
	Back     string
	BackName string
}

// WhyNot asks why a call did not come to a module, and answers.
type WhyNot struct {
	Action  string        // page that answers
	Groups  []OptionGroup // modules, by the flow that they are in
	Answer  string
	Reached bool
	Step    string // anchor of the decision
}

// OptionGroup is options under one heading.
type OptionGroup struct {
	Label   string
	Options []Option
}

// SavedView is a named query of a list.
type SavedView struct {
	Name   string
	Link   string
	Open   bool
	Remove string // address that forgets it; empty: it is not the viewer's own
}

func notesWord(n int) string {
	if n == 1 {
		return "note"
	}
	return "notes"
}

func missedCount(n int) string {
	if n == 1 {
		return "1 exit not taken"
	}
	return number(n) + " exits not taken"
}

// missedWhere is where an exit would have led.
func missedWhere(x Exit) string {
	if x.To != "" {
		return "to " + x.To
	}
	return x.How
}

func openWord(open bool) string {
	if open {
		return "true"
	}
	return ""
}

// DashboardView is the day at one glance.
type DashboardView struct {
	Frame
	Stream  string
	Day     time.Time // its beginning
	Own     bool      // only the viewer's own calls count
	Stats   []Stat
	Hours   Hours
	Worries []Worry
	Recent  []CallRow
	Steps   []FirstStep // of a new installation
}

// Stat is one figure.
type Stat struct {
	Label, Value, Note string
	Tone               Tone
	Link               string // where it is looked at closely
}

// Hours is the calls of each hour of a day, drawn and in figures.
type Hours struct {
	Bars        []HourBar
	Most        string // calls of the busiest hour
	Total       int
	Top, Bottom string // of the drawing
}

// HourBar is one hour: positions for the drawing, figures for the table.
type HourBar struct {
	X, Width             string
	OfferedY, OfferedH   string
	AnsweredY, AnsweredH string
	Hour, Label, Title   string // Label is written below the bar where there is room
	Offered, Answered    string
	Empty                bool
}

// Worry is something worth a look.
type Worry struct {
	Tone         Tone
	Badge, Text  string
	Link, Action string
}

// FirstStep is one thing to do in a new installation.
type FirstStep struct {
	Title, Text  string
	Link, Action string
	Code         string // command to run
	Done         bool
}

// LiveRoom is a conference that somebody is in.
type LiveRoom struct {
	Name, Flow, Canvas string
	Locked             bool
	Parties            []LiveParty
}

// LiveParty is a caller in a conference.
type LiveParty struct {
	Caller Party
	Link   string
	Host   bool
	Muted  bool
	Since  time.Time
	Here   string
}
