package ui

import (
	"fmt"
	"net/http"

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
	Exits     map[string][]flow.ExitSpec `json:"exits"`     // by module
	Subtitles map[string]string          `json:"subtitles"` // by module
	Path      []call.PathEntry           `json:"path"`
	Live      bool                       `json:"live"`
	Call      call.LedgerEntry           `json:"call"`
}

// apiTrace draws the part of a call that one flow tells: that it asks for, or the
// call's first.
func (p *Panel) apiTrace(r *http.Request) (trace, error) {
	w, err := p.walkFor(r)
	if err != nil {
		return trace{}, err
	}
	t := trace{Flow: w.flow, Version: w.ref.Version, Draft: w.ref.Draft, Path: w.path(), Live: w.call.Live, Call: w.call,
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

// whyNot answers "why not here?" for the page of a call.
func whyNot(w walk, module string) pages.WhyNot {
	v := pages.WhyNot{Action: callLink(w.call.Call)}
	for _, m := range w.flow.Modules {
		o := pages.Option{Value: m.ID, Label: shown(m.Name), Chosen: m.ID == module}
		if kind, ok := flow.Catalog[m.Kind]; ok {
			o.Label += " · " + kind.Title
		}
		v.Modules = append(v.Modules, o)
	}
	if module == "" {
		return v
	}
	a := w.whyNot(module)
	v.Answer, v.Reached = shown(a.Text), a.Reached
	if a.At >= 0 && a.At < len(w.call.Path) {
		v.Step = stepAnchor(a.At)
	}
	return v
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
