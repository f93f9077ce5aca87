package flow

import "strings"

// Expand fills in the fields of a text: {caller} becomes what value says. A
// field that value does not know stays as it is written.
func Expand(text string, value func(field string) (string, bool)) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "{")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		field, after, closed := strings.Cut(rest, "}")
		v, known := "", false
		if closed {
			v, known = value(field)
		}
		if !known {
			b.WriteByte('{')
			text = rest
			continue
		}
		b.WriteString(v)
		text = after
	}
}
