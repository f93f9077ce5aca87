package schedule

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Level tells an error, which stops a save, from a warning, which does not.
type Level string

// The levels.
const (
	Error   Level = "error"
	Warning Level = "warning"
)

// Problem is one finding. ID is stable; Field leads to the place: "zone",
// "week.5", "week.5.1", "exceptions.0", "exceptions.0.from" or
// "exceptions.0.hours.1".
type Problem struct {
	ID    string `json:"id"`
	Level Level  `json:"level"`
	Field string `json:"field"`
	Text  string `json:"text"`
}

// Limits of a schedule (product sheet 9).
const (
	MaxRanges     = 10 // of a day
	MaxExceptions = 1000
	maxLabel      = 60
	maxYearly     = 365 // days of a yearly exception; more would meet itself
)

// Validate reports what is wrong with the hours alone.
func (h Hours) Validate() []Problem {
	var out []Problem
	if h.Zone == "" {
		out = append(out, Problem{"setting-missing", Error, "zone", "choose the time zone of these hours"})
	} else if _, err := location(h.Zone); err != nil {
		out = append(out, Problem{"setting-range", Error, "zone", fmt.Sprintf("there is no time zone %q", h.Zone)})
	}
	for d, ranges := range h.Week {
		out = append(out, checkRanges(fmt.Sprintf("week.%d", d), ranges)...)
	}
	out = append(out, h.overlapsOfWeek()...)
	if len(h.Exceptions) > MaxExceptions {
		return append(out, Problem{"setting-range", Error, "exceptions", fmt.Sprintf("at most %d exceptions", MaxExceptions)})
	}
	for i, e := range h.Exceptions {
		out = append(out, e.check(fmt.Sprintf("exceptions.%d", i))...)
	}
	out = append(out, h.overlapsOfExceptions()...)
	if h.never() {
		out = append(out, Problem{"never-open", Warning, "week", "no day has opening hours"})
	}
	return out
}

func (h Hours) never() bool {
	for _, ranges := range h.Week {
		if len(ranges) > 0 {
			return false
		}
	}
	for _, e := range h.Exceptions {
		if len(e.Hours) > 0 {
			return false
		}
	}
	return true
}

func checkRanges(field string, ranges []Range) []Problem {
	var out []Problem
	if len(ranges) > MaxRanges {
		out = append(out, Problem{"setting-range", Error, field, fmt.Sprintf("at most %d ranges a day", MaxRanges)})
	}
	for i, r := range ranges {
		if text := r.wrong(); text != "" {
			out = append(out, Problem{"setting-range", Error, fmt.Sprintf("%s.%d", field, i), text})
		}
	}
	return out
}

func (r Range) wrong() string {
	switch {
	case r.From < 0 || r.From >= minutesADay:
		return "starts from 00:00 to 23:59"
	case r.To < 0 || r.To > minutesADay:
		return "ends from 00:00 to 24:00"
	case r.From == r.To:
		return "starts and ends at the same time; a whole day is 00:00–24:00"
	}
	return ""
}

// stretch is a range on a line of minutes.
type stretch struct {
	from, to int
	field    string
	text     string
}

func (r Range) stretch(dayStart int, field, text string) stretch {
	s := stretch{dayStart + r.From, dayStart + r.To, field, text}
	if r.overnight() {
		s.to += minutesADay
	}
	return s
}

func (s stretch) meets(o stretch) bool { return s.from < o.to && o.from < s.to }

// overlapsOfWeek finds ranges that meet, past midnight and past the end of the
// week too.
func (h Hours) overlapsOfWeek() []Problem {
	var all []stretch
	for d, ranges := range h.Week {
		for i, r := range ranges[:min(len(ranges), MaxRanges)] {
			if r.wrong() == "" {
				all = append(all, r.stretch(d*minutesADay, fmt.Sprintf("week.%d.%d", d, i), fmt.Sprintf("%s of %s", r, time.Weekday(d))))
			}
		}
	}
	return overlaps(all, 7*minutesADay)
}

// overlaps compares each stretch with those before it, on a line that begins
// again after so many minutes; 0: it does not.
func overlaps(all []stretch, turn int) []Problem {
	var out []Problem
	for i, s := range all {
		for _, earlier := range all[:i] {
			later, before := s, s
			later.from, later.to = s.from+turn, s.to+turn
			before.from, before.to = s.from-turn, s.to-turn
			if s.meets(earlier) || later.meets(earlier) || before.meets(earlier) {
				out = append(out, Problem{"schedule-overlap", Warning, s.field, "overlaps " + earlier.text})
				break
			}
		}
	}
	return out
}

func (e Exception) check(field string) []Problem {
	var out []Problem
	from, errFrom := e.From.day()
	to, errTo := e.To.day()
	if errFrom != nil {
		out = append(out, Problem{"setting-range", Error, field + ".from", errFrom.Error()})
	}
	if errTo != nil {
		out = append(out, Problem{"setting-range", Error, field + ".to", errTo.Error()})
	}
	switch {
	case errFrom != nil || errTo != nil:
	case to < from:
		out = append(out, Problem{"setting-range", Error, field + ".to", "the last day comes before the first"})
	case e.Yearly && to-from >= maxYearly:
		out = append(out, Problem{"setting-range", Error, field + ".to", "what comes every year is shorter than a year"})
	}
	if utf8.RuneCountInString(e.Label) > maxLabel || strings.ContainsFunc(e.Label, unicode.IsControl) {
		out = append(out, Problem{"setting-range", Error, field + ".label", "at most 60 characters on one line"})
	}
	out = append(out, checkRanges(field+".hours", e.Hours)...)
	var all []stretch
	for i, r := range e.Hours[:min(len(e.Hours), MaxRanges)] {
		if r.wrong() == "" {
			all = append(all, r.stretch(0, fmt.Sprintf("%s.hours.%d", field, i), r.String()))
		}
	}
	return append(out, overlaps(all, 0)...)
}

// overlapsOfExceptions finds exceptions of equal rank that share a day. That a
// single date beats a range is meant to be used, so it is no finding.
func (h Hours) overlapsOfExceptions() []Problem {
	var out []Problem
	c := newCalendar(h)
	for i, p := range c.exceptions {
		for j, earlier := range c.exceptions[:i] {
			if p.single() == earlier.single() && p.shares(earlier) {
				out = append(out, Problem{"schedule-overlap", Warning, fmt.Sprintf("exceptions.%d", i),
					fmt.Sprintf("shares a day with %s, which comes first and counts", h.Exceptions[j].name())})
				break
			}
		}
	}
	return out
}

// shares tells whether two periods have a day in common. Where one of them is
// yearly it is enough to look at the first and last days: a year is a circle.
func (p period) shares(o period) bool {
	if p.to < p.from || o.to < o.from {
		return false
	}
	if !p.yearly && !o.yearly {
		return p.from <= o.to && o.from <= p.to
	}
	return p.holds(o.from) || p.holds(o.to) || o.holds(p.from) || o.holds(p.to) || p.meetsYearly(o) || o.meetsYearly(p)
}

// meetsYearly tells whether a yearly period comes again within another that
// runs over one or more years.
func (p period) meetsYearly(o period) bool {
	if !p.yearly || o.yearly {
		return false
	}
	return o.to-o.from > maxYearly || o.holdsYearDay(p.from)
}

// holdsYearDay tells whether a period of at most a year holds the anniversary
// of a day.
func (p period) holdsYearDay(d day) bool {
	is := d.ofYear()
	if p.from.time().Year() == p.to.time().Year() {
		return p.fromOfYear <= is && is <= p.toOfYear
	}
	return is >= p.fromOfYear || is <= p.toOfYear
}
