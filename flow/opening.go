package flow

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"tandem/flow/call"
	"tandem/flow/schedule"
)

// Override is a time router held open or closed by somebody, whatever its
// hours say. It belongs to the module and not to a version, so it survives
// every publish. The zero Override holds nothing: the hours decide.
type Override struct {
	State string    `json:"state"` // one of OverrideStates; empty is auto
	Until time.Time `json:"until,omitzero"`
	By    string    `json:"by,omitempty"`
	At    time.Time `json:"at,omitzero"`
}

// OverrideStates are what a time router can be held in.
var OverrideStates = []string{"auto", "open", "closed"}

// Holds tells whether the override is in force at an instant.
func (o Override) Holds(at time.Time) bool {
	return (o.State == "open" || o.State == "closed") && (o.Until.IsZero() || at.Before(o.Until))
}

// Opening is what has to be looked up to decide a time router.
type Opening struct {
	Override Override       `json:"override,omitzero"`
	Zone     string         `json:"zone"`           // the system's
	Name     string         `json:"name,omitempty"` // of the schedule; empty: it is gone, or none was asked for
	Hours    schedule.Hours `json:"hours,omitzero"` // of the schedule
}

// Verdict is how a time router decides at one moment.
type Verdict struct {
	Exit   Exit        `json:"exit"`
	Reason call.Reason `json:"reason"`
	Until  time.Time   `json:"until,omitzero"` // when it may change; zero: not soon
}

// Decide looks at an override first, then at exceptions, then at intervals; any
// interval that matches is open (product sheet 3.3).
func (t *TimeRouter) Decide(at time.Time, o Opening) Verdict {
	hours := t.Own(o.Zone)
	if t.BySchedule() {
		hours = o.Hours
	}
	switch {
	case o.Override.Holds(at):
		return o.Override.verdict(hours.Zone)
	case t.BySchedule() && o.Name == "":
		return Verdict{Exit: ExitClosed, Reason: call.Reason{Code: "gone", Text: "closed: the schedule is gone"}}
	}
	s := hours.At(at)
	exit, code := exitOf(s, hours)
	facts := []call.Fact{{Name: "rule", Value: s.Rule}}
	if o.Name != "" {
		facts = append(facts, call.Fact{Name: "schedule", Value: o.Name})
	}
	if !s.Until.IsZero() {
		facts = append(facts, call.Fact{Name: "until", Value: s.Until.Format(time.RFC3339)})
	}
	return Verdict{Exit: exit, Reason: call.Reason{Code: code, Text: string(exit) + ": " + s.Text, Facts: facts}, Until: s.Until}
}

// exitOf is the exit that hours lead to, and what decided it. A day that is
// closed as a whole by an exception is a holiday; one with other hours is not.
func exitOf(s schedule.State, hours schedule.Hours) (Exit, string) {
	rule, except := strings.CutPrefix(s.Rule, "exception.")
	code := "intervals"
	if except {
		code = "exception"
	}
	if s.Open {
		return ExitOpen, code
	}
	if i, err := strconv.Atoi(rule); except && err == nil && len(hours.Exceptions[i].Hours) == 0 {
		return ExitHoliday, code
	}
	return ExitClosed, code
}

func (o Override) verdict(zone string) Verdict {
	facts := []call.Fact{{Name: "by", Value: o.By}}
	if !o.Until.IsZero() {
		facts = append(facts, call.Fact{Name: "until", Value: o.Until.Format(time.RFC3339)})
	}
	return Verdict{Exit: Exit(o.State), Until: o.Until,
		Reason: call.Reason{Code: "override", Text: o.State + ": " + o.words(zone), Facts: facts}}
}

// words say who holds it and for how long, on the clocks of a zone.
func (o Override) words(zone string) string {
	text := "held " + o.State
	if o.By != "" {
		text += " by " + o.By
	}
	if o.Until.IsZero() {
		return text + " until somebody changes it"
	}
	until := o.Until
	if in, err := time.LoadLocation(zone); err == nil {
		until = until.In(in)
	}
	return fmt.Sprintf("%s until %s %s", text, until.Format("Mon 2 Jan 15:04"), zone)
}
