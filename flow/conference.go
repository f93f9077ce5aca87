package flow

import (
	"cmp"
	"fmt"
)

// Conference lets all callers who reach it hear each other. It answers. There
// is one room for each module, whichever entry leads there.
type Conference struct {
	PIN         string `json:"pin,omitempty"`           // up to 4 digits; empty: open to everybody
	HostPIN     string `json:"host_pin,omitempty"`      // up to 4 other digits; empty: there is no host
	WaitForHost bool   `json:"wait_for_host,omitempty"` // music until a host is there
	Max         int    `json:"max,omitempty"`           // parties, 2–200; 0 is the default 50
	NoTones     bool   `json:"no_tones,omitempty"`      // no tone when somebody joins or leaves
	MusicAlone  string `json:"music_alone,omitempty"`   // id of an audio file or playlist; empty: the system's
	TypeAhead   bool   `json:"type_ahead,omitempty"`    // keys from before the prompt count
}

// Limits and defaults of a conference (product sheet 3.14).
const (
	MaxPIN            = 4
	MaxParties        = 200
	minParties        = 2
	defaultMaxParties = 50
)

// WithDefaults fills what was left open.
func (c Conference) WithDefaults() Conference {
	c.Max = cmp.Or(c.Max, defaultMaxParties)
	return c
}

// Exits: refused. Who leaves the conference leaves the call.
func (*Conference) Exits() []ExitSpec {
	return []ExitSpec{{ID: "refused", Label: "refused", Tone: "bad"}}
}

// Validate checks PINs and the number of parties.
func (c *Conference) Validate() []Problem {
	out := checkPIN("pin", c.PIN)
	out = append(out, checkPIN("host_pin", c.HostPIN)...)
	if c.HostPIN != "" && c.HostPIN != withheldPIN && c.HostPIN == c.PIN {
		out = append(out, inRange("host_pin", false, "other digits than those of the PIN")...)
	}
	if c.WaitForHost {
		out = append(out, required("host_pin", c.HostPIN != "")...) // else nobody could be the host
	}
	return append(out, inRange("max", between(c.WithDefaults().Max, minParties, MaxParties), fmt.Sprintf("%d to %d", minParties, MaxParties))...)
}

func checkPIN(field, pin string) []Problem {
	if pin == withheldPIN {
		return []Problem{{ID: "setting-missing", Level: Error, Field: field, Text: "an import has no PIN: choose one, or leave it empty"}}
	}
	return inRange(field, pin == "" || allDigits(pin) && len(pin) <= MaxPIN, fmt.Sprintf("up to %d digits", MaxPIN))
}

// withheldPIN stands in a file for a PIN: were it left out, the conference would
// open to everybody where the file is imported.
const withheldPIN = "?"

func (c *Conference) withoutSecrets() Settings {
	out := *c
	for _, pin := range []*string{&out.PIN, &out.HostPIN} {
		if *pin != "" {
			*pin = withheldPIN
		}
	}
	return &out
}

// Refs names the music.
func (c *Conference) Refs() []Ref { return refs(Ref{RefAudio, c.MusicAlone, "music_alone"}) }
