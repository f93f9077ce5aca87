package ui

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/dialplan"
	"tandem/flow/directory"
	"tandem/ui/pages"
)

// contactForm is what is particular to one kind of contact method. A kind
// appears on the panel by standing in contactForms, and nowhere else.
type contactForm struct {
	kind        directory.ContactKind
	title, text string // what it is called; what it is
	limit       string // what it cannot do yet; empty: nothing
	rung        bool   // has numbers and a ring time
	forwards    bool   // rings somewhere else: asks for a key, whispers, takes so many calls
	address     func(m directory.ContactMethod) string
	sections    func(m directory.ContactMethod) []pages.Section
	read        func(in contactInput, m *directory.ContactMethod, bad *notes)
	side        func(p *Panel, r *http.Request, m directory.ContactMethod) ([]templ.Component, error) // nil: nothing
}

// contactForms are the kinds, in the order in which they are offered.
var contactForms = []contactForm{sipAccountForm, sipForwardingForm, appForm, pstnForwardingForm, emailForm}

// formOf is the form of a kind; the zero form where there is none.
func formOf(kind directory.ContactKind) contactForm {
	for _, f := range contactForms {
		if f.kind == kind {
			return f
		}
	}
	return contactForm{title: string(kind), address: func(directory.ContactMethod) string { return "" }}
}

// contactShared reads the fields that kinds share.
func (f contactForm) shared(in contactInput, m *directory.ContactMethod, bad *notes) {
	m.Name, m.Owner, m.Disabled = in.Name, in.Owner, in.Disabled
	named(bad, "name", in.Name, 60)
	if !f.rung {
		return
	}
	m.InternalNumber, m.DirectNumbers, m.Ring = dialplan.InternalNumber{}, nil, in.Ring
	if in.InternalNumber != "" {
		n, err := dialplan.ParseInternalNumber(in.InternalNumber)
		bad.unless(err == nil, "internal_number", "Write 1 to 4 digits.")
		bad.unless(!slices.Contains(flow.EmergencyNumbers, in.InternalNumber), "internal_number", "This is an emergency number: callers must reach help by it.")
		m.InternalNumber = n
	}
	for i, text := range in.DirectNumbers {
		n, err := dialplan.ParseNumber(text)
		bad.unless(err == nil, "direct_numbers."+strconv.Itoa(i), "This is no number.")
		m.DirectNumbers = append(m.DirectNumbers, n)
	}
	bad.unless(in.Ring == 0 || within(in.Ring, 5, 120), "ring", "5 to 120 seconds.")
	if f.forwards {
		f.answering(in, m, bad)
	}
}

func within(d call.Duration, low, high int) bool {
	return d.Std()%time.Second == 0 && d >= call.Seconds(low) && d <= call.Seconds(high)
}

func seconds(d call.Duration, otherwise int) string {
	if d == 0 {
		return strconv.Itoa(otherwise)
	}
	return strconv.Itoa(int(d.Std() / time.Second))
}

// chooseKind is the page on which a new contact method begins.
func (p *Panel) chooseKind(w http.ResponseWriter, r *http.Request) error {
	v := pages.KindsView{Back: pages.Link{Label: "Contact methods", Link: "/contact-methods"}, Title: "Add a contact method"}
	for _, f := range contactForms {
		v.Kinds = append(v.Kinds, pages.KindChoice{Title: f.title, Text: f.text, Limit: f.limit,
			Link: "/contact-methods/new/" + string(f.kind) + ownerQuery(r)})
	}
	v.Frame = p.frame(r, v.Title, "contact-methods")
	v.Extra = p.extra("people.css")
	return p.render(w, r, http.StatusOK, pages.Kinds(v))
}

// ownerQuery carries on for whom a contact method is made.
func ownerQuery(r *http.Request) string {
	if owner := r.URL.Query().Get("owner"); owner != "" {
		return "?owner=" + url.QueryEscape(owner)
	}
	return ""
}

// contact is the page of one contact method, or of a new one of a kind.
func (p *Panel) contact(w http.ResponseWriter, r *http.Request) error {
	c, err := p.contactForm(r, contactInput{Kind: directory.ContactKind(r.PathValue("kind"))}, nil)
	if err != nil {
		return err
	}
	return p.render(w, r, http.StatusOK, c)
}

func (p *Panel) contactForm(r *http.Request, in contactInput, why *Refusal) (templ.Component, error) {
	m := directory.ContactMethod{Kind: in.Kind, Owner: r.URL.Query().Get("owner")}
	if r.PathValue("id") != "" {
		var err error
		if m, err = p.contactOf(r); err != nil {
			return nil, err
		}
	}
	v, err := p.contactView(r, m, why)
	return pages.Form(v), err
}

// contactView is the page of a contact method; of a new one where it has no id.
func (p *Panel) contactView(r *http.Request, m directory.ContactMethod, why *Refusal) (pages.FormView, error) {
	f := formOf(m.Kind)
	if f.sections == nil {
		return pages.FormView{}, ErrNotFound
	}
	general, err := p.sharedFields(r, f, m)
	if err != nil {
		return pages.FormView{}, err
	}
	sections := f.sections(m)
	if f.forwards {
		answering, err := p.answeringFields(r, m)
		if err != nil {
			return pages.FormView{}, err
		}
		sections = append(sections, answering)
	}
	v := pages.FormView{Back: pages.Link{Label: "Contact methods", Link: "/contact-methods"}, Title: "Add: " + f.title, Hint: f.text,
		Notice: f.limit, Action: "/api/contact-methods", Submit: "Add it", Cancel: "/contact-methods",
		Hidden: []pages.Option{{Label: "kind", Value: string(m.Kind)}}, Sections: append([]pages.Section{general}, sections...),
		ReadOnly: !allowed(editContacts, loginOf(r))}
	if m.ID == "" {
		return p.sheet(r, v, "contact-methods", why), nil
	}
	v.Title, v.Action, v.Verb, v.Submit = shown(m.Name), "/api"+contactLink(m.ID), http.MethodPut, "Save"
	v.State = []pages.Badge{{Tone: "quiet", Text: f.title}}
	if m.Disabled {
		v.State = append(v.State, pages.Badge{Tone: "warn", Text: "off"})
	}
	if f.side != nil {
		if v.Side, err = f.side(p, r, m); err != nil {
			return v, err
		}
	}
	uses, err := p.people().Uses(r.Context(), directory.KindContactMethod, m.ID)
	if err != nil {
		return v, err
	}
	if f.rung {
		take, err := p.heldElsewhere(r, m)
		if err != nil {
			return v, err
		}
		if len(take.Numbers) > 0 {
			v.Side = append(v.Side, pages.Take(take))
		}
	}
	v.Side = append(v.Side, usesCard(uses, "No flow rings it yet. Choose it in a ring group."))
	v.Remove = &pages.Removal{Action: v.Action, What: "Remove this contact method", Hint: "Its numbers are free then. It stays while a flow rings it."}
	return p.sheet(r, v, "contact-methods", why), nil
}

// sharedFields are the fields that kinds share.
func (p *Panel) sharedFields(r *http.Request, f contactForm, m directory.ContactMethod) (pages.Section, error) {
	users, err := p.people().Users(r.Context())
	if err != nil {
		return pages.Section{}, err
	}
	owner := pages.Field{Name: "owner", Label: "Owner", Type: "select", Value: m.Owner, Options: []pages.Option{{Label: "Nobody"}}}
	for _, u := range users {
		owner.Options = append(owner.Options, pages.Option{Value: u.ID, Label: shown(u.Name())})
	}
	out := pages.Section{Title: "General", Fields: []pages.Field{
		{Name: "name", Label: "Name", Value: m.Name, Required: true, Max: "60", Placeholder: "Desk phone, Anna"}, owner}}
	if f.rung {
		direct, err := p.directField(r, m)
		if err != nil {
			return out, err
		}
		out.Fields = append(out.Fields,
			pages.Field{Name: "internal_number", Label: "Internal number", Value: m.InternalNumber.String(), Max: "4", Placeholder: "101", Hint: "1 to 4 digits, once in the whole system."},
			pages.Field{Name: "ring", Label: "Rings for", Type: "number", Value: seconds(m.Ring, 30), Min: "5", Max: "120", Unit: "s", Hint: "By direct and internal calls; a flow has its own times."}, direct)
	}
	out.Fields = append(out.Fields, pages.Field{Name: "disabled", Label: "Switched off: nothing rings it", Type: "check", Checked: m.Disabled})
	return out, nil
}

// directField offers the numbers that nobody else holds; those that somebody
// holds can be moved from the page of the number.
func (p *Panel) directField(r *http.Request, m directory.ContactMethod) (pages.Field, error) {
	numbers, err := p.people().Numbers(r.Context())
	f := pages.Field{Name: "direct_numbers", Label: "Direct numbers", Type: "checks", Placeholder: "No number is free. Add one under Numbers.",
		Hint: "A call to one rings here and nothing else; no flow sees it."}
	held := 0
	for _, n := range numbers {
		mine := m.ID != "" && n.Claimant.ContactMethod == m.ID
		if !mine && !n.Claimant.IsZero() {
			held++
			continue
		}
		label := n.E164.String()
		if n.Label != "" {
			label += " · " + shown(n.Label)
		}
		f.Options = append(f.Options, pages.Option{Value: n.E164.String(), Label: label, Chosen: mine})
	}
	if held > 0 {
		f.Hint += fmt.Sprintf(" %d more are held elsewhere, and can be moved here", held)
		if m.ID == "" {
			f.Hint += " once this contact method is there"
		}
		f.Hint += "."
	}
	return f, err
}
