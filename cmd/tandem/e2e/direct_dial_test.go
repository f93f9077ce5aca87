package e2e

import (
	"testing"

	"tandem/flow"
	"tandem/flow/call"
)

// deskDial is a flow whose menu lets callers dial any internal number.
var deskDial = flow.Flow{ID: "desk-dial", Name: "Desk dial", Modules: []flow.Module{
	{ID: "in", Kind: "internal-number", Name: "Short number", Settings: &flow.InternalNumber{InternalNumber: "700"}},
	{ID: "menu", Kind: "voice-menu", Name: "Dial", HangUpHere: []flow.Exit{"key:1", "no-input"},
		Settings: &flow.VoiceMenu{Audio: "main-menu", Entries: []string{"1"}, DirectDial: true}}},
	Cables: []flow.Cable{{From: "in", Exit: "next", To: "menu"}}}

// Whoever keys an internal number in a menu comes to its phone, or into its flow.
func TestInternalNumbersKeyedInAMenu(t *testing.T) {
	in := start(t)
	store := in.openStore()
	if err := store.CreateFlow(t.Context(), deskDial, "tests"); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Publish(t.Context(), deskDial.ID, 1, "tests", ""); err != nil {
		t.Fatal(err)
	}
	t.Run("ringAPhone", in.sub(dialsAPhone))
	t.Run("enterAFlow", in.sub(dialsAFlow))
}

func dialsAPhone(in *installation) {
	b := in.answering("101", 600, "--for", "20s")
	a := in.calling("100", "700", 440, "--keys", "101#", "--for", "20s")
	a.hears(600)
	b.hears(440)
	b.hangUp()
	a.ended()
	e := in.lastCall()
	if got, want := exits(e), "internal-number:next voice-menu:"; got != want || e.Outcome != "talked" || e.Cause != call.CauseCalleeHangup {
		in.t.Errorf("path %q, want %q; ended %s, %s", got, want, e.Outcome, e.Cause)
	}
}

func dialsAFlow(in *installation) {
	a := in.calling("100", "700", 440, "--keys", "600#", "--for", "30s")
	a.ended()
	e := in.lastCall()
	if last := e.Path[len(e.Path)-1]; e.Flow.Name != "Desk dial" || last.Flow.ID == "" || last.Flow.ID == e.Flow.ID {
		in.t.Errorf("the call of %+v ends in %+v, want another flow", e.Flow, last.Flow)
	}
	replays(in, "direct_dial", e)
}
