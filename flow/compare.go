package flow

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Comparison is what changed between two versions of a flow, for people.
type Comparison struct {
	Name    *FieldChange   `json:"name,omitempty"` // of the flow
	Modules []ModuleChange `json:"modules"`
	Cables  []CableChange  `json:"cables"`
	Parts   []PartChange   `json:"parts,omitempty"` // what no call meets
}

// What became of an item from one version to the next.
const (
	Added   = "added"
	Removed = "removed"
	Changed = "changed"
	Moved   = "moved" // on the canvas, nothing else
)

// ModuleChange is what became of one module.
type ModuleChange struct {
	ID     string        `json:"id"`
	Name   string        `json:"name"` // the newer one
	Kind   string        `json:"kind"`
	What   string        `json:"what"` // added, removed, changed or moved
	Fields []FieldChange `json:"fields,omitempty"`
}

// FieldChange is one field before and after, in words. Fields are named as in
// Problem.Field: "audio", "destinations.1.length".
type FieldChange struct {
	Field  string `json:"field"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// CableChange is a cable that came or went; one that leads elsewhere now did both.
type CableChange struct {
	From string `json:"from"`
	Exit Exit   `json:"exit"`
	To   string `json:"to"`
	What string `json:"what"` // added or removed
}

// PartChange is what became of a tab, a frame, a note or a test, which no call
// meets. One that only lies elsewhere now has not changed.
type PartChange struct {
	Kind string `json:"kind"` // tab, frame, note or test
	ID   string `json:"id"`
	Name string `json:"name"` // the newer one, or what stands on it
	What string `json:"what"` // added, removed or changed
}

// Compare tells what changed from a to b: modules in the order of a, then what
// is new in the order of b.
func Compare(a, b Flow) Comparison {
	out := Comparison{Modules: []ModuleChange{}, Cables: compareCables(a.Cables, b.Cables), Parts: compareParts(a, b)}
	if a.Name != b.Name {
		out.Name = &FieldChange{"name", a.Name, b.Name}
	}
	was, is := modulesByID(&a), modulesByID(&b)
	for i := range a.Modules {
		m := &a.Modules[i]
		if change, ok := compareModule(m, is[m.ID]); ok {
			nameTabs(change.Fields, a.Tabs, b.Tabs)
			out.Modules = append(out.Modules, change)
		}
	}
	for i := range b.Modules {
		if m := &b.Modules[i]; was[m.ID] == nil {
			out.Modules = append(out.Modules, ModuleChange{ID: m.ID, Name: m.Name, Kind: m.Kind, What: Added})
		}
	}
	return out
}

func compareParts(a, b Flow) []PartChange {
	tabs := func(f Flow) part { return newList("tab", f.Tabs, func(t Tab) string { return t.ID }, nil) } // which a Diff takes as one
	var out []PartChange
	for _, c := range append(diffPart(tabs(a), tabs(b)), Diff(a, b)...) {
		if !slices.Contains([]string{"tab", InFrame, InNote, InTest}, c.In) {
			continue
		}
		var was, is struct{ Name, Text string }
		_ = json.Unmarshal(c.Before, &was) // what encoding/json printed
		_ = json.Unmarshal(c.After, &is)
		change := PartChange{Kind: c.In, ID: c.Key, Name: is.Name + is.Text, What: Changed}
		switch {
		case !exists(c.Before):
			change.What = Added
		case !exists(c.After):
			change.What, change.Name = Removed, was.Name+was.Text
		case c.In != InTest && was == is:
			continue // lies elsewhere
		}
		out = append(out, change)
	}
	return out
}

func modulesByID(f *Flow) map[string]*Module {
	out := make(map[string]*Module, len(f.Modules))
	for i := range f.Modules {
		out[f.Modules[i].ID] = &f.Modules[i]
	}
	return out
}

func compareModule(was, is *Module) (ModuleChange, bool) {
	if is == nil {
		return ModuleChange{ID: was.ID, Name: was.Name, Kind: was.Kind, What: Removed}, true
	}
	if same(printed(was), printed(is)) {
		return ModuleChange{}, false
	}
	change := ModuleChange{ID: is.ID, Name: is.Name, Kind: is.Kind, What: Changed, Fields: compareFields(fieldsOf(was), fieldsOf(is))}
	if len(change.Fields) == 0 {
		change.What = Moved
		return change, was.X != is.X || was.Y != is.Y
	}
	return change, true
}

// nameTabs writes tabs by their names. Which tab it is was compared by id, so a
// tab that is called something else now moves nothing.
func nameTabs(fields []FieldChange, was, is []Tab) {
	for i := range fields {
		if f := &fields[i]; f.Field == "tab" {
			f.Before, f.After = tabName(was, f.Before), tabName(is, f.After)
		}
	}
}

// tabName finds a tab's name; a module without tab lies on the first.
func tabName(tabs []Tab, id string) string {
	for _, t := range tabs {
		if t.ID == id || id == "" {
			return t.Name
		}
	}
	return id
}

func compareFields(was, is map[string]string) []FieldChange {
	names := maps.Clone(was)
	maps.Copy(names, is)
	var out []FieldChange
	for _, name := range slices.SortedFunc(maps.Keys(names), naturally) {
		if was[name] != is[name] {
			out = append(out, FieldChange{name, was[name], is[name]})
		}
	}
	return out
}

// fieldsOf spreads a module out into fields and their values in words.
func fieldsOf(m *Module) map[string]string {
	out := map[string]string{}
	var settings any
	_ = json.Unmarshal(printed(m.Settings), &settings) // what encoding/json printed
	spread(out, "", settings)
	exits := make([]string, len(m.HangUpHere))
	for i, e := range m.HangUpHere {
		exits[i] = string(e)
	}
	slices.Sort(exits)
	for name, value := range map[string]string{"name": m.Name, "kind": m.Kind, "tab": m.Tab, "note": m.Note,
		"shelved": valueWords(m.Shelved), "hang_up_here": strings.Join(exits, ", ")} {
		out[name] = value
	}
	return out
}

// spread walks a decoded JSON value. A list of plain values is one field, since
// one that came first would move all others.
func spread(out map[string]string, path string, value any) {
	join := func(name string) string { return strings.TrimPrefix(path+"."+name, ".") }
	switch v := value.(type) {
	case map[string]any:
		for name, x := range v {
			spread(out, join(name), x)
		}
	case []any:
		if words, plain := listWords(v); plain {
			out[path] = words
			return
		}
		for i, x := range v {
			spread(out, join(fmt.Sprint(i)), x)
		}
	default:
		out[path] = valueWords(value)
	}
}

func listWords(list []any) (words string, plain bool) {
	parts := make([]string, len(list))
	for i, x := range list {
		switch x.(type) {
		case map[string]any, []any:
			return "", false
		}
		parts[i] = valueWords(x)
	}
	return strings.Join(parts, ", "), true
}

// valueWords writes a value for people. What is off is left out of the file,
// so off, empty and absent read the same.
func valueWords(value any) string {
	switch value {
	case nil, false:
		return ""
	case true:
		return "on"
	}
	return fmt.Sprint(value)
}

// naturally sorts destinations.10 behind destinations.9.
func naturally(a, b string) int {
	as, bs := strings.Split(a, "."), strings.Split(b, ".")
	return slices.CompareFunc(as, bs, func(a, b string) int {
		if allDigits(a) && allDigits(b) && len(a) != len(b) {
			return len(a) - len(b)
		}
		return strings.Compare(a, b)
	})
}

func compareCables(a, b []Cable) []CableChange {
	out := []CableChange{}
	only := func(these, those []Cable, what string) {
		there := make(map[Cable]bool, len(those))
		for _, c := range those {
			there[c] = true
		}
		for _, c := range these {
			if !there[c] {
				out = append(out, CableChange{c.From, c.Exit, c.To, what})
			}
		}
	}
	only(a, b, Removed)
	only(b, a, Added)
	return out
}
