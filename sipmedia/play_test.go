package sipmedia_test

import (
	"log/slog"
	"net/netip"
	"strings"
	"testing"
	"time"

	"tandem/flow/call"
	"tandem/sipmedia/phone"
	"tandem/sipmedia/rtpio"
	"tandem/sipmedia/siptest"
)

// carrier is a phone on a trunk.
func (w *world) carrier(t *testing.T, at netip.Addr) *siptest.Phone {
	t.Helper()
	engine, err := rtpio.New(rtpio.Config{Addr: at, MinPort: 30000, MaxPort: 39999, Shards: 1, Quarantine: 10 * time.Second, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { engine.Close() })
	return w.phone(t, "carrier", func(c *phone.Config) { c.Addr, c.Engine = at, engine })
}

func TestEarlyMediaIsHeardAs183BeforeThe200(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	caller := w.carrier(t, trunkAddr).Dial(t, "+15550100")
	in := w.arrived(t)
	play := ask(t, w, w.Play, call.Play{Leg: in.Leg, Audio: "short", Times: 3})
	if got := caller.Await(t, phone.EarlyMedia); got.Status != 183 {
		t.Errorf("early media came with %d", got.Status)
	}
	caller.Hears(t, promptTone)
	if got := play.result(t); got.Outcome != call.OutcomeDone {
		t.Errorf("play ended %+v", got)
	}
	menu := ask(t, w, w.Gather, menuOf(in.Leg))
	caller.Await(t, phone.Answered)
	caller.Hears(t, promptTone)
	caller.Hangup()
	menu.result(t)
	leg := w.ended(t, in.Call, call.CauseNormal)[0]
	if leg.Ringing.IsZero() || !leg.Answered.After(leg.Ringing) {
		t.Errorf("the leg is %+v, want it answered after its early media", leg)
	}
}

func TestATrunkWithoutEarlyMediaHearsNothingBeforeThe200(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	caller := w.carrier(t, deafTrunkAddr).Dial(t, "+15550100")
	in := w.arrived(t)
	got := ask(t, w, w.Play, call.Play{Leg: in.Leg, Audio: "prompt", Times: 1}).result(t)
	if got.Outcome != call.OutcomeSkipped || !strings.Contains(got.Note, "trunk allows no early media") {
		t.Errorf("play ended %+v", got)
	}
	play := ask(t, w, w.Play, call.Play{Leg: in.Leg, Answer: true, Audio: "prompt", Times: 1})
	caller.Await(t, phone.Answered)
	caller.Hears(t, promptTone)
	play.running(t)
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, m := range w.ladder {
		if strings.HasPrefix(m.First, "SIP/2.0 183") {
			t.Errorf("the trunk was sent %q", m.First)
		}
	}
}

func TestOwnRingbackIsTheNetworksOnATrunkWithoutEarlyMedia(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	desk := w.registered(t, "101")
	caller := w.carrier(t, deafTrunkAddr).Dial(t, "+15550100")
	in := w.arrived(t)
	ring := ask(t, w, w.Ring, call.Ring{Leg: in.Leg, Bars: []call.Bar{bar("101", 0, 20)}, Ringback: "music"})
	desk.Called(t).Rings(t)
	caller.Await(t, phone.Ringing)
	caller.Hangup()
	if got := ring.result(t); got.Outcome != call.OutcomeCallerGone {
		t.Errorf("ring ended %+v", got)
	}
}
