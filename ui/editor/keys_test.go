package editor

import (
	"testing"

	"github.com/chromedp/cdproto/input"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func TestKeysWorkFromTheFirstMomentAndAfterAButtonOfTheBars(t *testing.T) {
	b := open(t, sample(t))
	if eval[bool](b, `document.querySelector("[data-canvas]").matches(":focus-visible")`) {
		t.Error("nobody has pressed a key, and the canvas shows a ring")
	}
	b.keys("/")
	b.until("the list of kinds", `document.activeElement.getAttribute("role") === "combobox"`)
	b.keys(kb.Escape)
	b.until("the canvas has the focus", `document.activeElement.matches("[data-canvas]")`)
	for _, button := range []string{"[aria-label='Zoom in']", "[aria-label='Tidy up']", "[aria-label=Undo]", "[data-tab=t2] button", "[data-tab=t1] button"} {
		b.click(button)
		b.keys("?")
		b.until("the keys after "+button, `document.querySelector("dialog[open]")?.textContent.includes("Double-click")`)
		b.keys(kb.Escape)
		b.until("the canvas again", `!document.querySelector("dialog[open]") && document.activeElement.matches("[data-canvas]")`)
	}
}

func TestArrowsWalkTheCablesAndEveryKeyDoesWhatTheListSays(t *testing.T) {
	b := open(t, sample(t))
	at := func(what, expression string) { t.Helper(); b.until(what, expression) }
	chosen := func(module, exit string) string {
		if exit == "" {
			return `document.querySelector("[data-module=` + module + `].fe-selected") && !document.querySelector(".fe-exit.fe-chosen")`
		}
		return `document.querySelector("[data-module=` + module + `] .fe-exit.fe-chosen")?.dataset.exit === "` + exit + `"`
	}
	b.keys(kb.ArrowDown)
	at("where calls come in", chosen("in", ""))
	b.keys(kb.ArrowRight)
	at("its exit", chosen("in", "next"))
	b.keys(kb.ArrowRight)
	at("along the cable", chosen("menu", ""))
	b.keys(kb.ArrowRight, kb.ArrowDown)
	at("the next exit", chosen("menu", "key:2"))
	b.keys(kb.ArrowRight)
	at("through the portal", `document.querySelector("[data-tab=t2].fe-active") && `+chosen("help", ""))
	b.keys(kb.ArrowLeft)
	at("and back", `document.querySelector("[data-tab=t1].fe-active") && `+chosen("menu", "key:2"))
	b.keys(kb.ArrowDown, "h")
	at("hangs up here", `document.querySelector("[data-module=menu] [data-exit='key:3'] .fe-hang.fe-on")`)
	b.keys(kb.ArrowUp, kb.ArrowUp, kb.Delete)
	at("the cable is gone", `!document.querySelector('[data-cable="menu key:1"]')`)
	b.keys("c")
	at("where to", `document.activeElement.placeholder === "Connect “1” to"`)
	b.keys("main number")
	at("the reason in the list", `document.querySelector(".fe-option[aria-disabled] .fe-sub").textContent.includes("no inlet")`)
	b.keys(kb.Enter, kb.Escape)
	b.keys(kb.ArrowLeft)
	b.keys(kb.Enter)
	at("the settings", `document.querySelector("[data-inspector=menu] [data-form]")?.contains(document.activeElement)`)
	b.keys(kb.Escape)
	at("the canvas", `!document.querySelector("[data-inspector]") && document.activeElement.matches("[data-canvas]")`)
	b.keys("e")
	at("the settings", `document.querySelector("[data-inspector=menu] [data-form]")?.contains(document.activeElement)`)
	b.keys(kb.Escape)
	b.keys("m", kb.ArrowDown, "t")
	at("which tab", `document.activeElement.placeholder === "Move to tab"`)
	b.keys(kb.Enter)
	at("on the other tab", `document.querySelector("[data-tab=t2].fe-active") && document.querySelector("[data-module=menu].fe-selected")`)
	b.press("k", chromedp.ModifierCtrl)
	b.keys("press", kb.Enter)
	at("the note that was found", `document.querySelector("[data-tab=t1].fe-active") && document.querySelector("[data-note=n1].fe-selected")`)
	b.keys("o")
	at("the outline", `document.querySelector(".fe-outline")`)
	f := b.saved()
	if menu, _ := f.Module("menu"); menu.Tab != "t2" || leads(f, "menu", "key:1") != "" || len(menu.HangUpHere) != 1 {
		t.Errorf("the menu is %+v; cables %v", menu, cabled(f))
	}
}

func TestTheViewGoesFromAQuarterToTwiceAndAllOfItByKeysAndMinimap(t *testing.T) {
	b := open(t, sample(t))
	const percent = `document.querySelector("[aria-label^='Zoom is']").textContent`
	for range 12 {
		b.keys("+")
		b.rests()
	}
	b.until("twice", percent+` === "200 %"`)
	for range 14 {
		b.keys("-")
		b.rests()
	}
	b.until("a quarter", percent+` === "25 %"`)
	b.until("names that can be read", `parseFloat(getComputedStyle(document.querySelector("[data-module=menu] .fe-name")).fontSize) >= 20`)
	b.keys("0")
	b.until("full size", percent+` === "100 %"`)
	b.rests()
	was := b.at("[data-module=menu]")
	p := b.at(".react-flow__minimap")
	b.drag(p, point{p.X - 30, p.Y})
	b.rests()
	if now := b.at("[data-module=menu]"); now.X <= was.X {
		t.Errorf("the minimap moved the drawing from %v to %v", was, now)
	}
	b.do(chromedp.MouseEvent("mouseWheel", 500, 400, func(p *input.DispatchMouseEventParams) {
		p.DeltaX, p.DeltaY, p.Modifiers = 0.01, -120, int64(chromedp.ModifierCtrl)
	}))
	b.until("Control and the wheel zoom", percent+` !== "100 %"`)
	b.keys("f")
	b.rests()
	b.until("all of it", `[...document.querySelectorAll("[data-module]")].every((m) => { const r = m.getBoundingClientRect(); return r.x > 0 && r.right < 1216 && r.y > 48 && r.bottom < 860 })`)
}

func TestWhatIsTidiedStandsInOrderOnTheGridAndUndoPutsItBack(t *testing.T) {
	b := open(t, sample(t))
	was := b.saved()
	b.menu(point{300, 750}, "Tidy up")
	b.until("the step", `document.querySelector("[aria-label=Undo]").title.includes("Tidy up")`)
	f := b.saved()
	in, _ := f.Module("in")
	menu, _ := f.Module("menu")
	ring, _ := f.Module("ring")
	if in.X+224 > menu.X || menu.X+224 > ring.X || (menu.X-in.X)%16 != 0 {
		t.Errorf("in %d, menu %d, ring %d", in.X, menu.X, ring.X)
	}
	b.press("z", chromedp.ModifierCtrl)
	now := b.saved()
	for _, m := range was.Modules {
		if x, _ := now.Module(m.ID); x.X != m.X || x.Y != m.Y {
			t.Errorf("%s is at %d, %d and was at %d, %d", m.ID, x.X, x.Y, m.X, m.Y)
		}
	}
}
