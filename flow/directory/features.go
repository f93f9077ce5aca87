package directory

import (
	"fmt"
	"strings"

	"tandem/flow/dialplan"
)

// Feature is something that a code does.
type Feature struct {
	ID, Title, Where string
	Default          string // its code until somebody changes it
}

// Features lists what codes do, in the order of the settings page.
var Features = []Feature{
	{"attended-transfer", "Attended transfer", "in a call", "*11"},
	{"unattended-transfer", "Unattended transfer", "in a call", "*22"},
	{"return", "Return to the first party", "in a transfer", "*0"},
	{"swap", "Swap the two parties", "in a transfer", "*12"},
	{"record", "Record on demand", "in a call", "*33"},
	{"pause-recording", "Pause and resume recording", "in a call", "*34"},
	{"park", "Park", "in a call", "*66"},
	{"pick-up", "Fetch or pick up, followed by an internal number", "idle", "*8"},
	{"queue-log-in", "Queue: log in or out", "idle", "*55"},
	{"queue-pause", "Queue: pause", "idle", "*56"},
	{"override", "Time router override, followed by its 2-digit code", "idle", "*77"},
}

// DefaultFeatureCodes are the codes of a fresh installation, all on.
func DefaultFeatureCodes() []FeatureCode {
	out := make([]FeatureCode, 0, len(Features))
	for _, f := range Features {
		out = append(out, FeatureCode{ID: f.ID, Code: f.Default, On: true})
	}
	return out
}

// FeatureCodeError is what is wrong with one code of a list.
type FeatureCodeError struct {
	At   int // its place in the list
	Text string
}

// Error names the code's place and what is wrong with it.
func (e *FeatureCodeError) Error() string { return fmt.Sprintf("code %d: %s", e.At+1, e.Text) }

// CheckFeatureCodes finds everything that is wrong with a list of codes. None of
// those that are on may begin another: it would be acted on before the longer
// one is complete.
func CheckFeatureCodes(codes []FeatureCode) (wrong []*FeatureCodeError) {
	titles := map[string]string{}
	for _, f := range Features {
		titles[f.ID] = f.Title
	}
	seen := map[string]bool{}
	for i, c := range codes {
		switch _, err := dialplan.ParseFeatureCode(c.Code); {
		case titles[c.ID] == "":
			wrong = append(wrong, &FeatureCodeError{i, "there is no such feature"})
		case seen[c.ID]:
			wrong = append(wrong, &FeatureCodeError{i, "this feature stands twice in the list"})
		case err != nil:
			wrong = append(wrong, &FeatureCodeError{i, "give * or # and 1 to 4 digits"})
		}
		seen[c.ID] = true
		for j, other := range codes {
			if i != j && c.On && other.On && c.Code != "" && strings.HasPrefix(other.Code, c.Code) {
				wrong = append(wrong, &FeatureCodeError{i, fmt.Sprintf("begins %s (%s)", other.Code, titles[other.ID])})
				break
			}
		}
	}
	return wrong
}
