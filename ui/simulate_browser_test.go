package ui

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"tandem/flow"
	"tandem/flow/directory"
	"tandem/ui/browsertest"
)

// tried is a flow in which an imagined call can meet everything that a scenario
// can say something about.
func tried(t *testing.T) (*world, flow.Flow) {
	t.Helper()
	w := flowWorld(t)
	f := flow.Flow{ID: "tried", Name: "Tried", Modules: []flow.Module{
		{ID: "go", Kind: flow.KindStart, Name: "Start", Settings: &flow.Start{}},
		{ID: "gate", Kind: "time-router", Name: "Gate", X: 300, Settings: &flow.TimeRouter{Intervals: []flow.Interval{{Weekdays: flow.Weekdays, From: 0, To: 24 * 60}}}},
		{ID: "ask", Kind: "http-request", Name: "Ask", X: 600, Settings: &flow.HTTPRequest{URL: "https://crm.example/x", Variables: []flow.HTTPVariable{{Name: "team", Path: "team"}}}},
		{ID: "desk", Kind: "queue", Name: "Desk", X: 900, Settings: &flow.Queue{MaxWaiting: 2, EscapeKey: "9", Confirm: "on", Members: []flow.QueueMember{{ContactMethod: "account-100"}, {ContactMethod: "account-101"}}}},
		{ID: "back", Kind: flow.KindCallback, Name: "Back", X: 1200, Settings: &flow.Callback{}},
		{ID: "bye", Kind: "hangup", Name: "Bye", X: 1500, Settings: &flow.Hangup{}},
	}}
	for _, c := range [][3]string{{"go", "next", "gate"}, {"gate", "open", "ask"}, {"gate", "closed", "bye"}, {"ask", "ok", "desk"}, {"ask", "failed", "bye"},
		{"desk", "timeout", "bye"}, {"desk", "full", "bye"}, {"desk", "escape", "back"}, {"back", "accepted", "bye"}, {"back", "declined", "bye"}} {
		f.Cables = append(f.Cables, flow.Cable{From: c[0], Exit: flow.Exit(c[1]), To: c[2]})
	}
	err := w.store.CreateFlow(t.Context(), f, "tests")
	if err == nil {
		_, err = w.store.Publish(t.Context(), f.ID, 1, "tests", "")
	}
	if err == nil {
		err = w.store.BindNumber(t.Context(), "+15550101", f.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	return w, f
}

// fill puts a value into the field of the scenario with a label.
func (d desk) fill(label, value string) {
	d.t.Helper()
	find := fmt.Sprintf(`[...document.querySelectorAll(".fe-scenario input, .fe-scenario select")].find((e) => (e.ariaLabel || e.closest("label").firstChild.textContent) === %q)`, label)
	d.Until("the field "+label, find)
	d.Is(fmt.Sprintf(`(() => { const e = %s; Object.getOwnPropertyDescriptor(Object.getPrototypeOf(e), "value").set.call(e, %q); e.dispatchEvent(new Event(e.tagName === "SELECT" ? "change" : "input", { bubbles: true })); return true })()`, find, value))
}

// filled are what a scenario can hold, by the label of its field.
var filled = [][2]string{
	{"Caller", "+46700000009"}, {"Caller’s name", "Ann"}, {"When", "2026-12-24T17:30"}, {"Zone", "Europe/Stockholm"},
	{"Keys at prompt 1", "99"}, {"Seconds before the keys at prompt 1", "2.5"}, {"Seconds between the keys at prompt 1", "0.5"},
	{"What Phone 100 does", "declines"}, {"Seconds until Phone 100 declines", "4"}, {"What Phone 101 does", "answers"}, {"What Phone 101 does when asked to press 1", "ignores"},
	{"Callers who wait in Desk already", "1"}, {"Phone 100 in Desk", "paused"}, {"How Gate is held", "open"},
	{"What the server of Ask does", "200"}, {"Value of team in the answer of Ask", "sales"},
	{"Seconds until the caller gives up", "300"}, {"Seconds of talk", "12"}, {"Who ends the talk", "callee"},
}

const wholeScenario = `{"entry":"go","caller":"+46700000009","caller_name":"Ann","called":"+15550101","at":"2026-12-24T17:30:00+01:00",
	"keys":[{"digits":"99","after":"2.5s","gap":"500ms"}],
	"phones":{"account-100":{"does":"declines","after":"4s"},"account-101":{"does":"answers","confirms":"ignores"}},
	"replies":{"ask":{"status":200,"variables":[{"name":"team","value":"sales"}]}},"overrides":{"gate":"open"},
	"queues":{"desk":{"waiting":1,"away":{"account-100":"paused"}}},"talk_for":"12s","hang_up_by":"callee","give_up":"5m0s"}`

func (d desk) test() flow.Test {
	d.t.Helper()
	all := d.who.draft(d.flow).Flow.Tests
	if len(all) != 1 {
		d.t.Fatalf("%d tests are saved", len(all))
	}
	return all[0]
}

func TestAllOfAScenarioIsSetKeptSavedAndLoadedAgain(t *testing.T) {
	t.Parallel()
	w, f := tried(t)
	d := atTheDeskOf(t, w, directory.FlowEditor, f.ID)
	d.Click("[data-action=simulate]")
	for _, x := range filled {
		d.fill(x[0], x[1])
	}
	d.Click("[data-action=simulate]") // closes the drawer
	d.Until("it is closed", `!document.querySelector(".fe-simulate")`)
	d.Click("[data-action=simulate]")
	d.Until("what was typed is kept", `document.querySelector('[aria-label="Seconds of talk"]').value === "12"`)
	d.Click("[data-action=run]")
	d.Until("the outcome", `document.querySelector(".fe-outcome")`)
	d.Click("[data-action=save-test]")
	d.Until("it is saved", `document.querySelector("[data-test]") && document.querySelector("[data-save=saved]")`)
	var want flow.Scenario
	if err := json.Unmarshal([]byte(wholeScenario), &want); err != nil {
		t.Fatal(err)
	}
	got := d.test().Scenario
	if !got.At.Equal(want.At) {
		t.Errorf("at %v, want %v", got.At, want.At)
	}
	if got.At = want.At; !reflect.DeepEqual(got, want) {
		text, _ := json.Marshal(got)
		t.Errorf("saved\n%s\nwant\n%s", text, wholeScenario)
	}

	inspect(t, d.Tab)
	d.Size(1440, 900)
	d.Show(browsertest.Eval[string](d.Tab, "location.href"))
	d.Until("the flow is drawn", canvasReady)
	d.Click("[data-action=simulate]")
	d.Click("[data-test] .fe-test")
	d.Until("it runs", `document.querySelector(".fe-outcome")`)
	d.fill("Zone", "Europe/Stockholm")
	for _, x := range filled {
		if x[0] == "When" {
			continue // the same moment, in the zone of the office
		}
		d.Until(x[0]+" is loaded", fmt.Sprintf(`[...document.querySelectorAll(".fe-scenario input, .fe-scenario select")].find((e) => (e.ariaLabel || e.closest("label").firstChild.textContent) === %q).value === %q`, x[0], x[1]))
	}
	d.clean()
}

func TestASavedTestIsRenamedChangedShownWhereItPartsAndAccepted(t *testing.T) {
	t.Parallel()
	w, f := tried(t)
	d := atTheDeskOf(t, w, directory.FlowEditor, f.ID)
	d.Click("[data-action=simulate]")
	d.fill("How Gate is held", "closed")
	d.Click("[data-action=run]")
	d.Click("[data-action=save-test]")
	menu := func(item string) {
		t.Helper()
		d.Click("[data-test] .fe-menu > button")
		d.Until(item, fmt.Sprintf(`[...document.querySelectorAll("[data-test] [role=menuitem]")].some((e) => e.firstChild.textContent === %q && (e.click(), true))`, item))
	}
	menu("Rename…")
	d.Until("its name is written", `document.activeElement.matches(".fe-rename")`)
	d.Keys("Closed hours", kb.Enter)
	d.Until("it is renamed", `document.querySelector("[data-test] .fe-name").textContent === "Closed hours" && document.querySelector("[data-save=saved]")`)

	d.fill("Caller", "")
	d.Click("[data-action=run]")
	d.Click("[data-action=change-test]")
	d.Until("it is saved", `document.querySelector("[data-save=saved]")`)
	if got := d.test(); got.Name != "Closed hours" || got.Scenario.Caller != "" || len(got.Want) != 3 {
		t.Errorf("the test is %+v", got)
	}

	draft := d.who.draft(f.ID)
	for i := range draft.Flow.Cables { // closed calls are asked about, too
		if c := &draft.Flow.Cables[i]; c.Exit == "closed" {
			c.To = "ask"
		}
	}
	if _, err := w.store.SaveDraft(t.Context(), draft.Flow, draft.Revision, "a colleague"); err != nil {
		t.Fatal(err)
	}
	d.Until("the colleague's work is here", `document.querySelector('[data-cable*="gate"][data-cable*="closed"]')`)
	d.ClickUntil("[data-action=run-tests]", "it fails and says where", `document.querySelector("[data-test].fe-bad .fe-sub").textContent.startsWith("Fails at step 3: expected Bye, the call came to Ask")`)
	d.Until("it is shown where it parts", `document.querySelector("[data-module=ask].fe-selected.fe-on-path")`)
	menu("Accept what happens now")
	d.Until("it is saved", `document.querySelector("[data-test].fe-good") && document.querySelector("[data-save=saved]")`)
	if got := d.test(); got.Want[2].Module != "ask" {
		t.Errorf("what was accepted is %+v", got.Want)
	}
	menu("Remove")
	d.Until("it is gone", `!document.querySelector("[data-test]")`)
	d.clean()
}
