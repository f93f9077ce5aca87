//go:build screenshots

package ui

import (
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/ui/browsertest"
)

// someFrames lets the page be drawn ten times.
const someFrames = `new Promise((done) => { let n = 0; const next = () => n++ < 10 ? requestAnimationFrame(next) : done(true); next() })`

// TestScreenshots pictures every page for a person to look at, in both themes,
// on a desk and on a phone; `make screenshots` runs it.
func TestScreenshots(t *testing.T) {
	dir := os.Getenv("UI_SHOTS")
	if dir == "" {
		t.Fatal("set UI_SHOTS to the folder for the pictures")
	}
	w := newTown(t)
	server := httptest.NewServer(w.panel)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	empty := newWorld(t)
	first := httptest.NewServer(empty.panel)
	t.Cleanup(func() { first.CloseClientConnections(); first.Close() })
	owner, founder := w.as(directory.Owner), empty.as(directory.Owner)
	tab := browsertest.Open(t, 20*time.Minute)
	tall := func(name string, height int64) {
		for _, width := range widths {
			tab.Size(width, height)
			if tab.Is(`document.querySelector("flow-editor") !== null`) {
				tab.Until("the flow is drawn", canvasReady)
				browsertest.Eval[bool](tab, someFrames) // in which it finds its place for the size of the screen
			}
			for _, theme := range []string{"light", "dark"} {
				tab.Theme(theme)
				tab.Picture(filepath.Join(dir, fmt.Sprintf("%s-%d-%s.png", name, width, theme)))
			}
		}
	}
	look := func(name string) { tall(name, 900) }
	for _, s := range w.vistas() {
		tab.Size(widths[0], 900)
		w.visit(tab, server.URL, map[bool]*client{false: owner}[s.nobody])
		tab.Weigh(server.URL + s.path)
		look(s.name)
	}
	tab.Size(widths[0], 900)
	w.visit(tab, server.URL, owner)
	for _, scene := range editorScenes {
		tab.Size(widths[0], 900)
		tab.Show(server.URL + "/flows/main-line")
		tab.Until("the flow is drawn", canvasReady)
		scene.open(tab)
		look("editor-" + scene.name)
	}
	for _, kind := range w.everyKind() {
		tab.Size(widths[0], 900)
		inspector(tab, server.URL, kind)
		tall("kind-"+kind, 1500) // forms are longer than a window
	}
	w.live.meet()
	tab.Size(widths[0], 900)
	tab.Show(server.URL + "/live")
	look("live-conference")
	w.visit(tab, first.URL, founder)
	for _, path := range []string{"/", "/flows", "/numbers", "/contact-methods", "/users", "/trunks", "/schedules", "/audio", "/queues", "/lists", "/settings/mail", "/calls", "/live", "/tokens", "/audit"} {
		tab.Size(widths[0], 900)
		tab.Weigh(first.URL + path)
		look("empty-" + filepath.Base("home"+path))
	}
}

// meet puts three callers into a conference, with the second as its host.
func (l *fakeLive) meet() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, who := range []call.Party{{Number: "+46701234567", Name: "Ada Lovelace"}, {Number: "101", Name: "Bob Öztürk-Lindqvist"}, {}} {
		since := sampleNow.Add(-time.Duration(i*250+20) * time.Second)
		l.met = append(l.met, call.Position{Call: call.NewID(since, [7]byte{7, byte(i)}), Caller: who, Called: "+15550100", Started: since, Since: since, Direction: "inbound",
			Flow: call.FlowRef{ID: "gates", Name: "Gates", Version: 1}, Module: "room", Name: "Monday meeting", Kind: "conference", Room: "gates/room", Host: i == 1})
	}
}
