package browsertest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// patience is how long a tab waits for what a test expects of a page.
const patience = 15 * time.Second

// Until waits for an expression of the page to hold. It is looked at by every
// frame, so nothing waits longer than it must; an expression that throws does
// not hold yet. Where UI_SHOTS names a folder, what failed is pictured there.
func (b *Tab) Until(what, expression string) {
	b.t.Helper()
	if !b.Holds(expression, patience) {
		if folder := os.Getenv("UI_SHOTS"); folder != "" {
			b.Picture(filepath.Join(folder, "failed.png"))
		}
		b.t.Fatalf("%s: not within %v; the page shows %.400q", what, patience, Eval[string](b, `document.body.innerText`))
	}
}

// Holds tells whether an expression of the page comes to hold in time. A page
// that is left meanwhile is asked again where it has gone.
func (b *Tab) Holds(expression string, within time.Duration) bool {
	b.t.Helper()
	look := fmt.Sprintf(`new Promise((held) => { const end = performance.now() + 1000; const look = () => {
		try { if (%s) return held(true) } catch {}
		if (performance.now() > end) return held(false); setTimeout(look, 16) }; look() })`, expression)
	for end := time.Now().Add(within); ; {
		held, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](look, chromedp.EvalAwaitPromise))
		if held || b.ctx.Err() != nil {
			return held
		}
		_ = err // the document has just been replaced by the next
		if time.Now().After(end) {
			return false
		}
	}
}

// Show opens a page and waits until it has loaded.
func (b *Tab) Show(address string) {
	b.t.Helper()
	b.Do(chromedp.Navigate(address))
}

// Point is a place of the window in CSS pixels.
type Point struct{ X, Y float64 }

// At is the middle of the first element that a selector finds.
func (b *Tab) At(selector string) Point {
	b.t.Helper()
	b.Until(selector, "document.querySelector("+quoted(selector)+")")
	return Eval[Point](b, `(() => { const e = document.querySelector(`+quoted(selector)+`);
		if (e.dataset.palette) e.scrollIntoView({ block: "nearest" }); // the palette is longer than a window
		const r = e.getBoundingClientRect();
		return { X: r.x + r.width / 2, Y: r.y + r.height / 2 } })()`)
}

// dragSteps is how many moves a drag has: a hand does not jump.
const dragSteps = 8

// Drag presses at a point, moves to another and lets go.
func (b *Tab) Drag(from, to Point) {
	b.t.Helper()
	b.Do(mouse(chromedp.MouseMoved, from), mouse(chromedp.MousePressed, from))
	for i := 1.0; i <= dragSteps; i++ {
		b.Do(mouse(chromedp.MouseMoved, Point{from.X + (to.X-from.X)*i/dragSteps, from.Y + (to.Y-from.Y)*i/dragSteps}))
	}
	b.Do(mouse(chromedp.MouseReleased, to))
}

func mouse(kind input.DispatchMouseEventType, p Point) Step {
	return chromedp.MouseEvent(kind, p.X, p.Y, chromedp.ButtonLeft, chromedp.ClickCount(1))
}

// Click presses the mouse on the first element that a selector finds, once it
// is there, in view and at rest.
func (b *Tab) Click(selector string) {
	b.t.Helper()
	b.Until(selector+" to click", `(() => { const e = document.querySelector(`+quoted(selector)+`); if (!e || e.disabled) return false;
		e.scrollIntoView({ block: "nearest", inline: "nearest" }); const r = e.getBoundingClientRect(), at = [`+quoted(selector)+`, r.x, r.y].join(" "), now = performance.now();
		if (globalThis.restsAt_ !== at) { globalThis.restsAt_ = at; globalThis.restsSince_ = now; }
		return r.width > 0 && now - globalThis.restsSince_ > 120 })()`)
	at := b.At(selector)
	b.Do(chromedp.MouseClickXY(at.X, at.Y))
}

// ClickUntil clicks an element until an expression holds: a canvas may still
// have moved under the first click.
func (b *Tab) ClickUntil(selector, what, expression string) {
	b.t.Helper()
	for range 4 {
		b.Click(selector)
		if b.Holds(expression, 2*time.Second) {
			return
		}
	}
	b.Until(what, expression)
}

// Keys presses keys one after the other, as chromedp's kb names them.
func (b *Tab) Keys(keys ...string) {
	b.t.Helper()
	for _, text := range keys {
		for _, key := range text {
			b.key(key)
		}
	}
}

// key goes down and up as on a keyboard: what a page does with its going down
// decides whether it writes. chromedp sends the writing by itself.
func (b *Tab) key(key rune) {
	b.t.Helper()
	events := kb.Encode(key)
	down, up := events[0], events[len(events)-1]
	if len(events) == 3 { // down, what it writes, up
		down.Text, down.UnmodifiedText = events[1].Text, events[1].UnmodifiedText
	}
	b.Do(command(input.DispatchKeyEvent, *down), command(input.DispatchKeyEvent, *up))
}

// Chord presses one key with Control.
func (b *Tab) Chord(key string) {
	b.t.Helper()
	b.Do(chromedp.KeyEvent(key, chromedp.KeyModifiers(chromedp.ModifierCtrl)))
}

// Type puts text in the place of what a field holds.
func (b *Tab) Type(selector, text string) {
	b.t.Helper()
	b.Until(selector, "document.querySelector("+quoted(selector)+")")
	Eval[bool](b, `(() => { const f = document.querySelector(`+quoted(selector)+`); f.focus(); f.select?.(); return true })()`)
	b.Keys(text)
}

// quoted writes a string as JavaScript does.
func quoted(s string) string {
	text, _ := json.Marshal(s) // a string always marshals
	return string(text)
}

// For is the same tab in the hands of a subtest.
func (b *Tab) For(t testing.TB) *Tab { return &Tab{t: t, ctx: b.ctx, console: b.console} }

// Focus puts the focus on an element, as Tab would.
func (b *Tab) Focus(selector string) {
	b.t.Helper()
	b.Until(selector, "document.querySelector("+quoted(selector)+")")
	b.Do(chromedp.Focus(chromedp.CSS(selector)))
}

// Is tells whether an expression of the page holds now.
func (b *Tab) Is(expression string) bool {
	b.t.Helper()
	return Eval[bool](b, `(() => { try { return Boolean(`+expression+`) } catch { return false } })()`)
}

// ClickAt presses the mouse at a point.
func (b *Tab) ClickAt(p Point) {
	b.t.Helper()
	b.Do(chromedp.MouseClickXY(p.X, p.Y))
}

// Upload gives a file to the nth of the inputs that a selector finds.
func (b *Tab) Upload(selector string, n int, file string) {
	b.t.Helper()
	path, err := filepath.Abs(file)
	if err != nil {
		b.t.Fatal(err)
	}
	const mark = "data-browsertest"
	b.Until(selector, fmt.Sprintf("document.querySelectorAll(%s)[%d]", quoted(selector), n))
	Eval[bool](b, fmt.Sprintf("document.querySelectorAll(%s)[%d].setAttribute(%q, %d) === undefined", quoted(selector), n, mark, n))
	b.Do(chromedp.SetUploadFiles(chromedp.CSS(fmt.Sprintf(`[%s="%d"]`, mark, n)), []string{path}, chromedp.NodeReady))
}
