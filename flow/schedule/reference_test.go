package schedule_test

import (
	"testing"
	"time"

	"tandem/flow/schedule/scheduletest"
)

// The reference is made by another language with its own calendar. Go and it
// read the same database of time zones where both are installed from it; a
// difference in a single zone may mean that one of them is old.
func TestEveryEdgeIsWhereTheReferenceHasIt(t *testing.T) {
	all, err := scheduletest.Reference()
	if err != nil {
		t.Fatal(err)
	}
	zones := map[string]int{}
	for _, s := range all {
		h, err := scheduletest.Hours(s.Zone)
		if err != nil {
			t.Fatal(err)
		}
		zones[s.Zone]++
		middle := s.From.Add(s.To.Sub(s.From) / 2)
		for _, at := range []time.Time{s.From, middle, s.To.Add(-time.Nanosecond)} {
			if got := h.At(at); got.Open != (s.State == "open") {
				t.Errorf("%s at %s: open is %t (%s), the reference says %s", s.Zone, at.Format(time.RFC3339Nano), got.Open, got.Text, s.State)
			}
		}
	}
	if len(zones) != 40 {
		t.Errorf("the reference has %d zones, not 40", len(zones))
	}
	t.Logf("%d stretches", len(all))
}

// What a schedule says of its next change is the next edge of the reference.
func TestTheNextChangeIsTheNextEdge(t *testing.T) {
	all, err := scheduletest.Reference()
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range all {
		end, open := s.To, s.State == "open"
		last := s.Last
		for _, next := range all[i+1:] { // a holiday is closed as well
			if last || (next.State == "open") != open {
				break
			}
			end, last = next.To, next.Last
		}
		h, err := scheduletest.Hours(s.Zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := h.At(s.From).Until; last && got.Before(end) || !last && !got.Equal(end) {
			t.Errorf("%s at %s is %s until %s, the reference says %s", s.Zone, s.From, s.State, got.UTC(), end)
		}
	}
}
