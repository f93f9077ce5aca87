package ui

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"tandem/db/dbtest"
	"tandem/flow/directory"
	"tandem/ui/sound"
)

// wires is a network on which nothing is kept on the way: who does not read
// blocks who writes.
type wires chan net.Conn

func (p wires) Accept() (net.Conn, error) {
	if c, ok := <-p; ok {
		return c, nil
	}
	return nil, net.ErrClosed
}
func (p wires) Close() error   { return nil }
func (p wires) Addr() net.Addr { return &net.TCPAddr{} }

func TestASlowClientLosesItsConnection(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.patience = 200 * time.Millisecond })
	for name, request := range map[string]string{
		"a body that never comes":     "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nemail=",
		"a body that nobody reads":    "GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n",
		"an answer that nobody takes": "GET " + mustLoad(t).byFile["editor.js"] + " HTTP/1.1\r\nHost: x\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			closed := make(chan struct{})
			server := &http.Server{Handler: w.panel, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug), ConnState: func(_ net.Conn, s http.ConnState) {
				if s == http.StateClosed {
					close(closed)
				}
			}}
			wire := make(wires, 1)
			var serving sync.WaitGroup
			serving.Go(func() { _ = server.Serve(wire) })
			t.Cleanup(func() { close(wire); _ = server.Close(); serving.Wait() })
			near, far := net.Pipe()
			t.Cleanup(func() { _ = near.Close() })
			wire <- far
			if _, err := io.WriteString(near, request); err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(name, "an answer") { // what is answered to the others is taken
				go func() { _, _ = io.Copy(io.Discard, near) }()
			}
			select {
			case <-closed:
			case <-time.After(10 * time.Second):
				t.Error("the connection still stands")
			}
		})
	}
}

func mustLoad(t *testing.T) *assets {
	t.Helper()
	a, err := loadAssets()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// uploadOf is a multipart form with one file.
func uploadOf(t *testing.T, name string, content []byte) (body *bytes.Buffer, kind string) {
	t.Helper()
	body = &bytes.Buffer{}
	form := multipart.NewWriter(body)
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	part.Write(content) // a bytes.Buffer takes everything
	form.Close()
	return body, form.FormDataContentType()
}

func TestNothingOfAnUploadStaysOnTheDisk(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	owner := newWorld(t).as(directory.Owner)
	for path, size := range map[string]int{"/api/audio": sound.MaxBytes + 20<<10, "/api/users/import": 500 << 10, "/api/flows/import": 500 << 10} {
		body, kind := uploadOf(t, "a.wav", make([]byte, size))
		a := owner.do("POST", path, body, func(r *http.Request) { r.Header.Set("Content-Type", kind) })
		if a.StatusCode < 400 || a.StatusCode >= 500 {
			t.Errorf("%s answers %d", path, a.StatusCode)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("%d files stay: %v %v", len(left), left, err)
	}
}

func TestAFileOfAnyNameIsKeptUnderAnIDOfOurs(t *testing.T) {
	owner := newWorld(t).as(directory.Owner)
	body, kind := uploadOf(t, "../../etc/passwd\r\nX-Evil: 1.wav", silence(8000))
	var up uploaded
	owner.want(owner.do("POST", "/api/audio", body, func(r *http.Request) { r.Header.Set("Content-Type", kind) }), http.StatusCreated).into(t, &up)
	if strings.ContainsAny(up.ID+up.Name, "/\\\r\n") {
		t.Errorf("it is kept as %+v", up)
	}
	for _, path := range []string{"/static/..%2f..%2fgo.mod", "/static/%2e%2e/app.css", "/static/app.css", "/static/editor.LICENSE", "/api/audio/..%2f..%2fetc%2fpasswd/sound", "/api/audio/%00/sound"} {
		if a := owner.get(path); a.StatusCode != http.StatusNotFound {
			t.Errorf("%s answers %d", path, a.StatusCode)
		}
	}
}

// silence is a WAV file.
func silence(samples int) []byte {
	b := []byte("RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00data")
	n := uint32(2 * samples)
	b = append(b, byte(n), byte(n>>8), byte(n>>16), byte(n>>24))
	return append(b, make([]byte, n)...)
}

func TestARefusalOfTheAPIHasItsShapeHoweverEarlyItComes(t *testing.T) {
	h := newPanel(t, panicking{sampleStore()}, nil)
	me := signedInto(t, h)
	answer, body := ask(h, "POST", "/api/undo/x", me, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") })
	if answer.StatusCode != http.StatusForbidden || !strings.Contains(body, `"error"`) {
		t.Errorf("a write from another site is answered %d %.80q", answer.StatusCode, body)
	}
	answer, body = ask(h, "GET", "/api/flows", me)
	if answer.StatusCode != http.StatusInternalServerError || !strings.Contains(body, `"error"`) {
		t.Errorf("a panic is answered %d %.80q", answer.StatusCode, body)
	}
}

// A stream ends with the session that opened it, and with the rights of its login.
func TestAStreamEndsWithTheRightToIt(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.recheck = 10 * time.Millisecond })
	owner := w.as(directory.Owner)
	takeAway := map[string]func(c *client){
		"signing out": func(c *client) { c.want(c.form("/sign-out", nil), http.StatusSeeOther) },
		"another role": func(c *client) {
			owner.want(owner.json("PUT", "/api/logins/"+c.login.ID, loginEdit{Role: directory.Agent}), http.StatusOK)
		},
		"removing the login": func(c *client) { owner.want(owner.json("DELETE", "/api/logins/"+c.login.ID, nil), http.StatusOK) },
	}
	for name, away := range takeAway {
		c := w.as(directory.Supervisor, func(l *directory.Login) { l.Email = strings.ReplaceAll(name, " ", ".") + "@example.org" })
		ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
		begun, ended := make(chan struct{}), make(chan struct{})
		stream := &client{world: w, cookies: map[string]*http.Cookie{"tandem": c.cookies["tandem"]}}
		go func() {
			defer close(ended)
			stream.watch(ctx, "/api/live/stream", begun)
		}()
		<-begun
		away(c)
		<-ended
		if ctx.Err() != nil {
			t.Errorf("%s leaves the stream running", name)
		}
		stop()
	}
}

// watch follows a stream until it ends.
func (c *client) watch(ctx context.Context, path string, begun chan<- struct{}) {
	r, _ := http.NewRequestWithContext(ctx, http.MethodGet, path, nil) // the path is ours
	for _, cookie := range c.cookies {
		r.AddCookie(cookie)
	}
	c.panel.ServeHTTP(&following{header: http.Header{}, begun: sync.OnceFunc(func() { close(begun) })}, r)
}

// following is a viewer of a stream.
type following struct {
	header http.Header
	begun  func()
}

func (f *following) Header() http.Header         { return f.header }
func (f *following) WriteHeader(int)             {}
func (f *following) Write(b []byte) (int, error) { f.begun(); return len(b), nil }
func (f *following) Flush()                      {}

func TestProvingThePasswordLocksNobodyOut(t *testing.T) {
	w := newWorld(t)
	owner := w.as(directory.Owner)
	var setup totpSetup
	owner.want(owner.json("POST", "/api/account/totp", ownPassword{password}), http.StatusOK).into(t, &setup)
	owner.want(owner.json("POST", "/api/account/totp/confirm", totpConfirm{Code: code(t, setup.Address)}), http.StatusOK)
	for i := range 2 * maxFailures {
		if a := owner.json("POST", "/api/account/recovery-codes", ownPassword{password}); a.StatusCode != http.StatusOK {
			t.Fatalf("the right password answers %d the %dth time: %s", a.StatusCode, i+1, a.body)
		}
	}
}

func TestNoSecretIsKeptReadableOrLogged(t *testing.T) {
	var log bytes.Buffer
	w := newWorld(t, func(c *Config) {
		c.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	owner := w.as(directory.Owner)
	const secret = "Q7-never-to-be-seen"
	var made newToken
	owner.want(owner.json("POST", "/api/tokens", tokenEdit{Name: "t", Role: directory.Agent}, keyed("a")), http.StatusCreated).into(t, &made)
	owner.want(owner.json("POST", "/api/contact-methods", contactInput{Kind: directory.SIPAccount, Name: "Desk", Username: "desk", Password: secret}, keyed("b")), http.StatusCreated)
	owner.want(owner.json("POST", "/api/trunks", trunkInput{Name: "Carrier", Networks: lines{"203.0.113.7"}, Username: "us", Password: secret}, keyed("c")), http.StatusCreated)
	owner.want(owner.json("PUT", "/api/settings/smtp", directory.SMTP{Host: "mail.example.org", Sender: "a@example.org", User: "u", Password: secret}, keyed("d")), http.StatusOK)
	owner.want(owner.json("POST", "/api/account/password", passwordChange{Current: password, Password: secret}, keyed("e")), http.StatusNoContent)
	owner = w.as(directory.Owner)
	var invited invitation
	owner.want(owner.json("POST", "/api/logins", loginEdit{Email: "n@example.org", Role: directory.Agent}, keyed("f")), http.StatusCreated).into(t, &invited)
	w.nobody().form("/sign-in", url.Values{"email": {"owner@example.org"}, "password": {secret + "?"}})
	token := invited.Link[strings.LastIndex(invited.Link, "/")+1:]
	rows := dbtest.Dump(t, w.url)
	for what, secret := range map[string]string{"a token": made.Secret, "a password": secret, "an invitation": token, "a session": owner.cookies["tandem"].Value} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log holds %s", what)
		}
		for table, text := range rows {
			if strings.Contains(text, secret) || strings.Contains(text, fmt.Sprintf("%x", secret)) {
				t.Errorf("table %s holds %s", table, what)
			}
		}
	}
	if again := w.as(directory.Owner).json("POST", "/api/tokens", tokenEdit{Name: "t", Role: directory.Agent}, keyed("a")); !strings.Contains(again.body, made.Secret) {
		t.Errorf("the answer that was kept is %d %s", again.StatusCode, again.body)
	}
}

func TestAnUploadUnderAKeyIsDoneOnceHoweverItIsParted(t *testing.T) {
	w := newWorld(t)
	owner := w.as(directory.Owner)
	send := func(content []byte) answer {
		body, kind := uploadOf(t, "a.wav", content)
		return owner.do("POST", "/api/audio", body, keyed("up"), func(r *http.Request) { r.Header.Set("Content-Type", kind) })
	}
	first := owner.want(send(silence(8000)), http.StatusCreated)
	if again := send(silence(8000)); again.StatusCode != http.StatusCreated || again.body != first.body {
		t.Errorf("sent again it answers %d %s", again.StatusCode, again.body)
	}
	if other := send(silence(4000)); other.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("another file under the key answers %d", other.StatusCode)
	}
}
