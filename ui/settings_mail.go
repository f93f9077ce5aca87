package ui

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"tandem/flow/directory"
	"tandem/ui/pages"
)

// MailStore is how mail leaves.
type MailStore interface {
	// SMTP reads the settings without the password.
	SMTP(ctx context.Context) (directory.SMTP, error)
	// SaveSMTP keeps the stored password where none is given, as long as server
	// and user stay.
	SaveSMTP(ctx context.Context, m directory.SMTP) error
	MailTried(ctx context.Context) (directory.MailTried, error)
	SaveMailTried(ctx context.Context, t directory.MailTried) error
}

// Mail sends test mails by the settings that are stored.
type Mail interface {
	// TryMail fails with directory.ErrMailUnset where nothing is set up.
	TryMail(ctx context.Context, to string) (directory.MailTried, error)
}

// mailRoutes are the settings of outgoing mail.
func mailRoutes() []route {
	return []route{
		shows("GET /settings/mail", editPeople, (*Panel).mailSettings),
		reads("GET /api/settings/smtp", editPeople, "Read the settings of outgoing mail, without the password", (*Panel).smtp),
		acts("PUT /api/settings/smtp", editPeople, "Change the settings of outgoing mail", action[directory.SMTP, directory.SMTP]{
			do: (*Panel).saveSMTP, form: (*Panel).mailForm,
			done: func(*http.Request, directory.SMTP) (string, string) { return "/settings/mail", "Saved." }}),
		acts("POST /api/settings/smtp/test", editPeople, "Send a test mail", action[mailTest, directory.MailTried]{
			do: (*Panel).testMail, form: (*Panel).mailTestForm, done: mailTested}),
	}
}

func (p *Panel) smtp(r *http.Request) (directory.SMTP, error) { return p.cfg.Store.SMTP(r.Context()) }

var hostName = regexp.MustCompile(`^[A-Za-z0-9_](?:[A-Za-z0-9_.:-]{0,251}[A-Za-z0-9_])?$`)

func (p *Panel) saveSMTP(r *http.Request, in directory.SMTP) (directory.SMTP, error) {
	in.Host, in.User, in.Sender = strings.TrimSpace(in.Host), strings.TrimSpace(in.User), strings.TrimSpace(in.Sender)
	var bad notes
	bad.unless(in.Host == "" || hostName.MatchString(in.Host), "host", "Give a name such as mail.example.org, or nothing to send no mail.")
	bad.unless(in.Port >= 0 && in.Port <= 65535, "port", "1 to 65535.")
	bad.unless(in.TLS == "" || in.TLS == directory.TLSRequired || in.TLS == directory.TLSIfOffered, "tls", "Choose one of both.")
	bad.unless(in.Host == "" || emailAddress(in.Sender), "sender", "Give the address that mails come from, such as tandem@example.org.")
	bad.unless(in.Password == "" || in.User != "", "user", "A password needs a user.")
	optional(&bad, "user", in.User, 200)
	optional(&bad, "password", in.Password, 200)
	if err := bad.err(); err != nil {
		return in, err
	}
	was, err := p.smtp(r)
	if err != nil {
		return in, err
	}
	if err := p.cfg.Store.SaveSMTP(r.Context(), in); err != nil {
		return in, err
	}
	p.audit(r, "change settings", "outgoing mail", was, in)
	return p.smtp(r)
}

// mailTest is who gets a test mail.
type mailTest struct {
	To string `json:"to"`
}

// mailTestTime is how long somebody who pressed the button waits at most.
const mailTestTime = 45 * time.Second

func (p *Panel) testMail(r *http.Request, in mailTest) (directory.MailTried, error) {
	if !emailAddress(in.To) {
		return directory.MailTried{}, refuse("to", "Give an address such as anna@example.org.")
	}
	if p.cfg.Mail == nil {
		return directory.MailTried{}, &Refusal{Status: http.StatusConflict, Text: "This panel cannot send mail."}
	}
	ctx, cancel := context.WithTimeout(r.Context(), mailTestTime)
	defer cancel()
	tried, err := p.cfg.Mail.TryMail(ctx, in.To)
	switch {
	case errors.Is(err, directory.ErrMailUnset):
		return tried, &Refusal{Status: http.StatusConflict, Text: "Set up and save a server first."}
	case err != nil:
		return tried, fmt.Errorf("sending a test mail: %w", err)
	}
	p.audit(r, "send test mail", "outgoing mail", nil, tried)
	return tried, p.cfg.Store.SaveMailTried(context.WithoutCancel(r.Context()), tried)
}

func mailTested(_ *http.Request, t directory.MailTried) (location, toast string) {
	if t.Failed != "" {
		return "/settings/mail", "The test mail failed."
	}
	return "/settings/mail", "The server took the test mail."
}

// mailParts names the parts of sending that can fail, for people.
var mailParts = map[directory.MailPart]string{
	directory.MailName: "The name of the server", directory.MailConnect: "The connection", directory.MailTLS: "TLS",
	directory.MailSignIn: "Signing in", directory.MailRefused: "The server refused the mail",
}

func (p *Panel) mailSettings(w http.ResponseWriter, r *http.Request) error {
	m, err := p.smtp(r)
	if err != nil {
		return err
	}
	page, err := p.mailForm(r, m, nil)
	if err != nil {
		return err
	}
	return p.render(w, r, http.StatusOK, page)
}

func (p *Panel) mailTestForm(r *http.Request, in mailTest, why *Refusal) (templ.Component, error) {
	m, err := p.smtp(r)
	if err != nil {
		return nil, err
	}
	return p.mailPage(r, m, nil, in.To, why)
}

func (p *Panel) mailForm(r *http.Request, m directory.SMTP, why *Refusal) (templ.Component, error) {
	return p.mailPage(r, m, why, whoOf(r), nil)
}

// mailPage shows the settings, and beside them the test and its last outcome.
func (p *Panel) mailPage(r *http.Request, m directory.SMTP, why *Refusal, to string, untested *Refusal) (templ.Component, error) {
	stored, err := p.smtp(r) // what is typed has no say in whether there is a password
	if err != nil {
		return nil, err
	}
	tried, err := p.cfg.Store.MailTried(r.Context())
	if err != nil {
		return nil, err
	}
	f := func(name, label, kind, value, hint string) pages.Field {
		return pages.Field{Name: name, Label: label, Type: kind, Value: value, Hint: hint, Problem: why.Field(name)}
	}
	port := f("port", "Port", "number", strconv.Itoa(m.Port), "587, or 465 for TLS at once.")
	port.Min, port.Max = "1", "65535"
	security := f("tls", "TLS", "select", m.TLS, "A password is never sent without TLS.")
	security.Options = []pages.Option{{Value: directory.TLSRequired, Label: "Required"}, {Value: directory.TLSIfOffered, Label: "Where the server offers it"}}
	password := f("password", "Password", "password", "", "Kept sealed, and not shown again.")
	if stored.HasPassword {
		password.Placeholder, password.Hint = "unchanged", "One is set. It stays while server and user do, unless you write another one."
	}
	sender := f("sender", "Sender", "email", m.Sender, "The address that mails come from.")
	sender.Placeholder = "tandem@example.org"
	v := pages.MailView{Frame: p.frame(r, "Outgoing mail", "settings"), Tabs: settingTabs("mail"), Set: stored.Host != "",
		Fields: []pages.Field{f("host", "Server", "text", m.Host, "Of outgoing mail (SMTP), such as mail.example.org. Empty: no mail leaves."), port, security,
			f("user", "User", "text", m.User, "Empty: without signing in."), password,
			sender},
		To: pages.Field{Name: "to", Label: "Send a test mail to", Type: "email", Value: to, Required: true, Problem: untested.Field("to")}}
	if why != nil {
		v.Problem = why.Text
	}
	if untested != nil {
		v.TestProblem = untested.Text
	}
	if !tried.At.IsZero() {
		v.Tried = &pages.MailTried{At: tried.At, To: tried.To, Server: tried.Server, Took: time.Duration(tried.TookMS) * time.Millisecond, Failed: mailParts[tried.Failed], Text: tried.Text}
	}
	return pages.OutgoingMail(v), nil
}
