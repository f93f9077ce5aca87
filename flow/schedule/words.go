package schedule

import (
	"fmt"
	"strings"
	"time"
)

// text says in a sentence why the schedule is open or closed.
func (c *calendar) text(t time.Time, now wall, d decision) string {
	is := fmt.Sprintf("%s %s", t.Format("Mon 15:04"), c.Zone)
	label := ""
	if d.plan.exception >= 0 {
		label = c.Exceptions[d.plan.exception].name()
		is = fmt.Sprintf("%s %s", t.Format("Mon 2 Jan 15:04"), c.Zone)
	}
	switch {
	case d.open:
		return fmt.Sprintf("%s is within %s%s", is, d.plan.ranges[d.index], of(label, d.plan.day, now.day))
	case len(d.plan.ranges) > 0:
		return fmt.Sprintf("%s is outside %s%s", is, rangeWords(d.plan.ranges), of(label, d.plan.day, now.day))
	case label != "":
		return fmt.Sprintf("%s: closed for %s", is, label)
	}
	return fmt.Sprintf("%s: closed on %ss", is, d.plan.day.weekday())
}

// of names the exception and, of a range that began the day before, that day.
func of(label string, began, today day) string {
	out := ""
	if began != today {
		out = " of " + began.weekday().String()
	}
	if label != "" {
		out += ", " + label
	}
	return out
}

func (e Exception) name() string {
	switch {
	case e.Label != "":
		return "“" + e.Label + "”"
	case e.From == e.To:
		return "the exception of " + string(e.From)
	}
	return fmt.Sprintf("the exception of %s to %s", e.From, e.To)
}

// String is "09:00–17:00".
func (r Range) String() string { return clock(r.From) + "–" + clock(r.To) }

func clock(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

func rangeWords(all []Range) string {
	words := make([]string, len(all))
	for i, r := range all {
		words[i] = r.String()
	}
	return strings.Join(words, ", ")
}
