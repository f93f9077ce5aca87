package ui

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"tandem/flow"
	"tandem/flow/directory"
	"tandem/ui/browsertest"
)

// usable runs axe-core over what is shown, in both lightings.
func (d desk) usable(what string) {
	d.t.Helper()
	for theme, rules := range lightings {
		d.Theme(theme)
		for _, finding := range d.Axe(rules...) {
			d.t.Errorf("%s, %s: %s", what, theme, finding)
		}
	}
}

// press puts the focus where Tab would and presses Enter.
func (d desk) press(selector string) {
	d.t.Helper()
	d.Focus(selector)
	d.Keys(kb.Enter)
}

// inForce waits for a version to be in force; 0: none.
func (d desk) inForce(version string) {
	d.t.Helper()
	d.Until("version "+version+" is in force", `fetch("/api/flows/`+d.flow+`/draft").then((a) => a.json()).then((d) => { window.published = d.published; }) && String(window.published) === "`+version+`"`)
}

func TestVersionsArePublishedComparedAndTakenBackByKeysAlone(t *testing.T) {
	t.Parallel()
	c := frontDoor(t)
	c.broke(func(f *flow.Flow) { set[*flow.VoiceMenu](f, "menu").Timeout = 9 })
	d := atTheDeskOf(t, c.world, directory.Admin, "frontdoor")

	d.press("[data-action=publish]")
	d.Until("what will change", `document.querySelector(".fe-changes li")?.textContent.includes("Waits for a key, 5 s → 9 s") && document.querySelector(".fe-claims").textContent.includes("650")`)
	d.Until("the note is asked for", `document.activeElement.id === "fe-publish-note"`)
	d.usable("the dialog of a publish")
	d.Keys("Nine seconds", kb.Enter)
	d.inForce("2")
	d.Until("it is said", `document.querySelector(".fe-toast").textContent.includes("Version 2 is in force")`)

	versions := func() {
		t.Helper()
		d.press("[aria-label=More]")
		d.Until("the menu", `document.activeElement.getAttribute("role") === "menuitem" || document.querySelector(".fe-menu-list")`)
		for range 12 {
			if d.Is(`document.activeElement.textContent.startsWith("Versions")`) {
				break
			}
			d.Keys(kb.ArrowDown)
		}
		d.Keys(kb.Enter)
		d.Until("the versions", `document.querySelector("dialog[open] .fe-versions > li")`)
	}
	versions()
	d.press("[data-version='1'] [data-action=roll-back]")
	d.Until("it is asked about, with a note", `document.activeElement.value === "Back to version 1"`)
	d.usable("the dialog of the versions")
	d.Keys(kb.Escape)
	d.Until("it was not meant", `!document.querySelector(".fe-sure") && document.querySelector("dialog[open]")`)
	d.press("[data-version='1'] [data-action=roll-back]")
	d.Until("it is asked about again", `document.activeElement.value === "Back to version 1"`)
	d.Keys(kb.Enter)
	d.inForce("3")
	d.Until("the list has it", `document.querySelector("[data-version='3'].fe-current")`)

	d.press("[data-version='3'] [data-action=unpublish]")
	d.Until("it is asked about", `document.activeElement.dataset.action === "sure" && document.querySelector(".fe-sure").textContent.includes("refused")`)
	d.Keys(kb.Enter)
	d.inForce("0")

	d.Focus("#fe-from")
	d.Keys("version 1")
	d.Focus("#fe-to")
	d.Keys("version 2", kb.Tab, kb.Enter)
	d.Until("what changed", canvasReady+` && location.search === "?from=1&to=2" && document.querySelector(".changes").textContent.includes("Waits for a key")`)
	d.usable("a comparison")
	d.clean()
}

func TestARollBackThatIsRefusedNamesWhoHoldsTheNumber(t *testing.T) {
	t.Parallel()
	c := frontDoor(t)
	c.broke(func(f *flow.Flow) { set[*flow.InternalNumber](f, "in").InternalNumber = "651" })
	c.want(c.json(http.MethodPost, "/api/flows/frontdoor/publish", publishBody{}), http.StatusOK)
	thief := flow.Flow{ID: "backdoor", Name: "Back door", Modules: []flow.Module{{ID: "in", Kind: "internal-number", Name: "In", HangUpHere: []flow.Exit{"next"}, Settings: &flow.InternalNumber{InternalNumber: "650"}}}}
	if err := c.store.CreateFlow(t.Context(), thief, "owner@example.org"); err != nil {
		t.Fatal(err)
	}
	c.want(c.json(http.MethodPost, "/api/flows/backdoor/publish", publishBody{}), http.StatusOK)
	d := atTheDeskOf(t, c.world, directory.Admin, "frontdoor")
	d.press("[data-action=publish]")
	d.press("dialog footer .fe-button:first-child")
	d.press("[data-version='1'] [data-action=roll-back]")
	d.press("[data-action=sure]")
	d.Until("who holds it", `document.querySelector(".fe-sure [data-problem=internal-number-taken]").textContent.includes("Back door")`)
	d.inForce("2")
	d.usable("a refused roll back")
	d.Complaints() // the browser tells of the 422 itself
}

func TestAFlowIsImportedAndAskedAboutByKeysAlone(t *testing.T) {
	t.Parallel()
	c := frontDoor(t)
	c.broke(func(f *flow.Flow) { set[*flow.AudioPlayback](f, "say").Audio = "elsewhere" })
	file := filepath.Join(t.TempDir(), "door.flow.json")
	if err := os.WriteFile(file, []byte(c.want(c.get("/api/flows/frontdoor/export"), http.StatusOK).body), 0o600); err != nil {
		t.Fatal(err)
	}
	d := atTheDeskOf(t, c.world, directory.Admin, "frontdoor")
	d.Show(browsertest.Eval[string](d.Tab, "location.origin") + "/flows/new")
	d.usable("the page of new flows")
	d.Upload(`form[action$="/import"] input[type=file]`, 0, file)
	d.press(`form[action$="/import"] button`)
	d.Until("it asks for what is missing", `location.pathname.endsWith("/missing") && document.querySelector("audio-field .pick")`)
	d.usable("what is missing")
	d.Focus("audio-field .pick")
	d.Keys(kb.ArrowDown)
	d.Until("the library", `document.querySelectorAll("audio-field .picks li").length > 2`)
	d.Keys("nobody there")
	d.Until("one is left", `document.querySelectorAll("audio-field .picks li:not(.none)").length === 1`)
	d.Keys(kb.ArrowDown, kb.ArrowDown, kb.Enter)
	d.Until("it is chosen", `document.querySelector("audio-field select").value === "sorry"`)
	d.press(".done button")
	d.Until("the editor opens", canvasReady)
	id := browsertest.Eval[string](d.Tab, `location.pathname.split("/").pop()`)
	imported := d.who.draft(id).Flow
	if got := set[*flow.AudioPlayback](&imported, "say").Audio; got != "sorry" {
		t.Errorf("the module plays %q", got)
	}
	d.clean()
}
