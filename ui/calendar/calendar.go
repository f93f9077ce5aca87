// Package calendar reads holidays from an iCalendar file (RFC 5545), as the
// exceptions of a schedule.
//
// It never guesses: an event that a schedule cannot say is left, with its line
// and the reason.
package calendar

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	ical "github.com/arran4/golang-ical" // folding, escapes and parameters of RFC 5545; kept, and parses nothing but text

	"tandem/flow/schedule"
)

// Found is what a file holds.
type Found struct {
	Taken []schedule.Exception `json:"taken"`
	Left  []Left               `json:"left,omitempty"`
}

// Left is an event that was not taken.
type Left struct {
	Line int    `json:"line"` // where it begins
	Name string `json:"name"`
	Why  string `json:"why"`
}

// Limits of a file.
const (
	MaxBytes  = 1 << 20
	maxEvents = 2000
	maxDays   = 366
	maxLabel  = 60
)

// Errors of Read, in words for who sent the file.
var (
	ErrTooBig = errors.New("the file is larger than 1 MB")
	ErrFormat = errors.New("this is no iCalendar file: it begins with BEGIN:VCALENDAR")
	ErrMany   = fmt.Errorf("the file holds more than %d events", maxEvents)
)

// Read finds the whole days in a file. One that was over before today is left.
func Read(file []byte, today schedule.Date) (Found, error) {
	if len(file) > MaxBytes {
		return Found{}, ErrTooBig
	}
	file = bytes.TrimPrefix(file, []byte("\xef\xbb\xbf"))
	if !bytes.HasPrefix(bytes.ToUpper(file[:min(len(file), 64)]), []byte("BEGIN:VCALENDAR")) {
		return Found{}, ErrFormat
	}
	lines := eventLines(file)
	if len(lines) > maxEvents {
		return Found{}, ErrMany
	}
	parsed, err := ical.ParseCalendar(bytes.NewReader(file))
	if err != nil {
		return Found{}, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	out := Found{Taken: []schedule.Exception{}}
	for i, e := range parsed.Events() {
		x, err := exception(e)
		if err == nil && !x.Yearly && x.To < today {
			err = errors.New("is over")
		}
		switch {
		case err != nil:
			out.Left = append(out.Left, Left{lineOf(lines, i), x.Label, err.Error()})
		case !slices.ContainsFunc(out.Taken, func(y schedule.Exception) bool { return same(x, y) }):
			out.Taken = append(out.Taken, x)
		}
	}
	slices.SortStableFunc(out.Taken, func(a, b schedule.Exception) int { return strings.Compare(string(a.From), string(b.From)) })
	return out, nil
}

func same(a, b schedule.Exception) bool {
	return a.Label == b.Label && a.From == b.From && a.To == b.To && a.Yearly == b.Yearly
}

// exception reads one event; its label is filled whatever happens.
func exception(e *ical.VEvent) (x schedule.Exception, err error) {
	x.Label = label(value(e, ical.ComponentPropertySummary))
	for _, p := range []struct {
		name ical.ComponentProperty
		why  string
	}{
		{ical.ComponentPropertyRdate, "is repeated on single dates"}, {ical.ComponentPropertyExdate, "leaves out single dates"},
		{ical.ComponentPropertyRecurrenceId, "changes one day of a repeated event"}, {ical.ComponentPropertyExrule, "has a rule of exceptions"},
	} {
		if e.GetProperty(p.name) != nil {
			return x, errors.New(p.why)
		}
	}
	if strings.EqualFold(value(e, ical.ComponentPropertyStatus), "CANCELLED") {
		return x, errors.New("is cancelled")
	}
	from, err := day(value(e, ical.ComponentPropertyDtStart))
	if err != nil {
		return x, err
	}
	days, err := length(e, from)
	if err != nil {
		return x, err
	}
	x.From, x.To = date(from), date(from.AddDate(0, 0, days-1))
	x.Yearly, err = yearly(value(e, ical.ComponentPropertyRrule), from)
	return x, err
}

// length is how many days an event lasts: DTEND is the day after the last
// (RFC 5545 §3.6.1), and without one it is a single day.
func length(e *ical.VEvent, from time.Time) (int, error) {
	days := 1
	switch end, lasts := value(e, ical.ComponentPropertyDtEnd), value(e, ical.ComponentPropertyDuration); {
	case end != "":
		to, err := day(end)
		if err != nil {
			return 0, err
		}
		// Some write the day itself as the end of a single day.
		days = max(1, int(to.Sub(from)/(24*time.Hour)))
		if to.Before(from) {
			return 0, errors.New("ends before it begins")
		}
	case lasts != "":
		var n int
		var unit string
		if _, err := fmt.Sscanf(strings.ToUpper(lasts), "P%d%s", &n, &unit); err != nil || unit != "D" && unit != "W" || n < 1 || n > maxDays {
			return 0, errors.New("lasts no whole days")
		}
		days = n * map[string]int{"D": 1, "W": 7}[unit]
	}
	if days > maxDays {
		return 0, errors.New("lasts longer than a year")
	}
	return days, nil
}

// yearly tells whether an event comes back each year on its date; every other
// repetition is more than an exception of a schedule can say.
func yearly(rule string, from time.Time) (bool, error) {
	if rule == "" {
		return false, nil
	}
	plain := map[string]string{"FREQ": "YEARLY", "INTERVAL": "1", "BYMONTH": fmt.Sprint(int(from.Month())), "BYMONTHDAY": fmt.Sprint(from.Day())}
	seen := map[string]bool{}
	for part := range strings.SplitSeq(strings.ToUpper(rule), ";") {
		name, is, _ := strings.Cut(part, "=")
		seen[name] = true
		if want, ok := plain[name]; name != "WKST" && (!ok || is != want) {
			return false, errors.New("is repeated by a rule other than each year on its date")
		}
	}
	if !seen["FREQ"] || from.Month() == time.February && from.Day() == 29 {
		return false, errors.New("is repeated by a rule other than each year on its date")
	}
	return true, nil
}

func value(e *ical.VEvent, name ical.ComponentProperty) string {
	if p := e.GetProperty(name); p != nil {
		return strings.TrimSpace(p.Value)
	}
	return ""
}

// day reads a date; one with a time of day is no whole day.
func day(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, errors.New("has no date")
	}
	if strings.Contains(text, "T") {
		return time.Time{}, errors.New("has a time of day: only whole days are taken")
	}
	t, err := time.Parse("20060102", text)
	if err != nil || t.Year() < 1970 || t.Year() > 2199 {
		return time.Time{}, errors.New("has a date that cannot be read")
	}
	return t, nil
}

func date(t time.Time) schedule.Date { return schedule.Date(t.Format(time.DateOnly)) }

// label is a name fit for a page: no control characters, not too long.
func label(text string) string {
	text = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(ical.FromText(text), "")))
	if r := []rune(text); len(r) > maxLabel {
		text = string(r[:maxLabel-1]) + "…"
	}
	if text == "" {
		return "Holiday"
	}
	return text
}

// eventLines are the lines, from 1, on which events begin.
func eventLines(file []byte) (at []int) {
	n := 0
	for line := range bytes.Lines(file) {
		n++
		if strings.EqualFold(string(bytes.TrimSpace(line)), "BEGIN:VEVENT") {
			at = append(at, n)
		}
	}
	return at
}

func lineOf(lines []int, i int) int {
	if i < len(lines) {
		return lines[i]
	}
	return 0
}
