package ui

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"tandem/db/dbtest"
	"tandem/flow/directory"
)

// sheet is the table of product sheet 1 as people read it: who has which right.
var sheet = map[right]string{
	signedIn:      "owner admin flow-editor supervisor agent read-only",
	ownAccount:    "owner admin flow-editor supervisor agent read-only",
	seeCalls:      "owner admin flow-editor supervisor agent read-only",
	seeFlows:      "owner admin flow-editor supervisor read-only",
	editFlows:     "owner admin flow-editor",
	makeFlows:     "owner admin flow-editor",
	publishFlows:  "owner admin flow-editor",
	seePeople:     "owner admin flow-editor supervisor read-only",
	seeUsers:      "owner admin",
	editContacts:  "owner admin",
	editPeople:    "owner admin",
	editAccess:    "owner",
	holdRouters:   "owner admin flow-editor supervisor",
	overrideCalls: "owner admin supervisor agent",
	markCalls:     "owner admin flow-editor supervisor agent", // of the calls they see
	seeAudit:      "owner admin",
	seeSystem:     "owner admin flow-editor supervisor read-only",
}

func TestTheRightsAreThoseOfTheSheet(t *testing.T) {
	for need, roles := range rightsOf {
		if _, known := sheet[need]; !known {
			t.Errorf("the right %q is not on the sheet", need)
		}
		for _, role := range directory.Roles {
			want := slices.Contains(strings.Fields(sheet[need]), string(role))
			if got := slices.Contains(roles, role); got != want {
				t.Errorf("%s: right %q is %v, want %v", role, need, got, want)
			}
		}
	}
}

// asker is one of those who try every route.
type asker struct {
	name   string
	login  *directory.Login // nil: nobody
	client func() *client
}

func askers(w *world) []asker {
	out := []asker{{"nobody", nil, w.nobody}}
	for _, role := range directory.Roles {
		out = append(out, asker{string(role), &directory.Login{ID: "x", Role: role}, func() *client { return w.as(role) }})
		limited := directory.Login{ID: "x", Role: role, Flows: []string{"other"}, NoPublish: true}
		if role == directory.Owner {
			continue
		}
		who := w.as(role, func(l *directory.Login) { l.Flows, l.NoPublish = limited.Flows, true }).login
		out = append(out, asker{string(role) + " limited", &limited, func() *client { return w.signedIn(who) }})
		token := w.token(directory.Token{Name: "of " + string(role), Role: role})
		out = append(out, asker{string(role) + " token", &directory.Login{ID: tokenLogin + "x", Role: role}, func() *client { return token }})
	}
	return out
}

func TestEveryRouteAnswersEveryRoleAsTheTableSays(t *testing.T) {
	w := newWorld(t)
	for _, who := range askers(w) {
		for _, rt := range routes() {
			if rt.right == undeclared {
				t.Fatalf("%s declares no right", rt.pattern)
			}
			if rt.right == anyone {
				continue // TestOnlyTheseRoutesAreOpenToAnyone
			}
			if who.login != nil && isToken(who.login) && rt.area == page {
				continue // tokens are for the API
			}
			method, path := concrete(rt.pattern)
			a := who.client().json(method, path, struct{}{})
			want := allowed(rt.right, who.login)
			refused := a.StatusCode == http.StatusForbidden || a.StatusCode == http.StatusUnauthorized || strings.HasPrefix(a.location(), "/sign-in") && (path != "/sign-out" || who.login == nil)
			if refused == want {
				t.Errorf("%s: %s answers %d %q, want it let in: %v", who.name, rt.pattern, a.StatusCode, a.location(), want)
			}
			if a.StatusCode >= 500 {
				t.Errorf("%s: %s answers %d %s", who.name, rt.pattern, a.StatusCode, a.body)
			}
		}
	}
}

func TestARouteWithoutARightOpensToNobody(t *testing.T) {
	for _, role := range directory.Roles {
		if allowed(undeclared, &directory.Login{Role: role}) {
			t.Errorf("%s gets in", role)
		}
	}
}

func TestNoGetChangesAnything(t *testing.T) {
	w := newWorld(t)
	owner := w.as(directory.Owner)
	before := dbtest.Digest(t, w.url)
	for _, rt := range routes() {
		if method, path := concrete(rt.pattern); method == http.MethodGet {
			owner.get(path)
		}
	}
	for table, sum := range dbtest.Digest(t, w.url) {
		if before[table] != sum {
			t.Errorf("a GET changed the table %s", table)
		}
	}
}

func TestEveryWriteIsAnAPIRouteOrADoor(t *testing.T) {
	doors := []string{"/sign-in", "/sign-in/code", "/sign-out", "/theme", "/invite/{token}"}
	for _, rt := range routes() {
		method, path, found := strings.Cut(rt.pattern, " ")
		if found && method != http.MethodGet && rt.area != api && !slices.Contains(doors, path) {
			t.Errorf("%s is no API route", rt.pattern)
		}
	}
}

func TestARoleThatIsTakenAwayIsGoneAtTheNextRequest(t *testing.T) {
	w := newWorld(t)
	admin := w.as(directory.Admin)
	admin.want(admin.get("/api/logins"), http.StatusOK)
	owner := w.as(directory.Owner)
	owner.want(owner.json("PUT", "/api/logins/"+admin.login.ID, loginEdit{Role: directory.Agent}), http.StatusOK)
	if a := admin.get("/api/logins"); a.StatusCode != http.StatusUnauthorized { // its sessions ended with its rights
		t.Errorf("answers %d, want 401", a.StatusCode)
	}
}

func TestAnAdminTouchesNoOwner(t *testing.T) {
	w := newWorld(t)
	owner, admin := w.as(directory.Owner), w.as(directory.Admin)
	path := "/api/logins/" + owner.login.ID
	for what, a := range map[string]answer{
		"change": admin.json("PUT", path, loginEdit{Role: directory.Agent}), "remove": admin.json("DELETE", path, nil),
		"second factor": admin.json("DELETE", path+"/totp", nil), "unlock": admin.json("POST", path+"/unlock", nil),
	} {
		if a.StatusCode != http.StatusForbidden {
			t.Errorf("%s answers %d %s, want 403", what, a.StatusCode, a.body)
		}
	}
	for what, a := range map[string]answer{
		"invite":  admin.json("POST", "/api/logins", loginEdit{Email: "new@example.org", Role: directory.Owner}),
		"promote": admin.json("PUT", "/api/logins/"+admin.login.ID, loginEdit{Role: directory.Owner}),
		"token":   admin.json("POST", "/api/tokens", tokenEdit{Name: "x", Role: directory.Owner}),
	} {
		if a.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s answers %d %s, want 422", what, a.StatusCode, a.body)
		}
	}
}

func TestWhoIsLimitedToFlowsGivesNothingBeyond(t *testing.T) {
	w := newWorld(t)
	limited := w.as(directory.Admin, func(l *directory.Login) { l.Flows = []string{"a", "b"} })
	agent := w.as(directory.Agent)
	for what, c := range map[string]struct {
		a    answer
		want int
	}{
		"itself":          {limited.json("PUT", "/api/logins/"+limited.login.ID, loginEdit{Role: directory.Admin}), 422},
		"somebody beyond": {limited.json("PUT", "/api/logins/"+agent.login.ID, loginEdit{Role: directory.Agent, Flows: []string{"a"}}), 403},
		"a removal":       {limited.json("DELETE", "/api/logins/"+agent.login.ID, nil), 403},
		"an invitation":   {limited.json("POST", "/api/logins", loginEdit{Email: "n@example.org", Role: directory.Agent, Flows: []string{"c"}}), 422},
		"a token":         {limited.json("POST", "/api/tokens", tokenEdit{Name: "t", Role: directory.Admin}), 422},
		"within":          {limited.json("POST", "/api/tokens", tokenEdit{Name: "t", Role: directory.Admin, Flows: []string{"b"}}), 201},
	} {
		if c.a.StatusCode != c.want {
			t.Errorf("%s answers %d %s, want %d", what, c.a.StatusCode, c.a.body, c.want)
		}
	}
}

func TestTheLastOwnerStays(t *testing.T) {
	w := newWorld(t)
	owner := w.as(directory.Owner)
	if a := owner.json("PUT", "/api/logins/"+owner.login.ID, loginEdit{Role: directory.Admin}); a.StatusCode != http.StatusConflict || !strings.Contains(a.body, "last owner") {
		t.Errorf("demoting answers %d %s", a.StatusCode, a.body)
	}
	if a := owner.json("DELETE", "/api/logins/"+owner.login.ID, nil); a.StatusCode != http.StatusConflict {
		t.Errorf("removing answers %d %s", a.StatusCode, a.body)
	}
	token := w.token(directory.Token{Name: "robot", Role: directory.Owner})
	if a := token.json("DELETE", "/api/logins/"+owner.login.ID, nil); a.StatusCode != http.StatusConflict || !strings.Contains(a.body, "last owner") {
		t.Errorf("removing by token answers %d %s", a.StatusCode, a.body)
	}
}

func TestTheMenuShowsWhatARoleMayOpen(t *testing.T) {
	for _, role := range directory.Roles {
		who := &directory.Login{Role: role}
		for _, group := range menuOf(who) {
			for _, item := range group.Items {
				i := slices.IndexFunc(routes(), func(rt route) bool {
					return rt.pattern == "GET "+item.Link || item.Link == "/" && rt.pattern == "GET /{$}"
				})
				if i >= 0 && !allowed(routes()[i].right, who) {
					t.Errorf("%s: the menu offers %s, which is refused", role, item.Link)
				}
			}
		}
	}
	if n := fmt.Sprint(len(menuOf(&directory.Login{Role: directory.Agent}))); n != "2" {
		t.Errorf("an agent sees %s groups, want the dashboard and calls", n)
	}
}
