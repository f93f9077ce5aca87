package ui

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/db/sample"
	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/ui/browsertest"
)

// watching is somebody who watches the sample's main line, and the calls on it.
type watching struct {
	*browsertest.Tab
	*world
	t      *testing.T
	duty   *onDuty
	server *httptest.Server
	who    *client
}

func watch(t *testing.T, role directory.Role, calls ...call.Position) watching {
	t.Helper()
	w := watching{t: t, duty: &onDuty{office: &office{at: calls}}}
	w.world = newWorld(t, func(c *Config) { c.Live = w.duty })
	if _, err := sample.Load(t.Context(), w.store, sample.Options{}); err != nil {
		t.Fatal(err)
	}
	w.server = httptest.NewServer(w.panel)
	t.Cleanup(func() { w.server.CloseClientConnections(); w.server.Close() })
	w.Tab = browsertest.Open(t, time.Minute)
	w.Size(1440, 900)
	w.who = w.as(role)
	w.Cookie(w.server.URL, "tandem", w.who.cookies["tandem"].Value)
	w.Show(w.server.URL + "/flows/main-line/live")
	w.Until("the flow is drawn", canvasReady)
	return w
}

// ringing is the n-th call that the menu has sent to phone 101.
func ringing(n int) call.Position {
	at := time.Now().Add(-time.Duration(n+1) * time.Minute)
	return call.Position{Call: call.ID(fmt.Sprintf("20261122-120000-ring%03d", n)), Caller: call.Party{Number: fmt.Sprintf("+4670000%04d", n)}, Called: "+15550100", Started: at, Since: at,
		Flow: call.FlowRef{ID: "main-line", Name: "Main line", Version: 1}, Module: "ring-101", Name: "Ring 101", Kind: "ring-group", From: "menu", Exit: "key:1", Ringing: []string{"Phone 101"}}
}

// go lets calls be where they are told to be.
func (w watching) goes(calls ...call.Position) {
	w.duty.mu.Lock()
	w.duty.at = calls
	moved := w.duty.office.moved
	w.duty.mu.Unlock()
	moved()
}

func marks(n int) string {
	return fmt.Sprintf(`document.querySelectorAll("[data-mark]").length === %d`, n)
}

func (w watching) clean() {
	w.t.Helper()
	for _, line := range w.Complaints() {
		if !strings.Contains(line, "ERR_") { // a stream that was cut
			w.t.Error("the console says", line)
		}
	}
}

func TestAMarkIsChosenAndItsCallMovedAndHungUp(t *testing.T) {
	t.Parallel()
	w := watch(t, directory.Supervisor, ringing(0), ringing(1))
	w.Until("a mark for each call", marks(2))
	w.Click(`[data-mark="` + string(ringing(1).Call) + `"]`)
	w.Until("who calls, and what goes on", `(t => t.includes("+46700000001") && t.includes("rings Phone 101") && /Here for\s+\d+:\d\d/.test(t))(document.querySelector("[data-card]").innerText)`)
	inspect(t, w.Tab)
	w.Size(1440, 900)
	w.Click("[data-action=move-call]")
	w.Until("modules to move to", `document.querySelector(".fe-picker [role=option]")`)
	if w.Is(`document.querySelector(".fe-picker [data-option=number]")`) {
		t.Error("a call can be moved to where calls come in")
	}
	w.Click(".fe-picker [data-option=message]")
	w.Until("it is told", `document.querySelector(".fe-toast").textContent.includes("goes on at Message")`)
	if len(w.duty.ended) > 0 || len(w.duty.office.at) != 2 {
		t.Error("moving ended a call")
	}
	moved := ringing(1)
	moved.Module, moved.Name, moved.Kind, moved.From, moved.Exit, moved.Ringing = "message", "Message", "audio-playback", "ring-101", exitMoved, nil
	w.goes(ringing(0), moved)
	w.Until("it is where it was moved to, on no cable", marks(1)+` && document.querySelector("[data-module=message] .fe-calls").textContent === "1" && document.querySelector("[data-card]").innerText.includes("Message")`)

	w.Click("[data-action=hang-up]")
	w.Click("[data-action=hang-up-now]")
	w.Until("it is told", `document.querySelector(".fe-toast").textContent.includes("Hanging up")`)
	w.goes(ringing(0))
	w.Until("the card says that it has gone", `document.querySelector(".fe-card").textContent.includes("no longer")`)
	if !slices.Equal(w.duty.ended, []string{string(ringing(1).Call)}) || !slices.Equal(w.duty.moved, []string{string(ringing(1).Call) + " to message by supervisor@example.org"}) {
		t.Errorf("ended %v, moved %v", w.duty.ended, w.duty.moved)
	}
	w.clean()
}

func TestWhoMayNotControlCallsOnlySeesThem(t *testing.T) {
	w := watch(t, directory.ReadOnly, ringing(0))
	w.Click("[data-call] button")
	w.Until("the card", `document.querySelector("[data-card]")`)
	if w.Is(`document.querySelector("[data-action=move-call], [data-action=hang-up]")`) {
		t.Error("a reader is offered to move or hang up")
	}
}

func TestAboveTwentyMarksOnACableANumberStandsInTheirPlace(t *testing.T) {
	var many []call.Position
	for n := range 23 {
		many = append(many, ringing(n))
	}
	w := watch(t, directory.Supervisor, many...)
	w.Until("a number", `document.querySelector("[data-marks]").dataset.marks === "23" && `+marks(0))
	w.Click("[data-marks]")
	w.Until("those calls alone", `document.querySelector(".fe-live h2").textContent.startsWith("By this cable") && document.querySelectorAll("[data-call]").length === 23`)
	w.goes(ringing(3))
	w.Until("a mark again", marks(1))
	w.clean()
}

func TestALiveCanvasThatLostItsStreamComesBackWhole(t *testing.T) {
	t.Parallel()
	w := watch(t, directory.Supervisor, ringing(0))
	w.Until("a mark", marks(1))
	w.Offline(true)
	w.server.CloseClientConnections()
	w.Until("it says so", `document.querySelector(".fe-live").textContent.includes("Connection lost")`)
	w.goes(ringing(1), ringing(2), ringing(3)) // nobody hears of it
	w.Offline(false)
	w.Until("all that is so now", marks(3)+` && !document.querySelector(".fe-live").textContent.includes("Connection lost") && !document.querySelector('[data-mark="`+string(ringing(0).Call)+`"]')`)
}

func TestALiveCanvasShowsWhatIsInForce(t *testing.T) {
	g := gateWorld(t)
	duty := &onDuty{office: &office{at: []call.Position{{Call: "20261122-120000-gate000", Flow: call.FlowRef{ID: "main", Version: 1}, Module: "gone", Name: "Old greeting", Started: time.Now(), Since: time.Now()}}}}
	panel, err := New(Config{Store: g.store, Live: duty})
	if err != nil {
		t.Fatal(err)
	}
	g.panel = panel
	server := httptest.NewServer(g.panel)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	tab := browsertest.Open(t, time.Minute)
	tab.Size(1440, 900)
	boss := g.as(directory.Owner)
	tab.Cookie(server.URL, "tandem", boss.cookies["tandem"].Value)
	tab.Show(server.URL + "/flows/main/live")
	line := func(words string) {
		t.Helper()
		tab.Until("the canvas says "+words, `document.querySelector("[data-module=gate] .fe-sub").textContent.startsWith("`+words+`")`)
	}
	line("Time Router")
	boss.want(boss.json(http.MethodPut, gate, overrideInput{State: "closed"}), 200)
	line("held closed")
	d, err := g.store.Draft(t.Context(), "main")
	if err != nil {
		t.Fatal(err)
	}
	d.Flow.Modules = append(d.Flow.Modules, flow.Module{ID: "more", Kind: "hangup", Name: "More", X: 600, Settings: &flow.Hangup{}})
	d.Flow.Modules[1].HangUpHere = []flow.Exit{"closed"}
	d.Flow.Cables = append(d.Flow.Cables, flow.Cable{From: "gate", Exit: "open", To: "more"})
	revision, err := g.store.SaveDraft(t.Context(), d.Flow, d.Revision, "tests")
	if err == nil {
		_, err = g.store.Publish(t.Context(), "main", revision, "tests", "")
	}
	if err != nil {
		t.Fatal(err)
	}
	tab.Until("the new version", `document.querySelector("[data-module=more]") && document.querySelector(".fe-toolbar").textContent.includes("version 2")`)
	line("held closed")
	tab.Until("a call on the old one, by the name that its module has there", `(t => t.includes("Old greeting") && t.includes("version 1"))(document.querySelector("[data-call]").textContent)`)
}
