package flow

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// VoiceMenu asks the caller to key one of its entries. It answers.
type VoiceMenu struct {
	Audio      string   `json:"audio"`                 // id of an audio file or playlist
	Entries    []string `json:"entries,omitempty"`     // 1–40 of 1–4 symbols 0-9 * #
	Timeout    int      `json:"timeout,omitempty"`     // s from the end of the audio, 1–120; 0 is the default 5
	Playbacks  int      `json:"playbacks,omitempty"`   // 1–11; 0 is the default 3
	InterDigit int      `json:"inter_digit,omitempty"` // s between keys, 1–10; 0 is the default 2
	NoBargeIn  bool     `json:"no_barge_in,omitempty"` // keys do not silence the audio
	DirectDial bool     `json:"direct_dial,omitempty"` // any internal number may be keyed as well; an entry wins over an equal one
	TypeAhead  bool     `json:"type_ahead,omitempty"`  // keys from before the audio count
}

// Limits and defaults of a voice menu (product sheet 3.4).
const (
	MaxMenuEntries     = 40
	MaxEntryLength     = 4
	defaultMenuTimeout = 5
	defaultPlaybacks   = 3
	defaultInterDigit  = 2
	menuSymbols        = "0123456789*#"
)

// WithDefaults fills what was left open.
func (v VoiceMenu) WithDefaults() VoiceMenu {
	v.Timeout = cmp.Or(v.Timeout, defaultMenuTimeout)
	v.Playbacks = cmp.Or(v.Playbacks, defaultPlaybacks)
	v.InterDigit = cmp.Or(v.InterDigit, defaultInterDigit)
	return v
}

// Exits: one for each entry, no-input, invalid.
func (v *VoiceMenu) Exits() []ExitSpec {
	var out []ExitSpec
	for _, e := range v.Entries {
		out = append(out, ExitSpec{ID: KeyExit(e), Label: e, Main: true})
	}
	return append(out,
		ExitSpec{ID: "no-input", Label: "no input", Main: true},
		ExitSpec{ID: "invalid", Label: "invalid", Fallback: "no-input"})
}

// Validate checks entries and ranges.
func (v *VoiceMenu) Validate() []Problem {
	d := v.WithDefaults()
	out := required("entries", len(v.Entries) > 0)
	if v.Audio == "" {
		out = append(out, Problem{ID: "no-audio", Level: Error, Field: "audio", Text: "choose the audio that asks the caller"})
	}
	out = append(out, inRange("entries", len(v.Entries) <= MaxMenuEntries, fmt.Sprintf("at most %d entries", MaxMenuEntries))...)
	out = append(out, inRange("timeout", between(d.Timeout, 1, 120), "1 to 120 seconds")...)
	out = append(out, inRange("playbacks", between(d.Playbacks, 1, 11), "1 to 11")...)
	out = append(out, inRange("inter_digit", between(d.InterDigit, 1, 10), "1 to 10 seconds")...)
	for i, e := range v.Entries[:min(len(v.Entries), MaxMenuEntries)] {
		out = append(out, v.checkEntry(i, e)...)
	}
	return out
}

func (v *VoiceMenu) checkEntry(i int, e string) []Problem {
	field := fmt.Sprintf("entries.%d", i)
	if e == "" || len(e) > MaxEntryLength || strings.Trim(e, menuSymbols) != "" {
		return inRange(field, false, "1 to 4 symbols of 0-9 * #")
	}
	if slices.Index(v.Entries, e) != i {
		return []Problem{{ID: "menu-clash", Level: Error, Field: field, Text: fmt.Sprintf("entry %s stands twice", e)}}
	}
	if why := v.hashClash(e); why != "" {
		return []Problem{{ID: "menu-clash", Level: Error, Field: field, Text: why}}
	}
	if other := v.longer(e); other != "" {
		return []Problem{{ID: "menu-prefix", Level: Warning, Field: field,
			Text: fmt.Sprintf("entry %s begins entry %s, so it waits for the inter-digit timer", e, other)}}
	}
	return nil
}

// hashClash says why an entry cannot hold the # that ends what could go on; empty:
// it can.
func (v *VoiceMenu) hashClash(e string) string {
	before, ok := strings.CutSuffix(e, "#")
	switch {
	case !ok:
		return ""
	case before != "" && slices.Contains(v.Entries, before):
		return fmt.Sprintf("entry %s is entry %s and the # that ends it", e, before)
	case before != "":
		return ""
	case v.DirectDial:
		return "# is an entry and ends an internal number as well"
	}
	for _, short := range v.Entries {
		if long := v.longer(short); short != "" && long != "" {
			return fmt.Sprintf("# is an entry and ends entry %s as well, since %s could follow", short, long)
		}
	}
	return ""
}

// longer is an entry that begins with another; empty: there is none.
func (v *VoiceMenu) longer(e string) string {
	for _, other := range v.Entries {
		if other != e && strings.HasPrefix(other, e) {
			return other
		}
	}
	return ""
}

// Refs names the audio.
func (v *VoiceMenu) Refs() []Ref { return refs(Ref{RefAudio, v.Audio, "audio"}) }
