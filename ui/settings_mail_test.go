package ui

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"tandem/flow/directory"
)

// carrier is what sends test mails.
type carrier struct {
	outcome directory.MailTried
	err     error
	to      []string
}

func (c *carrier) TryMail(_ context.Context, to string) (directory.MailTried, error) {
	c.to = append(c.to, to)
	c.outcome.At, c.outcome.To = time.Now().UTC(), to
	return c.outcome, c.err
}

// mailWorld is a world with an owner and something that sends mail.
func mailWorld(t *testing.T) (*client, *carrier) {
	t.Helper()
	c := &carrier{}
	w := newWorld(t, func(cfg *Config) { cfg.Mail = c })
	return w.as(directory.Owner), c
}

var server = directory.SMTP{Host: "mail.example.org", User: "tandem", Password: "very secret word", Sender: "pbx@example.org"}

func TestTheMailPasswordIsNeverShownAgain(t *testing.T) {
	owner, _ := mailWorld(t)
	owner.want(owner.json("PUT", "/api/settings/smtp", server), http.StatusOK)
	var got directory.SMTP
	owner.want(owner.get("/api/settings/smtp"), http.StatusOK).into(t, &got)
	if got.Password != "" || !got.HasPassword || got.Port != 587 || got.TLS != directory.TLSRequired {
		t.Errorf("read back %+v", got)
	}
	for _, path := range []string{"/settings/mail", "/audit", "/api/settings/smtp"} {
		if page := owner.get(path); strings.Contains(page.body, server.Password) {
			t.Errorf("%s shows the password", path)
		}
	}
	if page := owner.get("/audit?q=mail"); !strings.Contains(page.body, "changed") || !strings.Contains(page.body, "outgoing mail") {
		t.Error("the audit log does not tell of the change")
	}
	a := owner.form("/api/settings/smtp", url.Values{"_method": {"PUT"}, "host": {server.Host}, "port": {"587"}, "tls": {"required"}, "user": {server.User}, "sender": {"desk@example.org"}})
	if a.location() != "/settings/mail" {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	account, err := owner.store.MailAccount(t.Context())
	if err != nil || account.Password != server.Password || account.Sender != "desk@example.org" {
		t.Errorf("stored %+v, %v", account, err)
	}
}

func TestMailSettingsThatCannotWorkAreRefusedAtTheirField(t *testing.T) {
	owner, _ := mailWorld(t)
	for field, change := range map[string]func(*directory.SMTP){
		"host": func(s *directory.SMTP) { s.Host = "http://mail" }, "port": func(s *directory.SMTP) { s.Port = 70000 }, "tls": func(s *directory.SMTP) { s.TLS = "never" },
		"sender": func(s *directory.SMTP) { s.Sender = "Tandem" }, "user": func(s *directory.SMTP) { s.User = "" },
	} {
		in := server
		change(&in)
		a := owner.json("PUT", "/api/settings/smtp", in)
		if a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.body, `"field": "`+field+`"`) {
			t.Errorf("%s: %d %s", field, a.StatusCode, a.body)
		}
	}
}

func TestATestMailNamesWhatFailedAndItsTime(t *testing.T) {
	owner, post := mailWorld(t)
	post.err = directory.ErrMailUnset
	if a := owner.json("POST", "/api/settings/smtp/test", mailTest{To: "ann@example.org"}); a.StatusCode != http.StatusConflict {
		t.Errorf("without a server: %d", a.StatusCode)
	}
	owner.want(owner.json("PUT", "/api/settings/smtp", server), http.StatusOK)
	post.err, post.outcome = nil, directory.MailTried{Server: "mail.example.org:587", Failed: directory.MailSignIn, Text: "535 no such user", TookMS: 340}
	var tried directory.MailTried
	owner.want(owner.json("POST", "/api/settings/smtp/test", mailTest{To: "ann@example.org"}), http.StatusOK).into(t, &tried)
	if tried.Failed != directory.MailSignIn || tried.At.IsZero() {
		t.Errorf("tried %+v", tried)
	}
	page := owner.get("/settings/mail")
	for _, want := range []string{"Signing in", "535 no such user", "340ms", "ann@example.org", "<time"} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if a := owner.form("/api/settings/smtp/test", url.Values{"to": {"nobody"}}); a.StatusCode != http.StatusUnprocessableEntity || len(post.to) != 2 {
		t.Errorf("no address: %d, sent to %v", a.StatusCode, post.to)
	}
}

func TestNetworksThatMayBeReachedAreKept(t *testing.T) {
	owner, _ := mailWorld(t)
	values := url.Values{"_method": {"PUT"}, "name": {"Office"}, "zone": {"UTC"}, "over_limit": {"480"}, "dialling": {"e164"}, "longest_call": {"240"}, "history_days": {"400"}}
	values.Set("allowed_targets", "10.1.0.0/16\r\n192.168.1.5")
	if a := owner.form("/api/settings/general", values); a.location() != "/settings" {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	general, err := owner.store.General(t.Context())
	if err != nil || general.AllowedTargets.String() != "10.1.0.0/16\n192.168.1.5" {
		t.Errorf("stored %v, %v", general.AllowedTargets, err)
	}
	if page := owner.get("/settings"); !strings.Contains(page.body, "192.168.1.5") {
		t.Error("the page does not show them")
	}
	values.Set("allowed_targets", "the office")
	if a := owner.form("/api/settings/general", values); a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.body, "is no address or network") {
		t.Errorf("%d, want it refused at its field", a.StatusCode)
	}
}
