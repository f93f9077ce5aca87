package flow

import (
	"fmt"
	"regexp"
)

// SetVariable gives a name to a text, for the texts, caller-name rules and
// requests that follow. It does not answer.
type SetVariable struct {
	Variable string `json:"variable"` // small letters, digits and _, 1–40
	Value    string `json:"value"`    // may hold fields and variables
}

// Limits of variables (product sheet 3.15).
const (
	MaxVariables     = 50   // of one call
	MaxVariableBytes = 1024 // of one value; longer ones are cut
)

var variableName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// Exits: next.
func (*SetVariable) Exits() []ExitSpec { return []ExitSpec{{ID: "next", Label: "next", Main: true}} }

// Validate checks the name and the length of the value.
func (s *SetVariable) Validate() []Problem {
	return append(VariableName("variable", s.Variable),
		inRange("value", len(s.Value) <= MaxVariableBytes, fmt.Sprintf("at most %d bytes", MaxVariableBytes))...)
}

// VariableName checks the name that some settings give to a variable.
func VariableName(field, name string) []Problem {
	if name == "" {
		return required(field, false)
	}
	if isTextField(name) {
		return []Problem{{ID: "setting-range", Level: Error, Field: field, Text: fmt.Sprintf("{%s} is a field of every call: choose another name", name)}}
	}
	return inRange(field, variableName.MatchString(name), "small letters, digits and _, beginning with a letter, at most 40")
}

// Refs: none.
func (*SetVariable) Refs() []Ref { return nil }
