package ui

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/ui/browsertest"
)

// rounds is a call that came to the gate of gateWorld so often.
func rounds(n int) call.LedgerEntry {
	at := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	e := call.LedgerEntry{Call: "20261122-120000-round00", Started: at, Ended: at.Add(time.Minute), Outcome: "answered", Cause: call.CauseFlowEnded,
		Flow: call.FlowRef{ID: "main", Name: "Main", Version: 1}, Path: []call.PathEntry{{Module: "in", Name: "In", Kind: "internal-number", Entered: at, Left: at, Exit: "next"}}}
	for i := range n {
		entered := at.Add(time.Duration(i+1) * time.Second)
		e.Path = append(e.Path, call.PathEntry{Module: "gate", Name: "Gate", Kind: "time-router", Entered: entered, Left: entered.Add(time.Second), Exit: "open",
			Reason: call.Reason{Code: "intervals", Text: "open: it is day", Facts: []call.Fact{{Name: "rule", Value: "2"}}}})
	}
	return e
}

func TestEveryVisitOfALoopIsReachedInATraceAndAskedWhyNotByKeys(t *testing.T) {
	w := gateWorld(t)
	d, err := w.store.Draft(t.Context(), "main")
	if err != nil {
		t.Fatal(err)
	}
	d.Flow.Modules = append(d.Flow.Modules, flow.Module{ID: "night", Kind: "hangup", Name: "Night", X: 700, Settings: &flow.Hangup{}})
	d.Flow.Modules[1].X = 300
	d.Flow.Modules[1].HangUpHere = []flow.Exit{"open"}
	d.Flow.Cables = append(d.Flow.Cables, flow.Cable{From: "gate", Exit: "closed", To: "night"})
	revision, err := w.store.SaveDraft(t.Context(), d.Flow, d.Revision, "tests")
	if err == nil {
		_, err = w.store.Publish(t.Context(), "main", revision, "tests", "")
	}
	e := rounds(7)
	e.Flow.Version = 2
	if err == nil {
		err = w.store.SaveLedger(t.Context(), e)
	}
	if err != nil {
		t.Fatal(err)
	}
	tab := atTheDeskOf(t, w, directory.Supervisor, "main")
	tab.Show(browsertest.Eval[string](tab.Tab, "location.origin") + "/calls/" + string(e.Call) + "/trace")
	tab.Until("the way", `document.querySelectorAll("[data-pass]").length === 8`)
	tab.Until("the order on the canvas", `document.querySelector("[data-module=gate] .fe-order").textContent === "2, 3 … 8 (7×)"`)
	tab.Focus("[data-canvas]")
	tab.Keys(kb.ArrowRight)
	tab.Until("the entry is chosen", `document.querySelector(".fe-trace h2").textContent.startsWith("In")`)
	tab.Keys(kb.ArrowRight, kb.ArrowRight)
	tab.Until("every visit of the gate", `document.querySelectorAll("[data-pass]").length === 7 && document.querySelector(".fe-trace h2").textContent.includes("7 visits")`)
	tab.Until("exits taken and not", `document.querySelector(".fe-taken-exits .fe-on").textContent === "taken: open" && document.querySelector(".fe-taken-exits li:not(.fe-on)").textContent === "not taken: closed → Night"`)
	tab.Keys(kb.ArrowRight, kb.ArrowDown, kb.ArrowRight)
	tab.Until("why it did not come to the night", `document.querySelector("[data-why]").textContent.includes("The call left “Gate” by “open”: open: it is day, and no cable leads on from there.")`)
	inspect(t, tab.Tab)
	tab.clean()
}
