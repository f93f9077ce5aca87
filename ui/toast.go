package ui

import (
	"net/http"
	"net/url"

	"tandem/ui/pages"
)

// A toast travels to the next page in a cookie, and is gone once read.
const (
	toastCookie = "tandem-toast"
	toastTime   = 30 // seconds in which that page must be opened
	maxToast    = 200
)

// leadTo sends a person on, with a line to read there.
func (p *Panel) leadTo(w http.ResponseWriter, r *http.Request, location, toast string) error {
	return p.leadWith(w, r, location, pages.Toast{Text: toast})
}

// leadWith is leadTo with a toast that may offer to undo.
func (p *Panel) leadWith(w http.ResponseWriter, r *http.Request, location string, t pages.Toast) error {
	if t.Text != "" {
		p.setToast(w, encodeToast(t), toastTime)
	}
	if r.Header.Get("HX-Request") != "" {
		w.Header().Set("HX-Redirect", location)
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	http.Redirect(w, r, location, http.StatusSeeOther)
	return nil
}

func (p *Panel) setToast(w http.ResponseWriter, value string, age int) {
	http.SetCookie(w, &http.Cookie{Name: toastCookie, Value: value, Path: "/", HttpOnly: true,
		Secure: p.cfg.SecureCookies, SameSite: http.SameSiteLaxMode, MaxAge: age})
}

// toastOf is what the page before left to say.
func toastOf(r *http.Request) pages.Toast {
	c, err := r.Cookie(toastCookie)
	if err != nil {
		return pages.Toast{}
	}
	return decodeToast(c.Value)
}

// A cookie takes no spaces, quotes or other scripts.
func encodeToast(t pages.Toast) string {
	return url.Values{"text": {t.Text}, "undo": {t.Undo}}.Encode()
}

func decodeToast(value string) pages.Toast {
	v, err := url.ParseQuery(value)
	if err != nil {
		return pages.Toast{}
	}
	return pages.Toast{Text: shown(cut(v.Get("text"), maxToast)), Undo: cut(v.Get("undo"), maxID)}
}
