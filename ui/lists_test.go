package ui

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/directory"
)

func (c *client) list(name string) directory.List {
	c.t.Helper()
	var l directory.List
	c.want(c.json(http.MethodPost, "/api/lists", listInput{Name: name}), http.StatusCreated).into(c.t, &l)
	return l
}

func (c *client) entries(list string) string {
	c.t.Helper()
	var page directory.EntryPage
	c.want(c.get("/api/lists/"+list+"/entries"), http.StatusOK).into(c.t, &page)
	var out []string
	for _, e := range page.Entries {
		out = append(out, e.Entry+" "+e.Note)
	}
	return strings.Join(out, ", ")
}

func TestNumbersComeOnAListAndOffIt(t *testing.T) {
	c := newWorld(t).as(directory.FlowEditor)
	l := c.list("Pests")
	api := "/api/lists/" + l.ID + "/entries"
	var done listChanged
	c.want(c.json(http.MethodPost, api, map[string]any{"entries": []string{"+46700000001", "+46700000001", "+4670*"}, "note": "rude"}), http.StatusOK).into(t, &done)
	if done.Added != 2 {
		t.Errorf("added %d", done.Added)
	}
	c.want(c.form(api, url.Values{"entries": {"+46 70-000 00 02\r\n\r\nsales\n"}, "note": {""}}), http.StatusSeeOther)
	if got, want := c.entries(l.ID), "+4670* rude, +46700000001 rude, +46700000002 , sales "; got != want {
		t.Errorf("on the list are %q, want %q", got, want)
	}
	c.want(c.json(http.MethodDelete, api, offInput{Entries: []string{"+4670*"}}), http.StatusOK).into(t, &done)
	c.want(c.do(http.MethodPost, "/api/undo/"+done.Undo, nil), http.StatusNoContent)
	if got, want := c.entries(l.ID), "+4670* rude, +46700000001 rude, +46700000002 , sales "; got != want {
		t.Errorf("undone, the list is %q, want %q", got, want)
	}
	c.want(c.json(http.MethodPost, api, map[string]any{"entries": []string{"+46700000001", "+46700000009"}}), http.StatusOK).into(t, &done)
	c.want(c.do(http.MethodPost, "/api/undo/"+done.Undo, nil), http.StatusNoContent)
	if got, want := c.entries(l.ID), "+4670* rude, +46700000001 rude, +46700000002 , sales "; got != want {
		t.Errorf("with the addition undone the list is %q, want %q", got, want)
	}
	off := c.want(c.form(api, url.Values{"_method": {"DELETE"}, "entries": {"+4670*"}}), http.StatusSeeOther)
	if toast := off.Header.Get("Set-Cookie"); !strings.Contains(toast, "tandem-toast") {
		t.Error("who takes a number off is not offered to undo it")
	}
	page := c.want(c.get("/lists/"+l.ID+"?q=rude"), http.StatusOK)
	if !strings.Contains(page.body, "+46700000001") || strings.Contains(page.body, "+4670*<") || strings.Contains(page.body, ">sales<") {
		t.Error("the page of the list is not narrowed, or shows what was taken off")
	}
	for _, wrong := range []string{"*", "1*2", strings.Repeat("1", 65), ""} {
		if a := c.json(http.MethodPost, api, map[string]any{"entries": []string{wrong}}); a.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%q is answered %d", wrong, a.StatusCode)
		}
	}
}

func TestAListIsExportedAndImportedAgain(t *testing.T) {
	c := newWorld(t).as(directory.FlowEditor)
	from, to := c.list("From"), c.list("To")
	c.want(c.json(http.MethodPost, "/api/lists/"+from.ID+"/entries", map[string]any{"entries": []string{"+46700000001", "00467*"}, "note": "=rude"}), http.StatusOK)
	file := c.want(c.get("/lists/"+from.ID+"?format=csv"), http.StatusOK).body
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, _ := form.CreateFormFile("file", "from.csv") // a bytes.Buffer takes everything
	part.Write([]byte(file))
	form.Close()
	c.want(c.do(http.MethodPost, "/api/lists/"+to.ID+"/entries/import", &body, func(r *http.Request) {
		r.Header.Set("Content-Type", form.FormDataContentType())
	}), http.StatusSeeOther)
	if got, want := c.entries(to.ID), "+46700000001 '=rude, 00467* '=rude"; got != want {
		t.Errorf("imported %q, want %q, from\n%s", got, want, file)
	}
	if a := c.json(http.MethodPost, "/api/lists/"+to.ID+"/entries/import", importInput{CSV: "number\n1*2\n"}); a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.body, "Line 2") {
		t.Errorf("a wrong line is answered %d %s", a.StatusCode, a.body)
	}
}

func TestAListInUseStaysAndOneThatIsRemovedComesBack(t *testing.T) {
	w := newWorld(t)
	c := w.as(directory.Owner)
	used, free := c.list("Used"), c.list("Free")
	c.want(c.json(http.MethodPost, "/api/lists/"+free.ID+"/entries", map[string]any{"entries": []string{"+46700000001"}}), http.StatusOK)
	f := flow.Flow{ID: "main", Name: "Main", Modules: []flow.Module{{ID: "block", Kind: "blocklist", Name: "Block", Settings: &flow.Blocklist{SharedLists: []string{used.ID}}}}}
	if err := w.store.CreateFlow(t.Context(), f, "owner@example.org"); err != nil {
		t.Fatal(err)
	}
	if a := c.json(http.MethodDelete, "/api/lists/"+used.ID, nil); a.StatusCode != http.StatusConflict || !strings.Contains(a.body, `"Main" draft`) && !strings.Contains(a.body, `Main`) {
		t.Errorf("a list in use: %d %s", a.StatusCode, a.body)
	}
	var gone removed
	c.want(c.json(http.MethodDelete, "/api/lists/"+free.ID, nil), http.StatusOK).into(t, &gone)
	c.want(c.json(http.MethodPost, "/api/undo/"+gone.Undo, nil), http.StatusNoContent)
	if got := c.entries(free.ID); got != "+46700000001 " {
		t.Errorf("came back with %q", got)
	}
}

func TestACallerIsBlockedFromThePageOfTheCall(t *testing.T) {
	w := newWorld(t)
	c := w.as(directory.Owner)
	at := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	id := call.NewID(at, [7]byte{1})
	if err := w.store.SaveLedger(t.Context(), call.LedgerEntry{Call: id, Direction: "inbound", Caller: call.Party{Number: "+46700000009"}, Called: "+15550100", Node: "n1",
		Started: at, Ended: at.Add(time.Second), Outcome: "refused", Cause: call.CauseBlocked}); err != nil {
		t.Fatal(err)
	}
	page := c.want(c.get("/calls/"+string(id)), http.StatusOK)
	if !strings.Contains(page.body, `action="/api/calls/`+string(id)+`/block"`) {
		t.Fatal("the page does not offer to block the caller")
	}
	c.want(c.form("/api/calls/"+string(id)+"/block", url.Values{"list": {""}}), http.StatusSeeOther)
	all, err := w.store.Lists(t.Context())
	if err != nil || len(all) != 1 || all[0].Name != "Blocked callers" {
		t.Fatal(all, err)
	}
	if got, want := c.entries(all[0].ID), fmt.Sprintf("+46700000009 call %s", id); got != want {
		t.Errorf("on the list is %q, want %q", got, want)
	}
	if page := w.as(directory.ReadOnly).get("/calls/" + string(id)); strings.Contains(page.body, "/block") {
		t.Error("who may not edit lists is offered it")
	}
}

func TestTheLongestBlocklistGoesThroughItsForm(t *testing.T) {
	w := flowWorld(t)
	c := w.as(directory.FlowEditor)
	var lines strings.Builder
	for i := range flow.MaxBlocked {
		fmt.Fprintf(&lines, "+4670%08d\r\n", i)
	}
	body := url.Values{"kind": {"blocklist"}, "numbers": {lines.String()}}.Encode()
	var out struct{ Settings flow.Blocklist }
	c.want(c.do(http.MethodPost, "/api/flows/main-line/settings", strings.NewReader(body), func(r *http.Request) {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Accept", "application/json")
	}), http.StatusOK).into(t, &out)
	if len(out.Settings.Numbers) != flow.MaxBlocked {
		t.Errorf("%d numbers came through", len(out.Settings.Numbers))
	}
}
