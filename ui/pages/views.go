// Package pages holds the panel's pages: each is a function of one view
// struct, whose words, tones and links are ready to print.
//
// A page decides nothing, loads nothing and formats nothing but an instant.
package pages

import "time"

//go:generate go tool templ generate -path ..

// Frame is what every page shows around its content.
type Frame struct {
	Title      string
	Area       string // the menu entry that is open, such as "calls"; none where empty
	Menu       []Menu // what the login may open
	User       string // e-mail of the login; empty when signed out
	Role       string
	Theme      string // light, dark, or empty to follow the device
	Path       string // of this page, to come back to
	Version    string
	Toast      Toast    // what was just done, to read once
	TemporalUI string   // list of calls in Temporal UI; empty: none
	Extra      []string // addresses of further styles and scripts of this page
	Wide       bool     // the content takes the whole window
	Assets     Assets
}

// Menu is one group of the main menu.
type Menu struct {
	Title string // empty: none
	Items []MenuItem
}

// MenuItem is one entry of the main menu.
type MenuItem struct {
	Area, Label, Link string
	Icon              string // a path on a 16 × 16 grid
}

// Toast is a line about what was just done.
type Toast struct {
	Text string
	Undo string // id under which it can be undone; empty: it cannot
}

// Assets are the addresses of the static files.
type Assets struct{ CSS, JS, HTMX, Icon, Search string }

// SignInView is the sign-in page.
type SignInView struct {
	Frame
	Email   string // as typed before
	Next    string
	Problem string
}

// ErrorView is a page that could not be shown.
type ErrorView struct {
	Frame
	Status int
	Text   string
}

// Tone is what a colour means: good, calm, warn, bad, live or quiet.
type Tone string

// Badge is a short word with a colour.
type Badge struct {
	Tone Tone
	Text string
}

// Party is somebody at one end.
type Party struct {
	Number string
	Name   string
}

// Option is one choice of a select.
type Option struct {
	Value, Label string
	Chosen       bool
}

// CallsView is the call history.
type CallsView struct {
	Frame
	Text           string
	Periods        []Option
	Outcomes       []Option
	Directions     []Option
	Causes         []Option
	Marks          []Option
	Flows          []Option
	ContactMethods []Option
	From, To       string // days
	Number         string
	Sort           string
	Query          string // of this search, to save it
	Views          []SavedView
	Poll           string // address of this list
	Stream         string // of the events that say when to look again; empty on other pages than the first
	Live           []CallRow
	LiveFault      string
	Calls          []CallRow
	Total          string // in words
	List           List
	Newest         string // link to the first page, when this is not it
	Newer, Older   string // links to the pages beside this one
	Filtered       bool
	Further        bool      // one of the filters that are folded away narrows the list
	First          FirstCall // set where there has been no call
	MayBuild       bool      // may make a flow
}

// FirstCall says how a first call can be placed.
type FirstCall struct {
	Number string // that leads somewhere; empty: none does
	Code   string // the command that dials it; empty: only a phone can
}

// CallRow is one line of the call history.
type CallRow struct {
	Link     string
	Started  time.Time
	Caller   Party
	Called   string
	Flow     string // with its version
	Outcome  Badge
	Detail   string // who answered, or why not
	Length   string
	Wait     string // for a person
	Talk     string
	Callback bool      // we called
	Test     bool      // of a draft
	Notes    int       // written about it
	Resolved bool      // somebody has seen to it
	Resolve  string    // of the form that says so; empty: it is not offered
	Since    time.Time // of a running call, whose length grows
}

// CallView is the page of one call.
type CallView struct {
	Block Block
	Notes CallNotes
	Frame
	ID          string
	Poll        string   // address to refresh from while the call runs
	Stream      string   // of the events that say when
	Drawings    []Walked // the call drawn small, one for each flow that it walked and that is left
	WhyNot      WhyNot
	Control     Control
	Caller      Party
	Called      string
	Arrow, Way  string // between both, and what it means
	Outcome     Badge
	Story       []string // sentences
	Facts       []Fact
	Timeline    Timeline
	Path        []Step
	Legs        []Leg
	Attempts    []Attempt
	Ladder      Ladder
	LadderFault string
	Temporal    string
	JSON        string
}

// CallNotes is what people say of a call.
type CallNotes struct {
	Action     string // of the form that adds a note
	Notes      []CallNote
	MayWrite   bool
	Max        int    // characters
	Resolve    string // of the form that marks it as resolved; empty: there is nothing to resolve
	ResolvedBy string
	ResolvedAt time.Time // zero: it is not
}

// CallNote is what somebody has written.
type CallNote struct {
	Text, By string
	At       time.Time
	Remove   string // of the form that removes it; empty: it may not be
}

// Walked is a call drawn small on a flow that it walked, and where that is large.
type Walked struct {
	Link   string
	Label  string
	Sketch Sketch
}

// Fact is one named value.
type Fact struct {
	Name  string
	Value string
	Link  string
	When  time.Time // shown instead of Value when set
	Code  bool      // in the fixed-width face
}

// Timeline is a call at one glance: rows of bars on one time axis.
type Timeline struct {
	Ticks []Tick
	Rows  []TimelineRow
}

// Tick is one mark of the axis.
type Tick struct{ X, Label string }

// TimelineRow is the flow or one leg.
type TimelineRow struct {
	Label string
	Sub   string
	Bars  []Bar
}

// Bar is a stretch of time; X and Width are percentages.
type Bar struct {
	X, Width string
	Tone     Tone
	Title    string
	Text     string // written into the bar when it is wide enough
}

// Step is one module that the call walked.
type Step struct {
	Anchor  string
	Link    string // to the module in its flow
	Name    string
	Kind    string // key of the catalog, picks the icon
	Title   string // of the kind
	Entered time.Time
	Offset  string // since the call began
	Spent   string
	Exit    Badge
	Reason  string
	Facts   []Fact
	Missed  []Exit // not taken
	Now     bool   // the call is here
}

// Leg is one leg and its audio.
type Leg struct {
	Label   string // A, B1
	Party   Party
	Role    string // caller or rung
	State   Badge
	Facts   []Fact
	Codec   string
	Quality []Gauge
}

// Gauge is one measure of audio quality.
type Gauge struct {
	Name  string
	Value string
	Tone  Tone
	Help  string
}

// Attempt is one destination tried or passed over.
type Attempt struct {
	Name    string
	Module  string
	Binding string
	Offset  string
	Rang    string
	Status  string
	Result  Badge
}

// Ladder is the SIP traffic of a call between us and each party.
type Ladder struct {
	Columns  []Column
	Messages []Message
	Cut      string // says so when messages were left out
}

// Column is one party of the ladder; the second is always Tandem.
type Column struct {
	Name string
	Sub  string
	Us   bool
}

// Message is one arrow of the ladder.
type Message struct {
	Offset  string
	Leg     string // CSS class of the column at its other end
	Towards string // left or right
	Tone    Tone
	First   string
	Note    string
	From    string
	To      string
	Text    string
}

// SystemView is the system page.
type SystemView struct {
	Frame
	State   Badge
	Story   string
	Roles   []Role
	Probes  []Probe
	Links   []Fact
	Checked time.Time
}

// Role is one process.
type Role struct {
	Name    string
	ID      string
	PID     string
	Host    string
	Addr    string
	Version string
	State   Badge
	Detail  string
	Started time.Time
	Beat    string
}

// Probe is something the installation stands on.
type Probe struct {
	Name   string
	State  Badge
	Detail string
}

// InUseView refuses a removal and lists what uses the thing.
type InUseView struct {
	Frame
	Text string
	Uses []Use
	Back string
}

// CodeView asks for the second factor.
type CodeView struct {
	Frame
	Next    string
	Problem string
}

// InviteView lets who was invited choose a password.
type InviteView struct {
	Frame
	Email   string // empty: the invitation is no good
	Action  string
	Problem string
}
