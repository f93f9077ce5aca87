package simulate

import (
	"strings"
	"testing"

	"tandem/flow"
)

func bars(all ...flow.RingDestination) flow.Flow {
	return draw([]flow.Module{entry(), group("desk", all...)}, "line next desk")
}

func TestARingGroupTellsWhoRangWhenAndWhatTheyDid(t *testing.T) {
	off := bars(flow.RingDestination{ContactMethod: "mobile", Length: 10})
	off.Modules[1].Settings.(*flow.RingGroup).Confirm = "off"
	all := bars(flow.RingDestination{ContactMethod: "ann", Length: 10})
	all.Modules[1].Settings.(*flow.RingGroup).Confirm = "on"
	for _, c := range []struct {
		claim string
		f     flow.Flow
		sc    flow.Scenario
		want  string
	}{
		{"whoever answers confirms and hears the whisper before the caller", bars(flow.RingDestination{ContactMethod: "mobile", Length: 10}), flow.Scenario{TalkFor: seconds(4)}, `
0s mobile rings
3s mobile answers
3s mobile is asked to confirm
5s mobile keys 1
5s mobile hears the whisper
10s the caller hangs up`},
		{"a mailbox that confirms nothing does not take the call, and the next rings meanwhile",
			bars(flow.RingDestination{ContactMethod: "mobile", Length: 10}, flow.RingDestination{ContactMethod: "ann", Start: 10, Length: 20}),
			flow.Scenario{Phones: map[string]flow.Phone{"mobile": {Confirms: "ignores"}, "ann": {Does: "silent"}}}, `
0s mobile rings
3s mobile answers
3s mobile is asked to confirm
10s ann rings
18s mobile has not confirmed and is released
30s ann stops ringing, nobody has answered`},
		{"who hangs up instead lets the next ring at once",
			bars(flow.RingDestination{ContactMethod: "mobile", Length: 10}, flow.RingDestination{ContactMethod: "ann", Start: 10, Length: 20}),
			flow.Scenario{Phones: map[string]flow.Phone{"mobile": {Confirms: "hangs-up"}, "ann": {Does: "declines"}}}, `
0s mobile rings
3s mobile answers
3s mobile is asked to confirm
5s mobile hangs up
5s ann rings
8s ann declines`},
		{"of two who are there the first to confirm wins",
			bars(flow.RingDestination{ContactMethod: "mobile", Length: 10}, flow.RingDestination{ContactMethod: "mobile-2", Length: 10}),
			flow.Scenario{TalkFor: seconds(4), Phones: map[string]flow.Phone{"mobile": {Confirms: "ignores"}}}, `
0s mobile rings
0s mobile-2 rings
3s mobile answers
3s mobile is asked to confirm
3s mobile-2 answers
3s mobile-2 is asked to confirm
5s mobile-2 keys 1
5s mobile is released: answered elsewhere
5s mobile-2 hears the whisper
10s the caller hangs up`},
		{"a caller who gives up in the confirming is missed", bars(flow.RingDestination{ContactMethod: "mobile", Length: 10}), flow.Scenario{GiveUp: seconds(4)}, `
0s mobile rings
3s mobile answers
3s mobile is asked to confirm
4s the caller hangs up
4s mobile is released: the caller gave up before an answer`},
		{"the module can ask nobody", off, flow.Scenario{TalkFor: seconds(4)}, `
0s mobile rings
3s mobile answers
3s mobile hears the whisper
8s the caller hangs up`},
		{"or everybody", all, flow.Scenario{TalkFor: seconds(4)}, `
0s ann rings
3s ann answers
3s ann is asked to confirm
5s ann keys 1
9s the caller hangs up`},
		{"bars that overlap ring together, bars that follow ring in turn",
			bars(flow.RingDestination{ContactMethod: "ann", Length: 20}, flow.RingDestination{ContactMethod: "bob", Start: 10, Length: 20}, flow.RingDestination{ContactMethod: "eve", Start: 30, Length: 5}),
			flow.Scenario{Phones: map[string]flow.Phone{"ann": {Does: "silent"}, "bob": {Does: "silent"}, "eve": {Does: "silent"}}}, `
0s ann rings
10s bob rings
20s ann stops ringing, nobody has answered
30s bob stops ringing, nobody has answered
30s eve rings
35s eve stops ringing, nobody has answered`},
		{"the same person is rung twice", bars(flow.RingDestination{ContactMethod: "ann", Length: 5}, flow.RingDestination{ContactMethod: "ann", Start: 5, Length: 5}),
			flow.Scenario{Phones: map[string]flow.Phone{"ann": {Does: "silent"}}}, `
0s ann rings
5s ann stops ringing, nobody has answered
5s ann rings
10s ann stops ringing, nobody has answered`},
		{"over a limit a bar waits until another is over", bars(flow.RingDestination{ContactMethod: "mobile", Length: 10}, flow.RingDestination{ContactMethod: "mobile", Start: 5, Length: 10}),
			flow.Scenario{Phones: map[string]flow.Phone{"mobile": {Does: "silent"}}}, `
0s mobile rings
5s mobile is held back: too many calls at once
10s mobile stops ringing, nobody has answered
10s mobile rings
20s mobile stops ringing, nobody has answered`},
	} {
		var got []string
		for _, line := range strings.Split(told(run(t, c.f, c.sc)), "\n") {
			if !strings.Contains(line, "the call came in") && !strings.Contains(line, "the call ends") && !strings.HasPrefix(line, "line:") {
				got = append(got, line)
			}
		}
		if got, want := strings.Join(got, "\n"), strings.TrimSpace(c.want); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", c.claim, got, want)
		}
	}
}
