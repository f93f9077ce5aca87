package ui

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/directory"
)

// aside publishes a flow that internal number 300 leads into.
func aside(t *testing.T, w *world) call.FlowRef {
	t.Helper()
	f := flow.Flow{ID: "aside", Name: "Aside", Modules: []flow.Module{
		{ID: "in", Kind: "internal-number", Name: "Short", Settings: &flow.InternalNumber{InternalNumber: "300"}},
		{ID: "bye", Kind: "hangup", Name: "Bye", Settings: &flow.Hangup{}}, {ID: "never", Kind: "hangup", Name: "Never", Settings: &flow.Hangup{}}},
		Cables: []flow.Cable{{From: "in", Exit: "next", To: "bye"}, {From: "in", Exit: "error", To: "never"}}}
	revision, err := w.store.SaveDraft(t.Context(), f, 0, "test")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.store.Publish(t.Context(), f.ID, revision, "test", ""); err != nil {
		t.Fatal(err)
	}
	return call.FlowRef{ID: f.ID, Name: f.Name, Version: 1}
}

func TestACallThatChangedItsFlowIsToldByBoth(t *testing.T) {
	w, e := busyWorld(t)
	second := aside(t, w)
	at := e.Path[len(e.Path)-1].Entered
	was := len(e.Path)
	e.Path[was-1].Exit = "direct"
	for _, m := range []string{"in", "bye"} {
		at = at.Add(time.Second)
		e.Path = append(e.Path, call.PathEntry{Module: m, Flow: second, Name: m, Kind: "hangup", Entered: at, Left: at})
	}
	if err := w.store.SaveLedger(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	c := w.as(directory.Supervisor)
	api := "/api/calls/" + string(e.Call)
	there := "?" + url.Values{"flow": {second.ID}, "version": {"1"}}.Encode()
	var first, other trace
	c.want(c.get(api+"/trace"), 200).into(t, &first)
	c.want(c.get(api+"/trace"+there), 200).into(t, &other)
	if first.Flow.ID != e.Flow.ID || len(first.Path) != was {
		t.Errorf("drawn first is %s with %d steps, want %s with %d", first.Flow.ID, len(first.Path), e.Flow.ID, was)
	}
	if other.Flow.ID != second.ID || other.Version != 1 || len(other.Path) != 2 {
		t.Errorf("drawn then is %s with %d steps", other.Flow.ID, len(other.Path))
	}
	var why flow.Answer
	c.want(c.get(api+"/why/bye"+there), 200).into(t, &why)
	if !why.Reached || why.At != was+1 {
		t.Errorf("why not there: %+v, want it reached at step %d of the call", why, was+1)
	}
	if len(other.Parts) != 2 || !other.Parts[1].Here || other.Parts[0].Here || len(other.Steps) != 2 || other.Steps[0] != was+1 {
		t.Errorf("of the whole call %+v is drawn, as steps %v", other.Parts, other.Steps)
	}
	page := c.want(c.get("/calls/"+string(e.Call)+"?why=1/never"), 200).body
	for _, want := range []string{"Draw it in Aside", `<optgroup label="Aside">`, `<option value="1/never" selected>`, "To “Never” leads only", `class="box family-Entries lit"`, `class="wire lit"`, "/trace?flow=aside&amp;version=1", `href="/flows/aside/1#m-bye"`, "Aside · v1"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if body := c.want(c.get("/calls/"+string(e.Call)+"/trace"+there), 200).body; !strings.Contains(body, `flow="aside"`) || !strings.Contains(body, `version="1"`) {
		t.Error("the canvas is not asked for the second flow")
	}
	c.want(c.get(api+"/trace?flow=nowhere"), 404)
}

// What a call walked stays readable, whatever becomes of the flow.
func TestACallOfARemovedFlowIsStillDrawnAndExplained(t *testing.T) {
	w := newWorld(t)
	ref := aside(t, w)
	e := rounds(0)
	e.Flow, e.Path[0].Module = ref, "in"
	c := w.as(directory.Owner)
	if err := w.store.SaveLedger(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	c.want(c.json("DELETE", "/api/flows/aside/published", nil), 204)
	c.want(c.json("DELETE", "/api/flows/aside", nil), 200)
	var got trace
	c.want(c.get("/api/calls/"+string(e.Call)+"/trace"), 200).into(t, &got)
	if len(got.Flow.Modules) != 3 || len(got.Path) != 1 {
		t.Errorf("drawn are %d modules and %d steps", len(got.Flow.Modules), len(got.Path))
	}
	page := c.want(c.get("/calls/"+string(e.Call)+"?why=never"), 200).body
	for _, want := range []string{"Draw it", `class="sketch path"`, `class="answer"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	c.want(c.get("/calls/"+string(e.Call)+"/trace"), 200)
	c.want(c.get("/flows/aside/1"), 200)
}
