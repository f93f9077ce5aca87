package flow

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Level tells an error, which stops a publish, from a warning, which does not.
type Level string

// The levels.
const (
	Error   Level = "error"
	Warning Level = "warning"
)

// Problem is one finding. ID is stable and documented; Module and Field lead
// to the place.
type Problem struct {
	ID     string `json:"id"`
	Level  Level  `json:"level"`
	Module string `json:"module,omitempty"`
	Field  string `json:"field,omitempty"`
	Text   string `json:"text"`
}

// Known answers whether something a flow names exists. A nil Known leaves
// references unchecked.
type Known func(Ref) bool

// Validate reports everything wrong with a flow, errors before warnings and
// otherwise in the order of its modules. Shelved modules are left out.
func Validate(f Flow, known Known) []Problem {
	f = f.Published()
	var out []Problem
	out = append(out, checkNames(f)...)
	out = append(out, checkCables(f)...)
	for i := range f.Modules {
		out = append(out, checkModule(&f, &f.Modules[i], known)...)
	}
	out = append(out, checkReach(&f)...)
	out = append(out, checkLoops(&f)...)
	slices.SortStableFunc(out, func(a, b Problem) int { return strings.Compare(string(a.Level), string(b.Level)) })
	return out
}

// Errors keeps the problems that stop a publish.
func Errors(all []Problem) []Problem {
	return slices.DeleteFunc(slices.Clone(all), func(p Problem) bool { return p.Level != Error })
}

func checkNames(f Flow) []Problem {
	var out []Problem
	ids, names := map[string]bool{}, map[string]bool{}
	for _, m := range f.Modules {
		n := utf8.RuneCountInString(m.Name)
		switch {
		case m.ID == "" || ids[m.ID]:
			out = append(out, Problem{"setting-range", Error, m.ID, "id", "every module needs an id of its own"})
		case n < 1 || n > 60:
			out = append(out, Problem{"setting-range", Error, m.ID, "name", "a name has 1 to 60 characters"})
		case names[m.Name]:
			out = append(out, Problem{"setting-range", Error, m.ID, "name", fmt.Sprintf("another module is called %q", m.Name)})
		}
		ids[m.ID], names[m.Name] = true, true
	}
	return out
}

func checkCables(f Flow) []Problem {
	var out []Problem
	seen := map[Cable]bool{}
	for _, c := range f.Cables {
		from, _ := f.Module(c.From)
		to, _ := f.Module(c.To)
		slot := Cable{From: c.From, Exit: c.Exit}
		switch _, ok := from.Exit(c.Exit); {
		case !ok:
			out = append(out, Problem{"setting-range", Error, c.From, "cables", fmt.Sprintf("there is no exit %q", c.Exit)})
		case seen[slot]:
			out = append(out, Problem{"setting-range", Error, c.From, "cables", fmt.Sprintf("exit %q carries two cables", c.Exit)})
		case Catalog[to.Kind].Entry:
			out = append(out, Problem{"setting-range", Error, c.From, "cables", fmt.Sprintf("%q is an entry and has no inlet", to.Name)})
		}
		seen[slot] = true
	}
	return out
}

func checkModule(f *Flow, m *Module, known Known) []Problem {
	out := m.Settings.Validate()
	for _, r := range m.Settings.Refs() {
		if known != nil && !known(r) {
			out = append(out, Problem{ID: "ref-missing", Level: Error, Field: r.Field, Text: fmt.Sprintf("%s %q does not exist", r.Kind, r.ID)})
		}
	}
	for _, e := range m.Settings.Exits() {
		if e.Main && !f.Cabled(m.ID, e.ID) && !slices.Contains(m.HangUpHere, e.ID) {
			out = append(out, Problem{ID: "dead-end", Level: Error, Field: "exits." + string(e.ID),
				Text: fmt.Sprintf("exit %q leads nowhere: connect it or mark it \"hang up here\"", e.Label)})
		}
	}
	for i := range out {
		out[i].Module = m.ID
	}
	return out
}

func checkReach(f *Flow) []Problem {
	reached, queue := map[string]bool{}, []string{}
	for _, m := range f.Modules {
		if Catalog[m.Kind].Entry {
			reached[m.ID] = true
			queue = append(queue, m.ID)
		}
	}
	if len(queue) == 0 {
		return []Problem{{ID: "no-entry", Level: Error, Text: "no call can enter: add a Phone Number or an Internal Number"}}
	}
	for len(queue) > 0 {
		for _, c := range f.Cables {
			if c.From == queue[0] && !reached[c.To] {
				reached[c.To] = true
				queue = append(queue, c.To)
			}
		}
		queue = queue[1:]
	}
	var out []Problem
	for _, m := range f.Modules {
		if !reached[m.ID] {
			out = append(out, Problem{ID: "unreachable", Level: Error, Module: m.ID, Text: fmt.Sprintf("no call reaches %q: connect it or shelve it", m.Name)})
		}
	}
	return out
}

// checkLoops looks for a cycle of modules in which no caller ever waits.
func checkLoops(f *Flow) []Problem {
	const fresh, open, done = 0, 1, 2
	state := map[string]int{}
	var out []Problem
	var visit func(id string)
	visit = func(id string) {
		state[id] = open
		for _, c := range f.Cables {
			to, ok := f.Module(c.To)
			if c.From != id || !ok || Catalog[to.Kind].Waits {
				continue
			}
			if state[c.To] == open {
				out = append(out, Problem{"tight-loop", Error, id, "exits." + string(c.Exit),
					fmt.Sprintf("the way back to %q never waits for the caller", to.Name)})
			} else if state[c.To] == fresh {
				visit(c.To)
			}
		}
		state[id] = done
	}
	for _, m := range f.Modules {
		if state[m.ID] == fresh && !Catalog[m.Kind].Waits {
			visit(m.ID)
		}
	}
	return out
}

func required(field string, ok bool) []Problem {
	if ok {
		return nil
	}
	return []Problem{{ID: "setting-missing", Level: Error, Field: field, Text: "this must be set"}}
}

func inRange(field string, ok bool, allowed string) []Problem {
	if ok {
		return nil
	}
	return []Problem{{ID: "setting-range", Level: Error, Field: field, Text: "allowed: " + allowed}}
}

// refs drops references that name nothing.
func refs(all ...Ref) []Ref {
	return slices.DeleteFunc(all, func(r Ref) bool { return r.ID == "" })
}

func between(n, low, high int) bool { return low <= n && n <= high }

func allDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
