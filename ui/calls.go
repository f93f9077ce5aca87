package ui

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"tandem/flow/call"
	"tandem/ui/pages"
)

const (
	pageSize  = 50
	maxLive   = 100
	maxQuery  = 100 // bytes of a search
	liveFault = "Running calls cannot be shown: Temporal does not answer. They go on; this list comes back by itself."
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

var directions = []struct{ value, label string }{{"", "Any direction"}, {"inbound", "Inbound"}, {"internal", "Internal"}}

// historyQuery is what the address of the history asks for.
type historyQuery struct {
	text, period, outcome, direction string
	after                            call.ID
}

// parseHistory reads an address. What it does not know it leaves out: an old
// bookmark shows more, never an error.
func parseHistory(q url.Values) historyQuery {
	h := historyQuery{text: strings.TrimSpace(cut(q.Get("q"), maxQuery)), after: call.ID(cut(q.Get("after"), maxID))}
	for _, p := range periods {
		if p.value == q.Get("period") {
			h.period = p.value
		}
	}
	if _, ok := outcomes[q.Get("outcome")]; ok {
		h.outcome = q.Get("outcome")
	}
	for _, d := range directions {
		if d.value == q.Get("direction") {
			h.direction = d.value
		}
	}
	return h
}

func (h historyQuery) narrows() bool {
	return h.text != "" || h.period != "" || h.outcome != "" || h.direction != ""
}

// link is the address of a page of the same search.
func (h historyQuery) link(after call.ID) string {
	q := url.Values{}
	for _, kv := range [][2]string{{"q", h.text}, {"period", h.period}, {"outcome", h.outcome},
		{"direction", h.direction}, {"after", string(after)}} {
		if kv[1] != "" {
			q.Set(kv[0], kv[1])
		}
	}
	if len(q) == 0 {
		return "/calls"
	}
	return "/calls?" + q.Encode()
}

func (h historyQuery) filter(now time.Time) CallFilter {
	f := CallFilter{Text: h.text, Outcome: h.outcome, Direction: h.direction, After: h.after, Limit: pageSize}
	for _, p := range periods {
		if p.value == h.period && p.length > 0 {
			f.From = now.Add(-p.length)
		}
	}
	return f
}

func (p *Panel) calls(w http.ResponseWriter, r *http.Request) error {
	h := parseHistory(r.URL.Query())
	now := p.cfg.Now()
	past, err := p.cfg.Store.Calls(r.Context(), h.filter(now))
	if err != nil {
		return fmt.Errorf("reading the call history: %w", err)
	}
	v := pages.CallsView{Frame: p.frame(r, "Calls", "calls"), Text: h.text, Filtered: h.narrows() || h.after != "",
		DialHint: p.cfg.DialHint, Periods: periodOptions(h.period), Outcomes: outcomeOptions(h.outcome), Directions: directionOptions(h.direction)}
	if h.after == "" { // older pages stand still while they are read
		v.Poll = h.link("")
		if !h.narrows() {
			v.Live, v.LiveFault = p.runningRows(r.Context(), now)
		}
	} else {
		v.Newest = h.link("")
	}
	shownLive := map[string]bool{}
	for _, row := range v.Live {
		shownLive[row.Link] = true
	}
	for _, e := range past.Calls {
		if row := callRow(e, now); !shownLive[row.Link] {
			v.Calls = append(v.Calls, row)
		}
	}
	if past.Next != "" {
		v.Older = h.link(past.Next)
	}
	return p.render(w, r, http.StatusOK, pages.Calls(v))
}

// liveWait bounds the question for running calls: the history must not wait
// for a Temporal that is away.
const liveWait = 1500 * time.Millisecond

// running lists the calls that run now, newest first.
func (p *Panel) running(ctx context.Context) ([]call.LedgerEntry, error) {
	if p.cfg.Live == nil {
		return nil, nil
	}
	ctx, end := context.WithTimeout(ctx, liveWait)
	defer end()
	live, err := p.cfg.Live.Running(ctx, maxLive)
	if err != nil {
		p.log.Warn("running calls cannot be read", "err", err)
		return nil, err
	}
	slices.SortFunc(live, func(a, b call.LedgerEntry) int { return strings.Compare(string(b.Call), string(a.Call)) })
	for i := range live {
		live[i].Live = true
	}
	return live, nil
}

func (p *Panel) runningRows(ctx context.Context, now time.Time) (rows []pages.CallRow, problem string) {
	live, err := p.running(ctx)
	if err != nil {
		return nil, liveFault
	}
	for _, e := range live {
		rows = append(rows, callRow(e, now))
	}
	return rows, ""
}

func callRow(e call.LedgerEntry, now time.Time) pages.CallRow {
	row := pages.CallRow{
		Link: callLink(e.Call), Started: e.Started, Caller: party(e.Caller), Called: shown(e.Called), Flow: flowLabel(e.Flow),
		Outcome: outcome(e), Detail: detail(e), Internal: e.Direction == "internal",
		Length: clock(until(e.Started, e.Ended, now)), Talk: "–",
	}
	if e.TalkMS > 0 {
		row.Talk = clock(time.Duration(e.TalkMS) * time.Millisecond)
	}
	return row
}

func callLink(id call.ID) string { return "/calls/" + url.PathEscape(string(id)) }

func flowLabel(f call.FlowRef) string {
	if f.ID == "" {
		return ""
	}
	return fmt.Sprintf("%s · v%d", shown(f.Name), f.Version)
}

// detail is the half sentence beside the outcome.
func detail(e call.LedgerEntry) string {
	switch by := answeredBy(e); {
	case e.Live && len(e.Path) > 0:
		return "in " + shown(e.Path[len(e.Path)-1].Name)
	case e.Live:
		return by
	case by != "":
		return "by " + by
	default:
		return e.Cause.Text()
	}
}

// answeredBy is the name of who answered, where the entry tells it.
func answeredBy(e call.LedgerEntry) string {
	for _, a := range e.Attempts {
		if a.ContactMethod == e.AnsweredBy && a.Name != "" {
			return shown(a.Name)
		}
	}
	for _, step := range e.Path {
		if step.Module == e.AnsweredBy {
			return shown(step.Name)
		}
	}
	return shown(e.AnsweredBy)
}

func periodOptions(chosen string) (out []pages.Option) {
	for _, p := range periods {
		out = append(out, pages.Option{Value: p.value, Label: p.label, Chosen: p.value == chosen})
	}
	return out
}

func outcomeOptions(chosen string) []pages.Option {
	out := []pages.Option{{Label: "Any outcome"}}
	for _, o := range outcomeOrder {
		out = append(out, pages.Option{Value: o, Label: outcomes[o].Text, Chosen: o == chosen})
	}
	return out
}

func directionOptions(chosen string) (out []pages.Option) {
	for _, d := range directions {
		out = append(out, pages.Option{Value: d.value, Label: d.label, Chosen: d.value == chosen})
	}
	return out
}
