package flow

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Queue keeps callers waiting, in the order they came, until a member is free.
// It answers.
type Queue struct {
	Strategy        string        `json:"strategy,omitempty"` // one of QueueStrategies; empty is ring-all
	Timeout         int           `json:"timeout,omitempty"`  // s, 5–900; 0 is the default 300
	Members         []QueueMember `json:"members,omitempty"`
	Rest            *int          `json:"rest,omitempty"`           // s after a missed offer, 0–300; none is the default 5
	WrapUp          int           `json:"wrap_up,omitempty"`        // s after a call, 0–600
	HoldMusic       string        `json:"hold_music,omitempty"`     // id of an audio file or playlist; empty: the system's
	Ringback        string        `json:"ringback,omitempty"`       // heard while a member is rung; empty: the music goes on
	Announce        string        `json:"announce,omitempty"`       // one of QueueAnnouncements; empty: off
	Comfort         string        `json:"comfort,omitempty"`        // id of the audio of announcement comfort
	Every           int           `json:"every,omitempty"`          // s between announcements, 15–300; 0 is the default 60
	MembersLogIn    bool          `json:"members_log_in,omitempty"` // members log in and out; otherwise they are always in
	LeaveWhenEmpty  bool          `json:"leave_when_empty,omitempty"`
	MaxWaiting      int           `json:"max_waiting,omitempty"` // 0–1000; 0: no limit
	EscapeKey       string        `json:"escape_key,omitempty"`  // one symbol of 0-9 * #
	KeepPlace       int           `json:"keep_place,omitempty"`  // minutes, 0–10
	CallerNameRules []NameRule    `json:"caller_name_rules,omitempty"`
	Confirm         string        `json:"confirm,omitempty"` // on, off; empty: as the contact method says
}

// QueueMember is one who takes calls of a queue.
type QueueMember struct {
	ContactMethod  string `json:"contact_method"`
	Ring           int    `json:"ring,omitempty"`  // s, 5–60; 0 is the default 20
	Level          int    `json:"level,omitempty"` // 1–9; 0 is the default 1: the next level is tried when nobody of this one is free
	IgnoreSchedule bool   `json:"ignore_schedule,omitempty"`
}

// QueueStrategies are the ways to choose among free members.
var QueueStrategies = []string{"ring-all", "round-robin", "random", "longest-idle", "fewest-calls", "in-order"}

// QueueAnnouncements are what a waiting caller can be told.
var QueueAnnouncements = []string{"position", "wait", "comfort"}

// Limits and defaults of a queue (product sheet 3.6).
const (
	MaxQueueTimeout     = 900
	MaxWaitingCallers   = 1000
	defaultQueueTimeout = 300
	defaultMemberRing   = 20
	defaultRest         = 5
	defaultEvery        = 60
	minRing             = 5 // s
	maxRing             = 60
)

// WithDefaults fills what was left open.
func (q Queue) WithDefaults() Queue {
	q.Strategy = cmp.Or(q.Strategy, "ring-all")
	q.Timeout = cmp.Or(q.Timeout, defaultQueueTimeout)
	q.Every = cmp.Or(q.Every, defaultEvery)
	if q.Rest == nil {
		rest := defaultRest
		q.Rest = &rest
	}
	q.Members = slices.Clone(q.Members)
	for i, m := range q.Members {
		q.Members[i].Ring, q.Members[i].Level = cmp.Or(m.Ring, defaultMemberRing), cmp.Or(m.Level, 1)
	}
	return q
}

// Exits: timeout, no-members, full, escape.
func (*Queue) Exits() []ExitSpec {
	return []ExitSpec{
		{ID: "timeout", Label: "timeout", Main: true},
		{ID: "no-members", Label: "no members", Fallback: "timeout"},
		{ID: "full", Label: "full", Fallback: "timeout"},
		{ID: "escape", Label: "escape key", Fallback: "timeout"},
	}
}

// Validate checks the members and ranges.
func (q *Queue) Validate() []Problem {
	d := q.WithDefaults()
	if len(q.Members) == 0 {
		return append([]Problem{{ID: "queue-empty", Level: Error, Field: "members", Text: "add somebody who takes the calls"}}, q.ranges(d)...)
	}
	out := q.ranges(d)
	seen := map[string]bool{}
	for i, m := range d.Members {
		field := func(name string) string { return fmt.Sprintf("members.%d.%s", i, name) }
		out = append(out, required(field("contact_method"), m.ContactMethod != "")...)
		out = append(out, inRange(field("contact_method"), m.ContactMethod == "" || !seen[m.ContactMethod], "each member once")...)
		out = append(out, inRange(field("ring"), between(m.Ring, minRing, maxRing), "5 to 60 seconds")...)
		out = append(out, inRange(field("level"), between(m.Level, 1, 9), "1 to 9")...)
		seen[m.ContactMethod] = true
	}
	return out
}

// ranges checks what is not about one member.
func (q *Queue) ranges(d Queue) []Problem {
	key := q.EscapeKey == "" || len(q.EscapeKey) == 1 && strings.Contains(menuSymbols, q.EscapeKey)
	out := slices.Concat(
		inRange("strategy", slices.Contains(QueueStrategies, d.Strategy), strings.Join(QueueStrategies, ", ")),
		inRange("timeout", between(d.Timeout, 5, MaxQueueTimeout), "5 seconds to 15 minutes"),
		inRange("rest", between(*d.Rest, 0, 300), "0 to 300 seconds"),
		inRange("wrap_up", between(q.WrapUp, 0, 600), "0 to 600 seconds"),
		inRange("announce", q.Announce == "" || slices.Contains(QueueAnnouncements, q.Announce), "off, "+strings.Join(QueueAnnouncements, ", ")),
		inRange("every", between(d.Every, 15, 300), "15 to 300 seconds"),
		inRange("max_waiting", between(q.MaxWaiting, 0, MaxWaitingCallers), fmt.Sprintf("0 to %d callers, 0 for no limit", MaxWaitingCallers)),
		inRange("escape_key", key, "one symbol of 0-9 * #"),
		inRange("keep_place", between(q.KeepPlace, 0, 10), "0 to 10 minutes"),
		inRange("confirm", q.Confirm == "" || q.Confirm == "on" || q.Confirm == "off", "on, off, or as the contact method says"),
		nameRules("caller_name_rules", q.CallerNameRules))
	if q.Announce == "comfort" && q.Comfort == "" {
		out = append(out, Problem{ID: "no-audio", Level: Error, Field: "comfort", Text: "choose the audio that comforts the caller"})
	}
	return out
}

// ask looks at whether the members can be rung at all.
func (q *Queue) ask(known Known) []Problem {
	var out []Problem
	for i, m := range q.Members {
		at, registers := known.LastBinding(m.ContactMethod)
		if registers && known.Now().Sub(at) > noBinding {
			out = append(out, Problem{ID: "no-binding", Level: Warning, Field: fmt.Sprintf("members.%d.contact_method", i),
				Text: "no phone has been registered for it in the last 7 days"})
		}
	}
	return out
}

// Refs names the members and the audio.
func (q *Queue) Refs() []Ref {
	out := refs(Ref{RefAudio, q.HoldMusic, "hold_music"}, Ref{RefAudio, q.Ringback, "ringback"})
	if q.Announce == "comfort" {
		out = append(out, refs(Ref{RefAudio, q.Comfort, "comfort"})...)
	}
	for i, m := range q.Members {
		out = append(out, refs(Ref{RefContactMethod, m.ContactMethod, fmt.Sprintf("members.%d.contact_method", i)})...)
	}
	return out
}
