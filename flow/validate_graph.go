package flow

import (
	"fmt"
	"slices"
)

// checkEnds finds cables whose modules are gone. It looks at the draft, since a
// cable to a shelved module is no fault.
func checkEnds(f *Flow) []Problem {
	var out []Problem
	byID := modulesByID(f)
	for _, c := range f.Cables {
		switch {
		case byID[c.From] == nil:
			out = append(out, Problem{ID: "ref-missing", Level: Error, Field: "cables", Text: fmt.Sprintf("a cable comes from module %q, which does not exist", c.From)})
		case byID[c.To] == nil:
			out = append(out, Problem{"ref-missing", Error, c.From, "cables", fmt.Sprintf("the cable on exit %q leads to module %q, which does not exist", c.Exit, c.To)})
		}
	}
	return out
}

func checkCables(g *graph) []Problem {
	var out []Problem
	exits, seen := map[slot]bool{}, map[slot]bool{}
	for module, specs := range g.exits {
		for _, e := range specs {
			exits[slot{module, e.ID}] = true
		}
	}
	for _, c := range g.Cables {
		at, to := slot{c.From, c.Exit}, g.byID[c.To]
		switch {
		case !exits[at]:
			out = append(out, Problem{"setting-range", Error, c.From, "cables", fmt.Sprintf("there is no exit %q", c.Exit)})
		case seen[at]:
			out = append(out, Problem{"setting-range", Error, c.From, "cables", fmt.Sprintf("exit %q carries two cables", c.Exit)})
		case Catalog[to.Kind].Entry:
			out = append(out, Problem{"setting-range", Error, c.From, "cables", fmt.Sprintf("%q is an entry and has no inlet", to.Name)})
		}
		seen[at] = true
	}
	return out
}

func checkExits(g *graph, m *Module) []Problem {
	var out []Problem
	for _, e := range g.exits[m.ID] {
		if _, ok := g.cabled(m.ID, e.ID); e.Main && !ok && !slices.Contains(m.HangUpHere, e.ID) {
			out = append(out, Problem{ID: "dead-end", Level: Error, Field: "exits." + string(e.ID),
				Text: fmt.Sprintf("exit %q leads nowhere: connect it or mark it \"hang up here\"", e.Label)})
		}
	}
	return out
}

func checkReach(g *graph) []Problem {
	entries := g.entries()
	if len(entries) == 0 {
		return []Problem{{ID: "no-entry", Level: Error, Text: "no call can enter: add a Phone Number or an Internal Number"}}
	}
	reached := g.reach(entries)
	var out []Problem
	for i := range g.Modules {
		if m := &g.Modules[i]; !reached[m.ID] {
			out = append(out, Problem{ID: "unreachable", Level: Error, Module: m.ID, Text: fmt.Sprintf("no call reaches %q: connect it or shelve it", m.Name)})
		}
	}
	return out
}

// checkWaited looks for callbacks that hold nobody's place: they come behind no
// queue.
func checkWaited(g *graph) []Problem {
	callers := g.reach(g.entries())
	waited := g.reach(g.those(func(m *Module) bool { return m.Kind == "queue" }))
	var out []Problem
	for i := range g.Modules {
		if m := &g.Modules[i]; m.Kind == KindCallback && callers[m.ID] && !waited[m.ID] {
			out = append(out, Problem{ID: "callback-unwaited", Level: Warning, Module: m.ID, Text: "callers come here without having waited in a queue"})
		}
	}
	return out
}

// checkLoops looks for a circle of cables in which no caller ever waits. A
// module cabled to itself is the shortest such circle, and right only where it
// waits.
func checkLoops(g *graph) []Problem {
	l := loops{graph: g, state: map[string]visit{}}
	for i := range g.Modules {
		if id := g.Modules[i].ID; l.state[id] == fresh {
			l.visit(id)
		}
	}
	return l.found
}

type loops struct {
	*graph
	state map[string]visit
	found []Problem
}

type visit int

const (
	fresh visit = iota
	open        // on the way that is being followed
	done
)

func (l *loops) visit(id string) {
	l.state[id] = open
	for _, c := range l.out[id] {
		to, ok := l.byID[c.To]
		if !ok || waits(l.byID[id].Kind, c.Exit) {
			continue
		}
		switch l.state[c.To] {
		case open:
			l.found = append(l.found, Problem{"tight-loop", Error, id, "exits." + string(c.Exit),
				fmt.Sprintf("the way back to %q never waits for the caller", to.Name)})
		case fresh:
			l.visit(c.To)
		}
	}
	l.state[id] = done
}
