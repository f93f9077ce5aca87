package main

import (
	"math"

	"tandem/sipmedia/audio"
)

// heardTone is one tone in what was heard.
type heardTone struct {
	hz    int
	level float64 // dBm0
}

// What counts as a tone: loud enough to be meant, and standing out from what
// is beside it. Speech does not: its partials move within a second.
const (
	toneStep  = 10  // Hz between two looks
	toneFloor = -25 // dBm0
	toneAbove = 15  // dB above the look toneAside away
	toneAside = 40  // Hz
	toneMost  = 4
)

// findTones names the steady tones of about a second of audio, lowest first.
func findTones(c audio.Clip) []heardTone {
	var looks []float64
	for hz := minTone - toneAside; hz <= maxTone+toneAside; hz += toneStep {
		looks = append(looks, float64(hz))
	}
	levels := audio.Detect(c, looks...)
	const aside = toneAside / toneStep
	var out []heardTone
	for i := aside; i < len(levels)-aside && len(out) < toneMost; i++ {
		peak := levels[i] >= levels[i-1] && levels[i] > levels[i+1]
		if peak && levels[i] >= toneFloor && levels[i] >= levels[i-aside]+toneAbove && levels[i] >= levels[i+aside]+toneAbove {
			out = append(out, heardTone{int(looks[i]), math.Round(levels[i]*10) / 10})
		}
	}
	return out
}
