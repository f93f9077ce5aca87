package flow

import "testing"

func TestOnlyBarsThatRingTogetherAreOverALimit(t *testing.T) {
	line := func(start, length int) RingDestination {
		return RingDestination{ContactMethod: "one line", Start: start, Length: length}
	}
	for _, c := range []struct {
		claim string
		bars  []RingDestination
		over  int
	}{
		{"one after the other", []RingDestination{line(0, 20), line(20, 20)}, 0},
		{"together", []RingDestination{line(0, 20), line(0, 20)}, 1},
		{"a second too early", []RingDestination{line(0, 21), line(20, 20)}, 1},
		{"each of three", []RingDestination{line(0, 60), line(0, 20), line(30, 20)}, 2},
		{"somebody else", []RingDestination{line(0, 20), {ContactMethod: "101"}, {ContactMethod: "101"}}, 0},
	} {
		over := 0
		for _, p := range (&RingGroup{Destinations: c.bars}).ask(office{}) {
			if p.ID == "ring-over-limit" && p.Level == Warning {
				over++
			}
		}
		if over != c.over {
			t.Errorf("%s: %d over the limit, want %d", c.claim, over, c.over)
		}
	}
}
