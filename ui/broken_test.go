package ui

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"tandem/db/sample"
	"tandem/flow"
	"tandem/flow/directory"
	"tandem/flow/schedule"
	"tandem/ui/browsertest"
)

// soundFlow is a flow with which nothing is wrong. Whoever breaks it breaks a
// flow of its own: it is made anew each time.
func soundFlow() flow.Flow {
	at := func(i int, m flow.Module) flow.Module { m.X, m.Y = i%4*300, i/4*220; return m }
	f := flow.Flow{ID: "frontdoor", Name: "Front door", Modules: []flow.Module{
		{ID: "in", Kind: "internal-number", Name: "Inside", Settings: &flow.InternalNumber{InternalNumber: "650"}},
		{ID: "menu", Kind: "voice-menu", Name: "Menu", Settings: &flow.VoiceMenu{Audio: "main-menu", Entries: []string{"1", "2", "3"}}},
		{ID: "ring", Kind: "ring-group", Name: "Ring", Settings: &flow.RingGroup{Destinations: []flow.RingDestination{{ContactMethod: "account-101", Length: 20}}}},
		{ID: "wait", Kind: "queue", Name: "Wait", Settings: &flow.Queue{Members: []flow.QueueMember{{ContactMethod: "account-100"}}}},
		{ID: "hours", Kind: "time-router", Name: "Hours", Settings: &flow.TimeRouter{Intervals: []flow.Interval{{Weekdays: flow.Weekdays[1:6], From: 9 * 60, To: 17 * 60}}}},
		{ID: "say", Kind: "audio-playback", Name: "Say", Settings: &flow.AudioPlayback{Audio: "message"}},
		{ID: "again", Kind: "audio-playback", Name: "Say again", Settings: &flow.AudioPlayback{Audio: "sorry"}},
		{ID: "bye", Kind: "hangup", Name: "Bye", Settings: &flow.Hangup{}},
	}, Cables: []flow.Cable{{From: "in", Exit: "next", To: "menu"}, {From: "menu", Exit: "key:1", To: "ring"}, {From: "menu", Exit: "key:2", To: "wait"},
		{From: "menu", Exit: "key:3", To: "hours"}, {From: "menu", Exit: "no-input", To: "say"}, {From: "ring", Exit: "no-answer", To: "say"},
		{From: "wait", Exit: "timeout", To: "say"}, {From: "hours", Exit: "open", To: "ring"}, {From: "hours", Exit: "closed", To: "again"},
		{From: "say", Exit: "next", To: "again"}, {From: "again", Exit: "next", To: "bye"}}}
	for i, m := range f.Modules {
		f.Modules[i] = at(i, m)
	}
	return f
}

// set is the settings of one module of a flow, to be changed.
func set[S flow.Settings](f *flow.Flow, module string) S {
	m, _ := f.Module(module) // a row that names no module fails by its panic
	return m.Settings.(S)
}

// leads makes an exit lead elsewhere, or nowhere.
func leads(f *flow.Flow, from string, exit flow.Exit, to string) {
	f.Cables = slices.DeleteFunc(f.Cables, func(c flow.Cable) bool { return c.From == from && c.Exit == exit })
	if to != "" {
		f.Cables = append(f.Cables, flow.Cable{From: from, Exit: exit, To: to})
	}
}

// before puts one more module between the way in and the menu.
func before(f *flow.Flow, kind string, s flow.Settings, exit flow.Exit) {
	f.Modules = append(f.Modules, flow.Module{ID: "more", Kind: kind, Name: "One more", X: 300, Y: 660, Settings: s})
	leads(f, "in", "next", "more")
	for _, e := range s.Exits() {
		if e.Main {
			leads(f, "more", e.ID, "menu")
		}
	}
	leads(f, "more", exit, "menu")
}

// another puts one more way in beside the first.
func another(f *flow.Flow, kind string, s flow.Settings) {
	f.Modules = append(f.Modules, flow.Module{ID: "more", Kind: kind, Name: "One more", X: 0, Y: 660, Settings: s})
	leads(f, "more", "next", "menu")
}

// broken are the ways to break the sound flow, and where each is to be named.
var broken = []struct {
	name              string
	breaks            func(*flow.Flow)
	id, module, field string
}{
	{"a circle of two playbacks", func(f *flow.Flow) { leads(f, "again", "next", "say") }, "tight-loop", "say", "exits.next"},
	{"a playback cabled to itself", func(f *flow.Flow) { leads(f, "say", "next", "say") }, "tight-loop", "say", "exits.next"},
	{"a circle through an exit by which nobody waits", func(f *flow.Flow) { leads(f, "ring", "unavailable", "hours") }, "tight-loop", "hours", "exits.open"},
	{"a dead end", func(f *flow.Flow) { leads(f, "again", "next", "") }, "dead-end", "again", "exits.next"},
	{"a key that leads nowhere", func(f *flow.Flow) { leads(f, "menu", "key:3", "") }, "dead-end", "menu", "exits.key:3"},
	{"a module that no way leads to", func(f *flow.Flow) { leads(f, "menu", "key:2", "say") }, "unreachable", "wait", ""},
	{"no way in", func(f *flow.Flow) { f.Modules[0].Shelved = true }, "no-entry", "", ""},
	{"a cable into an entry", func(f *flow.Flow) { leads(f, "again", "next", "in") }, "setting-range", "again", "cables"},
	{"a cable from an exit that is none", func(f *flow.Flow) { leads(f, "menu", "key:9", "say") }, "setting-range", "menu", "cables"},
	{"two cables on one exit", func(f *flow.Flow) { f.Cables = append(f.Cables, flow.Cable{From: "menu", Exit: "key:1", To: "say"}) }, "setting-range", "menu", "cables"},
	{"a cable to a module that is gone", func(f *flow.Flow) { leads(f, "say", "next", "nobody") }, "ref-missing", "say", "cables"},
	{"a menu without audio", func(f *flow.Flow) { set[*flow.VoiceMenu](f, "menu").Audio = "" }, "no-audio", "menu", "audio"},
	{"a playback of an empty playlist", func(f *flow.Flow) { set[*flow.AudioPlayback](f, "say").Audio = "nothing" }, "no-audio", "say", "audio"},
	{"audio that is gone", func(f *flow.Flow) { set[*flow.AudioPlayback](f, "say").Audio = "gone" }, "ref-missing", "say", "audio"},
	{"a menu that has one key twice", func(f *flow.Flow) { set[*flow.VoiceMenu](f, "menu").Entries = []string{"1", "2", "3", "2"} }, "menu-clash", "menu", "entries.3"},
	{"# as entry and as the end of one", func(f *flow.Flow) {
		set[*flow.VoiceMenu](f, "menu").Entries = []string{"1", "2", "3", "#"}
		set[*flow.VoiceMenu](f, "menu").DirectDial = true
		leads(f, "menu", "key:#", "say")
	}, "menu-clash", "menu", "entries.3"},
	{"a wait that is too long", func(f *flow.Flow) { set[*flow.VoiceMenu](f, "menu").Timeout = 121 }, "setting-range", "menu", "timeout"},
	{"a number that somebody else holds", func(f *flow.Flow) { another(f, "phone-number", &flow.PhoneNumber{Number: sample.MainNumber}) }, "number-taken", "more", "number"},
	{"a number that is not ours", func(f *flow.Flow) { another(f, "phone-number", &flow.PhoneNumber{Number: "+15559999"}) }, "ref-missing", "more", "number"},
	{"an internal number of somebody's phone", func(f *flow.Flow) { set[*flow.InternalNumber](f, "in").InternalNumber = "101" }, "internal-number-taken", "in", "internal_number"},
	{"one internal number in two places", func(f *flow.Flow) { another(f, "internal-number", &flow.InternalNumber{InternalNumber: "650"}) }, "internal-number-taken", "more", "internal_number"},
	{"an emergency number of one's own", func(f *flow.Flow) { set[*flow.InternalNumber](f, "in").InternalNumber = "112" }, "setting-range", "in", "internal_number"},
	{"no internal number", func(f *flow.Flow) { set[*flow.InternalNumber](f, "in").InternalNumber = "" }, "setting-missing", "in", "internal_number"},
	{"nobody to ring", func(f *flow.Flow) { set[*flow.RingGroup](f, "ring").Destinations = nil }, "ring-empty", "ring", "destinations"},
	{"nobody who rings at once", func(f *flow.Flow) { set[*flow.RingGroup](f, "ring").Destinations[0].Start = 5 }, "ring-start", "ring", "destinations"},
	{"a bar past the end of the time line", func(f *flow.Flow) {
		r := set[*flow.RingGroup](f, "ring")
		r.Destinations = append(r.Destinations, flow.RingDestination{ContactMethod: "account-100", Start: 50, Length: 20})
	}, "ring-length", "ring", "destinations.1.length"},
	{"a person who is gone", func(f *flow.Flow) { set[*flow.RingGroup](f, "ring").Destinations[0].ContactMethod = "gone" }, "ref-missing", "ring", "destinations.0.contact_method"},
	{"an expression that does not compile", func(f *flow.Flow) {
		set[*flow.RingGroup](f, "ring").CallerNameRules = []flow.NameRule{{Match: "prefix", Result: "Sales: "}, {Match: "regex", Pattern: "(", Result: "x"}}
	}, "regex", "ring", "caller_name_rules.1.pattern"},
	{"a queue without members", func(f *flow.Flow) { set[*flow.Queue](f, "wait").Members = nil }, "queue-empty", "wait", "members"},
	{"a schedule that is gone", func(f *flow.Flow) {
		*set[*flow.TimeRouter](f, "hours") = flow.TimeRouter{Source: "schedule", Schedule: "gone"}
	}, "ref-missing", "hours", "schedule"},
	{"an interval without a day", func(f *flow.Flow) { set[*flow.TimeRouter](f, "hours").Intervals[0].Weekdays = nil }, "setting-missing", "hours", "intervals.0.weekdays"},
	{"a shared list that is gone", func(f *flow.Flow) { before(f, "blocklist", &flow.Blocklist{SharedLists: []string{"gone"}}, "next") }, "ref-missing", "more", "shared_lists.0"},
	{"a rule that leads to no route", func(f *flow.Flow) {
		before(f, "caller-router", &flow.CallerRouter{Rules: []flow.CallerRule{{Digits: "46", Go: "vip"}}}, "allow")
	}, "setting-range", "more", "rules.0.go"},
	{"a room that waits for a host whom nobody can be", func(f *flow.Flow) {
		f.Modules = append(f.Modules, flow.Module{ID: "more", Kind: "conference", Name: "One more", X: 300, Y: 660, Settings: &flow.Conference{WaitForHost: true}})
		leads(f, "menu", "key:3", "more")
		f.Modules[4].Shelved = true
	}, "setting-missing", "more", "host_pin"},
	{"a mail to somebody's phone", func(f *flow.Flow) { before(f, "notification", &flow.Notification{To: []string{"account-100"}}, "next") }, "not-email", "more", "to.0"},
	{"a request to whom the caller chooses", func(f *flow.Flow) { before(f, "http-request", &flow.HTTPRequest{URL: "https://{caller}/x"}, "ok") }, "setting-range", "more", "url"},
	{"two modules of one name", func(f *flow.Flow) { f.Modules[6].Name = "Say" }, "setting-range", "again", "name"},
	{"a module on a tab that is gone", func(f *flow.Flow) { f.Modules[7].Tab = "night" }, "ref-missing", "bye", "tab"},
	{"two tabs of one name", func(f *flow.Flow) { f.Tabs = []flow.Tab{{ID: "a", Name: "Day"}, {ID: "b", Name: "Day"}} }, "setting-range", "", "tabs.1"},
	{"a test that enters nowhere", func(f *flow.Flow) {
		f.Tests = []flow.Test{{ID: "t", Name: "Nowhere", Scenario: flow.Scenario{Entry: "gone"}}}
	}, "ref-missing", "", "tests.0"},
}

// frontDoor is a panel whose flow Front door is in force as version 1, and sound.
func frontDoor(t *testing.T) *client {
	t.Helper()
	w := flowWorld(t)
	if err := w.store.SavePlaylist(t.Context(), directory.Playlist{ID: "nothing", Name: "Nothing yet"}); err != nil {
		t.Fatal(err)
	}
	hours := schedule.Hours{Zone: "Europe/Stockholm", Week: [7][]schedule.Range{1: {{From: 540, To: 1020}}}}
	if err := w.store.SaveSchedule(t.Context(), directory.Schedule{ID: "office", Name: "Office hours", Hours: hours}); err != nil {
		t.Fatal(err)
	}
	if err := w.store.SaveContactMethod(t.Context(), directory.ContactMethod{ID: "office-mail", Kind: directory.Email, Name: "Office", URI: "office@example.org"}); err != nil {
		t.Fatal(err)
	}
	if err := w.store.CreateFlow(t.Context(), soundFlow(), "owner@example.org"); err != nil {
		t.Fatal(err)
	}
	c := w.as(directory.Admin)
	c.want(c.json(http.MethodPost, "/api/flows/frontdoor/publish", publishBody{Note: "sound"}), http.StatusOK)
	return c
}

// broke saves the draft with a fault in it.
func (c *client) broke(breaks func(*flow.Flow)) int {
	c.t.Helper()
	f := soundFlow()
	breaks(&f)
	d, err := c.store.Draft(c.t.Context(), f.ID)
	if err == nil {
		d.Revision, err = c.store.SaveDraft(c.t.Context(), f, d.Revision, "owner@example.org")
	}
	if err != nil {
		c.t.Fatal(err)
	}
	return d.Revision
}

func TestEachOfManyBrokenFlowsIsRefusedAtItsFieldAndTheOldVersionStays(t *testing.T) {
	c := frontDoor(t)
	inForce := c.want(c.get("/api/flows/frontdoor/versions/1"), http.StatusOK).body
	for _, b := range broken {
		t.Run(strings.ReplaceAll(b.name, " ", "_"), func(t *testing.T) {
			c.t = t
			revision := c.broke(b.breaks)
			var why publishRefusal
			c.want(c.json(http.MethodPost, "/api/flows/frontdoor/publish", publishBody{Note: b.name, Revision: revision}), http.StatusUnprocessableEntity).into(t, &why)
			named := func(p flow.Problem) bool {
				return p.ID == b.id && p.Module == b.module && p.Field == b.field && p.Level == flow.Error && p.Text != ""
			}
			if !slices.ContainsFunc(why.Problems, named) {
				t.Errorf("refused with %+v, want %s at %q %q", why.Problems, b.id, b.module, b.field)
			}
			if len(why.Problems) > 3 || why.Text == "" {
				t.Errorf("%q names %d errors for one fault: %+v", why.Text, len(why.Problems), why.Problems)
			}
			d := c.draft("frontdoor")
			if !slices.ContainsFunc(d.Problems, named) {
				t.Errorf("the panel of problems lacks it: %+v", d.Problems)
			}
			if d.Published != 1 || c.get("/api/flows/frontdoor/versions/1").body != inForce {
				t.Errorf("version %d is in force, or version 1 has changed", d.Published)
			}
			to, err := c.store.Internal(t.Context(), "650", sampleNow)
			if err != nil || to.Revision == nil || to.Revision.ID != "frontdoor" || to.Revision.Version != 1 {
				t.Errorf("650 leads to %+v, %v", to, err)
			}
		})
	}
	c.t = t
	var all []directory.Version
	c.want(c.get("/api/flows/frontdoor/versions"), http.StatusOK).into(t, &all)
	if len(all) != 1 {
		t.Errorf("%d versions were made by %d refused publishes", len(all)-1, len(broken))
	}
}

func TestAPersonIsToldWhyNothingWasPublishedAndLedToTheField(t *testing.T) {
	c := frontDoor(t)
	c.broke(func(f *flow.Flow) { set[*flow.VoiceMenu](f, "menu").Audio = "" })
	has(t, c.want(c.form("/api/flows/frontdoor/publish", url.Values{"note": {"broken"}}), http.StatusUnprocessableEntity),
		"1 error stops the publish", "Choose the audio that asks the caller", `href="/flows/frontdoor#menu/audio"`, "stays in force")
	d := atTheDeskOf(t, c.world, directory.Admin, "frontdoor")
	d.Show(browsertest.Eval[string](d.Tab, "location.origin") + "/numbers")
	d.Show(browsertest.Eval[string](d.Tab, "location.origin") + "/flows/frontdoor#menu/audio")
	d.Until("the field", `document.activeElement.closest("audio-field") && document.querySelector("[data-inspector=menu]")`)
	d.clean()
}

func TestAComparisonReadsAsTheFormsDo(t *testing.T) {
	c := frontDoor(t)
	c.broke(func(f *flow.Flow) {
		set[*flow.VoiceMenu](f, "menu").Timeout = 9
		r := set[*flow.RingGroup](f, "ring")
		r.Destinations[0].Length = 25
		r.Destinations = append(r.Destinations, flow.RingDestination{ContactMethod: "account-100", Start: 30, Length: 25, IgnoreSchedule: true})
		set[*flow.Queue](f, "wait").Members = nil
		set[*flow.AudioPlayback](f, "say").Audio = "sorry"
		leads(f, "say", "next", "bye")
		f.Notes = append(f.Notes, flow.Note{ID: "n", Text: "Ask Eva first"})
	})
	var got comparison
	c.want(c.get("/api/flows/frontdoor/compare?from=1&to=draft"), http.StatusOK).into(t, &got)
	var told []string
	for _, m := range got.Modules {
		for _, x := range m.Told {
			told = append(told, fmt.Sprintf("%s: %s: %s > %s", m.Name, x.Name, x.Before, x.After))
		}
	}
	want := []string{"Menu: Waits for a key: 5 s > 9 s", "Ring: Destination 1, rings for: 20 s > 25 s",
		"Ring: Destination 2:  > Phone 100, also outside opening hours, rings for 25 s, starts after 30 s",
		"Wait: Member 1: Phone 100 > ", "Say: Audio: Sample: message > Sample: nobody there"}
	if !slices.Equal(told, want) {
		t.Errorf("told\n%s\nwant\n%s", strings.Join(told, "\n"), strings.Join(want, "\n"))
	}
	page := c.want(c.get("/flows/frontdoor/compare?from=1&to=draft"), http.StatusOK)
	has(t, page, "Destination 2", "Waits for a key", "9 s", "Ask Eva first")
	if strings.Contains(page.body, "destinations.") || strings.Contains(page.body, "contact_method") {
		t.Error("the page speaks of paths in JSON")
	}
}

func TestAFlowInForceIsNotRemovedAndItsNumbersAreListed(t *testing.T) {
	c := flowWorld(t).as(directory.Admin)
	var why Refusal
	c.want(c.json(http.MethodDelete, "/api/flows/main-line", nil), http.StatusConflict).into(t, &why)
	if len(why.Uses) != 1 || why.Uses[0].ID != sample.MainNumber {
		t.Errorf("the uses are %+v", why.Uses)
	}
	has(t, c.want(c.form("/api/flows/main-line", url.Values{"_method": {"DELETE"}}), http.StatusConflict), "out of force first", `href="/numbers/+15550100"`)
	c.want(c.json(http.MethodDelete, "/api/flows/main-line/published", nil), http.StatusNoContent)
	c.want(c.json(http.MethodDelete, "/api/flows/main-line", nil), http.StatusOK)
	if v, err := c.store.Version(t.Context(), "main-line", 1); err != nil || len(v.Flow.Modules) == 0 {
		t.Errorf("a removed flow's version is unreadable: %v", err)
	}
}

func TestAFourthToRingIsRefusedWhereRingGroupsAreStrict(t *testing.T) {
	c := frontDoor(t)
	four := func(f *flow.Flow) {
		r := set[*flow.RingGroup](f, "ring")
		for i := range 3 {
			r.Destinations = append(r.Destinations, flow.RingDestination{ContactMethod: "account-100", Start: 15 * (i + 1), Length: 15})
		}
	}
	publish := func(status int) answer {
		return c.want(c.json(http.MethodPost, "/api/flows/frontdoor/publish", publishBody{Revision: c.broke(four)}), status)
	}
	publish(http.StatusOK)
	g, err := c.store.General(t.Context())
	if err == nil {
		g.StrictRingGroups = true
		err = c.store.SaveGeneral(t.Context(), g)
	}
	if err != nil {
		t.Fatal(err)
	}
	var why publishRefusal
	publish(http.StatusUnprocessableEntity).into(t, &why)
	if got := fmt.Sprint(why.Problems); len(why.Problems) != 1 || why.Problems[0].ID != "ring-many" || why.Problems[0].Field != "destinations" {
		t.Errorf("strict: %s", got)
	}
}
