package ui

import (
	"net/http"
	"testing"
	"time"

	"tandem/flow/directory"
	"tandem/ui/browsertest"
)

// line waits until the box of the time router begins with some words.
func (d desk) line(words string) {
	d.t.Helper()
	began := time.Now()
	d.Until("the canvas says "+words, `document.querySelector("[data-module=gate] .fe-sub").textContent.startsWith("`+words+`")`)
	if took := time.Since(began); took > 2*time.Second {
		d.t.Errorf("the canvas said %q only after %v", words, took)
	}
}

func TestAnOverrideStandsOnTheCanvasAtOnceWhoeverSetsIt(t *testing.T) {
	w := gateWorld(t)
	d := atTheDeskOf(t, w, directory.Owner, "main")
	pressed := func(state string) {
		t.Helper()
		d.Until("the inspector shows "+state, `document.querySelector("hold-router [aria-pressed=true]").value === "`+state+`"`)
	}
	d.line("Time Router")
	d.open("gate")
	d.Click("hold-router button[value=open]")
	d.line("held open")
	d.Is(`(document.querySelector("hold-router button[value=open]").focus(), true)`)

	boss := w.as(directory.Supervisor) // somebody else, on the page of the flow
	boss.want(boss.json(http.MethodPut, gate, overrideInput{State: "closed"}), 200)
	d.line("held closed")
	pressed("closed")
	if !d.Is(`document.activeElement.value === "open" && document.querySelector("hold-router [data-why]").textContent.includes("supervisor@example.org")`) {
		t.Error("the inspector lost the focus, or does not say who holds it")
	}

	for _, words := range []string{"Time Router", "held open"} { // the code lets it go, and then holds it
		if _, err := w.store.ToggleOverride(t.Context(), "07", "phone 100", time.Now()); err != nil {
			t.Fatal(err)
		}
		d.line(words)
	}
	pressed("open")

	d.Is(`(document.querySelector("[name=zone], [data-form] select").dispatchEvent(new Event("change", {bubbles: true})), true)`)
	d.line("held open")
	if n := browsertest.Eval[int](d.Tab, `document.querySelectorAll("[data-save=saved]").length`); n != 1 {
		t.Error("holding a router changed the draft")
	}
	d.clean()
}

func TestAnOverrideThatRunsOutLeavesTheCanvas(t *testing.T) {
	t.Parallel()
	w := gateWorld(t)
	d := atTheDeskOf(t, w, directory.Owner, "main")
	d.who.want(d.who.json(http.MethodPut, gate, overrideInput{State: "open", Until: time.Now().Add(3 * time.Second).Format(time.RFC3339Nano)}), 200)
	d.line("held open")
	d.Until("it is gone", `!document.querySelector("[data-module=gate] .fe-sub").textContent.includes("held")`)
	d.clean()
}
