package ui

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tandem/flow/directory"
	"tandem/ui/browsertest"
)

// Most bytes that a first visit may fetch, as they are sent, compressed.
const (
	editorBudget = 250_000
	pageBudget   = 60_000
)

// widths of a desk and of a phone.
var widths = []int64{1440, 390}

// lightings and what axe-core looks for in each: all, and once more what colours
// can break.
var lightings = map[string][]string{"light": nil, "dark": {"color-contrast", "link-in-text-block"}}

// canvasReady holds once a flow is drawn.
const canvasReady = `document.querySelector(".fe-root[data-status=ready]")`

// visit signs a tab in as the owner, or as nobody.
func (w *town) visit(tab *browsertest.Tab, address string, who *client) {
	w.t.Helper()
	tab.Forget()
	if who != nil {
		tab.Cookie(address, "tandem", who.cookies["tandem"].Value)
	}
}

// Every page there is, opened as a first visit: its weight, its console, and
// what axe-core finds on it, light and dark, on a desk and on a phone.
func TestEveryPageIsLightCleanAndUsableByAll(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	server := httptest.NewServer(w.panel)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	owner := w.as(directory.Owner)
	tab := browsertest.Open(t, 8*time.Minute)
	var figures strings.Builder
	for _, s := range w.vistas() {
		t.Run(s.name, func(t *testing.T) {
			tab := tab.For(t)
			tab.Size(widths[0], 900)
			tab.Theme("light")
			w.visit(tab, server.URL, map[bool]*client{false: owner}[s.nobody])
			tab.Complaints()
			load, most := tab.Weigh(server.URL+s.path), pageBudget
			if s.canvas {
				most = editorBudget
				tab.Until("the flow is drawn", canvasReady)
			}
			fmt.Fprintf(&figures, "%7d bytes in %2d requests: %s\n", load.Bytes, load.Requests, s.path)
			if load.Bytes > most || load.Bytes == 0 {
				t.Errorf("a first visit fetches %d bytes, want at most %d", load.Bytes, most)
			}
			for _, failed := range load.Failed {
				t.Error("not loaded:", failed)
			}
			inspect(t, tab)
			for _, line := range tab.Complaints() {
				if s.name != "missing" || !strings.Contains(line, "404") { // the browser tells of the page's own status
					t.Error("the console says", line)
				}
			}
		})
	}
	t.Log("first visits:\n" + figures.String())
}

// inspect runs axe-core on the page as it stands, in both lightings and widths,
// and sees that nothing stands beside the window.
func inspect(t *testing.T, tab *browsertest.Tab) {
	t.Helper()
	for _, width := range widths {
		tab.Size(width, 900)
		if wide := browsertest.Eval[int64](tab, "document.documentElement.scrollWidth"); wide > width {
			t.Errorf("the page is %d wide in a window of %d", wide, width)
		}
		for theme, rules := range lightings {
			tab.Theme(theme)
			for _, finding := range tab.Axe(rules...) {
				t.Errorf("%s at %d: %s", theme, width, finding)
			}
		}
	}
}

// The editor is more than what it shows at first.
var editorScenes = []struct {
	name string
	open func(*browsertest.Tab)
}{
	{"module", func(tab *browsertest.Tab) {
		tab.Click("[data-module=menu] .fe-head")
		tab.Until("the form", `document.querySelector("[data-form] input, [data-form] select")`)
	}},
	{"ring-group", func(tab *browsertest.Tab) {
		tab.Click("[data-module=ring-101] .fe-head")
		tab.Until("the form", `document.querySelector("ring-line li")`)
	}},
	{"add", func(tab *browsertest.Tab) {
		tab.Focus("[data-canvas]")
		tab.Keys("/")
		tab.Until("the list of kinds", `document.querySelector(".fe-picker")`)
	}},
	{"problems", func(tab *browsertest.Tab) {
		tab.Click("[data-action=problems]")
		tab.Until("the problems", `document.querySelector(".fe-problems li")`)
	}},
	{"simulate", func(tab *browsertest.Tab) {
		tab.Click("[data-action=simulate]")
		tab.Click("[data-action=run]")
		tab.Until("the outcome", `document.querySelector(".fe-outcome")`)
	}},
	{"test-call", func(tab *browsertest.Tab) {
		tab.Click("[data-action=test-call]")
		tab.Until("the keypad", `document.querySelector(".fe-keypad")`)
	}},
	{"publish", func(tab *browsertest.Tab) {
		tab.Click("[data-action=publish]")
		tab.Until("the dialog", `document.querySelector("dialog[open]")`)
	}},
}

func TestTheEditorIsUsableByAllWhateverIsOpen(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	server := httptest.NewServer(w.panel)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	tab := browsertest.Open(t, 2*time.Minute)
	tab.Size(widths[0], 900)
	w.visit(tab, server.URL, w.as(directory.Owner))
	for _, scene := range editorScenes {
		t.Run(scene.name, func(t *testing.T) {
			tab := tab.For(t)
			tab.Show(server.URL + "/flows/main-line")
			tab.Until("the flow is drawn", canvasReady)
			scene.open(tab)
			for theme, rules := range lightings {
				tab.Theme(theme)
				for _, finding := range tab.Axe(rules...) {
					t.Errorf("%s: %s", theme, finding)
				}
			}
			for _, line := range tab.Complaints() {
				t.Error("the console says", line)
			}
		})
	}
}
