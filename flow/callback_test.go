package flow

import (
	"slices"
	"testing"
)

func TestACallbackIsCheckedAtEachField(t *testing.T) {
	for _, c := range []struct {
		says string
		set  Callback
		want []string
	}{
		{"left open", Callback{}, nil},
		{"at the limits", Callback{Window: 15, Tries: 1}, nil},
		{"at the others", Callback{Window: 1440, Tries: 5}, nil},
		{"too short", Callback{Window: 14}, []string{"setting-range window"}},
		{"too long, too often", Callback{Window: 1441, Tries: 6}, []string{"setting-range window", "setting-range tries"}},
	} {
		if got := problemsOf(&c.set, Anything{}); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.says, got, c.want)
		}
	}
}

// offering is a flow of a number, a queue, a playback and a callback, with
// cables between them.
func offering(cables ...Cable) Flow {
	here := []Exit{"next", "timeout", ExitAccepted, ExitDeclined}
	return Flow{ID: "f", Name: "F", Cables: cables, Modules: []Module{
		{ID: "in", Kind: KindStart, Name: "In", HangUpHere: here, Settings: &Start{}},
		{ID: "wait", Kind: "queue", Name: "Team", HangUpHere: here, Settings: &Queue{Members: []QueueMember{{ContactMethod: "101"}}}},
		{ID: "say", Kind: "audio-playback", Name: "Say", HangUpHere: here, Settings: &AudioPlayback{Audio: "a"}},
		{ID: "back", Kind: KindCallback, Name: "Call back", HangUpHere: here, Settings: &Callback{}},
	}}
}

func TestACallbackThatComesBehindNoQueueIsWarnedOf(t *testing.T) {
	for _, c := range []struct {
		says   string
		flow   Flow
		unwell bool
	}{
		{"straight from a queue", offering(Cable{"in", "next", "wait"}, Cable{"wait", "timeout", "back"}, Cable{"back", ExitDeclined, "say"}), false},
		{"with something between", offering(Cable{"in", "next", "wait"}, Cable{"wait", "escape", "say"}, Cable{"say", "next", "back"}), false},
		{"a queue on one way of two", offering(Cable{"in", "next", "wait"}, Cable{"wait", "escape", "back"}, Cable{"back", ExitDeclined, "say"}, Cable{"say", "next", "back"}), false},
		{"without a queue before", offering(Cable{"in", "next", "say"}, Cable{"say", "next", "back"}, Cable{"back", ExitDeclined, "wait"}), true},
		{"to which no call comes", offering(), false},
	} {
		got := slices.ContainsFunc(Validate(c.flow, nil), func(p Problem) bool {
			return p.ID == "callback-unwaited" && p.Level == Warning && p.Module == "back" && p.Field == ""
		})
		if got != c.unwell {
			t.Errorf("%s: warned of is %v: %+v", c.says, got, Validate(c.flow, nil))
		}
	}
}

func TestAShelvedQueueKeepsNobodyWaiting(t *testing.T) {
	f := offering(Cable{"in", "next", "say"}, Cable{"say", "next", "back"}, Cable{"wait", "timeout", "back"})
	f.Modules[1].Shelved = true
	if !slices.ContainsFunc(Validate(f, nil), func(p Problem) bool { return p.ID == "callback-unwaited" }) {
		t.Error("it is not warned of")
	}
}
