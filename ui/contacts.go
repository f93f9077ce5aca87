package ui

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/ui/pages"
)

// contactRoutes are the ways to reach somebody.
func contactRoutes() []route {
	return []route{
		shows("GET /contact-methods", seePeople, (*Panel).contacts),
		shows("GET /contact-methods/new", editContacts, (*Panel).chooseKind),
		shows("GET /contact-methods/new/{kind}", editContacts, (*Panel).contact),
		shows("GET /contact-methods/{id}", seePeople, (*Panel).contact),
		reads("GET /api/contact-methods", seePeople, "List contact methods", (*Panel).contactsSeen),
		reads("GET /api/contact-methods/{id}", seePeople, "Read one contact method", (*Panel).contactOf),
		reads("GET /api/contact-methods/{id}/bindings", seePeople, "List the live bindings of a SIP account", (*Panel).bindingsOf),
		acts("POST /api/contact-methods", editContacts, "Add a contact method", action[contactInput, directory.ContactMethod]{
			do: (*Panel).addContact, form: (*Panel).contactForm, show: contactAdded, status: http.StatusCreated}),
		acts("PUT /api/contact-methods/{id}", editContacts, "Change a contact method", action[contactInput, directory.ContactMethod]{
			do: (*Panel).changeContact, form: (*Panel).contactForm, done: toContact("Saved.")}),
		acts("POST /api/contact-methods/{id}/password", editContacts, "Give a SIP account a new password", action[none, directory.ContactMethod]{
			do: (*Panel).renewPassword, show: passwordShown}),
		removes("DELETE /api/contact-methods/{id}", editContacts, directory.KindContactMethod, "/contact-methods"),
	}
}

// contactInput is a contact method as it is written.
type contactInput struct {
	Kind            directory.ContactKind `json:"kind"` // of a new one
	Name            string                `json:"name"`
	Owner           string                `json:"owner"` // id of a user
	Disabled        bool                  `json:"disabled"`
	InternalNumber  string                `json:"internal_number"`
	DirectNumbers   []string              `json:"direct_numbers"`
	Ring            call.Duration         `json:"ring"`
	Username        string                `json:"username"` // sip-account: made up where empty
	Password        string                `json:"password"` // empty: made up, or the one that is stored stays
	MaxBindings     int                   `json:"max_bindings"`
	BindingLifetime call.Duration         `json:"binding_lifetime"`
	Networks        lines                 `json:"networks"`
	URI             string                `json:"uri"`
	Number          string                `json:"number"`
	Confirm         bool                  `json:"confirm"`
	Whisper         string                `json:"whisper"` // id of an audio file
	CallWaiting     bool                  `json:"call_waiting"`
	CallsAtOnce     int                   `json:"calls_at_once"` // 0: no limit, or the usual one of a new one
}

func contactLink(id string) string { return "/contact-methods/" + url.PathEscape(id) }

func toContact(toast string) func(*http.Request, directory.ContactMethod) (string, string) {
	return func(_ *http.Request, m directory.ContactMethod) (string, string) { return contactLink(m.ID), toast }
}

// contactsSeen are the contact methods that a login may see.
func (p *Panel) contactsSeen(r *http.Request) ([]directory.ContactMethod, error) {
	all, err := p.people().ContactMethods(r.Context())
	who := loginOf(r)
	if err != nil || len(who.Flows) == 0 {
		return all, err
	}
	var out []directory.ContactMethod
	for _, m := range all {
		seen, err := p.inScope(r.Context(), who, directory.KindContactMethod, m.ID)
		if err != nil {
			return nil, err
		}
		if seen {
			out = append(out, m)
		}
	}
	return out, nil
}

func (p *Panel) contactOf(r *http.Request) (directory.ContactMethod, error) {
	m, err := p.people().ContactMethod(r.Context(), r.PathValue("id"))
	if err != nil {
		return m, err
	}
	seen, err := p.inScope(r.Context(), loginOf(r), directory.KindContactMethod, m.ID)
	if err == nil && !seen {
		err = ErrNotFound
	}
	return m, err
}

// inScope tells whether a flow that a login is limited to uses a thing.
func (p *Panel) inScope(ctx context.Context, who *directory.Login, kind directory.Kind, id string) (bool, error) {
	if len(who.Flows) == 0 {
		return true, nil
	}
	uses, err := p.people().Uses(ctx, kind, id)
	for _, u := range uses {
		if u.Kind == directory.KindFlow && mayFlow(who, u.ID) {
			return true, nil
		}
	}
	return false, err
}

func (p *Panel) bindingsOf(r *http.Request) ([]directory.Binding, error) {
	m, err := p.contactOf(r)
	if err != nil {
		return nil, err
	}
	return p.people().Bindings(r.Context(), m.ID)
}

func (p *Panel) contacts(w http.ResponseWriter, r *http.Request) error {
	all, err := p.contactsSeen(r)
	if err != nil {
		return err
	}
	owners, err := p.userNames(r.Context())
	if err != nil {
		return err
	}
	registered, err := p.cfg.Store.Registered(r.Context())
	if err != nil {
		return fmt.Errorf("reading bindings: %w", err)
	}
	kinds := pages.Field{Name: "kind", Label: "All kinds"}
	for _, f := range contactForms {
		kinds.Options = append(kinds.Options, pages.Option{Value: string(f.kind), Label: f.title})
	}
	t := table[directory.ContactMethod]{title: "Contact methods", area: "contact-methods", file: "contact-methods",
		hint:   "Phones and addresses at which somebody can be reached.",
		search: "Search names, numbers, owners", filters: []pages.Field{kinds, reachField()},
		keep: func(q listQuery, m directory.ContactMethod) bool {
			reach := q.values.Get("reach")
			return (q.values.Get("kind") == "" || q.values.Get("kind") == string(m.Kind)) && (reach == "" || reach == reachOf(m, registered).Text)
		},
		link: func(m directory.ContactMethod) string { return contactLink(m.ID) }, off: func(m directory.ContactMethod) bool { return m.Disabled },
		empty: pages.Empty{Title: "No contact methods yet", Text: "Add a SIP account first: register a phone with it, and flows can ring it."},
		columns: []column[directory.ContactMethod]{
			{key: "name", label: "Name", text: func(m directory.ContactMethod) string { return m.Name }},
			{key: "kind", label: "Kind", text: func(m directory.ContactMethod) string { return formOf(m.Kind).title }},
			{key: "state", label: "State", text: func(m directory.ContactMethod) string { return reachOf(m, registered).Text }, cell: func(m directory.ContactMethod) pages.Cell {
				if b := reachOf(m, registered); b.Text != "" {
					return pages.Cell{Badges: []pages.Badge{b}}
				}
				return pages.Cell{}
			}},
			{key: "internal", label: "Internal", text: func(m directory.ContactMethod) string { return m.InternalNumber.String() }},
			{label: "Direct numbers", text: directNumbers},
			{key: "owner", label: "Owner", text: func(m directory.ContactMethod) string { return owners[m.Owner] }, cell: func(m directory.ContactMethod) pages.Cell { return ownerCell(m.Owner, owners) }},
			{label: "Reached at", text: func(m directory.ContactMethod) string { return formOf(m.Kind).address(m) }},
		}}
	if allowed(editContacts, loginOf(r)) {
		t.actions = []pages.Link{{Label: "Add a contact method", Link: "/contact-methods/new", Main: true}}
		t.empty.Actions = []pages.Link{{Label: "Add a SIP account", Link: "/contact-methods/new/sip-account", Main: true}, {Label: "Another kind", Link: "/contact-methods/new"}}
	}
	return t.show(p, w, r, all)
}

// reaches are how a contact method can stand; those that need no phone here say
// nothing.
var reaches = []pages.Badge{{Tone: "good", Text: "registered"}, {Tone: "quiet", Text: "not registered"}, {Tone: "warn", Text: "off"}}

func reachOf(m directory.ContactMethod, registered map[string]bool) pages.Badge {
	switch {
	case m.Disabled:
		return reaches[2]
	case registered[m.ID]:
		return reaches[0]
	case m.Kind == directory.SIPAccount:
		return reaches[1]
	}
	return pages.Badge{}
}

func reachField() pages.Field {
	f := pages.Field{Name: "reach", Label: "Any state"}
	for _, b := range reaches {
		f.Options = append(f.Options, pages.Option{Value: b.Text, Label: sentenceless(b.Text)})
	}
	return f
}

func ownerCell(id string, names map[string]string) pages.Cell {
	if id == "" {
		return pages.Cell{}
	}
	return pages.Cell{Text: names[id], Link: "/users/" + url.PathEscape(id)}
}

func directNumbers(m directory.ContactMethod) string {
	out := ""
	for i, n := range m.DirectNumbers {
		if i > 0 {
			out += ", "
		}
		out += n.String()
	}
	return out
}

// userNames are the names of users by id.
func (p *Panel) userNames(ctx context.Context) (map[string]string, error) {
	all, err := p.people().Users(ctx)
	out := map[string]string{}
	for _, u := range all {
		out[u.ID] = shown(u.Name())
	}
	return out, err
}
