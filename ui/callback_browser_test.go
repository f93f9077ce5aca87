package ui

import (
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"tandem/flow"
	"tandem/flow/directory"
	"tandem/ui/browsertest"
)

// axeBoth reports what axe-core finds in both lightings.
func axeBoth(t *testing.T, tab *browsertest.Tab) {
	t.Helper()
	for theme, rules := range lightings {
		tab.Theme(theme)
		for _, finding := range tab.Axe(rules...) {
			t.Errorf("%s: %s", theme, finding)
		}
	}
}

func TestACallbackIsSetInTheInspector(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	server := httptest.NewServer(w.panel)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	d := desk{browsertest.Open(t, 2*time.Minute), t, w.as(directory.Owner), "helpdesk"}
	d.Size(widths[0], 900)
	w.visit(d.Tab, server.URL, d.who)
	d.Show(server.URL + flowPage(d.flow))
	d.Until("the flow is drawn", canvasReady)
	d.open("back")
	axeBoth(t, d.Tab)
	if !d.Is(`document.querySelector("long-minutes output").value === "= 2 h 30 min"`) {
		t.Error("150 minutes are not told in hours")
	}
	d.Type("[name=window]", "90")
	d.Until("the hours follow", `document.querySelector("long-minutes output").value === "= 1 h 30 min"`)
	d.reads("back", "within 1 h 30 min")
	if got := d.settings("back").(*flow.Callback).Window; got != 90 {
		t.Errorf("the window is %d", got)
	}
	d.Type("[name=tries]", "9")
	d.Until("what is wrong stands at the field", `document.querySelector("[data-form] [data-for=tries]").textContent.includes("1 to 5")`)
	d.clean()
}

func TestACallbackIsWithdrawnWithTheMouse(t *testing.T) {
	w := newTown(t)
	server := httptest.NewServer(w.panel)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	tab := browsertest.Open(t, 2*time.Minute)
	tab.Size(widths[0], 900)
	w.visit(tab, server.URL, w.as(directory.Supervisor))
	tab.Show(server.URL + "/queues/helpdesk.wait")
	tab.Click("[aria-label='Withdraw: call back +4930901820']")
	tab.Until("it asks", `document.querySelector(".ask[open]").textContent.includes("+4930901820 is not called back")`)
	axeBoth(t, tab)
	tab.Click(".ask[open] form button")
	tab.Until("it says that this is done", `document.body.textContent.includes("Withdrawn. They are not called back.")`)
	w.live.mu.Lock()
	defer w.live.mu.Unlock()
	if !slices.Equal(w.live.moved, []string{"callback 3 withdrawn"}) {
		t.Errorf("done: %q", w.live.moved)
	}
	for _, line := range tab.Complaints() {
		t.Error("the console says", line)
	}
}
