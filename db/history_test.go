package db_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"tandem/db"
	"tandem/db/dbtest"
	"tandem/flow/call"
	"tandem/flow/directory"
)

// pages reads a list of calls forwards, then backwards, and fails where both
// differ.
func pages(t testing.TB, s *db.Store, f directory.CallFilter) []call.LedgerEntry {
	t.Helper()
	var there, back [][]call.ID
	var out []call.LedgerEntry
	ids := func(p directory.CallPage) (ids []call.ID) {
		for _, c := range p.Calls {
			ids = append(ids, c.Call)
		}
		return ids
	}
	page, err := s.Calls(t.Context(), f)
	if err != nil || page.Prev != "" {
		t.Fatal(page.Prev, err)
	}
	for {
		there, out = append(there, ids(page)), append(out, page.Calls...)
		if page.Next == "" {
			break
		}
		f.After = page.Next
		if page, err = s.Calls(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	for {
		back = append(back, ids(page))
		if page.Prev == "" {
			break
		}
		f.After, f.Before = "", page.Prev
		if page, err = s.Calls(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	slices.Reverse(back)
	if !slices.EqualFunc(there, back, slices.Equal) {
		t.Errorf("sorted by %q: forwards %v, backwards %v", f.Sort, there, back)
	}
	return out
}

func TestCallsSortAndPageBothWays(t *testing.T) {
	s := dbtest.Store(t)
	dbtest.Fill(t, s, 60, 3)
	for _, c := range []struct {
		by    directory.CallSort
		value func(call.LedgerEntry) string
	}{
		{"", func(e call.LedgerEntry) string { return e.Started.Format(time.RFC3339Nano) }},
		{directory.ByTalk, func(e call.LedgerEntry) string { return time.UnixMilli(e.TalkMS).UTC().Format(time.RFC3339Nano) }},
		{directory.ByCaller, func(e call.LedgerEntry) string { return e.Caller.Number }},
		{directory.ByCalled, func(e call.LedgerEntry) string { return e.Called }},
		{directory.ByOutcome, func(e call.LedgerEntry) string { return e.Outcome }},
	} {
		for _, ascending := range []bool{false, true} {
			all := pages(t, s, directory.CallFilter{Sort: c.by, Ascending: ascending, Limit: 20})
			if len(all) != 60 {
				t.Errorf("sorted by %q: %d calls", c.by, len(all))
			}
			for i := 1; i < len(all); i++ {
				if a, b := c.value(all[i-1]), c.value(all[i]); ascending && a > b || !ascending && a < b {
					t.Fatalf("sorted by %q: %s before %s", c.by, a, b)
				}
			}
		}
	}
	if _, err := s.Calls(t.Context(), directory.CallFilter{Sort: "id; drop table calls"}); !errors.Is(err, directory.ErrInvalid) {
		t.Errorf("got %v, want ErrInvalid", err)
	}
}

func TestCallsAreFoundByWhatTookPart(t *testing.T) {
	s := dbtest.Store(t)
	dbtest.Fill(t, s, 60, 3)
	for _, c := range []struct {
		says   string
		filter directory.CallFilter
		want   int
	}{
		{"number", directory.CallFilter{Number: "+4687000001"}, 20},
		{"contact method", directory.CallFilter{ContactMethod: "desk-2"}, 20},
		{"cause", directory.CallFilter{Cause: call.CauseNoMedia}, 6},
		{"scope", directory.CallFilter{Scope: []string{"office-0", "office-1"}}, 40},
		{"scope and flow outside it", directory.CallFilter{Scope: []string{"office-0"}, Flow: "office-1"}, 0},
		{"user without phones", directory.CallFilter{User: "nobody"}, 0},
	} {
		page, err := s.Calls(t.Context(), c.filter)
		if err != nil || page.Total != c.want || len(page.Calls) != min(c.want, 50) {
			t.Errorf("%s: got %d of %d, %v; want %d", c.says, len(page.Calls), page.Total, err, c.want)
		}
	}
	n := 0
	for _, err := range s.EachCall(t.Context(), directory.CallFilter{Number: "+4687000001", Limit: 15}) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != 15 {
		t.Errorf("an export of 15 yields %d", n)
	}
}

func TestAnExportYieldsEveryCallOnce(t *testing.T) {
	s := dbtest.Store(t)
	dbtest.Fill(t, s, 2500, 1) // more than two steps
	seen := map[call.ID]bool{}
	for c, err := range s.EachCall(t.Context(), directory.CallFilter{}) {
		if err != nil {
			t.Fatal(err)
		}
		seen[c.Call] = true
	}
	if len(seen) != 2500 {
		t.Errorf("got %d calls, want 2500", len(seen))
	}
}

func TestTheDashboardCountsWhatHappened(t *testing.T) {
	s := dbtest.Store(t)
	dbtest.Fill(t, s, 300, 3)                      // ten a day
	zone, err := time.LoadLocation("Asia/Kolkata") // its hours begin at half past
	if err != nil {
		t.Fatal(err)
	}
	since := time.Now().Add(-5*24*time.Hour - time.Hour)
	got, err := s.Dashboard(t.Context(), since, zone, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got.Offered != 51 || got.Answered != 31 || got.Missed != 10 || got.Refused != 5 || got.Failed != 5 || got.AverageTalk <= 0 || got.LongestTalk < got.AverageTalk {
		t.Errorf("got %+v", got)
	}
	sum := 0
	for _, h := range got.Hours {
		sum += h.Offered
		if h.At.Minute() != 0 {
			t.Fatalf("an hour begins at %v", h.At)
		}
	}
	if sum != got.Offered || len(got.Hours) < 121 || len(got.Numbers) != 3 || got.Numbers[0].Label == "" || len(got.Failing) != 5 || got.Failing[0].Outcome != "failed" {
		t.Errorf("%d calls in %d hours, numbers %+v, failing %d", sum, len(got.Hours), got.Numbers, len(got.Failing))
	}
	scoped, err := s.Dashboard(t.Context(), since, zone, []string{"office-1"})
	if err != nil || scoped.Offered != 17 || len(scoped.Numbers) != 1 {
		t.Errorf("in scope: got %+v, %v", scoped, err)
	}
	use, err := s.NumbersUse(t.Context(), since)
	if err != nil || use["+4687000001"].Offered != 17 {
		t.Errorf("got %+v, %v", use, err)
	}
}

func TestACallbackIsNoCallMore(t *testing.T) {
	s := dbtest.Store(t)
	since := time.Now().Add(-24 * time.Hour)
	for i, direction := range []string{"inbound", "callback", "callback"} {
		e := talk(call.ID(fmt.Sprintf("20261122-12000%d-aaaaaaa", i)))
		e.Direction, e.Started, e.Answered = direction, time.Now().Add(-time.Hour), time.Now().Add(-time.Hour+time.Second)
		if i == 2 {
			e.Outcome, e.Answered, e.TalkMS = "missed", time.Time{}, 0
		}
		if err := s.SaveLedger(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.Dashboard(t.Context(), since, time.UTC, nil)
	if err != nil || got.Offered != 1 || got.Answered != 1 || got.Missed != 0 || got.AverageTalk <= 0 {
		t.Errorf("got %+v, %v", got, err)
	}
	for _, h := range got.Hours {
		if h.Offered > 1 {
			t.Errorf("an hour has %d calls", h.Offered)
		}
	}
}

func TestTheAuditLogIsSearchedPageByPage(t *testing.T) {
	s := dbtest.Store(t)
	for _, e := range []directory.AuditEntry{
		{Login: "ada@example.org", Action: "publish", Subject: "flow main"},
		{Login: "bob@example.org", Action: "remove", Subject: "number +4687000001", Before: `{"label": "x"}`},
		{Login: "ada@example.org", Action: "remove", Subject: "flow old"},
	} {
		if err := s.Audit(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		filter directory.AuditFilter
		want   int
	}{
		{directory.AuditFilter{}, 3}, {directory.AuditFilter{Login: "ada@example.org"}, 2}, {directory.AuditFilter{Action: "remove"}, 2},
		{directory.AuditFilter{Text: "FLOW"}, 2}, {directory.AuditFilter{To: time.Now().Add(-time.Hour)}, 0},
	} {
		if page, err := s.AuditLog(t.Context(), c.filter); err != nil || page.Total != c.want || len(page.Entries) != c.want {
			t.Errorf("%+v: got %d of %d, %v", c.filter, len(page.Entries), page.Total, err)
		}
	}
	first, err := s.AuditLog(t.Context(), directory.AuditFilter{Limit: 2})
	if err != nil || first.Next == 0 {
		t.Fatal(first, err)
	}
	if second, err := s.AuditLog(t.Context(), directory.AuditFilter{Limit: 2, After: first.Next}); err != nil || len(second.Entries) != 1 || second.Next != 0 || second.Entries[0].Action != "publish" {
		t.Errorf("got %+v, %v", second, err)
	}
}
