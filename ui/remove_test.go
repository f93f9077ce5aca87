package ui

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"tandem/flow/directory"
)

func TestARemovalCanBeTakenBackFromTheNextPage(t *testing.T) {
	w := newWorld(t)
	owner, agent := w.as(directory.Owner), w.as(directory.Agent)
	gone := owner.want(owner.form("/api/logins/"+agent.login.ID, url.Values{"_method": {"DELETE"}}), http.StatusSeeOther)
	if gone.location() != "/logins" {
		t.Errorf("leads to %q", gone.location())
	}
	page := owner.want(owner.get("/logins"), http.StatusOK)
	undo := undoOffered(t, page)
	if !strings.Contains(page.body, "Removed the login.") || strings.Contains(page.body, agent.login.Email) {
		t.Error("the page does not say that it is gone, or still lists it")
	}
	if again := owner.get("/logins"); strings.Contains(again.body, "/api/undo/") {
		t.Error("the offer stands on the page after, too")
	}
	if a := w.as(directory.Admin).form(undo, nil); a.StatusCode != http.StatusNotFound {
		t.Errorf("somebody else takes it back: %d", a.StatusCode)
	}
	back := owner.undoes(undo, "/logins?sort=-role")
	if back.StatusCode != http.StatusSeeOther || back.location() != "/logins?sort=-role" {
		t.Errorf("answers %d to %q", back.StatusCode, back.location())
	}
	if page := owner.get("/logins"); !strings.Contains(page.body, agent.login.Email) {
		t.Error("it is not back")
	}
	if a := owner.json("POST", undo, nil); a.StatusCode != http.StatusNotFound {
		t.Errorf("taking it back twice answers %d", a.StatusCode)
	}
}

func TestNobodyRemovesTheirOwnLogin(t *testing.T) {
	w := newWorld(t)
	admin := w.as(directory.Admin)
	a := admin.form("/api/logins/"+admin.login.ID, url.Values{"_method": {"DELETE"}})
	if a.StatusCode != http.StatusConflict || !strings.Contains(a.body, "your own login") {
		t.Errorf("answers %d", a.StatusCode)
	}
}

func TestAToastHoldsAnyTextAndNoMore(t *testing.T) {
	w := newWorld(t)
	owner := w.as(directory.Owner)
	for value, want := range map[string]string{
		"text=%3Cb%3Ex%3C%2Fb%3E": "&lt;b&gt;x&lt;/b&gt;", "text=" + strings.Repeat("x", 1000): strings.Repeat("x", maxShown-1) + "…", "%zz": "",
	} {
		owner.cookies[toastCookie] = &http.Cookie{Name: toastCookie, Value: value}
		body := owner.get("/account").body
		if got := strings.Contains(body, `class="toast"`); got != (want != "") || !strings.Contains(body, want) {
			t.Errorf("%q shows a toast: %v", value, got)
		}
	}
}

func TestThePolicyAllowsTheMicrophoneOnlyWhereOneRecords(t *testing.T) {
	for _, forbidden := range []string{"unsafe-inline", "unsafe-eval", "data:", "*", "http:"} {
		if strings.Contains(policy, forbidden) {
			t.Errorf("the policy allows %s", forbidden)
		}
	}
	w := httptest.NewRecorder()
	allowMicrophone(w)
	if got := w.Header().Get("Permissions-Policy"); !strings.Contains(got, "microphone=(self)") || !strings.Contains(got, "camera=()") {
		t.Errorf("a recorder's page has %q", got)
	}
	if !strings.Contains(headers["Permissions-Policy"], "microphone=()") {
		t.Error("other pages have the microphone, too")
	}
}

// undoOffered is where the form on a page leads that offers to undo.
func undoOffered(t *testing.T, page answer) string {
	t.Helper()
	form := regexp.MustCompile(`action="(/api/undo/[^"]+)"`).FindStringSubmatch(page.body)
	if form == nil {
		t.Fatalf("the page does not offer to undo:\n%s", page.body)
	}
	return form[1]
}

// undoes takes that offer on a page.
func (c *client) undoes(undo, page string) answer {
	return c.do("POST", undo, strings.NewReader(""), func(r *http.Request) {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Referer", "http://example.com"+page)
	})
}
