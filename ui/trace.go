package ui

import (
	"context"
	"errors"
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
		reads("GET /api/calls/{id}/trace", seeCalls, "Read a call on the version of the flow that it walked", (*Panel).apiTrace),
		reads("GET /api/calls/{id}/why/{module}", seeCalls, "Tell why a call did not come to a module", (*Panel).apiWhy),
	}
}

// trace is one call drawn on its flow.
type trace struct {
	Flow      flow.Flow                  `json:"flow"`
	Version   int                        `json:"version"`
	Exits     map[string][]flow.ExitSpec `json:"exits"`     // by module
	Subtitles map[string]string          `json:"subtitles"` // by module
	Path      []call.PathEntry           `json:"path"`
	Live      bool                       `json:"live"`
	Call      call.LedgerEntry           `json:"call"`
}

// walked is the version of the flow that a call walked; false: it walked none.
func (p *Panel) walked(ctx context.Context, e call.LedgerEntry) (flow.Flow, bool, error) {
	if e.Flow.ID == "" {
		return flow.Flow{}, false, nil
	}
	r, err := p.cfg.Store.Version(ctx, e.Flow.ID, e.Flow.Version)
	switch {
	case errors.Is(err, ErrNotFound):
		return flow.Flow{}, false, nil
	case err != nil:
		return flow.Flow{}, false, fmt.Errorf("reading the flow of the call: %w", err)
	}
	return r.Flow, true, nil
}

func (p *Panel) traceOf(r *http.Request) (call.LedgerEntry, flow.Flow, error) {
	e, err := p.callFor(r)
	if err != nil {
		return e, flow.Flow{}, err
	}
	f, ok, err := p.walked(r.Context(), e)
	if err == nil && !ok {
		err = ErrNotFound
	}
	return e, f, err
}

func (p *Panel) apiTrace(r *http.Request) (trace, error) {
	e, f, err := p.traceOf(r)
	if err != nil {
		return trace{}, err
	}
	t := trace{Flow: f, Version: e.Flow.Version, Path: e.Path, Live: e.Live, Call: e,
		Exits: map[string][]flow.ExitSpec{}, Subtitles: map[string]string{}}
	names, err := p.cfg.Store.Names(r.Context())
	if err != nil {
		return trace{}, fmt.Errorf("reading names: %w", err)
	}
	for _, m := range f.Modules {
		t.Exits[m.ID] = append([]flow.ExitSpec{}, m.Exits()...)
		t.Subtitles[m.ID] = shown(forms.Subtitle(names, m))
	}
	return t, nil
}

func (p *Panel) apiWhy(r *http.Request) (flow.Answer, error) {
	e, f, err := p.traceOf(r)
	if err != nil {
		return flow.Answer{}, err
	}
	return flow.WhyNot(f, e.Path, r.PathValue("module")), nil
}

func (p *Panel) tracePage(w http.ResponseWriter, r *http.Request) error {
	e, f, err := p.traceOf(r)
	if err != nil {
		return err
	}
	v := pages.CanvasView{Frame: p.frame(r, "Trace of "+party(e.Caller).Number+" → "+shown(e.Called), "calls"), Flow: e.Flow.ID, Mode: "trace",
		Call: string(e.Call), Title: shown(f.Name) + fmt.Sprintf(", version %d", e.Flow.Version), Back: callLink(e.Call), BackName: "The call",
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
func whyNot(e call.LedgerEntry, f flow.Flow, module string) pages.WhyNot {
	v := pages.WhyNot{Action: callLink(e.Call)}
	for _, m := range f.Modules {
		o := pages.Option{Value: m.ID, Label: shown(m.Name), Chosen: m.ID == module}
		if kind, ok := flow.Catalog[m.Kind]; ok {
			o.Label += " · " + kind.Title
		}
		v.Modules = append(v.Modules, o)
	}
	if module == "" {
		return v
	}
	a := flow.WhyNot(f, e.Path, module)
	v.Answer, v.Reached = shown(a.Text), a.Reached
	if a.At >= 0 && a.At < len(e.Path) {
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
