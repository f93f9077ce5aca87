package editor

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"

	"tandem/flow"
)

// typed writes into a field of the open settings as fast as no hand can, and
// goes on in the same breath.
func (b bench) typedAnd(field, text, then string) {
	b.t.Helper()
	b.do(chromedp.Click(chromedp.CSS("[data-module=in] .fe-name")))
	b.until("the form", `document.querySelector("[data-inspector=in] [data-form] input[name=number]")`)
	read(b.t, b.ctx, chromedp.Evaluate[bool](fmt.Sprintf(`(() => { const f = document.querySelector(%q); f.focus();
		Object.getOwnPropertyDescriptor(Object.getPrototypeOf(f), "value").set.call(f, %q); f.dispatchEvent(new Event("input", { bubbles: true })); %s; return true })()`, field, text, then)))
}

const (
	closes   = `document.querySelector("[aria-label='Close settings']").click()`
	finishes = `document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", ctrlKey: true, bubbles: true }))`
	escapes  = `document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }))`
	another  = `document.querySelector("[data-module=bye] .fe-name").click()`
	nothing  = `document.querySelector(".react-flow__pane").click()`
)

func TestWhatWasTypedLastIsKeptHoweverTheSettingsAreLeft(t *testing.T) {
	for how, then := range map[string]string{"closed": closes, "done by key": finishes, "escaped": escapes, "left for another module": another, "left for the canvas": nothing} {
		t.Run(how, func(t *testing.T) {
			b := open(t, sample(t))
			b.typedAnd("[data-form] input[name=number]", "+1555010077", then)
			b.until("the settings are left", `!document.querySelector("[data-inspector=in]")`)
			b.until("the number", `document.querySelector("[data-module=in] .fe-sub").textContent === "+1555010077"`)
			f := b.saved()
			if in, _ := f.Module("in"); in.Settings.(*flow.PhoneNumber).Number != "+1555010077" {
				t.Errorf("the number is %+v", in.Settings)
			}
		})
		t.Run("a name and a note, "+how, func(t *testing.T) {
			b := open(t, sample(t))
			b.typedAnd("#fe-name", "Front door", then)
			b.until("the name", `document.querySelector("[data-module=in] .fe-name").textContent === "Front door"`)
			b.until("the settings are left", `!document.querySelector("[data-inspector=in]")`)
			b.typedAnd("#fe-note", "Ask Mara", then)
			b.until("the settings are left", `!document.querySelector("[data-inspector=in]")`)
			f := b.saved()
			if in, _ := f.Module("in"); in.Name != "Front door" || in.Note != "Ask Mara" {
				t.Errorf("the module is called %q and noted %q", in.Name, in.Note)
			}
		})
	}
}
