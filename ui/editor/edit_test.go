package editor

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"tandem/flow"
)

// bench is an open editor and the server behind it.
type bench struct {
	t   *testing.T
	ctx context.Context
	*server
}

// open shows a draft in the editor; the console must stay clean until the end.
func open(t *testing.T, draft string) bench {
	t.Helper()
	b := bench{t, browse(t), serve(t, draft)}
	heard := complaints(t, b.ctx)
	if _, err := chromedp.Call(b.ctx, log.Enable, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, line := range heard() {
			if !strings.Contains(line, "503") && !strings.Contains(line, "412") { // the browser reports what the test has the server answer
				t.Error("the console says", line)
			}
		}
	})
	b.do(chromedp.EmulateViewport(1440, 900), chromedp.Navigate(b.URL), chromedp.WaitVisible(chromedp.CSS(".fe-root[data-status=ready]")))
	return b
}

func (b bench) do(steps ...chromedp.Action[chromedp.Void]) { b.t.Helper(); do(b.t, b.ctx, steps...) }

// until waits for an expression of the page to hold.
func (b bench) until(what, expression string) {
	b.t.Helper()
	ctx, end := context.WithTimeout(b.ctx, 10*time.Second)
	defer end()
	wait := `new Promise((held) => { const look = () => { try { if (` + expression + `) return held(true) } catch {} requestAnimationFrame(look) }; look() })`
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](wait, chromedp.EvalAwaitPromise)); err != nil {
		if shot := os.Getenv("UI_SHOTS"); shot != "" {
			_ = os.WriteFile(shot+"/failed.png", read(b.t, b.ctx, chromedp.FullScreenshot(100)), 0o644)
		}
		b.t.Fatalf("%s: %v; the editor says %q", what, err, read(b.t, b.ctx, chromedp.Evaluate[string](`document.querySelector("[data-said]").textContent`)))
	}
}

type point struct{ X, Y float64 }

// at is the middle of what a selector finds. The palette is longer than a
// window, so what is in it is brought into view.
func (b bench) at(selector string) point {
	b.t.Helper()
	return read(b.t, b.ctx, chromedp.Evaluate[point](fmt.Sprintf(
		`(() => { const e = document.querySelector(%q); if (e.dataset.palette) e.scrollIntoView({ block: "nearest" });
		const r = e.getBoundingClientRect(); return { X: r.x + r.width / 2, Y: r.y + r.height / 2 } })()`, selector)))
}

// drag presses, moves in steps as a hand does, and lets go.
func (b bench) drag(from, to point) {
	b.t.Helper()
	mouse := func(kind input.DispatchMouseEventType, p point) chromedp.Action[chromedp.Void] {
		return chromedp.MouseEvent(kind, p.X, p.Y, chromedp.ButtonLeft, chromedp.ClickCount(1))
	}
	b.do(mouse(chromedp.MouseMoved, from), mouse(chromedp.MousePressed, from))
	for i := 1.0; i <= 8; i++ {
		b.do(mouse(chromedp.MouseMoved, point{from.X + (to.X-from.X)*i/8, from.Y + (to.Y-from.Y)*i/8}))
	}
	b.do(mouse(chromedp.MouseReleased, to))
}

func (b bench) keys(keys ...string) {
	b.t.Helper()
	for _, k := range keys {
		b.do(chromedp.KeyEvent(k))
	}
}

// saved waits until the editor has saved, and reads what the server has.
func (b bench) saved() flow.Flow {
	b.t.Helper()
	b.until("saving", `document.querySelector("[data-save=saved]") !== null`)
	b.mu.Lock()
	defer b.mu.Unlock()
	f, err := b.typed()
	if err != nil {
		b.t.Fatal(err)
	}
	return f
}

func cabled(f flow.Flow) []string {
	var out []string
	for _, c := range f.Cables {
		from, _ := f.Module(c.From)
		to, _ := f.Module(c.To)
		out = append(out, from.Kind+" "+string(c.Exit)+" "+to.Kind)
	}
	return out
}

const blank = `{"id":"main","name":"Main line","modules":[],"cables":[]}`

func TestModulesAreDraggedFromThePaletteAndCabledByMouse(t *testing.T) {
	b := open(t, blank)
	b.drag(b.at("[data-palette=phone-number]"), point{300, 300})
	b.until("the first form", `document.querySelector("[data-inspector] [data-form] input[name=number]") === document.activeElement`)
	b.keys("+15550100")
	b.until("the subtitle", `document.querySelector("[data-kind=phone-number] .fe-sub").textContent === "+15550100"`)
	b.do(chromedp.Click(chromedp.CSS("[data-action=done]")))
	b.drag(b.at("[data-palette=hangup]"), point{700, 320})
	b.until("the second form", `document.querySelector("[data-form] select[name=cause]") !== null`)
	b.do(chromedp.Click(chromedp.CSS("[data-action=done]")))
	b.drag(b.at("[data-kind=phone-number] [data-exit=next] .react-flow__handle"), b.at("[data-kind=hangup]"))
	b.until("the cable", `document.querySelectorAll("[data-cable]").length === 1`)
	f := b.saved()
	if got := fmt.Sprint(cabled(f)); got != "[phone-number next hangup]" {
		t.Errorf("cables %v", got)
	}
	if n, ok := f.Modules[0].Settings.(*flow.PhoneNumber); !ok || n.Number != "+15550100" {
		t.Errorf("the number typed is %+v", f.Modules[0].Settings)
	}
}

func TestEverythingIsDoneByKeysAlone(t *testing.T) {
	b := open(t, blank)
	b.do(chromedp.Focus(chromedp.CSS("[data-canvas]")))
	add := func(after, name, kind string) {
		t.Helper()
		b.keys(after)
		b.until("the list of kinds", `document.activeElement.getAttribute("role") === "combobox"`)
		b.keys(name, kb.Enter)
		b.until("the form of "+kind, fmt.Sprintf(`document.querySelector('[data-form=%q] input, [data-form=%q] select') === document.activeElement`, kind, kind))
	}
	leave := func() {
		t.Helper()
		b.do(chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(chromedp.ModifierCtrl)))
		b.until("the canvas has the focus", `document.querySelector("[data-canvas]") === document.activeElement`)
	}
	add("/", "phone", "phone-number")
	b.keys("+15550100")
	b.until("the number", `document.querySelector("[data-kind=phone-number] .fe-sub").textContent === "+15550100"`)
	leave()
	add("n", "IVR", "voice-menu")
	leave()
	b.keys(kb.ArrowRight) // to the exit no-input
	add("n", "hang", "hangup")
	leave()
	b.keys(kb.ArrowLeft, kb.ArrowDown) // back along the cable, and to the next exit
	b.until("the exit", `document.querySelector(".fe-exit.fe-chosen")?.dataset.exit === "invalid"`)
	b.keys("c")
	b.until("the list of modules", `document.activeElement.getAttribute("role") === "combobox"`)
	b.keys("hang", kb.Enter)
	f := b.saved()
	if got, want := fmt.Sprint(cabled(f)), "[phone-number next voice-menu voice-menu no-input hangup voice-menu invalid hangup]"; got != want {
		t.Errorf("cables %v, want %v", got, want)
	}
}

func TestWhatIsUndoneIsSavedAsUndone(t *testing.T) {
	b := open(t, sample(t))
	b.until("the module", `document.querySelector("[data-module=bye]") !== null`)
	b.do(chromedp.Click(chromedp.CSS("[data-module=bye] .fe-name")), chromedp.Focus(chromedp.CSS("[data-canvas]")))
	b.keys(kb.Delete)
	b.until("the module is gone", `document.querySelector("[data-module=bye]") === null`)
	if f := b.saved(); len(f.Modules) != 7 || len(f.Cables) != 7 {
		t.Errorf("%d modules and %d cables after the removal", len(f.Modules), len(f.Cables))
	}
	b.do(chromedp.Click(chromedp.CSS("[aria-label=Undo]")))
	b.until("the module is back", `document.querySelector("[data-module=bye]") !== null`)
	if f := b.saved(); len(f.Modules) != 8 || len(f.Cables) != 8 {
		t.Errorf("%d modules and %d cables after undo", len(f.Modules), len(f.Cables))
	}
}

func TestEditsWaitForTheServerToComeBack(t *testing.T) {
	b := open(t, sample(t))
	_ = b.saved()
	b.mu.Lock()
	b.down = true
	b.mu.Unlock()
	b.drag(b.at("[data-module=bye] .fe-name"), point{1100, 650})
	b.until("the editor says that it is offline", `document.querySelector("[data-save=offline]")?.textContent.includes("1 change waiting")`)
	b.mu.Lock()
	b.down = false
	b.mu.Unlock()
	b.do(chromedp.Click(chromedp.CSS("[data-save=offline] button")))
	f := b.saved()
	if bye, _ := f.Module("bye"); bye.Y < 300 {
		t.Errorf("the move was lost: %+v", bye)
	}
}

func TestTwoEditorsOfOneModuleAreAskedAndNothingIsOverwritten(t *testing.T) {
	b := open(t, sample(t))
	_ = b.saved()
	b.mu.Lock() // somebody else saves, unseen
	f, _ := b.typed()
	theirs, _ := json.Marshal(f.Modules[1])
	var m map[string]any
	_ = json.Unmarshal(theirs, &m)
	m["name"] = "Their menu"
	b.change("module", "menu", m)
	b.revision++
	b.mu.Unlock()
	b.do(chromedp.Click(chromedp.CSS("[data-module=menu] .fe-name")), chromedp.WaitVisible(chromedp.CSS("#fe-name")),
		chromedp.Focus(chromedp.CSS("#fe-name")))
	read(t, b.ctx, chromedp.Evaluate[any](`document.activeElement.select()`))
	b.keys("My menu", kb.Enter)
	b.until("the merge screen", `document.querySelector(".fe-conflicts")?.textContent.includes("Their menu") && document.querySelector(".fe-conflicts").textContent.includes("My menu")`)
	b.do(chromedp.Click(chromedp.CSS(".fe-side:nth-child(2) input")), chromedp.Click(chromedp.CSS("[data-action=merge]")))
	f = b.saved()
	if menu, _ := f.Module("menu"); menu.Name != "My menu" {
		t.Errorf("the menu is called %q", menu.Name)
	}
}
