package e2e

import (
	"tandem/flow"
)

// meeting is a conference behind the internal number 700, with PIN 1234.
var meeting = flow.Flow{ID: "meeting", Name: "Meeting",
	Modules: []flow.Module{
		{ID: "in", Kind: "internal-number", Name: "700", Settings: &flow.InternalNumber{InternalNumber: "700"}},
		{ID: "room", Kind: "conference", Name: "Monday meeting", Settings: &flow.Conference{PIN: "1234", HostPIN: "99"}},
	},
	Cables: []flow.Cable{{From: "in", Exit: "next", To: "room"}},
}

// publish puts a flow into the installation.
func (in *installation) publish(f flow.Flow) {
	in.t.Helper()
	store := in.openStore()
	if err := store.CreateFlow(in.t.Context(), f, "tests"); err != nil {
		in.t.Fatal(err)
	}
	if _, err := store.Publish(in.t.Context(), f.ID, 1, "tests", ""); err != nil {
		in.t.Fatal(err)
	}
}

func conferenceCall(in *installation) {
	in.publish(meeting)
	b := in.calling("101", "700", 600, "--keys", "1234", "--for", "60s")
	a := in.calling("100", "700", 440, "--keys", "1234", "--for", "60s")
	a.hears(600)
	b.hears(440)
	a.hangUp()
	b.hangUp()
	a.neverHeard(440)
	b.neverHeard(600)
}
