package ui

import (
	"net/http/httptest"
	"testing"
	"time"

	"tandem/flow/directory"
	"tandem/ui/browsertest"
)

// What pages of lists and forms gain from script.
func TestListsNarrowAtOnceUploadsTellHowFarTheyAreAndFilesChangePlaces(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	server := httptest.NewServer(w.panel)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	tab := browsertest.Open(t, 3*time.Minute)
	tab.Size(1440, 900)
	w.visit(tab, server.URL, w.as(directory.Owner))

	tab.Show(server.URL + "/numbers")
	browsertest.Eval[bool](tab, `(() => { const s = document.querySelector("main select[name=held]"); s.value = "none"; s.dispatchEvent(new Event("change", { bubbles: true })); return true })()`)
	tab.Until("the list is narrowed, and its address says by what alone", `location.search === "?held=none" && document.body.innerText.includes("Nothing matches")`)

	tab.Show(server.URL + "/playlists/waiting")
	tab.Click("[aria-label='Move up: 2.']")
	tab.Until("the files have changed places", `[...document.querySelectorAll("select[name^='files.']")].slice(0, 2).map((s) => s.value).join() === "message,quiet"`)
	browsertest.Eval[bool](tab, `(() => { const s = [...document.querySelectorAll("select[name^='files.']")].at(-1); s.value = "sorry"; s.dispatchEvent(new Event("change", { bubbles: true })); return true })()`)
	tab.Until("a row for one more", `document.querySelectorAll("select[name^='files.']").length === 6`)
	clickText(tab, "Save")
	tab.Until("it is saved", `document.querySelector(".toast")?.textContent.includes("Saved")`)
	l, err := w.store.Playlist(t.Context(), "waiting")
	if err != nil || len(l.Files) != 3 || l.Files[0] != "message" || l.Files[2] != "sorry" {
		t.Errorf("the playlist holds %v, %v", l.Files, err)
	}

	tab.Show(server.URL + "/audio")
	tab.Upload("#upload input[type=file]", 0, "../go.mod")
	tab.Click("#upload button.primary")
	tab.Until("why it was refused, and the form again", `document.querySelector("#upload .alert:not([hidden])")?.textContent && !document.querySelector("#upload button.primary").disabled`)
	tab.Upload("#upload input[type=file]", 0, "../db/sample/audio/sorry.wav")
	tab.Click("#upload button.primary")
	tab.Until("the page of the new file", `location.pathname.startsWith("/audio/") && document.querySelector(".toast")?.textContent.includes("The sound is ready")`)
	for _, line := range tab.Complaints() {
		t.Error("the console says", line)
	}
}
