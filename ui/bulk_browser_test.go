package ui

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"tandem/flow/directory"
	"tandem/ui/browsertest"
)

func TestManyNumbersAreTakenBackWithTheMouse(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	server := httptest.NewServer(w.panel)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	owner := w.as(directory.Owner)
	tab := browsertest.Open(t, time.Minute)
	tab.Size(widths[0], 900)
	w.visit(tab, server.URL, owner)
	tab.Show(server.URL + "/numbers/bulk")
	tab.Type("[name=numbers]", "+46812345670, Range")
	tab.Click("form[action='/api/numbers/bulk'] button:not([type=button])")
	tab.Until("it tells what was added", `document.querySelector(".toast").textContent.includes("Added 1 number.")`)
	owner.want(owner.get("/api/numbers/+46812345670"), http.StatusOK)
	tab.Click(".toast button")
	tab.Until("it is undone, on the same page", `location.pathname === "/numbers/bulk" && document.querySelector(".toast").textContent.includes("Undone.")`)
	owner.want(owner.get("/api/numbers/+46812345670"), http.StatusNotFound)
	for _, line := range tab.Complaints() {
		t.Error("the console says", line)
	}
}
