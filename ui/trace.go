package ui

import (
	"fmt"
	"net/http"
	"slices"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/ui/forms"
	"tandem/ui/pages"
)

// traceRoutes are the past of one call on the version that it walked.
func traceRoutes() []route {
	return []route{
		shows("GET /calls/{id}/trace", seeCalls, (*Panel).tracePage),
		reads("GET /api/calls/{id}/trace", seeCalls, "Read a call on the version of a flow that it walked", (*Panel).apiTrace).
			asks("flow", "id, where the call has gone from one flow to another").asks("version", "of that flow"),
		reads("GET /api/calls/{id}/why/{module}", seeCalls, "Tell why a call did not come to a module", (*Panel).apiWhy).
			asks("flow", "id, where the call has gone from one flow to another").asks("version", "of that flow"),
	}
}

// trace is one call drawn on its flow.
type trace struct {
	Flow      flow.Flow                  `json:"flow"`
	Version   int                        `json:"version"`         // 0: a draft
	Draft     int                        `json:"draft,omitempty"` // revision of the draft that a test call walked
	Exits     map[string][]flow.ExitSpec `json:"exits"`           // by module
	Subtitles map[string]string          `json:"subtitles"`       // by module
	Path      []call.PathEntry           `json:"path"`
	Steps     []int                      `json:"steps"` // which of the steps of the whole call each of these is, from 1
	Parts     []tracePart                `json:"parts"` // all flows that the call walked, in their order
	Live      bool                       `json:"live"`
	Call      call.LedgerEntry           `json:"call"`
}

// tracePart is what one flow tells of a call.
type tracePart struct {
	Name    string `json:"name"`
	Edition string `json:"edition"` // such as version 3
	Link    string `json:"link"`
	Here    bool   `json:"here,omitempty"` // this is drawn
	Steps   []int  `json:"steps"`          // of the whole call, from 1
}

// apiTrace draws the part of a call that one flow tells: that it asks for, or the
// call's first.
func (p *Panel) apiTrace(r *http.Request) (trace, error) {
	all, i, err := p.walksFor(r)
	if err != nil {
		return trace{}, err
	}
	w := all[i]
	t := trace{Steps: w.steps(), Parts: partsOf(all, i), Flow: w.flow, Version: w.ref.Version, Draft: w.ref.Draft, Path: w.path(), Live: w.call.Live, Call: w.call,
		Exits: map[string][]flow.ExitSpec{}, Subtitles: map[string]string{}}
	names, err := p.cfg.Store.Names(r.Context())
	if err != nil {
		return trace{}, fmt.Errorf("reading names: %w", err)
	}
	for _, m := range w.flow.Modules {
		t.Exits[m.ID] = append([]flow.ExitSpec{}, m.Exits()...)
		t.Subtitles[m.ID] = shown(forms.Subtitle(names, m))
	}
	return t, nil
}

func (p *Panel) apiWhy(r *http.Request) (flow.Answer, error) {
	w, err := p.walkFor(r)
	if err != nil {
		return flow.Answer{}, err
	}
	return w.whyNot(r.PathValue("module")), nil
}

func (p *Panel) tracePage(w http.ResponseWriter, r *http.Request) error {
	at, err := p.walkFor(r)
	if err != nil {
		return err
	}
	e := at.call
	v := pages.CanvasView{Frame: p.frame(r, "Trace of "+party(e.Caller).Number+" → "+shown(e.Called), "calls"), Flow: at.ref.ID, Mode: "trace",
		Call: string(e.Call), Version: fmt.Sprint(at.ref.Version), Title: shown(at.flow.Name) + ", " + at.ref.Edition(), Back: callLink(e.Call), BackName: "The call",
		Hint: "The path that the call took, with the reason of each step. The page of the call tells the same in words."}
	return p.renderCanvas(w, r, v)
}

// canvasFiles are the styles and scripts of <flow-editor>.
var canvasFiles = []string{"watch.css", "editor.css", "editor.js"}

func (p *Panel) renderCanvas(w http.ResponseWriter, r *http.Request, v pages.CanvasView) error {
	v.Wide, v.Extra = true, p.extra(canvasFiles...)
	return p.render(w, r, http.StatusOK, pages.Canvas(v))
}

// whyNot answers "why not here?" for the page of a call. A module of another flow
// than the first is asked for with the number of that part.
func whyNot(all []walk, asked string) pages.WhyNot {
	v := pages.WhyNot{Action: callLink(all[0].call.Call)}
	for i, w := range all {
		g := pages.OptionGroup{Label: shown(w.flow.Name)}
		for _, m := range w.flow.Modules {
			o := pages.Option{Value: m.ID, Label: shown(m.Name)}
			if i > 0 {
				o.Value = fmt.Sprintf("%d/%s", i, m.ID)
			}
			if kind, ok := flow.Catalog[m.Kind]; ok {
				o.Label += " · " + kind.Title
			}
			if o.Chosen = o.Value == asked; o.Chosen {
				a := w.whyNot(m.ID)
				v.Answer, v.Reached = shown(a.Text), a.Reached
				if a.At >= 0 && a.At < len(w.call.Path) {
					v.Step = stepAnchor(a.At)
				}
			}
			g.Options = append(g.Options, o)
		}
		v.Groups = append(v.Groups, g)
	}
	return v
}

// drawings are a call drawn small, one for each flow that it walked.
func drawings(walked []walk) []pages.Walked {
	var out []pages.Walked
	for i, w := range walked {
		d := pages.Walked{Label: "Draw it", Link: w.link(), Sketch: w.sketch()}
		if i > 0 {
			d.Label = "Draw it in " + shown(w.flow.Name)
		}
		out = append(out, d)
	}
	return out
}

// sketch is the tab on which the call came in, with its way lit.
func (w walk) sketch() pages.Sketch {
	path, tab := w.path(), ""
	if len(path) > 0 {
		if first, ok := w.flow.Module(path[0].Module); ok {
			tab = first.Tab
		}
	}
	s := sketchOf(w.flow, tab, drawnBox)
	s.Path = true
	for i := range s.Boxes {
		s.Boxes[i].Lit = slices.ContainsFunc(path, func(p call.PathEntry) bool { return p.Module == s.Boxes[i].Module })
	}
	for i := range path[:max(len(path)-1, 0)] {
		light(s.Lines, path[i], path[i+1].Module)
	}
	return s
}

// light lights the cable by which a call left a module: that of its exit, or
// where it has none the one that the exit falls back to.
func light(lines []pages.SketchLine, left call.PathEntry, to string) {
	by := -1
	for i, l := range lines {
		if l.From == left.Module && l.To == to && (by < 0 || l.Exit == left.Exit) {
			by = i
		}
	}
	if by >= 0 && left.Exit != exitMoved {
		lines[by].Lit = true
	}
}

// missedExits are the exits of a step that the call did not take, and where
// they would have led.
func missedExits(f *flow.Flow, s call.PathEntry) []pages.Exit {
	m, ok := f.Module(s.Module)
	if !ok {
		return nil
	}
	var out []pages.Exit
	for _, spec := range m.Exits() {
		if string(spec.ID) != s.Exit && spec.ID != flow.ExitError {
			out = append(out, exitView(f, m, spec))
		}
	}
	return out
}
