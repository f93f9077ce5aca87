package flow

import (
	"strings"
	"testing"
)

func TestFieldsOfATextAreFilledIn(t *testing.T) {
	values := map[string]string{"caller": "+4989", "empty": "", "odd": "{caller}"}
	value := func(f string) (string, bool) { v, ok := values[f]; return v, ok }
	for text, want := range map[string]string{
		"":                      "",
		"plain":                 "plain",
		"{caller}":              "+4989",
		"a {caller} b {caller}": "a +4989 b +4989",
		"{empty}|":              "|",
		"{odd}":                 "{caller}", // a value is never read again
		"{nobody} {Caller}":     "{nobody} {Caller}",
		"{":                     "{", "}": "}", "{}": "{}", "{{caller}}": "{+4989}",
		"{caller": "{caller", "{a{caller}": "{a+4989",
		`{"number": "{caller}"}`: `{"number": "+4989"}`,
	} {
		if got := Expand(text, value); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

// What is no field stays, and a field is all that changes.
func FuzzWhatIsNoFieldStays(f *testing.F) {
	for _, s := range []string{"", "{a}", "{{a}}", "{", "a}b{a", `{"x":{"y":"{a}"}}`, "{a{a}a}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got := Expand(s, func(string) (string, bool) { return "", false }); got != s {
			t.Fatalf("%q became %q without a field", s, got)
		}
		known := func(name string) (string, bool) { return "v", name == "a" }
		if got, want := Expand(s, known), strings.ReplaceAll(s, "{a}", "v"); got != want {
			t.Fatalf("%q became %q, want %q", s, got, want)
		}
	})
}

func TestATextIsCutBetweenCharacters(t *testing.T) {
	for _, tt := range []struct {
		text string
		most int
		want string
	}{{"abc", 3, "abc"}, {"abc", 2, "ab"}, {"aä", 2, "a"}, {"äö", 3, "ä"}, {"😀", 3, ""}, {"", 0, ""}} {
		if got := CutBytes(tt.text, tt.most); got != tt.want {
			t.Errorf("%q cut to %d bytes is %q, want %q", tt.text, tt.most, got, tt.want)
		}
	}
}
