package flow

import (
	"fmt"
	"slices"
	"strings"
)

// Level tells an error, which stops a publish, from a warning, which does not.
type Level string

// The levels.
const (
	Error   Level = "error"
	Warning Level = "warning"
)

// Problem is one finding. ID is one of Rules; Module and Field lead to the
// place: a field of the module's settings ("destinations.1.length"), its "id",
// "name" or "tab", "exits.EXIT" or "cables", or without module "name",
// "cables", "tabs.N", "frames.N", "notes.N" or "tests.N".
type Problem struct {
	ID     string `json:"id"`
	Level  Level  `json:"level"`
	Module string `json:"module,omitempty"`
	Field  string `json:"field,omitempty"`
	Text   string `json:"text"`
}

// Validate reports everything wrong with a flow, errors before warnings and
// otherwise in the order of its modules. Shelved modules are left out. It runs
// after every edit, so its work grows with the flow and no faster.
func Validate(f Flow, known Known) []Problem {
	if known == nil {
		known = Anything{}
	}
	heard := f.unshelved()
	g := newGraph(&heard)
	out := slices.Concat(checkFlow(&f), checkNames(g), checkStart(&heard), checkEnds(&f), checkCables(g))
	for i := range g.Modules {
		out = append(out, checkModule(g, &g.Modules[i], known)...)
	}
	out = append(out, checkClaims(g)...)
	out = append(out, checkReach(g)...)
	out = append(out, checkWaited(g)...)
	out = append(out, checkLoops(g)...)
	out = append(out, checkTests(g, f.Tests)...)
	slices.SortStableFunc(out, func(a, b Problem) int { return strings.Compare(string(a.Level), string(b.Level)) })
	return out
}

// Errors keeps the problems that stop a publish.
func Errors(all []Problem) []Problem {
	return slices.DeleteFunc(slices.Clone(all), func(p Problem) bool { return p.Level != Error })
}

// asking is settings that have more to ask of the world than whether what they
// name exists.
type asking interface {
	ask(known Known) []Problem
}

func checkModule(g *graph, m *Module, known Known) []Problem {
	out := m.Settings.Validate()
	for _, r := range m.Settings.Refs() {
		out = append(out, checkRef(m, r, known)...)
	}
	if s, ok := m.Settings.(asking); ok {
		out = append(out, s.ask(known)...)
	}
	out = append(out, checkExits(g, m)...)
	for i := range out {
		out[i].Module = m.ID
		if out[i].ID == "ring-many" && known.StrictRingGroups() {
			out[i].Level = Error
		}
	}
	return out
}

var refWords = map[RefKind]string{
	RefAudio: "audio", RefContactMethod: "contact method", RefNumber: "number", RefInternalNumber: "internal number",
	RefSchedule: "schedule", RefList: "list", RefOverrideCode: "override code",
}

// Claims tells whether a module claims what a reference names for itself alone.
// Other modules than entries may name a number that is not theirs.
func (m *Module) Claims(r Ref) bool {
	return claimRules[r.Kind] != "" && (Catalog[m.Kind].Entry || r.Kind == RefOverrideCode)
}

// claimRules is which rule an entry breaks when what it claims is taken, and
// moveRules what is said instead where it is to be taken from its claimant.
var (
	claimRules = map[RefKind]string{RefNumber: "number-taken", RefInternalNumber: "internal-number-taken", RefOverrideCode: "override-code-taken"}
	moveRules  = map[RefKind]string{RefNumber: "number-moves", RefInternalNumber: "internal-number-moves"}
)

func checkRef(m *Module, r Ref, known Known) []Problem {
	if !known.Exists(r) {
		return []Problem{{ID: "ref-missing", Level: Error, Field: r.Field, Text: fmt.Sprintf("%s %q does not exist", refWords[r.Kind], r.ID)}}
	}
	if r.Kind == RefAudio && known.Silent(r.ID) {
		return []Problem{{ID: "no-audio", Level: Error, Field: r.Field, Text: fmt.Sprintf("playlist %q is empty", r.ID)}}
	}
	if !m.Claims(r) {
		return nil
	}
	by, taken := known.Claimed(r)
	switch {
	case taken && m.Moves():
		return []Problem{{ID: moveRules[r.Kind], Level: Warning, Field: r.Field, Text: fmt.Sprintf("%s %s moves here from %s at publish", refWords[r.Kind], r.ID, by)}}
	case taken:
		return []Problem{{ID: claimRules[r.Kind], Level: Error, Field: r.Field, Text: fmt.Sprintf("%s %s is taken by %s", refWords[r.Kind], r.ID, by)}}
	}
	return nil
}

// checkClaims finds two modules of one flow that claim the same.
func checkClaims(g *graph) []Problem {
	var out []Problem
	holders := map[Ref]*Module{}
	for i := range g.Modules {
		m := &g.Modules[i]
		for _, r := range m.Settings.Refs() {
			if !m.Claims(r) {
				continue
			}
			claim := Ref{Kind: r.Kind, ID: r.ID}
			if first, taken := holders[claim]; taken {
				out = append(out, Problem{claimRules[r.Kind], Error, m.ID, r.Field,
					fmt.Sprintf("%s %s is taken by %q of this flow", refWords[r.Kind], r.ID, first.Name)})
				continue
			}
			holders[claim] = m
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
