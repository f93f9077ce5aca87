package ui

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tandem/db/dbtest"
	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/flow/queue"
)

// hall is a Live with one queue.
type hall struct {
	*office
	mu      sync.Mutex
	view    queue.View
	fault   error
	asked   int
	told    []queue.ID
	off     []string // promises withdrawn
	changed func()
}

func (h *hall) Queue(_ context.Context, id queue.ID) (queue.View, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.asked++
	if h.fault == nil && id != h.view.ID {
		return queue.View{}, ErrNotFound
	}
	return h.view, h.fault
}

// WatchMembers hands out what tells of a change.
func (h *hall) WatchMembers(ctx context.Context, changed func()) error {
	h.mu.Lock()
	h.changed = changed
	h.mu.Unlock()
	changed()
	<-ctx.Done()
	return context.Cause(ctx)
}

// stand changes how the queue stands and tells of it.
func (h *hall) stand(v queue.View) {
	h.mu.Lock()
	h.view = v
	tell := h.changed
	h.mu.Unlock()
	if tell != nil { // who begins to watch looks by itself
		tell()
	}
}

func (h *hall) MembersChanged(_ context.Context, id queue.ID) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.told = append(h.told, id)
	return nil
}

// queueWorld has two queues: sales, whose members log in, with Ann and Bo, and
// support, whose members are always in, with Bo.
func queueWorld(t *testing.T, h *hall) *world {
	t.Helper()
	w := newWorld(t, func(c *Config) { c.Live = h })
	for _, name := range []string{"ann", "bo"} {
		for _, err := range []error{
			w.store.SaveUser(t.Context(), directory.User{ID: name, LastName: name}),
			w.store.SaveContactMethod(t.Context(), directory.ContactMethod{ID: "phone-" + name, Kind: directory.SIPForwarding, Name: "Phone of " + name,
				Owner: name, URI: "sip:" + name + "@192.0.2.1"}),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	for id, settings := range map[string]string{
		"sales":   `{"members_log_in": true, "members": [{"contact_method": "phone-ann"}, {"contact_method": "phone-bo"}]}`,
		"support": `{"members": [{"contact_method": "phone-bo"}]}`,
	} {
		content := fmt.Sprintf(`{"id": %q, "name": "Flow %s", "cables": [], "modules": [{"id": "wait", "kind": "queue", "name": "Queue %s", "settings": %s}]}`, id, id, id, settings)
		dbtest.Exec(t, w.store, fmt.Sprintf("insert into flows (id, name, draft) values ('%s', 'Flow %s', '%s')", id, id, content),
			fmt.Sprintf("insert into flow_versions (flow, version, content) values ('%s', 1, '%s')", id, content),
			fmt.Sprintf("update flows set published = 1 where id = '%s'", id))
	}
	return w
}

func (w *world) ann() *client {
	return w.as(directory.Agent, func(l *directory.Login) { l.User = "ann" })
}

func (c *client) change(id, member, change string) answer {
	return c.json("PUT", "/api/queues/"+id+"/members/"+member, map[string]string{"change": change})
}

func TestQueuesAreListedWithWhoWaitsAndWhoIsFree(t *testing.T) {
	h := &hall{office: &office{at: []call.Position{
		{Call: "b", Since: sampleNow, Flow: call.FlowRef{ID: "sales"}, Module: "wait"},
		{Call: "a", Since: sampleNow.Add(-time.Minute), Flow: call.FlowRef{ID: "sales"}, Module: "wait", Ringing: []string{"Phone of ann"}},
		{Call: "c", Since: sampleNow, Flow: call.FlowRef{ID: "sales"}, Module: "wait", Talking: "Phone of bo", With: []string{"phone-bo"}},
		{Call: "d", Since: sampleNow.Add(-time.Hour), Direction: "test", Flow: call.FlowRef{ID: "sales", Draft: 3}, Module: "wait"}, // in a line of its own
	}}}
	w := queueWorld(t, h)
	c := w.as(directory.ReadOnly)
	supervisor := w.as(directory.Supervisor)
	supervisor.want(supervisor.change("sales.wait", "phone-ann", "log-in"), http.StatusOK)
	supervisor.want(supervisor.change("sales.wait", "phone-bo", "log-in"), http.StatusOK)
	var got []queueLine
	c.get("/api/queues").into(t, &got)
	if len(got) != 2 || got[0].ID != "sales.wait" || got[0].Waiting != 2 || !got[0].Longest.Equal(sampleNow.Add(-time.Minute)) || got[0].Free != 1 || got[0].Members != 2 {
		t.Errorf("got %+v", got)
	}
	if h.asked != 0 {
		t.Errorf("a list of queues asks %d of them", h.asked)
	}
	page := c.want(c.get("/queues"), http.StatusOK).body
	for _, want := range []string{`href="/queues/sales.wait"`, "Queue support", "1 of 2", `href="/flows/sales"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

func TestAQueueShowsWhoWaitsAndWhatItsMembersDo(t *testing.T) {
	h := &hall{office: &office{}, view: queue.View{ID: "sales.wait", Answered: 7, Abandoned: 1,
		Waiting: []queue.Waiting{{Ticket: "t", Call: "20261122-120000-abcdefg", Caller: call.Party{Number: "+46701234567", Name: "Ada"}, Since: time.Now().Add(-time.Minute), Priority: 3, Offered: []string{"Phone of ann"}}},
		Members: []queue.MemberView{
			{Person: queue.Person{ContactMethod: "phone-ann"}, State: queue.MemberOffered, Calls: 4},
			{Person: queue.Person{ContactMethod: "phone-bo"}, State: queue.MemberFree, Calls: 3}}}}
	w := queueWorld(t, h)
	c := w.as(directory.Supervisor)
	c.want(c.change("sales.wait", "phone-ann", "log-in"), http.StatusOK)
	var s queueState
	c.get("/api/queues/sales.wait").into(t, &s)
	if len(s.Callers) != 1 || s.Callers[0].Caller.Name != "Ada" || s.Answered != 7 || s.Team[0].State != queue.MemberOffered || s.Team[0].Calls != 4 ||
		s.Team[1].State != queue.MemberLoggedOut || s.Team[0].By != "supervisor@example.org" {
		t.Errorf("got %+v", s)
	}
	page := c.want(c.get("/queues/sales.wait"), http.StatusOK).body
	for _, want := range []string{"Ada", `href="/calls/20261122-120000-abcdefg"`, "rings", "logged out", `aria-label="Log in: Phone of bo"`, `aria-label="Pause: Phone of ann"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if page := w.as(directory.ReadOnly).get("/queues/sales.wait").body; strings.Contains(page, "Log in:") || !strings.Contains(page, "Ada") {
		t.Error("who may only read is offered changes, or does not see")
	}
	if a := c.get("/queues/nowhere.wait"); a.StatusCode != http.StatusNotFound {
		t.Errorf("a queue that does not exist answers %d", a.StatusCode)
	}
}

func TestAQueueThatCannotBeAskedIsShownAsItsCallsTell(t *testing.T) {
	h := &hall{fault: errors.New("away"), office: &office{at: []call.Position{{Call: "20261122-120000-abcdefg", Since: time.Now(), Caller: call.Party{Number: "+46701234567"}, Flow: call.FlowRef{ID: "sales"}, Module: "wait"}}}}
	c := queueWorld(t, h).as(directory.Supervisor)
	var s queueState
	c.get("/api/queues/sales.wait").into(t, &s)
	if !s.Stale || len(s.Callers) != 1 || len(s.Team) != 2 {
		t.Errorf("got %+v", s)
	}
	if page := c.get("/queues/sales.wait").body; !strings.Contains(page, "cannot be asked") {
		t.Error("the page does not say so")
	}
}

func TestAMemberIsChangedOnceAuditedAndTheQueueIsTold(t *testing.T) {
	h := &hall{office: &office{}}
	w := queueWorld(t, h)
	c := w.as(directory.Supervisor)
	for range 2 {
		c.want(c.change("sales.wait", "phone-ann", "log-in"), http.StatusOK)
	}
	c.want(c.form("/api/queues/sales.wait/members/phone-ann", url.Values{"_method": {"PUT"}, "change": {"pause"}}), http.StatusSeeOther)
	var s queueState
	c.get("/api/queues/sales.wait").into(t, &s)
	if s.Team[0].State != queue.MemberPaused || !slices.Contains(h.told, "sales.wait") {
		t.Errorf("is %+v; told %v", s.Team[0], h.told)
	}
	log, err := w.store.AuditLog(t.Context(), directory.AuditFilter{})
	if err != nil {
		t.Fatal(err)
	}
	var actions []string
	for _, e := range log.Entries {
		actions = append(actions, e.Action+" "+e.Subject)
	}
	if want := []string{"pause member phone-ann of queue sales.wait", "log-in member phone-ann of queue sales.wait"}; !slices.Equal(actions[:2], want) {
		t.Errorf("the audit log has %q, want %q", actions, want)
	}
	for _, c := range []struct {
		id, member, change string
		want               int
	}{
		{"support.wait", "phone-bo", "log-in", http.StatusConflict},
		{"sales.wait", "phone-bo", "pause", http.StatusConflict},
		{"sales.wait", "phone-ann", "dance", http.StatusUnprocessableEntity},
		{"sales.wait", "stranger", "log-in", http.StatusNotFound},
		{"nowhere.wait", "phone-ann", "log-in", http.StatusNotFound},
	} {
		if a := w.as(directory.Supervisor).change(c.id, c.member, c.change); a.StatusCode != c.want {
			t.Errorf("%+v answers %d", c, a.StatusCode)
		}
	}
}

func TestAnAgentSeesOwnQueuesAndChangesItself(t *testing.T) {
	h := &hall{office: &office{}, view: queue.View{ID: "sales.wait", Waiting: []queue.Waiting{{Ticket: "t", Call: "20261122-120000-abcdefg", Caller: call.Party{Number: "+46701234567", Name: "Ada"}, Since: time.Now()}}}}
	w := queueWorld(t, h)
	ann := w.ann()
	var got []queueLine
	ann.get("/api/queues").into(t, &got)
	if len(got) != 1 || got[0].ID != "sales.wait" {
		t.Errorf("the agent sees %+v", got)
	}
	page := ann.want(ann.get("/queues/sales.wait"), http.StatusOK).body
	if strings.Contains(page, "Ada") || strings.Contains(page, "Log in: Phone of bo") || !strings.Contains(page, "Log in: Phone of ann") {
		t.Error("the agent's page shows who waits, or changes others, or not itself")
	}
	ann.want(ann.change("sales.wait", "phone-ann", "log-in"), http.StatusOK)
	for _, c := range []struct{ id, member string }{{"sales.wait", "phone-bo"}, {"support.wait", "phone-bo"}} {
		if a := ann.change(c.id, c.member, "log-in"); a.StatusCode != http.StatusNotFound {
			t.Errorf("the agent changes %+v: %d", c, a.StatusCode)
		}
	}
	if a := w.as(directory.FlowEditor).change("sales.wait", "phone-ann", "log-out"); a.StatusCode != http.StatusForbidden {
		t.Errorf("a flow editor changes a member: %d", a.StatusCode)
	}
	limited := w.as(directory.Supervisor, func(l *directory.Login) { l.Flows = []string{"support"} })
	if a := limited.get("/queues/sales.wait"); a.StatusCode != http.StatusNotFound {
		t.Errorf("a queue of another flow answers %d to a limited login", a.StatusCode)
	}
}

func TestAQueueIsLookedAtAgainWhenSomethingOfItMovesAndWhenARestEnds(t *testing.T) {
	q := directory.Queue{Flow: "sales", Module: "wait", Settings: flow.Queue{Members: []flow.QueueMember{{ContactMethod: "phone-ann"}}}}
	here := call.Position{Call: "a", Seq: 1, Flow: call.FlowRef{ID: "sales"}, Module: "wait"}
	other := call.Position{Call: "b", Seq: 1, Flow: call.FlowRef{ID: "sales"}, Module: "menu"}
	was := moment{calls: []call.Position{here, other}}
	moved := here
	moved.Seq = 2
	ringsAnn := other
	ringsAnn.With = []string{"phone-ann"}
	for _, c := range []struct {
		says string
		now  moment
		same bool
	}{
		{"nothing", was, true},
		{"a call elsewhere", moment{calls: []call.Position{here, {Call: "b", Seq: 9, Module: "menu"}}}, true},
		{"a caller of the queue", moment{calls: []call.Position{moved, other}}, false},
		{"a member in another call", moment{calls: []call.Position{here, ringsAnn}}, false},
		{"a member who logs in", moment{calls: was.calls, members: 1}, false},
	} {
		if same := was.ofQueue(q) == c.now.ofQueue(q); same != c.same {
			t.Errorf("%s: same is %v", c.says, same)
		}
	}
	resting := queueState{Team: []memberState{{MemberView: queue.MemberView{State: queue.MemberResting, Until: sampleNow.Add(3 * time.Second)}}}}
	for _, c := range []struct {
		s     queueState
		after time.Duration
		want  time.Duration
	}{{queueState{}, 0, quietly}, {queueState{}, settling, settling}, {resting, 0, 3250 * time.Millisecond}, {resting, settling, settling}} {
		if got := c.s.next(sampleNow, c.after); got != c.want {
			t.Errorf("%+v is looked at after %v, want %v", c.s, got, c.want)
		}
	}
}

func TestAStreamOfAQueueFollowsItAndAsksItOnlyWhenSomethingMoves(t *testing.T) {
	h := &hall{office: &office{}, view: queue.View{ID: "sales.wait", Answered: 1}}
	w := queueWorld(t, h)
	server := httptest.NewServer(w.panel)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/api/queues/sales.wait/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.AddCookie(w.as(directory.Supervisor).cookies["tandem"])
	answer, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	events := bufio.NewScanner(answer.Body)
	for answered := 1; answered <= 3; answered++ {
		var s queueState
		if err := json.Unmarshal([]byte(next(t, events)), &s); err != nil || s.Answered != answered || len(s.Team) != 2 {
			t.Fatalf("got %+v, %v; want %d answered", s, err, answered)
		}
		h.stand(queue.View{ID: "sales.wait", Answered: answered + 1})
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.asked > 12 { // twice for each of four changes, and as often again on a machine that stands still
		t.Errorf("the queue was asked %d times", h.asked)
	}
}

func TestTheHubHearsOfMembers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &memberWatch{watched: make(chan func(), 1)}
		hub := newHub(h, slog.New(slog.DiscardHandler))
		news, leave := hub.join()
		defer leave()
		pass(time.Second)
		<-news
		before := hub.now().members
		(<-h.watched)()
		pass(time.Second)
		<-news
		if got := hub.now().members; got != before+1 {
			t.Errorf("the hub counts %d changes, want %d", got, before+1)
		}
	})
}

// memberWatch is a Live whose members a test changes.
type memberWatch struct {
	nobody
	watched chan func() // what tells of a change
}

func (m *memberWatch) WatchMembers(ctx context.Context, changed func()) error {
	m.watched <- changed
	<-ctx.Done()
	return context.Cause(ctx)
}

func TestACallerInAQueueIsSaidToWait(t *testing.T) {
	for _, c := range []struct {
		at   call.Position
		want string
	}{
		{call.Position{Kind: "queue"}, "waits"},
		{call.Position{Kind: "queue", Ringing: []string{"Ann"}}, "waits, rings Ann"},
		{call.Position{Kind: "queue", Ringing: []string{"Ann", "Bo"}}, "waits, rings Ann and 1 more"},
		{call.Position{Kind: "queue", Talking: "Ann"}, "talks with Ann"},
		{call.Position{Kind: "voice-menu"}, ""},
	} {
		if got := doing(c.at); got != c.want {
			t.Errorf("%+v: %q, want %q", c.at, got, c.want)
		}
	}
}

func TestQueuesAreSortedSearchedAndExported(t *testing.T) {
	w := newTown(t)
	c := w.as(directory.Supervisor)
	first := func(address string) string {
		body := c.want(c.get(address), 200).body
		if strings.Index(body, "Help queue") < strings.Index(body, "Helpdesk queue") {
			return "Help queue"
		}
		return "Helpdesk queue"
	}
	if a, b := first("/queues"), first("/queues?sort=-name"); a != "Help queue" || b != "Helpdesk queue" {
		t.Errorf("first is %s, and turned %s", a, b)
	}
	if body := c.get("/queues?q=helpdesk").body; strings.Contains(body, ">Help queue<") || !strings.Contains(body, ">Helpdesk queue<") {
		t.Error("the search finds something else")
	}
	has(t, c.get("/queues?q=nothing"), "Nothing matches")
	has(t, c.get("/queues?format=csv"), "queue,flow,waiting", "Help queue,Help line,0,,0,2")
}
