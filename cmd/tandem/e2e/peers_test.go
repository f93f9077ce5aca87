package e2e

import (
	"fmt"
	"strings"
	"testing"

	"tandem/flow/call"
)

const samplePassword = "sample-of-peers"

// What caller and callee say.
const (
	callerHz = 700
	calleeHz = 900
)

// Phones of three makes call each other through the menu, and each hears the
// other and not itself.
func TestPhonesOfAllMakesTalk(t *testing.T) {
	in := start(t, "TANDEM_SAMPLE_PASSWORD="+samplePassword)
	makes := []struct {
		name string
		make func(in *installation, account, transport string, hz int, callee bool) talker
	}{{"dial", newDial}, {"baresip", newBaresip}, {"linphone", newLinphone}}
	for _, transport := range []string{"udp", "tcp"} {
		for _, a := range makes {
			for _, b := range makes {
				if a.name == "dial" && b.name == "dial" {
					continue // TestCalls has it
				}
				t.Run(transport+"/"+a.name+" to "+b.name, in.sub(func(in *installation) {
					callee := b.make(in, "101", transport, calleeHz, true)
					caller := a.make(in, "100", transport, callerHz, false)
					talk(in, caller, callee)
					in.talkedOver(transport)
				}))
			}
		}
	}
}

func talk(in *installation, caller, callee talker) {
	in.t.Helper()
	caller.dial("+15550100", "1")
	caller.hears(calleeHz)
	callee.hears(callerHz)
	caller.hangUp()
	callee.over()
	caller.neverHeard(callerHz)
	callee.neverHeard(calleeHz)
}

// talkedOver looks at the ledger of a call from menu to phone.
func (in *installation) talkedOver(transport string) {
	in.t.Helper()
	e := in.lastCall()
	if got, want := exits(e), "phone-number:next voice-menu:key:1 ring-group:"; got != want || e.Outcome != "talked" || e.Cause != call.CauseCallerHangup {
		in.t.Errorf("path %q, want %q; %s, %s", got, want, e.Outcome, e.Cause)
	}
	if len(e.Legs) != 2 {
		in.t.Errorf("%d legs", len(e.Legs))
	}
	for _, l := range e.Legs {
		if !strings.HasSuffix(strings.ToLower(l.Remote), "/"+transport) {
			in.t.Errorf("leg %s went to %s, want %s", l.Side, l.Remote, transport)
		}
	}
}

// dialPhone is `tandem dial` as a talker.
type dialPhone struct {
	*phone
	in                 *installation
	account, transport string
	hz                 int
}

func newDial(in *installation, account, transport string, hz int, callee bool) talker {
	in.t.Helper()
	d := &dialPhone{in: in, account: account, transport: transport, hz: hz}
	if callee {
		d.phone = in.answering(account, hz, "--for", "40s", "--transport", transport)
	}
	return d
}

func (d *dialPhone) dial(number, key string) {
	d.in.t.Helper()
	d.phone = d.in.calling(d.account, number, d.hz, "--keys", key, "--for", "40s", "--transport", d.transport)
}

func (d *dialPhone) over() {
	d.in.t.Helper()
	if last, code := d.ended(); code != 0 {
		d.in.t.Errorf("%s: %s", d.name, fmt.Sprint(last.Cause, " ", code))
	}
}
