package flow

import (
	"cmp"
	"strings"
)

// AudioPlayback plays audio and goes on.
type AudioPlayback struct {
	Audio   string `json:"audio"`              // id of an audio file
	Times   int    `json:"times,omitempty"`    // 1–10; 0 is the default 1
	Endless bool   `json:"endless,omitempty"`  // repeats until the caller leaves or keys SkipKey
	SkipKey string `json:"skip_key,omitempty"` // one symbol of 0-9 * #
	Early   bool   `json:"early,omitempty"`    // as early media, without answering
}

// WithDefaults fills what was left open.
func (a AudioPlayback) WithDefaults() AudioPlayback {
	a.Times = cmp.Or(a.Times, 1)
	return a
}

// Exits: next.
func (*AudioPlayback) Exits() []ExitSpec { return []ExitSpec{{ID: "next", Label: "next", Main: true}} }

// Validate checks the audio and ranges.
func (a *AudioPlayback) Validate() []Problem {
	var out []Problem
	if a.Audio == "" {
		out = append(out, Problem{ID: "no-audio", Level: Error, Field: "audio", Text: "choose the audio to play"})
	}
	out = append(out, inRange("times", between(a.WithDefaults().Times, 1, 10), "1 to 10")...)
	ok := a.SkipKey == "" || len(a.SkipKey) == 1 && strings.Contains(menuSymbols, a.SkipKey)
	return append(out, inRange("skip_key", ok, "one symbol of 0-9 * #")...)
}

// Refs names the audio.
func (a *AudioPlayback) Refs() []Ref { return refs(Ref{RefAudio, a.Audio, "audio"}) }
