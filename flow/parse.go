package flow

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of one flow file. A flow of 300 modules is large; these stop a
// hostile import long before it costs anything.
const (
	MaxFlowBytes = 4 << 20
	MaxModules   = 2000
	MaxCables    = 10_000
	MaxTabs      = 20
	MaxFrames    = 500
	MaxNotes     = 500
	MaxTests     = 200
	MaxName      = 60   // characters
	MaxNote      = 2000 // characters
	maxID        = 64   // bytes; ids go into addresses of pages
	maxDepth     = 16   // of nested values
	maxItems     = MaxCables
	maxText      = 4 * MaxNote // bytes of any text
	maxDigits    = 32          // of a number
	maxCanvas    = 1_000_000
)

// ErrFormat is wrapped by every error of Parse.
var ErrFormat = errors.New("not a flow")

// Parse reads a flow from JSON. It refuses unknown fields and kinds, so that a
// misspelt setting is found when the file is read and not when a caller waits.
// What a flow may hold as text is kept as it is: to escape it is a page's job.
func Parse(data []byte) (Flow, error) {
	if len(data) > MaxFlowBytes {
		return Flow{}, fmt.Errorf("%w: %d bytes, at most %d are read", ErrFormat, len(data), MaxFlowBytes)
	}
	var f Flow
	if err := read(data, &f); err != nil {
		return Flow{}, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if err := f.fits(); err != nil {
		return Flow{}, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	return f, nil
}

// read decodes one JSON value that came from outside.
func read(data []byte, into any) error {
	if err := scan(data); err != nil {
		return err
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return plainJSONError(err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return errors.New("something follows its end")
	}
	return nil
}

// plainJSONError says what was found where something else belongs, without the
// names of Go's types.
func plainJSONError(err error) error {
	var found *json.UnmarshalTypeError
	switch {
	case !errors.As(err, &found):
		return err
	case found.Field == "":
		return fmt.Errorf("a %s stands in the place of an object", found.Value)
	}
	return fmt.Errorf("a %s does not fit the field %q", found.Value, cut(found.Field))
}

// scan looks a text over before anything is built from it: how deep it nests,
// how long its lists are, and what a decoder would let pass in silence.
func scan(data []byte) error {
	if !utf8.Valid(data) {
		return errors.New("the text is not UTF-8")
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var s scanner
	for {
		token, err := dec.Token()
		if err == io.EOF {
			return nil // what is cut short is for the decoder to name
		}
		if err == nil {
			err = s.take(token)
		}
		if err != nil {
			return err
		}
	}
}

// scanner is where in nested values a scan stands.
type scanner struct {
	stack []nesting
	key   string // read last
}

type nesting struct {
	keys  map[string]bool // nil in a list
	ids   bool            // the keys are ids, not names of fields
	value bool            // the next token of an object is a value
	items int
}

func (s *scanner) take(token json.Token) error {
	switch t := token.(type) {
	case json.Delim:
		return s.bracket(t)
	case string:
		if n := s.top(); n != nil && n.keys != nil && !n.value {
			return s.takeKey(n, t)
		}
		if err := plainText(t); err != nil {
			return err
		}
	case json.Number:
		if len(t) > maxDigits {
			return fmt.Errorf("%s is no number", cut(string(t)))
		}
	}
	return s.item()
}

func (s *scanner) bracket(d json.Delim) error {
	if d == '}' || d == ']' {
		s.stack = s.stack[:len(s.stack)-1]
		return nil
	}
	if err := s.item(); err != nil {
		return err
	}
	if len(s.stack) == maxDepth {
		return fmt.Errorf("values nest deeper than %d", maxDepth)
	}
	n := nesting{ids: slices.Contains([]string{"phones", "overrides", "replies", "queues", "away"}, s.key)}
	if d == '{' {
		n.keys = map[string]bool{}
	}
	s.stack = append(s.stack, n)
	return nil
}

func (s *scanner) top() *nesting {
	if len(s.stack) == 0 {
		return nil
	}
	return &s.stack[len(s.stack)-1]
}

// takeKey wants names of fields as they are written: encoding/json would take
// "Name" for "name", and of two equal ones the last.
func (s *scanner) takeKey(n *nesting, key string) error {
	switch {
	case n.keys[key]:
		return fmt.Errorf("field %q stands twice", cut(key))
	case !n.ids && (len(key) > maxID || strings.Trim(key, "abcdefghijklmnopqrstuvwxyz_") != ""):
		return fmt.Errorf("there is no field %q", cut(key))
	}
	n.keys[key], n.value, s.key = true, true, key
	return plainText(key)
}

// item counts a value of a list or ends a field.
func (s *scanner) item() error {
	n := s.top()
	if n == nil {
		return nil
	}
	n.value = false
	if n.items++; n.items > maxItems {
		return fmt.Errorf("a list is longer than %d", maxItems)
	}
	return nil
}

// plainText refuses characters that no keyboard types and no database keeps.
func plainText(s string) error {
	if len(s) > maxText {
		return fmt.Errorf("%q is longer than %d bytes", cut(s), maxText)
	}
	for _, r := range s {
		if unicode.IsControl(r) && !strings.ContainsRune("\n\r\t", r) {
			return fmt.Errorf("%q holds the control character %U", cut(s), r)
		}
	}
	return nil
}

// cut shortens what is quoted in an error.
func cut(s string) string {
	const most = 40
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s[:min(len(s), most*utf8.UTFMax)])[:most]) + "…"
}
