package flow

import "testing"

// Where no cable leads from the error exit, routers go on as the sheet says. A
// caller router asks nobody, so no golden flow can make it fail.
func TestRoutersGoOnAfterAFault(t *testing.T) {
	for _, c := range []struct {
		kind string
		s    Settings
		want Exit
	}{
		{"time-router", &TimeRouter{}, "closed"},
		{"caller-router", &CallerRouter{}, "allow"},
		{"caller-router", &CallerRouter{Default: "disallow"}, "disallow"},
		{"blocklist", &Blocklist{}, "next"},
		{"audio-playback", &AudioPlayback{}, "next"},
		{"ring-group", &RingGroup{}, ""},
	} {
		m := Module{Kind: c.kind, Settings: c.s}
		spec, ok := m.Exit(ExitError)
		if m.OnFault() != c.want || !ok || spec.Fallback != c.want {
			t.Errorf("%s goes on by %q and shows %+v, want %q", c.kind, m.OnFault(), spec, c.want)
		}
	}
}

// Whoever stands in the table has the exit that it names.
func TestAFaultLeadsToAnExitThatThereIs(t *testing.T) {
	for kind := range onFault {
		m := Module{Kind: kind, Settings: Catalog[kind].New()}
		if _, ok := m.Exit(m.OnFault()); !ok {
			t.Errorf("%s has no exit %q", kind, m.OnFault())
		}
	}
}
