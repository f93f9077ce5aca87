package directory

import (
	"fmt"
	"slices"
	"strings"

	"tandem/flow/dialplan"
)

// Feature is something that a code does.
type Feature struct {
	ID, Title, Where string
	Default          string // its code until somebody changes it
	Digits           int    // that follow the code
	Read             bool   // the others are kept for what is still to come
}

// Features that are dialled when idle.
const (
	FeatureQueueLogIn = "queue-log-in"
	FeatureQueuePause = "queue-pause"
	FeatureOverride   = "override"
)

// Features lists what codes do, in the order of the settings page.
var Features = []Feature{
	{ID: "attended-transfer", Title: "Attended transfer", Where: "in a call", Default: "*11"},
	{ID: "unattended-transfer", Title: "Unattended transfer", Where: "in a call", Default: "*22"},
	{ID: "return", Title: "Return to the first party", Where: "in a transfer", Default: "*0"},
	{ID: "swap", Title: "Swap the two parties", Where: "in a transfer", Default: "*12"},
	{ID: "record", Title: "Record on demand", Where: "in a call", Default: "*33"},
	{ID: "pause-recording", Title: "Pause and resume recording", Where: "in a call", Default: "*34"},
	{ID: "park", Title: "Park", Where: "in a call", Default: "*66"},
	{ID: "pick-up", Title: "Fetch or pick up, followed by an internal number", Where: "idle", Default: "*8"},
	{ID: FeatureQueueLogIn, Title: "Queue: log in or out", Where: "idle", Default: "*55", Read: true},
	{ID: FeatureQueuePause, Title: "Queue: pause or go on", Where: "idle", Default: "*56", Read: true},
	{ID: FeatureOverride, Title: "Time router override, followed by its 2-digit code", Where: "idle", Default: "*77", Digits: 2, Read: true},
}

// DefaultFeatureCodes are the codes of a fresh installation, all on.
func DefaultFeatureCodes() []FeatureCode {
	out := make([]FeatureCode, 0, len(Features))
	for _, f := range Features {
		out = append(out, FeatureCode{ID: f.ID, Code: f.Default, On: true})
	}
	return out
}

// ReadFeature finds what a code that was dialled when idle asks for, and the
// digits behind it, among those that are on and read.
func ReadFeature(codes []FeatureCode, dialled string) (f Feature, digits string, ok bool) {
	for _, c := range codes {
		i := slices.IndexFunc(Features, func(f Feature) bool { return f.ID == c.ID && f.Read && f.Where == "idle" })
		digits, begins := strings.CutPrefix(dialled, c.Code)
		if i < 0 || !c.On || !begins || len(digits) != Features[i].Digits || strings.Trim(digits, "0123456789") != "" {
			continue
		}
		return Features[i], digits, true
	}
	return Feature{}, "", false
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
