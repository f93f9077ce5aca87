package ui

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/a-h/templ"

	"tandem/flow"
	"tandem/flow/directory"
	"tandem/ui/pages"
)

// overrideRoutes hold time routers open or closed, whatever their hours say.
func overrideRoutes() []route {
	return []route{
		shows("GET /flows/{id}/open", seeFlows, (*Panel).openPage),
		reads("GET /api/flows/{id}/overrides", seeFlows, "Tell of each time router of a flow whether it is open, and who holds it", (*Panel).routersOf),
		reads("GET /api/flows/{id}/modules/{module}/override", seeFlows, "Tell of one time router whether it is open, and who holds it", (*Panel).routerNow),
		acts("PUT /api/flows/{id}/modules/{module}/override", holdRouters, "Hold a time router open or closed, or let its hours decide", action[overrideInput, routerState]{
			do: (*Panel).hold, done: func(r *http.Request, out routerState) (string, string) {
				return openLink(r.PathValue("id")), sentence(out.Now.Reason.Text)
			}}),
	}
}

// overrideInput is what a time router is to be held in.
type overrideInput struct {
	State string `json:"state"` // open, closed or auto
	Until string `json:"until"` // RFC 3339, or as a form writes a moment of the system's zone; empty: until somebody changes it
}

// routerState is a time router as it stands.
type routerState struct {
	Module   string        `json:"module"` // id
	Name     string        `json:"name"`
	Override flow.Override `json:"override"`
	Now      flow.Verdict  `json:"now"`
}

func openLink(flowID string) string { return flowPage(flowID) + "/open" }

// current is the flow that callers walk, or the draft where none do.
func (p *Panel) current(ctx context.Context, d directory.Draft) (flow.Flow, error) {
	if d.Published == 0 {
		return d.Flow, nil
	}
	r, err := p.cfg.Store.Version(ctx, d.Flow.ID, d.Published)
	return r.Flow, err
}

func (p *Panel) routersOf(r *http.Request) ([]routerState, error) {
	d, err := p.drafted(r)
	if err != nil {
		return nil, err
	}
	f, err := p.current(r.Context(), d)
	if err != nil {
		return nil, err
	}
	out := []routerState{}
	for i := range f.Modules {
		state, ok, err := p.routerState(r.Context(), d.Flow.ID, &f.Modules[i])
		if err != nil {
			return nil, err
		}
		if ok && !f.Modules[i].Shelved {
			out = append(out, state)
		}
	}
	return out, nil
}

// routerState is false for a module that is no time router.
func (p *Panel) routerState(ctx context.Context, flowID string, m *flow.Module) (routerState, bool, error) {
	router, ok := m.Settings.(*flow.TimeRouter)
	if !ok {
		return routerState{}, false, nil
	}
	o, err := p.cfg.Store.Opening(ctx, flowID, m.ID, router.Schedule)
	now := p.cfg.Now()
	if !o.Override.Holds(now) {
		o.Override = flow.Override{}
	}
	return routerState{m.ID, m.Name, o.Override, router.Decide(now, o)}, true, err
}

// router finds the time router that an address names, in the version in force
// or the draft.
func (p *Panel) router(r *http.Request) (flowID string, m *flow.Module, err error) {
	d, err := p.drafted(r)
	if err != nil {
		return "", nil, err
	}
	f, err := p.current(r.Context(), d)
	if err != nil {
		return "", nil, err
	}
	for _, in := range []flow.Flow{f, d.Flow} {
		if m, ok := in.Module(r.PathValue("module")); ok && m.Kind == "time-router" {
			return d.Flow.ID, m, nil
		}
	}
	return "", nil, ErrNotFound
}

func (p *Panel) routerNow(r *http.Request) (routerState, error) {
	flowID, m, err := p.router(r)
	if err != nil {
		return routerState{}, err
	}
	now, _, err := p.routerState(r.Context(), flowID, m)
	return now, err
}

func (p *Panel) hold(r *http.Request, in overrideInput) (routerState, error) {
	flowID, m, err := p.router(r)
	if err != nil {
		return routerState{}, err
	}
	before, _, err := p.routerState(r.Context(), flowID, m)
	if err != nil {
		return before, err
	}
	o, err := p.override(r, in)
	if err != nil {
		return before, err
	}
	if err := p.cfg.Store.SetOverride(r.Context(), flowID, m.ID, o); err != nil {
		return before, err
	}
	p.audit(r, "override", "flow "+flowID+" module "+m.ID, before.Override, o)
	after, _, err := p.routerState(r.Context(), flowID, m)
	return after, err
}

// override reads what is asked for.
func (p *Panel) override(r *http.Request, in overrideInput) (flow.Override, error) {
	now := p.cfg.Now()
	o := flow.Override{State: in.State, By: whoOf(r), At: now}
	switch in.State {
	case "auto":
		return o, nil
	case "open", "closed":
	default:
		return o, refuse("state", "Choose open, closed or auto.")
	}
	if in.Until == "" {
		return o, nil
	}
	var err error
	if o.Until, err = time.Parse(time.RFC3339, in.Until); err != nil {
		o.Until, err = time.ParseInLocation("2006-01-02T15:04", in.Until, p.zone(r.Context()))
	}
	if err != nil || !o.Until.After(now) {
		return o, refuse("until", "Write a moment that is still to come, such as 2026-12-24T17:00.")
	}
	return o, nil
}

// openPage is the time routers of a flow with what they do now, also on a phone.
func (p *Panel) openPage(w http.ResponseWriter, r *http.Request) error {
	d, err := p.drafted(r)
	if err != nil {
		return err
	}
	all, err := p.routersOf(r)
	if err != nil {
		return err
	}
	v := pages.OpenView{Frame: p.frame(r, "Open or closed: "+shown(d.Flow.Name), "flows"), Name: shown(d.Flow.Name), Link: flowPage(d.Flow.ID)}
	v.Extra = p.extra("flows.css", "forms.js")
	for _, s := range all {
		v.Routers = append(v.Routers, p.holdView(r, d.Flow.ID, s))
	}
	return p.render(w, r, http.StatusOK, pages.Open(v))
}

func (p *Panel) holdView(r *http.Request, flowID string, s routerState) pages.HoldView {
	v := pages.HoldView{Name: shown(s.Name), Why: sentence(s.Now.Reason.Text), State: s.Override.State, Zone: p.zone(r.Context()).String(),
		Action:   "/api/flows/" + url.PathEscape(flowID) + "/modules/" + url.PathEscape(s.Module) + "/override",
		Now:      pages.Badge{Tone: map[bool]pages.Tone{true: "good", false: "bad"}[s.Now.Exit == flow.ExitOpen], Text: string(s.Now.Exit)},
		ReadOnly: !allowed(holdRouters, loginOf(r))}
	if v.State == "" {
		v.State = "auto"
	}
	if !s.Override.Until.IsZero() {
		v.Until = s.Override.Until.In(p.zone(r.Context())).Format("2006-01-02T15:04")
	}
	return v
}

// holding is what the inspector shows below the settings of a time router that
// is saved already.
func (p *Panel) holding(r *http.Request, flowID string, m flow.Module) (templ.Component, error) {
	if m.Kind != "time-router" {
		return templ.NopComponent, nil
	}
	s, ok, err := p.routerState(r.Context(), flowID, &m)
	if err != nil || !ok {
		return templ.NopComponent, err
	}
	return pages.HoldHere(p.holdView(r, flowID, s)), nil
}

// held tells which time routers of a flow somebody holds, and how: open or
// closed, by module.
func (p *Panel) held(ctx context.Context, f flow.Flow) (map[string]string, error) {
	all, err := p.cfg.Store.Overrides(ctx, f.ID)
	if err != nil {
		return nil, fmt.Errorf("reading the overrides: %w", err)
	}
	out := map[string]string{}
	for _, m := range f.Modules {
		if o, ok := all[m.ID]; ok && m.Kind == "time-router" {
			out[m.ID] = o.State
		}
	}
	return out, nil
}
