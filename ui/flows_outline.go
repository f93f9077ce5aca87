package ui

import (
	"fmt"
	"net/http"
	"strconv"

	"tandem/flow"
	"tandem/flow/directory"
	"tandem/ui/forms"
	"tandem/ui/pages"
)

// flow is one version to read: drawn, and as an outline that needs no script.
func (p *Panel) flow(w http.ResponseWriter, r *http.Request) error {
	revision, err := p.version(r)
	if err != nil {
		return err
	}
	versions, err := p.cfg.Store.Versions(r.Context(), revision.ID)
	if err != nil {
		return fmt.Errorf("reading the versions: %w", err)
	}
	names, err := p.names(r.Context())
	if err != nil {
		return err
	}
	v := flowView(revision, versions, names)
	v.Frame = p.frame(r, v.Name+" "+v.Label, "flows")
	v.Extra = p.extra("flows.css", "editor.css", "editor.js")
	v.Link, v.Canvas = flowPage(revision.ID), pages.Drawing{Flow: revision.ID, Mode: "version", Version: strconv.Itoa(revision.Version)}
	return p.render(w, r, http.StatusOK, pages.Flow(v))
}

// flowView lays out one version; versions tell who published it and whether a
// newer one exists.
func flowView(r flow.Revision, versions []directory.Version, names forms.Names) pages.FlowView {
	f := r.Flow
	v := pages.FlowView{Name: shown(f.Name), Label: fmt.Sprintf("v%d", r.Version), State: pages.Badge{Tone: "good", Text: "newest version"}}
	for _, x := range versions {
		switch {
		case x.Version > r.Version:
			v.State = pages.Badge{Tone: "quiet", Text: "older version"}
		case x.Version == r.Version:
			v.Facts = append(v.Facts, pages.Fact{Name: "Published", When: x.At}, pages.Fact{Name: "By", Value: shown(x.Author)})
			if x.Note != "" {
				v.Facts = append(v.Facts, pages.Fact{Name: "Note", Value: shown(x.Note)})
			}
		}
	}
	v.Facts = append(v.Facts, pages.Fact{Name: "Modules", Value: strconv.Itoa(len(f.Modules))})
	for _, problem := range flow.Validate(f, nil) {
		v.Problems = append(v.Problems, problemView(&f, problem))
	}
	for _, m := range inCallOrder(&f) {
		v.Modules = append(v.Modules, moduleView(&f, m, names))
	}
	return v
}

// inCallOrder lists modules as a caller meets them: entries first, then
// breadth first along the exits; what nothing leads to comes last.
func inCallOrder(f *flow.Flow) []*flow.Module {
	var out []*flow.Module
	seen := map[string]bool{}
	add := func(m *flow.Module) {
		if !seen[m.ID] {
			seen[m.ID] = true
			out = append(out, m)
		}
	}
	for i := range f.Modules {
		if flow.Catalog[f.Modules[i].Kind].Entry {
			add(&f.Modules[i])
		}
	}
	for i := 0; i < len(out); i++ { // grows as it goes
		for _, e := range out[i].Exits() {
			if to, ok := f.Next(out[i], e.ID); ok {
				add(to)
			}
		}
	}
	for i := range f.Modules {
		add(&f.Modules[i])
	}
	return out
}

func moduleView(f *flow.Flow, m *flow.Module, names forms.Names) pages.Module {
	kind := flow.Catalog[m.Kind]
	v := pages.Module{Anchor: anchor(m.ID), Name: shown(m.Name), Kind: m.Kind, Title: kind.Title, Family: kind.Family,
		Note: shown(m.Note), Shelved: m.Shelved, Entry: kind.Entry,
		Form: forms.For(forms.Form{Names: names, ReadOnly: true, Prefix: anchor(m.ID) + "-"}, *m)}
	for _, e := range m.Exits() {
		v.Exits = append(v.Exits, exitView(f, m, e))
	}
	for _, c := range f.Cables {
		if from, ok := f.Module(c.From); ok && c.To == m.ID {
			v.From = append(v.From, pages.Fact{Name: shown(from.Name), Value: exitWords(string(c.Exit)), Link: "#" + anchor(from.ID)})
		}
	}
	return v
}

func exitView(f *flow.Flow, m *flow.Module, e flow.ExitSpec) pages.Exit {
	v := pages.Exit{Label: exitWords(string(e.ID)), Main: e.Main, How: "the call ends"}
	if to, ok := f.Next(m, e.ID); ok {
		v.To, v.Link = shown(to.Name), "#"+anchor(to.ID)
		return v
	}
	switch {
	case e.Fallback != "":
		v.How = "as " + exitWords(string(e.Fallback))
	case e.ID == flow.ExitError:
		v.How = "an apology, then the call ends"
	}
	return v
}

func problemView(f *flow.Flow, p flow.Problem) pages.Problem {
	v := pages.Problem{Tone: "warn", Text: sentence(p.Text), Code: p.ID, Where: "Flow", Link: "#main"}
	if p.Level == flow.Error {
		v.Tone = "bad"
	}
	if m, ok := f.Module(p.Module); ok {
		v.Where, v.Link = shown(m.Name), "#"+anchor(m.ID)
	}
	return v
}
