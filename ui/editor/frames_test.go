package editor

import (
	"fmt"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"tandem/flow"
)

func frameOf(f flow.Flow, text string) flow.Frame {
	for _, x := range f.Frames {
		if x.Text == text {
			return x
		}
	}
	return flow.Frame{}
}

func TestAFrameIsDrawnNamedSizedAndMovedByPointer(t *testing.T) {
	b := open(t, sample(t))
	b.until("the palette", `document.querySelector("[data-palette=frame]")`)
	b.click("[data-palette=frame]")
	b.until("what to do", `document.querySelector("[data-drawing]") && document.querySelector(".fe-hint-bar").textContent.includes("Drag where the frame goes")`)
	b.drag(point{400, 620}, point{640, 780})
	b.until("its name is asked", `document.activeElement.matches(".fe-frame textarea")`)
	b.keys("Out of hours", kb.Enter)
	f := frameOf(b.saved(), "Out of hours")
	if f.W < 200 || f.W > 480 || f.H < 150 || f.H > 320 || f.W%16 != 0 || f.X%16 != 0 {
		t.Errorf("the frame drawn is %+v", f)
	}
	corner := b.at(".fe-frame.fe-selected .react-flow__resize-control.handle.bottom.right")
	b.drag(corner, point{corner.X + 60, corner.Y + 30})
	b.until("the step", `document.querySelector("[aria-label=Undo]").title.includes("Resize frame")`)
	if now := frameOf(b.saved(), "Out of hours"); now.W <= f.W || now.H <= f.H || now.X != f.X {
		t.Errorf("the frame was %+v and is %+v", f, now)
	}
	b.doubleClick(b.at(".fe-frame.fe-selected .fe-paper-text"))
	b.until("its name again", `document.activeElement.matches(".fe-frame textarea")`)
	b.keys("At night", kb.Enter)
	b.until("the name", `document.querySelector(".fe-frame.fe-selected .fe-paper-text").textContent === "At night"`)
	b.keys(kb.Delete)
	b.until("it is gone", `document.querySelectorAll("[data-frame]").length === 1`)
}

func TestAClickDrawsAFrameOfTheUsualSizeAndEscapeNone(t *testing.T) {
	b := open(t, sample(t))
	b.keys("g")
	b.until("drawing", `document.querySelector("[data-drawing]")`)
	b.keys(kb.Escape)
	b.until("no drawing", `!document.querySelector("[data-drawing]")`)
	b.menu(point{400, 700}, "Draw a frame")
	b.click("[data-drawing]")
	b.until("its name is asked", `document.activeElement.matches(".fe-frame textarea")`)
	b.keys(kb.Escape)
	if f := b.saved(); len(f.Frames) != 2 || f.Frames[1].W != 480 || f.Frames[1].H != 320 {
		t.Errorf("frames %+v", f.Frames)
	}
}

func TestAFrameGoesAroundWhatIsSelected(t *testing.T) {
	b := open(t, sample(t))
	b.click("[data-module=in] .fe-name")
	b.shiftClick("[data-module=menu] .fe-name")
	b.until("both", `document.querySelectorAll(".fe-module.fe-selected").length === 2`)
	b.keys("g")
	b.until("its name is asked", `document.activeElement.matches(".fe-frame textarea")`)
	b.keys("Front", kb.Enter)
	f := b.saved()
	x := frameOf(f, "Front")
	for _, id := range []string{"in", "menu"} {
		m, _ := f.Module(id)
		if m.X <= x.X || m.Y <= x.Y || m.X+224 >= x.X+x.W || m.Y+80 >= x.Y+x.H {
			t.Errorf("%s at %d, %d stands out of %+v", id, m.X, m.Y, x)
		}
	}
}

func TestAFrameIsMovedWithWhatStandsInItAndSizedByKeysAlone(t *testing.T) {
	b := open(t, sample(t))
	b.press("k", chromedp.ModifierCtrl)
	b.until("the search", `document.activeElement.getAttribute("role") === "combobox"`)
	b.keys("nobody answered", kb.Enter)
	b.until("the frame", `document.querySelector("[data-frame=f1].fe-selected") && document.activeElement.matches("[data-canvas]")`)
	b.keys("m", kb.ArrowRight, kb.ArrowDown, kb.Enter)
	f := b.saved()
	sorry, _ := f.Module("sorry")
	old, _ := f.Module("old")
	if f.Frames[0].X != 688+16 || sorry.X != 720+16 || sorry.Y != 144+16 || old.X != 720 {
		t.Errorf("the frame is %+v, what stands in it at %d, %d, what does not at %d", f.Frames[0], sorry.X, sorry.Y, old.X)
	}
	b.keys("m")
	b.press(kb.ArrowRight, chromedp.ModifierCtrl)
	b.press(kb.ArrowUp, chromedp.ModifierCtrl)
	b.keys(kb.Enter)
	if f := b.saved(); f.Frames[0].W != 640+16 || f.Frames[0].H != 160-16 {
		t.Errorf("the frame is %+v", f.Frames[0])
	}
	b.keys("m", kb.ArrowRight, kb.ArrowRight, kb.Escape)
	f = b.saved()
	if sorry, _ = f.Module("sorry"); f.Frames[0].X != 688+16 || sorry.X != 720+16 {
		t.Errorf("after Escape the frame is at %d and what stands in it at %d", f.Frames[0].X, sorry.X)
	}
	b.keys(kb.Enter)
	b.until("its name is asked", `document.activeElement.matches("[data-frame=f1] textarea")`)
	b.keys("Nobody", kb.Enter)
	b.until("the name", `document.querySelector("[data-frame=f1] .fe-paper-text").textContent === "Nobody"`)
}

func TestANoteIsDraggedFromThePaletteAndWritten(t *testing.T) {
	b := open(t, sample(t))
	b.drag(b.at("[data-palette=note]"), point{300, 700})
	b.until("what it says is asked", `document.activeElement.matches(".fe-note textarea")`)
	b.keys("Mara knows", kb.Escape)
	b.until("the words", `[...document.querySelectorAll(".fe-note")].some((n) => n.textContent === "Mara knows")`)
	f := b.saved()
	i := slices.IndexFunc(f.Notes, func(n flow.Note) bool { return n.Text == "Mara knows" })
	if i < 0 || f.Notes[i].Tab != "t1" {
		t.Fatalf("notes %+v", f.Notes)
	}
	b.keys("/")
	b.until("the list", `document.activeElement.getAttribute("role") === "combobox"`)
	b.keys("sticky", kb.Enter)
	b.until("another, to be written", `document.activeElement.matches(".fe-note textarea")`)
	b.keys(kb.Escape)
	b.until("it waits for words", `[...document.querySelectorAll(".fe-note")].some((n) => n.textContent === "Double-click to write")`)
}

func TestALassoTakesModulesAndAFrameOnlyWhole(t *testing.T) {
	b := open(t, sample(t))
	from, to := b.at("[data-module=sorry] .fe-inlet"), b.at("[data-module=bye] .fe-name")
	b.shiftDrag(point{from.X - 8, from.Y - 4}, to)
	if got := selected(b); got != "bye sorry" {
		t.Errorf("selected %q, want the two modules and not the frame around them", got)
	}
	b.shiftClick("[data-module=bye] .fe-name")
	b.until("one less", `document.querySelectorAll(".fe-module.fe-selected").length === 1`)
	b.shiftClick("[data-module=ring] .fe-name")
	b.until("another more", `document.querySelectorAll(".fe-module.fe-selected").length === 2`)
	was := b.saved()
	at := b.at("[data-module=ring] .fe-name")
	b.drag(at, point{at.X + 50, at.Y - 60})
	b.until("one step", `document.querySelector("[aria-label=Undo]").title.includes("Move 2 items")`)
	f := b.saved()
	moved := ""
	for i, m := range f.Modules {
		if m.X != was.Modules[i].X {
			moved += m.ID + " "
		}
	}
	if len(f.Modules) != len(was.Modules) || fmt.Sprint(moved) == "" {
		t.Errorf("moved %q", moved)
	}
	b.keys(kb.Delete)
	b.until("both are gone", `!document.querySelector("[data-module=ring], [data-module=sorry]") && document.querySelector(".fe-toast").textContent.includes("Removed 2 items")`)
	r := b.at("[data-frame=f1]")
	b.shiftDrag(point{r.X - 340, r.Y - 120}, point{r.X + 330, r.Y + 110})
	b.until("the frame, as it is whole in the lasso", `document.querySelector("[data-frame=f1].fe-selected")`)
}
