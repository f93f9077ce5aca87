package sipmedia_test

import (
	"testing"

	"tandem/flow/call"
	"tandem/sipmedia/phone"
)

// skipped lets a caller key during a playback, the last key ending it.
func skipped(t *testing.T, w *world, keys string) call.Incoming {
	t.Helper()
	caller := w.phone(t, "100", nil).Dial(t, "+15550100")
	in := w.arrived(t)
	play := ask(t, w, w.Play, call.Play{Leg: in.Leg, Answer: true, Audio: "prompt", Times: 1, SkipKey: "#"})
	caller.Hears(t, promptTone)
	caller.Keys(t, keys+"#")
	if got := play.result(t); got.Outcome != call.OutcomeKey {
		t.Fatalf("play ended %+v", got)
	}
	return in
}

func TestKeysFromBeforeThePromptCountWhereTheyAreWanted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	in := skipped(t, w, "12")
	g := menuOf(in.Leg)
	g.TypeAhead = true
	for _, want := range []call.Digits{"1", "2"} {
		if got := ask(t, w, w.Gather, g).result(t); got.Digits != want || got.Playbacks != 0 {
			t.Errorf("menu ended %+v, want %s without a prompt", got, want)
		}
	}
}

func TestKeysFromBeforeThePromptAreDroppedOtherwise(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	in := skipped(t, w, "12")
	first := menuOf(in.Leg)
	first.Prompt, first.Playbacks, first.Timeout = "short", 1, 1
	if got := ask(t, w, w.Gather, first).result(t); got.Outcome != call.OutcomeNoInput {
		t.Errorf("menu ended %+v", got)
	}
	first.TypeAhead = true // the menu in between has asked for keys: nothing is left of those before it
	if got := ask(t, w, w.Gather, first).result(t); got.Outcome != call.OutcomeNoInput {
		t.Errorf("menu ended %+v", got)
	}
}

func TestAnInternalNumberThatLedNowhereIsScoldedAndAskedForAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	caller := w.phone(t, "100", nil).Dial(t, "+15550100")
	in := w.arrived(t)
	g := menuOf(in.Leg)
	g.Direct, g.Invalid = true, "music"
	menu := ask(t, w, w.Gather, g)
	caller.Hears(t, promptTone)
	caller.Keys(t, "9017")
	got := menu.result(t)
	if got.Outcome != call.OutcomeDirect || got.Digits != "9017" || got.Playbacks != 1 {
		t.Fatalf("menu ended %+v", got)
	}
	g.Wrong, g.Used = true, got.Playbacks
	menu = ask(t, w, w.Gather, g)
	caller.Hears(t, musicTone, promptTone)
	caller.Hears(t, promptTone, musicTone)
	caller.Keys(t, "1#")
	if got := menu.result(t); got.Digits != "1" || got.Playbacks != 2 {
		t.Errorf("menu ended %+v", got)
	}
}

func TestAPINIsTakenWhateverItIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	caller := w.phone(t, "100", keys(phone.KeysByInfo)).Dial(t, "+15550100")
	in := w.arrived(t)
	g := call.Gather{Leg: in.Leg, Prompt: "prompt", Free: 6, Playbacks: 1, Timeout: call.Seconds(5), InterDigit: call.Seconds(5), BargeIn: true}
	pin := ask(t, w, w.Gather, g)
	caller.Hears(t, promptTone)
	caller.Keys(t, "4711#")
	if got := pin.result(t); got.Outcome != call.OutcomeKey || got.Digits != "4711" {
		t.Errorf("gather ended %+v", got)
	}
}
