package ui

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/ui/pages"
)

func callRow(e call.LedgerEntry, now time.Time) pages.CallRow {
	row := pages.CallRow{
		Link: callLink(e.Call), Started: e.Started, Caller: party(e.Caller), Called: shown(e.Called), Flow: flowLabel(e.Flow),
		Outcome: outcome(e), Detail: detail(e), Callback: e.Direction == callback, Test: e.Direction == test,
		Length: clock(until(e.Started, e.Ended, now)), Wait: "–", Talk: "–",
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
	if f.Draft > 0 {
		return shown(f.Name) + " · " + f.Edition()
	}
	return fmt.Sprintf("%s · v%d", shown(f.Name), f.Version)
}

// refLink leads to the version that a call walked; of a draft, to the flow as it
// is now.
func refLink(f call.FlowRef) string {
	if f.Draft > 0 {
		return flowPage(f.ID)
	}
	return flowLink(f.ID, f.Version)
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

// totalText counts a list; long ones are counted to a bound.
func totalText(n int) string {
	switch {
	case n == 1:
		return "1 call"
	case n >= directory.MaxTotal:
		return packets(directory.MaxTotal) + " calls or more"
	}
	return packets(uint64(n)) + " calls"
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

func causeOptions(chosen call.Cause) []pages.Option {
	var out []pages.Option
	for c := range call.Causes {
		out = append(out, pages.Option{Value: string(c), Label: sentenceless(c.Text()), Chosen: c == chosen})
	}
	slices.SortFunc(out, func(a, b pages.Option) int { return cmp.Compare(a.Label, b.Label) })
	return append([]pages.Option{{Label: "Any cause"}}, out...)
}

// callColumns head the file of calls.
var callColumns = []string{"id", "started", "direction", "caller", "caller name", "called", "flow", "version", "outcome", "cause",
	"answered by", "answered", "ended", "wait s", "length s", "talk s", "trunk", "node", "notes", "resolved by"}

// callsFile sends all calls that match as a file.
func (p *Panel) callsFile(w http.ResponseWriter, r *http.Request, f directory.CallFilter) error {
	f.After, f.Before, f.Limit = "", "", 0
	return csvFile(w, r, "calls", callColumns, func(yield func([]string) bool) {
		for some, err := range batches(p.cfg.Store.EachCall(r.Context(), f), csvBatch) {
			extra, more := p.extrasOf(r.Context(), some)
			if err = errors.Join(err, more); err != nil {
				p.log.Error("file of calls ends early", "err", err)
				panic(http.ErrAbortHandler) // a file cut off must not look whole
			}
			for _, e := range some {
				if !yield(callCells(e, extra)) {
					return
				}
			}
		}
	})
}

// csvBatch is how many calls of a file are looked up at once.
const csvBatch = 500

// batches puts so many of a sequence together.
func batches[T any](all iter.Seq2[T, error], size int) iter.Seq2[[]T, error] {
	return func(yield func([]T, error) bool) {
		var some []T
		for v, err := range all {
			if err != nil {
				yield(nil, err)
				return
			}
			if some = append(some, v); len(some) == size {
				if !yield(some, nil) {
					return
				}
				some = nil
			}
		}
		if len(some) > 0 {
			yield(some, nil)
		}
	}
}

// extras are what the history knows of calls beyond their entries.
type extras struct {
	waits map[call.ID]time.Duration
	marks map[call.ID]directory.CallMarks
}

func (p *Panel) extrasOf(ctx context.Context, calls []call.LedgerEntry) (out extras, err error) {
	ids := make([]call.ID, len(calls))
	for i, e := range calls {
		ids[i] = e.Call
	}
	if out.waits, err = p.cfg.Store.Waits(ctx, ids); err != nil {
		return out, err
	}
	out.marks, err = p.cfg.Store.CallMarks(ctx, ids)
	return out, err
}

func callCells(e call.LedgerEntry, x extras) []string {
	seconds := func(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 3, 64) }
	version, wait := "", ""
	if d, ok := x.waits[e.Call]; ok {
		wait = seconds(d)
	}
	switch {
	case e.Flow.Draft > 0:
		version = e.Flow.Edition()
	case e.Flow.ID != "":
		version = strconv.Itoa(e.Flow.Version)
	}
	return []string{string(e.Call), instant(e.Started), e.Direction, e.Caller.Number, e.Caller.Name, e.Called, e.Flow.Name, version, e.Outcome, string(e.Cause),
		e.AnsweredBy, instant(e.Answered), instant(e.Ended), wait, seconds(max(0, until(e.Started, e.Ended, e.Started))),
		seconds(time.Duration(e.TalkMS) * time.Millisecond), e.Trunk, e.Node, strconv.Itoa(x.marks[e.Call].Notes), x.marks[e.Call].ResolvedBy}
}

// instant is a time as a spreadsheet and a script read it; empty for none.
func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}
