package flow

import (
	"strings"
	"testing"
)

// elsewhere is an office in which somebody else holds every number.
type elsewhere struct{ office }

func (elsewhere) Claimed(r Ref) (by string, taken bool) {
	return `contact method "Desk"`, r.Kind == RefNumber || r.Kind == RefInternalNumber
}

func TestANumberThatMovesHereIsAWarningThatNamesItsClaimant(t *testing.T) {
	for _, tt := range []struct{ settings, id string }{
		{`"settings":{"number":"+15550100","move":true}`, "number-moves"},
		{`"settings":{"internal_number":"200","move":true}`, "internal-number-moves"},
	} {
		text := strings.Replace(mainLine, `"settings":{"number":"+15550100"}`, tt.settings, 1)
		if tt.id == "internal-number-moves" {
			text = strings.Replace(text, `"kind":"phone-number"`, `"kind":"internal-number"`, 1)
		}
		got := Validate(parsed(t, text), elsewhere{})
		if len(got) != 1 || got[0].ID != tt.id || got[0].Level != Warning || !strings.Contains(got[0].Text, `from contact method "Desk"`) {
			t.Errorf("%s: %+v", tt.settings, got)
		}
	}
}

func TestANumberMovesOncePerWish(t *testing.T) {
	f := parsed(t, strings.Replace(mainLine, `"number":"+15550100"`, `"number":"+15550100","move":true`, 1))
	if !f.Moving() {
		t.Error("the wish is not seen")
	}
	if out := f.Published(); out.Moving() || out.Modules[0].Settings.(*PhoneNumber).Number != "+15550100" {
		t.Errorf("the published flow: %+v", out.Modules[0].Settings)
	}
	if !f.Moving() {
		t.Error("publishing has changed the draft it was made of")
	}
	if f.Modules[0].Shelved = true; f.Moving() {
		t.Error("a shelved module moves a number")
	}
}
