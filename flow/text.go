package flow

import (
	"strings"
	"unicode/utf8"
)

// TextField is what a text may name about a running call, as {name}.
type TextField struct {
	Name string `json:"name"`
	Text string `json:"text"` // what stands in its place
}

// TextFields are the fields of every text that a flow sends or sets, beside its
// own variables (product sheet 7).
var TextFields = []TextField{
	{"call_id", "the id of the call, as its page has it"},
	{"date", "the day on which the call began, such as 2026-11-22"},
	{"time", "when it began, such as 17:03:09"},
	{"zone", "the time zone of both"},
	{"direction", "inbound, internal, callback or test"},
	{"caller", "the caller's number, or “anonymous”"},
	{"caller_name", "the caller's name as it is shown by then"},
	{"called", "what was dialled"},
	{"flow", "the name of the flow"},
	{"module", "the name of the module"},
	{"queue", "the name of the queue the caller was in last"},
}

// isTextField tells whether a name is that of a field.
func isTextField(name string) bool {
	for _, f := range TextFields {
		if f.Name == name {
			return true
		}
	}
	return false
}

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

// CutBytes is the longest beginning of a text that is whole characters of at
// most so many bytes.
func CutBytes(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}
