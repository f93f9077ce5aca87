package ui

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"tandem/flow"
	"tandem/ui/pages"
)

// editorAssets are what a page with a canvas loads beside the usual.
var editorAssets = []string{"flows.css", "editor.css", "editor.js", "recorder.js", "forms.js"}

// openFlow leads to the editor of a flow that was made.
func openFlow(toast string) func(*http.Request, idAnswer) (string, string) {
	return func(_ *http.Request, out idAnswer) (location, text string) { return flowPage(out.ID), toast }
}

// editor is the page on which a flow is drawn.
func (p *Panel) editor(w http.ResponseWriter, r *http.Request) error {
	d, err := p.drafted(r)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	names, err := p.names(r.Context())
	if err != nil {
		return err
	}
	v := pages.EditorView{Frame: p.frame(r, shown(d.Flow.Name), "flows"), Name: shown(d.Flow.Name), Link: flowPage(id),
		First: r.URL.Query().Has("first"), Canvas: pages.Drawing{Flow: id, Mode: "edit", Tidy: p.assets.byFile["tidy.js"], Handset: p.assets.byFile["handset.js"]}}
	v.Extra, v.Wide = p.extra(editorAssets...), true
	for _, m := range inCallOrder(&d.Flow) {
		v.Modules = append(v.Modules, moduleView(&d.Flow, m, names))
	}
	allowMicrophone(w)
	return p.render(w, r, http.StatusOK, pages.Editor(v))
}

// versionsPage lists the versions of a flow.
func (p *Panel) versionsPage(w http.ResponseWriter, r *http.Request) error {
	versions, err := p.apiVersions(r)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	d, err := p.cfg.Store.Draft(r.Context(), id)
	if err != nil {
		return fmt.Errorf("reading the draft: %w", err)
	}
	who := loginOf(r)
	v := pages.VersionsView{Frame: p.frame(r, "Versions of "+shown(d.Flow.Name), "flows"), Name: shown(d.Flow.Name), Link: flowPage(id), API: "/api/flows/" + url.PathEscape(id),
		MayPublish: allowed(publishFlows, who), InForce: d.Published > 0, Newer: d.Newer, OnSave: d.PublishOnSave}
	v.Extra = p.extra("flows.css")
	for i, x := range versions {
		row := pages.VersionRow{Link: flowLink(id, x.Version), Number: x.Version, Label: fmt.Sprintf("v%d", x.Version), Author: shown(x.Author),
			Note: shown(x.Note), At: x.At, Current: x.Current, Compare: compareLink(id, strconv.Itoa(x.Version), "draft")}
		if i+1 < len(versions) {
			row.Compare = compareLink(id, strconv.Itoa(versions[i+1].Version), strconv.Itoa(x.Version))
		}
		v.Versions = append(v.Versions, row)
	}
	return p.render(w, r, http.StatusOK, pages.Versions(v))
}

func compareLink(id, from, to string) string {
	return flowPage(id) + "/compare?" + url.Values{"from": {from}, "to": {to}}.Encode()
}

// comparePage shows what changed between two versions, drawn and as a list.
func (p *Panel) comparePage(w http.ResponseWriter, r *http.Request) error {
	a, b, err := p.compared(r)
	if err != nil {
		return err
	}
	versions, err := p.apiVersions(r)
	if err != nil {
		return err
	}
	id, from, to := r.PathValue("id"), cmp.Or(r.URL.Query().Get("from"), "draft"), cmp.Or(r.URL.Query().Get("to"), "draft")
	v := pages.CompareView{Frame: p.frame(r, "Compare "+shown(b.Name), "flows"), Name: shown(b.Name), Link: flowPage(id),
		Canvas: pages.Drawing{Flow: id, Mode: "compare", From: from, To: to}}
	v.Extra = p.extra("flows.css", "editor.css", "editor.js")
	for _, side := range []struct {
		into   *[]pages.Option
		chosen string
	}{{&v.From, from}, {&v.To, to}} {
		*side.into = append(*side.into, pages.Option{Value: "draft", Label: "the draft", Chosen: side.chosen == "draft"})
		for _, x := range versions {
			n := strconv.Itoa(x.Version)
			*side.into = append(*side.into, pages.Option{Value: n, Label: "version " + n, Chosen: side.chosen == n})
		}
	}
	names, err := p.names(r.Context())
	if err != nil {
		return err
	}
	compareView(&v, tellChanges(names, a, b), a, b)
	return p.render(w, r, http.StatusOK, pages.Compare(v))
}

// whatTones colours what became of a module.
var whatTones = map[string]pages.Tone{flow.Added: "good", flow.Removed: "bad", flow.Changed: "warn", flow.Moved: "quiet"}

func compareView(v *pages.CompareView, c comparison, a, b flow.Flow) {
	if c.Name != nil {
		v.Changes = append(v.Changes, pages.ModuleChange{Name: "The flow", What: pages.Badge{Tone: "warn", Text: "renamed"},
			Fields: []pages.FieldChange{{Field: "Name", Before: shown(c.Name.Before), After: shown(c.Name.After)}}})
	}
	for _, m := range c.Modules {
		row := pages.ModuleChange{Name: shown(m.Name), Kind: m.Kind, What: pages.Badge{Tone: whatTones[m.What], Text: m.What}}
		for _, f := range m.Told {
			row.Fields = append(row.Fields, pages.FieldChange{Field: f.Name, Before: f.Before, After: f.After})
		}
		v.Changes = append(v.Changes, row)
	}
	nameOf := func(id string) string {
		for _, f := range []flow.Flow{b, a} {
			if m, ok := f.Module(id); ok {
				return shown(m.Name)
			}
		}
		return shown(id)
	}
	for _, x := range c.Cables {
		v.Cables = append(v.Cables, pages.CableChange{From: nameOf(x.From), Exit: exitWords(string(x.Exit)), To: nameOf(x.To),
			What: pages.Badge{Tone: whatTones[x.What], Text: x.What}})
	}
	for _, x := range c.Parts {
		v.Parts = append(v.Parts, pages.PartChange{Kind: x.Kind, Name: shown(x.Name), What: pages.Badge{Tone: whatTones[x.What], Text: x.What}})
	}
}

// missingPage asks what shall stand for what an imported flow names and is not
// here.
func (p *Panel) missingPage(w http.ResponseWriter, r *http.Request) error {
	d, err := p.drafted(r)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	here, err := p.things(r.Context())
	if err != nil {
		return err
	}
	v := pages.MissingView{Frame: p.frame(r, "What is missing", "flows"), Name: shown(d.Flow.Name), Link: flowPage(id), Action: "/api/flows/" + url.PathEscape(id) + "/references"}
	v.Extra = p.extra("flows.css", "recorder.js", "forms.js")
	allowMicrophone(w)
	for _, ref := range here.missing(d.Flow) {
		v.Refs = append(v.Refs, pages.MissingRef{Kind: string(ref.Kind), ID: ref.ID, What: refWords[ref.Kind], Shown: shown(ref.ID),
			Where: modulesNaming(&d.Flow, ref), Options: offered(here[ref.Kind], "")})
	}
	return p.render(w, r, http.StatusOK, pages.Missing(v))
}

// refWords are what settings can name, in words.
var refWords = map[flow.RefKind]string{flow.RefAudio: "Audio", flow.RefContactMethod: "Contact method", flow.RefNumber: "Number", flow.RefInternalNumber: "Internal number",
	flow.RefSchedule: "Schedule", flow.RefList: "Shared list", flow.RefOverrideCode: "Override code"}

// modulesNaming are the names of the modules that name a thing.
func modulesNaming(f *flow.Flow, ref flow.Ref) []string {
	var out []string
	for _, m := range f.Modules {
		if slices.ContainsFunc(m.Settings.Refs(), func(x flow.Ref) bool { return x.Kind == ref.Kind && x.ID == ref.ID }) {
			out = append(out, shown(m.Name))
		}
	}
	return out
}
