package ui

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"tandem/flow/directory"
	"tandem/ui/pages"
)

// Between password and code a browser holds a sealed note of who proved the
// password and until when the code may follow. It opens nothing by itself, and
// being sealed by a secret that all web processes share it needs no memory.
const (
	codeCookie = "tandem-code"
	codeTime   = 5 * time.Minute
	maxCode    = 40
)

func (p *Panel) askCode(w http.ResponseWriter, r *http.Request, who directory.Login, next string) error {
	until := strconv.FormatInt(p.cfg.Now().Add(codeTime).Unix(), 10)
	mac, err := p.codeMAC(r, who.ID, until)
	if err != nil {
		return err
	}
	p.setCodeCookie(w, who.ID+"."+until+"."+mac, codeTime)
	http.Redirect(w, r, "/sign-in/code?next="+url.QueryEscape(next), http.StatusSeeOther)
	return nil
}

func (p *Panel) codeMAC(r *http.Request, login, until string) (string, error) {
	key, err := p.cfg.Store.SharedSecret(r.Context(), "sign-in")
	if err != nil {
		return "", fmt.Errorf("reading the secret of sign-ins: %w", err)
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(login + "." + until))
	return hex.EncodeToString(mac.Sum(nil)), nil
}

// halfIn finds who proved the password; ErrNotFound: nobody, or too long ago.
func (p *Panel) halfIn(r *http.Request) (directory.Login, error) {
	cookie, err := r.Cookie(codeCookie)
	if err != nil {
		return directory.Login{}, ErrNotFound
	}
	parts := strings.Split(cookie.Value, ".")
	if len(parts) != 3 {
		return directory.Login{}, ErrNotFound
	}
	mac, err := p.codeMAC(r, parts[0], parts[1])
	if err != nil {
		return directory.Login{}, err
	}
	until, err := strconv.ParseInt(parts[1], 10, 64)
	if !hmac.Equal([]byte(mac), []byte(parts[2])) || err != nil || p.cfg.Now().Unix() > until {
		return directory.Login{}, ErrNotFound
	}
	return p.cfg.Store.LoginByID(r.Context(), parts[0])
}

func (p *Panel) codePage(w http.ResponseWriter, r *http.Request) error {
	if _, err := p.halfIn(r); err != nil {
		return p.backToSignIn(w, r, err)
	}
	return p.showCode(w, r, http.StatusOK, "")
}

func (p *Panel) showCode(w http.ResponseWriter, r *http.Request, status int, problem string) error {
	return p.render(w, r, status, pages.Code(pages.CodeView{Frame: p.frame(r, "Sign in", ""), Next: safeNext(r.FormValue("next")), Problem: problem}))
}

func (p *Panel) backToSignIn(w http.ResponseWriter, r *http.Request, err error) error {
	if !errors.Is(err, ErrNotFound) {
		return err
	}
	http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
	return nil
}

// code is the second step of signing in. Its tries count like passwords.
func (p *Panel) code(w http.ResponseWriter, r *http.Request) error {
	who, err := p.halfIn(r)
	if err != nil {
		return p.backToSignIn(w, r, err)
	}
	err = p.cfg.Store.CheckTOTP(r.Context(), who.ID, cut(r.PostFormValue("code"), maxCode))
	switch {
	case errors.Is(err, directory.ErrDenied):
		p.failedSignIn(r, who.Email)
		return p.showCode(w, r, http.StatusUnauthorized, "This code is wrong or was used already. Wait for the next one.")
	case errors.Is(err, directory.ErrLocked):
		return p.showCode(w, r, http.StatusTooManyRequests, doorWords(err))
	case err != nil:
		return fmt.Errorf("checking the code: %w", err)
	}
	p.setCodeCookie(w, "", -time.Second)
	if err := p.enter(w, r, who); err != nil {
		return err
	}
	http.Redirect(w, r, safeNext(r.PostFormValue("next")), http.StatusSeeOther)
	return nil
}

func (p *Panel) setCodeCookie(w http.ResponseWriter, value string, age time.Duration) {
	http.SetCookie(w, &http.Cookie{Name: codeCookie, Value: value, Path: "/sign-in", HttpOnly: true,
		Secure: p.cfg.SecureCookies, SameSite: http.SameSiteStrictMode, MaxAge: int(age / time.Second)})
}
