package ui

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/a-h/templ"

	"tandem/flow/directory"
	"tandem/ui/pages"
)

// accountRoutes are what a person changes of the login that is theirs. No token
// reaches them: a script has no password to change.
func accountRoutes() []route {
	return []route{
		shows("GET /account", ownAccount, (*Panel).account),
		reads("GET /api/account", ownAccount, "Read your own login", func(p *Panel, r *http.Request) (directory.Login, error) { return *loginOf(r), nil }),
		acts("POST /api/account/password", ownAccount, "Change your password", action[passwordChange, none]{
			do: (*Panel).changePassword, form: accountForm[passwordChange], then: (*Panel).stayIn,
			done: func(*http.Request, none) (string, string) {
				return "/account", "Your password is changed. Other sessions have ended."
			}}),
		acts("POST /api/account/totp", ownAccount, "Begin to set up a second factor", action[ownPassword, totpSetup]{
			do: (*Panel).beginTOTP, form: accountForm[ownPassword], show: (*Panel).totpPage}),
		acts("POST /api/account/totp/confirm", ownAccount, "Confirm the second factor by a first code", action[totpConfirm, recoveryCodes]{
			do: (*Panel).confirmTOTP, form: (*Panel).totpAgain, show: (*Panel).codesPage}),
		acts("DELETE /api/account/totp", ownAccount, "Remove your second factor", action[ownPassword, none]{
			do: (*Panel).clearOwnTOTP, form: accountForm[ownPassword],
			done: func(*http.Request, none) (string, string) {
				return "/account", "The second factor is removed."
			}}),
		acts("POST /api/account/recovery-codes", ownAccount, "Make new recovery codes", action[ownPassword, recoveryCodes]{
			do: (*Panel).renewCodes, form: accountForm[ownPassword], show: (*Panel).newCodesPage}),
		reads("GET /api/account/sessions", ownAccount, "List your sessions", (*Panel).sessions),
		acts("DELETE /api/account/sessions/{id}", ownAccount, "End one of your sessions", action[none, none]{
			do: (*Panel).endOwnSession, done: func(*http.Request, none) (string, string) { return "/account", "The session has ended." }}),
	}
}

type passwordChange struct {
	Current  string `json:"current"`
	Password string `json:"password"`
	Repeat   string `json:"repeat,omitempty"` // as a person types it twice
}

type ownPassword struct {
	Password string `json:"password"`
}

// totpSetup is a second factor that does not count yet.
type totpSetup struct {
	Address string `json:"address"` // otpauth://, as an authenticator scans it
	Secret  string `json:"secret"`  // the same to type
}

type totpConfirm struct {
	Code    string `json:"code"`
	Address string `json:"address,omitempty"` // as it was given, to be shown again
}

type recoveryCodes struct {
	Codes []string `json:"codes"` // shown once; each is good for one sign-in
}

// ownSession is one of the caller's sessions.
type ownSession struct {
	ID      string    `json:"id"`
	Created time.Time `json:"created"`
	Expires time.Time `json:"expires"`
	This    bool      `json:"this,omitempty"` // the one that asks
}

func (p *Panel) account(w http.ResponseWriter, r *http.Request) error {
	page, err := p.accountPage(r, nil)
	if err != nil {
		return err
	}
	return p.render(w, r, http.StatusOK, page)
}

func (p *Panel) accountPage(r *http.Request, why *Refusal) (templ.Component, error) {
	who := loginOf(r)
	v := pages.AccountView{Frame: p.frame(r, "Your account", "account"), Email: who.Email, RoleName: roleWords[who.Role], TOTP: who.TOTP}
	v.Path = "/account"
	if why != nil {
		v.Problem, v.Wrong = why.Text, r.URL.Path
		v.Fields = map[string]string{}
		for _, n := range why.Fields {
			v.Fields[n.Field] = n.Text
		}
	}
	all, err := p.cfg.Store.Sessions(r.Context(), who.ID)
	if err != nil {
		return nil, fmt.Errorf("reading the sessions: %w", err)
	}
	for _, s := range all {
		v.Sessions = append(v.Sessions, pages.SessionRow{ID: s.ID, Began: s.Created, Ends: s.Expires, This: s.ID == callerOf(r).session})
	}
	return pages.Account(v), nil
}

// accountForm shows the account page again with why a form on it was refused.
func accountForm[In any](p *Panel, r *http.Request, _ In, why *Refusal) (templ.Component, error) {
	return p.accountPage(r, why)
}

func (p *Panel) changePassword(r *http.Request, in passwordChange) (none, error) {
	who := loginOf(r)
	if in.Repeat != "" && in.Repeat != in.Password {
		return none{}, refuse("repeat", "The two passwords differ.")
	}
	if err := p.proveOwner(r, "current", in.Current); err != nil {
		return none{}, err
	}
	err := p.cfg.Store.SetPassword(r.Context(), who.Email, in.Password)
	if errors.Is(err, directory.ErrInvalid) {
		return none{}, refuse("password", weakPassword)
	}
	if err != nil {
		return none{}, fmt.Errorf("changing the password: %w", err)
	}
	p.audit(r, "change password", "login "+who.Email, nil, nil)
	return none{}, nil
}

// stayIn opens a fresh session after all have ended with the old password.
func (p *Panel) stayIn(w http.ResponseWriter, r *http.Request, _ none) error {
	if callerOf(r).session == "" {
		return nil // a script without a session
	}
	return p.enter(w, r, *loginOf(r))
}

// proveOwner asks for the password again: an open session alone must not be
// able to lock its owner out.
func (p *Panel) proveOwner(r *http.Request, field, password string) error {
	who, err := p.check(r, loginOf(r).Email, password)
	switch {
	case err == nil && who.TOTP: // its session has shown the second factor, for which this try still waits
		return p.cfg.Store.Unlock(r.Context(), who.ID)
	case errors.Is(err, directory.ErrDenied):
		return refuse(field, "This is not your password.")
	case errors.Is(err, directory.ErrLocked):
		return &Refusal{Status: http.StatusTooManyRequests, Text: doorWords(err)}
	}
	return err
}

func (p *Panel) beginTOTP(r *http.Request, in ownPassword) (totpSetup, error) {
	if err := p.proveOwner(r, "password", in.Password); err != nil {
		return totpSetup{}, err
	}
	set, err := p.general(r)
	if err != nil {
		return totpSetup{}, err
	}
	address, err := p.cfg.Store.SetTOTP(r.Context(), loginOf(r).ID, set.Name)
	if err != nil {
		return totpSetup{}, err
	}
	p.audit(r, "begin second factor", "login "+whoOf(r), nil, nil)
	return setupOf(address), nil
}

func setupOf(address string) totpSetup {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "otpauth" {
		return totpSetup{}
	}
	return totpSetup{Address: address, Secret: u.Query().Get("secret")}
}

func (p *Panel) totpPage(r *http.Request, _ ownPassword, out totpSetup) (templ.Component, error) {
	return p.showTOTP(r, out, nil)
}

func (p *Panel) totpAgain(r *http.Request, in totpConfirm, why *Refusal) (templ.Component, error) {
	return p.showTOTP(r, setupOf(in.Address), why)
}

func (p *Panel) showTOTP(r *http.Request, setup totpSetup, why *Refusal) (templ.Component, error) {
	path, size, err := qrPath(setup.Address)
	if err != nil {
		return nil, err
	}
	return pages.TOTP(pages.TOTPView{Frame: p.frame(r, "Second factor", "account"), Address: setup.Address, Secret: setup.Secret,
		QR: path, Size: size, Problem: why.Field("code")}), nil
}

func (p *Panel) confirmTOTP(r *http.Request, in totpConfirm) (recoveryCodes, error) {
	codes, err := p.cfg.Store.ConfirmTOTP(r.Context(), loginOf(r).ID, cut(in.Code, maxCode))
	switch {
	case errors.Is(err, directory.ErrDenied):
		return recoveryCodes{}, refuse("code", "This code is wrong. Check the clock of your phone and type the next one.")
	case err != nil:
		return recoveryCodes{}, err
	}
	p.audit(r, "set up second factor", "login "+whoOf(r), nil, nil)
	return recoveryCodes{codes}, nil
}

func (p *Panel) renewCodes(r *http.Request, in ownPassword) (recoveryCodes, error) {
	if err := p.proveOwner(r, "password", in.Password); err != nil {
		return recoveryCodes{}, err
	}
	codes, err := p.cfg.Store.RecoveryCodes(r.Context(), loginOf(r).ID)
	if err == nil {
		p.audit(r, "renew recovery codes", "login "+whoOf(r), nil, nil)
	}
	return recoveryCodes{codes}, err
}

func (p *Panel) codesPage(r *http.Request, _ totpConfirm, out recoveryCodes) (templ.Component, error) {
	return p.newCodesPage(r, ownPassword{}, out)
}

func (p *Panel) newCodesPage(r *http.Request, _ ownPassword, out recoveryCodes) (templ.Component, error) {
	return pages.RecoveryCodes(pages.CodesView{Frame: p.frame(r, "Recovery codes", "account"), Codes: out.Codes}), nil
}

func (p *Panel) clearOwnTOTP(r *http.Request, in ownPassword) (none, error) {
	if err := p.proveOwner(r, "password", in.Password); err != nil {
		return none{}, err
	}
	if err := p.cfg.Store.ClearTOTP(r.Context(), loginOf(r).ID); err != nil {
		return none{}, err
	}
	p.audit(r, "remove second factor", "login "+whoOf(r), nil, nil)
	return none{}, nil
}

func (p *Panel) sessions(r *http.Request) ([]ownSession, error) {
	all, err := p.cfg.Store.Sessions(r.Context(), loginOf(r).ID)
	out := []ownSession{}
	for _, s := range all {
		out = append(out, ownSession{s.ID, s.Created, s.Expires, s.ID == callerOf(r).session})
	}
	return out, err
}

func (p *Panel) endOwnSession(r *http.Request, _ none) (none, error) {
	if err := p.cfg.Store.EndSessionNamed(r.Context(), loginOf(r).ID, r.PathValue("id")); err != nil {
		return none{}, err
	}
	p.audit(r, "end session", "login "+whoOf(r), nil, nil)
	return none{}, nil
}
