package schedule

import (
	"fmt"
	"time"
)

// calendar is hours made ready to be asked about one day after the other.
type calendar struct {
	Hours
	exceptions []period
	plans      map[day]plan // found already
}

// period is the days of an exception.
type period struct {
	from, to             day
	yearly               bool
	fromOfYear, toOfYear int
}

func newCalendar(h Hours) *calendar {
	c := &calendar{Hours: h, plans: map[day]plan{}}
	for _, e := range h.Exceptions {
		c.exceptions = append(c.exceptions, e.period())
	}
	return c
}

// period of an exception whose dates cannot be read holds no day.
func (e Exception) period() period {
	from, errFrom := e.From.day()
	to, errTo := e.To.day()
	if errFrom != nil || errTo != nil {
		return period{from: 0, to: -1}
	}
	return period{from, to, e.Yearly, from.ofYear(), to.ofYear()}
}

func (p period) single() bool { return p.from == p.to }

// holds tells whether a day is one of the period. Of a yearly one the month and
// the day count, so 29 February comes every four years.
func (p period) holds(d day) bool { return p.holdsBoth(d, d.ofYear()) }

func (p period) holdsBoth(d day, ofYear int) bool {
	if !p.yearly {
		return p.from <= d && d <= p.to
	}
	if p.from > p.to {
		return false
	}
	if p.fromOfYear <= p.toOfYear {
		return p.fromOfYear <= ofYear && ofYear <= p.toOfYear
	}
	return ofYear >= p.fromOfYear || ofYear <= p.toOfYear // over New Year
}

// plan is what counts on one day.
type plan struct {
	day       day
	exception int // -1: the week
	ranges    []Range
}

// on finds what counts on a day.
func (c *calendar) on(d day) plan {
	p, ok := c.plans[d]
	if !ok {
		p = c.find(d)
		c.plans[d] = p
	}
	return p
}

func (c *calendar) find(d day) plan {
	found, ofYear := -1, d.ofYear()
	for i, p := range c.exceptions {
		if (found < 0 || p.single() && !c.exceptions[found].single()) && p.holdsBoth(d, ofYear) {
			found = i
		}
	}
	if found >= 0 {
		return plan{d, found, c.Exceptions[found].Hours}
	}
	return plan{d, -1, c.Week[d.weekday()]}
}

// decision is what decided, and how.
type decision struct {
	open  bool
	plan  plan
	index int // of the range that holds the instant; -1: none does
}

// decide looks for a range that holds a reading of the wall clock: one of the
// day, or one of the day before that runs past midnight. A range that no clock shows holds nothing.
func (c *calendar) decide(w wall) decision {
	today := c.on(w.day)
	for i, r := range today.ranges {
		if r.wrong() == "" && r.From <= w.minute && (w.minute < r.To || r.overnight()) {
			return decision{true, today, i}
		}
	}
	yesterday := c.on(w.day - 1)
	for i, r := range yesterday.ranges {
		if r.wrong() == "" && r.overnight() && w.minute < r.To {
			return decision{true, yesterday, i}
		}
	}
	return decision{false, today, -1}
}

func (r Range) overnight() bool { return r.To < r.From }

// rule names what decided.
func (d decision) rule() string {
	name := fmt.Sprintf("week.%d", d.plan.day.weekday())
	if d.plan.exception >= 0 {
		name = fmt.Sprintf("exception.%d", d.plan.exception)
	}
	if d.index >= 0 {
		name += fmt.Sprintf(".%d", d.index)
	}
	return name
}

// day counts days since 1 January 1970, on any calendar.
type day int

func (d Date) day() (day, error) {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return 0, fmt.Errorf("%q is no date: give it as 2026-12-24", string(d))
	}
	return wallAt(t.Unix()).day, nil
}

func (d day) time() time.Time { return time.Unix(int64(d)*secondsADay, 0).UTC() }

func (d day) weekday() time.Weekday { return d.time().Weekday() }

// ofYear orders the days of a year, 29 February among them.
func (d day) ofYear() int {
	_, month, n := d.time().Date()
	return int(month)*100 + n
}

// location finds a zone by its IANA name. It refuses the names that mean
// whatever the machine is set to.
func location(zone string) (*time.Location, error) {
	if zone == "" || zone == "Local" {
		return nil, fmt.Errorf("%q is no time zone", zone)
	}
	return time.LoadLocation(zone)
}
