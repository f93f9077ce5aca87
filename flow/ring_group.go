package flow

import (
	"cmp"
	"fmt"
	"time"
)

// RingGroup rings destinations along a time line of 60 s. It answers when one
// of them has answered.
type RingGroup struct {
	Destinations    []RingDestination `json:"destinations,omitempty"`      // 1–10
	Ringback        string            `json:"ringback,omitempty"`          // id of an audio file or playlist; empty: the network's tone
	HoldMusic       string            `json:"hold_music,omitempty"`        // likewise, for who is put on hold; empty: the system's
	CallerNameRules []NameRule        `json:"caller_name_rules,omitempty"` // how those rung see the caller
	Confirm         string            `json:"confirm,omitempty"`           // press 1 to accept: on, off; empty: as the contact method says
}

// RingDestination is one bar on the time line.
type RingDestination struct {
	ContactMethod  string `json:"contact_method"`
	Start          int    `json:"start,omitempty"`           // s, 0–55
	Length         int    `json:"length,omitempty"`          // s, 5–60; 0 is the default 20
	IgnoreSchedule bool   `json:"ignore_schedule,omitempty"` // rings outside its owner's opening hours too
}

// Limits and defaults of a ring group (product sheet 3.5).
const (
	MaxRingDestinations  = 10
	ManyRingDestinations = 4 // and more are better off in a queue
	RingTimeline         = 60
	defaultRingLength    = 20
)

// WithDefaults fills what was left open.
func (d RingDestination) WithDefaults() RingDestination {
	d.Length = cmp.Or(d.Length, defaultRingLength)
	return d
}

// Exits: no-answer, unavailable.
func (*RingGroup) Exits() []ExitSpec {
	return []ExitSpec{
		{ID: "no-answer", Label: "no answer", Main: true},
		{ID: "unavailable", Label: "unavailable", Fallback: "no-answer"},
	}
}

// Validate checks the time line.
func (r *RingGroup) Validate() []Problem {
	out := append(nameRules("caller_name_rules", r.CallerNameRules),
		inRange("confirm", r.Confirm == "" || r.Confirm == "on" || r.Confirm == "off", "on, off, or as the contact method says")...)
	if len(r.Destinations) == 0 {
		return append(out, Problem{ID: "ring-empty", Level: Error, Field: "destinations", Text: "add somebody to ring"})
	}
	out = append(out, inRange("destinations", len(r.Destinations) <= MaxRingDestinations, fmt.Sprintf("at most %d destinations", MaxRingDestinations))...)
	atZero := false
	for i, d := range r.Destinations {
		d = d.WithDefaults()
		field := func(name string) string { return fmt.Sprintf("destinations.%d.%s", i, name) }
		out = append(out, required(field("contact_method"), d.ContactMethod != "")...)
		out = append(out, inRange(field("start"), between(d.Start, 0, 55), "0 to 55 seconds")...)
		out = append(out, inRange(field("length"), between(d.Length, 5, 60), "5 to 60 seconds")...)
		if d.Start+d.Length > RingTimeline {
			out = append(out, Problem{ID: "ring-length", Level: Error, Field: field("length"),
				Text: fmt.Sprintf("ends at %d s, the time line is %d s long", d.Start+d.Length, RingTimeline)})
		}
		atZero = atZero || d.Start == 0
	}
	if !atZero {
		out = append(out, Problem{ID: "ring-start", Level: Error, Field: "destinations", Text: "nobody rings at the start"})
	}
	if len(r.Destinations) >= ManyRingDestinations {
		out = append(out, Problem{ID: "ring-many", Level: Warning, Field: "destinations", Text: "a queue serves this many destinations better"})
	}
	return out
}

// noBinding is how long no phone may have been registered before it is odd.
const noBinding = 7 * 24 * time.Hour

// ask looks at who the destinations are.
func (r *RingGroup) ask(known Known) []Problem {
	var out []Problem
	external := 0
	for i, d := range r.Destinations {
		if known.External(d.ContactMethod) {
			external++
		}
		at, registers := known.LastBinding(d.ContactMethod)
		if registers && known.Now().Sub(at) > noBinding {
			out = append(out, Problem{ID: "no-binding", Level: Warning, Field: fmt.Sprintf("destinations.%d.contact_method", i),
				Text: "no phone has been registered for it in the last 7 days"})
		}
	}
	if external > 1 {
		out = append(out, Problem{ID: "ring-several-external", Level: Warning, Field: "destinations",
			Text: fmt.Sprintf("rings %d forwardings, each of them a call out; a queue serves this better", external)})
	}
	return append(out, r.overLimit(known)...)
}

// overLimit looks for destinations that ring more often at once than they take
// calls: the first rings, and the others wait until it is over.
func (r *RingGroup) overLimit(known Known) []Problem {
	var out []Problem
	for i, d := range r.Destinations {
		together := 1
		for _, before := range r.Destinations[:i] {
			if before.ContactMethod == d.ContactMethod && before.overlaps(d) {
				together++
			}
		}
		if limit := known.AtOnce(d.ContactMethod); limit > 0 && together > limit {
			out = append(out, Problem{ID: "ring-over-limit", Level: Warning, Field: fmt.Sprintf("destinations.%d.contact_method", i),
				Text: fmt.Sprintf("rings %d times at once and takes %d; it waits until another one is over", together, limit)})
		}
	}
	return out
}

func (d RingDestination) overlaps(other RingDestination) bool {
	d, other = d.WithDefaults(), other.WithDefaults()
	return d.Start < other.Start+other.Length && other.Start < d.Start+d.Length
}

// Refs names the contact methods and the audio.
func (r *RingGroup) Refs() []Ref {
	out := refs(Ref{RefAudio, r.Ringback, "ringback"}, Ref{RefAudio, r.HoldMusic, "hold_music"})
	for i, d := range r.Destinations {
		out = append(out, refs(Ref{RefContactMethod, d.ContactMethod, fmt.Sprintf("destinations.%d.contact_method", i)})...)
	}
	return out
}
