package db

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"tandem/flow/call"
	"tandem/flow/directory"
)

// Sizes of a page of a list.
const (
	defaultPage = 50
	longestPage = 200
)

func pageSize(limit int) int { return min(orDefault(max(limit, 0), defaultPage), longestPage) }

// callMatches chooses calls; its arguments are those of matchArgs. A contact
// method took part with a leg, or was tried and had none. Missed is also who
// heard a menu or a queue and then nobody, unless a callback was promised.
const callMatches = `
	from calls c
	where ($1 = '' or strpos(lower(concat_ws(' ', caller_number, caller_name, called, flow_name, answered_by)), lower($1)) > 0)
	  and ($2 = '' or flow_id = $2)
	  and ($3 = '' or outcome = $3)
	  and ($4 = '' or direction = $4)
	  and ($5::timestamptz is null or started >= $5)
	  and ($6::timestamptz is null or started < $6)
	  and ($7 = '' or called = $7)
	  and ($8 = '' or cause = $8)
	  and ($9 = '' or id in (select call from legs where contact_method = $9
	                         union all select call from attempts where contact_method = $9))
	  and ($10::text[] is null or flow_id = any($10))
	  and ($11 = '' or id in (select l.call from legs l join contact_methods m on m.id = l.contact_method where m.owner = $11))
	  and ($12 = ''
	       or $12 = 'open' and id not in (select call from resolved_calls) and direction in ('inbound', 'internal') and (outcome = 'missed'
	          or outcome = 'answered' and (id in (select call from attempts) or id in (select call from path_entries where kind = 'queue'))
	             and id not in (select call from path_entries where kind = 'callback' and exit = 'accepted'))
	       or $12 = 'resolved' and id in (select call from resolved_calls)
	       or $12 = 'noted' and id in (select call from call_notes))
	  and not ($13 and tested)`

func matchArgs(f directory.CallFilter) []any {
	var scope []string
	if len(f.Scope) > 0 {
		scope = f.Scope
	}
	return []any{clean(f.Text), clean(f.Flow), clean(f.Outcome), clean(f.Direction), stamp(f.From), stamp(f.To),
		clean(f.Number), clean(string(f.Cause)), clean(f.ContactMethod), scope, clean(f.User), clean(string(f.Mark)), f.Earnest}
}

// callSorts are the columns a list of calls can be sorted by; none is ever
// null, so that a page can begin after any call.
var callSorts = map[directory.CallSort]string{
	"":                     "started",
	directory.ByStart:      "started",
	directory.ByTalk:       "talk_ms",
	directory.ByCaller:     "caller_number",
	directory.ByCalled:     "called",
	directory.ByFlow:       "flow_name",
	directory.ByAnsweredBy: "answered_by",
	directory.ByOutcome:    "outcome",
	directory.ByCause:      "cause",
}

// A page begins after a call, not at a count, so that calls coming in do not
// shift it, and the last page costs as little as the first. The blanks are the
// column, the side on which it lies of the call in $14, and the order.
const somePage = callColumns + callMatches + `
	  and ($14 = '' or (%[1]s, id) %[2]s (select %[1]s, id from calls where id = $14))
	order by %[1]s %[3]s, id %[3]s
	limit $15`

const countCalls = `select count(*) from (select` + callMatches + ` limit $14) counted`

// Calls lists calls, newest first unless the filter says otherwise.
func (s *Store) Calls(ctx context.Context, f directory.CallFilter) (directory.CallPage, error) {
	page, err := s.callPage(ctx, f, pageSize(f.Limit))
	if err == nil {
		page.Total, err = scalar[int](ctx, s.pool, countCalls, append(matchArgs(f), directory.MaxTotal)...)
	}
	if err != nil {
		return directory.CallPage{}, fmt.Errorf("calls: %w", err)
	}
	return page, nil
}

func (s *Store) callPage(ctx context.Context, f directory.CallFilter, limit int) (directory.CallPage, error) {
	column, ok := callSorts[f.Sort]
	if !ok {
		return directory.CallPage{}, fmt.Errorf("%w: sort by %q", directory.ErrInvalid, f.Sort)
	}
	back, cursor := f.Before != "", f.After
	if back {
		cursor = f.Before
	}
	side, order := "<", "desc"
	if f.Ascending != back { // the page ahead is read backwards, from the call behind it
		side, order = ">", "asc"
	}
	sql := fmt.Sprintf(somePage, column, side, order)
	rows, err := all[callRow](ctx, s.pool, sql, append(matchArgs(f), clean(string(cursor)), limit+1)...)
	if err != nil {
		return directory.CallPage{}, err
	}
	more := len(rows) > limit
	rows = rows[:min(len(rows), limit)]
	if back {
		slices.Reverse(rows)
	}
	page := directory.CallPage{Calls: make([]call.LedgerEntry, 0, len(rows))}
	for _, r := range rows {
		page.Calls = append(page.Calls, r.entry())
	}
	if len(rows) == 0 {
		return page, nil
	}
	if more || back {
		page.Next = rows[len(rows)-1].ID
	}
	if back && more || !back && cursor != "" {
		page.Prev = rows[0].ID
	}
	return page, nil
}

// exportStep is how many calls an export reads at once.
const exportStep = 1000

// EachCall yields all calls that match, page by page, so that a slow reader
// holds no connection and any number of calls takes little memory. Limit
// bounds them; 0 does not. An error ends it.
func (s *Store) EachCall(ctx context.Context, f directory.CallFilter) iter.Seq2[call.LedgerEntry, error] {
	return func(yield func(call.LedgerEntry, error) bool) {
		left := f.Limit
		f.Before = ""
		for {
			step := exportStep
			if f.Limit > 0 {
				step = min(step, left)
			}
			page, err := s.callPage(ctx, f, step)
			if err != nil {
				yield(call.LedgerEntry{}, fmt.Errorf("calls: %w", err))
				return
			}
			for _, c := range page.Calls {
				if !yield(c, nil) {
					return
				}
			}
			left -= len(page.Calls)
			if page.Next == "" || f.Limit > 0 && left <= 0 {
				return
			}
			f.After = page.Next
		}
	}
}
