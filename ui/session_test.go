package ui

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestAWrongPasswordKeepsTheEMailAndSaysSo(t *testing.T) {
	answer, body := ask(samplePanel(t), "POST", "/sign-in", form(credentials("wrong")))
	if answer.StatusCode != http.StatusUnauthorized || len(answer.Cookies()) != 0 {
		t.Errorf("answers %d with %d cookies", answer.StatusCode, len(answer.Cookies()))
	}
	for _, want := range []string{"Owner@Example.org", "E-mail or password is wrong.", `value="/flows"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(body, `value="wrong"`) {
		t.Error("the page repeats the password")
	}
}

func TestTenFailuresLockAnEMailForAQuarterHourWhetherItExistsOrNot(t *testing.T) {
	for _, email := range []string{"owner@example.org", "nobody@example.org"} {
		store, now := sampleStore(), sampleNow
		h := panelAt(t, store, nil, func() time.Time { return now })
		try := func(password string) int {
			values := credentials(password)
			values.Set("email", email)
			answer, _ := ask(h, "POST", "/sign-in", form(values))
			return answer.StatusCode
		}
		for i := range maxFailures {
			if got := try("wrong"); got != http.StatusUnauthorized {
				t.Fatalf("%s: try %d answers %d", email, i+1, got)
			}
			now = now.Add(time.Second)
		}
		if got := try("correct horse battery"); got != http.StatusTooManyRequests {
			t.Errorf("%s: the eleventh try answers %d, want 429", email, got)
		}
		if store.checks != maxFailures {
			t.Errorf("%s: %d passwords were checked, want %d", email, store.checks, maxFailures)
		}
		now = now.Add(lockTime)
		want := map[string]int{"owner@example.org": http.StatusSeeOther, "nobody@example.org": http.StatusUnauthorized}[email]
		if got := try("correct horse battery"); got != want {
			t.Errorf("%s: after the lock a try answers %d, want %d", email, got, want)
		}
	}
}

func TestTheListOfFailedTriesStaysBounded(t *testing.T) {
	list := tries{by: map[string]failedTries{}}
	for i := range 3 * maxTries {
		list.failed(fmt.Sprint(i), sampleNow.Add(time.Duration(i)*time.Millisecond))
	}
	if len(list.by) > maxTries {
		t.Errorf("%d e-mails are remembered, at most %d may be", len(list.by), maxTries)
	}
	for range maxTries + 1 { // all in one instant: nothing is older than anything else
		list.failed(fmt.Sprint(len(list.by)), sampleNow)
	}
	if len(list.by) > maxTries {
		t.Errorf("%d e-mails are remembered, at most %d may be", len(list.by), maxTries)
	}
}

func TestASessionEndsBySigningOutAndByItself(t *testing.T) {
	now := sampleNow
	h := panelAt(t, sampleStore(), nil, func() time.Time { return now })
	me := signedInto(t, h)
	status := func() int { answer, _ := ask(h, "GET", "/calls", me); return answer.StatusCode }
	if got := status(); got != http.StatusOK {
		t.Fatalf("signed in, the history answers %d", got)
	}
	ask(h, "POST", "/sign-out", me)
	if got := status(); got != http.StatusSeeOther {
		t.Errorf("signed out, the history answers %d, want 303", got)
	}
}

func TestCookiesAreKeptFromScriptsAndOtherSites(t *testing.T) {
	for secure, name := range map[bool]string{false: "tandem", true: "__Host-tandem"} {
		h, err := New(Config{Store: sampleStore(), SecureCookies: secure, Now: func() time.Time { return sampleNow }})
		if err != nil {
			t.Fatal(err)
		}
		answer, _ := ask(h, "POST", "/sign-in", form(credentials("correct horse battery")))
		c := answer.Cookies()[0]
		if c.Name != name || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Secure != secure || c.Path != "/" || c.Domain != "" {
			t.Errorf("secure %v: cookie is %s", secure, c)
		}
		if got := answer.Header.Get("Strict-Transport-Security") != ""; got != secure {
			t.Errorf("secure %v: HSTS is sent: %v", secure, got)
		}
	}
}

func TestTheWayBackNeverLeavesThisSite(t *testing.T) {
	for next, want := range map[string]string{
		"/flows/main/3?x=1": "/flows/main/3?x=1", "": "/", "//evil.example": "/", "https://evil.example/": "/",
		`/\evil.example`: "/", "javascript:alert(1)": "/", "/a\r\nSet-Cookie: x": "/", "flows": "/", "/%zz": "/",
	} {
		if got := safeNext(next); got != want {
			t.Errorf("safeNext(%q) = %q, want %q", next, got, want)
		}
	}
}

func TestTheAPITakesPasswordCookieAndToken(t *testing.T) {
	h := samplePanel(t)
	answer, body := ask(h, "POST", "/api/sessions", basic("owner@example.org", "correct horse battery"))
	var session struct{ Token string }
	if err := json.Unmarshal([]byte(body), &session); err != nil || answer.StatusCode != http.StatusCreated || session.Token == "" {
		t.Fatalf("a session: %d %s %v", answer.StatusCode, body, err)
	}
	bearer := func(token string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
	}
	for name, c := range map[string]struct {
		by   func(*http.Request)
		want int
	}{
		"password": {basic("owner@example.org", "correct horse battery"), 200}, "wrong password": {basic("owner@example.org", "x"), 401},
		"cookie": {signedInto(t, h), 200}, "token": {bearer(session.Token), 200}, "wrong token": {bearer("x"), 401}, "long token": {bearer(strings.Repeat("x", 10_000)), 401},
	} {
		if answer, body := ask(h, "GET", "/api/calls", c.by); answer.StatusCode != c.want || !json.Valid([]byte(body)) {
			t.Errorf("%s: %d, want %d; JSON %v", name, answer.StatusCode, c.want, json.Valid([]byte(body)))
		}
	}
	if answer, _ := ask(h, "GET", "/calls", basic("owner@example.org", "correct horse battery")); answer.StatusCode != http.StatusSeeOther {
		t.Errorf("a page takes a password without sign-in: %d", answer.StatusCode)
	}
}
