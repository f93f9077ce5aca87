package ui

import (
	"slices"
	"testing"
)

func TestANameInADrawingHasUpToTwoLines(t *testing.T) {
	for name, want := range map[string][]string{
		"Menu":                   {"Menu"},
		"Main number":            {"Main", "number"},
		"Nobody there":           {"Nobody", "there"},
		"Welcome to us":          {"Welcome to", "us"},
		"After hours voice menu": {"After", "hours voi…"},
		"Donaudampfschifffahrt":  {"Donaudamp…"},
		"Überlänge äöü":          {"Überlänge", "äöü"},
	} {
		if got := inLines(name, 10); !slices.Equal(got, want) {
			t.Errorf("%q is written %q, want %q", name, got, want)
		}
	}
}
