package ui

import (
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"tandem/flow"
	"tandem/flow/directory"
	"tandem/ui/browsertest"
)

// gates puts into the town a flow of routers, and a shared list.
func (w *town) gates() {
	w.t.Helper()
	w.done(w.store.SaveList(w.t.Context(), directory.List{ID: "pests", Name: "Nuisance callers"}))
	_, _, err := w.store.AddToList(w.t.Context(), "pests", []directory.ListEntry{{Entry: "+46701112233", Note: "calls at night"}, {Entry: "+4690012*"}}, "owner@example.org")
	w.done(err)
	f := flow.Flow{ID: "gates", Name: "Gates", Modules: []flow.Module{
		{ID: "in", Kind: "internal-number", Name: "In", Settings: &flow.InternalNumber{InternalNumber: "78"}},
		{ID: "block", Kind: "blocklist", Name: "Nuisance", X: 260, Settings: &flow.Blocklist{Numbers: flow.NumberList{"+46700000001"}, SharedLists: []string{"pests"}}},
		{ID: "who", Kind: "caller-router", Name: "Who calls", X: 520, Settings: &flow.CallerRouter{Routes: []flow.CallerRoute{{Slug: "vip", Name: "Best customers"}},
			Rules: []flow.CallerRule{{Digits: "+46 8", Go: "vip"}, {Digits: "+49", Go: "disallow"}}}},
		{ID: "hours", Kind: "time-router", Name: "Hours", X: 780, Settings: &flow.TimeRouter{Code: "07", Intervals: []flow.Interval{{Weekdays: flow.Weekdays[1:6], From: 8 * 60, To: 17 * 60}}}},
		{ID: "office", Kind: "time-router", Name: "Office", X: 780, Y: 240, Settings: &flow.TimeRouter{Source: "schedule", Schedule: "office"}},
	}, Cables: []flow.Cable{{From: "in", Exit: "next", To: "block"}, {From: "block", Exit: "next", To: "who"}, {From: "who", Exit: "allow", To: "hours"}, {From: "who", Exit: "route:vip", To: "office"}}}
	for i, exits := range map[int][]flow.Exit{2: {"disallow"}, 3: {"open", "closed"}, 4: {"open", "closed"}} {
		f.Modules[i].HangUpHere = exits
	}
	_, err = w.store.SaveDraft(w.t.Context(), f, 0, "owner@example.org")
	w.done(err)
	_, err = w.store.Publish(w.t.Context(), f.ID, 1, "owner@example.org", "")
	w.done(err)
	w.done(w.store.SetOverride(w.t.Context(), f.ID, "office", flow.Override{State: "closed", By: "owner@example.org", At: sampleNow}))
}

// Routers and blocklists are set with a mouse, and everybody can use their forms.
func TestRoutersAreSetWithTheMouse(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	server := httptest.NewServer(w.panel)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	tab := browsertest.Open(t, 3*time.Minute)
	tab.Size(widths[0], 900)
	c := w.as(directory.Owner)
	w.visit(tab, server.URL, c)
	tab.Show(server.URL + "/flows/gates")
	tab.Until("the flow is drawn", canvasReady)
	settings := func(id string) flow.Settings {
		f := c.draft("gates").Flow
		m, _ := f.Module(id)
		return m.Settings
	}
	eventually := func(what string, holds func() bool) {
		t.Helper()
		for bound := time.Now().Add(10 * time.Second); !holds(); {
			if time.Now().After(bound) {
				t.Fatalf("%s never happened", what)
			}
			tab.Holds("true", 50*time.Millisecond)
		}
	}
	show := func(module, ready string) {
		t.Helper()
		tab.ClickUntil("[data-module="+module+"] .fe-head", "the form", fmt.Sprintf(`document.querySelector(%q)`, ready))
		for theme, rules := range lightings {
			tab.Theme(theme)
			for _, finding := range tab.Axe(rules...) {
				t.Errorf("%s, %s: %s", module, theme, finding)
			}
		}
		if dir := os.Getenv("UI_SHOTS"); dir != "" {
			tab.Picture(filepath.Join(dir, "gate-"+module+".png"))
		}
	}

	show("hours", "[data-form=time-router] row-list li")
	tab.Click("row-list > .button")
	tab.Click("row-list li:nth-child(2) .days label:nth-child(6) input")
	eventually("a second interval with Saturday", func() bool {
		r := settings("hours").(*flow.TimeRouter)
		return len(r.Intervals) == 2 && len(r.Intervals[1].Weekdays) == 6
	})
	tab.Click("row-list li:nth-child(1) .drop")
	eventually("the first interval goes", func() bool { return len(settings("hours").(*flow.TimeRouter).Intervals) == 1 })
	tab.ClickUntil("hold-router button[value=open]", "it is held", `document.querySelector("hold-router [data-why]").textContent.includes("held open by owner@example.org")`)

	show("who", "[data-form=caller-router] row-list li")
	tab.Click("row-list:has([name^=rules]) > .button")
	tab.Type("[name='rules.2.digits']", "47")
	eventually("a third rule", func() bool {
		r := settings("who").(*flow.CallerRouter)
		return len(r.Rules) == 3 && r.Rules[2] == flow.CallerRule{Digits: "47", Go: "disallow"}
	})

	show("block", "[data-form=blocklist] textarea")
	tab.Click("[data-form=blocklist] [name=shared_lists]")
	eventually("the list is not asked any more", func() bool { return len(settings("block").(*flow.Blocklist).SharedLists) == 0 })

	show("office", "[data-form=time-router] [name=schedule]")
	if tab.Is(`getComputedStyle(document.querySelector("[data-form] .own-hours")).display !== "none"`) {
		t.Error("own intervals are shown although a schedule decides")
	}
	for _, line := range tab.Complaints() {
		t.Error("the console says", line)
	}
}
