package editor

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"tandem/flow"
)

// hold presses and moves without letting go.
func (b bench) hold(from, to point) {
	b.t.Helper()
	mouse := func(kind input.DispatchMouseEventType, p point) chromedp.Action[chromedp.Void] {
		return chromedp.MouseEvent(kind, p.X, p.Y, chromedp.ButtonLeft, chromedp.ClickCount(1))
	}
	b.do(mouse(chromedp.MouseMoved, from), mouse(chromedp.MousePressed, from), mouse(chromedp.MouseMoved, point{from.X + 20, from.Y + 10}), mouse(chromedp.MouseMoved, to))
}

func (b bench) letGo(at point) {
	b.t.Helper()
	b.do(chromedp.MouseEvent(chromedp.MouseReleased, at.X, at.Y, chromedp.ButtonLeft, chromedp.ClickCount(1)))
}

func (b bench) press(key string, m chromedp.Modifier) {
	b.t.Helper()
	b.do(chromedp.KeyEvent(key, chromedp.KeyModifiers(m)))
}

func TestAnImpossibleCableIsRefusedWhileItIsDragged(t *testing.T) {
	b := open(t, sample(t))
	target := b.at("[data-module=in] .fe-name")
	b.hold(b.at("[data-module=menu] [data-exit='key:3'] .react-flow__handle"), target)
	b.until("the reason", `document.querySelector(".fe-reason")?.textContent === "Main number is where calls begin: it has no inlet"`)
	b.letGo(target)
	b.until("the reason is gone", `document.querySelector(".fe-reason") === null`)
	if f := b.saved(); len(f.Cables) != 8 {
		t.Errorf("%d cables, want 8", len(f.Cables))
	}
}

func TestACableDroppedOnEmptyCanvasAsksWhatComesNext(t *testing.T) {
	b := open(t, sample(t))
	b.drag(b.at("[data-module=menu] [data-exit='key:3'] .react-flow__handle"), point{560, 700})
	b.until("the list of kinds", `document.activeElement.placeholder === "Add after “3”"`)
	b.keys("play", kb.Enter)
	b.until("the form", `document.querySelector("[data-form=audio-playback] select") !== null`)
	b.do(chromedp.Click(chromedp.CSS("[data-action=done]")))
	f := b.saved()
	if got := cabled(f); got[len(got)-1] != "voice-menu key:3 audio-playback" {
		t.Errorf("cables %v", got)
	}
}

func TestCancelOfAFirstFormRemovesTheModule(t *testing.T) {
	b := open(t, sample(t))
	b.drag(b.at("[data-palette=voice-menu]"), point{300, 700})
	b.until("the form", `document.querySelector("[data-form=voice-menu] input") !== null`)
	b.do(chromedp.Click(chromedp.CSS("[data-action=cancel]")))
	b.until("the form is gone", `document.querySelector("[data-inspector]") === null`)
	if f := b.saved(); len(f.Modules) != 8 {
		t.Errorf("%d modules, want 8", len(f.Modules))
	}
}

func TestAModuleDroppedOnACableIsInserted(t *testing.T) {
	b := open(t, sample(t))
	a, z := b.at("[data-module=in] [data-exit=next] .react-flow__handle"), b.at("[data-module=menu] .fe-inlet")
	b.drag(b.at("[data-palette=audio-playback]"), point{(a.X + z.X) / 2, (a.Y + z.Y) / 2})
	b.until("the form", `document.querySelector("[data-form=audio-playback] select") !== null`)
	b.do(chromedp.Click(chromedp.CSS("[data-action=done]")))
	got := fmt.Sprint(cabled(b.saved()))
	if !strings.Contains(got, "phone-number next audio-playback") || !strings.Contains(got, "audio-playback next voice-menu") {
		t.Errorf("cables %v", got)
	}
}

func TestAModuleDraggedOntoATabMovesThereAndItsCablesEndInPortals(t *testing.T) {
	b := open(t, sample(t))
	b.drag(b.at("[data-module=bye] .fe-name"), b.at("[data-tab=t2] button"))
	b.until("the module on the other tab", `document.querySelector("[data-tab=t2].fe-active") && document.querySelector("[data-module=bye] .fe-portals-in")?.textContent === "Nobody is here"`)
	f := b.saved()
	if bye, _ := f.Module("bye"); bye.Tab != "t2" {
		t.Errorf("the module stands on %q", bye.Tab)
	}
	b.do(chromedp.Click(chromedp.CSS("[data-module=bye] .fe-portal")))
	b.until("the portal leads back", `document.querySelector("[data-tab=t1].fe-active") && document.querySelector("[data-module=sorry] .fe-portal-out").textContent === "Goodbye"`)
}

func TestAFrameTakesAlongWhatStandsInIt(t *testing.T) {
	b := open(t, sample(t))
	was := b.saved()
	before, _ := was.Module("sorry")
	from := b.at("[data-frame=f1] .fe-paper-text")
	b.drag(from, point{from.X + 100, from.Y + 150})
	b.until("a change", `document.querySelector("[aria-label=Undo]:not(:disabled)") !== null`)
	f := b.saved()
	after, _ := f.Module("sorry")
	if dx, dy := after.X-before.X, after.Y-before.Y; dx <= 0 || dy <= 0 || dx != f.Frames[0].X-688 || dy != f.Frames[0].Y-112 {
		t.Errorf("the frame went by %d, %d and the module in it by %d, %d", f.Frames[0].X-688, f.Frames[0].Y-112, dx, dy)
	}
	b.do(chromedp.Focus(chromedp.CSS("[data-canvas]")))
	b.press("z", chromedp.ModifierCtrl)
	b.until("one undo takes all back", `document.querySelector("[aria-label=Undo]:disabled") !== null`)
	f = b.saved()
	if sorry, _ := f.Module("sorry"); sorry.X != before.X {
		t.Error("undo left the module where it was")
	}
}

func TestWhatAColleagueSavesAppearsAtOnce(t *testing.T) {
	b := open(t, sample(t))
	b.until("the colleague", `document.querySelector(".fe-presence")?.textContent.includes("alice@example.org")`)
	b.mu.Lock()
	b.change("module", "bye", map[string]any{"id": "bye", "kind": "hangup", "name": "Farewell", "tab": "t1", "x": 1072, "y": 160, "settings": map[string]any{}})
	b.revision++
	b.mu.Unlock()
	b.listener <- fmt.Sprintf("event: draft\ndata: {\"revision\":%d,\"by\":\"alice@example.org\"}\n\n", b.revision)
	b.until("the new name", `document.querySelector("[data-module=bye] .fe-name").textContent === "Farewell"`)
}

func TestModulesAreCopiedWithTheirCablesAndUndoneAtOnce(t *testing.T) {
	b := open(t, sample(t))
	b.do(chromedp.Focus(chromedp.CSS("[data-canvas]")))
	b.press("a", chromedp.ModifierCtrl)
	b.press("d", chromedp.ModifierCtrl)
	b.until("the copies", `document.querySelectorAll("[data-module]").length === 12`)
	f := b.saved()
	if len(f.Modules) != 14 || len(f.Cables) != 14 {
		t.Errorf("%d modules and %d cables, want 14 and 14", len(f.Modules), len(f.Cables))
	}
	b.press("z", chromedp.ModifierCtrl)
	b.until("the copies are gone", `document.querySelectorAll("[data-module]").length === 6`)
}

func TestWhoMayOnlyLookFindsNothingToEditWith(t *testing.T) {
	b := open(t, sample(t))
	b.mu.Lock()
	b.readOnly = true
	b.mu.Unlock()
	b.do(chromedp.Navigate(b.URL), chromedp.WaitVisible(chromedp.CSS(".fe-root[data-status=ready]")))
	b.do(chromedp.Click(chromedp.CSS("[data-module=menu] .fe-name")))
	b.until("the settings, disabled", `document.querySelector("[data-form=voice-menu] fieldset:disabled") !== null`)
	if n := read(t, b.ctx, chromedp.Evaluate[int](`document.querySelectorAll("[data-palette], [aria-label=Undo], [data-action=publish]").length`)); n != 0 {
		t.Errorf("%d ways to edit are offered", n)
	}
	b.do(chromedp.Focus(chromedp.CSS("[data-canvas]")))
	b.keys(kb.Delete, "n", "c", "h")
	if f := b.saved(); len(f.Modules) != 8 || len(f.Cables) != 8 {
		t.Errorf("%d modules and %d cables are left", len(f.Modules), len(f.Cables))
	}
}

func TestSettingsThatAreUndoneComeBackIntoTheForm(t *testing.T) {
	b := open(t, sample(t))
	b.do(chromedp.Click(chromedp.CSS("[data-module=in] .fe-name")), chromedp.WaitVisible(chromedp.CSS("[data-form] input[name=number]")), chromedp.Focus(chromedp.CSS("input[name=number]")))
	b.keys(kb.End, "77")
	b.until("the subtitle", `document.querySelector("[data-module=in] .fe-sub").textContent === "+1555010077"`)
	b.do(chromedp.Click(chromedp.CSS("[aria-label=Undo]")))
	b.until("the old number", `document.querySelector("input[name=number]").value === "+15550100"`)
	f := b.saved()
	in, _ := f.Module("in")
	if n := in.Settings.(*flow.PhoneNumber).Number; n != "+15550100" {
		t.Errorf("the number is %q", n)
	}
}

// Among hundreds of modules the browser would look for what is under the pointer
// for longer than it draws.
func TestNothingIsPointedAtWhileSomethingIsDragged(t *testing.T) {
	b := open(t, sample(t))
	const under = `(() => { const r = document.querySelector("[data-module=bye]").getBoundingClientRect(); return document.elementFromPoint(r.x + r.width / 2, r.y + 20) })()`
	for what, from := range map[string]point{"the view": {560, 700}, "a module": b.at("[data-module=menu] .fe-name")} {
		b.hold(from, point{from.X + 40, from.Y + 30})
		b.until("nothing is pointed at while "+what+" is dragged", under+`.matches(".react-flow__pane")`)
		b.letGo(point{from.X + 40, from.Y + 30})
		b.until("modules can be pointed at again", under+`.closest("[data-module=bye]") !== null`)
	}
}
