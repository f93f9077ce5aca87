package simulate

import (
	"strings"
	"testing"

	"tandem/flow"
)

// calledBack is a queue that nobody answers, and the offer of a call back behind it.
func calledBack(entry flow.Module) flow.Flow {
	return draw([]flow.Module{entry, {ID: "sales", Kind: "queue", Settings: &flow.Queue{EscapeKey: "9", Members: members("ann")}},
		{ID: "back", Kind: "callback", Settings: &flow.Callback{NumberPrompt: "3s", Window: 90, Tries: 1}},
		hangup("bye", flow.Hangup{}), playback("sorry", flow.AudioPlayback{Audio: "2s"})},
		"line next sales", "sales escape back", "sales timeout back", "back accepted bye", "back declined sorry")
}

// by is a caller who keys out of the queue and then what is told, one thing at each
// playback.
func by(number string, keys ...string) flow.Scenario {
	sc := flow.Scenario{Caller: number, Keys: []flow.Keying{{Digits: "9"}}, Phones: map[string]flow.Phone{"ann": {Does: "silent"}}}
	for _, k := range keys {
		sc.Keys = append(sc.Keys, flow.Keying{Digits: k})
	}
	return sc
}

func TestACallerIsPromisedACallBackAndTheStoryTellsIt(t *testing.T) {
	inside := flow.Module{ID: "line", Kind: "internal-number", Settings: &flow.InternalNumber{InternalNumber: "500"}}
	for _, c := range []struct {
		claim string
		entry flow.Module
		sc    flow.Scenario
		story string
		want  string
	}{
		{"on the own phone", inside, by("205", "#"), `205 would be called back when it is their turn in "Sales", once within 90 minutes`, "back:accepted(accepted) bye:(hangup)"},
		{"on a phone without number", inside, by("", "#"), `the caller would be called back`, "back:accepted(accepted) bye:(hangup)"},
		{"on a number that is keyed", inside, by("205", "201#"), `201 would be called back`, "back:accepted(accepted) bye:(hangup)"},
		{"on the second number that is keyed", inside, by("205", "777#", "201#"), "777 cannot be called back: not assigned", "back:accepted(accepted) bye:(hangup)"},
		{"not on that of a flow", inside, by("205", "300#", "*"), "300 cannot be called back: not allowed", "back:declined(declined) sorry:next(played)"},
		{"not on an outside number", inside, by("205", "46700000001#", "*"), "46700000001 cannot be called back: not allowed", "back:declined(declined)"},
		{"on a full number of ours", inside, by("205", "0015550201#"), "+15550201 would be called back", "back:accepted(accepted) bye:(hangup)"},
		{"on a full number of ours, from outside", entry(), by("+46700000001", "0015550201#"), "+15550201 would be called back", "back:accepted(accepted) bye:(hangup)"},
		{"not on the number of the flow itself", entry(), by("+46700000001", "0015550100#", "*"), "0015550100 cannot be called back: not allowed", "back:declined(declined)"},
		{"not on what is no number", inside, by("205", "1*2#", "*"), "1*2 cannot be called back: incomplete number", "back:declined(declined)"},
		{"not outside at all", entry(), by("+46700000001", "#", "201#", "*"), "+46700000001 cannot be called back: not assigned", "back:declined(declined)"},
		{"not inside, by a number that is bound", flow.Module{ID: "line", Kind: flow.KindStart, Settings: &flow.Start{}}, by("+46700000001", "201#", "*"), "201 cannot be called back: not assigned", "back:declined(declined)"},
		{"not where the number is withheld", entry(), by("", "#", "*"), "the caller keys *", "back:declined(declined)"},
		{"not after three wrong numbers", inside, by("205", "1#", "2#", "3#"), "3 cannot be called back", "back:declined(refused)"},
		{"not where nothing is keyed", inside, by("205"), "", "back:declined(no-input)"},
	} {
		got := told(run(t, calledBack(c.entry), c.sc))
		if !strings.Contains(got, c.story) || !strings.Contains(got, c.want) {
			t.Errorf("%s: want %q and %q in\n%s", c.claim, c.story, c.want, got)
		}
		if accepted := strings.Contains(c.want, "accepted"); accepted != strings.Contains(got, "would be called back") {
			t.Errorf("%s: told\n%s", c.claim, got)
		}
	}
}

func TestWhoHasNotWaitedIsOfferedNoCallBack(t *testing.T) {
	f := draw([]flow.Module{entry(), {ID: "back", Kind: "callback", Settings: &flow.Callback{}}, hangup("bye", flow.Hangup{})}, "line next back", "back declined bye")
	if got := told(run(t, f, flow.Scenario{})); !strings.Contains(got, "back:declined(no-queue) bye:(hangup) refused") {
		t.Errorf("told\n%s", got)
	}
}
