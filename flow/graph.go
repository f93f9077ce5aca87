package flow

import "slices"

// graph is a flow whose modules and cables are found without a search, for
// checks that run after every edit.
type graph struct {
	*Flow
	byID  map[string]*Module
	exits map[string][]ExitSpec // of each module
	out   map[string][]Cable    // from each module, in their order
	to    map[slot]string       // module that an exit's first cable leads to
}

// slot is one exit of one module.
type slot struct {
	module string
	exit   Exit
}

func newGraph(f *Flow) *graph {
	g := &graph{Flow: f, byID: modulesByID(f), exits: make(map[string][]ExitSpec, len(f.Modules)),
		out: make(map[string][]Cable, len(f.Modules)), to: make(map[slot]string, len(f.Cables))}
	for i := range f.Modules {
		g.exits[f.Modules[i].ID] = f.Modules[i].Exits()
	}
	for _, c := range f.Cables {
		g.out[c.From] = append(g.out[c.From], c)
		if _, second := g.to[slot{c.From, c.Exit}]; !second {
			g.to[slot{c.From, c.Exit}] = c.To
		}
	}
	return g
}

// cabled finds the module that an exit's own cable leads to.
func (g *graph) cabled(module string, exit Exit) (*Module, bool) {
	to, ok := g.byID[g.to[slot{module, exit}]]
	return to, ok
}

// leads lists where each exit of a module leads, fallbacks followed as
// Flow.Next does.
func (g *graph) leads(module string) map[Exit]*Module {
	exits := g.exits[module]
	falls := make(map[Exit]Exit, len(exits))
	for _, e := range exits {
		falls[e.ID] = e.Fallback
	}
	out := make(map[Exit]*Module, len(exits))
	for _, e := range exits {
		exit := e.ID
		for range len(exits) { // fallbacks form no cycle longer than the exits
			if to, ok := g.cabled(module, exit); ok {
				out[e.ID] = to
				break
			}
			exit = falls[exit]
		}
	}
	return out
}

// those lists the ids of the modules of which something is so.
func (g *graph) those(is func(*Module) bool) []string {
	var out []string
	for i := range g.Modules {
		if is(&g.Modules[i]) {
			out = append(out, g.Modules[i].ID)
		}
	}
	return out
}

func (g *graph) entries() []string {
	return g.those(func(m *Module) bool { return Catalog[m.Kind].Entry })
}

// reach is every module that a way leads to from some, and these themselves.
func (g *graph) reach(from []string) map[string]bool {
	reached := make(map[string]bool, len(g.Modules))
	for _, id := range from {
		reached[id] = true
	}
	next := slices.Clone(from)
	for len(next) > 0 {
		for _, c := range g.out[next[0]] {
			if !reached[c.To] {
				reached[c.To] = true
				next = append(next, c.To)
			}
		}
		next = next[1:]
	}
	return reached
}

// waits tells whether a caller who leaves a module by an exit has spent time in it.
func waits(kind string, exit Exit) bool {
	k := Catalog[kind]
	if exit == ExitError {
		return false
	}
	for _, e := range k.AtOnce {
		if e == exit {
			return false
		}
	}
	return k.Waits
}
