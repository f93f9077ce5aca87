package ui

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"tandem/flow/directory"
	"tandem/ui/pages"
)

// listRoutes are shared lists of callers to block.
func listRoutes() []route {
	return []route{
		shows("GET /lists", seeFlows, (*Panel).lists),
		shows("GET /lists/new", editFlows, (*Panel).list),
		shows("GET /lists/{id}", seeFlows, (*Panel).list),
		reads("GET /api/lists", seeFlows, "List the shared lists", func(p *Panel, r *http.Request) ([]directory.List, error) {
			all, err := p.library().Lists(r.Context())
			return listed(all), err
		}),
		reads("GET /api/lists/{id}", seeFlows, "Read one shared list", (*Panel).listOf),
		acts("POST /api/lists", editFlows, "Add a shared list", action[listInput, directory.List]{
			do: (*Panel).addList, form: (*Panel).listForm, done: toList("Added."), status: http.StatusCreated}),
		acts("PUT /api/lists/{id}", editFlows, "Rename a shared list", action[listInput, directory.List]{
			do: (*Panel).renameList, form: (*Panel).listForm, done: toList("Saved.")}),
		removes("DELETE /api/lists/{id}", editFlows, directory.KindList, "/lists"),
		reads("GET /api/lists/{id}/entries", seeFlows, "Read a page of what is on a shared list", (*Panel).entriesOf).
			asks("q", "a part of the number or note").asks("page", "from 1"),
		acts("POST /api/lists/{id}/entries", editFlows, "Put numbers on a shared list", action[entriesInput, listChanged]{
			do: (*Panel).addEntries, done: listDone, undo: listUndo}).upTo(maxListFile),
		acts("POST /api/lists/{id}/entries/import", editFlows, "Put the numbers of a CSV file on a shared list", action[importInput, listChanged]{
			do: (*Panel).importEntries, done: listDone, undo: listUndo}).upTo(maxListFile),
		acts("DELETE /api/lists/{id}/entries", editFlows, "Take numbers off a shared list", action[offInput, listChanged]{
			do: (*Panel).takeOff, done: listDone, undo: listUndo}).upTo(maxListFile),
		acts("POST /api/calls/{id}/block", editFlows, "Put the caller of a call on a shared list", action[blockInput, listChanged]{
			do: (*Panel).blockCaller, done: func(r *http.Request, out listChanged) (string, string) {
				return cameFrom(r), map[bool]string{true: "The caller is blocked.", false: "The caller was on this list already."}[out.Added > 0]
			}, undo: listUndo}),
	}
}

// listInput is a shared list as it is written.
type listInput struct {
	Name    string `json:"name"`
	ID      string `json:"id"`      // not read: so that what was read can be sent back
	Entries int    `json:"entries"` // likewise
}

func listLink(id string) string { return "/lists/" + url.PathEscape(id) }

func toList(toast string) func(*http.Request, directory.List) (string, string) {
	return func(_ *http.Request, l directory.List) (string, string) { return listLink(l.ID), toast }
}

func (p *Panel) listOf(r *http.Request) (directory.List, error) {
	return p.library().List(r.Context(), r.PathValue("id"))
}

func (p *Panel) addList(r *http.Request, in listInput) (directory.List, error) {
	return p.saveList(r, "add", directory.List{ID: newID(), Name: in.Name}, nil)
}

func (p *Panel) renameList(r *http.Request, in listInput) (directory.List, error) {
	before, err := p.listOf(r)
	if err != nil {
		return before, err
	}
	after := before
	after.Name = in.Name
	return p.saveList(r, "change", after, before)
}

func (p *Panel) saveList(r *http.Request, what string, l directory.List, before any) (directory.List, error) {
	var bad notes
	named(&bad, "name", l.Name, 60)
	others, err := p.library().Lists(r.Context())
	if err != nil {
		return l, err
	}
	for _, o := range others {
		bad.unless(o.ID == l.ID || o.Name != l.Name, "name", "Another list has this name.")
	}
	if err := bad.err(); err != nil {
		return l, err
	}
	if err := p.library().SaveList(r.Context(), l); err != nil {
		return l, err
	}
	p.audit(r, what, "list "+l.ID, before, l)
	return l, nil
}

func (p *Panel) lists(w http.ResponseWriter, r *http.Request) error {
	all, err := p.library().Lists(r.Context())
	if err != nil {
		return err
	}
	uses, err := p.cfg.Store.UsesByFlows(r.Context(), directory.KindList)
	if err != nil {
		return err
	}
	t := table[directory.List]{title: "Lists", area: "lists", file: "lists", search: "Search lists",
		hint:  "Numbers of callers, shared by the blocklists of all flows. A change counts from the next call on.",
		link:  func(l directory.List) string { return listLink(l.ID) },
		empty: pages.Empty{Title: "No lists yet", Text: "Collect the numbers of unwanted callers once, and let every blocklist go by them."},
		columns: []column[directory.List]{
			{key: "name", label: "Name", text: func(l directory.List) string { return l.Name }},
			{key: "entries", label: "Numbers", right: true, text: func(l directory.List) string { return strconv.Itoa(l.Entries) },
				by: func(a, b directory.List) int { return a.Entries - b.Entries }},
			{label: "Used by", text: func(l directory.List) string { return counted(blocklistsOf(uses[l.ID]), "blocklist", "blocklists") }},
		}}
	if allowed(editFlows, loginOf(r)) {
		t.actions = []pages.Link{{Label: "Add a list", Link: "/lists/new", Main: true}}
		t.empty.Actions = t.actions
	}
	return t.show(p, w, r, all)
}

// blocklistsOf counts the modules among the uses of a list: one may use it in
// the draft and in the version that is in force.
func blocklistsOf(uses []directory.Use) int {
	modules := map[[2]string]bool{}
	for _, u := range uses {
		modules[[2]string{u.ID, u.Module}] = true
	}
	return len(modules)
}

func (p *Panel) list(w http.ResponseWriter, r *http.Request) error {
	if r.URL.Query().Get("format") == "csv" && r.PathValue("id") != "" {
		return p.entriesCSV(w, r)
	}
	c, err := p.listForm(r, listInput{}, nil)
	if err != nil {
		return err
	}
	return p.render(w, r, http.StatusOK, c)
}

func (p *Panel) listForm(r *http.Request, _ listInput, why *Refusal) (templ.Component, error) {
	v := pages.FormView{Back: pages.Link{Label: "Lists", Link: "/lists"}, Title: "Add a list", Action: "/api/lists", Submit: "Add the list", Cancel: "/lists",
		Sections: listSections(""), ReadOnly: !allowed(editFlows, loginOf(r))}
	if r.PathValue("id") != "" {
		if err := p.fillList(r, &v); err != nil {
			return nil, err
		}
	}
	return pages.Form(p.sheet(r, v, "lists", why)), nil
}

func listSections(name string) []pages.Section {
	return []pages.Section{{Fields: []pages.Field{{Name: "name", Label: "Name", Value: name, Required: true, Max: "60", Wide: true, Placeholder: "Nuisance callers"}}}}
}

func (p *Panel) fillList(r *http.Request, v *pages.FormView) error {
	l, err := p.listOf(r)
	if err != nil {
		return err
	}
	uses, err := p.people().Uses(r.Context(), directory.KindList, l.ID)
	if err != nil {
		return err
	}
	entries, err := p.entriesView(r, l, v.ReadOnly)
	if err != nil {
		return err
	}
	v.Title, v.Action, v.Verb, v.Submit, v.Sections = shown(l.Name), "/api"+listLink(l.ID), http.MethodPut, "Save", listSections(l.Name)
	v.Side = []templ.Component{usesCard(uses, "No blocklist goes by it yet.")}
	if !v.ReadOnly {
		v.Side = append(v.Side, pages.AddEntries(entries.Action))
	}
	v.Main = []templ.Component{pages.Entries(entries)}
	v.Remove = &pages.Removal{Action: v.Action, What: "Remove this list", Hint: "It stays while a blocklist goes by it."}
	return nil
}
