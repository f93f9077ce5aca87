package sipmedia_test

import (
	"testing"
	"time"

	"tandem/flow/call"
	"tandem/sipmedia/phone"
	"tandem/sipmedia/sipua"
)

// asking is a bar whose target has to confirm, or hears a whisper.
func asking(user string, confirm bool, whisper string) call.Bar {
	b := bar(user, 0, 20)
	b.Target.Confirm, b.Target.Whisper = confirm, whisper
	return b
}

func TestTheKeyConfirmsAndOnlyThenTheCallerIsAnswered(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	mobile := w.registered(t, "101")
	caller := w.phone(t, "100", nil).Dial(t, "team").Says(callerTone)
	in := w.arrived(t)
	ring := w.ring(t, in, asking("101", true, ""))
	callee := mobile.Called(t).Rings(t).Says(calleeTone).Answers(t)
	callee.Hears(t, confirmTone, callerTone)
	callee.Keys(t, "2")
	ring.running(t)
	keyed := time.Now()
	callee.Keys(t, "1")
	caller.Await(t, phone.Answered)
	talking{caller: caller, callee: callee}.hearEachOther(t)
	rang := ring.result(t)
	if rang.Outcome != call.OutcomeAnswered || attempts(rang) != "101 " {
		t.Errorf("ring ended %+v", rang)
	}
	caller.Hangup()
	callee.AwaitEnd(t)
	legs := w.ended(t, in.Call, call.CauseNormal)
	if a, b := legs[0], legs[1]; !b.Answered.Before(keyed) || !a.Answered.After(keyed) {
		t.Errorf("the callee's leg is billed from %v, the caller's from %v", b.Answered, a.Answered)
	}
}

func TestAMailboxThatConfirmsNothingDoesNotTakeTheCall(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	mailbox, desk := w.registered(t, "101"), w.registered(t, "102")
	caller := w.phone(t, "100", nil).Dial(t, "team")
	in := w.arrived(t)
	began := time.Now()
	late := bar("102", 5, 30)
	ring := w.ring(t, in, call.Bar{Target: asking("101", true, "").Target, Length: call.Seconds(5)}, late)
	recorder := mailbox.Called(t).Rings(t).Answers(t)
	other := desk.Called(t).Rings(t) // in its time, while the first still could confirm
	select {
	case <-recorder.Done():
	case <-time.After(20 * time.Second):
		t.Fatal("the mailbox goes on recording")
	}
	if took := time.Since(began); took < 14*time.Second || took > 18*time.Second {
		t.Errorf("released after %v", took)
	}
	other.Answers(t)
	caller.Await(t, phone.Answered)
	if rang := ring.result(t); rang.Target.ContactMethod != "cm-102" || attempts(rang) != "101 no-answer, 102 " || rang.Attempts[0].Answered.IsZero() {
		t.Errorf("ring ended %+v", rang)
	}
}

func TestOfTwoWhoAreAskedTheFirstToConfirmWins(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	one, two := w.registered(t, "101"), w.registered(t, "102")
	caller := w.phone(t, "100", nil).Dial(t, "team").Says(callerTone)
	in := w.arrived(t)
	ring := w.ring(t, in, asking("101", true, ""), asking("102", true, ""))
	first := one.Called(t).Rings(t).Answers(t)
	first.Hears(t, confirmTone)
	second := two.Called(t).Rings(t).Says(calleeTone).Answers(t)
	second.Hears(t, confirmTone)
	second.Keys(t, "1")
	first.AwaitEnd(t)
	if rang := ring.result(t); rang.Target.ContactMethod != "cm-102" || attempts(rang) != "101 answered-elsewhere, 102 " {
		t.Errorf("ring ended %+v", rang)
	}
	talking{caller: caller, callee: second}.hearEachOther(t)
}

func TestTheWhisperIsForTheCalleeOnlyAndComesBeforeTheCaller(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	one, two := w.registered(t, "101"), w.registered(t, "102")
	caller := w.phone(t, "100", nil).Dial(t, "team").Says(callerTone)
	in := w.arrived(t)
	w.ring(t, in, asking("101", false, "whisper"), bar("102", 0, 20))
	loser := two.Called(t).Rings(t)
	callee := one.Called(t).Rings(t).Says(calleeTone).Answers(t)
	if end := loser.AwaitEnd(t); end.Why != sipua.EndCancelled {
		t.Errorf("the loser's end is %+v", end)
	}
	callee.Hears(t, whisperTone, callerTone)
	caller.Await(t, phone.Answered)
	talking{caller: caller, callee: callee}.hearEachOther(t)
}

func TestEarlyMediaEndsWhereItsPhoneHasToConfirm(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	mobile := w.registered(t, "101")
	caller := w.phone(t, "100", nil).Dial(t, "team").Says(callerTone)
	w.ring(t, w.arrived(t), asking("101", true, ""))
	callee := mobile.Called(t).Says(calleeTone)
	if err := callee.EarlyMedia(); err != nil {
		t.Fatal(err)
	}
	caller.Hears(t, calleeTone)
	callee.Answers(t)
	caller.Hears(t, euRingback, calleeTone)
	callee.Hears(t, confirmTone, callerTone)
}

func TestACallerWhoHangsUpWhileSomebodyConfirmsIsMissed(t *testing.T) {
	t.Parallel()
	for claim, c := range map[string]struct {
		bar  call.Bar
		hint float64 // what is heard in place of the caller
	}{"in confirm": {asking("101", true, ""), confirmTone}, "in whisper": {asking("101", false, "prompt"), promptTone}} {
		t.Run(claim, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			mobile := w.registered(t, "101")
			caller := w.phone(t, "100", nil).Dial(t, "team")
			in := w.arrived(t)
			ring := w.ring(t, in, c.bar)
			callee := mobile.Called(t).Rings(t).Answers(t)
			caller.Await(t, phone.Ringing)
			callee.Hears(t, c.hint)
			caller.Hangup()
			callee.AwaitEnd(t)
			if rang := ring.result(t); rang.Outcome != call.OutcomeCallerGone || attempts(rang) != "101 caller-cancelled" {
				t.Errorf("ring ended %s: %s", rang.Outcome, attempts(rang))
			}
			legs := w.ended(t, in.Call, call.CauseCallerCancelled)
			if legs[0].Billed() != 0 || legs[1].Billed() != 1 {
				t.Errorf("billed %d s and %d s", legs[0].Billed(), legs[1].Billed())
			}
			w.noEvent(t)
		})
	}
}

func TestWhoHangsUpInsteadOfConfirmingHasDeclined(t *testing.T) {
	t.Parallel()
	for claim, b := range map[string]call.Bar{"in confirm": asking("101", true, ""), "in whisper": asking("101", false, "prompt")} {
		t.Run(claim, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			mobile, desk := w.registered(t, "101"), w.registered(t, "102")
			caller := w.phone(t, "100", nil).Dial(t, "team").Says(callerTone)
			in := w.arrived(t)
			next := bar("102", 20, 20)
			ring := w.ring(t, in, b, next)
			declining := mobile.Called(t).Rings(t).Answers(t)
			declining.Hears(t, map[string]float64{"in confirm": confirmTone, "in whisper": promptTone}[claim])
			declining.Hangup()
			callee := desk.Called(t).Says(calleeTone).Answers(t) // at once, not after 20 s
			if rang := ring.result(t); attempts(rang) != "101 declined, 102 " {
				t.Errorf("ring ended %s: %s", rang.Outcome, attempts(rang))
			}
			talking{caller: caller, callee: callee}.hearEachOther(t)
		})
	}
}

func TestAnOfferIsConfirmedBeforeItEndsTheWait(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	member := w.registered(t, "101")
	caller, in, wait := w.waiting(t, call.Wait{})
	offer := w.offers(t, in.Leg, asking("101", true, "whisper"))
	callee := member.Called(t).Rings(t).Says(calleeTone).Answers(t)
	callee.Hears(t, confirmTone)
	caller.Hears(t, musicTone)
	callee.Keys(t, "1")
	callee.Hears(t, whisperTone, callerTone)
	if got := wait.result(t); got.Outcome != call.OutcomeAnswered {
		t.Errorf("wait ended %+v", got)
	}
	offer.result(t)
	talking{caller: caller, callee: callee}.hearEachOther(t)
}

func TestAnAnswerThatIsBeingWhisperedToOutlivesTheLimitOfTheWait(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	member := w.registered(t, "101")
	caller, in, wait := w.waiting(t, call.Wait{Limit: shortWait})
	w.offers(t, in.Leg, asking("101", false, "prompt")) // longer than the limit
	callee := member.Called(t).Rings(t).Answers(t)
	callee.Hears(t, promptTone)
	caller.Hears(t, musicTone)
	began := time.Now()
	eventually(t, "the limit is over", func() bool { return time.Since(began) > shortWait.Std() })
	wait.running(t)
	callee.Hangup()
	if got := wait.result(t); got.Outcome != call.OutcomeDone {
		t.Errorf("wait ended %+v", got)
	}
}
