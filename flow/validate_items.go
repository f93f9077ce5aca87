package flow

import (
	"fmt"
	"slices"
	"unicode/utf8"
)

// checkFlow looks at what surrounds the modules: the flow's name, tabs, frames,
// notes, and ids that stand twice.
func checkFlow(f *Flow) []Problem {
	out := slices.Concat(nameProblems("", "name", f.Name), checkTabs(f.Tabs))
	tabs := map[string]bool{"": true}
	for _, t := range f.Tabs {
		tabs[t.ID] = true
	}
	modules, frames, notes, tests := newIDs("", "id"), newIDs("frames", ""), newIDs("notes", ""), newIDs("tests", "")
	for i, m := range f.Modules {
		out = append(out, modules.take(i, m.ID)...)
		if !tabs[m.Tab] && !m.Shelved {
			out = append(out, Problem{"ref-missing", Error, m.ID, "tab", fmt.Sprintf("tab %q does not exist", m.Tab)})
		}
	}
	for i, x := range f.Frames {
		out = append(out, frames.take(i, x.ID)...)
		out = append(out, onTab(fmt.Sprintf("frames.%d", i), x.Tab, tabs)...)
		out = append(out, inRange(fmt.Sprintf("frames.%d", i), utf8.RuneCountInString(x.Text) <= MaxName, "a title of at most 60 characters")...)
	}
	for i, x := range f.Notes {
		out = append(out, notes.take(i, x.ID)...)
		out = append(out, onTab(fmt.Sprintf("notes.%d", i), x.Tab, tabs)...)
		out = append(out, inRange(fmt.Sprintf("notes.%d", i), utf8.RuneCountInString(x.Text) <= MaxNote, "a text of at most 2000 characters")...)
	}
	for i, x := range f.Tests {
		out = append(out, tests.take(i, x.ID)...)
	}
	return out
}

func onTab(field, tab string, tabs map[string]bool) []Problem {
	if tabs[tab] {
		return nil
	}
	return []Problem{{ID: "ref-missing", Level: Error, Field: field, Text: fmt.Sprintf("tab %q does not exist", tab)}}
}

// ids finds ids that are missing or stand twice among things of one sort.
type ids struct {
	list, field string // list.N is the field, or field at the module
	seen        map[string]bool
}

func newIDs(list, field string) *ids { return &ids{list, field, map[string]bool{}} }

func (s *ids) take(i int, id string) []Problem {
	fresh := id != "" && !s.seen[id]
	s.seen[id] = true
	switch {
	case fresh:
		return nil
	case s.list == "":
		return []Problem{{"setting-range", Error, id, s.field, "every module needs an id of its own"}}
	}
	return []Problem{{ID: "setting-range", Level: Error, Field: fmt.Sprintf("%s.%d", s.list, i), Text: "every one needs an id of its own"}}
}

func checkTabs(tabs []Tab) []Problem {
	out := inRange("tabs", len(tabs) <= MaxTabs, "at most 20 tabs")
	seen, names := newIDs("tabs", ""), map[string]bool{}
	for i, t := range tabs {
		field := fmt.Sprintf("tabs.%d", i)
		out = append(out, seen.take(i, t.ID)...)
		out = append(out, nameProblems("", field, t.Name)...)
		if names[t.Name] {
			out = append(out, Problem{ID: "setting-range", Level: Error, Field: field, Text: fmt.Sprintf("another tab is called %q", t.Name)})
		}
		names[t.Name] = true
	}
	return out
}

func nameProblems(module, field, name string) []Problem {
	if n := utf8.RuneCountInString(name); n < 1 || n > MaxName {
		return []Problem{{"setting-range", Error, module, field, "a name has 1 to 60 characters"}}
	}
	return nil
}

// checkNames wants a name of its own for every module that is published.
func checkNames(g *graph) []Problem {
	var out []Problem
	names := map[string]bool{}
	for i := range g.Modules {
		m := &g.Modules[i]
		bad := nameProblems(m.ID, "name", m.Name)
		if bad == nil && names[m.Name] {
			bad = []Problem{{"setting-range", Error, m.ID, "name", fmt.Sprintf("another module is called %q", m.Name)}}
		}
		out = append(out, bad...)
		names[m.Name] = true
	}
	return out
}

// checkTests wants the saved tests to be about this flow as it is published.
func checkTests(g *graph, tests []Test) []Problem {
	var out []Problem
	for i, t := range tests {
		field := fmt.Sprintf("tests.%d", i)
		missing := func(module string) {
			out = append(out, Problem{ID: "ref-missing", Level: Error, Field: field, Text: fmt.Sprintf("test %q names module %q, which does not exist", t.Name, module)})
		}
		switch m, ok := g.byID[t.Scenario.Entry]; {
		case !ok:
			missing(t.Scenario.Entry)
		case !Catalog[m.Kind].Entry:
			out = append(out, Problem{ID: "setting-range", Level: Error, Field: field, Text: fmt.Sprintf("test %q begins at %q, which is no entry", t.Name, m.Name)})
		}
		for _, step := range t.Want {
			if g.byID[step.Module] == nil {
				missing(step.Module)
				break
			}
		}
		out = append(out, nameProblems("", field, t.Name)...)
		out = append(out, inRange(field, scenarioFits(t.Scenario), "phones that answer, decline, are busy, silent or absent; servers that answer 100 to 599 or not at all; queues in which up to 100 callers wait, with members paused or out; a talk that caller or callee ends; overrides auto, open or closed")...)
	}
	return out
}

func scenarioFits(s Scenario) bool {
	for _, p := range s.Phones {
		if p.Does != "" && !slices.Contains(PhoneDoes, p.Does) || p.After < 0 || p.Confirms != "" && !slices.Contains(PhoneConfirms, p.Confirms) {
			return false
		}
	}
	for _, q := range s.Queues {
		if !q.fits() {
			return false
		}
	}
	for _, state := range s.Overrides {
		if !slices.Contains(OverrideStates, state) {
			return false
		}
	}
	for _, r := range s.Replies {
		if r.Status != 0 && !between(r.Status, 100, 599) {
			return false
		}
	}
	return slices.Contains([]string{"", "caller", "callee"}, s.HangUpBy) && s.TalkFor >= 0 && s.GiveUp >= 0
}
