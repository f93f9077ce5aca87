package ui

import (
	"strings"
	"testing"

	"tandem/flow"
)

func TestModulesAreListedAsACallerMeetsThem(t *testing.T) {
	f, err := flow.Parse([]byte(sampleFlow))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range inCallOrder(&f) {
		got = append(got, m.ID)
	}
	if want := "in short menu ring note bye"; strings.Join(got, " ") != want {
		t.Errorf("order is %v, want %s", got, want)
	}
}
