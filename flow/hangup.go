package flow

import "slices"

// Hangup ends the call. Unanswered, the cause's status is the final response;
// answered, a BYE carries it in its Reason header.
type Hangup struct {
	Cause string `json:"cause,omitempty"` // one of HangupCauses; empty is normal
	Audio string `json:"audio,omitempty"` // id of an audio file, played first
}

// HangupCauses are the causes a flow may end a call with.
var HangupCauses = []string{"normal", "busy", "unavailable", "declined", "not-found", "congestion"}

// Exits: none.
func (*Hangup) Exits() []ExitSpec { return nil }

// Validate checks the cause.
func (h *Hangup) Validate() []Problem {
	return inRange("cause", h.Cause == "" || slices.Contains(HangupCauses, h.Cause), "normal, busy, unavailable, declined, not-found or congestion")
}

// Refs names the audio.
func (h *Hangup) Refs() []Ref { return refs(Ref{RefAudio, h.Audio, "audio"}) }
