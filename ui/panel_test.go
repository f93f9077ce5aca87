package ui

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"tandem/flow/call"
	"tandem/flow/directory"
)

func newPanel(t *testing.T, store Store, live Live) http.Handler {
	t.Helper()
	return panelAt(t, store, live, func() time.Time { return sampleNow })
}

func panelAt(t *testing.T, store Store, live Live, now func() time.Time) http.Handler {
	t.Helper()
	h, err := New(Config{Store: store, Live: live, TemporalUI: "http://127.0.0.1:8233", Version: "0.1.0+3e9a41c", Now: now,
		Ready: map[string]func(context.Context) error{
			"temporal": func(context.Context) error { return nil },
			"database": func(ctx context.Context) error { _, err := store.Roles(ctx); return err },
		}})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func samplePanel(t *testing.T) http.Handler {
	t.Helper()
	return newPanel(t, sampleStore(), &fakeLive{calls: []call.LedgerEntry{sampleRunning()}})
}

// ask sends one request and gives the answer with its body as text.
func ask(h http.Handler, method, path string, change ...func(*http.Request)) (*http.Response, string) {
	r := httptest.NewRequest(method, path, nil)
	for _, c := range change {
		c(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	body, _ := io.ReadAll(w.Result().Body) // a recorder's body cannot fail
	return w.Result(), string(body)
}

func form(values url.Values) func(*http.Request) {
	return func(r *http.Request) {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Body = io.NopCloser(strings.NewReader(values.Encode()))
	}
}

func basic(email, password string) func(*http.Request) {
	return func(r *http.Request) { r.SetBasicAuth(email, password) }
}

func with(cookies []*http.Cookie) func(*http.Request) {
	return func(r *http.Request) {
		for _, c := range cookies {
			r.AddCookie(c)
		}
	}
}

func credentials(password string) url.Values {
	return url.Values{"email": {" Owner@Example.org "}, "password": {password}, "next": {"/flows"}}
}

// signedInto signs the owner in and gives what keeps them signed in.
func signedInto(t *testing.T, h http.Handler) func(*http.Request) {
	t.Helper()
	answer, _ := ask(h, "POST", "/sign-in", form(credentials("correct horse battery")))
	if answer.StatusCode != http.StatusSeeOther {
		t.Fatalf("signing in answers %d", answer.StatusCode)
	}
	return with(answer.Cookies())
}

// concrete replaces the wildcards of a route's pattern.
func concrete(pattern string) (method, path string) {
	method, path, found := strings.Cut(pattern, " ")
	if !found {
		method, path = "GET", pattern
	}
	return method, strings.NewReplacer("{$}", "", "{id}", "main", "{version}", "3", "{file}", "app.css", "{token}", "none").Replace(path)
}

func TestEveryRouteDeclaresARightAndRefusesAnUnsignedRequest(t *testing.T) {
	h := samplePanel(t)
	for _, rt := range routes() {
		if rt.right == undeclared {
			t.Errorf("%s declares no right", rt.pattern)
		}
		if rt.right == anyone {
			continue
		}
		method, path := concrete(rt.pattern)
		answer, body := ask(h, method, path)
		switch {
		case rt.area == api && (answer.StatusCode != http.StatusUnauthorized || !strings.Contains(body, `"error"`)):
			t.Errorf("%s answers %d %q, want 401 and JSON", rt.pattern, answer.StatusCode, body)
		case rt.area == page && (answer.StatusCode != http.StatusSeeOther || !strings.HasPrefix(answer.Header.Get("Location"), "/sign-in")):
			t.Errorf("%s answers %d to %q, want 303 to the sign-in page", rt.pattern, answer.StatusCode, answer.Header.Get("Location"))
		}
	}
	if allowed(undeclared, &directory.Login{Role: "owner"}) {
		t.Error("an undeclared right lets somebody in")
	}
}

func TestOnlyTheseRoutesAreOpenToAnyone(t *testing.T) {
	open := map[string]bool{"GET /healthz": true, "GET /static/{file}": true, "GET /sign-in": true, "POST /sign-in": true, "POST /theme": true,
		"GET /sign-in/code": true, "POST /sign-in/code": true, "GET /invite/{token}": true, "POST /invite/{token}": true}
	for _, rt := range routes() {
		if (rt.right == anyone) != open[rt.pattern] {
			t.Errorf("%s: open to anyone is %v", rt.pattern, rt.right == anyone)
		}
	}
}

func TestAnUnsignedPollIsSentToTheSignInPageByHeader(t *testing.T) {
	answer, _ := ask(samplePanel(t), "GET", "/calls?q=anna", func(r *http.Request) { r.Header.Set("HX-Request", "true") })
	if got, want := answer.Header.Get("HX-Redirect"), "/sign-in?next=%2Fcalls%3Fq%3Danna"; answer.StatusCode != 401 || got != want {
		t.Errorf("answers %d, HX-Redirect %q, want 401 and %q", answer.StatusCode, got, want)
	}
}

func TestAWriteFromAnotherSiteIsRefused(t *testing.T) {
	h := samplePanel(t)
	answer, _ := ask(h, "POST", "/sign-out", signedInto(t, h), func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") })
	if answer.StatusCode != http.StatusForbidden {
		t.Errorf("answers %d, want 403", answer.StatusCode)
	}
}

// paths are all pages, as they are asked for.
func paths() []string {
	return []string{"/sign-in", "/calls", "/calls?outcome=missed&q=zorg", "/calls/" + string(sampleTalked().Call), "/calls/" + string(sampleRunning().Call),
		"/flows", "/flows/main/3", "/system", "/nothing"}
}

var inline = regexp.MustCompile(`(?i)<style|\sstyle=|\son[a-z]+=|javascript:|<script(?:\s+defer)?>`)

func TestEveryPageIsStrictSmallAndWhole(t *testing.T) {
	h := samplePanel(t)
	me := signedInto(t, h)
	for _, path := range paths() {
		answer, body := ask(h, "GET", path, me)
		if !strings.HasSuffix(body, "</html>") || !strings.Contains(body, `<main id="main"`) || !strings.Contains(body, "<h1") {
			t.Errorf("%s is not a whole page", path)
		}
		if found := inline.FindString(body); found != "" {
			t.Errorf("%s holds %q, which the policy forbids", path, found)
		}
		for name, want := range headers {
			if got := answer.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
		packed, small := ask(h, "GET", path, me, func(r *http.Request) { r.Header.Set("Accept-Encoding", "br, gzip") })
		if packed.Header.Get("Content-Encoding") != "gzip" || len(small) > 60_000 {
			t.Errorf("%s: %q, %d bytes, want gzip and at most 60 kB", path, packed.Header.Get("Content-Encoding"), len(small))
		}
	}
	if strings.Contains(policy, "unsafe") || !strings.Contains(policy, "default-src 'none'") {
		t.Errorf("the policy is not strict: %s", policy)
	}
}

func TestTheThemeIsKeptAndRenderedByTheServer(t *testing.T) {
	h := samplePanel(t)
	answer, _ := ask(h, "POST", "/theme", form(url.Values{"theme": {"dark"}, "next": {"/sign-in"}}))
	if answer.Header.Get("Location") != "/sign-in" {
		t.Errorf("goes to %q", answer.Header.Get("Location"))
	}
	if _, body := ask(h, "GET", "/sign-in", with(answer.Cookies())); !strings.Contains(body, `<html lang="en" data-theme="dark">`) {
		t.Error("the page is not dark")
	}
	answer, _ = ask(h, "POST", "/theme", form(url.Values{"theme": {`"><script>`}}))
	if _, body := ask(h, "GET", "/sign-in", with(answer.Cookies())); !strings.Contains(body, `data-theme=""`) {
		t.Error("a theme that does not exist is not left out")
	}
}

func TestStaticFilesMayBeKeptForEver(t *testing.T) {
	h := samplePanel(t)
	_, body := ask(h, "GET", "/sign-in")
	links := regexp.MustCompile(`"(/static/[^"]+)"`).FindAllStringSubmatch(body, -1)
	if len(links) != 4 {
		t.Fatalf("%d static files on the page, want 4", len(links))
	}
	for _, l := range links {
		plain, text := ask(h, "GET", l[1])
		if plain.StatusCode != 200 || !strings.Contains(plain.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d, %q", l[1], plain.StatusCode, plain.Header.Get("Cache-Control"))
		}
		for takes, want := range map[string]string{"gzip": "gzip", "gzip, deflate, br, zstd": "br", "gzip, br;q=0": "gzip", "": ""} {
			packed, small := ask(h, "GET", l[1], func(r *http.Request) { r.Header.Set("Accept-Encoding", takes) })
			if packed.Header.Get("Content-Encoding") != want || (len(small) >= len(text)) != (want == "") {
				t.Errorf("%s, to who reads %q: %d of %d bytes as %q", l[1], takes, len(small), len(text), packed.Header.Get("Content-Encoding"))
			}
		}
	}
	if gone, _ := ask(h, "GET", "/static/app.000000000000.css"); gone.StatusCode != 404 {
		t.Errorf("an old address answers %d, want 404", gone.StatusCode)
	}
}

func TestAFaultOfTheStoreIsAPageWithoutDetails(t *testing.T) {
	store := sampleStore()
	h := newPanel(t, store, nil)
	me := signedInto(t, h)
	store.broken = errAway
	for _, path := range []string{"/calls", "/flows", "/api/calls"} {
		answer, body := ask(h, "GET", path, me)
		if answer.StatusCode != 500 || strings.Contains(body, errAway.Error()) {
			t.Errorf("%s answers %d, tells the error: %v", path, answer.StatusCode, strings.Contains(body, errAway.Error()))
		}
	}
}

// panicking is a store that fails in the worst way.
type panicking struct{ *fakeStore }

func (panicking) FlowList(context.Context) ([]directory.FlowLine, error) { panic("boom") }

func TestAPanicIsAnErrorPage(t *testing.T) {
	h := newPanel(t, panicking{sampleStore()}, nil)
	answer, body := ask(h, "GET", "/flows", signedInto(t, h))
	if answer.StatusCode != 500 || !strings.Contains(body, "Something went wrong") {
		t.Errorf("answers %d", answer.StatusCode)
	}
}

func TestABadConfigIsRefused(t *testing.T) {
	for name, cfg := range map[string]Config{"no store": {}, "no address": {Store: newFakeStore(), TemporalUI: "127.0.0.1:8233"}, "script": {Store: newFakeStore(), TemporalUI: "javascript:alert(1)"}} {
		if _, err := New(cfg); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
