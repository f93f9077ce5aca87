package pages

import (
	"net/url"
	"time"
)

// FlowsView is the list of flows.
type FlowsView struct {
	Frame
	List       List
	States     []Option
	Flows      []FlowRow
	Start      []TemplateCard // shown while nobody has made a flow yet
	Any        bool           // there are flows, if perhaps none that match
	Filtered   bool
	MayEdit    bool
	MayMake    bool
	MayPublish bool
}

// FlowRow is one flow in the list.
type FlowRow struct {
	ID       string
	Name     string
	Link     string // to its editor
	State    Badge
	Notes    []Badge // draft changed, problems
	Numbers  []string
	Calls    int // in the last 24 hours
	Changed  time.Time
	By       string
	InForce  bool
	Versions bool // it has some
}

func (f FlowRow) api() string { return "/api/flows/" + url.PathEscape(f.ID) }

// TemplateCard is one template of the first run.
type TemplateCard struct {
	Title, Text, Link string
	Sketch            Sketch
}

// Sketch is a flow drawn small.
type Sketch struct {
	View  string // view box
	Icons bool   // boxes hold an icon and no name
	Boxes []SketchBox
	Lines []SketchLine
	Path  bool // some of it is lit, and the rest is dim
}

// SketchBox is one module of a sketch.
type SketchBox struct {
	Module       string
	Lit          bool
	X, Y, W, H   int
	Kind, Family string
	Name         []string // in one line or two
}

// Where the name stands in a box of a sketch, and how far its lines are apart.
const (
	SketchNameAt = 64
	sketchLine   = 30
)

// baseline is where a line of the name stands.
func (b SketchBox) baseline(line int) int {
	return b.Y + 65 - sketchLine*(len(b.Name)-1)/2 + sketchLine*line
}

// SketchLine is one cable of a sketch, as a path.
type SketchLine struct {
	D              string
	From, Exit, To string
	Lit            bool
}

// NewFlowView offers the ways to a new flow.
type NewFlowView struct {
	Frame
	Start []TemplateCard
}

// TemplateView asks what a template asks.
type TemplateView struct {
	Frame
	Template, Title, Text string
	Sketch                Sketch
	Name                  Field
	Questions             []Question
	Problem               string
}

// Question is one thing that a template asks for: to be chosen, or made new.
type Question struct {
	Kind     string // number, contact-method or audio
	Name     string // of the field with what is chosen
	Label    string
	Options  []Option
	NewName  string // of the field with what is new
	NewValue string
	MayNew   bool
	Problem  string
}

// none says what an empty choice means.
func (q Question) none() string {
	switch {
	case q.Kind == "number" && len(q.Options) == 0:
		return "There is no free number yet"
	case len(q.Options) == 0:
		return "There is none yet"
	}
	return "Choose later"
}

// onlyNew tells a question that can be answered by something new alone.
func (q Question) onlyNew() bool { return len(q.Options) == 0 && q.MayNew }

// PhonesView tells the passwords of phones that were just made.
type PhonesView struct {
	Frame
	Phones []NewPhone
	Next   string
}

// NewPhone is what a person types into a phone.
type NewPhone struct {
	Name     string
	Facts    []Fact // where to register, and as whom
	Password string
}

// Drawing tells the <flow-editor> what to draw.
type Drawing struct {
	Flow, Mode, Version, Call, From, To string
	Tidy                                string // address of the script that tidies up
	Handset                             string // address of the worklet of test calls
}

// EditorView is the page on which a flow is drawn.
type EditorView struct {
	Frame
	Name, Link string
	First      bool // it was just made: say how to go on
	Canvas     Drawing
	Modules    []Module // for those without script
}

// VersionsView lists the versions of a flow.
type VersionsView struct {
	Frame
	Name, Link, API string
	Versions        []VersionRow
	MayPublish      bool
	InForce         bool
	Newer           bool // the draft was changed since
	OnSave          bool
}

// VersionRow is one published version.
type VersionRow struct {
	Link, Label  string
	Number       int
	Author, Note string
	At           time.Time
	Current      bool
	Compare      string // link: what it changed
}

// CompareView shows what changed between two versions.
type CompareView struct {
	Frame
	Name, Link string
	From, To   []Option
	Changes    []ModuleChange
	Cables     []CableChange
	Parts      []PartChange
	Canvas     Drawing
}

// ModuleChange is what became of a module.
type ModuleChange struct {
	Name, Kind string
	What       Badge
	Fields     []FieldChange
}

// FieldChange is a field before and after.
type FieldChange struct{ Field, Before, After string }

// CableChange is a cable that came or went.
type CableChange struct {
	From, Exit, To string
	What           Badge
}

// PartChange is what became of a tab, frame, note or test.
type PartChange struct {
	Kind, Name string
	What       Badge
}

// NotPublishedView says why a flow was not published.
type NotPublishedView struct {
	Frame
	Name, Link, Text string
	Problems         []Problem
	Tests            []Fact // that fail, and how
}

// MissingView asks what shall stand for what is not here.
type MissingView struct {
	Frame
	Name, Link, Action string
	Refs               []MissingRef
}

// MissingRef is one thing that a flow names and is not here.
type MissingRef struct {
	Kind, ID, What, Shown string
	Where                 []string // names of modules
	Options               []Option
}

// FlowView is one version of a flow, to read.
type FlowView struct {
	Frame
	Name     string
	Label    string // version
	Link     string // to the editor
	State    Badge
	Facts    []Fact
	Problems []Problem
	Modules  []Module
	Canvas   Drawing
}

// Problem is one finding of the validator.
type Problem struct {
	Tone  Tone
	Where string
	Link  string
	Text  string
	Code  string
}
