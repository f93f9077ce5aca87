package editor

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func TestTheReasonOfARefusalStandsBesideThePointerAndInTheWindow(t *testing.T) {
	b := open(t, sample(t))
	for _, at := range []point{b.at("[data-module=in] .fe-name"), b.at("[data-module=sorry] .fe-inlet")} {
		b.hold(b.at(exit("sorry", "next")), at)
		b.until("a reason", `document.querySelector(".fe-reason")?.textContent`)
		r := eval[struct{ X, Y, W, H float64 }](b, `(({ x, y, width, height }) => ({ X: x, Y: y, W: width, H: height }))(document.querySelector(".fe-reason").getBoundingClientRect())`)
		if r.X-at.X > 40 || r.Y-at.Y > 40 || r.X < 0 || r.X+r.W > 1440 || r.Y+r.H > 900 {
			t.Errorf("the pointer is at %v, the reason at %+v", at, r)
		}
		b.letGo(at)
	}
	if f := b.saved(); len(f.Cables) != 8 || leads(f, "sorry", "next") != "bye" {
		t.Errorf("cables %v", cabled(f))
	}
}

func TestALoopThatNeverWaitsIsRefusedInWordsWhileItIsDragged(t *testing.T) {
	b := open(t, sample(t))
	own := b.at("[data-module=sorry] .fe-inlet")
	b.hold(b.at(exit("sorry", "next")), own)
	b.until("the reason", `document.querySelector(".fe-reason")?.textContent === "Nobody is here would call itself without ever waiting for the caller"`)
	b.until("it is said, too", `document.querySelector("[data-said]").textContent.includes("without ever waiting")`)
	b.letGo(own)
	if f := b.saved(); leads(f, "sorry", "next") != "bye" {
		t.Errorf("cables %v", cabled(f))
	}
}

func TestWhatWouldTakeTheCableIsLitAndASlipLaysNone(t *testing.T) {
	b := open(t, sample(t))
	to := b.at("[data-module=bye] .fe-name")
	b.hold(b.at(exit("menu", "key:3")), to)
	b.until("the light", `document.querySelector("[data-module=bye].fe-target")`)
	back := b.at("[data-module=menu] [data-exit='key:3'] kbd")
	b.do(chromedp.MouseEvent(chromedp.MouseMoved, back.X, back.Y))
	b.until("no light", `!document.querySelector(".fe-target")`)
	b.letGo(back)
	if f := b.saved(); leads(f, "menu", "key:3") != "" {
		t.Errorf("a slip leads to %s", leads(f, "menu", "key:3"))
	}
}

func TestANewCableReplacesTheOldOneOfItsExit(t *testing.T) {
	b := open(t, sample(t))
	b.drag(b.at(exit("menu", "key:1")), b.at("[data-module=bye] .fe-name"))
	b.until("the step", `document.querySelector("[aria-label=Undo]").title.includes("Reconnect Main menu to Goodbye")`)
	if f := b.saved(); len(f.Cables) != 8 || leads(f, "menu", "key:1") != "bye" {
		t.Errorf("cables %v", cabled(f))
	}
	b.press("z", chromedp.ModifierCtrl)
	if f := b.saved(); leads(f, "menu", "key:1") != "ring" {
		t.Errorf("undone, the exit leads to %s", leads(f, "menu", "key:1"))
	}
}

func TestBothEndsOfACableAreTakenElsewhere(t *testing.T) {
	b := open(t, sample(t))
	anchor := func(end string) string { return `[data-id="menu key:1"] .react-flow__edgeupdater-` + end }
	b.drag(b.at(anchor("target")), b.at("[data-module=bye] .fe-name"))
	b.until("the other end", `document.querySelector("[aria-label=Undo]").title.includes("Reconnect Main menu to Goodbye")`)
	if f := b.saved(); leads(f, "menu", "key:1") != "bye" {
		t.Errorf("the cable leads to %s", leads(f, "menu", "key:1"))
	}
	b.drag(b.at(anchor("source")), b.at(exit("menu", "key:3")))
	b.until("the other exit", `document.querySelector('[data-cable="menu key:3"]')`)
	if f := b.saved(); leads(f, "menu", "key:1") != "" || leads(f, "menu", "key:3") != "bye" {
		t.Errorf("the exits lead to %q and %q", leads(f, "menu", "key:1"), leads(f, "menu", "key:3"))
	}
}

func TestEscapeLetsGoOfTheCableInTheHand(t *testing.T) {
	b := open(t, sample(t))
	to := b.at("[data-module=bye] .fe-inlet")
	b.hold(b.at(exit("menu", "key:3")), to)
	b.until("the cable", `document.querySelector(".fe-draft.fe-welcome")`)
	b.keys(kb.Escape)
	b.until("no cable", `!document.querySelector(".fe-draft") && !document.querySelector(".fe-target")`)
	b.do(chromedp.MouseEvent(chromedp.MouseMoved, to.X+3, to.Y))
	b.letGo(to)
	if f := b.saved(); len(f.Cables) != 8 {
		t.Errorf("cables %v", cabled(f))
	}
}

func TestACableDroppedOnAnotherTabAsksForItsModule(t *testing.T) {
	b := open(t, sample(t))
	tab := b.at("[data-tab=t2] button")
	b.hold(b.at(exit("menu", "key:3")), tab)
	b.until("what it would do", `document.querySelector(".fe-invites")?.textContent === "Let go to choose a module of Support" && document.querySelector("[data-tab=t2].fe-target")`)
	b.letGo(tab)
	b.until("the modules of that tab", `[...document.querySelectorAll(".fe-option .fe-name")].map((e) => e.textContent).join() === "Support desk,End of support,A new module on Support…"`)
	b.keys("end", kb.Enter)
	b.until("the portal", `document.querySelector("[data-module=menu] [data-exit='key:3'] .fe-portal-out")?.textContent === "End of support"`)
	b.drag(b.at(exit("menu", "key:3")), b.at("[data-tab=t2] button"))
	b.keys("new", kb.Enter)
	b.until("the kinds", `document.querySelector("[data-tab=t2].fe-active") && document.activeElement.placeholder === "Add after “3”"`)
	b.keys("hang", kb.Enter)
	b.until("the module, with its portal", `[...document.querySelectorAll("[data-kind=hangup] .fe-portals-in")].length === 1`)
	if f := b.saved(); !strings.HasPrefix(nameOf(f, leads(f, "menu", "key:3")), "Support Hang Up") {
		t.Errorf("the exit leads to %s", nameOf(f, leads(f, "menu", "key:3")))
	}
}

func TestALooseModuleDraggedOntoACableIsInserted(t *testing.T) {
	b := open(t, sample(t))
	a, z := b.at(exit("in", "next")), b.at("[data-module=menu] .fe-inlet")
	middle := point{(a.X + z.X) / 2, (a.Y + z.Y) / 2}
	b.hold(b.at("[data-module=old] .fe-name"), middle)
	b.until("the light on the cable", `document.querySelector('[data-cable="in next"].fe-target')`)
	b.letGo(middle)
	b.until("the step", `document.querySelector("[aria-label=Undo]").title.includes("Insert Summer message")`)
	f := b.saved()
	if leads(f, "in", "next") != "old" || leads(f, "old", "next") != "menu" {
		t.Errorf("cables %v", cabled(f))
	}
}

func TestWhatIsInsertedByKeyOrDoubleClickFindsRoomAndUndoPutsAllBack(t *testing.T) {
	ways := map[string]func(b bench){
		"key": func(b bench) {
			b.click("[data-module=in] [data-exit=next] .fe-label")
			b.keys("n")
		},
		"double-click": func(b bench) {
			a, z := b.at(exit("in", "next")), b.at("[data-module=menu] .fe-inlet")
			b.doubleClick(point{(a.X + z.X) / 2, (a.Y + z.Y) / 2})
		},
		"menu": func(b bench) {
			a, z := b.at(exit("in", "next")), b.at("[data-module=menu] .fe-inlet")
			b.menu(point{(a.X + z.X) / 2, (a.Y + z.Y) / 2}, "Insert a module…")
		},
	}
	for name, ask := range ways {
		t.Run(name, func(t *testing.T) {
			b := open(t, sample(t))
			was := b.saved()
			ask(b)
			b.until("what is asked", `document.activeElement.placeholder === "Insert between “next” and Main menu"`)
			b.keys("play", kb.Enter)
			b.until("the form", `document.querySelector("[data-form=audio-playback] select")`)
			f := b.saved()
			id := leads(f, "in", "next")
			m, _ := f.Module(id)
			menu, _ := f.Module("menu")
			bye, _ := f.Module("bye")
			if m == nil || leads(f, id, "next") != "menu" || menu.X < m.X+224+64 || bye.X <= 1072 || f.Frames[0].X-688 != bye.X-1072 {
				t.Errorf("the new module is %+v before %+v, the last at %d, the frame at %d; cables %v", m, menu, bye.X, f.Frames[0].X, cabled(f))
			}
			b.do(chromedp.Focus(chromedp.CSS("[data-canvas]")))
			b.press("z", chromedp.ModifierCtrl)
			b.until("one step back", `document.querySelector("[aria-label=Undo]:disabled")`)
			if now := b.saved(); len(now.Cables) != len(was.Cables) || leads(now, "in", "next") != "menu" || now.Frames[0].X != 688 || now.Frames[0] != was.Frames[0] {
				t.Errorf("undone, the cables are %v", cabled(now))
			}
		})
	}
}

func TestACableIsChosenNamedAndRemovedByPointerAndKey(t *testing.T) {
	b := open(t, sample(t))
	a, z := b.at(exit("sorry", "next")), b.at("[data-module=bye] .fe-inlet")
	b.do(chromedp.MouseClickXY((a.X+z.X)/2, (a.Y+z.Y)/2))
	b.until("the chosen cable says its exit", `getComputedStyle(document.querySelector(".fe-cable.fe-selected .fe-cable-label")).opacity === "1"`)
	b.keys(kb.Delete)
	b.until("the cable is gone", `!document.querySelector('[data-cable="sorry next"]')`)
	b.until("the exit is open", `document.querySelector("[data-module=sorry] [data-exit=next].fe-open")`)
	b.menu(b.at("[data-module=ring] [data-exit=no-answer] .fe-label"), "Disconnect “no answer”")
	if f := b.saved(); leads(f, "ring", "no-answer") != "" || leads(f, "sorry", "next") != "" {
		t.Errorf("cables %v", cabled(f))
	}
}
