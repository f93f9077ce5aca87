package sipmedia_test

import (
	"context"
	"testing"
	"time"

	"tandem/flow/call"
	"tandem/sipmedia"
	"tandem/sipmedia/audio"
	"tandem/sipmedia/phone"
	"tandem/sipmedia/siptest"
)

// Tones of the announcements that a conference makes to one party.
const (
	mutedTone    = 2400.0
	unmutedTone  = 2700.0
	lockedTone   = 3000.0
	everyoneTone = 3300.0
	chimeLow     = 660.0
	chimeHigh    = 880.0
)

// roomSounds are sounds and the announcements.
type roomSounds struct{ sounds }

func (r roomSounds) Clip(ctx context.Context, id string) (*audio.Clip, error) {
	freq, ok := map[string]float64{
		call.AudioMuted: mutedTone, call.AudioUnmuted: unmutedTone, call.AudioConferenceLocked: lockedTone,
		call.AudioConferenceOpen: unmutedTone, call.AudioAllMuted: everyoneTone, call.AudioAllUnmuted: unmutedTone,
	}[id]
	if !ok {
		return r.sounds.Clip(ctx, id)
	}
	clip := audio.Tone(8000, 600*time.Millisecond, -10, freq)
	return &clip, nil
}

func newRoomWorld(t testing.TB) *world {
	t.Helper()
	return newWorld(t, func(c *sipmedia.Config) { c.Sounds = roomSounds{} })
}

// member is a caller in a conference who sends a tone.
type member struct {
	*siptest.Call
	in   call.Incoming
	stay asked[call.Conferred]
	tone float64
}

// joins lets one more call of phone 100 into the room.
func (w *world) joins(t testing.TB, tone float64, in call.Confer) *member {
	t.Helper()
	m := &member{Call: w.phone(t, "100", nil).Dial(t, "+15550100").Says(tone), tone: tone}
	m.confer(t, w, in)
	m.Await(t, phone.Answered)
	return m
}

func (m *member) confer(t testing.TB, w *world, in call.Confer) {
	t.Helper()
	m.in = w.arrived(t)
	in.Leg, in.Room = m.in.Leg, "f/room"
	if in.Max == 0 {
		in.Max = 50
	}
	m.stay = ask(t, w, w.Confer, in)
}

func TestEachPartyHearsTheOthersAndNotItself(t *testing.T) {
	t.Parallel()
	w := newRoomWorld(t)
	a, b, c := w.joins(t, 500, call.Confer{}), w.joins(t, 900, call.Confer{}), w.joins(t, 1300, call.Confer{})
	a.HearsAll(t, []float64{900, 1300}, 500, musicTone)
	b.HearsAll(t, []float64{500, 1300}, 900, musicTone)
	c.HearsAll(t, []float64{500, 900}, 1300, musicTone)
	b.Hangup()
	a.HearsAll(t, []float64{1300}, 500, 900)
	if got := b.stay.result(t); got.Outcome != call.OutcomeCallerGone || got.Most != 3 || got.Lasted <= 0 {
		t.Errorf("who left: %+v", got)
	}
	a.stay.running(t)
	c.Hangup()
	a.HearsAll(t, []float64{musicTone}, 900, 1300)
	a.Hangup()
	a.stay.result(t)
	w.roomsEnd(t)
}

// roomsEnd waits until no room is left.
func (w *world) roomsEnd(t testing.TB) {
	t.Helper()
	deadline := time.Now().Add(siptest.Patience)
	for len(w.Rooms()) > 0 {
		if time.Now().After(deadline) {
			t.Fatalf("rooms are left: %v", w.Rooms())
		}
		w.Stats() // asks the shards, which takes a moment
	}
}

func TestWhoIsAloneHearsMusicUntilSomebodyComes(t *testing.T) {
	t.Parallel()
	w := newRoomWorld(t)
	a := w.joins(t, 500, call.Confer{Music: "prompt"})
	a.Hears(t, promptTone, musicTone, 500)
	b := w.joins(t, 900, call.Confer{})
	a.HearsAll(t, []float64{900}, promptTone, musicTone)
	b.HearsAll(t, []float64{500}, promptTone, musicTone)
	if got := w.Rooms(); len(got) != 1 || got[0].Name != "f/room" {
		t.Errorf("rooms %v", got)
	}
}

func TestMusicUntilTheHostIsThereAndHerLeavingEndsNothing(t *testing.T) {
	t.Parallel()
	w := newRoomWorld(t)
	waiting := call.Confer{WaitForHost: true, Tones: true}
	a, b := w.joins(t, 500, waiting), w.joins(t, 1300, waiting)
	a.Hears(t, musicTone, 500, 1300, chimeLow, chimeHigh)
	b.Hears(t, musicTone, 500, 1300, chimeLow, chimeHigh)
	asHost := waiting
	asHost.Host = true
	host := w.joins(t, 1700, asHost)
	a.HearsAll(t, []float64{1300, 1700}, 500, musicTone)
	host.HearsAll(t, []float64{500, 1300}, 1700, musicTone)
	host.Hangup()
	host.stay.result(t)
	a.HearsAll(t, []float64{1300}, 500, 1700, musicTone)
	late := w.joins(t, 2050, waiting)
	late.HearsAll(t, []float64{500, 1300}, 2050, musicTone)
}

func TestTonesTellWhoComesAndGoes(t *testing.T) {
	t.Parallel()
	w := newRoomWorld(t)
	in := call.Confer{Tones: true}
	a := w.joins(t, 500, in)
	a.Hears(t, musicTone, chimeLow)
	b := w.joins(t, 1300, in)
	a.Hears(t, chimeHigh)
	a.HearsAll(t, []float64{1300}, chimeLow, chimeHigh)
	c := w.joins(t, 1700, in)
	a.HearsAll(t, []float64{1300, 1700}, chimeLow, chimeHigh)
	c.Hangup()
	b.Hears(t, chimeLow)
}

func TestAFullRoomAndALockedOneRefuse(t *testing.T) {
	t.Parallel()
	w := newRoomWorld(t)
	two := call.Confer{Max: 2}
	host := w.joins(t, 500, call.Confer{Max: 2, Host: true})
	b := w.joins(t, 900, two)
	third := w.joins(t, 1300, two)
	if got := third.stay.result(t); got.Outcome != call.OutcomeRefused || got.Note != call.ConferenceFull {
		t.Fatalf("a third of two: %+v", got)
	}
	third.Hangup()
	b.Hangup()
	b.stay.result(t)
	host.Hears(t, musicTone)
	host.Keys(t, "*2")
	host.Hears(t, lockedTone, musicTone)
	late := w.joins(t, 1300, two)
	if got := late.stay.result(t); got.Outcome != call.OutcomeRefused || got.Note != call.ConferenceLocked {
		t.Fatalf("into a locked room: %+v", got)
	}
	host.Keys(t, "*2")
	host.Hears(t, unmutedTone, musicTone)
	again := ask(t, w, w.Confer, call.Confer{Leg: late.in.Leg, Room: "f/room", Max: 2})
	host.HearsAll(t, []float64{1300}, 500, musicTone)
	again.running(t)
}

func TestKeysMuteOneselfAndNobodyHearsThem(t *testing.T) {
	t.Parallel()
	w := newRoomWorld(t)
	a, b := w.joins(t, 500, call.Confer{}), w.joins(t, 900, call.Confer{})
	b.HearsAll(t, []float64{500}, 900)
	a.Keys(t, "*1")
	a.Hears(t, mutedTone, musicTone)
	b.HearsSilence(t)
	a.HearsAll(t, []float64{900}, mutedTone) // still hears
	a.Keys(t, "*1")
	a.Hears(t, unmutedTone, musicTone)
	b.HearsAll(t, []float64{500}, mutedTone, unmutedTone)
	a.Keys(t, "*2*3*9") // a guest's wishes
	b.HearsAll(t, []float64{500})
	b.NoKeys(t)
	a.stay.running(t)
}

func TestAHostMutesAllButHostsAndEndsTheConferenceForAll(t *testing.T) {
	t.Parallel()
	w := newRoomWorld(t)
	host, a, b := w.joins(t, 500, call.Confer{Host: true}), w.joins(t, 900, call.Confer{}), w.joins(t, 1300, call.Confer{})
	second := w.joins(t, 1700, call.Confer{Host: true})
	host.Keys(t, "*3")
	host.Hears(t, everyoneTone, mutedTone)
	a.Hears(t, mutedTone, everyoneTone)
	a.HearsAll(t, []float64{500, 1700}, 900, 1300)
	a.Keys(t, "*1*1") // lifts nothing
	b.HearsAll(t, []float64{500, 1700}, 900, 1300)
	second.Keys(t, "*3")
	b.HearsAll(t, []float64{500, 900, 1700}, 1300)
	host.Keys(t, "*9")
	for _, m := range []*member{host, second, a, b} {
		if got := m.stay.result(t); got.Outcome != call.OutcomeDone || got.Most != 4 {
			t.Errorf("the conference was ended for all: %+v", got)
		}
	}
	w.roomsEnd(t)
}

func TestAPartyOnHoldSendsNothingIntoTheRoom(t *testing.T) {
	t.Parallel()
	w := newRoomWorld(t)
	a, b, c := w.joins(t, 500, call.Confer{}), w.joins(t, 900, call.Confer{}), w.joins(t, 1300, call.Confer{})
	c.HearsAll(t, []float64{500, 900}, 1300)
	if err := a.Hold(soon(t)); err != nil {
		t.Fatal(err)
	}
	c.HearsAll(t, []float64{900}, 500, 1300, musicTone)
	b.HearsAll(t, []float64{1300}, 500, 900, musicTone)
	if err := a.Resume(soon(t)); err != nil {
		t.Fatal(err)
	}
	c.HearsAll(t, []float64{500, 900}, 1300)
	a.HearsAll(t, []float64{900, 1300}, 500)
}

func TestTheLongestCallEndsAConferenceToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *sipmedia.Config) { c.Waits.Warning = 2500 * time.Millisecond })
	a, b := w.joins(t, 500, call.Confer{}), w.joins(t, 1300, call.Confer{Longest: call.Seconds(3)})
	b.Hears(t, 1000)
	if got := b.stay.result(t); got.Outcome != call.OutcomeCallerGone {
		t.Errorf("ended %+v", got)
	}
	if got := legCause(t, w.ended(t, b.in.Call, call.CauseNormal), b.in.Leg); got != call.CauseTooLong {
		t.Errorf("the leg ended with %s", got)
	}
	a.stay.running(t)
}

func TestAnotherOperationTakesACallerOutOfTheRoom(t *testing.T) {
	t.Parallel()
	w := newRoomWorld(t)
	a, b := w.joins(t, 500, call.Confer{}), w.joins(t, 900, call.Confer{})
	a.HearsAll(t, []float64{900}, 500)
	ask(t, w, w.Gather, menuOf(b.in.Leg))
	b.Hears(t, promptTone, 500)
	a.Hears(t, musicTone, 900)
	if got := b.stay.answer(t); got.err == nil {
		t.Errorf("ended %+v", got.out)
	}
}
