package editor

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

func TestFingersMoveTheViewAndPinchIt(t *testing.T) {
	for name, width := range map[string]int64{"tablet": 1180, "phone": 390} {
		t.Run(name, func(t *testing.T) {
			b := open(t, sample(t))
			b.onTouch(width)
			const percent = `parseInt(document.querySelector("[aria-label^='Zoom is']").textContent)`
			b.rests()
			was := b.at("[data-module=menu]")
			b.fingers([]point{{200, 640}}, []point{{260, 600}})
			b.rests()
			if now := b.at("[data-module=menu]"); now.X-was.X < 30 || was.Y-now.Y < 20 {
				t.Errorf("the menu went from %v to %v", was, now)
			}
			before := eval[int](b, percent)
			b.fingers([]point{{160, 600}, {220, 600}}, []point{{100, 600}, {280, 600}})
			b.rests()
			if after := eval[int](b, percent); after <= before {
				t.Errorf("pinched apart, the zoom went from %d to %d %%", before, after)
			}
		})
	}
}

func TestAFingerDragsAModuleOutOfThePaletteAndScrollsIt(t *testing.T) {
	b := open(t, sample(t))
	b.onTouch(1180)
	item := b.at("[data-palette=hangup]")
	b.fingers([]point{item}, []point{{500, 600}})
	b.until("the module", `document.querySelectorAll("[data-kind=hangup]").length === 2`)
	b.click("[data-action=done]")
	b.until("the palette", `document.querySelector("[data-palette=hangup]")`)
	eval[bool](b, `(document.querySelector(".fe-families").scrollTop = 0, true)`)
	start := b.at("[data-palette=voice-menu]")
	b.fingers([]point{start}, []point{{start.X, start.Y - 200}})
	b.until("the palette scrolled", `document.querySelector(".fe-families").scrollTop > 50`)
	if f := b.saved(); len(f.Modules) != 9 {
		t.Errorf("%d modules, want 9", len(f.Modules))
	}
}

func TestAFingerLaysACable(t *testing.T) {
	b := open(t, sample(t))
	b.onTouch(1180)
	b.fingers([]point{b.at(exit("menu", "key:3"))}, []point{b.at("[data-module=bye] .fe-name")})
	b.until("the cable", `document.querySelector('[data-cable="menu key:3"]')`)
	if f := b.saved(); leads(f, "menu", "key:3") != "bye" {
		t.Errorf("cables %v", cabled(f))
	}
}

// legible says that the module where calls come in can be read on a phone.
const legible = `(() => { const r = document.querySelector("[data-module=in]").getBoundingClientRect(); return r.x >= 0 && r.right <= 390 && r.width >= 100 && r.y > 100 && r.bottom < 820 })()`

func TestAWindowThatBecomesSmallShowsWhereCallsComeIn(t *testing.T) {
	b := open(t, sample(t))
	b.drag(point{560, 700}, point{700, 620})
	before := b.at("[data-module=in]")
	b.do(chromedp.EmulateViewport(390, 820))
	b.until("where calls come in can be read", legible)
	b.do(chromedp.EmulateViewport(1440, 900))
	b.rests()
	b.until("the view is as it was left", fmt.Sprintf(`(() => { const r = document.querySelector("[data-module=in]").getBoundingClientRect(); return Math.hypot(r.x + r.width / 2 - %f, r.y + r.height / 2 - %f) < 2 })()`, before.X, before.Y))
}

func TestAPhoneLooksAndDoesNotEdit(t *testing.T) {
	b := open(t, sample(t))
	b.do(chromedp.EmulateViewport(390, 820), chromedp.Navigate(b.URL), chromedp.WaitVisible(chromedp.CSS(".fe-root[data-status=ready]")))
	b.until("it says so", `document.querySelector(".fe-hint-bar").textContent.includes("Editing needs a screen of 1024 px")`)
	b.until("where calls come in can be read", legible)
	if n := eval[int](b, `document.querySelectorAll("[data-palette], [aria-label=Undo], [data-action=publish]").length`); n != 0 {
		t.Errorf("%d ways to edit are offered", n)
	}
	b.click("[data-module=menu] .fe-name")
	b.until("the settings, to look at", `document.querySelector("[data-form=voice-menu] fieldset:disabled")`)
	b.do(chromedp.EmulateViewport(1440, 900))
	b.until("with room to edit", `document.querySelector("[aria-label=Undo]")`)
}
