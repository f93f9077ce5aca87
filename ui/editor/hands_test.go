package editor

import (
	"context"
	"fmt"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"tandem/flow"
)

// command is one command of the DevTools protocol as a step.
func command[P, R any](cmd cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, cmd, params)
		return err
	})
}

// eval runs a script and answers its value.
func eval[T any](b bench, script string) T {
	b.t.Helper()
	return read(b.t, b.ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
}

// rests waits until nothing on the canvas moves any more.
func (b bench) rests() {
	b.t.Helper()
	b.until("the canvas at rest", `(() => { const now = document.querySelector(".react-flow__viewport").style.transform; const same = globalThis.was_ === now; globalThis.was_ = now; globalThis.same_ = same ? (globalThis.same_ ?? 0) + 1 : 0; return globalThis.same_ > 8 })()`)
}

func (b bench) click(selector string) {
	b.t.Helper()
	b.until(selector, fmt.Sprintf("document.querySelector(%q)", selector))
	p := b.at(selector)
	b.do(chromedp.MouseClickXY(p.X, p.Y))
}

func (b bench) doubleClick(p point) {
	b.t.Helper()
	b.do(chromedp.MouseClickXY(p.X, p.Y), chromedp.MouseEvent(chromedp.MousePressed, p.X, p.Y, chromedp.ButtonLeft, chromedp.ClickCount(2)),
		chromedp.MouseEvent(chromedp.MouseReleased, p.X, p.Y, chromedp.ButtonLeft, chromedp.ClickCount(2)))
}

// menu opens the menu at a point and chooses from it.
func (b bench) menu(p point, item string) {
	b.t.Helper()
	b.do(chromedp.MouseEvent(chromedp.MouseMoved, p.X, p.Y), chromedp.MouseEvent(chromedp.MousePressed, p.X, p.Y, chromedp.ButtonRight, chromedp.ClickCount(1)),
		chromedp.MouseEvent(chromedp.MouseReleased, p.X, p.Y, chromedp.ButtonRight, chromedp.ClickCount(1)))
	b.choose(item)
}

// choose clicks an item of the menu that is open.
func (b bench) choose(item string) {
	b.t.Helper()
	const found = `[...document.querySelectorAll("[role=menuitem]")].find((i) => i.firstChild.textContent === %q)`
	b.until("the item "+item, fmt.Sprintf(found, item))
	p := eval[point](b, fmt.Sprintf(`(() => { const r = `+found+`.getBoundingClientRect(); return { X: r.x + r.width / 2, Y: r.y + r.height / 2 } })()`, item))
	b.do(chromedp.MouseClickXY(p.X, p.Y))
}

// shift holds the key down, or lets it go.
func (b bench) shift(down bool) {
	b.t.Helper()
	p := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyUp, Key: "Shift", Code: "ShiftLeft", WindowsVirtualKeyCode: 16}
	if down {
		p.Type, p.Modifiers = input.DispatchKeyEventTypeRawKeyDown, int64(chromedp.ModifierShift)
	}
	b.do(command(input.DispatchKeyEvent, p))
}

// shiftClick clicks with the key held down, shiftDrag drags with it.
func (b bench) shiftClick(selector string) {
	b.t.Helper()
	b.shift(true)
	p := b.at(selector)
	b.do(chromedp.MouseClickXY(p.X, p.Y, chromedp.ButtonModifiers(chromedp.ModifierShift)))
	b.shift(false)
}

func (b bench) shiftDrag(from, to point) {
	b.t.Helper()
	mouse := func(kind input.DispatchMouseEventType, p point) chromedp.Action[chromedp.Void] {
		return chromedp.MouseEvent(kind, p.X, p.Y, chromedp.ButtonLeft, chromedp.ClickCount(1), chromedp.ButtonModifiers(chromedp.ModifierShift))
	}
	b.shift(true)
	b.do(mouse(chromedp.MouseMoved, from), mouse(chromedp.MousePressed, from))
	for i := 1.0; i <= 8; i++ {
		b.do(mouse(chromedp.MouseMoved, point{from.X + (to.X-from.X)*i/8, from.Y + (to.Y-from.Y)*i/8}))
	}
	b.do(mouse(chromedp.MouseReleased, to))
	b.shift(false)
}

// clipboardKey presses Control and a key whose meaning the browser knows.
func (b bench) clipboardKey(key, means string) {
	b.t.Helper()
	b.do(chromedp.KeyEvent(key, chromedp.KeyModifiers(chromedp.ModifierCtrl), func(p *input.DispatchKeyEventParams) {
		if p.Type != input.DispatchKeyEventTypeKeyUp {
			p.Commands = []string{means}
		}
	}))
}

// onTouch opens the draft on a screen of a width that feels fingers.
func (b bench) onTouch(width int64) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(width, 820), command(emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: true, MaxTouchPoints: 2}),
		chromedp.Navigate(b.URL), chromedp.WaitVisible(chromedp.CSS(".fe-root[data-status=ready]")))
	b.rests()
}

// fingers puts fingers down, moves them in steps and lifts them.
func (b bench) fingers(from, to []point) {
	b.t.Helper()
	send := func(kind input.DispatchTouchEventType, at []point) {
		points := []*input.TouchPoint{}
		for i, p := range at {
			id := float64(i)
			points = append(points, &input.TouchPoint{X: p.X, Y: p.Y, ID: &id})
		}
		b.do(command(input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: kind, TouchPoints: points}))
	}
	send(input.DispatchTouchEventTypeTouchStart, from)
	for i := 1.0; i <= 8; i++ {
		at := make([]point, len(from))
		for k := range from {
			at[k] = point{from[k].X + (to[k].X-from[k].X)*i/8, from[k].Y + (to[k].Y-from[k].Y)*i/8}
		}
		send(input.DispatchTouchEventTypeTouchMove, at)
	}
	send(input.DispatchTouchEventTypeTouchEnd, nil)
}

func selected(b bench) string {
	b.t.Helper()
	return eval[string](b, `[...document.querySelectorAll(".fe-module.fe-selected, .fe-frame.fe-selected, .fe-note.fe-selected")].map((e) => e.dataset.module ?? e.dataset.frame ?? e.dataset.note).sort().join(" ")`)
}

// leads is where an exit of a module leads; empty: nowhere.
func leads(f flow.Flow, module, exit string) string {
	for _, c := range f.Cables {
		if c.From == module && string(c.Exit) == exit {
			return c.To
		}
	}
	return ""
}

func exit(module, exit string) string {
	return fmt.Sprintf("[data-module=%s] [data-exit='%s'] .react-flow__handle", module, exit)
}

func nameOf(f flow.Flow, id string) string {
	if m, ok := f.Module(id); ok {
		return m.Name
	}
	return id
}
