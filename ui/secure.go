package ui

import (
	"errors"
	"net/http"
	"runtime/debug"
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

// maxBody bounds what a form may send; the largest is a sign-in.
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
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		guarded.ServeHTTP(w, r)
	})
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
