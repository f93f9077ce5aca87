package editor

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// outlined works the outline by keys alone.
func outlined(t *testing.T) bench {
	t.Helper()
	b := open(t, sample(t))
	b.keys("o")
	b.until("the outline", `document.querySelector(".fe-tree")`)
	return b
}

// edit opens the menu of something in the outline by its name and chooses.
func (b bench) edit(what, item string) {
	b.t.Helper()
	b.until("the menu of "+what, fmt.Sprintf(`document.querySelector('.fe-outline [aria-label="%s"]') && (document.querySelector('.fe-outline [aria-label="%s"]').focus(), true)`, what, what))
	b.keys(kb.Enter)
	b.until("its items", `document.activeElement.getAttribute("role") === "menuitem"`)
	for range 14 {
		if eval[string](b, `document.activeElement.firstChild.textContent`) == item {
			b.keys(kb.Enter)
			return
		}
		b.keys(kb.ArrowDown)
	}
	b.t.Fatalf("%s does not offer %q", what, item)
}

func (b bench) answers(words string) {
	b.t.Helper()
	b.until("the question", `document.activeElement.getAttribute("role") === "combobox"`)
	b.keys(words, kb.Enter)
}

func TestTheOutlineMakesEveryEditByKeysAlone(t *testing.T) {
	b := outlined(t)
	b.edit("Edit exit 3 of Main menu", "Connect to…")
	b.answers("goodbye")
	b.edit("Edit exit no answer of Sales", "Disconnect")
	b.edit("Edit exit no answer of Sales", "Hang up here")
	b.edit("Edit exit 1 of Main menu", "Insert a module…")
	b.answers("play")
	b.until("its form", `document.querySelector("[data-form=audio-playback]").contains(document.activeElement)`)
	b.press(kb.Enter, chromedp.ModifierCtrl)
	b.until("no form", `!document.querySelector("[data-inspector]")`)
	b.edit("Edit Nobody is here", "Rename")
	b.until("the name", `document.activeElement.matches(".fe-tree input")`)
	b.keys("Sorry", kb.Enter)
	b.edit("Edit Sorry", "Shelve")
	b.edit("Edit Sorry", "Duplicate")
	b.until("the copy", `document.querySelector("[data-name='Sorry 2']")`)
	b.edit("Edit Sorry 2", "Move to tab…")
	b.answers("Support")
	b.until("it is there", `document.querySelector("[data-tab=t2].fe-active") && document.querySelector("[data-name='Sorry 2']")`)
	b.edit("Edit Summer message", "Remove")
	b.edit("Add", "Add a note")
	b.until("its words", `document.activeElement.matches(".fe-note textarea")`)
	b.keys("Call Mara", kb.Escape)
	b.edit("Edit note Call Mara", "Move and size by keys")
	b.keys(kb.ArrowDown, kb.Enter)
	b.edit("Edit frame Nobody answered", "Write")
	b.until("its words", `document.activeElement.matches(".fe-frame textarea")`)
	b.keys("Nobody", kb.Enter)
	b.edit("Edit note Key 3 is for the press. Ask Mara before you cable it.", "Remove")
	b.edit("Edit tab Support", "Move to the left")
	b.edit("Edit tab Main", "Rename")
	b.until("the name", `document.activeElement.matches(".fe-tree input")`)
	b.keys("Front", kb.Enter)
	b.edit("Add", "Add a tab")
	b.until("the tab", `document.querySelectorAll("[data-tab]").length === 3`)
	b.edit("Edit tab Tab 3", "Remove with what is on it")

	f := b.saved()
	if got := tabNames(f); got != "Support, Front" {
		t.Errorf("tabs %s", got)
	}
	ring, _ := f.Module("ring")
	sorry, _ := f.Module("sorry")
	played := leads(f, "menu", "key:1")
	if leads(f, "menu", "key:3") != "bye" || leads(f, "ring", "no-answer") != "" || len(ring.HangUpHere) != 1 || leads(f, played, "next") != "ring" {
		t.Errorf("cables %v, hangs up at %v", cabled(f), ring.HangUpHere)
	}
	if sorry.Name != "Sorry" || !sorry.Shelved || len(f.Modules) != 9 {
		t.Errorf("%d modules; %+v", len(f.Modules), sorry)
	}
	if _, there := f.Module("old"); there {
		t.Error("what was removed is there")
	}
	if len(f.Notes) != 1 || f.Notes[0].Text != "Call Mara" || f.Notes[0].Tab != "t2" || f.Frames[0].Text != "Nobody" || f.Frames[0].Tab != "t1" {
		t.Errorf("notes %+v, frames %+v", f.Notes, f.Frames)
	}
}

func TestArrowsWalkTheOutlineAndTheChosenModuleShowsAllItsExits(t *testing.T) {
	b := outlined(t)
	b.until("the first row", `(document.querySelector(".fe-leaf").focus(), true)`)
	b.keys(kb.ArrowDown, kb.ArrowDown)
	b.until("the second module", `document.activeElement.textContent.startsWith("Main menu")`)
	b.keys(kb.Enter)
	b.until("chosen on the canvas, with every exit", `document.querySelector("[data-module=menu].fe-selected") && document.querySelector('.fe-outline [aria-label="Edit exit error of Main menu"]')`)
	b.edit("Edit exit error of Main menu", "Connect to…")
	b.answers("goodbye")
	if f := b.saved(); leads(f, "menu", "error") != "bye" {
		t.Errorf("cables %v", cabled(f))
	}
}
