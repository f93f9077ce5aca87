package outgoing

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"tandem/activities/outgoing/outgoingtest"
	"tandem/flow/directory"
)

var letter = directory.Mail{ID: "20261122-x.2.ann", To: "ann@example.org", Subject: "Anruf von Bjørn\r\nBcc: eve@example.org", Body: "Zeile 1\nZeile 2\n", At: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}

func to(box *outgoingtest.Mailbox) Mail {
	return Mail{Guard: Guard{Allowed: loopback}, Roots: box.Roots()}
}

func TestAMailArrivesAsItWasWritten(t *testing.T) {
	box := outgoingtest.New(t)
	if err := to(box).Send(t.Context(), box.Settings(), letter); err != nil {
		t.Fatal(err)
	}
	got := box.Letters()
	if len(got) != 1 || got[0].To != "ann@example.org" || got[0].From != "pbx@example.org" {
		t.Fatalf("the server took %+v", got)
	}
	h := got[0].Header
	if id := h.Get("Message-ID"); id != "<20261122-x.2.ann@example.org>" {
		t.Errorf("Message-ID %q", id)
	}
	if h.Get("Auto-Submitted") != "auto-generated" || h.Get("Bcc") != "" || !strings.Contains(h.Get("Date"), "22 Nov 2026 12:00:00") {
		t.Errorf("headers %v", h)
	}
	if !strings.Contains(got[0].Body, "Zeile 1") || !strings.Contains(got[0].Body, "Zeile 2") {
		t.Errorf("body %q", got[0].Body)
	}
}

func TestTheAnswerOfAServerTellsWhetherATryIsWorthIt(t *testing.T) {
	for code, final := range map[int]bool{451: false, 421: false, 452: false, 550: true, 552: true, 554: true} {
		box := outgoingtest.New(t, outgoingtest.Answers(outgoingtest.Answer(code, "no")))
		err := to(box).Send(t.Context(), box.Settings(), letter)
		if err == nil || errors.Is(err, directory.ErrMailRefused) != final {
			t.Errorf("%d: %v", code, err)
		}
	}
}

func TestAMailThatWasTakenIsNotSentAgainWhateverFollows(t *testing.T) {
	box := outgoingtest.New(t, outgoingtest.HangsUp)
	if err := to(box).Send(t.Context(), box.Settings(), letter); err != nil || len(box.Letters()) != 1 {
		t.Errorf("%v, %d letters", err, len(box.Letters()))
	}
}

func TestARepeatAfterAnUnknownResultHasTheSameMessageID(t *testing.T) {
	box := outgoingtest.New(t, outgoingtest.Answers(outgoingtest.Answer(0, "")))
	err := to(box).Send(t.Context(), box.Settings(), letter)
	if err == nil || errors.Is(err, directory.ErrMailRefused) {
		t.Fatalf("cut off after the data: %v", err)
	}
	for range 2 {
		if err := to(box).Send(t.Context(), box.Settings(), letter); err != nil {
			t.Fatal(err)
		}
	}
	if got := box.Letters(); got[0].Get("Message-ID") != got[1].Get("Message-ID") {
		t.Errorf("%q and %q", got[0].Get("Message-ID"), got[1].Get("Message-ID"))
	}
}

func TestATestMailNamesThePartThatFailed(t *testing.T) {
	box := outgoingtest.New(t)
	plain := outgoingtest.New(t, outgoingtest.WithoutTLS)
	picky := outgoingtest.New(t, outgoingtest.Answers(outgoingtest.Answer(550, "we know nobody of that name")))
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := closed.Addr().(*net.TCPAddr)
	_ = closed.Close()
	with := func(s directory.SMTP, change func(*directory.SMTP)) directory.SMTP {
		change(&s)
		return s
	}
	for name, c := range map[string]struct {
		mail Mail
		by   directory.SMTP
		want directory.MailPart
		text string
	}{
		"nothing":     {to(box), box.Settings(), "", "took"},
		"name":        {to(box), with(box.Settings(), func(s *directory.SMTP) { s.Host = "no-such-host.invalid" }), directory.MailName, ""},
		"connect":     {to(box), with(box.Settings(), func(s *directory.SMTP) { s.Port = at.Port }), directory.MailConnect, "refused"},
		"forbidden":   {Mail{Guard: Guard{Allowed: nowhere}}, box.Settings(), directory.MailConnect, "private"},
		"no TLS":      {to(plain), plain.Settings(), directory.MailTLS, "no TLS"},
		"certificate": {Mail{Guard: Guard{Allowed: loopback}}, box.Settings(), directory.MailTLS, "certificate"},
		"sign-in":     {to(box), with(box.Settings(), func(s *directory.SMTP) { s.Password = "wrong" }), directory.MailSignIn, "535"},
		"refused":     {to(picky), picky.Settings(), directory.MailRefused, "550"},
	} {
		tried := c.mail.Try(t.Context(), c.by, "ann@example.org")
		if tried.Failed != c.want || !strings.Contains(tried.Text, c.text) || strings.Contains(tried.Text, "affected") || tried.At.IsZero() {
			t.Errorf("%s: %+v", name, tried)
		}
	}
}

func TestAPasswordIsNotSaidInTheClear(t *testing.T) {
	box := outgoingtest.New(t, outgoingtest.WithoutTLS)
	by := box.Settings()
	by.TLS = directory.TLSIfOffered
	if tried := to(box).Try(t.Context(), by, "ann@example.org"); tried.Failed != directory.MailSignIn {
		t.Errorf("%+v", tried)
	}
}

func TestAMailThatIsGivenUpIsNotSent(t *testing.T) {
	box := outgoingtest.New(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := to(box).Send(ctx, box.Settings(), letter); err == nil || len(box.Letters()) > 0 {
		t.Error("it was sent")
	}
}
