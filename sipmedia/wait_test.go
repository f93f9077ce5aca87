package sipmedia_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"tandem/flow/call"
	"tandem/sipmedia/phone"
	"tandem/sipmedia/siptest"
	"tandem/sipmedia/sipua"
)

// shortWait is over soon, and not before a busy machine has rung a phone.
const shortWait = call.Duration(3 * time.Second)

// waits lets a caller wait.
func (w *world) waits(t testing.TB, in call.Wait) asked[call.Waited] {
	t.Helper()
	return ask(t, w, w.Wait, in)
}

// offers rings members for a caller who waits, under a lease named after the
// first of them.
func (w *world) offers(t testing.TB, leg call.LegID, bars ...call.Bar) asked[call.Offered] {
	t.Helper()
	return ask(t, w, w.Offer, call.Offer{Leg: leg, Lease: "lease-" + bars[0].Target.ContactMethod, From: call.Party{Number: "100"}, Bars: bars})
}

// waiting is a caller who hears the music.
func (w *world) waiting(t testing.TB, in call.Wait) (*siptest.Call, call.Incoming, asked[call.Waited]) {
	t.Helper()
	caller := w.phone(t, "100", nil).Dial(t, "+15550100").Says(callerTone)
	arrived := w.arrived(t)
	in.Leg = arrived.Leg
	wait := w.waits(t, in)
	caller.Await(t, phone.Answered)
	caller.Hears(t, musicTone)
	return caller, arrived, wait
}

func tried(o call.Offered) string { return attempts(call.Rang{Attempts: o.Attempts}) }

func TestAWaitEndsAtItsLimit(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	_, _, wait := w.waiting(t, call.Wait{Limit: shortWait})
	if got := wait.result(t); got.Outcome != call.OutcomeDone {
		t.Errorf("wait ended %+v", got)
	}
}

func TestOnlyTheEscapeKeyEndsAWait(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	caller, _, wait := w.waiting(t, call.Wait{Escape: "#"})
	caller.Keys(t, "1")
	wait.running(t)
	caller.Keys(t, "#")
	if got := wait.result(t); got.Outcome != call.OutcomeKey {
		t.Errorf("wait ended %+v", got)
	}
	caller.HearsSilence(t)
}

func TestMusicGoesOnWhereItWasAfterAnAnnouncement(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	caller, in, wait := w.waiting(t, call.Wait{Music: "parade", Announce: shortWait})
	caller.Hears(t, laterTone, musicTone)
	if got := wait.result(t); got.Outcome != call.OutcomeAnnounce {
		t.Fatalf("wait ended %+v", got)
	}
	caller.Hears(t, laterTone, musicTone) // also between two waits
	next := w.waits(t, call.Wait{Leg: in.Leg, Music: "parade", Say: []string{"short", "lost", "short"}})
	caller.Hears(t, promptTone, laterTone)
	caller.Hears(t, laterTone, musicTone, promptTone)
	next.running(t)
}

func TestAMemberWhoAnswersAnOfferIsJoinedAndEndsTheWait(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	member := w.registered(t, "101")
	caller, in, wait := w.waiting(t, call.Wait{})
	offer := w.offers(t, in.Leg, bar("101", 0, 20))
	callee := member.Called(t).Rings(t).Says(calleeTone)
	caller.Hears(t, musicTone, euRingback) // no ringback chosen: the music goes on
	callee.Answers(t)
	waited, offered := wait.result(t), offer.result(t)
	if waited.Outcome != call.OutcomeAnswered || waited.Lease != "lease-cm-101" || waited.Target.ContactMethod != "cm-101" || waited.Leg != offered.Leg {
		t.Errorf("wait ended %+v", waited)
	}
	if offered.Outcome != call.OutcomeAnswered || tried(offered) != "101 " {
		t.Errorf("offer ended %+v", offered)
	}
	talking{caller: caller, callee: callee}.hearEachOther(t)
	talk := ask(t, w, w.Talk, call.Talk{A: in.Leg, B: waited.Leg})
	caller.Hangup()
	if got := talk.result(t); got.Cause != call.CauseCallerHangup {
		t.Errorf("talk ended %+v", got)
	}
	w.noEvent(t)
}

func TestTheRingbackOfAnOfferIsHeardWhileItRingsAndThenTheMusicGoesOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	member := w.registered(t, "101")
	caller, in, wait := w.waiting(t, call.Wait{Music: "parade"})
	offer := ask(t, w, w.Offer, call.Offer{Leg: in.Leg, Ringback: "prompt", Bars: []call.Bar{bar("101", 0, 20)}})
	callee := member.Called(t)
	caller.Hears(t, laterTone, promptTone, musicTone) // nothing rings yet
	callee.Rings(t)
	caller.Hears(t, promptTone, laterTone)
	if err := callee.Reject(603); err != nil {
		t.Fatal(err)
	}
	if got := offer.result(t); got.Outcome != call.OutcomeNoAnswer || tried(got) != "101 declined" {
		t.Errorf("offer ended %+v", got)
	}
	caller.Hears(t, laterTone, promptTone, musicTone)
	wait.running(t)
}

func TestTheFirstOfSeveralOffersWinsAndTheOthersAreToldSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	one, two := w.registered(t, "101"), w.registered(t, "102")
	caller, in, wait := w.waiting(t, call.Wait{})
	first, second := w.offers(t, in.Leg, bar("101", 0, 20)), w.offers(t, in.Leg, bar("102", 0, 20))
	loser, winner := one.Called(t).Rings(t), two.Called(t).Rings(t).Says(calleeTone)
	winner.Answers(t)
	if end := loser.AwaitEnd(t); end.Why != sipua.EndCancelled || !strings.Contains(end.Cause, "completed elsewhere") {
		t.Errorf("the loser's end is %+v", end)
	}
	if got := first.result(t); got.Outcome != call.OutcomeWithdrawn || tried(got) != "101 answered-elsewhere" {
		t.Errorf("the first offer ended %+v", got)
	}
	if got := second.result(t); got.Outcome != call.OutcomeAnswered {
		t.Errorf("the second offer ended %+v", got)
	}
	if got := wait.result(t); got.Lease != "lease-cm-102" {
		t.Errorf("wait ended %+v", got)
	}
	talking{caller: caller, callee: winner}.hearEachOther(t)
}

func TestOfTwoMembersWhoAnswerTogetherOneIsJoinedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	one, two := w.registered(t, "101"), w.registered(t, "102")
	_, in, wait := w.waiting(t, call.Wait{})
	offers := []asked[call.Offered]{w.offers(t, in.Leg, bar("101", 0, 20)), w.offers(t, in.Leg, bar("102", 0, 20))}
	var together sync.WaitGroup
	for _, c := range []*siptest.Call{one.Called(t).Rings(t), two.Called(t).Rings(t)} {
		together.Go(func() { c.Answer() })
	}
	together.Wait()
	joined := wait.result(t)
	outcomes := map[call.Outcome]int{}
	for _, o := range offers {
		outcomes[o.result(t).Outcome]++
	}
	if joined.Outcome != call.OutcomeAnswered || outcomes[call.OutcomeAnswered] != 1 || outcomes[call.OutcomeWithdrawn] != 1 {
		t.Errorf("wait ended %+v, the offers %v", joined, outcomes)
	}
	w.noEvent(t)
}

func TestAnAnswerBetweenTwoWaitsIsToldByTheNext(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	member := w.registered(t, "101")
	caller, in, wait := w.waiting(t, call.Wait{Announce: shortWait})
	offer := w.offers(t, in.Leg, bar("101", 0, 20))
	callee := member.Called(t).Rings(t).Says(calleeTone)
	if got := wait.result(t); got.Outcome != call.OutcomeAnnounce {
		t.Fatalf("wait ended %+v", got)
	}
	callee.Answers(t)
	talking{caller: caller, callee: callee}.hearEachOther(t)
	offered := offer.result(t)
	if got := w.waits(t, call.Wait{Leg: in.Leg, Say: []string{"prompt"}}).result(t); got.Outcome != call.OutcomeAnswered || got.Leg != offered.Leg {
		t.Errorf("the next wait ended %+v", got)
	}
	talking{caller: caller, callee: callee}.hearEachOther(t)
}

func TestOffersAreWithdrawnWhenAWaitEnds(t *testing.T) {
	t.Parallel()
	for claim, c := range map[string]struct {
		end   func(*testing.T, *world, *siptest.Call, call.Incoming)
		want  call.Outcome
		tried string
	}{
		"by its limit": {func(*testing.T, *world, *siptest.Call, call.Incoming) {}, call.OutcomeWithdrawn, "101 no-answer"},
		"by the key":   {func(t *testing.T, _ *world, c *siptest.Call, _ call.Incoming) { c.Keys(t, "#") }, call.OutcomeWithdrawn, "101 caller-cancelled"},
		"by the caller": {func(_ *testing.T, _ *world, c *siptest.Call, _ call.Incoming) { c.Hangup() },
			call.OutcomeCallerGone, "101 caller-cancelled"},
		"by another operation": {func(t *testing.T, w *world, _ *siptest.Call, in call.Incoming) {
			ask(t, w, w.Play, call.Play{Leg: in.Leg, Audio: "prompt"})
		}, call.OutcomeWithdrawn, "101 normal"},
	} {
		t.Run(claim, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			member := w.registered(t, "101")
			wait := call.Wait{Escape: "#", Limit: call.Seconds(60)}
			if claim == "by its limit" {
				wait.Limit = shortWait
			}
			caller, in, _ := w.waiting(t, wait)
			offer := w.offers(t, in.Leg, bar("101", 0, 20))
			callee := member.Called(t).Rings(t)
			c.end(t, w, caller, in)
			if got := offer.result(t); got.Outcome != c.want || tried(got) != c.tried {
				t.Errorf("offer ended %s: %s", got.Outcome, tried(got))
			}
			callee.AwaitEnd(t)
			w.noEvent(t)
		})
	}
}

func TestAnOfferWithoutAWaitIsWithdrawn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	member := w.registered(t, "101")
	caller := w.phone(t, "100", nil).Dial(t, "+15550100")
	in := w.arrived(t)
	if got := w.offers(t, in.Leg, bar("101", 0, 20)).result(t); got.Outcome != call.OutcomeWithdrawn || len(got.Attempts) != 0 {
		t.Errorf("before any wait: %+v", got)
	}
	w.waits(t, call.Wait{Leg: in.Leg, Limit: call.Duration(time.Millisecond)}).result(t)
	if got := w.offers(t, in.Leg, bar("101", 0, 20)).result(t); got.Outcome != call.OutcomeWithdrawn {
		t.Errorf("after it: %+v", got)
	}
	caller.Hangup()
	w.event(t)
	if got := w.offers(t, in.Leg, bar("101", 0, 20)).result(t); got.Outcome != call.OutcomeCallerGone {
		t.Errorf("without a caller: %+v", got)
	}
	member.NotCalled(t)
}
