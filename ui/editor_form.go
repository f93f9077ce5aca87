package ui

import (
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strings"

	"github.com/a-h/templ"

	"tandem/flow"
	"tandem/ui/forms"
)

// formBody asks for the settings form of one module.
type formBody struct {
	Module flow.Module     `json:"module"`
	Exits  []flow.ExitSpec `json:"exits,omitempty"` // as the canvas shows them; the form has no need of them
}

// settingsBody is what was typed into a form, as settings. What could not be
// read keeps its text in the problems.
type settingsBody struct {
	Settings flow.Settings   `json:"settings"`
	Exits    []flow.ExitSpec `json:"exits"`
	Subtitle string          `json:"subtitle"`
	Problems []flow.Problem  `json:"problems"`
	Unread   bool            `json:"unread,omitempty"` // something could not be read: the settings lack it, and are not what was typed
}

// maxSettings is room for the longest: the 10,000 numbers of a blocklist.
const maxSettings = 1 << 20

// editorFormRoutes serve the inspector.
func editorFormRoutes() []route {
	return []route{
		{pattern: "POST /api/flows/{id}/form", right: seeFlows, area: api, serve: (*Panel).apiForm, body: maxSettings, doc: docOf[formBody, none]("Render the settings form of a module")},
		{pattern: "POST /api/flows/{id}/settings", right: editFlows, area: api, serve: (*Panel).apiSettings, body: maxSettings, doc: docOf[none, settingsBody]("Read the settings form of a module")},
	}
}

// docOf is the description of a route that is served by hand.
func docOf[In, Out any](summary string) doc {
	return doc{summary: summary, in: reflect.TypeFor[In](), out: reflect.TypeFor[Out]()}
}

// made says that a route answers 201.
func (d doc) made() doc { d.status = http.StatusCreated; return d }

// apiForm renders the form of a module as the canvas holds it: what it is set
// to may not be saved yet.
func (p *Panel) apiForm(w http.ResponseWriter, r *http.Request) error {
	if _, err := scopedFlow(r); err != nil {
		return err
	}
	var in formBody
	if err := readBody(r, &in); err != nil {
		return err
	}
	names, err := p.names(r.Context())
	if err != nil {
		return err
	}
	held, err := p.holding(r, r.PathValue("id"), in.Module)
	if err != nil {
		return err
	}
	return p.render(w, r, http.StatusOK, templ.Join(forms.For(forms.Form{Names: names, ReadOnly: !allowed(editFlows, loginOf(r)), Prefix: "in-"}, in.Module), held))
}

// apiSettings turns what was typed into settings and says what is wrong with
// them, each problem at its field.
func (p *Panel) apiSettings(w http.ResponseWriter, r *http.Request) error {
	id, err := scopedFlow(r)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return &Refusal{Status: http.StatusBadRequest, Text: "The form could not be read."}
	}
	kind, known := flow.Catalog[r.PostForm.Get("kind")]
	if !known {
		return refuse("kind", "there is no such kind of module")
	}
	m := flow.Module{ID: "module", Kind: r.PostForm.Get("kind"), Name: "module", Settings: kind.New()}
	notes := forms.Decode(settingValues(r.PostForm, m.Settings), m.Settings)
	problems, err := p.checkModule(r, id, m)
	if err != nil {
		return err
	}
	names, err := p.names(r.Context())
	if err != nil {
		return err
	}
	return writeJSON(w, r, http.StatusOK, settingsBody{Settings: m.Settings, Exits: listed(m.Exits()),
		Subtitle: shown(forms.Subtitle(names, m)), Problems: withNotes(notes, problems), Unread: len(notes) > 0})
}

// settingValues keeps the fields that are settings of the kind: the inspector
// has fields of its own, such as the module's name.
func settingValues(all url.Values, s flow.Settings) url.Values {
	known := map[string]bool{}
	for _, name := range jsonNames(s) {
		known[name] = true
	}
	out := url.Values{}
	for name, values := range all {
		if first, _, _ := strings.Cut(name, "."); known[first] {
			out[name] = values
		}
	}
	return out
}

// jsonNames are the names of a struct's fields in JSON.
func jsonNames(s any) []string {
	var out []string
	typ := reflect.TypeOf(s).Elem()
	for i := range typ.NumField() {
		name, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
		out = append(out, name)
	}
	return out
}

// checkModule finds what is wrong with one module by itself: whether anything
// leads to it is a question of the whole flow.
func (p *Panel) checkModule(r *http.Request, id string, m flow.Module) ([]flow.Problem, error) {
	all, err := p.cfg.Store.Check(r.Context(), flow.Flow{ID: id, Name: "flow", Modules: []flow.Module{m}})
	if err != nil {
		return nil, fmt.Errorf("checking the module: %w", err)
	}
	fields := map[string]bool{}
	for _, name := range jsonNames(m.Settings) {
		fields[name] = true
	}
	out := []flow.Problem{}
	for _, problem := range all {
		if first, _, _ := strings.Cut(problem.Field, "."); problem.Module == m.ID && fields[first] {
			problem.Module = ""
			out = append(out, problem)
		}
	}
	return out, nil
}

// withNotes puts what could not be read in front, in place of what is missing
// because of that.
func withNotes(notes []forms.FieldNote, problems []flow.Problem) []flow.Problem {
	out := []flow.Problem{}
	noted := map[string]bool{}
	for _, n := range notes {
		noted[n.Field] = true
		out = append(out, flow.Problem{ID: "setting-range", Level: flow.Error, Field: n.Field, Text: n.Text})
	}
	for _, problem := range problems {
		if !noted[problem.Field] {
			out = append(out, problem)
		}
	}
	return out
}
