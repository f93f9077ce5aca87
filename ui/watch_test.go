package ui

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/db/dbtest"
	"tandem/flow/call"
	"tandem/flow/directory"
)

// busyWorld is a world whose store holds one flow and a call on it.
func busyWorld(t *testing.T, changes ...func(*Config)) (*world, call.LedgerEntry) {
	t.Helper()
	w := newWorld(t, changes...)
	dbtest.Fill(t, w.store, 40, 2)
	page, err := w.store.Calls(t.Context(), directory.CallFilter{Flow: "office-0", Outcome: "talked", Limit: 1})
	if err != nil || len(page.Calls) == 0 {
		t.Fatalf("no call of the filled office: %v", err)
	}
	e, err := w.store.Ledger(t.Context(), page.Calls[0].Call)
	if err != nil {
		t.Fatal(err)
	}
	return w, e
}

func TestATraceIsDrawnOnTheVersionThatTheCallWalked(t *testing.T) {
	w, e := busyWorld(t)
	var got trace
	w.as(directory.Supervisor).get("/api/calls/"+string(e.Call)+"/trace").into(t, &got)
	if got.Version != e.Flow.Version || got.Flow.ID != e.Flow.ID || len(got.Path) != len(e.Path) || got.Live {
		t.Errorf("traced version %d of %s with %d steps, want %+v", got.Version, got.Flow.ID, len(got.Path), e.Flow)
	}
	for _, m := range got.Flow.Modules {
		if _, ok := got.Exits[m.ID]; !ok {
			t.Errorf("module %s has no exits", m.ID)
		}
	}
}

func TestWhyNotNamesTheDecisionOnThePageAndInTheAPI(t *testing.T) {
	w, e := busyWorld(t)
	c := w.as(directory.ReadOnly)
	var missed string
	for i := range 20 {
		if id := fmt.Sprintf("message-%d", i); !slices.ContainsFunc(e.Path, func(p call.PathEntry) bool { return p.Module == id }) {
			missed = id
			break
		}
	}
	var why struct {
		Reached bool
		Text    string
	}
	c.get("/api/calls/"+string(e.Call)+"/why/"+missed).into(t, &why)
	if why.Reached || why.Text == "" {
		t.Errorf("the API answers %+v", why)
	}
	page := c.want(c.get("/calls/"+string(e.Call)+"?why="+missed), 200).body
	for _, want := range []string{`class="answer"`, "exits not taken", `href="/calls/` + string(e.Call) + `/trace"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

func TestCallsOfOtherFlowsDoNotExistForALimitedLogin(t *testing.T) {
	w, e := busyWorld(t)
	limited := w.as(directory.Supervisor, func(l *directory.Login) { l.Flows = []string{"office-1"} })
	for _, path := range []string{"/api/calls/" + string(e.Call), "/api/calls/" + string(e.Call) + "/trace", "/calls/" + string(e.Call), "/api/flows/office-0/live", "/flows/office-0/live"} {
		if a := limited.get(path); a.StatusCode != http.StatusNotFound {
			t.Errorf("%s answers %d, want 404", path, a.StatusCode)
		}
	}
	var list callList
	limited.get("/api/calls?limit=200").into(t, &list)
	for _, c := range list.Calls {
		if c.Flow.ID != "office-1" {
			t.Errorf("a call of %s is listed", c.Flow.ID)
		}
	}
	if len(list.Calls) == 0 || list.Total != len(list.Calls) {
		t.Errorf("%d calls are listed, %d counted", len(list.Calls), list.Total)
	}
}

func TestAnAgentSeesOwnCallsOnly(t *testing.T) {
	at := []call.Position{
		{Call: "20261122-120000-mine000", Since: time.Now(), Started: time.Now(), With: []string{"desk-0"}},
		{Call: "20261122-120000-theirs0", Since: time.Now(), Started: time.Now(), With: []string{"desk-1"}},
	}
	w, e := busyWorld(t, func(c *Config) { c.Live = &onDuty{office: &office{at: at}} })
	if err := w.store.SaveUser(t.Context(), directory.User{ID: "ann", LastName: "Agent"}); err != nil {
		t.Fatal(err)
	}
	m, err := w.store.ContactMethod(t.Context(), "desk-0")
	if err != nil {
		t.Fatal(err)
	}
	m.Owner = "ann"
	if err := w.store.SaveContactMethod(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	ann := w.as(directory.Agent, func(l *directory.Login) { l.User = "ann" })
	stranger := w.as(directory.Agent)
	var seen liveList
	ann.get("/api/live").into(t, &seen)
	if len(seen.Calls) != 1 || seen.Calls[0].Call != at[0].Call {
		t.Errorf("the agent sees %+v", seen.Calls)
	}
	stranger.get("/api/live").into(t, &seen)
	if len(seen.Calls) != 0 {
		t.Errorf("an agent without a user sees %+v", seen.Calls)
	}
	if a := ann.get("/calls/" + string(e.Call)); a.StatusCode != 200 {
		t.Errorf("a call that the agent took answers %d", a.StatusCode)
	}
	if a := stranger.get("/calls/" + string(e.Call)); a.StatusCode != 404 {
		t.Errorf("somebody else's call answers %d, want 404", a.StatusCode)
	}
	var list callList
	stranger.get("/api/calls").into(t, &list)
	if len(list.Calls) != 0 {
		t.Errorf("an agent without a user is shown %d calls", len(list.Calls))
	}
}

// onDuty is an office whose one call runs and can be ended.
type onDuty struct {
	*office
	ended, moved []string
}

// Live implements Live.
func (o *onDuty) Live(_ context.Context, id call.ID) (call.LedgerEntry, error) {
	for _, at := range o.at {
		if at.Call == id {
			return runningEntry(at), nil
		}
	}
	return call.LedgerEntry{}, ErrNotFound
}

func (o *onDuty) Hangup(_ context.Context, id call.ID) error {
	o.ended = append(o.ended, string(id))
	o.at = nil
	return nil
}

func (o *onDuty) Move(_ context.Context, id call.ID, module, by string) error {
	if module == "nowhere" {
		return &Refusal{Status: http.StatusConflict, Text: "The call cannot be moved: there is no such module."}
	}
	o.moved = append(o.moved, fmt.Sprint(id, " to ", module, " by ", by))
	return nil
}

func TestACallIsMovedAndHungUpOnceAndBothAreAudited(t *testing.T) {
	id := call.ID("20261122-120000-live000")
	duty := &onDuty{office: &office{at: []call.Position{{Call: id, Started: time.Now(), Since: time.Now(), Flow: call.FlowRef{ID: "office-0", Name: "Office 0", Version: 1}, Module: "menu-0", Name: "Menu 0", Kind: "voice-menu"}}}}
	w, _ := busyWorld(t, func(c *Config) { c.Live = duty })
	c := w.as(directory.Supervisor)
	page := c.get("/calls/" + string(id)).body
	if !strings.Contains(page, `action="/api/calls/`+string(id)+`/hangup"`) || !strings.Contains(page, `<option value="ring">`) {
		t.Error("the page of a running call offers no control")
	}
	if a := c.json("POST", "/api/calls/"+string(id)+"/move", map[string]string{"module": "nowhere"}); a.StatusCode != http.StatusConflict {
		t.Errorf("a move to nowhere answers %d", a.StatusCode)
	}
	c.want(c.form("/api/calls/"+string(id)+"/move", url.Values{"module": {"ring"}}), http.StatusSeeOther)
	c.want(c.json("POST", "/api/calls/"+string(id)+"/hangup", nil), http.StatusOK)
	if len(duty.ended) != 1 || len(duty.moved) != 1 || !strings.Contains(duty.moved[0], "to ring by supervisor@example.org") {
		t.Errorf("ended %v, moved %v", duty.ended, duty.moved)
	}
	log, err := w.store.AuditLog(t.Context(), directory.AuditFilter{})
	if err != nil {
		t.Fatal(err)
	}
	var actions []string
	for _, e := range log.Entries {
		actions = append(actions, e.Action)
	}
	if !slices.Equal(actions[:2], []string{"hang up", "move call"}) {
		t.Errorf("the audit log has %v", actions)
	}
	if a := w.as(directory.ReadOnly).json("POST", "/api/calls/"+string(id)+"/hangup", nil); a.StatusCode != http.StatusForbidden {
		t.Errorf("somebody who may only read hangs up: %d", a.StatusCode)
	}
}

func TestHangingUpACallThatHasEndedDoesNothing(t *testing.T) {
	w, e := busyWorld(t)
	var got hungUp
	w.as(directory.Admin).json("POST", "/api/calls/"+string(e.Call)+"/hangup", nil).into(t, &got)
	if got.Live || got.Call != e.Call {
		t.Errorf("answers %+v", got)
	}
}

func TestTheFileOfCallsIsWholeAndHoldsNoFormula(t *testing.T) {
	w, _ := busyWorld(t)
	evil := call.LedgerEntry{Call: "20261122-120000-evil000", Started: time.Now(), Outcome: "missed", Caller: call.Party{Number: "+46700000001", Name: `=HYPERLINK("http://evil.example","pay")`}}
	if err := w.store.SaveLedger(t.Context(), evil); err != nil {
		t.Fatal(err)
	}
	a := w.as(directory.ReadOnly).get("/calls?format=csv")
	rows, err := csv.NewReader(strings.NewReader(a.body)).ReadAll()
	if err != nil || len(rows) != 42 {
		t.Fatalf("%d rows, %v; want a head and 41 calls", len(rows), err)
	}
	for _, row := range rows[1:] {
		for i, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@", rune(cell[0])) {
				t.Errorf("column %s holds %q", rows[0][i], cell)
			}
		}
	}
	if got := a.Header.Get("Content-Disposition"); !strings.Contains(got, "calls.csv") {
		t.Errorf("it is named %q", got)
	}
}

func TestTheHistoryIsSortedFilteredAndPaged(t *testing.T) {
	w := newWorld(t)
	dbtest.Fill(t, w.store, 130, 2)
	c := w.as(directory.ReadOnly)
	var list callList
	c.get("/api/calls?sort=-talk&limit=5").into(t, &list)
	if !slices.IsSortedFunc(list.Calls, func(a, b call.LedgerEntry) int { return int(b.TalkMS - a.TalkMS) }) || list.Total != 130 {
		t.Errorf("not by talk, or %d counted", list.Total)
	}
	page := c.get("/calls?flow=office-1&outcome=missed").body
	if strings.Contains(page, "Office 0 ·") || !strings.Contains(page, "Office 1 ·") {
		t.Error("the list is not narrowed to one flow")
	}
	for _, want := range []string{`aria-sort="descending"`, `Export CSV`, `rel="next"`, `name="contact_method"`} {
		if !strings.Contains(c.get("/calls").body, want) {
			t.Errorf("the list lacks %q", want)
		}
	}
}

func TestAViewIsSavedOpenedAndRemoved(t *testing.T) {
	w := newWorld(t)
	c := w.as(directory.Supervisor)
	a := c.form("/api/saved-views/calls", url.Values{"name": {"Long talks"}, "query": {"sort=-talk&outcome=talked"}})
	if a.StatusCode != http.StatusSeeOther || a.location() != "/calls?outcome=talked&sort=-talk" {
		t.Errorf("saving leads to %d %q", a.StatusCode, a.location())
	}
	if page := c.get(a.location()).body; !strings.Contains(page, "Long talks") || !strings.Contains(page, `aria-current="true"`) {
		t.Error("the saved view is not open")
	}
	if page := w.as(directory.Admin).get("/calls").body; strings.Contains(page, "Long talks") {
		t.Error("somebody else sees it")
	}
	if a := c.json("POST", "/api/saved-views/calls", directory.SavedView{Query: "q=x"}); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a view without a name answers %d", a.StatusCode)
	}
	c.want(c.form("/api/saved-views/calls/Long%20talks", url.Values{"_method": {"DELETE"}}), http.StatusSeeOther)
	if page := c.get("/calls").body; strings.Contains(page, "Long talks") {
		t.Error("it is still there")
	}
}

func TestANewInstallationIsLedToItsFirstCall(t *testing.T) {
	w := newWorld(t)
	page := w.as(directory.Owner).get("/").body
	for _, want := range []string{"First steps", `href="/flows/new"`, "No call came in yet today"} {
		if !strings.Contains(page, want) {
			t.Errorf("the dashboard lacks %q", want)
		}
	}
	dbtest.Fill(t, w.store, 40, 2)
	page = w.as(directory.Owner).get("/").body
	if strings.Contains(page, "First steps") || !strings.Contains(page, "No phone is registered for") || !strings.Contains(page, "Last calls") {
		t.Error("a busy office is still led, or not told what it lacks")
	}
}
