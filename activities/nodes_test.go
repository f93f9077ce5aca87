package activities

import (
	"context"
	"errors"
	"testing"

	"tandem/flow/directory"
)

// house is the processes of an installation.
type house struct {
	Lookup
	all []directory.Process
	err error
}

func (h house) Roles(context.Context) ([]directory.Process, error) { return h.all, h.err }

func TestACallOfOurOwnBeginsOnANodeThatIsThere(t *testing.T) {
	node := func(id string, ready bool) directory.Process {
		return directory.Process{Role: "node", ID: id, Ready: ready}
	}
	worker := directory.Process{Role: "worker", ID: "n1", Ready: true}
	for _, c := range []struct {
		claim string
		all   []directory.Process
		in    NodeInput
		want  string
	}{
		{"the one that is wanted", []directory.Process{node("n0", true), node("n1", true), node("n2", true)}, NodeInput{Wanted: "n1"}, "n1"},
		{"another where that is away", []directory.Process{node("n1", false), node("n2", true)}, NodeInput{Wanted: "n1"}, "n2"},
		{"another where that has not taken a call", []directory.Process{node("n1", true), node("n2", true)}, NodeInput{Wanted: "n1", Shy: "n1"}, "n2"},
		{"the same again where there is no other", []directory.Process{node("n1", true), node("n2", false)}, NodeInput{Wanted: "n1", Shy: "n1"}, "n1"},
		{"none where none is there", []directory.Process{node("n1", false), worker}, NodeInput{Wanted: "n1"}, ""},
	} {
		got, err := (&Directory{Lookup: house{all: c.all}}).Node(t.Context(), c.in)
		if err != nil || got != c.want {
			t.Errorf("%s: got %q, %v, want %q", c.claim, got, err, c.want)
		}
	}
}

func TestWhereTheHouseCannotBeAskedNoNodeIsMadeUp(t *testing.T) {
	away := errors.New("the database is away")
	if got, err := (&Directory{Lookup: house{err: away}}).Node(t.Context(), NodeInput{Wanted: "n1"}); got != "" || !errors.Is(err, away) {
		t.Errorf("got %q, %v", got, err)
	}
}
