package editor

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"tandem/flow"
)

func tabNames(f flow.Flow) string {
	var out []string
	for _, t := range f.Tabs {
		out = append(out, t.Name)
	}
	return strings.Join(out, ", ")
}

func TestTabsAreAddedNamedReorderedAndRemovedWithWhatIsOnThem(t *testing.T) {
	b := open(t, sample(t))
	b.click("[aria-label='Add a tab']")
	b.until("its name is asked", `document.activeElement.matches(".fe-tab-name")`)
	b.keys("Night", kb.Enter)
	if got := tabNames(b.saved()); got != "Main, Support, Night" {
		t.Errorf("tabs %s", got)
	}
	b.doubleClick(b.at(".fe-tab.fe-active button"))
	b.until("its name again", `document.activeElement.matches(".fe-tab-name")`)
	b.keys("Support", kb.Enter)
	b.until("why not", `document.querySelector(".fe-toast").textContent.includes("Another tab has this name")`)
	b.drag(b.at(".fe-tab.fe-active button"), point{b.at("[data-tab=t1] button").X - 12, b.at("[data-tab=t1]").Y})
	if got := tabNames(b.saved()); got != "Night, Main, Support" {
		t.Errorf("dragged to the front, tabs %s", got)
	}
	b.do(chromedp.Focus(chromedp.CSS("[data-tab=t2] button")))
	b.press(kb.ArrowLeft, chromedp.ModifierAlt)
	b.until("the focus stays on the tab", `document.activeElement === document.querySelector("[data-tab=t2] button") && document.activeElement.closest(".fe-tabs").children[1].dataset.tab === "t2"`)
	if got := tabNames(b.saved()); got != "Night, Support, Main" {
		t.Errorf("moved by keys, tabs %s", got)
	}
	b.keys(kb.F2)
	b.until("its name", `document.activeElement.matches(".fe-tab-name")`)
	b.keys("Help", kb.Enter)
	b.click("[data-tab=t2] button")
	b.until("the tab", `document.querySelector("[data-tab=t2].fe-active") && document.querySelector("[data-module=help]")`)
	b.click("[aria-label='Remove tab Help']")
	b.until("what went", `document.querySelector(".fe-toast").textContent.includes("Removed Help with 2 modules")`)
	f := b.saved()
	if tabNames(f) != "Night, Main" || len(f.Modules) != 6 || leads(f, "menu", "key:2") != "" {
		t.Errorf("tabs %s, %d modules, cables %v", tabNames(f), len(f.Modules), cabled(f))
	}
	b.click(".fe-toast .fe-link")
	b.until("all is back, and seen", `document.querySelector("[data-tab=t2].fe-active") && document.querySelector("[data-module=help]")`)
	if f = b.saved(); tabNames(f) != "Night, Help, Main" || len(f.Modules) != 8 || leads(f, "menu", "key:2") != "help" {
		t.Errorf("tabs %s, %d modules, cables %v", tabNames(f), len(f.Modules), cabled(f))
	}
}

func TestAFlowHasTwentyTabsAtMost(t *testing.T) {
	b := open(t, blank)
	for n := 2; n <= 20; n++ {
		b.click("[aria-label='Add a tab']")
		b.until("its name is asked", `document.activeElement.matches(".fe-tab-name")`)
		b.keys(kb.Escape)
		b.until("the tab", fmt.Sprintf(`document.querySelectorAll("[data-tab]").length === %d`, n))
	}
	b.until("no more", `!document.querySelector("[aria-label='Add a tab']")`)
	b.until("the last is in view", `document.querySelector(".fe-tab.fe-active").getBoundingClientRect().right <= 1440`)
	if f := b.saved(); len(f.Tabs) != 20 || f.Tabs[19].Name != "Tab 20" {
		t.Errorf("tabs %s", tabNames(f))
	}
}

func TestATabComesBackAsItWasLeft(t *testing.T) {
	b := open(t, sample(t))
	b.drag(point{300, 250}, point{360, 330})
	b.keys("+")
	b.rests()
	const view = `document.querySelector(".react-flow__viewport").style.transform`
	was := eval[string](b, view)
	b.click("[data-tab=t2] button")
	b.until("the other tab", `document.querySelector("[data-module=help]")`)
	b.rests()
	b.click("[data-tab=t1] button")
	b.until("the view as it was", fmt.Sprintf(`%s === %q`, view, was))
}

func TestUndoAndRedoGoToTheTabWhereTheyDoSomething(t *testing.T) {
	b := open(t, sample(t))
	b.click("[data-module=bye] .fe-name")
	b.keys("m", kb.ArrowDown, kb.Enter)
	b.click("[data-module=sorry] [data-exit=next] .fe-label")
	b.keys(kb.Delete)
	b.until("the cable is gone", `!document.querySelector('[data-cable="sorry next"]')`)
	b.click("[data-tab=t2] button")
	b.until("the other tab", `document.querySelector("[data-module=help]")`)
	b.click("[aria-label=Undo]")
	b.until("the cable, seen", `document.querySelector("[data-tab=t1].fe-active") && document.querySelector('[data-cable="sorry next"] , [data-cable="sorry next"].fe-selected')`)
	b.click("[data-tab=t2] button")
	b.until("the other tab", `document.querySelector("[data-module=help]")`)
	b.click("[aria-label=Undo]")
	b.until("the module, seen", `document.querySelector("[data-tab=t1].fe-active") && document.querySelector("[data-module=bye].fe-selected")`)
	b.click("[data-tab=t2] button")
	b.until("the other tab", `document.querySelector("[data-module=help]")`)
	b.press("y", chromedp.ModifierCtrl)
	b.until("done again, seen", `document.querySelector("[data-tab=t1].fe-active") && document.querySelector("[data-module=bye].fe-selected")`)
	if f := b.saved(); leads(f, "sorry", "next") != "bye" {
		t.Error("the cable is gone")
	}
}

func TestTheHistoryListsEveryStepByNameAndGoesToAny(t *testing.T) {
	b := open(t, sample(t))
	b.click("[data-module=bye] .fe-name")
	for range 40 {
		b.keys("h") // nothing to hang up at: no step
	}
	b.keys("m", kb.ArrowDown, kb.Enter)
	b.press("d", chromedp.ModifierCtrl)
	b.until("the copy", `document.querySelectorAll("[data-kind=hangup]").length === 2`)
	b.keys(kb.Delete)
	b.until("the copy is gone", `document.querySelectorAll("[data-kind=hangup]").length === 1`)
	b.click("[aria-label=History]")
	b.until("the steps", `[...document.querySelectorAll("[role=menuitem]")].map((i) => i.firstChild.textContent).join("|") === "Remove Goodbye 2|Paste one module|Move Goodbye|As it was opened"`)
	b.choose("As it was opened")
	b.until("all is as it was", `document.querySelector("[aria-label=Undo]:disabled")`)
	if f := b.saved(); len(f.Modules) != 8 || f.Frames[0].X != 688 {
		t.Errorf("%d modules", len(f.Modules))
	}
	b.click("[aria-label=History]")
	b.choose("Paste one module")
	b.until("two steps again", `document.querySelector("[aria-label=Undo]").title.includes("Paste one module") && document.querySelector("[aria-label=Redo]").title.includes("Remove Goodbye 2")`)
	if f := b.saved(); len(f.Modules) != 9 {
		t.Errorf("%d modules", len(f.Modules))
	}
}
