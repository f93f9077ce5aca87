package flow

import (
	"fmt"
	"slices"
	"strings"

	"tandem/flow/call"
)

// Answer tells why a call did, or did not, come to a module.
type Answer struct {
	Reached bool   `json:"reached"`
	At      int    `json:"at"` // index in the path of what decided; -1: the call was never on a way there
	Text    string `json:"text"`
}

// WhyNot finds, in the path that a call walked, what led it away from a module:
// the last point from which the module could still be reached.
func WhyNot(f Flow, path []call.PathEntry, module string) Answer {
	target, ok := f.Module(module)
	switch {
	case !ok:
		return Answer{At: -1, Text: fmt.Sprintf("This version of the flow has no module %q.", cut(module))}
	case len(path) == 0:
		return Answer{At: -1, Text: "The call ended before it reached any module."}
	}
	if i := slices.IndexFunc(path, func(p call.PathEntry) bool { return p.Module == module }); i >= 0 {
		return Answer{Reached: true, At: i, Text: fmt.Sprintf("The call came to “%s”%s.", target.Name, cameBy(path, i))}
	}
	g := newGraph(&f)
	leads := leadsTo(g, module)
	for i := len(path) - 1; i >= 0; i-- {
		if leads[path[i].Module] {
			return Answer{At: i, Text: ledAway(g, path, i, target, leads)}
		}
	}
	return Answer{At: -1, Text: fmt.Sprintf("No way leads from “%s”, where the call came in, to “%s”.", path[0].Name, target.Name)}
}

func cameBy(path []call.PathEntry, i int) string {
	if i == 0 {
		return " as the first module"
	}
	return fmt.Sprintf(" from “%s” by %s%s", path[i-1].Name, exitWords(Exit(path[i-1].Exit)), because(path[i-1]))
}

func because(p call.PathEntry) string {
	if p.Reason.Text == "" {
		return ""
	}
	return ": " + strings.TrimSuffix(p.Reason.Text, ".")
}

// ledAway words the decision at path[i], the last module with a way to target.
func ledAway(g *graph, path []call.PathEntry, i int, target *Module, leads map[string]bool) string {
	p := path[i]
	ways := waysOn(g, p.Module, leads)
	switch {
	case p.Exit == "" && p.Left.IsZero():
		return fmt.Sprintf("The call is still at “%s” and can come to “%s” by %s.", p.Name, target.Name, ways)
	case p.Exit == "":
		return fmt.Sprintf("The call ended at “%s”%s. To “%s” leads only %s.", p.Name, because(p), target.Name, ways)
	case i < len(path)-1:
		return fmt.Sprintf("At “%s” the call left by %s%s. To “%s” leads only %s.", p.Name, exitWords(Exit(p.Exit)), because(p), target.Name, ways)
	}
	if g.leads(p.Module)[Exit(p.Exit)] != nil {
		return fmt.Sprintf("The call ended when it had left “%s” by %s%s, before it came to “%s”.", p.Name, exitWords(Exit(p.Exit)), because(p), target.Name)
	}
	return fmt.Sprintf("The call left “%s” by %s%s, and no cable leads on from there. To “%s” leads only %s.",
		p.Name, exitWords(Exit(p.Exit)), because(p), target.Name, ways)
}

// waysOn names the exits of a module that lead on towards the target.
func waysOn(g *graph, module string, leads map[string]bool) string {
	var ways []string
	on := g.leads(module)
	for _, e := range g.exits[module] {
		if to := on[e.ID]; to != nil && leads[to.ID] {
			ways = append(ways, exitWords(e.ID))
		}
	}
	if len(ways) < 2 {
		return strings.Join(ways, "")
	}
	return strings.Join(ways[:len(ways)-1], ", ") + " or " + ways[len(ways)-1]
}

// leadsTo collects the modules from which a call can come to target, target
// itself among them. Exits without cable count where they fall back; the error
// exit falls back to nothing.
func leadsTo(g *graph, target string) map[string]bool {
	from := map[string][]string{} // by the module a way leads to
	for id := range g.byID {
		for _, to := range g.leads(id) {
			from[to.ID] = append(from[to.ID], id)
		}
	}
	leads, queue := map[string]bool{target: true}, []string{target}
	for len(queue) > 0 {
		for _, id := range from[queue[0]] {
			if !leads[id] {
				leads[id] = true
				queue = append(queue, id)
			}
		}
		queue = queue[1:]
	}
	return leads
}
