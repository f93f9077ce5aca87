package ui

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"tandem/flow/directory"
	"tandem/ui/pages"
)

func (p *Panel) signInPage(w http.ResponseWriter, r *http.Request) error {
	return p.render(w, r, http.StatusOK, pages.SignIn(pages.SignInView{
		Frame: p.frame(r, "Sign in", ""),
		Next:  safeNext(r.FormValue("next")),
	}))
}

func (p *Panel) signIn(w http.ResponseWriter, r *http.Request) error {
	email, next := r.PostFormValue("email"), safeNext(r.PostFormValue("next"))
	who, err := p.check(r, email, r.PostFormValue("password"))
	if status, known := refusals[errorKey(err)]; known {
		return p.render(w, r, status, pages.SignIn(pages.SignInView{
			Frame: p.frame(r, "Sign in", ""), Email: cut(email, maxEmail), Next: next, Problem: doorWords(err),
		}))
	}
	if err != nil {
		return err
	}
	if who.TOTP {
		return p.askCode(w, r, *who, next)
	}
	if err := p.enter(w, r, *who); err != nil {
		return err
	}
	http.Redirect(w, r, next, http.StatusSeeOther)
	return nil
}

// doorWords says why somebody was not let in.
func doorWords(err error) string {
	if errors.Is(err, directory.ErrLocked) {
		return "Too many failed sign-ins: wait 15 minutes and try again."
	}
	return sentence(errorKey(err).Error())
}

// refusals are the errors a sign-in form shows beside what was typed.
var refusals = map[error]int{
	directory.ErrDenied: http.StatusUnauthorized,
	directory.ErrLocked: http.StatusTooManyRequests,
	errBusy:             http.StatusServiceUnavailable,
}

// errorKey finds the refusal that an error wraps, or nil.
func errorKey(err error) error {
	for known := range refusals {
		if errors.Is(err, known) {
			return known
		}
	}
	return nil
}

func (p *Panel) signOut(w http.ResponseWriter, r *http.Request) error {
	if cookie, err := r.Cookie(p.cookieName()); err == nil {
		if err := p.cfg.Store.EndSession(r.Context(), cookie.Value); err != nil {
			return fmt.Errorf("ending the session: %w", err)
		}
	}
	p.setCookie(w, "", -time.Second)
	p.audit(r, "sign out", "login "+whoOf(r), nil, nil)
	http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
	return nil
}

// themes are what a viewer may choose; empty follows the device.
var themes = map[string]bool{"": true, "light": true, "dark": true}

const themeCookie = "tandem-theme"

func (p *Panel) theme(w http.ResponseWriter, r *http.Request) error {
	chosen := r.PostFormValue("theme")
	if !themes[chosen] {
		chosen = ""
	}
	http.SetCookie(w, &http.Cookie{Name: themeCookie, Value: chosen, Path: "/", HttpOnly: true,
		Secure: p.cfg.SecureCookies, SameSite: http.SameSiteLaxMode, MaxAge: 400 * 24 * 3600})
	http.Redirect(w, r, safeNext(r.PostFormValue("next")), http.StatusSeeOther)
	return nil
}

// safeNext keeps a redirect on this site: a path, never a host.
func safeNext(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(next, "/") ||
		strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") {
		return "/"
	}
	return next
}
