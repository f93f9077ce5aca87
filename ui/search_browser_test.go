package ui

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"tandem/flow/directory"
	"tandem/ui/browsertest"
)

// The search as a person without a mouse uses it, and what axe-core says of it.
func TestTheSearchOpensByKeysAndLeadsWhereItSays(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	server := httptest.NewServer(w.panel)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	tab := browsertest.Open(t, 3*time.Minute)
	tab.Size(widths[0], 900)
	w.visit(tab, server.URL, w.as(directory.Owner))
	at := func(path string) string {
		return `location.pathname + location.search + location.hash === "` + path + `"`
	}
	const focused, listed = `document.activeElement.id === "find"`, `!document.querySelector("#find-list").hidden`

	tab.Show(server.URL + "/numbers")
	tab.Complaints()
	tab.Keys("/")
	tab.Until("the slash leads into the field", focused)
	tab.Keys("did")
	tab.Until("the list opens", listed+` && document.querySelector("#find").getAttribute("aria-expanded") === "true"`)
	tab.Until("its first line is chosen, and told", `document.querySelector("#" + document.querySelector("#find").getAttribute("aria-activedescendant")).getAttribute("aria-selected") === "true"`)
	tab.Until("how much was found is told", `/result/.test(document.querySelector(".side [role=status]").textContent)`)
	tab.Keys(kb.ArrowDown)
	tab.Until("the arrow goes on", `document.querySelectorAll("#find-list [role=option]")[1].getAttribute("aria-selected") === "true"`)
	tab.Keys(kb.ArrowUp, kb.ArrowUp)
	tab.Until("and round", `[...document.querySelectorAll("#find-list [role=option]")].at(-1).getAttribute("aria-selected") === "true"`)
	tab.Keys(kb.Escape)
	tab.Until("Escape closes the list", `document.querySelector("#find-list").hidden && document.querySelector("#find").value === "did"`)
	tab.Keys(kb.Escape)
	tab.Until("and empties the field", `document.querySelector("#find").value === "" && `+focused)
	tab.Keys(kb.Escape)
	tab.Until("and leaves it", `!(`+focused+`)`)

	tab.Chord("k")
	tab.Until("Ctrl+K leads into the field", focused)
	tab.Type("#find", "closing words")
	tab.Until("the module is found", listed+` && document.querySelector("#find-list [aria-selected=true]").textContent.includes("Closing words")`)
	for _, width := range widths {
		tab.Size(width, 900)
		if width == widths[1] {
			tab.Type("#find-narrow", "a")
			tab.Until("the narrow list opens", `!document.querySelector("#find-narrow-list").hidden`)
		}
		for _, theme := range []string{"light", "dark"} {
			tab.Theme(theme)
			for _, finding := range tab.Axe(lightings[theme]...) {
				t.Errorf("%s at %d: %s", theme, width, finding)
			}
			if dir := os.Getenv("UI_SHOTS"); dir != "" {
				tab.Picture(filepath.Join(dir, "find-"+theme+"-"+map[bool]string{true: "wide", false: "narrow"}[width == widths[0]]+".png"))
			}
		}
	}
	tab.Size(widths[0], 900)
	tab.Type("#find", "closing words")
	tab.Until("the module is found again", listed+` && document.querySelector("#find-list [aria-selected=true]").textContent.includes("Closing words")`)
	tab.Keys(kb.Enter)
	tab.Until("Enter opens the editor", at("/flows/main-line#m-closing"))
	tab.Until("the flow is drawn", canvasReady)
	tab.Focus("[data-canvas]")
	tab.Keys("/")
	tab.Until("the slash is the editor's", `document.querySelector(".fe-picker")`)
	tab.Keys(kb.Escape)
	tab.Chord("k")
	tab.Until("Ctrl+K is the editor's", `document.querySelector(".fe-picker") && !(`+focused+`)`)

	tab.Show(server.URL + "/flows")
	tab.Type("#find", "nothing is called so")
	tab.Until("the list says so", `document.querySelector(".find-none")`)
	tab.Keys(kb.Enter)
	tab.Until("Enter leads to the page", at("/search?q=nothing+is+called+so"))
	for _, line := range tab.Complaints() {
		t.Error("the console says", line)
	}
}
