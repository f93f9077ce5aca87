package flow

import "cmp"

// KindCallback is the key of Callback in Catalog.
const KindCallback = "callback"

// Callback offers a caller who has waited in a queue to hang up and be called
// when it is their turn. It answers.
type Callback struct {
	NumberPrompt string `json:"number_prompt,omitempty"` // id of the audio that asks for the number; empty: the system's
	Window       int    `json:"window,omitempty"`        // minutes after which nobody calls any more, 15–1440; 0 is the default 120
	Tries        int    `json:"tries,omitempty"`         // calls until somebody answers, 1–5; 0 is the default 3
}

// Exits of a callback.
const (
	ExitAccepted Exit = "accepted"
	ExitDeclined Exit = "declined"
)

// Limits and defaults of a callback (product sheet 3.15).
const (
	minCallbackWindow     = 15
	maxCallbackWindow     = 24 * 60
	maxCallbackTries      = 5
	defaultCallbackWindow = 120
	defaultCallbackTries  = 3
)

// WithDefaults fills what was left open.
func (c Callback) WithDefaults() Callback {
	c.Window, c.Tries = cmp.Or(c.Window, defaultCallbackWindow), cmp.Or(c.Tries, defaultCallbackTries)
	return c
}

// Exits: accepted, declined.
func (*Callback) Exits() []ExitSpec {
	return []ExitSpec{{ID: ExitAccepted, Label: "accepted", Main: true, Tone: "good"}, {ID: ExitDeclined, Label: "declined", Main: true, Tone: "bad"}}
}

// Validate checks ranges.
func (c *Callback) Validate() []Problem {
	set := c.WithDefaults()
	return append(inRange("window", between(set.Window, minCallbackWindow, maxCallbackWindow), "15 minutes to 24 hours"),
		inRange("tries", between(set.Tries, 1, maxCallbackTries), "1 to 5")...)
}

// Refs names the prompt.
func (c *Callback) Refs() []Ref { return refs(Ref{RefAudio, c.NumberPrompt, "number_prompt"}) }
