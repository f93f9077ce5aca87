package ui

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"tandem/db/sample"
	"tandem/flow"
	"tandem/flow/directory"
	"tandem/ui/browsertest"
)

// editing is somebody who edits the sample's main line in a browser of their
// own.
type editing struct {
	*browsertest.Tab
	t *testing.T
	w *town
}

const allSaved = `document.querySelector("[data-save=saved]")`

func (w *town) edits(t *testing.T, address string, role directory.Role) editing {
	t.Helper()
	tab := browsertest.Open(t, 2*time.Minute)
	tab.Size(1440, 900)
	w.visit(tab, address, w.as(role))
	tab.Show(address + "/flows/main-line")
	tab.Until("the flow is drawn", canvasReady)
	return editing{tab, t, w}
}

func (e editing) rename(module, name string) {
	e.t.Helper()
	e.Click("[data-module=" + module + "] .fe-head")
	e.Until("its settings", `document.querySelector("[data-inspector=`+module+`] #fe-name")`)
	e.Type("#fe-name", name)
	e.Keys(kb.Enter)
	e.Until("the new name", fmt.Sprintf(`document.querySelector("[data-module=%s] .fe-name").textContent === %q`, module, name))
}

// stands answers a module of the draft as everybody sees it.
func (e editing) stands(module string) flow.Module {
	e.t.Helper()
	d, err := e.w.store.Draft(e.t.Context(), "main-line")
	e.w.done(err)
	i := slices.IndexFunc(d.Flow.Modules, func(m flow.Module) bool { return m.ID == module })
	if i < 0 {
		e.t.Fatalf("module %s is gone", module)
	}
	return d.Flow.Modules[i]
}

func TestTwoPeopleEditOneFlowAndNothingIsOverwritten(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	server := httptest.NewServer(w.panel)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	ann, ben := w.edits(t, server.URL, directory.Owner), w.edits(t, server.URL, directory.Admin)
	ann.Until("Ben is seen", `document.querySelector(".fe-presence")?.textContent.includes("admin@example.org")`)

	// What they change apart is joined without a word.
	ben.Offline(true)
	ben.rename("sorry", "Nobody is in")
	ben.Until("Ben is told", `document.querySelector("[data-save=offline]")?.textContent.includes("1 change waiting")`)
	ann.rename("message", "The message")
	ann.Until("Ann has saved", allSaved)
	ben.Offline(false)
	ben.Until("Ben has saved", allSaved)
	if a, b := ann.stands("message").Name, ann.stands("sorry").Name; a != "The message" || b != "Nobody is in" {
		t.Errorf("after both have saved the modules are called %q and %q", a, b)
	}
	ben.Until("Ben sees Ann's change", `document.querySelector("[data-module=message] .fe-name").textContent === "The message"`)
	ann.Until("Ann sees Ben's change", `document.querySelector("[data-module=sorry] .fe-name").textContent === "Nobody is in"`)

	// What they change alike is asked about.
	ben.Offline(true)
	ben.rename("goodbye", "Ben's words")
	ben.Until("Ben is offline again", `document.querySelector("[data-save=offline]")`)
	ann.rename("goodbye", "Ann's words")
	ann.Until("Ann has saved", allSaved)
	ben.Offline(false)
	ben.Until("the merge screen", `["Ben's words", "Ann's words"].every((w) => document.querySelector(".fe-conflicts").textContent.includes(w))`)
	if got := ben.stands("goodbye").Name; got != "Ann's words" {
		t.Errorf("before anybody has chosen, the module is called %q", got)
	}
	ben.Click(".fe-side:nth-child(2) input")
	ben.Click("[data-action=merge]")
	ben.Until("Ben has saved", `!document.querySelector(".fe-conflicts") && `+allSaved)
	if got := ben.stands("goodbye").Name; got != "Ben's words" {
		t.Errorf("Ben has chosen his own words, and the module is called %q", got)
	}
}

// A person who has just installed the product comes to a line that answers:
// from the dashboard, by what it offers.
func TestTheFirstRunLeadsFromNothingToAPublishedLine(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if err := sample.LoadSystem(t.Context(), w.store); err != nil {
		t.Fatal(err)
	}
	if err := w.store.SaveTrunk(t.Context(), directory.Trunk{ID: "carrier", Name: "Carrier"}); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(w.panel)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	tab := browsertest.Open(t, 2*time.Minute)
	tab.Size(1440, 900)
	tab.Do(signInWith(server.URL, password))
	tab.Show(server.URL + "/")
	clickText(tab, "New flow")
	clickText(tab, "Main line")
	tab.Type("input[name=number]", "+15550100")
	phones := browsertest.Eval[[]string](tab, `[...document.querySelectorAll("input[name^='phones.']")].map((f) => f.name)`)
	if len(phones) == 0 {
		t.Fatal("the template offers no new phones")
	}
	for i, name := range phones {
		tab.Type("input[name='"+name+"']", fmt.Sprintf("Desk %d", i+1))
	}
	sounds := browsertest.Eval[int](tab, `document.querySelectorAll("audio-field").length`)
	for i := range sounds {
		tab.Upload("audio-field input[type=file]", i, "../db/sample/audio/main-menu.wav")
		tab.Until("the sound is chosen", fmt.Sprintf(`document.querySelectorAll("audio-field select")[%d].value`, i))
	}
	clickText(tab, "Make the flow")
	tab.Until("the passwords of the phones", fmt.Sprintf(`document.body.innerText.includes("The passwords are shown this once") && document.body.innerText.split("User name").length === %d`, len(phones)+1))
	clickText(tab, "Open the flow")
	tab.Until("the flow is drawn", canvasReady)
	tab.Click("[data-action=publish]")
	tab.Click("[data-action=publish-now]")
	tab.Until("the version in force", `document.querySelector(".fe-toast")?.textContent.includes("Version 1 is in force")`)
	owner := w.as(directory.Owner)
	if a := owner.want(owner.get("/numbers/+15550100"), http.StatusOK); !strings.Contains(a.body, "Main line") {
		t.Error("the number does not lead to the new line")
	}
	var number directory.Number
	if owner.get("/api/numbers/+15550100").into(t, &number); !slices.Equal(number.Trunks, []string{"carrier"}) {
		t.Errorf("calls to the number come in by %v, want the only trunk there is", number.Trunks)
	}
	for _, line := range tab.Complaints() {
		t.Error("the console says", line)
	}
}

// clickText clicks the link or button with these words.
func clickText(tab *browsertest.Tab, words string) {
	const found = `[...document.querySelectorAll("main a, main button")].find((e) => e.innerText.split("\n").some((line) => line.trim() === %q) && e.getBoundingClientRect().width)`
	look := fmt.Sprintf(found, words)
	tab.Until(words, look)
	tab.ClickAt(browsertest.Eval[browsertest.Point](tab, `(() => { const e = `+look+`; e.scrollIntoView({ block: "center", behavior: "instant" }); const r = e.getBoundingClientRect(); return { X: r.x + r.width / 2, Y: r.y + r.height / 2 } })()`))
}
