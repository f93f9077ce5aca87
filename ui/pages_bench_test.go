package ui

import (
	"context"
	"iter"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/db/dbtest"
	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/flow/schedule"
)

// What BenchmarkPages fills the database with (the office that the panel must
// be quick in).
const (
	benchCalls = 10_000
	benchFlows = 200
)

// BenchmarkPages asks for every page of the route table, one viewer at a time,
// and reports how long half of the answers and 95 in a hundred took:
//
//	make bench-pages
func BenchmarkPages(b *testing.B) {
	o := newBusyOffice(b, benchCalls, benchFlows)
	for pattern, path := range o.paths() {
		b.Run(pattern, func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				took = append(took, o.get(b, path))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
		})
	}
}

// What is measured now and then is asked for every day, in a small office.
func TestEveryPageOfABusyOfficeAnswers(t *testing.T) {
	o := newBusyOffice(t, 50, 8)
	for _, path := range o.paths() {
		o.get(t, path)
	}
}

// busyOffice is a panel over a busy office, seen by its owner.
type busyOffice struct {
	panel http.Handler
	token string
	call  call.ID // one of its calls
}

// paths are all that can be read, by the pattern of its route.
func (o busyOffice) paths() iter.Seq2[string, string] {
	return func(yield func(pattern, path string) bool) {
		for _, rt := range routes() {
			method, path, _ := strings.Cut(rt.pattern, " ")
			path = benchPath(path, o.call)
			if method != http.MethodGet || path == "" || strings.HasPrefix(path, "/static/") {
				continue
			}
			if !yield(rt.pattern, path) {
				return
			}
		}
	}
}

// get asks for a page and tells how long the answer took.
func (o busyOffice) get(t testing.TB, path string) time.Duration {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	r.AddCookie(&http.Cookie{Name: "tandem", Value: o.token})
	r.Header.Set("Accept-Encoding", "gzip")
	w := httptest.NewRecorder()
	start := time.Now()
	o.panel.ServeHTTP(w, r)
	took := time.Since(start)
	if w.Code >= http.StatusBadRequest && path != "/healthz" { // no process runs, and it says so
		t.Fatalf("%s answers %d: %.300s", path, w.Code, w.Body)
	}
	return took
}

func newBusyOffice(b testing.TB, calls, flows int) busyOffice {
	b.Helper()
	store := dbtest.Store(b)
	dbtest.Fill(b, store, calls, flows)
	must := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	_, err := store.CreateOwner(b.Context(), "owner@example.org", password)
	must(err)
	who, err := store.Login(b.Context(), "owner@example.org")
	must(err)
	token, err := store.CreateSession(b.Context(), who.ID, time.Hour)
	must(err)
	must(store.SaveUser(b.Context(), directory.User{ID: "anna", FirstName: "Anna", LastName: "Lindqvist"}))
	must(store.SaveSchedule(b.Context(), directory.Schedule{ID: "hours", Name: "Hours", Hours: schedule.Hours{Zone: "UTC"}}))
	must(store.SavePlaylist(b.Context(), directory.Playlist{ID: "music", Name: "Music", Files: []string{"welcome"}}))
	must(store.SaveList(b.Context(), directory.List{ID: "pests", Name: "Pests"}))
	must(store.CreateFlow(b.Context(), helpline, "bench"))
	_, err = store.Publish(b.Context(), helpline.ID, 1, "bench", "")
	must(err)
	benchIDs["logins"] = who.ID
	page, err := store.Calls(b.Context(), directory.CallFilter{Outcome: "talked", Limit: 1})
	must(err)
	panel, err := New(Config{Store: store, Ready: map[string]func(context.Context) error{"database": store.Ping}})
	must(err)
	return busyOffice{panel, token, page.Calls[0].Call}
}

// helpline has a queue and opening hours, of which Fill makes none.
var helpline = flow.Flow{ID: "helpline", Name: "Helpline", Modules: []flow.Module{
	{ID: "in", Kind: "internal-number", Name: "In", Settings: &flow.InternalNumber{InternalNumber: "0700"}},
	{ID: "wait", Kind: "queue", Name: "Wait", HangUpHere: []flow.Exit{"timeout"},
		Settings: &flow.Queue{Members: []flow.QueueMember{{ContactMethod: "desk-7"}}}},
	{ID: "doors", Kind: "time-router", Name: "Doors", HangUpHere: []flow.Exit{"closed"}, Settings: &flow.TimeRouter{}},
}, Cables: []flow.Cable{{From: "in", Exit: "next", To: "doors"}, {From: "doors", Exit: "open", To: "wait"}}}

// benchIDs stand for {id} below each path of the office that Fill makes.
var benchIDs = map[string]string{"flows": "office-7", "numbers": "+4687000007", "contact-methods": "desk-7", "trunks": "carrier", "audio": "welcome",
	"users": "anna", "schedules": "hours", "playlists": "music", "lists": "pests", "queues": "helpline.wait"}

// benchSearches are addresses that ask for something: a search for a word that
// hundreds of things are called by, and for a part of a number.
var benchSearches = map[string]string{"/search": "/search?q=office+1", "/api/search": "/api/search?q=4687000", "/api/uses/{kind}/{id}": "/api/uses/audio/welcome"}

// benchRouter is the path of a time router, which a flow of Fill has none of.
var benchRouter = strings.NewReplacer("/flows/{id}/modules/{module}/override", "/flows/helpline/modules/doors/override")

// benchPath is a route's path with something in place of each wildcard; empty
// for streams, files and what the office has none of.
func benchPath(pattern string, id call.ID) string {
	if found, ok := benchSearches[pattern]; ok {
		return found
	}
	parts := strings.Split(strings.TrimPrefix(pattern, "/api"), "/")
	if len(parts) < 2 {
		return ""
	}
	what := benchIDs[parts[1]]
	if parts[1] == "calls" {
		what = string(id)
	}
	path := strings.NewReplacer("{$}", "", "{id}", what, "{version}", "1", "{module}", "message-3", "{page}", "calls", "{kind}", "sip-account", "{what}", "number").Replace(benchRouter.Replace(pattern))
	for _, stream := range []string{"/live/moves", "/stream", "/presence", "/sound", "/test-call"} {
		if strings.HasSuffix(path, stream) {
			return ""
		}
	}
	if strings.HasPrefix(path, "/api/flows/") && strings.HasSuffix(path, "/live") || strings.Contains(path, "{") || strings.Contains(path, "//") {
		return ""
	}
	return path
}
