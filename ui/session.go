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

// caller is who a request comes from.
type caller struct {
	login   directory.Login // of a token: its role and flows
	session string          // id of the session; empty: by token or password
	need    right           // of the route that they asked for
	where   area
}

// tokenLogin begins the id of the login that stands for a token.
const tokenLogin = "token:"

// isToken tells whether a login stands for a token rather than a person.
func isToken(who *directory.Login) bool { return strings.HasPrefix(who.ID, tokenLogin) }

type callerKey struct{}

func callerOf(r *http.Request) *caller {
	c, _ := r.Context().Value(callerKey{}).(*caller)
	return c
}

// loginOf is the login that a request comes from, or nil.
func loginOf(r *http.Request) *directory.Login {
	if c := callerOf(r); c != nil {
		return &c.login
	}
	return nil
}

// identify finds out who a request comes from: by the session cookie, and on
// the API also by a bearer token or by e-mail and password. Nobody is no error.
// It is asked at every request, so a role that was taken away is gone at once.
func (p *Panel) identify(r *http.Request, where area) (*http.Request, error) {
	who, err := p.identity(r, where)
	if who == nil || err != nil {
		return r, err
	}
	return r.WithContext(context.WithValue(r.Context(), callerKey{}, who)), nil
}

func (p *Panel) identity(r *http.Request, where area) (*caller, error) {
	if where == api {
		if secret, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
			return p.bearer(r.Context(), secret)
		}
		if email, password, ok := r.BasicAuth(); ok {
			return p.basic(r, email, password)
		}
	}
	cookie, err := r.Cookie(p.cookieName())
	if err != nil {
		return nil, nil
	}
	return p.session(r.Context(), cookie.Value)
}

// bearer finds who holds a token to the API, or the token of a session.
func (p *Panel) bearer(ctx context.Context, secret string) (*caller, error) {
	if secret == "" || len(secret) > maxToken {
		return nil, nil
	}
	t, err := p.cfg.Store.TokenOf(ctx, secret)
	switch {
	case errors.Is(err, ErrNotFound):
		return p.session(ctx, secret)
	case err != nil:
		return nil, fmt.Errorf("reading the token: %w", err)
	}
	return &caller{login: directory.Login{ID: tokenLogin + t.ID, Email: "token " + t.Name, Role: t.Role, Flows: t.Flows}}, nil
}

// basic takes e-mail and password with every request. A login with a second
// factor cannot: a password alone would go round it.
func (p *Panel) basic(r *http.Request, email, password string) (*caller, error) {
	who, err := p.check(r, email, password)
	switch {
	case errors.Is(err, directory.ErrDenied):
		return nil, nil
	case err != nil:
		return nil, err
	case who.TOTP:
		return nil, &Refusal{Status: http.StatusUnauthorized, Text: "This login has a second factor: use a token."}
	}
	return &caller{login: *who}, nil
}

// session finds who a session belongs to; nil when it is unknown or expired.
func (p *Panel) session(ctx context.Context, token string) (*caller, error) {
	if token == "" || len(token) > maxToken {
		return nil, nil
	}
	s, err := p.cfg.Store.Session(ctx, token)
	switch {
	case errors.Is(err, ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("reading the session: %w", err)
	}
	return &caller{login: s.Login, session: s.ID}, nil
}

// check answers whose e-mail and password these are.
func (p *Panel) check(r *http.Request, email, password string) (*directory.Login, error) {
	ctx := r.Context()
	email = strings.ToLower(strings.TrimSpace(email))
	if email == "" || len(email) > maxEmail || password == "" || len(password) > maxPassword {
		return nil, directory.ErrDenied
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
		return nil, directory.ErrLocked
	}
	who, err := p.cfg.Store.SignIn(ctx, email, password)
	switch {
	case err == nil:
		p.tries.passed(email)
		return &who, nil
	case errors.Is(err, directory.ErrDenied):
		p.tries.failed(email, now)
		p.failedSignIn(r, email)
		return nil, directory.ErrDenied
	}
	return nil, fmt.Errorf("checking the password: %w", err)
}

// failedSignIn notes a wrong password: in the audit log where a login has that
// address, else in our own log alone, since strangers could fill the other.
func (p *Panel) failedSignIn(r *http.Request, email string) {
	p.log.Warn("sign-in failed", "remote", remoteOf(r))
	if who, err := p.cfg.Store.Login(r.Context(), email); err == nil {
		p.auditAs(r, who.Email, "failed sign-in", "login "+who.Email, nil, nil)
	}
}

// open begins a session: always a fresh one, so that nobody can plant one. It
// lasts a fixed time, so that one left open somewhere ends by itself.
func (p *Panel) open(r *http.Request, who directory.Login) (token string, err error) {
	if token, err = p.cfg.Store.CreateSession(r.Context(), who.ID, sessionTime); err != nil {
		return "", fmt.Errorf("opening the session: %w", err)
	}
	p.auditAs(r, who.Email, "sign in", "login "+who.Email, nil, nil)
	return token, nil
}

// enter opens a session in a browser, in place of any that it had.
func (p *Panel) enter(w http.ResponseWriter, r *http.Request, who directory.Login) error {
	token, err := p.open(r, who)
	if err != nil {
		return err
	}
	if old, err := r.Cookie(p.cookieName()); err == nil {
		if err := p.cfg.Store.EndSession(r.Context(), old.Value); err != nil {
			return fmt.Errorf("ending the session before: %w", err)
		}
	}
	p.log.Info("signed in", "login", who.ID, "remote", remoteOf(r))
	p.setCookie(w, token, sessionTime)
	return nil
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
