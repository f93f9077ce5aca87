package ui

import (
	"cmp"
	"errors"
	"mime"
	"net/http"
	"runtime/debug"
	"slices"
)

// policy is the Content-Security-Policy of every answer: our own files and
// nothing else; no inline script or style, no framing, no plug-ins.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// headers go with every answer.
var headers = map[string]string{
	"Content-Security-Policy":      policy,
	"X-Content-Type-Options":       "nosniff",
	"X-Frame-Options":              "DENY",
	"Referrer-Policy":              "same-origin",
	"Permissions-Policy":           "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Cache-Control":                "no-store", // static files say otherwise
}

// maxBody bounds what may be sent, unless a route takes more.
const maxBody = 64 << 10

// secure wraps all routes: headers, refusal of cross-site writes, bounded
// bodies, and a page instead of a dropped connection when a handler panics.
func (p *Panel) secure(next http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.fail(w, r, page, errCrossSite)
	}))
	guarded := cross.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
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
// is looked for in the body alone, so no link can carry it.
func override(w http.ResponseWriter, r *http.Request) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if r.Method != http.MethodPost || kind != "application/x-www-form-urlencoded" {
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if r.ParseForm() != nil {
		return // a form that cannot be parsed fails again where it is read
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
		p.fail(w, r, page, errors.New("handler panicked"))
	}
}

// guard checks a route's right before its handler runs.
func (p *Panel) guard(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, cmp.Or(rt.body, maxBody))
		r, err := p.identify(r, rt.area)
		if err == nil && !allowed(rt.right, loginOf(r)) {
			err = errForbidden
			if loginOf(r) == nil {
				err = errSignIn
			}
		}
		if err == nil {
			err = rt.serve(p, w, r)
		}
		if err != nil {
			p.fail(w, r, rt.area, err)
		}
	})
}
