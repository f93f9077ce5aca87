package e2e

import (
	"slices"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/ui/browsertest"
)

// A draft is called from the browser: a person at the editor hears its prompt,
// keys through it and talks with a real phone, while the canvas shows the way.
func TestADraftIsCalledFromTheBrowser(t *testing.T) {
	x := openTrial(start(t))
	whole := x.draft
	whole.Modules = slices.DeleteFunc(slices.Clone(whole.Modules), func(m flow.Module) bool { return m.ID == "bye" }) // no call reaches it
	for i := range whole.Modules {
		whole.Modules[i].X = 320 * i
	}
	x.revision = x.edit(x.store, whole)
	tab := browsertest.Open(t, 3*time.Minute, browsertest.Speaks(t, triedTone))
	tab.Size(1440, 900)
	tab.Show(x.HTTP + "/sign-in")
	tab.Type("#email", "admin@tandem.local")
	tab.Type("#password", adminPassword)
	tab.Keys(kb.Enter)
	tab.Until("the dashboard", `document.querySelector(".side") && location.pathname === "/"`)
	tab.Show(x.HTTP + "/flows/tried")
	tab.Until("the flow is drawn", canvasReady)
	tab.ListenIn()

	tab.Click("[data-action=test-call]")
	tab.Type(".fe-testcall [inputmode=tel]", "+46 70 000 00 09")
	tab.Click("[data-action=call]")
	tab.Until("the menu lights up", `document.querySelector("[data-module=menu].fe-now") && document.querySelector("[data-module=in].fe-on-path:not(.fe-now)")`)
	tab.Until("the prompt of the draft is heard", browsertest.Hears("700"))
	tab.Click(`[data-key="1"]`)
	ann := x.phone.Called(t)
	if number, _ := ann.From(); number != "+46700000009" {
		t.Errorf("the phone shows %q", number)
	}
	tab.Until("the ring group lights up", `document.querySelector("[data-module=ring].fe-now") && document.querySelectorAll(".fe-cable.fe-lit").length === 2`)
	happened(tab, "Rings Desk of Ann")
	ann.Rings(t).Answers(t).Says(answererTone)
	happened(tab, "Talks with Desk of Ann")
	tab.Until("the phone is heard", browsertest.Hears("600"))
	ann.Hears(t, triedTone, draftTone)
	tab.Click("[data-action=hang-up]")
	ann.AwaitEnd(t)
	happened(tab, "The caller hung up.")
	tab.Until("what became of it is told", `document.querySelector(".fe-testcall .fe-outcome").innerText.includes("Talked with Desk of Ann")`)

	e := x.lastCall()
	if e.Direction != "test" || e.Cause != call.CauseCallerHangup || exits(e) != "phone-number:next voice-menu:key:1 ring-group:" || e.Flow.Draft != x.revision {
		t.Errorf("the ledger says %+v", e)
	}
	if link := browsertest.Eval[string](tab, `document.querySelector("[data-action=show-call]").getAttribute("href")`); link != "/calls/"+string(e.Call) {
		t.Errorf("the drawer leads to %s, the call is %s", link, e.Call)
	}
	for _, line := range tab.Complaints() {
		t.Error("the console says", line)
	}
}

// happened waits for a line of what happened in the drawer of a test call.
func happened(tab *browsertest.Tab, text string) {
	tab.Until(text, `document.querySelector(".fe-testcall ol").innerText.replace(/\s+/g, " ").includes("`+text+`")`)
}
