package flow

import "testing"

// fallbacks are what an optional exit without a cable behaves as, by the tables
// of the product sheet; nothing means that the module itself ends the call.
var fallbacks = map[string]Exit{
	"phone-number overflow": "", "time-router holiday": "closed", "voice-menu invalid": "no-input", "ring-group unavailable": "no-answer",
	"queue no-members": "timeout", "queue full": "timeout", "queue escape": "timeout", "blocklist blocked": "", "conference refused": "",
}

func TestAnOptionalExitBehavesAsTheTableSays(t *testing.T) {
	seen := 0
	for kind, k := range Catalog {
		m := Module{Kind: kind, Settings: k.New()}
		for _, e := range m.Exits() {
			want, known := fallbacks[kind+" "+string(e.ID)]
			switch {
			case e.Main || e.ID == ExitError:
			case !known:
				t.Errorf("the table does not say what %s of a %s behaves as", e.ID, kind)
			case e.Fallback != want:
				t.Errorf("%s of a %s behaves as %q, want %q", e.ID, kind, e.Fallback, want)
			default:
				seen++
			}
			if e.Main && e.Fallback != "" {
				t.Errorf("the main exit %s of a %s falls back on %q", e.ID, kind, e.Fallback)
			}
		}
	}
	if seen != len(fallbacks) {
		t.Errorf("%d of %d optional exits were found", seen, len(fallbacks))
	}
}
