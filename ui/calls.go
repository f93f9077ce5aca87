package ui

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/ui/pages"
)

// callRoutes are the calls that ran.
func callRoutes() []route {
	return []route{
		shows("GET /calls", seeCalls, (*Panel).calls),
		shows("GET /calls/{id}", seeCalls, (*Panel).call),
		reads("GET /api/calls", seeCalls, "List calls, newest first", (*Panel).apiCalls).
			asks("q", "text in the numbers and names of the call").asks("from", "RFC 3339 or a day").asks("to", "RFC 3339 or a day").
			asks("period", "1h, 24h, 7d or 30d").asks("outcome", "such as missed").asks("cause", "why it ended").asks("direction", "inbound, internal, callback or test").
			asks("flow", "id").asks("number", "E.164").asks("contact_method", "id").asks("sort", "a column; a minus before it turns the order").
			asks("mark", "open (missed and not resolved), resolved or noted").
			asks("limit", "1 to 200").asks("after", "next of the page before").asks("before", "prev of the page after"),
		reads("GET /api/calls/{id}", seeCalls, "Read one call", (*Panel).callFor),
		reads("GET /api/saved-views/{page}", ownAccount, "List the saved views of a page", (*Panel).apiViews),
		acts("POST /api/saved-views/{page}", ownAccount, "Save a view", saveView),
		acts("DELETE /api/saved-views/{page}/{name}", ownAccount, "Remove a saved view", removeView),
	}
}

const (
	pageSize  = 50
	maxQuery  = 100 // bytes of a search
	liveFault = "Running calls cannot be shown: the database does not answer. They go on; this list comes back by itself."
)

// periods are the stretches of time that the history offers.
var periods = []struct {
	value, label string
	length       time.Duration
}{
	{"", "Any time", 0},
	{"1h", "Last hour", time.Hour},
	{"24h", "Last 24 hours", 24 * time.Hour},
	{"7d", "Last 7 days", 7 * 24 * time.Hour},
	{"30d", "Last 30 days", 30 * 24 * time.Hour},
}

// callback is the direction of a call in which we call whoever has asked for it.
const callback = "callback"

// test is the direction of a call that somebody at the panel places through a
// draft.
const test = "test"

var directions = []struct{ value, label string }{{"", "Any direction"}, {"inbound", "Inbound"}, {"internal", "Internal"}, {callback, "Callback"}, {test, "Test of a draft"}}

// callSorts are the columns that the history sorts by.
var callSorts = []directory.CallSort{directory.ByStart, directory.ByCaller, directory.ByCalled, directory.ByFlow,
	directory.ByOutcome, directory.ByTalk}

// historyQuery is what the address of the history asks for.
type historyQuery struct {
	directory.CallFilter
	period   string
	from, to string // days
	csv      bool
}

// parseHistory reads an address. What it does not know it leaves out: an old
// bookmark shows more, never an error. Days are those of the zone.
func parseHistory(q url.Values, now time.Time, zone *time.Location) historyQuery {
	h := historyQuery{csv: q.Get("format") == "csv"}
	h.Text = strings.TrimSpace(cut(q.Get("q"), maxQuery))
	h.After, h.Before, h.Limit = call.ID(cut(q.Get("after"), maxID)), call.ID(cut(q.Get("before"), maxID)), pageSize
	h.Flow, h.Number, h.ContactMethod = cut(q.Get("flow"), maxID), cut(strings.TrimSpace(q.Get("number")), maxID), cut(q.Get("contact_method"), maxID)
	for _, p := range periods {
		if p.value == q.Get("period") && p.length > 0 {
			h.period, h.From = p.value, now.Add(-p.length)
		}
	}
	if day, ok := dayOf(q.Get("from"), zone); ok {
		h.from, h.From = q.Get("from"), day
	}
	if day, ok := dayOf(q.Get("to"), zone); ok {
		h.to, h.To = q.Get("to"), day.AddDate(0, 0, 1)
	}
	if _, ok := outcomes[q.Get("outcome")]; ok {
		h.Outcome = q.Get("outcome")
	}
	if _, ok := call.Causes[call.Cause(q.Get("cause"))]; ok {
		h.Cause = call.Cause(q.Get("cause"))
	}
	for _, d := range directions {
		if d.value == q.Get("direction") {
			h.Direction = d.value
		}
	}
	for _, m := range callMarks {
		if string(m.value) == q.Get("mark") {
			h.Mark = m.value
		}
	}
	key, desc := strings.CutPrefix(q.Get("sort"), "-")
	if slices.Contains(callSorts, directory.CallSort(key)) {
		h.Sort, h.Ascending = directory.CallSort(key), !desc
	}
	return h
}

func dayOf(text string, zone *time.Location) (time.Time, bool) {
	day, err := time.ParseInLocation(time.DateOnly, text, zone)
	return day, err == nil
}

// values is the query without its place in the list.
func (h historyQuery) values() url.Values {
	q := url.Values{}
	for _, kv := range [][2]string{{"q", h.Text}, {"period", h.period}, {"from", h.from}, {"to", h.to}, {"outcome", h.Outcome}, {"direction", h.Direction},
		{"flow", h.Flow}, {"number", h.Number}, {"contact_method", h.ContactMethod}, {"cause", string(h.Cause)}, {"mark", string(h.Mark)}, {"sort", h.order()}} {
		if kv[1] != "" {
			q.Set(kv[0], kv[1])
		}
	}
	return q
}

// order is how the list is sorted, as the address says it; empty: newest first.
func (h historyQuery) order() string {
	switch {
	case h.Sort == "":
		return ""
	case h.Ascending:
		return string(h.Sort)
	}
	return "-" + string(h.Sort)
}

// narrows tells whether something is left out, and further whether one of the
// filters that are folded away does it.
func (h historyQuery) narrows() bool {
	return h.Text != "" || h.period != "" || h.Outcome != "" || h.Direction != "" || h.Mark != "" || h.further()
}

func (h historyQuery) further() bool {
	return h.from != "" || h.to != "" || h.Flow != "" || h.Number != "" || h.ContactMethod != "" || h.Cause != ""
}

// paged tells whether this is not the first page.
func (h historyQuery) paged() bool { return h.After != "" || h.Before != "" }

// link is the address of this search with something added.
func (h historyQuery) link(add ...string) string {
	q := h.values()
	for i := 0; i+1 < len(add); i += 2 {
		q.Set(add[i], add[i+1])
	}
	if len(q) == 0 {
		return callsPath
	}
	return callsPath + "?" + q.Encode()
}

const callsPath = "/calls"

func (p *Panel) calls(w http.ResponseWriter, r *http.Request) error {
	now := p.cfg.Now()
	h := parseHistory(r.URL.Query(), now, p.zone(r.Context()))
	may, err := p.sightOf(r)
	if err != nil {
		return err
	}
	if h.csv {
		return p.callsFile(w, r, may.filter(h.CallFilter))
	}
	past, err := p.cfg.Store.Calls(r.Context(), may.filter(h.CallFilter))
	if err != nil {
		return fmt.Errorf("reading the call history: %w", err)
	}
	v, err := p.callsView(r, h, past, now)
	if err != nil {
		return err
	}
	if !h.paged() && !h.narrows() {
		p.addRunning(r, &v, may, now)
	}
	for _, e := range past.Calls {
		if row := callRow(e, now); !slices.ContainsFunc(v.Live, func(l pages.CallRow) bool { return l.Link == row.Link }) {
			v.Calls = append(v.Calls, row)
		}
	}
	if len(v.Calls)+len(v.Live) == 0 && !h.paged() && !h.narrows() {
		v.MayBuild = allowed(makeFlows, loginOf(r))
		if v.First, err = p.firstCall(r.Context()); err != nil {
			return err
		}
	}
	if err := p.marksOn(r, v.Calls, past.Calls, h.Mark == directory.MarkOpen); err != nil {
		return err
	}
	return p.render(w, r, http.StatusOK, pages.Calls(v))
}

func (p *Panel) callsView(r *http.Request, h historyQuery, past directory.CallPage, now time.Time) (pages.CallsView, error) {
	v := pages.CallsView{Frame: p.frame(r, "Calls", "calls"), Text: h.Text, Filtered: h.narrows(), Further: h.further(),
		Periods: periodOptions(h.period), Outcomes: outcomeOptions(h.Outcome), Directions: directionOptions(h.Direction), Causes: causeOptions(h.Cause), Marks: markOptions(h.Mark),
		From: h.from, To: h.to, Number: h.Number, Sort: h.order(), Poll: h.link(), Query: h.values().Encode(), Total: totalText(past.Total),
		List: pages.List{Path: callsPath, Query: h.values(), Sort: string(h.Sort), Desc: !h.Ascending, Total: past.Total, CSV: h.link("format", "csv")}}
	v.Extra = p.extra("watch.css", "watch.js")
	if h.Sort == "" {
		v.List.Sort, v.List.Desc = string(directory.ByStart), true
	}
	if !h.paged() { // other pages stand still while they are read
		v.Stream = movesPath
	} else {
		v.Newest = h.link()
	}
	if past.Prev != "" {
		v.Newer = h.link("before", string(past.Prev))
	}
	if past.Next != "" {
		v.Older = h.link("after", string(past.Next))
	}
	return v, p.addChoices(r, &v, h)
}

// addChoices fills the selects of flows and contact methods, and the saved
// views.
func (p *Panel) addChoices(r *http.Request, v *pages.CallsView, h historyQuery) error {
	flows, err := p.cfg.Store.Flows(r.Context())
	if err != nil {
		return fmt.Errorf("reading the flows: %w", err)
	}
	v.Flows = []pages.Option{{Label: "Any flow"}}
	for _, f := range flows {
		if mayFlow(loginOf(r), f.ID) {
			v.Flows = append(v.Flows, pages.Option{Value: f.ID, Label: shown(f.Name), Chosen: f.ID == h.Flow})
		}
	}
	v.ContactMethods = []pages.Option{{Label: "Anybody"}}
	if allowed(seePeople, loginOf(r)) {
		methods, err := p.cfg.Store.ContactMethods(r.Context())
		if err != nil {
			return fmt.Errorf("reading contact methods: %w", err)
		}
		for _, m := range methods {
			v.ContactMethods = append(v.ContactMethods, pages.Option{Value: m.ID, Label: shown(m.Name), Chosen: m.ID == h.ContactMethod})
		}
	}
	v.Views, err = p.viewsOf(r, "calls", v.Query)
	return err
}

// addRunning puts the calls that run on top.
func (p *Panel) addRunning(r *http.Request, v *pages.CallsView, may sight, now time.Time) {
	all, err := p.positions(r.Context())
	if err != nil {
		p.log.Warn("running calls cannot be read", "err", err)
		v.LiveFault = liveFault
		return
	}
	for _, at := range (moment{calls: all}).of(may.position) {
		v.Live = append(v.Live, runningRow(at, now))
	}
}

func runningRow(at call.Position, now time.Time) pages.CallRow {
	row := callRow(runningEntry(at), now)
	row.Since = at.Started
	if d := doing(at); d != "" {
		row.Detail = d
	}
	return row
}

// runningEntry is the ledger entry of a call as far as its position tells.
func runningEntry(at call.Position) call.LedgerEntry {
	e := call.LedgerEntry{Call: at.Call, Live: true, Direction: at.Direction, Caller: at.Caller, Called: at.Called, Node: at.Node, Started: at.Started, Flow: at.Flow}
	if at.Module != "" {
		e.Path = []call.PathEntry{{Module: at.Module, Name: at.Name, Kind: at.Kind, Entered: at.Since}}
	}
	return e
}
