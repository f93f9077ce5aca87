package sipmedia_test

import (
	"testing"
	"time"

	"tandem/flow/call"
	"tandem/sipmedia"
)

// twoNodes are switches with a secret in common.
func twoNodes(t *testing.T) (home, away *world) {
	t.Helper()
	node := func(name string) *world {
		return newWorld(t, func(c *sipmedia.Config) {
			c.Node, c.SIP.Node, c.Sounds = name, name, roomSounds{}
			c.SIP.Secret = []byte("a secret of all nodes")
		})
	}
	return node("n1"), node("n2")
}

// leadsTo is how a caller of another node gets into a room of this one.
func (w *world) leadsTo(in call.Confer) call.Confer {
	in.Node, in.Address = "n1", w.server().String()
	return in
}

func TestACallerOfAnotherNodeIsAPartyLikeAnyOther(t *testing.T) {
	t.Parallel()
	home, away := twoNodes(t)
	a := home.joins(t, 500, call.Confer{})
	a.Hears(t, musicTone, 500)
	b, c := away.joins(t, 900, home.leadsTo(call.Confer{})), away.joins(t, 1300, home.leadsTo(call.Confer{Host: true}))
	a.HearsAll(t, []float64{900, 1300}, 500, musicTone)
	b.HearsAll(t, []float64{500, 1300}, 900, musicTone)
	c.HearsAll(t, []float64{500, 900}, 1300, musicTone)

	b.Keys(t, "*1")
	b.Hears(t, mutedTone)
	a.HearsAll(t, []float64{1300}, 500, 900)
	b.Keys(t, "*1")
	a.HearsAll(t, []float64{900, 1300}, 500)

	if err := b.Hold(soon(t)); err != nil {
		t.Fatal(err)
	}
	a.HearsAll(t, []float64{1300}, 500, 900, musicTone)
	if err := b.Resume(soon(t)); err != nil {
		t.Fatal(err)
	}
	a.HearsAll(t, []float64{900, 1300}, 500, musicTone)

	b.Hangup()
	if got := b.stay.result(t); got.Outcome != call.OutcomeCallerGone || got.Lasted <= 0 {
		t.Errorf("who left: %+v", got)
	}
	a.HearsAll(t, []float64{1300}, 500, 900)
	c.Keys(t, "*9")
	for _, m := range []*member{a, c} {
		if got := m.stay.result(t); got.Outcome != call.OutcomeDone {
			t.Errorf("ended for all: %+v", got)
		}
	}
	if legs := away.ended(t, c.in.Call, call.CauseNormal); len(legs) != 2 || legs[1].Party.Name != "Conference on n1" {
		t.Errorf("legs %+v", legs)
	}
	home.roomsEnd(t)
	home.idle(t, 1) // a's own, which its workflow has not ended
}

// idle waits until no more than so many calls are left on a node.
func (w *world) idle(t *testing.T, calls int) {
	t.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for w.Stats().Calls > calls {
		if time.Now().After(deadline) {
			t.Fatalf("%d calls are left", w.Stats().Calls)
		}
	}
}

func TestARoomRefusesACallerOfAnotherNodeForTheSameReasons(t *testing.T) {
	t.Parallel()
	home, away := twoNodes(t)
	host := home.joins(t, 500, call.Confer{Host: true})
	b := home.joins(t, 900, call.Confer{})
	full := away.joins(t, 1300, home.leadsTo(call.Confer{Max: 2}))
	if got := full.stay.result(t); got.Outcome != call.OutcomeRefused || got.Note != call.ConferenceFull {
		t.Errorf("a third of two: %+v", got)
	}
	host.Keys(t, "*2")
	host.Hears(t, lockedTone)
	locked := away.joins(t, 1300, home.leadsTo(call.Confer{}))
	if got := locked.stay.result(t); got.Outcome != call.OutcomeRefused || got.Note != call.ConferenceLocked {
		t.Errorf("into a locked room: %+v", got)
	}
	b.HearsAll(t, []float64{500}, 900, 1300)
}

func TestARoomOnANodeThatIsGoneIsUnreachable(t *testing.T) {
	t.Parallel()
	_, away := twoNodes(t)
	lost := call.Confer{Node: "n3", Address: "nonsense"}
	if got := away.joins(t, 500, lost).stay.result(t); got.Outcome != call.OutcomeRefused || got.Note != call.ConferenceAway {
		t.Errorf("ended %+v", got)
	}
}

func TestOnlyNodesWithTheSecretGetIntoARoom(t *testing.T) {
	t.Parallel()
	home, _ := twoNodes(t)
	stranger := newWorld(t, func(c *sipmedia.Config) {
		c.Node, c.SIP.Secret = "n2", []byte("a secret of someone else")
	})
	m := stranger.joins(t, 900, home.leadsTo(call.Confer{}))
	if got := m.stay.result(t); got.Outcome != call.OutcomeRefused || got.Note != call.ConferenceAway {
		t.Errorf("ended %+v", got)
	}
	if rooms := home.Rooms(); len(rooms) != 0 || home.Stats().Calls != 0 {
		t.Errorf("it got into %v", rooms)
	}
}
