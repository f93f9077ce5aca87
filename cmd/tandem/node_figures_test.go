package main

import (
	"testing"

	"tandem/sipmedia"
)

// The system page and the tests that look for leftovers read these names.
func TestANodeWithoutCallsCountsNothing(t *testing.T) {
	for name, n := range nodeFigures(sipmedia.Stats{}) {
		if n != 0 {
			t.Errorf("%s is %d", name, n)
		}
	}
	if got := nodeFigures(sipmedia.Stats{Calls: 2, Legs: 4}); got["calls"] != 2 || got["legs"] != 4 {
		t.Errorf("got %v", got)
	}
}
