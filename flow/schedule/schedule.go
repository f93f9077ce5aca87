// Package schedule tells whether an instant lies within opening hours.
//
// It never asks for the time: the instant goes in, open or closed comes out.
// Of the world it reads only the rules of time zones, as time.LoadLocation
// finds them; a program that must not depend on its machine for them imports
// time/tzdata.
package schedule

import (
	"cmp"
	"slices"
	"time"
)

// Hours is opening hours in one time zone: a week, and exceptions to it.
//
// Times are those of the local wall clock: an hour that a clock change skips
// matches nothing, one that it repeats matches twice. An exception replaces
// the whole day: the ranges of the week that start on it, their tails past
// midnight among them. One for a single date beats one for several; of equal
// ones the first counts.
type Hours struct {
	Zone       string      `json:"zone"` // IANA; required
	Week       [7][]Range  `json:"week"` // by time.Weekday, Sunday first; a day without ranges is closed
	Exceptions []Exception `json:"exceptions,omitempty"`
}

// Range is a stretch of a day in minutes since midnight of the local clock.
// From counts, To does not; To may be 1440, and To before From runs past
// midnight and belongs to the day it starts on.
type Range struct {
	From int `json:"from"` // 0–1439
	To   int `json:"to"`   // 0–1440, not From
}

// Exception is a day or a run of days that the week does not count for.
type Exception struct {
	Label  string  `json:"label"`
	From   Date    `json:"from"`
	To     Date    `json:"to"` // the last day; the same as From for one day
	Yearly bool    `json:"yearly,omitempty"`
	Hours  []Range `json:"hours,omitempty"` // none: closed
}

// Date is a day of the local calendar as "2026-12-24".
type Date string

// State is what a schedule says about an instant.
type State struct {
	Open  bool      `json:"open"`
	Until time.Time `json:"until,omitzero"` // when that changes; zero: not within Horizon
	Rule  string    `json:"rule"`           // what decided: week.5.1 (Friday's second range), week.0 (Sunday as a whole), exception.0, exception.0.1
	Text  string    `json:"text"`           // "Fri 17:03 Europe/Stockholm is outside 09:00–17:00"
}

// Horizon is how far At looks ahead for the next change.
const Horizon = 400 * 24 * time.Hour

// Rule of a schedule whose zone nobody knows: it is closed.
const unknownZone = "zone"

// At tells whether the schedule is open at an instant, why, and until when.
func (h Hours) At(t time.Time) State {
	zone, err := location(h.Zone)
	if err != nil {
		return State{Rule: unknownZone, Text: "closed, since there is no time zone " + h.Zone}
	}
	c := newCalendar(h)
	t = t.In(zone)
	now := wallOf(t)
	d := c.decide(now)
	return State{Open: d.open, Until: c.change(t, d.open), Rule: d.rule(), Text: c.text(t, now, d)}
}

// wall is a reading of the local wall clock, to the minute.
type wall struct {
	day    day
	minute int
}

const (
	minutesADay = 24 * 60
	secondsADay = 60 * minutesADay
)

// wallOf reads the wall clock of t's own zone.
func wallOf(t time.Time) wall {
	_, offset := t.Zone()
	return wallAt(t.Unix() + int64(offset))
}

// wallAt is the wall clock that many seconds after midnight of 1 January 1970
// on that same clock.
func wallAt(local int64) wall {
	d := local / secondsADay
	if local%secondsADay < 0 {
		d--
	}
	return wall{day(d), int(local-d*secondsADay) / 60}
}

// change finds the first instant after t at which open turns into its opposite.
// Between two clock changes the wall clock runs evenly, so only the ends of
// ranges, midnights and the clock changes themselves need a look.
func (c *calendar) change(t time.Time, open bool) time.Time {
	end := t.Add(Horizon)
	for from := t; from.Before(end); {
		_, offset := from.Zone()
		_, until := from.ZoneBounds()
		if until.IsZero() || until.After(end) {
			until = end
		}
		if at, ok := c.changeWithin(from, until, int64(offset), open); ok {
			return at
		}
		if !until.Before(end) {
			return time.Time{}
		}
		if c.decide(wallOf(until)).open != open {
			return until
		}
		from = until
	}
	return time.Time{}
}

// changeWithin looks strictly between two instants, where the offset is fixed.
func (c *calendar) changeWithin(from, until time.Time, offset int64, open bool) (time.Time, bool) {
	for d := wallAt(from.Unix() + offset).day; ; d++ {
		for _, minute := range c.ends(d) {
			at := time.Unix(int64(d)*secondsADay+int64(minute)*60-offset, 0).In(from.Location())
			if !at.Before(until) {
				return time.Time{}, false
			}
			if at.After(from) && c.decide(wall{d, minute}).open != open {
				return at, true
			}
		}
	}
}

// ends lists the minutes of a day at which something may begin or end, in order.
func (c *calendar) ends(d day) []int {
	minutes := []int{0}
	for _, r := range c.on(d).ranges {
		if r.wrong() == "" {
			minutes = append(minutes, r.From, r.To%minutesADay)
		}
	}
	for _, r := range c.on(d - 1).ranges {
		if r.wrong() == "" {
			minutes = append(minutes, r.To%minutesADay)
		}
	}
	slices.SortFunc(minutes, cmp.Compare[int])
	return slices.Compact(minutes)
}
