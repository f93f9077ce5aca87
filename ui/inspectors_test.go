package ui

import (
	"fmt"
	"maps"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"tandem/flow"
	"tandem/flow/directory"
	"tandem/ui/browsertest"
	"tandem/ui/forms"
)

// fullSettings are settings with something in every list, so that the forms
// show what they can. A kind that is not here shows its form as it is new.
var fullSettings = map[string]flow.Settings{
	"phone-number": &flow.PhoneNumber{Number: "+15550177", CallerNameRules: []flow.NameRule{{Match: "prefix", Result: "Support: "}, {Match: "regex", Pattern: `^(\w+), (\w+)$`, Result: `\2 \1`}}},
	"set-variable": &flow.SetVariable{Variable: "team", Value: "{caller_name} of {flow}"},
	"time-router":  &flow.TimeRouter{Code: "08", Intervals: []flow.Interval{{Weekdays: flow.Weekdays[1:6], From: 8 * 60, To: 17 * 60}, {Weekdays: flow.Weekdays[6:], From: 10 * 60, To: 14 * 60}}},
	"caller-router": &flow.CallerRouter{Routes: []flow.CallerRoute{{Slug: "vip", Name: "Best customers"}},
		Rules: []flow.CallerRule{{Digits: "+46 8", Go: "vip"}, {Digits: "+49", Go: "disallow"}}},
	"blocklist":      &flow.Blocklist{Numbers: flow.NumberList{"+46700000001", "+46900*"}, SharedLists: []string{"pests"}, BlockEmpty: true},
	"voice-menu":     &flow.VoiceMenu{Audio: "main-menu", Entries: []string{"1", "2", "42", "*"}, DirectDial: true},
	"audio-playback": &flow.AudioPlayback{Audio: "message", Times: 2, SkipKey: "#"},
	"ring-group": &flow.RingGroup{Destinations: []flow.RingDestination{{ContactMethod: "account-100", Length: 20}, {ContactMethod: "account-101", Start: 10, Length: 30}, {ContactMethod: "mobile", Start: 30, Length: 30}},
		CallerNameRules: []flow.NameRule{{Match: "prefix", Result: "Support: "}}},
	"queue": &flow.Queue{Strategy: "round-robin", MembersLogIn: true, Announce: "comfort", Comfort: "message", EscapeKey: "1", KeepPlace: 5, MaxWaiting: 20,
		Members: []flow.QueueMember{{ContactMethod: "account-100"}, {ContactMethod: "account-101", Level: 2, IgnoreSchedule: true}, {ContactMethod: "mobile", Ring: 30}}},
	"conference":   &flow.Conference{PIN: "1234", HostPIN: "4321", WaitForHost: true},
	"notification": &flow.Notification{To: []string{"office-mail"}, Subject: "{caller} waited", Body: "{caller_name} ({caller}) called {called}."},
	"http-request": &flow.HTTPRequest{URL: "https://crm.example.org/customer?number={caller}", Headers: []flow.HTTPHeader{{Name: "Authorization", Value: "Bearer 0815"}},
		Variables: []flow.HTTPVariable{{Name: "tier", Path: "customer.tier"}, {Name: "owner", Path: "customer.owner.name"}}},
	"hangup": &flow.Hangup{Cause: "busy", Audio: "sorry"},
}

// everyKind puts a draft into the town with one module of every kind, whose id
// is its kind's, and returns the kinds in order.
func (w *town) everyKind() []string {
	w.t.Helper()
	w.done(w.store.SaveContactMethod(w.t.Context(), directory.ContactMethod{ID: "office-mail", Kind: directory.Email, Name: "Office", URI: "office@example.org"}))
	f := flow.Flow{ID: "kinds", Name: "One of each"}
	kinds := slices.Sorted(maps.Keys(forms.ByKind))
	for i, kind := range kinds {
		m := flow.Module{ID: kind, Kind: kind, Name: flow.Catalog[kind].Title, X: i % 4 * 300, Y: i / 4 * 300, Settings: fullSettings[kind]}
		if m.Settings == nil {
			m.Settings = flow.Catalog[kind].New()
		}
		f.Modules = append(f.Modules, m)
	}
	_, err := w.store.SaveDraft(w.t.Context(), f, 0, "owner@example.org")
	w.done(err)
	return kinds
}

// inspector opens the settings of a module of everyKind.
func inspector(tab *browsertest.Tab, address, kind string) {
	tab.Show(address + "/flows/kinds")
	tab.Until("the flow is drawn", canvasReady)
	tab.ClickUntil("[data-module="+kind+"] .fe-head", "the form", fmt.Sprintf(`document.querySelector("[data-form=%s] fieldset")`, kind))
}

// Everybody can use the settings of every kind, in both lightings, and nothing
// of them stands beside the window of a phone.
func TestEveryInspectorIsUsableByAll(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	kinds := w.everyKind()
	server := httptest.NewServer(w.panel)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	tab := browsertest.Open(t, 4*time.Minute)
	w.visit(tab, server.URL, w.as(directory.Owner))
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			tab := tab.For(t)
			tab.Size(widths[0], 900)
			inspector(tab, server.URL, kind)
			for theme, rules := range lightings {
				tab.Theme(theme)
				for _, finding := range tab.Axe(rules...) {
					t.Errorf("%s: %s", theme, finding)
				}
			}
			tab.Size(widths[1], 900)
			if wide := browsertest.Eval[int64](tab, "document.documentElement.scrollWidth"); wide > widths[1] {
				t.Errorf("the page is %d wide in a window of %d", wide, widths[1])
			}
			for _, line := range tab.Complaints() {
				t.Error("the console says", line)
			}
		})
	}
}
