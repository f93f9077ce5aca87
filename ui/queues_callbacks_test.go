package ui

import (
	"context"
	"errors"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/flow/queue"
)

// Withdraw takes a promise out of the queue.
func (h *hall) Withdraw(_ context.Context, promise string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	i := slices.IndexFunc(h.view.Waiting, func(w queue.Waiting) bool { return w.Ticket == promise })
	if i < 0 {
		return ErrNotFound
	}
	h.off = append(h.off, promise)
	h.view.Waiting = slices.Delete(h.view.Waiting, i, i+1)
	return nil
}

// promises is a hall in whose queue one waits on the line and three have hung
// up: one is being called, one was not reached, one waits for its turn.
func promises() *hall {
	now := time.Now()
	caller := func(n string) call.Party { return call.Party{Number: "+4670123456" + n, Name: "Ada " + n} }
	return &hall{office: &office{}, view: queue.View{ID: "sales.wait", Waiting: []queue.Waiting{
		{Ticket: "t0", Call: "20261122-150000-abcdefg", Caller: caller("0"), Since: now.Add(-time.Minute)},
		{Ticket: "t1", Call: "20261122-150100-abcdefg", Caller: caller("1"), Since: now.Add(-time.Hour), Callback: true, Called: true},
		{Ticket: "t2", Call: "20261122-150200-abcdefg", Caller: caller("2"), Since: now.Add(-time.Hour), Callback: true, NotBefore: now.Add(4 * time.Minute)},
		{Ticket: "t3", Call: "20261122-150300-abcdefg", Caller: caller("3"), Since: now.Add(-time.Hour), Callback: true},
	}}}
}

func (c *client) withdraw(id, ticket string) answer {
	return c.json("DELETE", "/api/queues/"+id+"/callbacks/"+ticket, nil)
}

func TestAQueueSaysWhoIsCalledBackAndHowThatStands(t *testing.T) {
	w := queueWorld(t, promises())
	c := w.as(directory.Supervisor)
	var s queueState
	c.get("/api/queues/sales.wait").into(t, &s)
	if s.Waiting != 1 || s.Callbacks != 3 || !s.Callers[1].Called || s.Callers[2].NotBefore.IsZero() {
		t.Errorf("got %+v", s)
	}
	if !s.Longest.Equal(s.Callers[0].Since) {
		t.Errorf("the longest wait on the line began at %v", s.Longest)
	}
	page := html.UnescapeString(c.want(c.get("/queues/sales.wait"), http.StatusOK).body)
	for _, want := range []string{"being called", "not reached", "next try at", "called at their turn", "+46701234562", `action="/api/queues/sales.wait/callbacks/t3"`,
		"The call that rings there now ends.", "cannot be undone"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if n := strings.Count(page, "/callbacks/"); n != 3 {
		t.Errorf("%d callbacks can be withdrawn, want 3", n)
	}
	if page := w.as(directory.ReadOnly).get("/queues/sales.wait").body; strings.Contains(page, "/callbacks/") || !strings.Contains(page, "being called") {
		t.Error("who may only read is offered to withdraw, or does not see")
	}
	if page := w.ann().get("/queues/sales.wait").body; strings.Contains(page, "/callbacks/") || strings.Contains(page, "Ada") || !strings.Contains(page, "being called") {
		t.Error("an agent is offered to withdraw, sees who is called, or not that")
	}
}

func TestACallbackIsWithdrawnOnceAndAudited(t *testing.T) {
	h := promises()
	w := queueWorld(t, h)
	c := w.as(directory.Supervisor)
	for _, want := range []bool{true, false} {
		var out withdrawn
		a := c.want(c.withdraw("sales.wait", "t2"), http.StatusOK)
		if a.into(t, &out); out != (withdrawn{"t2", want}) {
			t.Errorf("answers %+v, want %v", out, want)
		}
	}
	a := c.want(c.form("/api/queues/sales.wait/callbacks/t1", url.Values{"_method": {"DELETE"}}), http.StatusSeeOther)
	if a.location() != "/queues/sales.wait" {
		t.Errorf("leads to %q", a.location())
	}
	if !slices.Equal(h.off, []string{"t2", "t1"}) {
		t.Errorf("withdrawn %q", h.off)
	}
	log, err := w.store.AuditLog(t.Context(), directory.AuditFilter{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range log.Entries {
		if e.Action == "withdraw callback" {
			got = append(got, e.Subject+" "+e.Login+" "+e.Before)
		}
	}
	if len(got) != 2 || !strings.Contains(got[1], "callback t2 supervisor@example.org") || !strings.Contains(got[1], "+46701234562") || !strings.Contains(got[1], "sales.wait") {
		t.Errorf("the audit log has %q", got)
	}
}

func TestWhatIsNoCallbackOfAQueueIsNotWithdrawnThere(t *testing.T) {
	h := promises()
	w := queueWorld(t, h)
	supervisor := w.as(directory.Supervisor)
	for _, c := range []struct {
		says       string
		who        *client
		id, ticket string
		want       int
	}{
		{"a caller on the line", supervisor, "sales.wait", "t0", http.StatusOK},
		{"another queue's", supervisor, "support.wait", "t3", http.StatusOK},
		{"a queue that does not exist", supervisor, "nowhere.wait", "t3", http.StatusNotFound},
		{"an agent", w.ann(), "sales.wait", "t3", http.StatusNotFound},
		{"who edits flows", w.as(directory.FlowEditor), "sales.wait", "t3", http.StatusForbidden},
		{"who sees other flows", w.as(directory.Supervisor, func(l *directory.Login) { l.Flows = []string{"support"} }), "sales.wait", "t3", http.StatusNotFound},
	} {
		a := c.who.withdraw(c.id, c.ticket)
		if a.StatusCode != c.want || strings.Contains(a.body, "true") {
			t.Errorf("%s: answers %d %s", c.says, a.StatusCode, a.body)
		}
	}
	h.fault = errors.New("away")
	if a := supervisor.withdraw("sales.wait", "t3"); a.StatusCode != http.StatusServiceUnavailable || !strings.Contains(a.body, "Try again") {
		t.Errorf("of a queue that cannot be asked: %d %s", a.StatusCode, a.body)
	}
	if len(h.off) != 0 {
		t.Errorf("withdrawn %q", h.off)
	}
}

func TestAQueueThatHasPromisedToCallIsLookedAtNowAndThen(t *testing.T) {
	promised := queueState{Callbacks: 1}
	if got := promised.next(sampleNow, 0); got != callbackLook {
		t.Errorf("looked at after %v", got)
	}
	if got := promised.next(sampleNow, settling); got != settling {
		t.Errorf("looked at after %v when something has moved", got)
	}
}

func TestACallbackIsToldAsSuch(t *testing.T) {
	e := sampleTalked()
	e.Direction = callback
	v := callView(e, sampleNow)
	if v.Arrow != "←" || !strings.Contains(v.Story[0], "This is a callback") || !callRow(e, sampleNow).Callback || callCells(e, extras{})[2] != "callback" {
		t.Errorf("got %q %q", v.Arrow, v.Story)
	}
	ringing := liveRow(call.Position{Call: e.Call, Direction: callback, Ringing: []string{"Ada"}}, sampleNow, true)
	if !ringing.Back || ringing.Where != "Callback" || ringing.Move != "" {
		t.Errorf("while it rings: %+v", ringing)
	}
	q := parseHistory(url.Values{"direction": {"callback"}}, sampleNow, time.UTC)
	if q.Direction != "callback" || q.link() != "/calls?direction=callback" {
		t.Errorf("the history is asked for %+v", q)
	}
}
