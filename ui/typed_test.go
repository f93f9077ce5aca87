package ui

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"tandem/flow"
	"tandem/ui/browsertest"
)

// types puts a value into a field of the open form, and in the same moment, so
// that nothing could be sent yet, does something else.
func (d desk) types(field, value, then string) {
	d.t.Helper()
	d.Until(field, `document.querySelector('[data-form] [name="`+field+`"]')`)
	browsertest.Eval[bool](d.Tab, fmt.Sprintf(`(() => { const f = document.querySelector('[data-form] [name=%q]'); f.focus(); f.value = %q;
		f.dispatchEvent(new Event("input", { bubbles: true })); %s; return true })()`, field, value, then))
}

// another chooses another module as a click on it does.
const anotherModule = `document.querySelector("[data-module=message] .fe-head").click()`

// saves waits until a value stands in the draft as it is stored.
func (d desk) saves(what, expression string) {
	d.t.Helper()
	d.Until(what, `fetch("/api/flows/`+d.flow+`/draft").then((a) => a.json()).then((d) => { const of = (id) => d.flow.modules.find((m) => m.id === id); window.stands = Boolean(`+expression+`); }) && window.stands`)
}

func TestWhatWasTypedLastIsKeptWhenAnotherModuleIsChosenAtOnce(t *testing.T) {
	d := atTheDesk(t, "main-line")
	d.open("menu")
	d.types("timeout", "9", anotherModule)
	d.Until("the other form", `document.querySelector("[data-form=audio-playback] fieldset")`)
	d.saves("the time", `of("menu").settings.timeout === 9`)
	d.Click("[data-module=menu] .fe-head")
	d.Until("the form has it", `document.querySelector("[data-form=voice-menu] [name=timeout]").value === "9"`)
	d.types("playbacks", "4", `document.querySelector("[data-action=publish]").click()`)
	d.Click("[data-action=publish-now]")
	d.Until("it is in force", `fetch("/api/flows/main-line/draft").then((a) => a.json()).then((d) => { window.second = d.published === 2; }) && window.second`)
	if v, err := d.who.store.Version(t.Context(), "main-line", 2); err != nil || set[*flow.VoiceMenu](&v.Flow, "menu").Playbacks != 4 {
		t.Errorf("version 2 lacks what was typed last: %v", err)
	}
	d.clean()
}

func TestWhatWasTypedWhileTheServerWasAwayIsSavedOnceItIsBack(t *testing.T) {
	d := atTheDesk(t, "main-line")
	d.open("menu")
	d.Offline(true)
	d.types("timeout", "11", "")
	d.Until("it says so", `document.querySelector(".fe-form [role=alert]").textContent.includes("kept")`)
	browsertest.Eval[bool](d.Tab, "(() => { "+anotherModule+"; return true })()")
	d.Until("the other module", `document.querySelector("[data-inspector=message]")`)
	browsertest.Eval[bool](d.Tab, `(() => { document.querySelector("[data-module=menu] .fe-head").click(); return true })()`)
	d.Until("it stands as typed, without the server", `document.querySelector("[data-form=voice-menu] [name=timeout]").value === "11" && document.querySelector(".fe-form [role=alert]")`)
	browsertest.Eval[bool](d.Tab, "(() => { "+anotherModule+"; return true })()")
	d.Offline(false)
	d.saves("the time", `of("menu").settings.timeout === 11`)
	d.Until("the other form comes by itself", `document.querySelector("[data-form=audio-playback] fieldset") && !document.querySelector(".fe-form [role=alert]")`)
	d.Complaints() // the browser tells of what it could not fetch
}

func TestAReloadLosesNothingThatWasNotSavedYet(t *testing.T) {
	d := atTheDesk(t, "main-line")
	address := browsertest.Eval[string](d.Tab, "location.origin") + "/flows/main-line"
	d.Show("about:blank")
	d.Show(address + "#menu/timeout") // no mouse has moved here, so the browser does not ask whether to leave
	d.Until("the form", `document.activeElement.name === "timeout"`)
	d.types("timeout", "14", `
		const note = document.querySelector("#fe-note"), set = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set;
		set.call(note, "Kept"); note.dispatchEvent(new Event("input", { bubbles: true }));
		location.reload()`)
	d.saves("both", `of("menu").settings.timeout === 14 && of("menu").note === "Kept"`)
	d.Until("it is said", canvasReady+` && document.querySelector(".fe-toast")?.textContent.includes("is back")`)
	d.Complaints() // the browser tells that it would have asked whether to leave
	d.Show("about:blank")
	d.Show(address)
	d.Until("it is not put in twice", canvasReady+` && !document.querySelector(".fe-toast")`)
	d.clean()
}

func TestWhatCannotBeReadStaysAsTypedAndStopsThePublish(t *testing.T) {
	d := atTheDesk(t, "main-line")
	d.broken(func(f *flow.Flow) {
		f.Modules = append(f.Modules, flow.Module{ID: "hours", Kind: "time-router", Name: "Hours", X: 260, Y: 420, Settings: &flow.TimeRouter{
			Intervals: []flow.Interval{{Weekdays: flow.Weekdays[1:6], From: 8 * 60, To: 17 * 60}}}})
		leads(f, "number", "next", "hours")
		leads(f, "hours", "open", "menu")
		leads(f, "hours", "closed", "goodbye")
	})
	d.open("hours")
	d.types("intervals.0.from", "half 9", "")
	const wrong = `document.querySelector('[data-for="intervals.0.from"]').textContent.includes("half 9")`
	d.Until("what is wrong", wrong)
	browsertest.Eval[bool](d.Tab, "(() => { "+anotherModule+"; return true })()")
	d.Until("the other form", `document.querySelector("[data-form=audio-playback] fieldset")`)
	d.Click("[data-action=problems]")
	d.Click(`.fe-problems [data-field="intervals.0.from"]`)
	d.Until("it stands as typed, and has the focus", `document.activeElement.name === "intervals.0.from" && document.activeElement.value === "half 9" && `+wrong)
	d.Click("[data-action=publish]")
	d.Until("it is in the way", `document.querySelector("dialog[open] [data-field='intervals.0.from']") && document.querySelector("[data-action=publish-now]").disabled`)
	if at := d.settings("hours").(*flow.TimeRouter).Intervals[0]; at.From != 8*60 {
		t.Errorf("it opens at %v, which nobody has typed", at.From)
	}
	d.Click(`dialog[open] [data-field="intervals.0.from"]`)
	d.Until("the field again", `document.activeElement.name === "intervals.0.from"`)
	d.types("intervals.0.from", "09:30", "")
	d.saves("the time that was meant", `of("hours").settings.intervals[0].from === "09:30"`)
	d.Until("nothing is wrong", `!document.querySelector(".fe-problems [data-field='intervals.0.from']") && !(`+wrong+`)`)
	d.clean()
}

func TestANameThatCannotBeOneStaysAsTypedAndIsSaid(t *testing.T) {
	d := atTheDesk(t, "main-line")
	d.open("menu")
	d.Type("#fe-name", "Message")
	d.Until("it is said", `document.querySelector("#fe-name-problem").textContent.includes("It stays Main menu")`)
	d.Click("[data-module=message] .fe-head")
	d.Until("the other", `document.querySelector("[data-inspector=message]")`)
	d.Click("[data-module=menu] .fe-head")
	d.Until("as typed", `document.querySelector("[data-inspector=menu] #fe-name").value === "Message" && document.querySelector("#fe-name-problem")`)
	d.Type("#fe-name", "Messages")
	d.saves("a name of its own", `of("menu").name === "Messages"`)
	d.Type("#fe-note", "Spoken by Ada")
	d.saves("the note, before the field is left", `of("menu").note === "Spoken by Ada"`)
	d.Focus("[data-canvas]")
	d.Chord("z")
	d.saves("a note is undone as one", `!of("menu").note && of("menu").name === "Messages"`)
	d.clean()
}

func TestAnUndoTakesTheFindingWithIt(t *testing.T) {
	d := atTheDesk(t, "main-line")
	d.open("menu")
	d.types("timeout", "121", "")
	d.Until("the finding", `document.querySelector("[data-for=timeout]").textContent.includes("1 to 120")`)
	d.saves("the time is kept, wrong as it is", `of("menu").settings.timeout === 121`)
	d.Focus("[data-canvas]")
	d.Chord("z")
	d.Until("both are gone", `document.querySelector("[data-form=voice-menu] [name=timeout]").value === "5" && document.querySelector("[data-for=timeout]").textContent === ""`)
	d.clean()
}

// broken saves the flow of the desk with a change, and opens it anew.
func (d desk) broken(change func(*flow.Flow)) {
	d.t.Helper()
	draft, err := d.who.store.Draft(d.t.Context(), d.flow)
	if err == nil {
		change(&draft.Flow)
		_, err = d.who.store.SaveDraft(d.t.Context(), draft.Flow, draft.Revision, "owner@example.org")
	}
	if err != nil {
		d.t.Fatal(err)
	}
	d.Show(browsertest.Eval[string](d.Tab, "location.origin") + flowPage(d.flow))
	d.Until("the flow is drawn", canvasReady)
}

// leadsTo is where each row of the panel of problems must put the focus, by the
// path of its field: what the focused thing is called.
func leadsTo(module, field string) string {
	quoted := func(s string) string { return fmt.Sprintf("%q", s) }
	switch {
	case module == "" && strings.HasPrefix(field, "tabs."):
		return `document.activeElement.closest("[data-tab]")`
	case module == "" && strings.HasPrefix(field, "tests."):
		return `document.activeElement.closest(".fe-tests")`
	case module == "" && (strings.HasPrefix(field, "notes.") || strings.HasPrefix(field, "frames.")):
		return `document.querySelector(".react-flow__node.selected")`
	}
	inspector := `document.querySelector("[data-inspector=` + module + `]").contains(document.activeElement)`
	switch {
	case strings.HasPrefix(field, "exits."), field == "name", field == "tab":
		return inspector + ` && document.activeElement.dataset.beside === ` + quoted(field)
	case field == "" || field == "id" || field == "cables":
		return inspector + ` && document.activeElement.matches(".fe-findings")`
	}
	// A picker stands before the field that it fills in.
	return inspector + ` && ((e) => { const name = e.name || e.parentElement.querySelector("[name]")?.name || "", line = e.closest(".field")?.querySelector('[data-for="' + ` + quoted(field) + ` + '"]');
		return (name === ` + quoted(field) + ` || e.dataset.at === ` + quoted(field) + ` || name.startsWith(` + quoted(field+".") + `) || line) && (line || document.querySelector('[data-for="' + ` + quoted(field) + ` + '"]')).textContent !== "" })(document.activeElement)`
}

func TestEveryRowOfTheProblemsLeadsToItsField(t *testing.T) {
	t.Parallel()
	c := frontDoor(t)
	d := atTheDeskOf(t, c.world, "admin", "frontdoor")
	for _, b := range append(broken, warned...) {
		t.Run(strings.ReplaceAll(b.name, " ", "_"), func(t *testing.T) {
			d := d
			d.t, d.Tab, c.t = t, d.Tab.For(t), t
			c.broke(b.breaks)
			d.Show(browsertest.Eval[string](d.Tab, "location.origin") + flowPage("frontdoor"))
			d.Until("the flow is drawn", canvasReady)
			d.Click("[data-action=problems]")
			row := fmt.Sprintf(`.fe-problems [data-problem=%q][data-field=%q][data-module-id=%q]`, b.id, b.field, b.module)
			if b.module == "" {
				row = fmt.Sprintf(`.fe-problems [data-problem=%q]`, b.id)
			} else if b.field == "" {
				row = fmt.Sprintf(`.fe-problems [data-problem=%q][data-module-id=%q]`, b.id, b.module)
			}
			d.Focus(row)
			d.Keys(kb.Enter)
			if b.id == "no-entry" {
				d.Until("a way in is offered", `document.activeElement.getAttribute("role") === "combobox" && document.querySelector("[data-option=phone-number]") && !document.querySelector("[data-option=hangup]")`)
				return
			}
			d.Until("the field", leadsTo(b.module, b.field))
			d.Until("what has the focus is in view", `((r) => r.width > 0 && r.top >= 0 && r.bottom <= innerHeight)(document.activeElement.getBoundingClientRect())`)
		})
	}
	d.clean()
}

// warned are flows about which the panel warns, as broken lists those it refuses.
var warned = []struct {
	name              string
	breaks            func(*flow.Flow)
	id, module, field string
}{
	{"four to ring", func(f *flow.Flow) {
		r := set[*flow.RingGroup](f, "ring")
		for i := range 3 {
			r.Destinations = append(r.Destinations, flow.RingDestination{ContactMethod: "account-100", Start: 15 * (i + 1), Length: 15})
		}
	}, "ring-many", "ring", "destinations"},
	{"a phone that never registered", func(*flow.Flow) {}, "no-binding", "ring", "destinations.0.contact_method"},
	{"a member who never registered", func(*flow.Flow) {}, "no-binding", "wait", "members.0.contact_method"},
	{"a router that never opens", func(f *flow.Flow) { set[*flow.TimeRouter](f, "hours").Intervals = nil }, "never-open", "hours", "intervals"},
	{"a router that never closes", func(f *flow.Flow) {
		set[*flow.TimeRouter](f, "hours").Intervals = []flow.Interval{{Weekdays: flow.Weekdays, To: 24 * 60}}
	}, "always-open", "hours", "intervals"},
	{"two intervals of one hour", func(f *flow.Flow) {
		h := set[*flow.TimeRouter](f, "hours")
		h.Intervals = append(h.Intervals, flow.Interval{Weekdays: []string{"monday"}, From: 16 * 60, To: 18 * 60})
	}, "schedule-overlap", "hours", "intervals.1"},
	{"a key that begins another", func(f *flow.Flow) {
		set[*flow.VoiceMenu](f, "menu").Entries = []string{"1", "2", "3", "12"}
		leads(f, "menu", "key:12", "say")
	}, "menu-prefix", "menu", "entries.0"},
	{"a number that moves here", func(f *flow.Flow) {
		set[*flow.InternalNumber](f, "in").InternalNumber, set[*flow.InternalNumber](f, "in").Move = "101", true
	}, "internal-number-moves", "in", "internal_number"},
	{"a mail that cannot leave", func(f *flow.Flow) { before(f, "notification", &flow.Notification{To: []string{"office-mail"}}, "next") }, "mail-unset", "more", "to"},
	{"a callback of nobody who waited", func(f *flow.Flow) {
		before(f, "callback", &flow.Callback{}, "accepted")
	}, "callback-unwaited", "more", ""},
	{"another zone than the schedule's", func(f *flow.Flow) {
		*set[*flow.TimeRouter](f, "hours") = flow.TimeRouter{Source: "schedule", Schedule: "office", Zone: "Asia/Tokyo"}
	}, "zone-differs", "hours", "zone"},
}
