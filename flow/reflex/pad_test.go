package reflex

import (
	"slices"
	"testing"
)

func TestAStarAndADigitAreAWish(t *testing.T) {
	for keys, want := range map[string][]Wish{
		"*1":        {MuteSelf},
		"*2*3*9":    {Lock, MuteAll, EndForAll},
		"**1":       {MuteSelf},
		"1":         nil,
		"*4":        nil,
		"*41":       nil,
		"*#1":       nil,
		"7*1*1":     {MuteSelf, MuteSelf},
		"12345*6#9": nil,
	} {
		var pad Pad
		var got []Wish
		for i := range len(keys) {
			if w := pad.Key(keys[i]); w != "" {
				got = append(got, w)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", keys, got, want)
		}
	}
}
