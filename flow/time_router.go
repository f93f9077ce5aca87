package flow

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"tandem/flow/schedule"
)

// TimeRouter sends callers one way when somebody is there and another when
// nobody is. It does not answer.
type TimeRouter struct {
	Source    string     `json:"source,omitempty"`    // one of TimeSources; empty is intervals
	Zone      string     `json:"zone,omitempty"`      // IANA, of own intervals; empty is the system's
	Intervals []Interval `json:"intervals,omitempty"` // 0–100; none: never open
	Schedule  string     `json:"schedule,omitempty"`  // id
	Code      string     `json:"code,omitempty"`      // 2 digits behind the override feature code, unique in the system; empty: none
}

// Interval is a stretch of each of some days. To before From runs past
// midnight and belongs to the day it starts on.
type Interval struct {
	Weekdays []string `json:"weekdays,omitempty"` // of Weekdays
	From     Clock    `json:"from"`               // 00:00–23:59, counts
	To       Clock    `json:"to"`                 // 00:00–24:00, does not count
}

// TimeSources are where a time router has its hours from.
var TimeSources = []string{"intervals", "schedule"}

// Weekdays are the days of an interval, by time.Weekday.
var Weekdays = []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}

// MaxIntervals of a time router (product sheet 3.3).
const MaxIntervals = 100

// Exits of a time router.
const (
	ExitOpen    Exit = "open"
	ExitClosed  Exit = "closed"
	ExitHoliday Exit = "holiday"
)

// Exits: open, closed, holiday.
func (*TimeRouter) Exits() []ExitSpec {
	return []ExitSpec{
		{ID: ExitOpen, Label: "open", Main: true, Tone: "good"},
		{ID: ExitClosed, Label: "closed", Main: true, Tone: "bad"},
		{ID: ExitHoliday, Label: "holiday", Fallback: ExitClosed},
	}
}

// BySchedule tells whether a schedule has the hours.
func (t *TimeRouter) BySchedule() bool { return t.Source == "schedule" }

// Own is the router's own intervals as hours of its zone, or of the system's
// where it names none.
func (t *TimeRouter) Own(system string) schedule.Hours {
	h := schedule.Hours{Zone: cmp.Or(t.Zone, system, "UTC")}
	for _, i := range t.Intervals {
		for _, name := range i.Weekdays {
			if day := slices.Index(Weekdays, name); day >= 0 {
				h.Week[day] = append(h.Week[day], schedule.Range{From: int(i.From), To: int(i.To)})
			}
		}
	}
	return h
}

// Validate checks the source, the intervals and the code.
func (t *TimeRouter) Validate() []Problem {
	out := inRange("source", t.Source == "" || slices.Contains(TimeSources, t.Source), "intervals or schedule")
	out = append(out, inRange("code", t.Code == "" || len(t.Code) == 2 && allDigits(t.Code), "two digits")...)
	if t.Zone != "" {
		_, err := time.LoadLocation(t.Zone)
		out = append(out, inRange("zone", err == nil && t.Zone != "Local", "a time zone such as Europe/Stockholm")...)
	}
	if t.BySchedule() {
		return append(out, required("schedule", t.Schedule != "")...)
	}
	out = append(out, inRange("intervals", len(t.Intervals) <= MaxIntervals, fmt.Sprintf("at most %d intervals", MaxIntervals))...)
	for i, in := range t.Intervals[:min(len(t.Intervals), MaxIntervals)] {
		out = append(out, in.check(fmt.Sprintf("intervals.%d", i))...)
	}
	return append(out, t.overlaps()...)
}

func (i Interval) check(field string) []Problem {
	out := required(field+".weekdays", len(i.Weekdays) > 0)
	for _, d := range i.Weekdays {
		out = append(out, inRange(field+".weekdays", slices.Contains(Weekdays, d), strings.Join(Weekdays, ", "))...)
	}
	out = append(out, inRange(field+".from", between(int(i.From), 0, int(endOfDay)-1), "00:00 to 23:59")...)
	out = append(out, inRange(field+".to", between(int(i.To), 0, int(endOfDay)), "00:00 to 24:00")...)
	return append(out, inRange(field+".to", i.From != i.To, "another end than the start; a whole day is 00:00–24:00")...)
}

// span is an interval of one weekday on the line of minutes of a week.
type span struct{ from, to, interval int }

// overlaps finds intervals that meet another one, past midnight and past the
// end of the week too. Any match is open, so it is no error.
func (t *TimeRouter) overlaps() []Problem {
	const day, week = int(endOfDay), 7 * int(endOfDay)
	var all []span
	for i, in := range t.Intervals[:min(len(t.Intervals), MaxIntervals)] {
		for _, name := range slices.Compact(slices.Sorted(slices.Values(in.Weekdays))) {
			s := span{day*slices.Index(Weekdays, name) + int(in.From), day*slices.Index(Weekdays, name) + int(in.To), i}
			if s.to <= s.from {
				s.to += day
			}
			all = append(all, s, span{s.from + week, s.to + week, i})
		}
	}
	slices.SortFunc(all, func(a, b span) int { return cmp.Or(a.from-b.from, a.interval-b.interval) })
	met := map[int]int{} // the later interval of two in the list, and the earlier
	for i := range all {
		for _, next := range all[i+1:] {
			if next.from >= all[i].to {
				break
			}
			if a, b := all[i].interval, next.interval; a != b {
				met[max(a, b)] = min(a, b)
			}
		}
	}
	var out []Problem
	for i := range t.Intervals {
		if earlier, ok := met[i]; ok {
			out = append(out, Problem{ID: "schedule-overlap", Level: Warning, Field: fmt.Sprintf("intervals.%d", i),
				Text: fmt.Sprintf("overlaps interval %d; either opens", earlier+1)})
		}
	}
	return out
}

// foreseen is how far ahead a router must come to use both exits.
const foreseen = 366 * 24 * time.Hour

// ask looks at the hours as they will be from now on.
func (t *TimeRouter) ask(known Known) []Problem {
	field, hours := "intervals", t.Own("")
	var out []Problem
	if t.BySchedule() {
		var ok bool
		if hours, ok = known.Hours(t.Schedule); !ok {
			return nil
		}
		field = "schedule"
		if t.Zone != "" && t.Zone != hours.Zone {
			out = append(out, Problem{ID: "zone-differs", Level: Warning, Field: "zone",
				Text: fmt.Sprintf("the schedule's own zone counts: %s", hours.Zone)})
		}
	}
	now := known.Now()
	s := hours.At(now)
	switch {
	case !s.Until.IsZero() && s.Until.Sub(now) <= foreseen:
	case s.Open:
		out = append(out, Problem{ID: "always-open", Level: Warning, Field: field, Text: "never closes in the next 12 months"})
	default:
		out = append(out, Problem{ID: "never-open", Level: Warning, Field: field, Text: "never opens in the next 12 months"})
	}
	return out
}

// Refs names the schedule and the code.
func (t *TimeRouter) Refs() []Ref {
	out := refs(Ref{RefOverrideCode, t.Code, "code"})
	if t.BySchedule() {
		out = append(out, refs(Ref{RefSchedule, t.Schedule, "schedule"})...)
	}
	return out
}
