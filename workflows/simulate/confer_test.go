package simulate

import (
	"strings"
	"testing"

	"tandem/flow"
)

func meeting(c flow.Conference) flow.Flow {
	return draw([]flow.Module{
		entry(),
		{ID: "room", Kind: "conference", Settings: &c},
		hangup("bye", flow.Hangup{Cause: "busy"}),
	}, "line next room", "room refused bye")
}

func TestAConferenceIsImaginedAlone(t *testing.T) {
	for claim, c := range map[string]struct {
		set  flow.Conference
		sc   flow.Scenario
		says string
		ends string
	}{
		"the caller is alone until patience ends": {
			flow.Conference{}, flow.Scenario{GiveUp: seconds(90)}, "alone, and hears music",
			"line:next(entered) room:(caller-hangup) answered caller-hangup 1m30s"},
		"a guest waits for the host": {
			flow.Conference{PIN: "1234", HostPIN: "99", WaitForHost: true},
			flow.Scenario{GiveUp: seconds(60), Keys: []flow.Keying{{Digits: "1234"}}}, "no host is there yet",
			"line:next(entered) room:(caller-hangup) answered caller-hangup 1m0s"},
		"three tries are all there is": {
			flow.Conference{PIN: "1234"}, flow.Scenario{Keys: []flow.Keying{{Digits: "9#"}, {Digits: ""}, {Digits: "4321"}}}, "the caller keys 9",
			"line:next(entered) room:refused(wrong-pin) bye:(hangup) answered busy"},
		"a host ends it for all": {
			flow.Conference{HostPIN: "99"}, flow.Scenario{Keys: []flow.Keying{{Digits: "99#"}, {Digits: "*2*9", After: seconds(20)}}}, "the host ends the conference for all",
			"line:next(entered) room:(ended-for-all) answered normal"},
		"a guest cannot": {
			flow.Conference{}, flow.Scenario{Keys: []flow.Keying{{Digits: "*9"}}, GiveUp: seconds(30)}, "alone",
			"line:next(entered) room:(caller-hangup) answered caller-hangup 30s"},
	} {
		got := told(run(t, meeting(c.set), c.sc))
		if !strings.Contains(got, c.says) || !strings.Contains(got, c.ends) {
			t.Errorf("%s:\n%s\nwant %q and %q", claim, got, c.says, c.ends)
		}
	}
}
