package ui

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"tandem/flow"
	"tandem/flow/directory"
	"tandem/ui/pages"
)

// flowRoutes are flows and their versions.
func flowRoutes() []route {
	return []route{
		shows("GET /flows", seeFlows, (*Panel).flows),
		shows("GET /flows/new", makeFlows, (*Panel).newFlowPage),
		shows("GET /flows/{id}", seeFlows, (*Panel).editor),
		shows("GET /flows/{id}/versions", seeFlows, (*Panel).versionsPage),
		shows("GET /flows/{id}/compare", seeFlows, (*Panel).comparePage),
		shows("GET /flows/{id}/missing", editFlows, (*Panel).missingPage),
		shows("GET /flows/{id}/{version}", seeFlows, (*Panel).flow),
		reads("GET /api/flows", seeFlows, "List flows", (*Panel).apiFlows),
		{pattern: "POST /api/flows", right: makeFlows, area: api, serve: (*Panel).apiNewFlow, doc: docOf[newFlow, madeFlow]("Make a flow, empty or from a template").made()},
		removes("DELETE /api/flows/{id}", editFlows, directory.KindFlow, "/flows", removableFlow),
	}
}

func flowPage(id string) string { return "/flows/" + url.PathEscape(id) }

func flowLink(id string, version int) string { return flowPage(id) + "/" + strconv.Itoa(version) }

func anchor(module string) string { return "m-" + url.PathEscape(module) }

// removableFlow keeps a flow that a login may not see, and one in force from
// who may not publish: its callers would go with it.
func removableFlow(p *Panel, r *http.Request, id string) error {
	if _, err := scopedFlow(r); err != nil {
		return err
	}
	d, err := p.cfg.Store.Draft(r.Context(), id)
	if err != nil {
		return fmt.Errorf("reading the flow: %w", err)
	}
	if d.Published > 0 {
		uses, err := p.numbersInto(r, id, d.Published)
		if err != nil {
			return err
		}
		return &Refusal{Status: http.StatusConflict, Text: "This flow is in force. Take it out of force first, so that no caller is lost.", Uses: uses}
	}
	return nil
}

// numbersInto lists the numbers by which callers enter a version of a flow.
func (p *Panel) numbersInto(r *http.Request, id string, version int) ([]directory.Use, error) {
	v, err := p.cfg.Store.Version(r.Context(), id, version)
	if err != nil {
		return nil, fmt.Errorf("reading the version: %w", err)
	}
	var out []directory.Use
	for _, m := range v.Flow.Modules {
		for _, ref := range m.Settings.Refs() {
			if ref.Kind == flow.RefNumber && m.Claims(ref) {
				out = append(out, directory.Use{Kind: directory.KindNumber, ID: ref.ID, Name: ref.ID, Where: "leads here"})
			}
		}
	}
	return out, nil
}

// visibleFlows are the flows that a login may see.
func (p *Panel) visibleFlows(r *http.Request) ([]directory.FlowLine, error) {
	all, err := p.cfg.Store.FlowList(r.Context())
	if err != nil {
		return nil, fmt.Errorf("reading the flows: %w", err)
	}
	who := loginOf(r)
	return slices.DeleteFunc(all, func(f directory.FlowLine) bool { return !mayFlow(who, f.ID) }), nil
}

func (p *Panel) apiFlows(r *http.Request) ([]directory.FlowLine, error) {
	all, err := p.visibleFlows(r)
	return listed(all), err
}

// flowStates are the states by which the list can be narrowed.
var flowStates = []struct {
	value, label string
	is           func(directory.FlowLine) bool
}{
	{"", "Any state", func(directory.FlowLine) bool { return true }},
	{"published", "In force", func(f directory.FlowLine) bool { return f.Version > 0 }},
	{"changed", "Changes not published", func(f directory.FlowLine) bool { return f.Version > 0 && f.Newer }},
	{"draft", "Not in force", func(f directory.FlowLine) bool { return f.Version == 0 }},
}

var flowOrders = map[string]order[directory.FlowLine]{
	"name":    byText(func(f directory.FlowLine) string { return f.Name }),
	"calls":   func(a, b directory.FlowLine) int { return a.Calls - b.Calls },
	"changed": func(a, b directory.FlowLine) int { return a.Updated.Compare(b.Updated) },
	"state":   func(a, b directory.FlowLine) int { return cmp.Or(a.Version-b.Version, strings.Compare(a.Name, b.Name)) },
}

// flows is the list of flows; who has none of their own yet is shown the way to
// the first.
func (p *Panel) flows(w http.ResponseWriter, r *http.Request) error {
	all, err := p.visibleFlows(r)
	if err != nil {
		return err
	}
	q := parseList(r, "name", "calls", "changed", "state")
	rows := arrange(q, narrowState(all, q.values.Get("state")), func(f directory.FlowLine) string {
		return f.Name + " " + strings.Join(f.Entries, " ") + " " + f.UpdatedBy
	}, flowOrders)
	if q.CSV {
		return csvFile(w, r, "flows", []string{"Name", "Version", "Draft changed", "Numbers", "Calls in 24 h", "Changed", "By"}, flowCells(rows))
	}
	who := loginOf(r)
	v := pages.FlowsView{Frame: p.frame(r, "Flows", "flows"), List: q.view(len(rows)), Filtered: q.narrowed("state"),
		States: stateOptions(q.values.Get("state")), MayEdit: allowed(editFlows, who), MayMake: allowed(makeFlows, who), MayPublish: allowed(publishFlows, who), Any: len(all) > 0}
	v.Extra = p.extra("flows.css")
	for _, f := range pageOf(q, rows) {
		row, err := p.flowRow(r.Context(), f)
		if err != nil {
			return err
		}
		v.Flows = append(v.Flows, row)
	}
	if v.MayMake && !slices.ContainsFunc(all, madeByPerson) && !v.Filtered {
		v.Start = templateCards()
	}
	return p.render(w, r, http.StatusOK, pages.Flows(v))
}

// madeByPerson tells a flow that somebody has worked on from one of the sample.
func madeByPerson(f directory.FlowLine) bool {
	return strings.Contains(f.UpdatedBy, "@") || strings.Contains(f.PublishedBy, "@")
}

func narrowState(all []directory.FlowLine, state string) []directory.FlowLine {
	for _, s := range flowStates {
		if s.value == state {
			return slices.DeleteFunc(slices.Clone(all), func(f directory.FlowLine) bool { return !s.is(f) })
		}
	}
	return all
}

func stateOptions(chosen string) []pages.Option {
	var out []pages.Option
	for _, s := range flowStates {
		out = append(out, pages.Option{Value: s.value, Label: s.label, Chosen: s.value == chosen})
	}
	return out
}

func flowCells(rows []directory.FlowLine) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		for _, f := range rows {
			if !yield([]string{f.Name, strconv.Itoa(f.Version), strconv.FormatBool(f.Newer), strings.Join(f.Entries, " "),
				strconv.Itoa(f.Calls), f.Updated.Format(time.RFC3339), f.UpdatedBy}) {
				return
			}
		}
	}
}

// flowRow is one line of the list. Only a draft that was changed is checked:
// what is in force was right when it was published.
func (p *Panel) flowRow(ctx context.Context, f directory.FlowLine) (pages.FlowRow, error) {
	row := pages.FlowRow{ID: f.ID, Name: shown(f.Name), Link: flowPage(f.ID), Calls: f.Calls, Changed: f.Updated, By: shown(f.UpdatedBy),
		InForce: f.Version > 0, Versions: f.Version > 0, State: pages.Badge{Tone: "quiet", Text: "draft"}}
	for _, e := range f.Entries {
		if e != "" {
			row.Numbers = append(row.Numbers, shown(e))
		}
	}
	if f.Version > 0 {
		row.State = pages.Badge{Tone: "good", Text: fmt.Sprintf("v%d in force", f.Version)}
	}
	if !f.Newer {
		return row, nil
	}
	if f.Version > 0 {
		row.Notes = append(row.Notes, pages.Badge{Tone: "calm", Text: "draft changed"})
	}
	d, err := p.cfg.Store.Draft(ctx, f.ID)
	if err != nil {
		return row, fmt.Errorf("reading a draft: %w", err)
	}
	problems, err := p.cfg.Store.Check(ctx, d.Flow)
	if err != nil {
		return row, fmt.Errorf("checking a draft: %w", err)
	}
	if n := len(flow.Errors(problems)); n > 0 {
		row.Notes = append(row.Notes, pages.Badge{Tone: "bad", Text: counted(n, "error", "errors")})
	} else if n := len(problems); n > 0 {
		row.Notes = append(row.Notes, pages.Badge{Tone: "warn", Text: counted(n, "warning", "warnings")})
	}
	return row, nil
}
