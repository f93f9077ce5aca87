package flow

import (
	"fmt"
	"regexp"
	"strings"
)

// NameRule changes the caller's name as it is shown, never the number.
type NameRule struct {
	Match   string `json:"match"`             // one of NameMatches
	Pattern string `json:"pattern,omitempty"` // regex only: an RE2 expression that the name must match
	Result  string `json:"result"`            // regex: may hold \1 to \9
}

// NameMatches lists what a rule can do: set gives the name, prefix and suffix
// add to it, regex replaces what its pattern matches.
var NameMatches = []string{"set", "prefix", "suffix", "regex"}

// Limits of caller-name rules.
const (
	MaxNameRules = 50  // more cannot be overlooked by a person
	maxNameText  = 200 // of a pattern or result
	maxName      = 60  // as a SIP phone shows it
)

// Rename applies the first rule that matches (product sheet 3.0). matched is
// its place, or -1.
func Rename(rules []NameRule, name string) (renamed string, matched int) {
	for i, r := range rules {
		if out, ok := r.apply(name); ok {
			return cut60(out), i
		}
	}
	return name, -1
}

func (r NameRule) apply(name string) (string, bool) {
	switch r.Match {
	case "set":
		return r.Result, true
	case "prefix":
		return r.Result + name, true
	case "suffix":
		return name + r.Result, true
	case "regex":
		re, err := regexp.Compile(r.Pattern)
		if err != nil || !re.MatchString(name) {
			return "", false
		}
		return re.ReplaceAllString(name, dollars(r.Result)), true
	}
	return "", false
}

// dollars writes \1 the way that package regexp reads it.
func dollars(result string) string {
	result = strings.ReplaceAll(result, "$", "$$")
	for i := 1; i <= 9; i++ {
		result = strings.ReplaceAll(result, fmt.Sprintf(`\%d`, i), fmt.Sprintf("${%d}", i))
	}
	return result
}

func cut60(s string) string {
	if r := []rune(s); len(r) > maxName {
		return string(r[:maxName])
	}
	return s
}
