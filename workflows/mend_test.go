package workflows

import (
	"testing"

	"tandem/flow"
)

// Where no cable leads from the error exit, routers go on as the sheet says. A
// caller router asks nobody, so no golden flow can make it fail.
func TestRoutersGoOnAfterAFault(t *testing.T) {
	for _, c := range []struct {
		kind string
		s    flow.Settings
		want flow.Exit
	}{
		{"time-router", &flow.TimeRouter{}, "closed"},
		{"caller-router", &flow.CallerRouter{}, "allow"},
		{"caller-router", &flow.CallerRouter{Default: "disallow"}, "disallow"},
		{"blocklist", &flow.Blocklist{}, "next"},
		{"audio-playback", &flow.AudioPlayback{}, "next"},
	} {
		if got := onFault[c.kind](c.s); got != c.want {
			t.Errorf("%s goes on by %s, want %s", c.kind, got, c.want)
		}
	}
}

// Whoever stands in the table has the exit that it names.
func TestAFaultLeadsToAnExitThatThereIs(t *testing.T) {
	for kind, exit := range onFault {
		m := flow.Module{Kind: kind, Settings: flow.Catalog[kind].New()}
		if _, ok := m.Exit(exit(m.Settings)); !ok {
			t.Errorf("%s has no exit %q", kind, exit(m.Settings))
		}
	}
}
