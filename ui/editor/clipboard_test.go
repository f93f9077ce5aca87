package editor

import (
	"slices"
	"strings"
	"testing"

	permit "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"tandem/flow"
)

const frontDesk = `{"id":"main","name":"Front desk","modules":[],"cables":[]}`

func TestModulesAreCopiedIntoAnotherFlowWithBlankNumbers(t *testing.T) {
	b := open(t, sample(t))
	b.shiftDrag(point{60, 340}, point{540, 560})
	if got := selected(b); got != "in menu" {
		t.Fatalf("selected %q", got)
	}
	b.clipboardKey("c", "copy")
	b.until("said", `document.querySelector("[data-said]").textContent === "Copied 2 items"`)

	other := open(t, frontDesk) // another flow, in another window
	other.do(chromedp.Focus(chromedp.CSS("[data-canvas]")))
	other.clipboardKey("v", "paste")
	other.until("the copies", `document.querySelectorAll("[data-module]").length === 2`)
	f := other.saved()
	in := slices.IndexFunc(f.Modules, func(m flow.Module) bool { return m.Kind == "phone-number" })
	if in < 0 || f.Modules[in].Settings.(*flow.PhoneNumber).Number != "" {
		t.Errorf("the copy has a number: %+v", f.Modules)
	}
	if got := cabled(f); len(got) != 2 || !slices.Contains(got, "phone-number next voice-menu") || !slices.Contains(got, "voice-menu invalid voice-menu") {
		t.Errorf("cables %v", got)
	}
	if was := b.saved(); len(was.Modules) != 8 {
		t.Errorf("the flow copied from has %d modules", len(was.Modules))
	}
}

func TestWhatIsCopiedIsPlainJSONThatAnyBrowserTakes(t *testing.T) {
	b := open(t, sample(t))
	b.do(command(permit.SetPermission, permit.SetPermissionParams{Permission: &permit.PermissionDescriptor{Name: "clipboard-read"}, Setting: permit.PermissionSettingGranted}))
	b.click("[data-module=sorry] .fe-name")
	b.clipboardKey("c", "copy")
	b.until("said", `document.querySelector("[data-said]").textContent === "Copied 1 item"`)
	text := eval[string](b, `navigator.clipboard.readText()`)
	if !strings.Contains(text, `"tandem": "modules"`) || !strings.Contains(text, `"audio-playback"`) {
		t.Errorf("the clipboard holds %s", text)
	}
	eval[bool](b, `navigator.clipboard.writeText(`+"`"+strings.Replace(text, "Nobody is here", "From afar", 1)+"`"+`).then(() => true)`)
	b.click("[data-tab=t2] button")
	b.until("the other tab", `document.querySelector("[data-module=help]")`)
	b.rests()
	b.do(chromedp.MouseEvent(chromedp.MouseMoved, 500, 650))
	b.clipboardKey("v", "paste")
	b.until("it stands where the pointer is", `(() => { const m = document.querySelector("[data-name='From afar']"); const r = m.getBoundingClientRect(); return Math.abs(r.x - 500) < 24 && Math.abs(r.y - 650) < 24 })()`)
	b.menu(point{700, 200}, "Paste")
	b.until("and where the menu was", `document.querySelectorAll("[data-name^='From afar']").length === 2`)
	f := b.saved()
	i := slices.IndexFunc(f.Modules, func(m flow.Module) bool { return m.Name == "From afar" })
	if i < 0 || f.Modules[i].Tab != "t2" {
		t.Errorf("modules %+v", f.Modules)
	}
	eval[bool](b, `navigator.clipboard.writeText("hello").then(() => true)`)
	b.clipboardKey("v", "paste")
	b.until("why not", `document.querySelector(".fe-toast").textContent.includes("The clipboard holds no modules of a flow")`)
}

func TestWhatIsCutIsGoneUntilItIsPasted(t *testing.T) {
	b := open(t, sample(t))
	b.click("[data-module=bye] .fe-name")
	b.keys(kb.Escape)
	b.click("[aria-label='Zoom in']") // the focus may be anywhere on the bars
	b.clipboardKey("x", "cut")
	b.until("it is gone", `!document.querySelector("[data-module=bye]")`)
	b.clipboardKey("v", "paste")
	b.until("it is back", `document.querySelectorAll("[data-kind=hangup]").length === 1`)
	if f := b.saved(); len(f.Modules) != 8 {
		t.Errorf("%d modules", len(f.Modules))
	}
}
