package ui

import (
	"fmt"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"tandem/flow"
	"tandem/flow/directory"
	"tandem/ui/browsertest"
)

// large is a flow of n modules in rows of twenty, each cabled to the next.
func large(n int) flow.Flow {
	f := flow.Flow{ID: "large", Name: "Large"}
	for i := range n {
		m := flow.Module{ID: fmt.Sprintf("m%d", i), Name: fmt.Sprintf("Module %d", i), X: i % 20 * 336, Y: i / 20 * 208, Kind: "voice-menu",
			Settings: &flow.VoiceMenu{Audio: "welcome", Entries: []string{"1", "2"}}}
		exit := flow.KeyExit("1")
		if i == 0 {
			m.Kind, m.Settings = "phone-number", &flow.PhoneNumber{Number: "+15550100"}
		}
		f.Modules = append(f.Modules, m)
		if i == 1 {
			exit = "next"
		}
		if i > 0 {
			f.Cables = append(f.Cables, flow.Cable{From: fmt.Sprintf("m%d", i-1), Exit: exit, To: m.ID})
		}
	}
	return f
}

// watchFrames notes from now on how long each frame takes, and each task that
// holds the page up for 50 ms or more.
const watchFrames = `(() => { const all = globalThis.frames_ = []; globalThis.long_ = [];
	new PerformanceObserver((l) => globalThis.long_.push(...l.getEntries().map((e) => e.duration))).observe({ type: "longtask" });
	let last = performance.now(); const look = (now) => { all.push(now - last); last = now; requestAnimationFrame(look) }; requestAnimationFrame(look); return true })()`

// frames are what a person saw.
type frames struct {
	Frames []float64
	Long   []float64
}

// BenchmarkEditing300Modules drags a module to and fro, and moves the view, in
// a flow of 300 modules on the whole panel; `make bench-editor` prints it. Here
// is no graphics card: Chromium paints by the processor.
func BenchmarkEditing300Modules(b *testing.B) {
	w := newWorld(b)
	if _, err := w.store.SaveDraft(b.Context(), large(300), 0, "owner@example.org"); err != nil {
		b.Fatal(err)
	}
	server := httptest.NewServer(w.panel)
	b.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	tab := browsertest.Open(b, 5*time.Minute)
	tab.Size(1440, 900)
	tab.Cookie(server.URL, "tandem", w.as(directory.Owner).cookies["tandem"].Value)
	tab.Show(server.URL + "/flows/large")
	tab.Until("the flow is drawn", canvasReady)
	tab.Click("[data-action=problems]") // they are many, and would be drawn anew with each save
	tab.Click("[data-action=problems]")
	for _, zoom := range []string{"all in view", "full size"} {
		if zoom == "full size" {
			tab.Click(`[aria-label^="Zoom is"]`)
			tab.Until("the zoom", `document.querySelector("[aria-label^='Zoom is 100']")`)
		}
		module := browsertest.Eval[browsertest.Point](tab, inView)
		b.Run("drag, "+zoom, func(b *testing.B) { measure(b, tab.For(b), module) })
		b.Run("pan, "+zoom, func(b *testing.B) {
			measure(b, tab.For(b), browsertest.Eval[browsertest.Point](tab, emptyPlace))
		})
	}
}

// inView is the head of a module in the middle of the canvas, emptyPlace a place of the canvas with nothing on it.
const (
	inView = `(() => { for (const e of document.querySelectorAll("[data-module]")) { const r = e.getBoundingClientRect(); const x = r.x + r.width / 3, y = r.y + r.height / 5;
		if (x > 400 && x < 900 && y > 250 && y < 600) return { X: x, Y: y } } })()`
	emptyPlace = `(() => { for (let y = 250; y < 650; y += 7) for (let x = 350; x < 950; x += 7) if (document.elementFromPoint(x, y)?.classList.contains("react-flow__pane")) return { X: x, Y: y } })()`
)

// measure drags from a point to and fro, and reports the frames of it.
func measure(b *testing.B, tab *browsertest.Tab, from browsertest.Point) {
	browsertest.Eval[bool](tab, watchFrames)
	to := browsertest.Point{X: from.X + 160, Y: from.Y + 90}
	for b.Loop() {
		for range 4 {
			tab.Drag(from, to)
			tab.Drag(to, from)
		}
	}
	f := browsertest.Eval[frames](tab, `({ Frames: globalThis.frames_.slice(1), Long: globalThis.long_ })`)
	slices.Sort(f.Frames)
	total := 0.0
	for _, ms := range f.Frames {
		total += ms
	}
	at := func(share float64) float64 { return f.Frames[min(len(f.Frames)-1, int(share*float64(len(f.Frames))))] }
	b.ReportMetric(float64(len(f.Frames))*1000/total, "frames/s")
	b.ReportMetric(at(0.5), "p50-ms")
	b.ReportMetric(at(0.95), "p95-ms")
	b.ReportMetric(float64(len(f.Long)), "long-tasks")
	b.ReportMetric(0, "ns/op")
}
