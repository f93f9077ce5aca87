package ui

import (
	"fmt"
	"net/http"
	"reflect"
	"strings"

	"tandem/flow/directory"
	"tandem/ui/pages"
)

// leaving says what becomes of each contact method of a user who is removed:
// "keep" without an owner, "remove", or "give:" and the id of another user.
type leaving struct {
	ContactMethods map[string]string `json:"contact_methods"`
}

// leaves is the route that removes a user. Nothing is done unless every contact
// method has its answer and all answers are possible.
func leaves(pattern string, need right) route {
	serve := func(p *Panel, w http.ResponseWriter, r *http.Request) error {
		var in leaving
		err := error(nil)
		if why := decode(r, formPosted(r), &in); why != nil {
			err = why
		}
		undo := ""
		if err == nil {
			undo, err = p.leave(r, in)
		}
		switch {
		case err != nil:
			return p.refuseRemoval(w, r, err)
		case fromPage(r):
			return p.leadWith(w, r, "/users", pages.Toast{Text: "Removed the user.", Undo: undo})
		}
		return writeJSON(w, r, http.StatusOK, removed{undo})
	}
	return route{pattern: pattern, right: need, area: api, serve: serve,
		doc: doc{summary: "Remove a user", in: reflect.TypeFor[leaving](), out: reflect.TypeFor[removed]()}}
}

func (p *Panel) leave(r *http.Request, in leaving) (undo string, err error) {
	u, err := p.userOf(r)
	if err != nil {
		return "", err
	}
	methods, err := p.ownedBy(r, u.ID)
	if err != nil {
		return "", err
	}
	if err := p.possible(r, u, methods, in); err != nil {
		return "", err
	}
	for _, m := range methods {
		if err := p.part(r, m, in.ContactMethods[m.ID]); err != nil {
			return "", err
		}
	}
	if undo, err = p.cfg.Store.Remove(r.Context(), directory.KindUser, u.ID, whoOf(r)); err == nil {
		p.audit(r, "remove", "user "+u.ID, u, nil)
	}
	return undo, err
}

// possible looks at all answers before any is carried out.
func (p *Panel) possible(r *http.Request, u directory.User, methods []directory.ContactMethod, in leaving) error {
	var bad notes
	for _, m := range methods {
		field, choice := "contact_methods."+m.ID, in.ContactMethods[m.ID]
		to, gives := strings.CutPrefix(choice, "give:")
		switch {
		case choice == "keep":
		case choice == "remove":
			uses, err := p.people().Uses(r.Context(), directory.KindContactMethod, m.ID)
			if err != nil {
				return err
			}
			if len(uses) > 0 {
				return &directory.InUseError{Kind: directory.KindContactMethod, ID: m.Name, Uses: uses}
			}
		case gives && to != u.ID:
			if _, err := p.people().User(r.Context(), to); err != nil {
				bad.add(field, "Choose a user that exists.")
			}
		default:
			bad.add(field, fmt.Sprintf("Say what becomes of %s: keep, remove, or give:USER.", shown(m.Name)))
		}
	}
	return bad.err()
}

// part carries out one answer.
func (p *Panel) part(r *http.Request, m directory.ContactMethod, choice string) error {
	if choice == "remove" {
		_, err := p.cfg.Store.Remove(r.Context(), directory.KindContactMethod, m.ID, whoOf(r))
		if err == nil {
			p.audit(r, "remove", "contact method "+m.ID, m, nil)
		}
		return err
	}
	before := m
	m.Owner = strings.TrimPrefix(strings.TrimPrefix(choice, "keep"), "give:")
	return p.saveContact(r, "change", m, before)
}

// leavePage asks what becomes of each contact method.
func (p *Panel) leavePage(w http.ResponseWriter, r *http.Request) error {
	u, err := p.userOf(r)
	if err != nil {
		return err
	}
	methods, err := p.ownedBy(r, u.ID)
	if err != nil {
		return err
	}
	others, err := p.people().Users(r.Context())
	if err != nil {
		return err
	}
	v := pages.FormView{Back: pages.Link{Label: shown(u.Name()), Link: userLink(u.ID)}, Title: "Remove " + shown(u.Name()), Action: "/api" + userLink(u.ID),
		Verb: http.MethodDelete, Submit: "Remove the user", Cancel: userLink(u.ID),
		Notice: "Undo brings the user back; what you decide here about contact methods stays.", Sections: []pages.Section{{}}}
	if len(methods) == 0 {
		v.Notice = "No contact method belongs to this user."
	}
	for _, m := range methods {
		f := pages.Field{Name: "contact_methods." + m.ID, Label: shown(m.Name) + " (" + formOf(m.Kind).title + ")", Type: "select", Wide: true,
			Options: []pages.Option{{Value: "keep", Label: "Keep it without an owner"}, {Value: "remove", Label: "Remove it"}}}
		for _, o := range others {
			if o.ID != u.ID {
				f.Options = append(f.Options, pages.Option{Value: "give:" + o.ID, Label: "Give it to " + shown(o.Name())})
			}
		}
		v.Sections[0].Fields = append(v.Sections[0].Fields, f)
	}
	return p.render(w, r, http.StatusOK, pages.Form(p.sheet(r, v, "users", nil)))
}
