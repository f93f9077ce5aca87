package flow

import (
	"encoding/json"
	"strings"
)

// NumberList is numbers that a form writes one to a line, and a file as a list.
type NumberList []string

// String writes one to a line.
func (l NumberList) String() string { return strings.Join(l, "\n") }

// UnmarshalText reads lines; commas and semicolons part numbers as well. What
// people write between digits is dropped from what begins like a number.
func (l *NumberList) UnmarshalText(text []byte) error {
	*l = nil
	for n := range strings.FieldsFuncSeq(string(text), func(r rune) bool { return strings.ContainsRune("\n\r,;", r) }) {
		if n = TidyNumber(n); n != "" {
			*l = append(*l, n)
		}
	}
	return nil
}

// UnmarshalJSON reads a list, or text as UnmarshalText does.
func (l *NumberList) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) == nil {
		return l.UnmarshalText([]byte(text))
	}
	return json.Unmarshal(data, (*[]string)(l))
}

// TidyNumber drops the blanks and separators that people write between the
// digits of a number. What is no number stays as it is, without blanks around.
func TidyNumber(text string) string {
	text = strings.TrimSpace(text)
	plus := ""
	if strings.HasPrefix(text, "+") {
		plus = "+"
	}
	if digits := plainDigits(text); digits != "" && strings.Trim(strings.TrimSuffix(digits, "*"), "0123456789") == "" {
		return plus + digits
	}
	return text
}
