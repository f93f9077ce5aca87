package ui

import (
	"cmp"
	"fmt"
	"net/http"
	"net/mail"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"tandem/flow/directory"
	"tandem/ui/pages"
)

// loginRoutes are the rights to enter the panel.
func loginRoutes() []route {
	return []route{
		shows("GET /logins", editPeople, (*Panel).logins),
		shows("GET /logins/new", editPeople, (*Panel).newLogin),
		shows("GET /logins/{id}", editPeople, (*Panel).login),
		reads("GET /api/logins", editPeople, "List logins", func(p *Panel, r *http.Request) ([]directory.Login, error) { return p.cfg.Store.Logins(r.Context()) }),
		reads("GET /api/logins/{id}", editPeople, "Read a login", func(p *Panel, r *http.Request) (directory.Login, error) {
			return p.cfg.Store.LoginByID(r.Context(), r.PathValue("id"))
		}),
		acts("POST /api/logins", editPeople, "Invite somebody", action[loginEdit, invitation]{
			do: (*Panel).inviteLogin, form: (*Panel).loginAgain, show: (*Panel).invitedPage, status: http.StatusCreated}),
		acts("PUT /api/logins/{id}", editPeople, "Change the role and limits of a login", action[loginEdit, directory.Login]{
			do: (*Panel).saveLogin, form: (*Panel).loginAgain,
			done: func(_ *http.Request, l directory.Login) (string, string) { return "/logins", "Saved " + l.Email + "." }}),
		acts("POST /api/logins/{id}/invitation", editPeople, "Invite again, by a new link", action[none, invitation]{
			do: (*Panel).inviteAgain, show: func(p *Panel, r *http.Request, _ none, out invitation) (templ.Component, error) {
				return p.invitedPage(r, loginEdit{}, out)
			}}),
		acts("POST /api/logins/{id}/unlock", editPeople, "Unlock a login", action[none, none]{
			do: (*Panel).unlockLogin, done: func(*http.Request, none) (string, string) { return "/logins", "Unlocked." }}),
		acts("DELETE /api/logins/{id}/totp", editPeople, "Remove the second factor of a login", action[none, none]{
			do: (*Panel).clearTOTP, done: func(*http.Request, none) (string, string) { return "/logins", "The second factor is removed." }}),
		removes("DELETE /api/logins/{id}", editPeople, directory.KindLogin, "/logins", (*Panel).mayRemoveLogin),
	}
}

// loginEdit is what can be set of a login.
type loginEdit struct {
	Email     string         `json:"email,omitempty"` // of a new one; it stays
	Role      directory.Role `json:"role"`
	Flows     []string       `json:"flows,omitempty"` // ids; none: all
	NoPublish bool           `json:"no_publish,omitempty"`
	User      string         `json:"user,omitempty"` // id of the person it belongs to
}

// invitation is shown once.
type invitation struct {
	Email string `json:"email"`
	Link  string `json:"link"` // good once, for 72 hours
}

// roleWords are the roles in words.
var roleWords = map[directory.Role]string{
	directory.Owner: "Owner", directory.Admin: "Admin", directory.FlowEditor: "Flow editor",
	directory.Supervisor: "Supervisor", directory.Agent: "Agent", directory.ReadOnly: "Read only",
}

// grants tells whether who may give, change or take away a role: only an owner
// an owner's.
func grants(who *directory.Login, role directory.Role) bool {
	return role != directory.Owner || who.Role == directory.Owner
}

// spans tells whether who may give or change a limit to flows: one who is
// limited gives nothing beyond.
func spans(who *directory.Login, flows []string) bool {
	return len(who.Flows) == 0 || len(flows) > 0 && !slices.ContainsFunc(flows, func(id string) bool { return !mayFlow(who, id) })
}

var (
	errOwnersOnly = &Refusal{Status: http.StatusForbidden, Text: "Only an owner may change the login of an owner."}
	errBeyond     = &Refusal{Status: http.StatusForbidden, Text: "You are limited to some flows, and this login is not limited to those."}
)

// loginToChange reads the login of {id} and refuses who may not change it.
func (p *Panel) loginToChange(r *http.Request) (directory.Login, error) {
	l, err := p.cfg.Store.LoginByID(r.Context(), r.PathValue("id"))
	switch {
	case err != nil:
	case !grants(loginOf(r), l.Role):
		err = errOwnersOnly
	case !spans(loginOf(r), l.Flows):
		err = errBeyond
	}
	return l, err
}

func (p *Panel) mayRemoveLogin(r *http.Request, id string) error {
	if id == loginOf(r).ID {
		return &Refusal{Status: http.StatusConflict, Text: "This is your own login. Ask another owner or admin to remove it."}
	}
	_, err := p.loginToChange(r)
	return err
}

// checked is the edit as a login, or why it cannot be one.
func (in loginEdit) checked(who *directory.Login) (directory.Login, error) {
	l := directory.Login{Email: strings.ToLower(strings.TrimSpace(in.Email)), Role: in.Role, Flows: in.Flows, NoPublish: in.NoPublish, User: in.User}
	switch {
	case !slices.Contains(directory.Roles, in.Role):
		return l, refuse("role", "Choose a role.")
	case !grants(who, in.Role):
		return l, refuse("role", "Only an owner may make another owner.")
	case in.Role == directory.Owner && len(in.Flows) > 0:
		return l, refuse("flows", "An owner cannot be limited to flows.")
	case !spans(who, in.Flows):
		return l, refuse("flows", "Choose some of the flows that you are limited to.")
	}
	return l, nil
}

func (p *Panel) inviteLogin(r *http.Request, in loginEdit) (invitation, error) {
	l, err := in.checked(loginOf(r))
	if err != nil {
		return invitation{}, err
	}
	if a, err := mail.ParseAddress(l.Email); err != nil || a.Address != l.Email || len(l.Email) > maxEmail {
		return invitation{}, refuse("email", "This is no e-mail address.")
	}
	if was, err := p.cfg.Store.Login(r.Context(), l.Email); err == nil && (!grants(loginOf(r), was.Role) || !spans(loginOf(r), was.Flows)) {
		return invitation{}, errBeyond
	}
	return p.sendInvite(r, l)
}

// sendInvite makes the link. It is handed over by whoever invites: the panel
// sends no mail.
func (p *Panel) sendInvite(r *http.Request, l directory.Login) (invitation, error) {
	token, err := p.cfg.Store.InviteLogin(r.Context(), l)
	if err != nil {
		return invitation{}, err
	}
	p.audit(r, "invite", "login "+l.Email, nil, l)
	return invitation{l.Email, p.origin(r) + "/invite/" + url.PathEscape(token)}, nil
}

// origin is the panel's own address as the caller reached it.
func (p *Panel) origin(r *http.Request) string {
	if p.cfg.SecureCookies {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

func (p *Panel) inviteAgain(r *http.Request, _ none) (invitation, error) {
	l, err := p.loginToChange(r)
	switch {
	case err != nil:
		return invitation{}, err
	case !l.Invited:
		return invitation{}, &Refusal{Status: http.StatusConflict, Text: "This login has come in already."}
	}
	return p.sendInvite(r, l)
}

func (p *Panel) saveLogin(r *http.Request, in loginEdit) (directory.Login, error) {
	was, err := p.loginToChange(r)
	if err != nil {
		return was, err
	}
	l, err := in.checked(loginOf(r))
	if err != nil {
		return was, err
	}
	l.ID, l.Email = was.ID, was.Email
	if err := p.cfg.Store.SaveLogin(r.Context(), l); err != nil {
		return was, err
	}
	p.audit(r, "change", "login "+l.Email, editOf(was), editOf(l))
	return p.cfg.Store.LoginByID(r.Context(), l.ID)
}

func editOf(l directory.Login) loginEdit {
	return loginEdit{l.Email, l.Role, l.Flows, l.NoPublish, l.User}
}

func (p *Panel) unlockLogin(r *http.Request, _ none) (none, error) {
	l, err := p.loginToChange(r)
	if err != nil {
		return none{}, err
	}
	if err := p.cfg.Store.Unlock(r.Context(), l.ID); err != nil {
		return none{}, err
	}
	p.tries.passed(l.Email)
	p.audit(r, "unlock", "login "+l.Email, nil, nil)
	return none{}, nil
}

func (p *Panel) clearTOTP(r *http.Request, _ none) (none, error) {
	l, err := p.loginToChange(r)
	if err != nil {
		return none{}, err
	}
	if err := p.cfg.Store.ClearTOTP(r.Context(), l.ID); err != nil {
		return none{}, err
	}
	p.audit(r, "remove second factor", "login "+l.Email, nil, nil)
	return none{}, nil
}

// loginOrders are the columns that logins are sorted by.
var loginOrders = map[string]order[directory.Login]{
	"email": byText(func(l directory.Login) string { return l.Email }),
	"role": func(a, b directory.Login) int {
		return cmp.Compare(slices.Index(directory.Roles, a.Role), slices.Index(directory.Roles, b.Role))
	},
	"seen": func(a, b directory.Login) int { return a.LastSeen.Compare(b.LastSeen) },
}

func (p *Panel) logins(w http.ResponseWriter, r *http.Request) error {
	all, err := p.cfg.Store.Logins(r.Context())
	if err != nil {
		return fmt.Errorf("reading the logins: %w", err)
	}
	q := parseList(r, "email", "role", "seen")
	if role := directory.Role(q.values.Get("role")); roleWords[role] != "" {
		all = slices.DeleteFunc(all, func(l directory.Login) bool { return l.Role != role })
	}
	all = arrange(q, all, func(l directory.Login) string { return l.Email + " " + roleWords[l.Role] }, loginOrders)
	if q.CSV {
		return csvFile(w, r, "logins", []string{"e-mail", "role", "flows", "may publish", "second factor", "state", "last seen"}, func(yield func([]string) bool) {
			for _, l := range all {
				if !yield([]string{l.Email, string(l.Role), strings.Join(l.Flows, " "), fmt.Sprint(!l.NoPublish), fmt.Sprint(l.TOTP), p.loginState(l).Text, stampText(l.LastSeen)}) {
					return
				}
			}
		})
	}
	v := pages.LoginsView{Frame: p.frame(r, "Logins", "logins"), List: q.view(len(all)), Narrowed: q.narrowed("role"),
		Roles: roleOptions(directory.Role(q.values.Get("role")), "Any role")}
	for _, l := range pageOf(q, all) {
		v.Rows = append(v.Rows, pages.LoginRow{Link: "/logins/" + url.PathEscape(l.ID), Email: l.Email, Role: roleWords[l.Role],
			Scope: scopeWords(l.Flows), TOTP: l.TOTP, State: p.loginState(l), Seen: l.LastSeen, You: l.ID == loginOf(r).ID})
	}
	return p.render(w, r, http.StatusOK, pages.Logins(v))
}

func (p *Panel) loginState(l directory.Login) pages.Badge {
	switch {
	case l.Invited:
		return pages.Badge{Tone: "calm", Text: "Invited"}
	case l.Locked(p.cfg.Now()):
		return pages.Badge{Tone: "bad", Text: "Locked"}
	}
	return pages.Badge{Tone: "good", Text: "Active"}
}

func scopeWords(flows []string) string {
	switch len(flows) {
	case 0:
		return "All flows"
	case 1:
		return "1 flow"
	}
	return fmt.Sprintf("%d flows", len(flows))
}

func roleOptions(chosen directory.Role, none string) []pages.Option {
	var out []pages.Option
	if none != "" {
		out = append(out, pages.Option{Label: none, Chosen: chosen == ""})
	}
	for _, role := range directory.Roles {
		out = append(out, pages.Option{Value: string(role), Label: roleWords[role], Chosen: role == chosen})
	}
	return out
}
