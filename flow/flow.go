// Package flow is the ground floor: a call flow as plain values, the table of
// module kinds, and the rules a flow must meet before a caller may walk it.
//
// It does no I/O, reads no clock, starts no goroutine and of ours imports only
// what lies below it.
package flow

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Flow is a graph of modules and the cables between their exits and inlets.
type Flow struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Modules []Module `json:"modules"`
	Cables  []Cable  `json:"cables"`
	Tabs    []Tab    `json:"tabs,omitempty"` // 1–20 in order; none: one nameless tab
	Frames  []Frame  `json:"frames,omitempty"`
	Notes   []Note   `json:"notes,omitempty"`
	Tests   []Test   `json:"tests,omitempty"` // run at every publish
}

// Module is one box of a flow. Settings is the typed form its kind declares.
type Module struct {
	ID         string   `json:"id"`            // never changes
	Kind       string   `json:"kind"`          // a name in Catalog
	Name       string   `json:"name"`          // 1–60 characters, unique in the flow
	Tab        string   `json:"tab,omitempty"` // id of a Tab; empty is the first
	X          int      `json:"x,omitempty"`
	Y          int      `json:"y,omitempty"`
	Shelved    bool     `json:"shelved,omitempty"` // stays in the draft, is not published
	Note       string   `json:"note,omitempty"`
	HangUpHere []Exit   `json:"hang_up_here,omitempty"` // main exits left uncabled on purpose
	Settings   Settings `json:"settings"`
}

// Exit is the id of an outlet, such as "no-answer" or "key:1".
type Exit string

// ExitError is the optional exit of every module that has a main exit, for
// faults of our own after all retries.
const ExitError Exit = "error"

// KeyExit is the exit of a voice menu's entry.
func KeyExit(entry string) Exit { return Exit("key:" + entry) }

// Cable leads from a module's exit to the inlet of another module.
type Cable struct {
	From string `json:"from"`
	Exit Exit   `json:"exit"`
	To   string `json:"to"`
}

// ExitSpec describes one outlet of a module as it is set.
type ExitSpec struct {
	ID       Exit   `json:"id"`
	Label    string `json:"label"`
	Main     bool   `json:"main"`               // uncabled, the call ends here
	Fallback Exit   `json:"fallback,omitempty"` // an optional exit without cable behaves as this one
	Tone     string `json:"tone,omitempty"`     // good (green), bad (red) or none, for the canvas
}

// Settings is what a module kind can be set to. Exits and Validate depend on
// nothing but the settings themselves.
type Settings interface {
	// Exits lists the outlets in their fixed order, ExitError left out.
	Exits() []ExitSpec
	// Validate reports what is wrong with the settings alone.
	Validate() []Problem
	// Refs lists what the settings name outside the flow.
	Refs() []Ref
}

// RefKind is the kind of thing a setting names.
type RefKind string

// The kinds of reference.
const (
	RefAudio          RefKind = "audio" // a file or a playlist
	RefContactMethod  RefKind = "contact-method"
	RefNumber         RefKind = "number"
	RefInternalNumber RefKind = "internal-number"
	RefSchedule       RefKind = "schedule"
	RefList           RefKind = "list" // of callers who are blocked
	RefOverrideCode   RefKind = "override-code"
)

// Ref is one thing that a setting names by id.
type Ref struct {
	Kind  RefKind `json:"kind"`
	ID    string  `json:"id"`
	Field string  `json:"field"`
}

// MarshalJSON prints no modules and no cables as empty lists, which a reader of
// the file need not tell from missing ones.
func (f Flow) MarshalJSON() ([]byte, error) {
	type plain Flow // drops this method, so that Marshal does not recurse
	if f.Modules == nil {
		f.Modules = []Module{}
	}
	if f.Cables == nil {
		f.Cables = []Cable{}
	}
	return json.Marshal(plain(f))
}

// UnmarshalJSON reads a module and its settings by the type its kind declares.
func (m *Module) UnmarshalJSON(data []byte) error {
	type plain Module // drops this method, so that Decode does not recurse
	raw := struct {
		*plain
		Settings json.RawMessage `json:"settings"`
	}{plain: (*plain)(m)}
	if err := strict(data, &raw); err != nil {
		return fmt.Errorf("module %q: %w", cut(m.ID), err)
	}
	kind, ok := Catalog[m.Kind]
	if !ok {
		return fmt.Errorf("module %q: there is no kind %q", cut(m.ID), cut(m.Kind))
	}
	settings := kind.New()
	if len(raw.Settings) > 0 {
		if err := strict(raw.Settings, settings); err != nil {
			return fmt.Errorf("module %q: settings: %w", cut(m.ID), err)
		}
	}
	m.Settings = settings
	return nil
}

func strict(data []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	return plainJSONError(dec.Decode(into))
}

// Module finds a module by id.
func (f *Flow) Module(id string) (*Module, bool) {
	for i := range f.Modules {
		if f.Modules[i].ID == id {
			return &f.Modules[i], true
		}
	}
	return nil, false
}

// Next follows the cable on a module's exit. An optional exit without cable
// falls back as its spec says; false means the call ends here.
func (f *Flow) Next(m *Module, exit Exit) (*Module, bool) {
	for range len(m.Settings.Exits()) + 1 { // fallbacks form no cycle longer than the exits
		if to, ok := f.cabled(m.ID, exit); ok {
			return to, true
		}
		spec, ok := m.Exit(exit)
		if !ok || spec.Fallback == "" {
			return nil, false
		}
		exit = spec.Fallback
	}
	return nil, false
}

// Cabled tells whether an exit has a cable of its own.
func (f *Flow) Cabled(module string, exit Exit) bool {
	_, ok := f.cabled(module, exit)
	return ok
}

func (f *Flow) cabled(module string, exit Exit) (*Module, bool) {
	for _, c := range f.Cables {
		if c.From == module && c.Exit == exit {
			return f.Module(c.To)
		}
	}
	return nil, false
}

// Exit finds the spec of one of the module's exits.
func (m *Module) Exit(id Exit) (ExitSpec, bool) {
	for _, e := range m.Exits() {
		if e.ID == id {
			return e, true
		}
	}
	return ExitSpec{}, false
}

// Exits lists all outlets of the module, ExitError last where it has one.
func (m *Module) Exits() []ExitSpec {
	exits := m.Settings.Exits()
	if len(exits) == 0 {
		return nil
	}
	return append(exits, ExitSpec{ID: ExitError, Label: "error", Fallback: m.OnFault(), Tone: "bad"})
}

// Published is the flow as callers walk it and as their calls are drawn later:
// without shelved modules and the cables that touch them, without tests, and
// settled.
func (f Flow) Published() Flow { return f.unshelved().Settled() }

// unshelved leaves out shelved modules, the cables that touch them, and tests.
func (f Flow) unshelved() Flow {
	out := Flow{ID: f.ID, Name: f.Name, Tabs: f.Tabs, Frames: f.Frames, Notes: f.Notes}
	stays := make(map[string]bool, len(f.Modules))
	for _, m := range f.Modules {
		if !m.Shelved {
			stays[m.ID] = true
			out.Modules = append(out.Modules, m)
		}
	}
	for _, c := range f.Cables {
		if stays[c.From] && stays[c.To] {
			out.Cables = append(out.Cables, c)
		}
	}
	return out
}
