package ui

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/a-h/templ"

	"tandem/flow/directory"
	"tandem/ui/pages"
)

// accessRoutes are what is asked of everybody who enters.
func accessRoutes() []route {
	return []route{
		shows("GET /settings/access", editPeople, (*Panel).accessPage),
		reads("GET /api/settings/access", editPeople, "Read what is asked of everybody who signs in", (*Panel).access),
		acts("PUT /api/settings/access", editAccess, "Change what is asked of everybody who signs in", action[directory.Access, directory.Access]{
			do: (*Panel).saveAccess, form: (*Panel).accessForm,
			done: func(*http.Request, directory.Access) (string, string) { return "/settings/access", "Saved." }}),
	}
}

// errSecondFactor is answered to who has none where everybody must.
var errSecondFactor = errors.New("a second factor is required")

// lacksFactor tells whether somebody has to set up a second factor before
// anything but that.
func lacksFactor(c *caller, rt route) bool {
	if c == nil || !c.strict || c.login.TOTP {
		return false
	}
	return rt.right != anyone && rt.right != ownAccount && rt.pattern != "POST /sign-out"
}

func (p *Panel) access(r *http.Request) (a directory.Access, err error) {
	if err := p.cfg.Store.Setting(r.Context(), directory.AccessKey, &a); err != nil && !errors.Is(err, ErrNotFound) {
		return a, fmt.Errorf("reading what is asked of logins: %w", err)
	}
	return a, nil
}

func (p *Panel) saveAccess(r *http.Request, in directory.Access) (directory.Access, error) {
	who := loginOf(r)
	if in.SecondFactor && !isToken(who) && !who.TOTP {
		return in, refuse("second_factor", "Set up your own second factor first: you would lock yourself out.")
	}
	was, err := p.access(r)
	if err != nil {
		return in, err
	}
	if err := p.cfg.Store.SaveSetting(r.Context(), directory.AccessKey, in); err != nil {
		return in, err
	}
	p.audit(r, "change settings", "access", was, in)
	return in, nil
}

func (p *Panel) accessPage(w http.ResponseWriter, r *http.Request) error {
	a, err := p.access(r)
	if err != nil {
		return err
	}
	page, err := p.accessForm(r, a, nil)
	if err != nil {
		return err
	}
	return p.render(w, r, http.StatusOK, page)
}

func (p *Panel) accessForm(r *http.Request, a directory.Access, why *Refusal) (templ.Component, error) {
	all, err := p.cfg.Store.Logins(r.Context())
	if err != nil {
		return nil, fmt.Errorf("reading the logins: %w", err)
	}
	without := pages.Card{Title: "Logins without a second factor", Nothing: "None: everybody has one."}
	for _, l := range all {
		if !l.TOTP && !l.Invited {
			without.Uses = append(without.Uses, pages.Use{What: roleWords[l.Role], Name: shown(l.Email), Link: kindLinks[directory.KindLogin] + l.ID})
		}
	}
	v := pages.FormView{Back: pages.Link{Label: "Settings", Link: "/settings"}, Tabs: settingTabs("access"), Title: "Signing in",
		Action: "/api/settings/access", Verb: http.MethodPut, Submit: "Save", ReadOnly: !allowed(editAccess, loginOf(r)),
		Sections: []pages.Section{{Title: "Signing in", Hint: "What is asked of everybody who enters the panel.", Fields: []pages.Field{{Name: "second_factor", Label: "A second factor is required", Type: "check", Checked: a.SecondFactor, Wide: true,
			Hint: "Who has none can then only set one up. E-mail and password alone no longer open the API; tokens go on."}}}},
		Side: []templ.Component{pages.Box(without)}}
	return pages.Form(p.sheet(r, v, "settings", why)), nil
}
