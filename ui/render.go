package ui

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"tandem/flow/directory"
	"tandem/ui/pages"
)

// frame is what every page shows around its content.
func (p *Panel) frame(r *http.Request, title, area string) pages.Frame {
	f := pages.Frame{Title: title, Area: area, Path: r.URL.RequestURI(), Version: p.cfg.Version,
		Assets: p.assets.links, TemporalUI: p.temporalList()}
	if r.Method != http.MethodGet {
		f.Path = "/"
	}
	if who := loginOf(r); who != nil {
		f.User, f.Role, f.Menu = who.Email, string(who.Role), menuOf(who)
		f.Toast = toastOf(r)
	}
	if c, err := r.Cookie(themeCookie); err == nil && themes[c.Value] {
		f.Theme = c.Value
	}
	return f
}

// render writes a page whole or not at all: it is made in memory first, so an
// error half way still becomes an error page.
func (p *Panel) render(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error {
	var buf bytes.Buffer
	if err := c.Render(r.Context(), &buf); err != nil {
		return fmt.Errorf("rendering: %w", err)
	}
	if _, err := r.Cookie(toastCookie); err == nil {
		p.setToast(w, "", -1) // it has been read
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	write(w, r, status, buf.Bytes())
	return nil
}

func writeJSON(w http.ResponseWriter, r *http.Request, status int, v any) error {
	body, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("writing JSON: %w", err)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	write(w, r, status, append(body, '\n'))
	return nil
}

// worthGzip is the size below which compression saves no packet.
const worthGzip = 1400

// write sends a body, compressed where the client reads gzip. No page carries
// a secret beside text that a stranger can choose, so its length leaks nothing.
func write(w http.ResponseWriter, r *http.Request, status int, body []byte) {
	w.Header().Add("Vary", "Accept-Encoding")
	if len(body) > worthGzip && takes(r, "gzip") {
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		z.Write(body) // a bytes.Buffer takes everything
		z.Close()
		w.Header().Set("Content-Encoding", "gzip")
		body = packed.Bytes()
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	w.Write(body) // an error means the viewer has gone
}

// takes tells whether a client reads what is packed in a way.
func takes(r *http.Request, coding string) bool {
	for _, part := range strings.Split(r.Header.Get("Accept-Encoding"), ",") {
		name, q, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.TrimSpace(name) == coding && strings.ReplaceAll(q, " ", "") != "q=0" {
			return true
		}
	}
	return false
}

// failure is how one kind of error is answered.
type failure struct {
	err    error
	status int
	title  string
	text   string
}

// failures lists the errors that are no fault of ours; the first match wins.
var failures = []failure{
	{ErrNotFound, http.StatusNotFound, "Nothing here", "There is no such page, or what it showed has been removed."},
	{errSignIn, http.StatusUnauthorized, "Sign in first", "This is only for people who have signed in."},
	{errSecondFactor, http.StatusForbidden, "Set up a second factor", "A second factor is required here. Set one up on the page of your account first."},
	{errForbidden, http.StatusForbidden, "Not allowed", "Your role does not allow this. An owner or admin can change your role."},
	{errCrossSite, http.StatusForbidden, "Refused", "This request came from another site, so it was not carried out."},
	{directory.ErrLocked, http.StatusTooManyRequests, "Locked for now", "Too many failed sign-ins. Wait 15 minutes and try again."},
	{errBusy, http.StatusServiceUnavailable, "Busy", "Too many sign-ins at once. Try again in a moment."},
}

var fault = failure{nil, http.StatusInternalServerError, "Something went wrong", "The fault has been logged. Calls are not affected: they run without the panel."}

// fail answers an error: a page for people, JSON for scripts.
func (p *Panel) fail(w http.ResponseWriter, r *http.Request, where area, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return // the viewer has gone
	}
	f := fault
	for _, known := range failures {
		if errors.Is(err, known.err) {
			f = known
			break
		}
	}
	if why := refusalOf(err); f.err == nil && why != nil {
		f = failure{why, why.Status, "Not possible", why.Text}
	}
	if f.err == nil {
		p.log.Error("page failed", "path", r.URL.Path, "err", err)
	}
	if where == api {
		if f.status == http.StatusUnauthorized {
			w.Header().Set("WWW-Authenticate", `Basic realm="Tandem", charset="UTF-8"`)
		}
		writeJSON(w, r, f.status, map[string]string{"error": f.text}) // a map of strings always marshals
		return
	}
	if f.err == errSignIn {
		p.toSignIn(w, r)
		return
	}
	if f.err == errSecondFactor {
		_ = p.leadTo(w, r, "/account", "") // it answers a redirect, and never fails
		return
	}
	view := pages.ErrorView{Frame: p.frame(r, f.title, ""), Status: f.status, Text: f.text}
	if err := p.render(w, r, f.status, pages.Error(view)); err != nil {
		p.log.Error("error page failed", "err", err)
		http.Error(w, f.title, f.status)
	}
}

// toSignIn sends a visitor to the sign-in page and back afterwards. A request
// of htmx gets the address as a header, since fetch would follow a redirect
// and put the sign-in page into the middle of the old one.
func (p *Panel) toSignIn(w http.ResponseWriter, r *http.Request) {
	to := "/sign-in"
	if r.Method == http.MethodGet && r.URL.Path != "/" {
		to += "?next=" + url.QueryEscape(r.URL.RequestURI())
	}
	if r.Header.Get("HX-Request") != "" {
		w.Header().Set("HX-Redirect", to)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}
