package flow

import (
	"errors"
	"fmt"
	"regexp"
	resyntax "regexp/syntax"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
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
	return RenameWith(rules, name, func(string) (string, bool) { return "", false })
}

// RenameWith is Rename where results may hold fields of a text. A value goes in
// as it is: neither a field nor a \1 inside it means anything.
func RenameWith(rules []NameRule, name string, value func(field string) (string, bool)) (renamed string, matched int) {
	for i, r := range rules {
		if out, ok := r.apply(name, value); ok {
			return onOneLine(out), i
		}
	}
	return name, -1
}

func (r NameRule) apply(name string, value func(string) (string, bool)) (string, bool) {
	switch r.Match {
	case "set":
		return Expand(r.Result, value), true
	case "prefix":
		return Expand(r.Result, value) + name, true
	case "suffix":
		return name + Expand(r.Result, value), true
	case "regex":
		re, err := regexp.Compile(r.Pattern)
		if err != nil || !re.MatchString(name) {
			return "", false
		}
		template := Expand(dollars(r.Result), func(field string) (string, bool) {
			v, known := value(field)
			return strings.ReplaceAll(v, "$", "$$"), known
		})
		return re.ReplaceAllString(name, template), true
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

// onOneLine makes a name fit for a phone: valid text on one line, not too long.
func onOneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	if r := []rune(s); len(r) > maxName {
		s = string(r[:maxName])
	}
	return strings.TrimSpace(s)
}

// nameRules checks caller-name rules that stand in a field of some settings.
func nameRules(field string, rules []NameRule) []Problem {
	out := inRange(field, len(rules) <= MaxNameRules, fmt.Sprintf("at most %d rules", MaxNameRules))
	for i, r := range rules {
		at := fmt.Sprintf("%s.%d", field, i)
		out = append(out, inRange(at+".match", slices.Contains(NameMatches, r.Match), "set, prefix, suffix or regex")...)
		out = append(out, inRange(at+".result", utf8.RuneCountInString(r.Result) <= maxNameText, "at most 200 characters")...)
		out = append(out, r.pattern(at+".pattern")...)
		if r.Match == "prefix" || r.Match == "suffix" {
			out = append(out, required(at+".result", r.Result != "")...)
		}
	}
	return out
}

// pattern checks the expression of a regex rule. One of another rule is never
// read and may stay.
func (r NameRule) pattern(field string) []Problem {
	switch {
	case r.Match != "regex":
		return inRange(field, utf8.RuneCountInString(r.Pattern) <= maxNameText, "at most 200 characters")
	case r.Pattern == "":
		return required(field, false)
	case utf8.RuneCountInString(r.Pattern) > maxNameText:
		return inRange(field, false, "at most 200 characters")
	}
	re, err := regexp.Compile(r.Pattern)
	if err != nil {
		return []Problem{{ID: "regex", Level: Error, Field: field, Text: "this expression cannot be read: " + plainRegexError(err)}}
	}
	for i := re.NumSubexp() + 1; i <= 9; i++ {
		if strings.Contains(r.Result, fmt.Sprintf(`\%d`, i)) {
			return []Problem{{ID: "regex", Level: Error, Field: field, Text: fmt.Sprintf(`the result names \%d, the expression has %d groups in brackets`, i, re.NumSubexp())}}
		}
	}
	return nil
}

// plainRegexError is what is wrong, without the words of Go's parser around it.
func plainRegexError(err error) string {
	var syntax *resyntax.Error
	if errors.As(err, &syntax) {
		return fmt.Sprintf("%s: %s", syntax.Code, syntax.Expr)
	}
	return err.Error()
}
