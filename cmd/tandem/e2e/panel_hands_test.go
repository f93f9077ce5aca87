package e2e

import (
	"fmt"
	"strings"

	"github.com/chromedp/chromedp/kb"

	"tandem/ui/browsertest"
)

// newFlow makes an empty flow by mouse and answers its id.
func (d *drawing) newFlow(name string) string {
	d.t.Helper()
	d.tab.Show(d.HTTP + "/flows/new")
	d.tab.Click("form.inline input[name=name]")
	d.tab.Keys(name)
	d.tab.Click("form.inline input[name=name] ~ button, form.inline:has(input[name=name]) button")
	d.tab.Until("the canvas", canvasReady)
	path := browsertest.Eval[string](d.tab, `location.pathname`)
	return strings.TrimPrefix(path, "/flows/")
}

// drop drags a kind from the palette to a place of the canvas.
func (d *drawing) drop(kind string, to browsertest.Point) {
	d.t.Helper()
	item := "[data-palette=" + kind + "]"
	d.tab.Until("the palette", "document.querySelector("+fmt.Sprintf("%q", item)+")")
	d.tab.Drag(d.tab.At(item), to)
	d.tab.Until("the form of "+kind, fmt.Sprintf(`document.querySelector("[data-form=%s] fieldset")`, kind))
}

// choose picks what has these words from the list under a field.
func (d *drawing) choose(field, words string) {
	d.t.Helper()
	option := fmt.Sprintf(`[...document.querySelectorAll(".picks:not([hidden]) li")].find((li) => li.querySelector(".pick-title")?.textContent.startsWith(%q))`, words)
	d.tab.Click(field)
	d.tab.Until(words+" in the list", option)
	at := browsertest.Eval[browsertest.Point](d.tab, `(() => { const e = `+option+`; e.scrollIntoView({ block: "nearest" }); const r = e.getBoundingClientRect(); return { X: r.x + r.width / 2, Y: r.y + r.height / 2 } })()`)
	d.tab.ClickAt(at)
}

// formDone ends a first form once the box tells what was chosen.
func (d *drawing) formDone(kind, words string) {
	d.t.Helper()
	d.told(kind, words)
	d.tab.Click("[data-action=done]")
	d.tab.Until("the form is closed", `!document.querySelector("[data-inspector]")`)
}

func (d *drawing) told(kind, words string) {
	d.t.Helper()
	d.tab.Until("the box tells "+words, fmt.Sprintf(`document.querySelector("[data-kind=%s] .fe-sub").textContent.includes(%q)`, kind, words))
}

// cable pulls a cable from an exit to a module.
func (d *drawing) cable(from, exit, to string) {
	d.t.Helper()
	d.tab.Drag(d.tab.At(fmt.Sprintf(`[data-kind=%s] [data-exit="%s"] .react-flow__handle`, from, exit)), d.tab.At(fmt.Sprintf("[data-kind=%s] .fe-name", to)))
	d.tab.Until(fmt.Sprintf("the cable from %s of %s", exit, from), fmt.Sprintf(`(() => { const id = (k) => document.querySelector("[data-kind=" + k + "]").dataset.module;
		return [...document.querySelectorAll(".react-flow__edge")].some((e) => e.querySelector("[data-cable]")?.dataset.cable.startsWith(id(%q) + " " + %q) && e.getAttribute("aria-label")?.includes(id(%q))) || document.querySelector('[data-cable="' + id(%[1]q) + " " + %[2]q + '"]') })()`, from, exit, to))
}

// publish publishes through the dialog.
func (d *drawing) publish(version int) {
	d.t.Helper()
	d.tab.Until("saving", draftSaved)
	d.tab.Click("[data-action=publish]")
	d.tab.Click("#fe-publish-note")
	d.tab.Keys(fmt.Sprint("Drawn, take ", version))
	d.tab.Click("[data-action=publish-now]")
	d.tab.Until("the new version", fmt.Sprintf(`document.querySelector(".fe-toast")?.textContent.includes("Version %d is in force")`, version))
}

// tabTo presses Tab until what is wanted has the focus.
func (d *drawing) tabTo(what, wanted string) {
	d.t.Helper()
	const most = 120
	for range most {
		if d.tab.Is(wanted) {
			return
		}
		d.tab.Keys(kb.Tab)
	}
	d.t.Fatalf("%d times Tab do not lead to %s", most, what)
}

// add adds a kind by a key of the canvas.
func (d *drawing) add(key, words, kind string) {
	d.t.Helper()
	d.tab.Keys(key)
	d.tab.Until("the list of kinds", `document.activeElement.matches(".fe-picker [role=combobox]")`)
	d.tab.Keys(words, kb.Enter)
	d.tab.Until("the form of "+kind, fmt.Sprintf(`document.querySelector("[data-form=%s]").contains(document.activeElement)`, kind))
}

// pick types into the list that has the focus and takes what is found.
func (d *drawing) pick(words string) {
	d.t.Helper()
	d.tab.Keys(words)
	d.tab.Until(words+" is found", fmt.Sprintf(`[...document.querySelectorAll(".picks:not([hidden]) .pick-title")].some((e) => e.textContent.startsWith(%q))`, words))
	const most = 8
	for range most {
		d.tab.Keys(kb.ArrowDown)
		if d.tab.Is(fmt.Sprintf(`document.querySelector(".picks li.at .pick-title").textContent.startsWith(%q)`, words)) {
			break
		}
	}
	d.tab.Keys(kb.Enter)
}

// leave ends a form by keys.
func (d *drawing) leave(kind, words string) {
	d.t.Helper()
	d.told(kind, words)
	d.tab.Chord(kb.Enter)
	d.tab.Until("the canvas has the focus", `document.activeElement.matches("[data-canvas]")`)
}

func (d *drawing) publishByKeys() {
	d.t.Helper()
	d.tab.Until("saving", draftSaved)
	d.tabTo("the button to publish", `document.activeElement.matches("[data-action=publish]")`)
	d.tab.Keys(kb.Enter)
	d.tab.Until("the dialog", `document.querySelector("dialog[open]")`)
	d.tabTo("the last button", `document.activeElement.matches("[data-action=publish-now]")`)
	d.tab.Keys(kb.Enter)
	d.tab.Until("the version", `document.querySelector(".fe-toast")?.textContent.includes("Version 1 is in force")`)
}
