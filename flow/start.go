package flow

// Start is where calls to numbers enter that are bound to the flow as a whole,
// on the page of the number. It does not answer. A flow has at most one, and
// once published it stays: a number that is bound must lead somewhere.
type Start struct{}

// KindStart is the kind of a Start.
const KindStart = "start"

// Exits: next.
func (*Start) Exits() []ExitSpec { return []ExitSpec{{ID: "next", Label: "next", Main: true}} }

// Validate has nothing to check.
func (*Start) Validate() []Problem { return nil }

// Refs: none. Which numbers are bound to the flow is theirs to say.
func (*Start) Refs() []Ref { return nil }

// Start finds the start of a flow as callers walk it: one that is shelved is
// none.
func (f *Flow) Start() (*Module, bool) {
	for i := range f.Modules {
		if m := &f.Modules[i]; m.Kind == KindStart && !m.Shelved {
			return m, true
		}
	}
	return nil, false
}

// checkStart wants at most one start.
func checkStart(f *Flow) []Problem {
	var out []Problem
	first, _ := f.Start()
	for i := range f.Modules {
		if m := &f.Modules[i]; m.Kind == KindStart && m != first {
			out = append(out, Problem{"start-many", Error, m.ID, "id", "a flow has one start: " + first.Name + " is it already"})
		}
	}
	return out
}
