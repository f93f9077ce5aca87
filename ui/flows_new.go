package ui

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"tandem/flow"
	"tandem/flow/dialplan"
	"tandem/flow/directory"
	"tandem/ui/pages"
)

// newFlow asks for a flow: an empty one, or one from a template with answers
// to what the template asks.
type newFlow struct {
	Name     string            `json:"name"`
	Template string            `json:"template,omitempty"`
	Answers  map[string]string `json:"answers,omitempty"` // by the module and field that ask, such as "menu/audio"
	Number   string            `json:"number,omitempty"`  // a new number, by which callers enter
	Phones   map[string]string `json:"phones,omitempty"`  // names of SIP accounts to make, by what asks for them
}

// madeFlow names a new flow, and the accounts made for it: their passwords are
// told once.
type madeFlow struct {
	ID     string      `json:"id"`
	Phones []madePhone `json:"phones,omitempty"`
}

type madePhone struct {
	Name     string `json:"name"`
	Username string `json:"username"`
	Password string `json:"password"`
}

// fieldKey is a template's question as the name of a form's field, whose dots
// would lead into lists.
func fieldKey(a flow.Ask) string { return strings.ReplaceAll(a.Key(), ".", "/") }

func templateByID(id string) (flow.Template, bool) {
	all := flow.Templates()
	i := slices.IndexFunc(all, func(t flow.Template) bool { return t.ID == id })
	if i < 0 {
		return flow.Template{}, false
	}
	return all[i], true
}

// templateCards are the templates as the page offers them.
func templateCards() []pages.TemplateCard {
	var out []pages.TemplateCard
	for _, t := range flow.Templates() {
		f, err := t.Flow(t.Title, nil)
		if err != nil {
			continue // a test holds every template to being made without answers
		}
		out = append(out, pages.TemplateCard{Title: t.Title, Text: t.Text, Link: "/flows/new?template=" + t.ID, Sketch: thumbnail(f)})
	}
	return out
}

// newFlowPage offers the templates, or asks what one of them asks.
func (p *Panel) newFlowPage(w http.ResponseWriter, r *http.Request) error {
	id := r.URL.Query().Get("template")
	if id == "" {
		v := pages.NewFlowView{Frame: p.frame(r, "New flow", "flows"), Start: templateCards()}
		v.Extra = p.extra("flows.css", "recorder.js", "forms.js")
		return p.render(w, r, http.StatusOK, pages.NewFlow(v))
	}
	t, ok := templateByID(id)
	if !ok {
		return ErrNotFound
	}
	return p.askTemplate(w, r, http.StatusOK, t, newFlow{Name: t.Title, Template: t.ID, Answers: suggestions(t)}, nil)
}

// suggestions are what stands for answers until somebody has their own, so that
// a first flow needs no recording.
func suggestions(t flow.Template) map[string]string {
	out := map[string]string{}
	for _, a := range t.Asks {
		out[fieldKey(a)] = a.Suggest
	}
	return out
}

// askTemplate shows a template's questions, with what was answered before.
func (p *Panel) askTemplate(w http.ResponseWriter, r *http.Request, status int, t flow.Template, in newFlow, why *Refusal) error {
	here, err := p.things(r.Context())
	if err != nil {
		return err
	}
	free, err := p.freeNumbers(r)
	if err != nil {
		return err
	}
	f, err := t.Flow(t.Title, nil)
	if err != nil {
		return fmt.Errorf("making the template: %w", err)
	}
	who := loginOf(r)
	v := pages.TemplateView{Frame: p.frame(r, t.Title, "flows"), Template: t.ID, Title: t.Title, Text: t.Text, Sketch: sketch(f),
		Name: pages.Field{Name: "name", Label: "Name of the flow", Value: in.Name, Required: true, Max: "60", Problem: why.Field("name"), Wide: true}}
	v.Extra = p.extra("flows.css", "recorder.js", "forms.js")
	if why != nil {
		v.Problem = why.Text
	}
	for _, a := range t.Asks {
		key := fieldKey(a)
		q := pages.Question{Kind: string(a.Kind), Name: "answers." + key, Label: a.Label, Problem: why.Field("answers." + key)}
		if a.Kind == flow.RefNumber {
			q.Options, q.NewName, q.NewValue = offered(free, in.Answers[key]), "number", in.Number
			q.MayNew, q.Problem = allowed(editPeople, who), cmp.Or(q.Problem, why.Field("number"))
		} else {
			q.Options = offered(here[a.Kind], in.Answers[key])
			q.NewName, q.NewValue = "phones."+key, in.Phones[key]
			q.MayNew = a.Kind == flow.RefContactMethod && allowed(editContacts, who)
		}
		v.Questions = append(v.Questions, q)
	}
	allowMicrophone(w)
	return p.render(w, r, status, pages.Template(v))
}

// freeNumbers are the numbers that nobody holds.
func (p *Panel) freeNumbers(r *http.Request) (map[string]string, error) {
	all, err := p.cfg.Store.Numbers(r.Context())
	if err != nil {
		return nil, fmt.Errorf("reading the numbers: %w", err)
	}
	out := map[string]string{}
	for _, n := range all {
		if n.Claimant.IsZero() && !n.Disabled {
			out[n.E164.String()] = strings.TrimSpace(n.E164.String() + " " + n.Label)
		}
	}
	return out, nil
}

func offered(all map[string]string, chosen string) []pages.Option {
	out := []pages.Option{}
	for _, id := range slices.SortedFunc(maps.Keys(all), func(a, b string) int { return cmp.Or(strings.Compare(all[a], all[b]), strings.Compare(a, b)) }) {
		out = append(out, pages.Option{Value: id, Label: shown(all[id]), Chosen: id == chosen})
	}
	return out
}

// apiNewFlow makes a flow. A person is led into the editor, past the passwords
// of phones that were made on the way.
func (p *Panel) apiNewFlow(w http.ResponseWriter, r *http.Request) error {
	var in newFlow
	if err := readEither(r, &in); err != nil {
		return err
	}
	made, err := p.makeFlow(r, in)
	if why := refusalOf(err); why != nil && fromPage(r) {
		if t, ok := templateByID(in.Template); ok {
			return p.askTemplate(w, r, why.Status, t, in, why)
		}
	}
	switch {
	case err != nil:
		return err
	case !fromPage(r):
		return writeJSON(w, r, http.StatusCreated, made)
	case len(made.Phones) == 0:
		return p.leadTo(w, r, flowPage(made.ID)+"?first", "")
	}
	v := pages.PhonesView{Frame: p.frame(r, "New phones", "flows"), Next: flowPage(made.ID) + "?first"}
	v.Extra = p.extra("flows.css", "people.css", "people.js")
	for _, m := range made.Phones {
		facts, err := p.registration(r, directory.ContactMethod{Username: m.Username})
		if err != nil {
			return err
		}
		v.Phones = append(v.Phones, pages.NewPhone{Name: shown(m.Name), Facts: facts, Password: m.Password})
	}
	return p.render(w, r, http.StatusOK, pages.Phones(v))
}

// makeFlow makes what a new flow needs, then the flow.
func (p *Panel) makeFlow(r *http.Request, in newFlow) (madeFlow, error) {
	in.Name = strings.TrimSpace(in.Name)
	if n := len([]rune(in.Name)); n < 1 || n > flow.MaxName {
		return madeFlow{}, refuse("name", "A name has 1 to 60 characters.")
	}
	t, ok := templateByID(in.Template)
	if in.Template != "" && !ok {
		return madeFlow{}, refuse("template", "There is no such template.")
	}
	answers, phones, err := p.answer(r, t, in)
	if err != nil {
		return madeFlow{}, err
	}
	f := flow.Flow{Name: in.Name}
	if ok {
		if f, err = t.Flow(in.Name, answers); err != nil {
			return madeFlow{}, &Refusal{Status: http.StatusUnprocessableEntity, Text: sentence(err.Error())}
		}
	}
	f.ID = newFlowID(in.Name)
	id, err := p.create(r, f)
	if err == nil {
		p.audit(r, "create", "flow "+id, nil, map[string]any{"name": in.Name, "template": in.Template})
	}
	return madeFlow{id, phones}, err
}

// answer fills in what a template asks, and makes the number and phones that
// are new.
func (p *Panel) answer(r *http.Request, t flow.Template, in newFlow) (map[string]string, []madePhone, error) {
	out := map[string]string{}
	var phones []madePhone
	for _, a := range t.Asks {
		key := fieldKey(a)
		out[a.Key()] = cmp.Or(in.Answers[key], in.Answers[a.Key()])
		switch name := strings.TrimSpace(in.Phones[key]); {
		case a.Kind == flow.RefNumber && strings.TrimSpace(in.Number) != "":
			number, err := p.makeNumber(r, in.Number)
			if err != nil {
				return nil, nil, err
			}
			out[a.Key()] = number
		case a.Kind == flow.RefContactMethod && name != "":
			id, made, err := p.makePhone(r, name)
			if err != nil {
				return nil, nil, err
			}
			out[a.Key()], phones = id, append(phones, made)
		}
	}
	return out, phones, nil
}

func (p *Panel) makeNumber(r *http.Request, text string) (string, error) {
	if !allowed(editPeople, loginOf(r)) {
		return "", errForbidden
	}
	n, err := dialplan.ParseNumber(text)
	if err != nil {
		return "", refuse("number", sentence(err.Error()))
	}
	trunks, err := p.people().Trunks(r.Context())
	if err != nil {
		return "", fmt.Errorf("reading the trunks: %w", err)
	}
	// Whoever is asked for a number and nothing more wants calls to it to come in.
	if err := p.cfg.Store.SaveNumber(r.Context(), directory.Number{E164: n, Trunks: inService(trunks)}); err != nil {
		return "", fmt.Errorf("adding the number: %w", err)
	}
	p.audit(r, "create", "number "+n.String(), nil, nil)
	return n.String(), nil
}

// makePhone makes a SIP account with a password of 130 random bits.
func (p *Panel) makePhone(r *http.Request, name string) (string, madePhone, error) {
	if !allowed(editContacts, loginOf(r)) {
		return "", madePhone{}, errForbidden
	}
	tag := strings.ToLower(rand.Text()[:6])
	m := directory.ContactMethod{ID: "phone-" + tag, Kind: directory.SIPAccount, Name: cut(name, flow.MaxName),
		Username: slug(name) + "-" + tag, Password: rand.Text()}
	if err := p.cfg.Store.SaveContactMethod(r.Context(), m); err != nil {
		return "", madePhone{}, fmt.Errorf("making the phone's account: %w", err)
	}
	p.audit(r, "create", "contact-method "+m.ID, nil, map[string]any{"name": m.Name, "username": m.Username})
	return m.ID, madePhone{m.Name, m.Username, m.Password}, nil
}
