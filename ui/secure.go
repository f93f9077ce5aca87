package ui

import (
	"cmp"
	"errors"
	"mime"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"unicode/utf8"
)

// policy is the Content-Security-Policy of every answer: our own files and
// nothing else; no inline script or style, no framing, no plug-ins.
// The canvas sets its styles through the CSSOM, which style-src leaves alone.
// blob: is a recording of one's own, to be heard before it is kept.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"media-src 'self' blob:; worker-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// permissions is the Permissions-Policy of every page but those that record.
const permissions = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"

// allowMicrophone lets one page, which holds a recorder, ask for the microphone.
func allowMicrophone(w http.ResponseWriter) {
	w.Header().Set("Permissions-Policy", strings.Replace(permissions, "microphone=()", "microphone=(self)", 1))
}

// headers go with every answer.
var headers = map[string]string{
	"Content-Security-Policy":      policy,
	"X-Content-Type-Options":       "nosniff",
	"X-Frame-Options":              "DENY",
	"Referrer-Policy":              "same-origin",
	"Permissions-Policy":           permissions,
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Cache-Control":                "no-store", // static files say otherwise
}

// Limits of what a request may send. A route may allow more than maxBody
// (route.upTo) to all but plain forms, which are parsed before their route is
// known.
const (
	maxBody   = 64 << 10
	maxImport = 5 << 20
	maxAudio  = 15 << 20
)

// secure wraps all routes: headers, refusal of cross-site writes, bounded
// bodies, and a page instead of a dropped connection when a handler panics.
func (p *Panel) secure(next http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.fail(w, r, areaOf(r), errCrossSite)
	}))
	guarded := cross.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w = p.hurry(w, r)
		for k, v := range headers {
			w.Header().Set(k, v)
		}
		if p.cfg.SecureCookies {
			w.Header().Set("Strict-Transport-Security", "max-age=31536000")
		}
		defer p.recovered(w, r)
		override(w, r)
		guarded.ServeHTTP(w, r)
	})
}

// overrides are the verbs that a plain form, which can only POST, may mean.
var overrides = []string{http.MethodPut, http.MethodPatch, http.MethodDelete}

// override gives a form the verb that its hidden field _method names. The field
// is looked for in the body alone, so no link can carry it. A script names its
// verb itself, and may send a form as large as its route allows.
func override(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost || !plainForm(r) || r.Header.Get("Accept") == "application/json" {
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if r.ParseForm() != nil {
		r.Form, r.PostForm = nil, nil // it is read, and fails, again where somebody is told
		return
	}
	if verb := r.PostForm.Get("_method"); slices.Contains(overrides, verb) {
		r.Method = verb
	}
}

func (p *Panel) recovered(w http.ResponseWriter, r *http.Request) {
	switch v := recover(); v {
	case nil:
	case http.ErrAbortHandler:
		panic(v)
	default:
		p.log.Error("handler panicked", "path", r.URL.Path, "panic", v, "stack", string(debug.Stack()))
		p.fail(w, r, areaOf(r), errors.New("handler panicked"))
	}
}

// areaOf is how a request is answered of which no route is known.
func areaOf(r *http.Request) area {
	if strings.HasPrefix(r.URL.Path, "/api/") {
		return api
	}
	return page
}

func plainForm(r *http.Request) bool {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return kind == "application/x-www-form-urlencoded"
}

// guard bounds the body and checks a route's right before its handler runs.
func (p *Panel) guard(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.PostForm == nil { // else it is read already
			r.Body = http.MaxBytesReader(w, r.Body, cmp.Or(rt.body, maxBody))
		}
		r, err := p.identify(r, rt.area)
		if err == nil && !utf8.ValidString(r.URL.Path) || strings.ContainsRune(r.URL.Path, 0) {
			err = ErrNotFound // nothing is called so
		}
		defer dropFiles(r)
		if c := callerOf(r); c != nil {
			c.need, c.where = rt.right, rt.area
		}
		if err == nil && !allowed(rt.right, loginOf(r)) {
			err = errForbidden
			if loginOf(r) == nil {
				err = errSignIn
			}
		}
		if err == nil {
			err = p.once(w, r, rt)
		}
		if err != nil {
			p.fail(w, r, rt.area, err)
		}
	})
}

// dropFiles removes what of an upload went to disk. The server sees to that for
// its own request alone, and handlers have a copy.
func dropFiles(r *http.Request) {
	if r.MultipartForm != nil {
		_ = r.MultipartForm.RemoveAll() // what is left over harms nobody
	}
}
