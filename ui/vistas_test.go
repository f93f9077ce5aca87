package ui

import (
	"context"
	"net/netip"
	"strings"
	"testing"
	"time"

	"tandem/db/sample"
	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/dialplan"
	"tandem/flow/directory"
	"tandem/flow/schedule"
	"tandem/workflows/simulate"
)

// vista is one page to look at.
type vista struct {
	name   string // of its pictures
	path   string
	nobody bool // as somebody who has not signed in
	canvas bool // it draws a flow
}

// samples are the addresses of each page, with ids of townWorld. A page that
// this table does not know fails the tests, so no page goes unseen.
var samples = map[string][]string{
	"GET /{$}":                        {"/"},
	"GET /account":                    {"/account"},
	"GET /api":                        {"/api"},
	"GET /audio":                      {"/audio"},
	"GET /audio/{id}":                 {"/audio/main-menu"},
	"GET /audit":                      {"/audit"},
	"GET /calls":                      {"/calls", "/calls?q=zzzz"},
	"GET /calls/{id}":                 {"/calls/{talked}", "/calls/{running}"},
	"GET /calls/{id}/trace":           {"/calls/{talked}/trace"},
	"GET /contact-methods":            {"/contact-methods"},
	"GET /contact-methods/new":        {"/contact-methods/new"},
	"GET /contact-methods/new/{kind}": {"/contact-methods/new/sip-account", "/contact-methods/new/pstn-forwarding"},
	"GET /contact-methods/{id}":       {"/contact-methods/account-101"},
	"GET /flows":                      {"/flows"},
	"GET /flows/new":                  {"/flows/new", "/flows/new?template=main-line"},
	"GET /flows/{id}":                 {"/flows/main-line", "/flows/blank"},
	"GET /flows/{id}/compare":         {"/flows/main-line/compare?from=1&to=draft"},
	"GET /flows/{id}/live":            {"/flows/main-line/live"},
	"GET /flows/{id}/missing":         {"/flows/broken/missing"},
	"GET /flows/{id}/open":            {"/flows/gates/open", "/flows/main-line/open"},
	"GET /flows/{id}/versions":        {"/flows/main-line/versions"},
	"GET /flows/{id}/{version}":       {"/flows/main-line/1"},
	"GET /invite/{token}":             {"/invite/{invite}"},
	"GET /lists":                      {"/lists"},
	"GET /lists/new":                  {"/lists/new"},
	"GET /lists/{id}":                 {"/lists/pests"},
	"GET /live":                       {"/live"},
	"GET /logins":                     {"/logins"},
	"GET /logins/new":                 {"/logins/new"},
	"GET /logins/{id}":                {"/logins/{login}"},
	"GET /numbers":                    {"/numbers"},
	"GET /numbers/bulk":               {"/numbers/bulk"},
	"GET /numbers/new":                {"/numbers/new"},
	"GET /numbers/{id}":               {"/numbers/+15550100"},
	"GET /numbers/{id}/move":          {"/numbers/+15550101/move"},
	"GET /playlists/new":              {"/playlists/new"},
	"GET /playlists/{id}":             {"/playlists/waiting"},
	"GET /queues":                     {"/queues"},
	"GET /queues/{id}":                {"/queues/helpdesk.wait"},
	"GET /schedules":                  {"/schedules"},
	"GET /schedules/new":              {"/schedules/new"},
	"GET /schedules/{id}":             {"/schedules/office"},
	"GET /search":                     {"/search?q=main", "/search", "/search?q=zzzz"},
	"GET /settings":                   {"/settings"},
	"GET /settings/access":            {"/settings/access"},
	"GET /settings/feature-codes":     {"/settings/feature-codes"},
	"GET /settings/mail":              {"/settings/mail"},
	"GET /sign-in":                    {"/sign-in"},
	"GET /system":                     {"/system"},
	"GET /tokens":                     {"/tokens"},
	"GET /trunks":                     {"/trunks"},
	"GET /trunks/new":                 {"/trunks/new"},
	"GET /trunks/{id}":                {"/trunks/loopback"},
	"GET /users":                      {"/users"},
	"GET /users/import":               {"/users/import"},
	"GET /users/new":                  {"/users/new"},
	"GET /users/{id}":                 {"/users/alice"},
	"GET /users/{id}/remove":          {"/users/alice/remove"},
	"/":                               {"/nothing-here"},
}

// noPages are routes for scripts, those that lead on to another page, and the page that stands between a password
// and a code, which the tests of the second factor walk through.
var noPages = map[string]bool{"GET /static/{file}": true, "GET /live/moves": true, "GET /sign-in/code": true, "GET /numbers/move": true}

// vistas are all pages there are.
func (w *town) vistas() []vista {
	w.t.Helper()
	var out []vista
	ids := strings.NewReplacer("{talked}", string(w.talked), "{running}", string(w.running), "{invite}", w.invite, "{login}", w.login)
	for _, rt := range routes() {
		shown := rt.area == page && (strings.HasPrefix(rt.pattern, "GET ") || !strings.Contains(rt.pattern, " "))
		if !shown || noPages[rt.pattern] {
			continue
		}
		paths, ok := samples[rt.pattern]
		if !ok {
			w.t.Errorf("%s has no sample: add one to the table, and it is looked at with all others", rt.pattern)
		}
		for i, path := range paths {
			name := strings.Trim(strings.NewReplacer("GET /", "", "/", "-", "{", "", "}", "", "$", "").Replace(rt.pattern), "-")
			if name == "" {
				name = map[string]string{"/": "home"}[path] + map[bool]string{true: "missing"}[path != "/"]
			}
			if i > 0 {
				name += "-" + string(rune('1'+i))
			}
			out = append(out, vista{name: name, path: ids.Replace(path), nobody: rt.right == anyone, canvas: strings.Contains(canvases, " "+rt.pattern+" ")})
		}
	}
	return out
}

// canvases are the pages that draw a flow.
const canvases = " GET /flows/{id} GET /flows/{id}/{version} GET /flows/{id}/compare GET /flows/{id}/live GET /calls/{id}/trace "

// town is a panel on the sample installation with some of everything.
type town struct {
	*world
	live            *fakeLive
	talked, running call.ID
	invite, login   string
}

// newTown fills a database with the sample, people, hours, keys and calls.
func newTown(t *testing.T) *town {
	t.Helper()
	w := &town{world: newWorld(t)}
	if _, err := sample.Load(t.Context(), w.store, sample.Options{}); err != nil {
		t.Fatal(err)
	}
	running := w.settle()
	w.live = &fakeLive{calls: []call.LedgerEntry{running}}
	panel, err := New(Config{Store: w.store, Simulator: simulate.New(facts{w.store}), TestCalls: newExchange(), Live: w.live,
		Now: func() time.Time { return sampleNow }, Version: "0.1.0+3e9a41c", Ready: map[string]func(context.Context) error{"database": w.store.Ping}, TemporalUI: "http://127.0.0.1:8233"})
	if err != nil {
		t.Fatal(err)
	}
	w.panel = panel
	return w
}

// settle puts people and their things into the town, and answers the call that
// is going on.
func (w *town) settle() call.LedgerEntry {
	w.t.Helper()
	c, s := w.t.Context(), w.store
	week := [7][]schedule.Range{}
	for day := 1; day <= 5; day++ {
		week[day] = []schedule.Range{{From: 8 * 60, To: 12 * 60}, {From: 13 * 60, To: 17*60 + 30}}
	}
	w.done(s.SaveSchedule(c, directory.Schedule{ID: "office", Name: "Office hours", Hours: schedule.Hours{Zone: "Europe/Stockholm", Week: week,
		Exceptions: []schedule.Exception{{Label: "Christmas", From: "2026-12-24", To: "2026-12-26", Yearly: true}, {Label: "Inventory", From: "2027-01-04", To: "2027-01-04", Hours: []schedule.Range{{From: 600, To: 720}}}}}}))
	for _, u := range []directory.User{
		{ID: "alice", FirstName: "Alice", LastName: "Andersson", Email: "alice@example.org", Department: "Support", JobTitle: "Team lead", Schedule: "office"},
		{ID: "bob", FirstName: "Bob", LastName: "Öztürk-Lindqvist", Email: "bob@example.org", Department: "Support"},
		{ID: "carol", LastName: "Carol", Department: "Sales"}} {
		w.done(s.SaveUser(c, u))
	}
	mobile, err := dialplan.ParseNumber("+46701234567")
	w.done(err)
	w.done(s.SaveContactMethod(c, directory.ContactMethod{ID: "mobile", Kind: directory.PSTNForwarding, Name: "Mobile of Alice", Owner: "alice", Number: mobile}))
	w.done(s.SavePlaylist(c, directory.Playlist{ID: "waiting", Name: "Waiting music", Files: []string{"quiet", "message"}, Loop: true}))
	w.done(s.SaveTrunk(c, directory.Trunk{ID: "carrier", Name: "Carrier of the town", Networks: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}, Codecs: []string{"PCMA"}}))
	_, err = s.CreateToken(c, directory.Token{Name: "Wallboard", Role: directory.ReadOnly, By: "owner@example.org"})
	w.done(err)
	for _, role := range []directory.Role{directory.Admin, directory.Supervisor} {
		w.login = w.invited(role).ID
	}
	w.invite, err = s.InviteLogin(c, directory.Login{Email: "new@example.org", Role: directory.FlowEditor})
	w.done(err)
	for i, action := range []string{"sign in", "add number", "publish flow", "change settings"} {
		w.done(s.Audit(c, directory.AuditEntry{Login: "owner@example.org", Remote: "192.0.2.7", Action: action, Subject: "main-line", At: sampleNow.Add(-time.Duration(i) * time.Hour),
			Before: `{"name":"Main"}`, After: `{"name":"Main line"}`}))
	}
	for i, role := range []string{"node", "worker", "web"} {
		w.done(s.Beat(c, directory.Process{Role: role, ID: role + "1", PID: 4000 + i, Host: "pbx-1", Version: "0.1.0+3e9a41c", Ready: true, Addr: "127.0.0.1:5060"}))
	}
	w.drafts()
	w.helpdesk()
	w.gates()
	return w.calls()
}

// helpdesk is a published queue with members of all sorts.
func (w *town) helpdesk() {
	w.t.Helper()
	c := w.t.Context()
	f := flow.Flow{ID: "helpdesk", Name: "Helpdesk", Modules: []flow.Module{
		{ID: "in", Kind: "internal-number", Name: "Inside", Settings: &flow.InternalNumber{InternalNumber: "700"}},
		{ID: "wait", Kind: "queue", Name: "Helpdesk queue", X: 300, HangUpHere: []flow.Exit{"timeout"}, Settings: &flow.Queue{MembersLogIn: true, Announce: "position", EscapeKey: "1",
			Members: []flow.QueueMember{{ContactMethod: "account-100"}, {ContactMethod: "account-101", Level: 2, IgnoreSchedule: true}, {ContactMethod: "mobile", Ring: 30}}}},
		{ID: "back", Kind: flow.KindCallback, Name: "Call back", X: 600, HangUpHere: []flow.Exit{flow.ExitAccepted, flow.ExitDeclined}, Settings: &flow.Callback{Window: 150}}},
		Cables: []flow.Cable{{From: "in", Exit: "next", To: "wait"}, {From: "wait", Exit: "escape", To: "back"}}}
	w.done(w.store.CreateFlow(c, f, "owner@example.org"))
	_, err := w.store.Publish(c, f.ID, 1, "owner@example.org", "")
	w.done(err)
	for member, change := range map[string]directory.MemberChange{"account-100": directory.MemberLogIn, "mobile": directory.MemberLogIn} {
		_, err := w.store.ChangeMember(c, "helpdesk.wait", member, change, "owner@example.org", sampleNow.Add(-time.Hour))
		w.done(err)
	}
	_, err = w.store.ChangeMember(c, "helpdesk.wait", "mobile", directory.MemberPause, "20261122-140000-abcdefg", sampleNow.Add(-time.Minute))
	w.done(err)
}

// drafts are a flow that was changed since it was published, one that is
// empty, and one that names what is not there.
func (w *town) drafts() {
	w.t.Helper()
	changed, err := w.store.Draft(w.t.Context(), "main-line")
	w.done(err)
	for i := range changed.Flow.Modules {
		if m := &changed.Flow.Modules[i]; m.ID == "menu" {
			m.Name = "Welcome"
		}
	}
	changed.Flow.Modules = append(changed.Flow.Modules, flow.Module{ID: "closing", Kind: "audio-playback", Name: "Closing words", X: 240, Y: 480, Settings: &flow.AudioPlayback{}})
	for _, f := range []flow.Flow{changed.Flow, {ID: "blank", Name: "Night shift"}, {ID: "broken", Name: "Brought along", Modules: []flow.Module{
		{ID: "in", Kind: "internal-number", Name: "In", Settings: &flow.InternalNumber{InternalNumber: "77"}},
		{ID: "play", Kind: "audio-playback", Name: "Play", X: 300, Settings: &flow.AudioPlayback{Audio: "gone"}}},
		Cables: []flow.Cable{{From: "in", Exit: "next", To: "play"}}}} {
		revision := 0
		if f.ID == "main-line" {
			revision = changed.Revision
		}
		_, err := w.store.SaveDraft(w.t.Context(), f, revision, "owner@example.org")
		w.done(err)
	}
}

// calls are a history on the sample's flow, and one call that goes on.
func (w *town) calls() call.LedgerEntry {
	w.t.Helper()
	here := func(e call.LedgerEntry) call.LedgerEntry {
		modules := map[string]string{"in": "number", "menu": "menu", "ring": "ring-101"}
		if e.Flow.ID == "main" || e.Flow.Name == "Main line" {
			e.Flow = call.FlowRef{ID: "main-line", Name: "Main line", Version: 1}
		}
		for i := range e.Path {
			e.Path[i].Module = modules[e.Path[i].Module]
		}
		return e
	}
	for _, e := range sampleHistory() {
		w.done(w.store.SaveLedger(w.t.Context(), here(e)))
	}
	talked, running := here(sampleTalked()), here(sampleRunning())
	w.done(w.store.SaveMessages(w.t.Context(), sampleMessages(talked)))
	w.talked, w.running = talked.Call, running.Call
	return running
}

// done fails the test when something was not done.
func (w *town) done(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}
