package ui

import (
	"errors"
	"net/http"
	"net/url"

	"tandem/flow/directory"
	"tandem/ui/pages"
)

// invitePage greets who was invited. An unknown, used or old invitation is
// answered alike.
func (p *Panel) invitePage(w http.ResponseWriter, r *http.Request) error {
	who, err := p.cfg.Store.Invited(r.Context(), cut(r.PathValue("token"), maxToken))
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	return p.showInvite(w, r, who.Email, "")
}

func (p *Panel) showInvite(w http.ResponseWriter, r *http.Request, email, problem string) error {
	status := http.StatusOK
	switch {
	case email == "":
		status = http.StatusNotFound
	case problem != "":
		status = http.StatusUnprocessableEntity
	}
	return p.render(w, r, status, pages.Invite(pages.InviteView{Frame: p.frame(r, "Welcome", ""), Email: email,
		Action: "/invite/" + url.PathEscape(r.PathValue("token")), Problem: problem}))
}

// acceptInvite sets the first password and signs in.
func (p *Panel) acceptInvite(w http.ResponseWriter, r *http.Request) error {
	token, password := cut(r.PathValue("token"), maxToken), r.PostFormValue("password")
	who, err := p.cfg.Store.Invited(r.Context(), token)
	if errors.Is(err, ErrNotFound) {
		return p.showInvite(w, r, "", "")
	}
	if err != nil {
		return err
	}
	if password != r.PostFormValue("repeat") {
		return p.showInvite(w, r, who.Email, "The two passwords differ.")
	}
	invited := who.Email
	who, err = p.cfg.Store.AcceptInvite(r.Context(), token, password)
	switch {
	case errors.Is(err, directory.ErrInvalid):
		return p.showInvite(w, r, invited, weakPassword)
	case errors.Is(err, ErrNotFound):
		return p.showInvite(w, r, "", "")
	case err != nil:
		return err
	}
	p.auditAs(r, who.Email, "accept invitation", "login "+who.Email, nil, nil)
	if err := p.enter(w, r, who); err != nil {
		return err
	}
	return p.leadTo(w, r, "/", "Welcome to Tandem.")
}

// weakPassword says why a new password was refused.
const weakPassword = "Take another password: at least 12 characters, and none that is easily guessed."
