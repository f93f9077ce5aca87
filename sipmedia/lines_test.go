package sipmedia_test

import (
	"slices"
	"testing"

	"tandem/flow/call"
	"tandem/sipmedia/phone"
)

func TestWhoIsInAnotherCallIsBusyUnlessCallWaitingIsOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	desk, mobile := w.registered(t, "101"), w.registered(t, "102")
	talking := w.talk(t, w.phone(t, "100", nil), desk)

	second := w.phone(t, "second", func(c *phone.Config) { c.Addr = trunkAddr })
	second.Dial(t, "+15550100")
	in := w.arrived(t)
	ring := w.ring(t, in, bar("101", 0, 20), bar("102", 20, 20))
	mobile.Called(t).Answers(t) // at once
	if rang := ring.result(t); attempts(rang) != "101 busy (skipped), 102 " {
		t.Errorf("ring ended %s: %s", rang.Outcome, attempts(rang))
	}
	desk.NotCalled(t)

	second.Dial(t, "+15550100")
	both := bar("101", 0, 20)
	both.Target.CallWaiting = true
	ring = w.ring(t, w.arrived(t), both)
	desk.Called(t).Rings(t)
	ring.running(t)
	talking.hearEachOther(t)
}

func TestAPersonIsBusyOnEveryPhone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	desk, mobile := w.registered(t, "101"), w.registered(t, "102")
	caller := w.phone(t, "100", nil).Dial(t, "team")
	ada := func(b call.Bar) call.Bar { b.Target.User = "ada"; return b }
	first := w.ring(t, w.arrived(t), ada(bar("101", 0, 20)), ada(bar("102", 0, 20)))
	at := desk.Called(t).Rings(t)
	mobile.Called(t).Rings(t) // the same person twice is no other call
	at.Answers(t)
	first.result(t)

	w.phone(t, "second", func(c *phone.Config) { c.Addr = trunkAddr }).Dial(t, "+15550100")
	if rang := w.ring(t, w.arrived(t), ada(bar("102", 0, 20))).result(t); rang.Outcome != call.OutcomeNobody || attempts(rang) != "102 busy (skipped)" {
		t.Errorf("ring ended %s: %s", rang.Outcome, attempts(rang))
	}
	at.Hangup()
	caller.AwaitEnd(t) // then the node has heard of it: her own phone is done when its BYE is on the way
	w.phone(t, "third", func(c *phone.Config) { c.Addr = trunkAddr }).Dial(t, "+15550100")
	w.ring(t, w.arrived(t), ada(bar("102", 0, 20)))
	mobile.Called(t).Rings(t)
}

func TestWhoPlacesACallIsBusyToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	desk := w.registered(t, "101")
	desk.Dial(t, "+15550100")
	w.arrived(t)
	w.phone(t, "100", nil).Dial(t, "101")
	if rang := w.ring(t, w.arrived(t), bar("101", 0, 20)).result(t); attempts(rang) != "101 busy (skipped)" {
		t.Errorf("ring ended %s: %s", rang.Outcome, attempts(rang))
	}
}

// limited is a forwarding to a phone that takes so many calls at once.
func limited(p *phone.Phone, start, length, atOnce int) call.Bar {
	return call.Bar{Target: call.Target{ContactMethod: "forwarding", Name: "Forwarding", URI: "sip:x@" + p.Addr().String(), AtOnce: atOnce},
		Start: call.Seconds(start), Length: call.Seconds(length)}
}

func TestOverALimitRingingStartsInListOrderAndTheNextWhenOneEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	far := w.phone(t, "far", nil)
	w.phone(t, "100", nil).Dial(t, "team")
	ring := w.ring(t, w.arrived(t), limited(far.Phone, 0, 20, 2), limited(far.Phone, 0, 20, 2), limited(far.Phone, 0, 20, 2))
	first := far.Called(t).Rings(t)
	far.Called(t).Rings(t)
	far.NotCalled(t)
	if err := first.Reject(603); err != nil {
		t.Fatal(err)
	}
	far.Called(t).Answers(t)
	rang := ring.result(t)
	const rest = ", forwarding over-limit (skipped), forwarding "
	want := []string{ // two invitations to one phone arrive in either order
		"forwarding declined, forwarding answered-elsewhere" + rest,
		"forwarding answered-elsewhere, forwarding declined" + rest,
	}
	if !slices.Contains(want, attempts(rang)) {
		t.Errorf("ring ended %s: %s, want one of %q", rang.Outcome, attempts(rang), want)
	}
}

func TestALimitThatAnotherCallUsesUpIsBusy(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	far := w.phone(t, "far", nil)
	desk := w.registered(t, "102")
	w.phone(t, "100", nil).Dial(t, "team")
	w.ring(t, w.arrived(t), limited(far.Phone, 0, 20, 1))
	far.Called(t).Rings(t)
	w.phone(t, "101", nil).Dial(t, "team")
	ring := w.ring(t, w.arrived(t), limited(far.Phone, 0, 20, 1), bar("102", 20, 20))
	desk.Called(t).Answers(t)
	if rang := ring.result(t); attempts(rang) != "forwarding busy (skipped), 102 " {
		t.Errorf("ring ended %s: %s", rang.Outcome, attempts(rang))
	}
}

func TestWhomTheOtherPutsOnHoldHearsTheMusicThatWasChosen(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	desk := w.registered(t, "101")
	caller := w.phone(t, "100", nil).Dial(t, "team").Says(callerTone)
	in := w.arrived(t)
	ring := ask(t, w, w.Ring, call.Ring{Leg: in.Leg, Hold: "prompt", Bars: []call.Bar{bar("101", 0, 20)}})
	callee := desk.Called(t).Says(calleeTone).Answers(t)
	ring.result(t)
	talking{caller: caller, callee: callee}.hearEachOther(t)
	if err := callee.Hold(t.Context()); err != nil {
		t.Fatal(err)
	}
	caller.Hears(t, promptTone, musicTone, calleeTone)
}
