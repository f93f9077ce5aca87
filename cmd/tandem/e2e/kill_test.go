package e2e

import (
	"testing"

	"tandem/flow/call"
)

// No process but the node is heard when it dies: two people talk on, hang up
// normally, and the ledger is complete.
func TestAKilledProcessIsNotHeard(t *testing.T) {
	in := start(t)
	for _, role := range []string{"worker", "web", "temporald"} {
		t.Run(role, in.sub(func(in *installation) { killWhileTalking(in, role) }))
	}
	t.Run("worker while the menu waits", in.sub(killWhileTheMenuWaits))
}

func killWhileTalking(in *installation, role string) {
	b := in.answering("101", 600, "--for", "60s")
	a := in.calling("100", "+15550100", 440, "--keys", "1", "--for", "60s")
	a.hears(600)
	b.hears(440)
	in.kill(role)
	in.ready()
	a.hangUp()
	b.ended()
	for _, p := range []*phone{a, b} {
		if m := p.media(); m.Lost != 0 {
			in.t.Errorf("%s lost %d packets while %s was killed:\n%s", p.name, m.Lost, role, p.story())
		}
	}
	e := in.lastCall()
	if e.Outcome != "talked" || e.Cause != call.CauseCallerHangup || len(e.Legs) != 2 || exits(e) != "phone-number:next voice-menu:key:1 ring-group:" {
		in.t.Errorf("the ledger is not complete: %+v", e)
	}
}

// The caller presses a key only after the worker died and came back.
func killWhileTheMenuWaits(in *installation) {
	b := in.answering("101", 600, "--for", "60s")
	a := in.calling("100", "+15550100", 440, "--keys", ",,,1", "--for", "60s")
	a.await("answered")
	in.kill("worker")
	a.hears(600)
	b.hears(440)
	a.hangUp()
	b.ended()
	if e := in.lastCall(); exits(e) != "phone-number:next voice-menu:key:1 ring-group:" || e.Outcome != "talked" {
		in.t.Errorf("the caller landed elsewhere: %s, %s", exits(e), e.Outcome)
	}
}
