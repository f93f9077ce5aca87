package ui

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"tandem/flow/directory"
)

// Rules of signing in (design sheet 8, product sheet 9).
const (
	sessionTime    = 24 * time.Hour
	passwordChecks = 2 // at a time
	checkWait      = 5 * time.Second
	maxEmail       = 254 // RFC 5321 §4.5.3.1.3, less the angle brackets
	maxPassword    = 1024
	maxToken       = 256
)

// Errors of signing in, in the words shown.
var (
	errSignIn    = errors.New("sign in first")
	errForbidden = errors.New("your role does not allow this")
	errBusy      = errors.New("too many sign-ins at once: try again in a moment")
	errCrossSite = errors.New("this request came from another site")
)

type loginKey struct{}

// loginOf is who a request comes from, or nil.
func loginOf(r *http.Request) *directory.Login {
	who, _ := r.Context().Value(loginKey{}).(*directory.Login)
	return who
}

// identify finds out who a request comes from: by the session cookie, and on
// the API also by a bearer token or by e-mail and password. Nobody is no error.
func (p *Panel) identify(r *http.Request, where area) (*http.Request, error) {
	who, err := p.identity(r, where)
	if who == nil || err != nil {
		return r, err
	}
	return r.WithContext(context.WithValue(r.Context(), loginKey{}, who)), nil
}

func (p *Panel) identity(r *http.Request, where area) (*directory.Login, error) {
	if where == api {
		if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
			return p.session(r.Context(), token)
		}
		if email, password, ok := r.BasicAuth(); ok {
			who, err := p.check(r, email, password)
			if errors.Is(err, ErrWrongPassword) {
				return nil, nil
			}
			return who, err
		}
	}
	cookie, err := r.Cookie(p.cookieName())
	if err != nil {
		return nil, nil
	}
	return p.session(r.Context(), cookie.Value)
}

// session finds the login of a token; nil when it is unknown or expired.
func (p *Panel) session(ctx context.Context, token string) (*directory.Login, error) {
	if token == "" || len(token) > maxToken {
		return nil, nil
	}
	s, err := p.cfg.Store.Session(ctx, token)
	switch {
	case errors.Is(err, ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("reading the session: %w", err)
	case !p.cfg.Now().Before(s.Expires):
		return nil, nil
	}
	return &s.Login, nil
}

// check answers whose e-mail and password these are.
func (p *Panel) check(r *http.Request, email, password string) (*directory.Login, error) {
	ctx := r.Context()
	email = strings.ToLower(strings.TrimSpace(email))
	if email == "" || len(email) > maxEmail || password == "" || len(password) > maxPassword {
		return nil, ErrWrongPassword
	}
	select {
	case p.checks <- struct{}{}:
		defer func() { <-p.checks }()
	case <-time.After(checkWait):
		return nil, errBusy
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	now := p.cfg.Now()
	if p.tries.locked(email, now) {
		p.log.Warn("sign-in while locked", "remote", remoteOf(r))
		return nil, ErrLocked
	}
	who, err := p.cfg.Store.SignIn(ctx, email, password)
	switch {
	case err == nil:
		p.tries.passed(email)
		return &who, nil
	case errors.Is(err, ErrWrongPassword):
		p.tries.failed(email, now)
		p.log.Warn("sign-in failed", "remote", remoteOf(r))
		return nil, ErrWrongPassword
	}
	return nil, fmt.Errorf("checking the password: %w", err)
}

// open begins a session.
func (p *Panel) open(r *http.Request, who directory.Login) (token string, err error) {
	if token, err = p.cfg.Store.CreateSession(r.Context(), who.ID, sessionTime); err != nil {
		return "", fmt.Errorf("opening the session: %w", err)
	}
	return token, nil
}

// cookieName carries the __Host- prefix where the panel is reached by TLS, so
// that no sibling host can plant a session (RFC 6265bis §4.1.3.2).
func (p *Panel) cookieName() string {
	if p.cfg.SecureCookies {
		return "__Host-tandem"
	}
	return "tandem"
}

func (p *Panel) setCookie(w http.ResponseWriter, token string, age time.Duration) {
	http.SetCookie(w, &http.Cookie{Name: p.cookieName(), Value: token, Path: "/", HttpOnly: true,
		Secure: p.cfg.SecureCookies, SameSite: http.SameSiteLaxMode, MaxAge: int(age / time.Second)})
}

func remoteOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
