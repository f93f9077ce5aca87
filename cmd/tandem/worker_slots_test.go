package main

import (
	"slices"
	"testing"

	"tandem/flow/call"
	"tandem/workflows/callclient"
)

func TestOnlyACallThatDoesNotRunIsLookedFor(t *testing.T) {
	got := missing([]call.ID{"a", "b", "c"}, []callclient.Running{{Call: "b"}, {Call: "d"}})
	if !slices.Equal(got, []call.ID{"a", "c"}) {
		t.Errorf("%q are looked for", got)
	}
}
