package ui

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/a-h/templ"

	"tandem/flow/directory"
	"tandem/ui/pages"
)

func (p *Panel) newLogin(w http.ResponseWriter, r *http.Request) error {
	page, err := p.loginForm(r, directory.Login{}, loginEdit{Role: directory.ReadOnly}, nil)
	if err != nil {
		return err
	}
	return p.render(w, r, http.StatusOK, page)
}

func (p *Panel) login(w http.ResponseWriter, r *http.Request) error {
	l, err := p.cfg.Store.LoginByID(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	page, err := p.loginForm(r, l, editOf(l), nil)
	if err != nil {
		return err
	}
	return p.render(w, r, http.StatusOK, page)
}

// loginAgain shows a refused form with what was typed.
func (p *Panel) loginAgain(r *http.Request, in loginEdit, why *Refusal) (templ.Component, error) {
	var l directory.Login
	if id := r.PathValue("id"); id != "" {
		var err error
		if l, err = p.cfg.Store.LoginByID(r.Context(), id); err != nil {
			return nil, err
		}
	}
	return p.loginForm(r, l, in, why)
}

func (p *Panel) loginForm(r *http.Request, l directory.Login, in loginEdit, why *Refusal) (templ.Component, error) {
	v := pages.LoginView{Frame: p.frame(r, "Invite somebody", "logins"), New: l.ID == "", Email: l.Email, Action: "/api/logins",
		EmailField: pages.Field{Name: "email", Label: "E-mail", Type: "email", Value: in.Email, Required: true, Max: "254", Problem: why.Field("email")},
		RoleField:  pages.Field{Name: "role", Label: "Role", Type: "select", Problem: why.Field("role"), Options: p.rolesFor(r, in.Role)},
		NoPublish: pages.Field{Name: "no_publish", Label: "May not publish", Type: "check", Checked: in.NoPublish,
			Hint: "A flow editor who drafts and simulates, while somebody else publishes."}}
	if !v.New {
		v.Title, v.Action = l.Email, "/api/logins/"+url.PathEscape(l.ID)
		v.State, v.TOTP, v.Invited, v.Locked = p.loginState(l), l.TOTP, l.Invited, l.Locked(p.cfg.Now())
		v.Mine, v.Fixed = l.ID == loginOf(r).ID, !grants(loginOf(r), l.Role) || !spans(loginOf(r), l.Flows)
	}
	if why != nil && len(why.Fields) == 0 {
		v.Problem = why.Text
	}
	var err error
	if v.FlowsField, err = p.flowsField(r, in.Flows, why); err != nil {
		return nil, err
	}
	return pages.Login(v), nil
}

// rolesFor are the roles that the caller may give.
func (p *Panel) rolesFor(r *http.Request, chosen directory.Role) []pages.Option {
	return slices.DeleteFunc(roleOptions(chosen, ""), func(o pages.Option) bool {
		return !o.Chosen && !grants(loginOf(r), directory.Role(o.Value))
	})
}

// flowsField lets a role be limited to some flows.
func (p *Panel) flowsField(r *http.Request, chosen []string, why *Refusal) (pages.Field, error) {
	f := pages.Field{Name: "flows", Label: "Limited to flows", Type: "checks", Wide: true, Problem: why.Field("flows"),
		Hint: "None ticked: all flows."}
	all, err := p.cfg.Store.Flows(r.Context())
	if err != nil {
		return f, fmt.Errorf("reading the flows: %w", err)
	}
	for _, x := range all {
		if !mayFlow(loginOf(r), x.ID) {
			continue
		}
		f.Options = append(f.Options, pages.Option{Value: x.ID, Label: shown(x.Name), Chosen: slices.Contains(chosen, x.ID)})
	}
	return f, nil
}

func (p *Panel) invitedPage(r *http.Request, _ loginEdit, out invitation) (templ.Component, error) {
	return pages.Invited(pages.InvitedView{Frame: p.frame(r, "Invited", "logins"), Email: out.Email, Link: out.Link}), nil
}

// stampText is an instant in a file, or empty.
func stampText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
