// Package dialplan reads what people dial: E.164 numbers, internal numbers and
// feature codes.
//
// It looks nothing up: whether a number is ours is for others to say.
package dialplan

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Limits of a number: E.164 allows 15 digits; fewer than 7 is no number that a
// carrier would hand us (product sheet 4.5).
const (
	minDigits = 7
	maxDigits = 15
)

// Errors of this package. Each is wrapped with what was read.
var (
	ErrNumber         = errors.New("not an E.164 number: give 7 to 15 digits, with or without a plus")
	ErrInternalNumber = errors.New("not an internal number: give 1 to 4 digits")
	ErrFeatureCode    = errors.New("not a feature code: give * or # and 1 to 4 digits")
	ErrDialled        = errors.New("cannot be dialled")
)

// Number is an E.164 number with its plus sign. Only ParseNumber makes one.
type Number struct{ e164 string }

// ParseNumber reads "+4687654321", "4687654321" or "004687654321", with
// spaces, dots, dashes, slashes and brackets allowed between digits.
func ParseNumber(text string) (Number, error) {
	plain := strings.NewReplacer(" ", "", "-", "", ".", "", "/", "", "(", "", ")", "").Replace(text)
	digits, plus := strings.CutPrefix(plain, "+")
	if !plus {
		digits = strings.TrimPrefix(digits, "00")
	}
	if len(digits) < minDigits || len(digits) > maxDigits || digits[0] == '0' || !onlyDigits(digits) {
		return Number{}, fmt.Errorf("%q: %w", text, ErrNumber)
	}
	return Number{"+" + digits}, nil
}

// String is the number with its plus sign, or empty for the zero Number.
func (n Number) String() string { return n.e164 }

// IsZero tells whether n was never parsed.
func (n Number) IsZero() bool { return n.e164 == "" }

// MarshalText writes the number with its plus sign.
func (n Number) MarshalText() ([]byte, error) { return []byte(n.e164), nil }

// UnmarshalText reads a number as ParseNumber does.
func (n *Number) UnmarshalText(text []byte) error {
	parsed, err := ParseNumber(string(text))
	if err == nil {
		*n = parsed
	}
	return err
}

// InternalNumber is 1–4 digits; leading zeros count. Only ParseInternalNumber
// makes one.
type InternalNumber struct{ digits string }

// ParseInternalNumber reads 1–4 digits.
func ParseInternalNumber(text string) (InternalNumber, error) {
	if len(text) < 1 || len(text) > 4 || !onlyDigits(text) {
		return InternalNumber{}, fmt.Errorf("%q: %w", text, ErrInternalNumber)
	}
	return InternalNumber{text}, nil
}

// String is the digits.
func (n InternalNumber) String() string { return n.digits }

// MarshalJSON writes the digits as a string.
func (n InternalNumber) MarshalJSON() ([]byte, error) { return json.Marshal(n.digits) }

// UnmarshalJSON reads what MarshalJSON wrote.
func (n *InternalNumber) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil || text == "" {
		return err
	}
	parsed, err := ParseInternalNumber(text)
	if err == nil {
		*n = parsed
	}
	return err
}

// FeatureCode is a star or hash and 1–4 digits. Only ParseFeatureCode makes one.
type FeatureCode struct{ code string }

// ParseFeatureCode reads "*11" or "#9".
func ParseFeatureCode(text string) (FeatureCode, error) {
	if len(text) < 2 || len(text) > 5 || text[0] != '*' && text[0] != '#' || !onlyDigits(text[1:]) {
		return FeatureCode{}, fmt.Errorf("%q: %w", text, ErrFeatureCode)
	}
	return FeatureCode{text}, nil
}

// String is the code.
func (c FeatureCode) String() string { return c.code }

// Dialled is what somebody dialled, read once: exactly one field is set.
type Dialled struct {
	Number   Number
	Internal InternalNumber
	Feature  FeatureCode
}

// ParseDialled reads the user part of a request URI in the order of product
// sheet 4.5: feature code, internal number, number. An error wraps ErrDialled
// and means 484 Address Incomplete.
func ParseDialled(text string) (Dialled, error) {
	if c, err := ParseFeatureCode(text); err == nil {
		return Dialled{Feature: c}, nil
	}
	if n, err := ParseInternalNumber(text); err == nil {
		return Dialled{Internal: n}, nil
	}
	if n, err := ParseNumber(text); err == nil {
		return Dialled{Number: n}, nil
	}
	return Dialled{}, fmt.Errorf("%q: %w", text, ErrDialled)
}

// String is what was dialled, normalised.
func (d Dialled) String() string { return d.Number.e164 + d.Internal.digits + d.Feature.code }

func onlyDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
