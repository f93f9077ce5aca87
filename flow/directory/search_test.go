package directory

import (
	"slices"
	"strings"
	"testing"
)

func TestANumberIsSearchedHoweverItIsSpelled(t *testing.T) {
	for text, want := range map[string]string{
		"+1 555 0100": "15550100", "001 (555) 0100": "0015550100 15550100 015550100", "08-765 43 21": "087654321 87654321", "+46 (0)8 765.43": "46876543",
		"555": "555", "7": "7", "00": "00", "0100": "0100", "0 8765": "08765 8765", "anna": "", "555a": "", "": "", "+": "", "*77": "",
	} {
		if got := strings.Join(ReadSearch(text).Digits, " "); got != want {
			t.Errorf("%q searches for %q, want %q", text, got, want)
		}
	}
}

func TestWordsAreSearchedWithoutCaseAndAccents(t *testing.T) {
	got := ReadSearch("  Öztürk-LINDQVIST  Ærø a b c d e f g ")
	if want := []string{"ozturk-lindqvist", "æro", "a", "b", "c", "d"}; !slices.Equal(got.Words, want) {
		t.Errorf("searches for %q, want %q", got.Words, want)
	}
	if n := len([]rune(ReadSearch(strings.Repeat("ö", 1000)).Text)); n != searchRunes {
		t.Errorf("%d characters are looked at", n)
	}
}
