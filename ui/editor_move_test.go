package ui

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"tandem/db/sample"
	"tandem/flow"
	"tandem/flow/directory"
	"tandem/ui/browsertest"
)

// wishing draws a flow that wants the main number from who holds it.
func wishing(t *testing.T, c *client) draftBody {
	t.Helper()
	c.want(c.form("/api/flows", url.Values{"name": {"Night line"}, "template": {"conference"}}), http.StatusSeeOther)
	id := c.flowNamed("Night line")
	d := c.draft(id)
	c.want(c.patch(id, d.Revision, edit(t, d, func(f *flow.Flow) {
		for i := range f.Modules {
			switch s := f.Modules[i].Settings.(type) {
			case *flow.PhoneNumber:
				s.Number, s.Move = sample.MainNumber, true
			}
		}
	})...), 200)
	return c.draft(id)
}

func TestANumberMovesAtPublishAndBothSidesAreAudited(t *testing.T) {
	w := flowWorld(t)
	c := w.as(directory.Owner)
	d := wishing(t, c)
	warned := false
	for _, p := range d.Problems {
		warned = warned || p.ID == "number-moves" && strings.Contains(p.Text, `of flow "Main line"`)
	}
	if !warned {
		t.Errorf("nothing says where the number moves from: %+v", d.Problems)
	}
	if file := c.get("/api/flows/" + d.Flow.ID + "/export").body; strings.Contains(file, `"move"`) || !strings.Contains(file, sample.MainNumber) {
		t.Error("the export wishes to move the number, or lacks it")
	}
	c.want(c.json(http.MethodPost, "/api/flows/"+d.Flow.ID+"/publish", publishBody{Revision: d.Revision}), 200)
	log, err := w.store.AuditLog(t.Context(), directory.AuditFilter{Action: "move"})
	if err != nil || len(log.Entries) != 1 {
		t.Fatalf("%+v, %v", log.Entries, err)
	}
	if e := log.Entries[0]; e.Subject != "number "+sample.MainNumber || !strings.Contains(e.Before, "main-line") || !strings.Contains(e.After, d.Flow.ID) {
		t.Errorf("the audit log says %+v", e)
	}
	if now := c.draft(d.Flow.ID); now.Flow.Moving() || now.Revision != d.Revision+1 {
		t.Errorf("revision %d still wishes to move", now.Revision)
	}
	robbed := c.draft("main-line")
	if problems := flow.Errors(robbed.Problems); len(problems) != 1 || problems[0].ID != "number-taken" {
		t.Errorf("the flow that lost its number does not say so: %+v", robbed.Problems)
	}
}

func TestALimitedLoginTakesNoNumberFromOtherFlows(t *testing.T) {
	w := flowWorld(t)
	d := wishing(t, w.as(directory.Owner))
	c := w.as(directory.FlowEditor, func(l *directory.Login) { l.Flows = []string{d.Flow.ID} })
	c.want(c.json(http.MethodPost, "/api/flows/"+d.Flow.ID+"/publish", publishBody{Revision: d.Revision}), http.StatusForbidden)
}

func TestTheFormOfANumberWishesAndSaysFromWhom(t *testing.T) {
	c := flowWorld(t).as(directory.Owner)
	d := wishing(t, c)
	form := c.want(c.json(http.MethodPost, "/api/flows/"+d.Flow.ID+"/form", formBody{Module: d.Flow.Modules[0]}), 200)
	has(t, form, `name="move"`, "checked")
	for move, id := range map[string]string{"": "number-taken", "on": "number-moves"} {
		var got struct{ Problems []flow.Problem }
		c.want(c.form("/api/flows/"+d.Flow.ID+"/settings", url.Values{"kind": {"phone-number"}, "number": {sample.MainNumber}, "move": {move}}), 200).into(t, &got)
		if len(got.Problems) != 1 || got.Problems[0].ID != id || got.Problems[0].Field != "number" {
			t.Errorf("move %q: %+v", move, got.Problems)
		}
	}
}

func TestMoveHereOfThePickerIsAWishThatTypingTakesBack(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	c := w.as(directory.Owner)
	c.want(c.form("/api/flows", url.Values{"name": {"Night line"}, "template": {"conference"}}), http.StatusSeeOther)
	d := c.draft(c.flowNamed("Night line"))
	server := httptest.NewServer(w.panel)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	tab := browsertest.Open(t, time.Minute)
	tab.Size(1600, 900)
	w.visit(tab, server.URL, c)
	tab.Show(server.URL + "/flows/" + d.Flow.ID)
	tab.Until("the flow is drawn", canvasReady)
	tab.Click(`[data-module="` + d.Flow.Modules[0].ID + `"] .fe-head`)
	tab.Until("the form", `document.querySelector("pick-field input[role=combobox]")`)
	tab.Click("pick-field input[role=combobox]")
	tab.Until("who holds the numbers", `document.querySelector(".pick-move")`)
	tab.Click(".pick-move")
	tab.Until("the wish", `document.querySelector("[name=move]").checked`)
	tab.Until("the claimant", `/moves here from/.test(document.querySelector("[data-for=number]").textContent)`)
	tab.Until("the draft holds it", `fetch("/api/flows/`+d.Flow.ID+`/draft").then((a) => a.text()).then((t) => { window.saved = /"move":\s*true/.test(t); }) && window.saved`)
	tab.Type("pick-field input[role=combobox]", "9")
	tab.Until("no wish", `!document.querySelector("[name=move]").checked`)
}
