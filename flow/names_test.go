package flow

import (
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestTheFirstRuleThatMatchesGivesTheName(t *testing.T) {
	fields := func(name string) (string, bool) {
		v, ok := map[string]string{"number": "+4989", "odd": `$1 \1 {number}`}[name]
		return v, ok
	}
	tests := []struct {
		says  string
		rules []NameRule
		name  string
		want  string
		by    int
	}{
		{"no rule", nil, "Bob", "Bob", -1},
		{"set", []NameRule{{Match: "set", Result: "Sales"}}, "Bob", "Sales", 0},
		{"prefix", []NameRule{{Match: "prefix", Result: "Sales: "}}, "Bob", "Sales: Bob", 0},
		{"suffix", []NameRule{{Match: "suffix", Result: " (VIP)"}}, "Bob", "Bob (VIP)", 0},
		{"a prefix to no name", []NameRule{{Match: "prefix", Result: "Sales "}}, "", "Sales", 0},
		{"regex with groups", []NameRule{{Match: "regex", Pattern: `^(\w+), (\w+)$`, Result: `\2 \1`}}, "Doe, Jane", "Jane Doe", 0},
		{"regex replaces only what it matches", []NameRule{{Match: "regex", Pattern: `\s+GmbH$`, Result: ""}}, "Acme GmbH", "Acme", 0},
		{"regex that does not match passes on", []NameRule{{Match: "regex", Pattern: `^x`, Result: "no"}, {Match: "suffix", Result: "!"}}, "Bob", "Bob!", 1},
		{"the first wins", []NameRule{{Match: "set", Result: "first"}, {Match: "set", Result: "second"}}, "Bob", "first", 0},
		{"none matches", []NameRule{{Match: "regex", Pattern: `^x`, Result: "no"}}, "Bob", "Bob", -1},
		{"a broken expression never matches", []NameRule{{Match: "regex", Pattern: `(`, Result: "no"}}, "Bob", "Bob", -1},
		{"a dollar is a dollar", []NameRule{{Match: "regex", Pattern: `Bob`, Result: `$1 \1`}}, "Bob", "$1", 0},
		{"a field", []NameRule{{Match: "prefix", Result: "{number} "}}, "Bob", "+4989 Bob", 0},
		{"what is no field stays", []NameRule{{Match: "prefix", Result: "{no} "}}, "Bob", "{no} Bob", 0},
		{"a value is never read again", []NameRule{{Match: "regex", Pattern: `(Bob)`, Result: `{odd}`}}, "Bob", `$1 \1 {number}`, 0},
		{"line ends become spaces", []NameRule{{Match: "set", Result: "a\r\nb"}}, "Bob", "a  b", 0},
		{"cut to 60 characters", []NameRule{{Match: "set", Result: strings.Repeat("ä", 61)}}, "Bob", strings.Repeat("ä", 60), 0},
	}
	for _, tt := range tests {
		t.Run(tt.says, func(t *testing.T) {
			got, by := RenameWith(tt.rules, tt.name, fields)
			if got != tt.want || by != tt.by {
				t.Errorf("%q by rule %d, want %q by %d", got, by, tt.want, tt.by)
			}
		})
	}
}

func TestABrokenCallerNameRuleIsNamedAtItsField(t *testing.T) {
	tests := []struct {
		rule     NameRule
		id, says string
	}{
		{NameRule{Match: "regex", Pattern: "(", Result: "x"}, "regex", "r.0.pattern"},
		{NameRule{Match: "regex", Pattern: "(a)", Result: `\2`}, "regex", "r.0.pattern"},
		{NameRule{Match: "regex", Pattern: `(?<=a)b`, Result: "x"}, "regex", "r.0.pattern"}, // not RE2
		{NameRule{Match: "regex"}, "setting-missing", "r.0.pattern"},
		{NameRule{Match: "prefix"}, "setting-missing", "r.0.result"},
		{NameRule{Match: "magic", Result: "x"}, "setting-range", "r.0.match"},
		{NameRule{Match: "set", Result: strings.Repeat("x", 201)}, "setting-range", "r.0.result"},
		{NameRule{Match: "regex", Pattern: strings.Repeat("x", 201)}, "setting-range", "r.0.pattern"},
	}
	for _, tt := range tests {
		got := nameRules("r", []NameRule{tt.rule})
		if len(got) != 1 || got[0].ID != tt.id || got[0].Field != tt.says || got[0].Level != Error {
			t.Errorf("%+v: %+v, want %s at %s", tt.rule, got, tt.id, tt.says)
		}
	}
	whole := []NameRule{{Match: "set"}, {Match: "prefix", Result: "a"}, {Match: "suffix", Result: "a"}, {Match: "regex", Pattern: "(a)(b)", Result: `\2\1`}}
	if got := nameRules("r", whole); len(got) > 0 {
		t.Errorf("whole rules: %+v", got)
	}
	if got := nameRules("r", make([]NameRule, MaxNameRules+1)); len(got) == 0 || got[0].Field != "r" {
		t.Errorf("too many rules: %+v", got)
	}
}

// Whatever a caller calls itself and an admin writes, a phone is shown one
// line of valid text that fits.
func FuzzANameStaysFitForAPhone(f *testing.F) {
	f.Add("regex", `(\w+) (\w+)`, `\2, \1`, "Jane Doe")
	f.Add("prefix", "", "{caller} $1", "\xff\r\n")
	f.Fuzz(func(t *testing.T, match, pattern, result, name string) {
		if _, err := regexp.Compile(pattern); len(pattern) > 200 || err != nil {
			return
		}
		got, by := RenameWith([]NameRule{{match, pattern, result}}, name, func(f string) (string, bool) { return "+49", f == "caller" })
		if by < 0 {
			if got != name {
				t.Fatalf("no rule matched, %q became %q", name, got)
			}
			return
		}
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > maxName || strings.ContainsFunc(got, unicode.IsControl) {
			t.Fatalf("%q is shown as %q", name, got)
		}
	})
}
