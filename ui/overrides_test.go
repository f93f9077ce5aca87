package ui

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"tandem/flow"
	"tandem/flow/directory"
)

// gateWorld has a flow with a time router that is never open, published.
func gateWorld(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	f := flow.Flow{ID: "main", Name: "Main", Modules: []flow.Module{
		{ID: "in", Kind: "internal-number", Name: "In", Settings: &flow.InternalNumber{InternalNumber: "600"}},
		{ID: "gate", Kind: "time-router", Name: "Gate", Settings: &flow.TimeRouter{Code: "07"}, HangUpHere: []flow.Exit{"open", "closed"}},
	}, Cables: []flow.Cable{{From: "in", Exit: "next", To: "gate"}}}
	if err := w.store.CreateFlow(t.Context(), f, "owner@example.org"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.store.Publish(t.Context(), "main", 1, "owner@example.org", ""); err != nil {
		t.Fatal(err)
	}
	return w
}

const gate = "/api/flows/main/modules/gate/override"

func TestATimeRouterIsHeldOpenAndLetGo(t *testing.T) {
	w := gateWorld(t)
	boss := w.as(directory.Supervisor)
	for _, c := range []struct {
		in    overrideInput
		exit  flow.Exit
		code  string
		until bool
	}{
		{overrideInput{State: "open"}, "open", "override", false},
		{overrideInput{State: "closed", Until: time.Now().Add(time.Hour).Format(time.RFC3339)}, "closed", "override", true},
		{overrideInput{State: "open", Until: time.Now().Add(50 * time.Hour).Format("2006-01-02T15:04")}, "open", "override", true},
		{overrideInput{State: "auto"}, "closed", "intervals", false},
	} {
		var now routerState
		boss.want(boss.json(http.MethodPut, gate, c.in), http.StatusOK).into(t, &now)
		if now.Now.Exit != c.exit || now.Now.Reason.Code != c.code || now.Override.Until.IsZero() == c.until {
			t.Errorf("%+v leads to %+v", c.in, now)
		}
	}
	page, err := w.store.AuditLog(t.Context(), directory.AuditFilter{Action: "override"})
	if err != nil || page.Total != 4 || page.Entries[0].Subject != "flow main module gate" {
		t.Errorf("the audit log has %+v, %v", page, err)
	}
}

func TestAnOverrideStandsOnTheCanvasAndThePage(t *testing.T) {
	w := gateWorld(t)
	c := w.as(directory.Owner)
	led := c.want(c.form(gate, url.Values{"_method": {"PUT"}, "state": {"open"}, "until": {""}}), http.StatusSeeOther)
	if led.location() != "/flows/main/open" {
		t.Errorf("leads to %s", led.location())
	}
	if d := c.draft("main"); d.Held["gate"] != "open" {
		t.Errorf("the canvas is told that %v are held", d.Held)
	}
	var now routerState
	c.want(c.get(gate), http.StatusOK).into(t, &now)
	if now.Override.State != "open" || now.Now.Exit != "open" {
		t.Errorf("asked for, it is %+v", now)
	}
	for path, want := range map[string]string{"/flows/main/open": "held open by owner@example.org", "/flows": `href="/flows/main/open"`} {
		if page := c.want(c.get(path), http.StatusOK); !strings.Contains(page.body, want) {
			t.Errorf("%s does not hold %q", path, want)
		}
	}
	form := c.want(c.json(http.MethodPost, "/api/flows/main/form", formBody{Module: flow.Module{ID: "gate", Kind: "time-router", Name: "Gate", Settings: &flow.TimeRouter{}}}), http.StatusOK)
	if !strings.Contains(form.body, `<hold-router action="`+gate+`"`) {
		t.Error("the inspector does not offer to hold it")
	}
}

func TestAnOverrideThatMakesNoSenseIsRefused(t *testing.T) {
	w := gateWorld(t)
	c := w.as(directory.Owner)
	for _, in := range []overrideInput{{}, {State: "ajar"}, {State: "open", Until: "soon"}, {State: "open", Until: "2020-01-01T00:00:00Z"}} {
		if a := c.json(http.MethodPut, gate, in); a.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%+v is answered %d", in, a.StatusCode)
		}
	}
	for _, path := range []string{"/api/flows/main/modules/in/override", "/api/flows/main/modules/lost/override", "/api/flows/lost/modules/gate/override"} {
		if a := c.json(http.MethodPut, path, overrideInput{State: "open"}); a.StatusCode != http.StatusNotFound {
			t.Errorf("%s is answered %d", path, a.StatusCode)
		}
	}
	for _, role := range []directory.Role{directory.Agent, directory.ReadOnly} {
		if a := w.as(role).json(http.MethodPut, gate, overrideInput{State: "open"}); a.StatusCode != http.StatusForbidden {
			t.Errorf("%s is answered %d", role, a.StatusCode)
		}
	}
}
