// Package scheduletest holds a reference of opening hours in 40 time zones,
// around the clock changes of 2026 and over a year's end full of exceptions.
//
// reference.py made the table from hours.json and knows nothing of the code that
// is held against it. The package is never imported outside tests.
package scheduletest

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"tandem/flow/schedule"
)

// Stretch is a time in which hours do not change, in one zone.
type Stretch struct {
	Zone     string
	From, To time.Time
	State    string // open, closed or holiday
	Last     bool   // of a window: what comes at To is not known
}

//go:embed hours.json
var hours []byte

//go:embed reference.txt
var reference string

// Hours are those of the reference, in a zone.
func Hours(zone string) (schedule.Hours, error) {
	var h schedule.Hours
	if err := json.Unmarshal(hours, &h); err != nil {
		return h, fmt.Errorf("hours of the reference: %w", err)
	}
	h.Zone = zone
	return h, nil
}

// Reference lists all stretches, each after the one before it.
func Reference() ([]Stretch, error) {
	var out []Stretch
	for line := range strings.Lines(reference) {
		var zone, at, state string
		if _, err := fmt.Sscan(line, &zone, &at, &state); err != nil {
			return nil, fmt.Errorf("reference %q: %w", line, err)
		}
		from, err := time.Parse("2006-01-02T15:04Z", at)
		if err != nil {
			return nil, fmt.Errorf("reference %q: %w", line, err)
		}
		if n := len(out); n > 0 && out[n-1].To.IsZero() {
			out[n-1].To, out[n-1].Last = from, state == "-"
		}
		if state != "-" {
			out = append(out, Stretch{Zone: zone, From: from, State: state})
		}
	}
	return out, nil
}
