package call

import (
	"slices"
	"strings"
	"testing"
)

func TestNumbersAreSpokenInPieces(t *testing.T) {
	for n, want := range map[int]string{
		1: "1", 13: "13", 20: "20", 21: "20 1", 90: "90", 99: "90 9", 100: "1 hundred", 110: "1 hundred 10",
		342: "3 hundred 40 2", 1000: "1 thousand", 12_007: "12 thousand 7",
	} {
		got := strings.NewReplacer("system-number-", "", "system-", "").Replace(strings.Join(Spoken(n), " "))
		if got != want {
			t.Errorf("%d is spoken %q, want %q", n, got, want)
		}
	}
}

func TestEveryPieceOfANumberHasAudio(t *testing.T) {
	whole := []string{AudioHundred, AudioThousand}
	for _, n := range SpokenNumbers {
		whole = append(whole, AudioNumber(n))
	}
	for n := range 1001 {
		for _, id := range Spoken(n) {
			if !slices.Contains(whole, id) {
				t.Fatalf("%d needs %s", n, id)
			}
		}
	}
}
