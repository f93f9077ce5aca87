// Package schedule tells whether an instant lies within opening hours.
//
// It never asks for the time: the instant goes in, open or closed comes out.
package schedule

// Hours is opening hours in one time zone: a week, and exceptions to it.
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
