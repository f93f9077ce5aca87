package sipmedia_test

import (
	"testing"

	"tandem/flow/call"
	"tandem/sipmedia/phone"
)

func TestAPlaylistPlaysItsFilesOneAfterTheOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	caller := w.phone(t, "100", nil).Dial(t, "+15550100")
	in := w.arrived(t)
	play := ask(t, w, w.Play, call.Play{Leg: in.Leg, Answer: true, Audio: "news", Times: 1})
	caller.Hears(t, promptTone, whisperTone)
	caller.Hears(t, whisperTone, promptTone)
	if got := play.result(t); got.Outcome != call.OutcomeDone {
		t.Errorf("play ended %+v", got)
	}
}

func TestAListThatLoopsPlaysUntilItIsSkipped(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	caller := w.phone(t, "100", nil).Dial(t, "+15550100")
	in := w.arrived(t)
	play := ask(t, w, w.Play, call.Play{Leg: in.Leg, Answer: true, Audio: "songs", Times: 1, SkipKey: "#"})
	for range 3 {
		caller.Hears(t, promptTone, whisperTone)
		caller.Hears(t, whisperTone, promptTone)
	}
	caller.Keys(t, "#")
	if got := play.result(t); got.Outcome != call.OutcomeKey {
		t.Errorf("play ended %+v", got)
	}
}

func TestAListWithoutAnythingToPlayIsMissingAudio(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.phone(t, "100", nil).Dial(t, "+15550100")
	in := w.arrived(t)
	for _, list := range []string{"empty", "ruins"} {
		if got := ask(t, w, w.Play, call.Play{Leg: in.Leg, Answer: true, Audio: list, Times: 1}).result(t); got.Outcome != call.OutcomeSkipped || got.Note == "" {
			t.Errorf("%s: play ended %+v", list, got)
		}
	}
}

func TestAMenuAsksWithAPlaylistOnceAPlayback(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	caller := w.phone(t, "100", nil).Dial(t, "+15550100")
	in := w.arrived(t)
	g := menuOf(in.Leg)
	g.Prompt, g.Playbacks, g.Timeout = "songs", 2, 1 // its loop is not for prompts: the timer would never run
	menu := ask(t, w, w.Gather, g)
	for range 2 {
		caller.Hears(t, promptTone, whisperTone)
		caller.Hears(t, whisperTone, promptTone)
	}
	if got := menu.result(t); got.Outcome != call.OutcomeNoInput || got.Playbacks != 2 {
		t.Errorf("menu ended %+v", got)
	}
}

func TestARingbackCanBeAPlaylist(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	desk := w.registered(t, "101")
	caller := w.phone(t, "100", nil).Dial(t, "+15550100")
	in := w.arrived(t)
	ring := ask(t, w, w.Ring, call.Ring{Leg: in.Leg, Bars: []call.Bar{bar("101", 0, 20)}, Ringback: "news"})
	desk.Called(t).Rings(t)
	caller.Await(t, phone.EarlyMedia)
	for range 2 {
		caller.Hears(t, promptTone, whisperTone)
		caller.Hears(t, whisperTone, promptTone)
	}
	caller.Hangup()
	if got := ring.result(t); got.Outcome != call.OutcomeCallerGone {
		t.Errorf("ring ended %+v", got)
	}
}
