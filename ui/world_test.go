package ui

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"tandem/db"
	"tandem/db/dbtest"
	"tandem/flow/directory"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Main(m)) }

// password is the one of every login of a world.
const password = "seven green bicycles sing"

// world is the panel on a database of its own.
type world struct {
	t     testing.TB
	url   string // of the database
	store *db.Store
	panel http.Handler
}

// newWorld opens a panel on a fresh database. Changes adjust its config.
func newWorld(t testing.TB, changes ...func(*Config)) *world {
	t.Helper()
	w := &world{t: t, store: dbtest.Store(t)}
	w.url = dbtest.Address(t, w.store)
	cfg := Config{Store: w.store, Version: "0.1.0+3e9a41c", Ready: map[string]func(context.Context) error{"database": w.store.Ping}}
	for _, change := range changes {
		change(&cfg)
	}
	var err error
	if w.panel, err = New(cfg); err != nil {
		t.Fatal(err)
	}
	if _, err := w.store.CreateOwner(t.Context(), "owner@example.org", password); err != nil {
		t.Fatal(err)
	}
	return w
}

// client is somebody who asks the panel, with what keeps them signed in.
type client struct {
	*world
	login   directory.Login
	cookies map[string]*http.Cookie
	bearer  string
}

// nobody has not signed in.
func (w *world) nobody() *client { return &client{world: w, cookies: map[string]*http.Cookie{}} }

// as signs somebody in, whose login is made where there is none of that role
// yet. Limits change it.
func (w *world) as(role directory.Role, limits ...func(*directory.Login)) *client {
	w.t.Helper()
	email := string(role) + "@example.org"
	who, err := w.store.Login(w.t.Context(), email)
	if err != nil || len(limits) > 0 {
		who = w.invited(role, limits...)
	}
	return w.signedIn(who)
}

// signedIn opens a session for a login.
func (w *world) signedIn(who directory.Login) *client {
	w.t.Helper()
	c := w.nobody()
	c.login = who
	token, err := w.store.CreateSession(w.t.Context(), who.ID, time.Hour)
	if err != nil {
		w.t.Fatal(err)
	}
	c.cookies["tandem"] = &http.Cookie{Name: "tandem", Value: token}
	return c
}

// invited makes a login that has accepted its invitation.
func (w *world) invited(role directory.Role, limits ...func(*directory.Login)) directory.Login {
	w.t.Helper()
	l := directory.Login{Email: string(role) + "@example.org", Role: role}
	for _, limit := range limits {
		l.Email = strings.Replace(l.Email, "@", "-limited@", 1)
		limit(&l)
	}
	token, err := w.store.InviteLogin(w.t.Context(), l)
	if err != nil {
		w.t.Fatal(err)
	}
	who, err := w.store.AcceptInvite(w.t.Context(), token, password)
	if err != nil {
		w.t.Fatal(err)
	}
	return who
}

// token is a script with a key to the API.
func (w *world) token(t directory.Token) *client {
	w.t.Helper()
	t.By = "owner@example.org"
	secret, err := w.store.CreateToken(w.t.Context(), t)
	if err != nil {
		w.t.Fatal(err)
	}
	c := w.nobody()
	c.bearer = secret
	return c
}

// answer is what the panel said.
type answer struct {
	*http.Response
	body string
}

// location is where it sends a person.
func (a answer) location() string { return a.Header.Get("Location") }

// into reads a JSON body.
func (a answer) into(t testing.TB, v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.body), v); err != nil {
		t.Fatalf("%d %q: %v", a.StatusCode, a.body, err)
	}
}

// first is a viewer who goes once something was streamed.
type first struct {
	*httptest.ResponseRecorder
	gone context.CancelFunc
}

// Flush implements http.Flusher.
func (f first) Flush() { f.ResponseRecorder.Flush(); f.gone() }

// do sends one request and keeps the cookies of the answer.
func (c *client) do(method, path string, body io.Reader, change ...func(*http.Request)) answer {
	c.t.Helper()
	r := httptest.NewRequest(method, path, body).WithContext(c.t.Context())
	for _, cookie := range c.cookies {
		r.AddCookie(cookie)
	}
	if c.bearer != "" {
		r.Header.Set("Authorization", "Bearer "+c.bearer)
	}
	for _, ch := range change {
		ch(r)
	}
	ctx, end := context.WithCancel(r.Context())
	defer end()
	w := first{httptest.NewRecorder(), end}
	c.panel.ServeHTTP(w, r.WithContext(ctx))
	a := answer{w.Result(), w.Body.String()}
	for _, cookie := range a.Cookies() {
		if cookie.MaxAge < 0 {
			delete(c.cookies, cookie.Name)
		} else {
			c.cookies[cookie.Name] = cookie
		}
	}
	return a
}

func (c *client) get(path string) answer { c.t.Helper(); return c.do(http.MethodGet, path, nil) }

// form posts a page's form; _method may name another verb.
func (c *client) form(path string, values url.Values) answer {
	c.t.Helper()
	return c.do(http.MethodPost, path, strings.NewReader(values.Encode()), func(r *http.Request) {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	})
}

// json sends a value as a script does.
func (c *client) json(method, path string, v any, change ...func(*http.Request)) answer {
	c.t.Helper()
	body, err := json.Marshal(v)
	if err != nil {
		c.t.Fatal(err)
	}
	return c.do(method, path, strings.NewReader(string(body)), append(change, func(r *http.Request) {
		r.Header.Set("Content-Type", "application/json")
	})...)
}

// want fails the test when an answer has another status.
func (c *client) want(a answer, status int) answer {
	c.t.Helper()
	if a.StatusCode != status {
		c.t.Fatalf("answers %d %s, want %d", a.StatusCode, a.body, status)
	}
	return a
}
