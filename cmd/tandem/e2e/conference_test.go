package e2e

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"tandem/flow"
)

// meeting is a conference behind the internal number 710, with PIN 1234.
var meeting = flow.Flow{ID: "monday-meeting", Name: "Monday meeting",
	Modules: []flow.Module{
		{ID: "in", Kind: "internal-number", Name: "710", Settings: &flow.InternalNumber{InternalNumber: "710"}},
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
	b := in.calling("101", "710", 600, "--keys", "99#", "--for", "60s")
	a := in.calling("100", "710", 440, "--keys", "1234", "--for", "60s")
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

// Callers of two nodes meet in one room, each hearing the other; the second node
// finds the first by the register of rooms and leads its caller there.
func TestAConferenceSpansNodes(t *testing.T) {
	in := start(t)
	in.publish(meeting)
	away := in.secondNode("n2")
	a := in.calling("100", "710", 440, "--keys", "1234", "--for", "60s")
	a.await("answered")
	in.eventually("the first is in the conference", func() error { return in.conferring(1) })
	b := away.calling("101", "710", 600, "--keys", "99#,,,,,,,,*1", "--for", "60s")
	a.hears(600)
	b.hears(440)
	if err := in.conferring(2); err != nil {
		t.Error(err)
	}
	b.awaitThat("that it mutes itself", func(e event) bool { return e.Event == "key-sent" && e.Key == "1" })
	began := time.Now()
	in.eventually("the panel shows who is muted", in.hostIsMuted)
	t.Logf("the panel shows it after %v", time.Since(began))
	b.hangUp()
	a.hangUp()
	a.neverHeard(440)
	b.neverHeard(600)
	e := away.lastCall()
	if e.Node != "n2" || len(e.Legs) != 2 || e.Legs[1].Party.Name != "Conference on n1" || e.Legs[1].Media.Received == 0 {
		t.Errorf("the call of the second node is %+v", e)
	}
}

// conferring tells whether so many are in the one conference there is.
func (in *installation) conferring(parties int) error {
	var rooms []struct{ Parties []struct{} }
	if err := in.get("/api/conferences", &rooms); err != nil {
		return err
	}
	if len(rooms) != 1 || len(rooms[0].Parties) != parties {
		return fmt.Errorf("conferences are %+v, want one of %d", rooms, parties)
	}
	return nil
}

// hostIsMuted tells whether of the two in the conference the host is muted, and
// nobody else.
func (in *installation) hostIsMuted() error {
	var rooms []struct{ Parties []struct{ Host, Muted bool } }
	if err := in.get("/api/conferences", &rooms); err != nil {
		return err
	}
	for _, r := range rooms {
		for _, p := range r.Parties {
			if p.Host != p.Muted {
				return fmt.Errorf("conferences are %+v", rooms)
			}
		}
	}
	return nil
}

// secondNode starts one more node of the installation, and is the installation as
// seen by who calls that one.
func (in *installation) secondNode(name string) *installation {
	in.t.Helper()
	store := in.openStore()
	cmd := exec.Command(binary(in.t, "tandem"), "node")
	sip := "127.0.0.1:" + freePort(in.t)
	cmd.Env = append(os.Environ(), "TANDEM_DATA="+in.Data, "DATABASE_URL="+in.databaseURL(), "TEMPORAL_ADDRESS="+in.Temporal, "TEMPORAL_NAMESPACE="+in.Namespace,
		"TANDEM_NODE="+name, "TANDEM_SIP="+sip, "TANDEM_RTP="+rtpRange(), "TANDEM_DRAIN=2s")
	cmd.Stderr = in.log
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	if err := cmd.Start(); err != nil {
		in.t.Fatal(err)
	}
	in.t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // fails only when it has ended, which Wait tells
		if err := cmd.Wait(); err != nil {
			in.t.Errorf("node %s ended with %v\n%s", name, err, in.lastLog())
		}
	})
	in.eventually("node "+name+" is ready", func() error {
		roles, err := store.Roles(in.t.Context())
		for _, r := range roles {
			if r.Role == "node" && r.ID == name && r.Ready {
				return nil
			}
		}
		return errors.Join(err, errors.New("it is not"))
	})
	there := *in
	there.SIP = sip
	return &there
}
