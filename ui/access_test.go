package ui

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"tandem/flow/directory"
)

func TestAnInvitationIsGoodOnceAndLetsItsOwnerChooseAPassword(t *testing.T) {
	w := newWorld(t)
	owner := w.as(directory.Owner)
	page := owner.want(owner.form("/api/logins", url.Values{"email": {" New@Example.org "}, "role": {"flow-editor"}, "no_publish": {"on"}}), http.StatusOK)
	link := regexp.MustCompile(`http://example\.com(/invite/[A-Z0-9]+)`).FindStringSubmatch(page.body)
	if link == nil {
		t.Fatalf("no link on the page: %s", page.body)
	}
	guest := w.nobody()
	if a := guest.want(guest.get(link[1]), http.StatusOK); !strings.Contains(a.body, "new@example.org") {
		t.Error("the page does not say whom it greets")
	}
	for typed, want := range map[[2]string]string{
		{"short", "short"}: "12 characters", {"password1234", "password1234"}: "easily guessed", {password, password + "!"}: "differ",
	} {
		if a := guest.form(link[1], url.Values{"password": {typed[0]}, "repeat": {typed[1]}}); a.StatusCode != 422 || !strings.Contains(a.body, want) {
			t.Errorf("%q answers %d without %q", typed, a.StatusCode, want)
		}
	}
	guest.want(guest.form(link[1], url.Values{"password": {password}, "repeat": {password}}), http.StatusSeeOther)
	guest.want(guest.get("/flows"), http.StatusOK)
	guest.want(guest.get("/logins"), http.StatusForbidden)
	used, never := w.nobody().get(link[1]), w.nobody().get("/invite/NEVERWAS")
	if used.StatusCode != http.StatusNotFound || never.StatusCode != http.StatusNotFound || used.body != never.body {
		t.Errorf("a used invitation answers %d, one that never was %d: they must be alike", used.StatusCode, never.StatusCode)
	}
}

func TestAnAddressWithALoginIsNotInvitedAgain(t *testing.T) {
	w := newWorld(t)
	owner, agent := w.as(directory.Owner), w.as(directory.Agent)
	a := owner.json("POST", "/api/logins", loginEdit{Email: agent.login.Email, Role: directory.Admin})
	if a.StatusCode != http.StatusConflict || !strings.Contains(a.body, "has a login") {
		t.Errorf("answers %d %s", a.StatusCode, a.body)
	}
	if a := owner.form("/api/logins", url.Values{"email": {"no address"}, "role": {"agent"}}); a.StatusCode != 422 || !strings.Contains(a.body, `value="no address"`) || !strings.Contains(a.body, "no e-mail address") {
		t.Errorf("a refused form answers %d without what was typed", a.StatusCode)
	}
}

// code is what an authenticator shows now.
func code(t testing.TB, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	c, err := totp.GenerateCode(u.Query().Get("secret"), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestASecondFactorIsAskedForAndEachCodeWorksOnce(t *testing.T) {
	w := newWorld(t)
	owner := w.as(directory.Owner)
	if a := owner.form("/api/account/totp", url.Values{"password": {"wrong"}}); a.StatusCode != 422 || !strings.Contains(a.body, "not your password") {
		t.Fatalf("without the password it answers %d", a.StatusCode)
	}
	page := owner.want(owner.form("/api/account/totp", url.Values{"password": {password}}), http.StatusOK)
	if !strings.Contains(page.body, `class="qr"`) || strings.Contains(page.body, "data:") {
		t.Error("the QR code is not drawn into the page")
	}
	var setup totpSetup
	owner.want(owner.json("POST", "/api/account/totp", ownPassword{password}), http.StatusOK).into(t, &setup)
	if a := owner.form("/api/account/totp/confirm", url.Values{"code": {"000000"}, "address": {setup.Address}}); a.StatusCode != 422 || !strings.Contains(a.body, setup.Secret) {
		t.Errorf("a wrong first code answers %d without showing the key again", a.StatusCode)
	}
	var recovery recoveryCodes
	first := code(t, setup.Address)
	owner.want(owner.json("POST", "/api/account/totp/confirm", totpConfirm{Code: first}), http.StatusOK).into(t, &recovery)
	if len(recovery.Codes) != 10 {
		t.Fatalf("%d recovery codes", len(recovery.Codes))
	}

	guest := w.nobody()
	half := func() {
		t.Helper()
		a := guest.want(guest.form("/sign-in", url.Values{"email": {"owner@example.org"}, "password": {password}, "next": {"/flows"}}), http.StatusSeeOther)
		if a.location() != "/sign-in/code?next=%2Fflows" {
			t.Fatalf("the password leads to %q", a.location())
		}
	}
	half()
	if a := guest.get("/flows"); a.StatusCode != http.StatusSeeOther {
		t.Error("the password alone lets in")
	}
	try := func(c string) answer {
		return guest.form("/sign-in/code", url.Values{"code": {c}, "next": {"/flows"}})
	}
	if a := try(first); a.StatusCode != http.StatusUnauthorized {
		t.Errorf("a code that was used already answers %d", a.StatusCode)
	}
	if a := try(recovery.Codes[0]); a.StatusCode != http.StatusSeeOther || a.location() != "/flows" {
		t.Fatalf("a recovery code answers %d to %q", a.StatusCode, a.location())
	}
	guest.want(guest.get("/flows"), http.StatusOK)
	guest = w.nobody()
	half()
	if a := try(recovery.Codes[0]); a.StatusCode != http.StatusUnauthorized {
		t.Errorf("a recovery code answers %d when used twice", a.StatusCode)
	}
	script := w.nobody()
	for _, door := range []struct{ method, path string }{{"GET", "/api/calls"}, {"POST", "/api/sessions"}} {
		if a := script.do(door.method, door.path, nil, basic("owner@example.org", password)); a.StatusCode != http.StatusUnauthorized || strings.Contains(a.body, `"token"`) {
			t.Errorf("e-mail and password alone answer %d at %s: %s", a.StatusCode, door.path, a.body)
		}
	}
	if len(script.cookies) != 0 {
		t.Errorf("the API has set %d cookies", len(script.cookies))
	}
}

func TestAForgedHalfSignInIsNone(t *testing.T) {
	w := newWorld(t)
	guest := w.nobody()
	owner, err := w.store.Login(t.Context(), "owner@example.org")
	if err != nil {
		t.Fatal(err)
	}
	for _, forged := range []string{owner.ID + ".9999999999.00", owner.ID, "...", owner.ID + ".x." + strings.Repeat("0", 64)} {
		guest.cookies[codeCookie] = &http.Cookie{Name: codeCookie, Value: forged}
		if a := guest.get("/sign-in/code"); a.location() != "/sign-in" {
			t.Errorf("%q answers %d", forged, a.StatusCode)
		}
	}
}

func TestSigningInGivesAFreshSessionAndEndsTheOneBefore(t *testing.T) {
	w := newWorld(t)
	guest := w.nobody()
	in := url.Values{"email": {"owner@example.org"}, "password": {password}}
	guest.want(guest.form("/sign-in", in), http.StatusSeeOther)
	before := guest.cookies["tandem"]
	guest.want(guest.form("/sign-in", in), http.StatusSeeOther)
	if guest.cookies["tandem"].Value == before.Value {
		t.Error("the session is the same")
	}
	old := w.nobody()
	old.cookies["tandem"] = before
	if a := old.get("/account"); a.StatusCode != http.StatusSeeOther {
		t.Errorf("the session before answers %d", a.StatusCode)
	}
}

func TestChangingThePasswordEndsOtherSessionsAndKeepsThisOne(t *testing.T) {
	w := newWorld(t)
	here, there := w.as(directory.Owner), w.as(directory.Owner)
	change := func(current, fresh, repeat string) answer {
		return here.form("/api/account/password", url.Values{"current": {current}, "password": {fresh}, "repeat": {repeat}})
	}
	for _, wrong := range [][4]string{{"wrong", password + "!", password + "!", "not your password"}, {password, "short", "short", "easily guessed"}, {password, password + "!", "x", "differ"}} {
		if a := change(wrong[0], wrong[1], wrong[2]); a.StatusCode != 422 || !strings.Contains(a.body, wrong[3]) {
			t.Errorf("%q answers %d without %q", wrong, a.StatusCode, wrong[3])
		}
	}
	here.want(change(password, password+"!", password+"!"), http.StatusSeeOther)
	here.want(here.get("/account"), http.StatusOK)
	if a := there.get("/account"); a.StatusCode != http.StatusSeeOther {
		t.Errorf("the other session answers %d", a.StatusCode)
	}
}

func TestOwnSessionsAreListedAndEndedOneByOne(t *testing.T) {
	w := newWorld(t)
	here, there := w.as(directory.Owner), w.as(directory.Owner)
	stranger := w.as(directory.Agent)
	var all []ownSession
	here.want(here.get("/api/account/sessions"), http.StatusOK).into(t, &all)
	if len(all) != 2 || all[0].This == all[1].This {
		t.Fatalf("sessions: %+v", all)
	}
	for _, s := range all {
		if s.This {
			continue
		}
		if a := stranger.json("DELETE", "/api/account/sessions/"+s.ID, nil); a.StatusCode != http.StatusNotFound {
			t.Errorf("a stranger's try answers %d", a.StatusCode)
		}
		here.want(here.form("/api/account/sessions/"+s.ID, url.Values{"_method": {"DELETE"}}), http.StatusSeeOther)
	}
	if a := there.get("/account"); a.StatusCode != http.StatusSeeOther {
		t.Errorf("the ended session answers %d", a.StatusCode)
	}
}

func TestALockedLoginIsShownAndUnlocked(t *testing.T) {
	w := newWorld(t)
	owner, agent := w.as(directory.Owner), w.as(directory.Agent)
	guest := w.nobody()
	in := url.Values{"email": {agent.login.Email}, "password": {"wrong"}}
	for range maxFailures {
		guest.want(guest.form("/sign-in", in), http.StatusUnauthorized)
	}
	in.Set("password", password)
	guest.want(guest.form("/sign-in", in), http.StatusTooManyRequests)
	if a := owner.get("/logins"); !strings.Contains(a.body, "Locked") {
		t.Error("the list does not say that it is locked")
	}
	owner.want(owner.form("/api/logins/"+agent.login.ID+"/unlock", nil), http.StatusSeeOther)
	guest.want(guest.form("/sign-in", in), http.StatusSeeOther)
}

func TestATokenIsShownOnceAndDoesWhatItsRoleMay(t *testing.T) {
	w := newWorld(t)
	owner := w.as(directory.Owner)
	page := owner.want(owner.form("/api/tokens", url.Values{"name": {"wallboard"}, "role": {"read-only"}, "days": {"30"}}), http.StatusOK)
	secret := regexp.MustCompile(`tandem_[A-Z0-9]+`).FindString(page.body)
	if secret == "" {
		t.Fatal("the secret is not shown")
	}
	if a := owner.get("/tokens"); strings.Contains(a.body, secret) || !strings.Contains(a.body, "wallboard") {
		t.Error("the list shows the secret, or lacks the token")
	}
	script := w.nobody()
	script.bearer = secret
	script.want(script.get("/api/calls"), http.StatusOK)
	script.want(script.get("/api/logins"), http.StatusForbidden)
	script.want(script.get("/api/account"), http.StatusForbidden)
	var all []directory.Token
	owner.want(owner.get("/api/tokens"), http.StatusOK).into(t, &all)
	owner.want(owner.form("/api/tokens/"+all[0].ID, url.Values{"_method": {"DELETE"}}), http.StatusSeeOther)
	script.want(script.get("/api/calls"), http.StatusUnauthorized)
	owner.want(owner.do("POST", undoOffered(t, owner.get("/tokens")), nil), http.StatusNoContent)
	script.want(script.get("/api/calls"), http.StatusOK)
}

func TestEveryWriteIsInTheAuditLogWithoutSecrets(t *testing.T) {
	w := newWorld(t)
	guest := w.nobody()
	guest.form("/sign-in", url.Values{"email": {"owner@example.org"}, "password": {"a wrong password"}})
	guest.form("/sign-in", url.Values{"email": {"made-up@example.org"}, "password": {"a wrong password"}})
	guest.want(guest.form("/sign-in", url.Values{"email": {"owner@example.org"}, "password": {password}}), http.StatusSeeOther)
	guest.want(guest.json("PUT", "/api/settings/general", directory.General{Name: "=Office", Zone: "Europe/Stockholm", OverLimitDecline: 486, Dialling: "e164", LongestCall: 60, HistoryDays: 30}), http.StatusOK)
	guest.want(guest.json("POST", "/api/tokens", tokenEdit{Name: "t", Role: directory.Agent}), http.StatusCreated)
	guest.want(guest.json("POST", "/api/account/password", passwordChange{Current: password, Password: password + "?"}), http.StatusNoContent)
	var log auditList
	guest.want(guest.get("/api/audit"), http.StatusOK).into(t, &log)
	var actions []string
	for _, e := range log.Entries {
		actions = append(actions, e.Action)
		if strings.Contains(e.Before+e.After, password) || strings.Contains(e.After, "tandem_") || e.Remote == "" || e.At.IsZero() {
			t.Errorf("entry %+v", e)
		}
	}
	if got, want := strings.Join(actions, ", "), "sign in, change password, make token, change settings, sign in, failed sign-in"; got != want {
		t.Errorf("the log holds %s, want %s", got, want)
	}
	page := guest.want(guest.get("/audit?q=settings"), http.StatusOK)
	if !strings.Contains(page.body, "Europe/Stockholm") || strings.Contains(page.body, "make token") {
		t.Error("the page does not show the change alone")
	}
	file := guest.want(guest.get("/audit?format=csv"), http.StatusOK)
	if lines := strings.Count(file.body, "\r\n"); lines != len(log.Entries)+1 || file.Header.Get("Content-Type") != "text/csv; charset=utf-8" {
		t.Errorf("the file has %d lines", lines)
	}
}

func TestSettingsThatAreWrongComeBackAsTyped(t *testing.T) {
	w := newWorld(t)
	owner := w.as(directory.Owner)
	a := owner.form("/api/settings/general", url.Values{"_method": {"PUT"}, "name": {"Office"}, "zone": {"Moon/Sea"}, "over_limit": {"480"}, "dialling": {"national"}, "longest_call": {"9"}, "history_days": {"400"}})
	if a.StatusCode != 422 {
		t.Fatalf("answers %d", a.StatusCode)
	}
	for _, want := range []string{`value="Moon/Sea"`, "Europe/Stockholm", "National numbers need a country", "10 to 1440", `aria-invalid="true"`} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	codes := directory.DefaultFeatureCodes()
	codes[0].Code = "*1"
	a = owner.json("PUT", "/api/settings/feature-codes", featureCodes{codes})
	if a.StatusCode != 422 || !strings.Contains(a.body, `"field": "codes.0.code"`) {
		t.Errorf("a code that begins another answers %d %s", a.StatusCode, a.body)
	}
	codes[0].Code = "#1"
	owner.want(owner.json("PUT", "/api/settings/feature-codes", featureCodes{codes}), http.StatusOK)
	if a := owner.get("/settings/feature-codes"); !strings.Contains(a.body, `value="#1"`) {
		t.Error("the code was not kept")
	}
}
