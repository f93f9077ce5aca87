package ui

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"tandem/flow"
	"tandem/flow/directory"
	"tandem/ui/browsertest"
)

// sales is a ring group of three, the most that one is made for.
func sales() flow.Flow {
	bar := func(who string, start int) flow.RingDestination {
		return flow.RingDestination{ContactMethod: who, Start: start, Length: 25}
	}
	return flow.Flow{ID: "office", Name: "Office", Modules: []flow.Module{
		{ID: "in", Kind: "internal-number", Name: "In", X: 0, Y: 96, Settings: &flow.InternalNumber{InternalNumber: "600"}},
		{ID: "sales", Kind: "ring-group", Name: "Sales", X: 288, Y: 96, Settings: &flow.RingGroup{Confirm: "on", HoldMusic: "message",
			Destinations: []flow.RingDestination{bar("account-100", 0), bar("account-101", 0), bar("account-100", 30)}}},
		{ID: "bye", Kind: "hangup", Name: "Bye", X: 576, Y: 96, Settings: &flow.Hangup{}},
	}, Cables: []flow.Cable{{From: "in", Exit: "next", To: "sales"}, {From: "sales", Exit: "no-answer", To: "bye"}, {From: "sales", Exit: "unavailable", To: "bye"}}}
}

// atSales opens a flow with the ring group of three.
func atSales(t *testing.T) desk {
	t.Helper()
	d := atTheDesk(t, "team")
	if err := d.who.store.CreateFlow(t.Context(), sales(), "tests"); err != nil {
		t.Fatal(err)
	}
	d.flow = "office"
	d.Do(chromedp.Navigate(browsertest.Eval[string](d.Tab, "location.origin") + "/flows/office"))
	d.Until("the group is drawn", canvasReady+` && document.querySelector("[data-module=sales]")`)
	return d
}

// becomes waits until the module is of a kind, on the canvas and as it is saved.
func (d desk) becomes(kind string) {
	d.t.Helper()
	d.Until("a "+kind, `document.querySelector("[data-module=sales][data-kind=`+kind+`]") && document.querySelector("[data-save=saved]")`)
}

// leaves lists by which exits callers go on from the module, as it is saved.
func (d desk) leaves() string {
	d.t.Helper()
	var out []string
	for _, c := range d.who.draft(d.flow).Flow.Cables {
		if c.From == "sales" {
			out = append(out, string(c.Exit)+">"+c.To)
		}
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

const asked = `document.querySelector("dialog[open] [data-action=into-queue]")`

func TestAFourthDestinationAsksForAQueueAndEnterTurnsIt(t *testing.T) {
	t.Parallel()
	d := atSales(t)
	d.open("sales")
	d.Click(`[aria-label="Ring somebody else"]`)
	d.Until("the choice, with the queue preselected", asked+` === document.activeElement`)
	d.Keys(kb.Enter)
	d.becomes("queue")
	d.Until("its form, at the members", `document.querySelectorAll(".members > li").length === 3 && document.querySelector(".members").contains(document.activeElement)`)
	q := d.settings("sales").(*flow.Queue)
	members := []flow.QueueMember{{ContactMethod: "account-100", Ring: 25}, {ContactMethod: "account-101", Ring: 25}, {Ring: 20}}
	if !slices.Equal(q.Members, members) || q.Confirm != "on" || q.HoldMusic != "message" || !q.LeaveWhenEmpty {
		t.Errorf("the queue is %+v", q)
	}
	if got, want := d.leaves(), "no-members>bye timeout>bye"; got != want {
		t.Errorf("its cables are %s, want %s", got, want)
	}
	d.Focus(".fe-canvas")
	d.Chord("z")
	d.becomes("ring-group")
	if got, want := d.leaves(), "no-answer>bye unavailable>bye"; got != want {
		t.Errorf("undone, its cables are %s, want %s", got, want)
	}
	if g := d.settings("sales").(*flow.RingGroup); len(g.Destinations) != 4 || g.Confirm != "on" {
		t.Errorf("undone, it is %+v", g)
	}
	d.Until("the form of the ring group", `document.querySelectorAll(".bars > li").length === 4`)
	d.Chord("y")
	d.becomes("queue")
	d.clean()
}

func TestAFourthDestinationIsKeptWhenThatIsWanted(t *testing.T) {
	t.Parallel()
	d := atSales(t)
	d.open("sales")
	for _, by := range []string{"Keep", "Escape"} {
		d.Click(`[aria-label="Ring somebody else"]`)
		d.Until("the choice", asked)
		if by == "Escape" {
			d.Keys(kb.Escape)
		} else {
			d.Click("[data-action=keep]")
		}
		d.Until("the new bar has the focus", `!document.querySelector("dialog[open]") && document.activeElement === document.querySelector(".bars > li:nth-child(4) .pick")`)
		d.Until("it is saved with a warning", `fetch("/api/flows/office/draft").then((a) => a.json()).then((d) => {
			window.kept = d.flow.modules[1].settings.destinations?.length; }) && window.kept === 4 && document.querySelector("[data-problem=ring-many]")`)
		if by == "Keep" {
			d.Click(`[aria-label="Ring somebody else"]`)
			d.Until("a fifth bar, without a question", `document.querySelectorAll(".bars > li").length === 5 && !document.querySelector("dialog[open]")`)
			for n := 5; n > 3; n-- {
				d.Until("no list is open", `!document.querySelector("[role=listbox]:not([hidden])") || !document.activeElement.blur()`)
				d.ClickUntil(`.bars > li:last-child .drop`, "one less", fmt.Sprintf(`document.querySelectorAll(".bars > li").length < %d`, n))
			}
		}
	}
	d.clean()
}

func TestEveryWayToAQueueLeadsThere(t *testing.T) {
	t.Parallel()
	d := atSales(t)
	again := func() {
		d.Focus(".fe-canvas")
		d.Chord("z")
		d.becomes("ring-group")
	}
	d.Click("[data-module=sales] .fe-head")
	d.Until("the form", `document.querySelector("[data-form] fieldset")`)
	d.Focus(".fe-canvas")
	d.Keys("q")
	d.becomes("queue")
	again()
	d.Keys("o")
	d.Click(`[aria-label="Edit Sales"]`)
	d.Until("the menu", `document.querySelector("[role=menu]")`)
	d.Is(`([...document.querySelectorAll("[role=menuitem]")].find((i) => i.textContent.includes("Turn into a Queue")).click(), true)`)
	d.becomes("queue")
	again()
	d.Click(`[aria-label="Ring somebody else"]`)
	d.Until("the choice", asked)
	d.Click("[data-action=keep]")
	d.Click("[data-into-queue]")
	d.becomes("queue")
	again()
	d.Click("[data-action=problems]")
	d.Click(".fe-problems [data-action=into-queue]")
	d.becomes("queue")
	d.clean()
}

func TestAColleagueWhoTypesIsNotHinderedByAQueueMadeMeanwhile(t *testing.T) {
	d := atSales(t)
	d.open("sales")
	body := d.who.draft("office")
	m, _ := body.Flow.Module("sales")
	var turn intoQueueAnswer
	d.who.want(d.who.json("POST", "/api/flows/office/into-queue", intoQueueBody{Module: *m, Cables: body.Flow.Cables}), 200).into(t, &turn)
	if turn.Name != "Turn Sales into a Queue" {
		t.Errorf("the step is named %q", turn.Name)
	}
	d.who.want(d.who.patch("office", body.Revision, turn.Changes...), 200)
	d.becomes("queue")
	d.Until("the form of the queue", `document.querySelectorAll(".members > li").length === 2`)
	d.clean()
}

func TestWhatIsNoRingGroupIsNotTurnedIntoAQueue(t *testing.T) {
	w := flowWorld(t)
	c := w.as(directory.FlowEditor)
	body := c.draft("main-line")
	menu, _ := body.Flow.Module("menu")
	c.want(c.json("POST", "/api/flows/main-line/into-queue", intoQueueBody{Module: *menu}), 422)
	ring, _ := body.Flow.Module("ring-101")
	w.as(directory.ReadOnly).want(w.as(directory.ReadOnly).json("POST", "/api/flows/main-line/into-queue", intoQueueBody{Module: *ring}), 403)
}

func TestTidyUpFetchesWhatItTakesAndDoesItsWork(t *testing.T) {
	d := atSales(t)
	placed := func() (at [][2]int) {
		for _, m := range d.who.draft("office").Flow.Modules {
			at = append(at, [2]int{m.X, m.Y})
		}
		return at
	}
	before := placed()
	d.Click(`[aria-label="Tidy up"]`)
	d.Until("it is saved", `document.querySelector("[data-save=saved]") && document.querySelector("[aria-label^=Undo]:not(:disabled)")`)
	if after := placed(); slices.Equal(before, after) || after[0][0] >= after[1][0] || after[1][0] >= after[2][0] {
		t.Errorf("the modules went from %v to %v", before, after)
	}
	d.clean()
}
