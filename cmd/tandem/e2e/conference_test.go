package e2e

import (
	"fmt"

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
	b := in.calling("101", "700", 600, "--keys", "99#", "--for", "60s")
	a := in.calling("100", "700", 440, "--keys", "1234", "--for", "60s")
	a.hears(600)
	b.hears(440)
	in.eventually("the panel shows both in the conference", func() error {
		var rooms []struct {
			Name    string
			Parties []struct{ Host bool }
		}
		if err := in.get("/api/conferences", &rooms); err != nil {
			return err
		}
		if len(rooms) != 1 || rooms[0].Name != "Monday meeting" || len(rooms[0].Parties) != 2 || rooms[0].Parties[0].Host == rooms[0].Parties[1].Host {
			return fmt.Errorf("conferences are %+v", rooms)
		}
		return nil
	})
	a.hangUp()
	b.hangUp()
	a.neverHeard(440)
	b.neverHeard(600)
}
