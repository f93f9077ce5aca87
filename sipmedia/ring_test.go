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

// attempts reads a ring's attempts as "101 cause, 102 cause".
func attempts(rang call.Rang) string {
	var out []string
	for _, a := range rang.Attempts {
		text := strings.TrimPrefix(a.ContactMethod, "cm-") + " " + string(a.Cause)
		if a.Skipped {
			text += " (skipped)"
		}
		out = append(out, text)
	}
	return strings.Join(out, ", ")
}

func (w *world) ring(t testing.TB, in call.Incoming, bars ...call.Bar) asked[call.Rang] {
	t.Helper()
	return ask(t, w, w.Ring, call.Ring{Leg: in.Leg, From: call.Party{Number: in.Caller}, Bars: bars})
}

func TestACallerWhoGivesUpCancelsAllThatRing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	one, two := w.registered(t, "101"), w.registered(t, "102")
	caller := w.phone(t, "100", nil).Dial(t, "team")
	in := w.arrived(t)
	ring := w.ring(t, in, bar("101", 0, 20), bar("102", 0, 20))
	first, second := one.Called(t).Rings(t), two.Called(t).Rings(t)
	caller.Await(t, phone.Ringing)
	caller.Hangup()
	for _, c := range []*siptest.Call{first, second} {
		if end := c.AwaitEnd(t); end.Why != sipua.EndCancelled || strings.Contains(end.Cause, "elsewhere") { // a missed call, that is
			t.Errorf("a phone's end is %+v", end)
		}
	}
	if end := caller.AwaitEnd(t); end.Status != 487 {
		t.Errorf("the caller's end is %+v", end)
	}
	rang := ring.result(t)
	if rang.Outcome != call.OutcomeCallerGone || attempts(rang) != "101 caller-cancelled, 102 caller-cancelled" {
		t.Errorf("ring ended %s: %s", rang.Outcome, attempts(rang))
	}
	if got := legCause(t, w.ended(t, in.Call, call.CauseNormal), in.Leg); got != call.CauseCallerCancelled {
		t.Errorf("the caller's leg ended with %s", got)
	}
	w.noEvent(t)
}

func TestABusyPhoneLetsTheNextBarRingAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	busy, free := w.registered(t, "101"), w.registered(t, "102")
	w.phone(t, "100", nil).Dial(t, "team")
	in := w.arrived(t)
	ring := w.ring(t, in, bar("101", 0, 20), bar("102", 20, 20))
	if err := busy.Called(t).Reject(486); err != nil {
		t.Fatal(err)
	}
	free.Called(t).Answers(t)
	rang := ring.result(t)
	if rang.Outcome != call.OutcomeAnswered || attempts(rang) != "101 busy, 102 " || rang.Attempts[0].Status != 486 {
		t.Errorf("ring ended %+v", rang)
	}
}

func TestTheFirstAnswerWinsAndTheOtherIsToldSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	one, two, third := w.registered(t, "101"), w.registered(t, "102"), w.registered(t, "100")
	caller := w.phone(t, "100", nil).Dial(t, "team").Says(callerTone)
	in := w.arrived(t)
	ring := w.ring(t, in, bar("101", 0, 20), bar("102", 0, 20), bar("100", 20, 20))
	loser := one.Called(t).Rings(t)
	winner := two.Called(t).Rings(t).Says(calleeTone).Answers(t)
	if end := loser.AwaitEnd(t); end.Why != sipua.EndCancelled || !strings.Contains(end.Cause, "completed elsewhere") {
		t.Errorf("the loser's end is %+v", end)
	}
	rang := ring.result(t)
	third.NotCalled(t)
	if rang.Target.ContactMethod != "cm-102" || attempts(rang) != "101 answered-elsewhere, 102 " {
		t.Errorf("ring ended %+v", rang)
	}
	talking{caller: caller, callee: winner}.hearEachOther(t)
}

func TestOfTwoWhoAnswerTogetherOneIsReleased(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	one, two := w.registered(t, "101"), w.registered(t, "102")
	caller := w.phone(t, "100", nil).Dial(t, "team").Says(callerTone)
	in := w.arrived(t)
	ring := w.ring(t, in, bar("101", 0, 20), bar("102", 0, 20))
	calls := []*siptest.Call{one.Called(t).Rings(t).Says(calleeTone), two.Called(t).Rings(t).Says(otherTone)}
	var together sync.WaitGroup
	for _, c := range calls {
		together.Go(func() { c.Answer() })
	}
	together.Wait()
	rang := ring.result(t)
	winner, loser, tone, silent := calls[0], calls[1], calleeTone, otherTone
	if rang.Target.ContactMethod == "cm-102" {
		winner, loser, tone, silent = loser, winner, silent, tone
	}
	if end := loser.AwaitEnd(t); !strings.Contains(end.Cause, "completed elsewhere") {
		t.Errorf("the loser's end is %+v", end)
	}
	for _, a := range rang.Attempts {
		if lost := a.ContactMethod != rang.Target.ContactMethod; lost != (a.Cause == call.CauseAnsweredElsewhere) {
			t.Errorf("the attempt at %s ended with %q", a.ContactMethod, a.Cause)
		}
	}
	caller.Hears(t, tone, silent, callerTone)
	winner.Hears(t, callerTone, tone, silent)
}

func TestAllPhonesOfAnAccountRing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	desk, mobile := w.registered(t, "101"), w.registered(t, "101")
	w.phone(t, "100", nil).Dial(t, "101")
	ring := w.ring(t, w.arrived(t), bar("101", 0, 20))
	ringing := desk.Called(t).Rings(t)
	mobile.Called(t).Answers(t)
	ringing.AwaitEnd(t)
	if rang := ring.result(t); len(rang.Attempts) != 2 || rang.Attempts[0].Binding == rang.Attempts[1].Binding {
		t.Errorf("attempts are %+v", rang.Attempts)
	}
}

func TestARingWithNobodyToRingEndsAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.phone(t, "100", nil).Dial(t, "team")
	in := w.arrived(t)
	closed := bar("101", 0, 20)
	closed.Target.Skip = call.CauseForbidden
	rang := w.ring(t, in, closed, bar("102", 20, 20)).result(t)
	if rang.Outcome != call.OutcomeNobody || attempts(rang) != "101 forbidden (skipped), 102 unavailable (skipped)" {
		t.Errorf("ring ended %s: %s", rang.Outcome, attempts(rang))
	}
}

func TestABarThatIsOverIsCancelled(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	desk := w.registered(t, "101")
	w.phone(t, "100", nil).Dial(t, "team")
	in := w.arrived(t)
	short := call.Bar{Target: target("101"), Length: call.Duration(150 * time.Millisecond)}
	ring := w.ring(t, in, short)
	callee := desk.Called(t).Rings(t)
	if end := callee.AwaitEnd(t); end.Why != sipua.EndCancelled {
		t.Errorf("the phone's end is %+v", end)
	}
	if rang := ring.result(t); rang.Outcome != call.OutcomeNoAnswer || attempts(rang) != "101 no-answer" {
		t.Errorf("ring ended %s: %s", rang.Outcome, attempts(rang))
	}
}

func TestAnAddressIsRungWithoutAnAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	far := w.phone(t, "far", nil)
	w.phone(t, "100", nil).Dial(t, "team")
	in := w.arrived(t)
	ring := w.ring(t, in, call.Bar{Target: call.Target{ContactMethod: "far", URI: "sip:desk@" + far.Addr().String()}, Length: call.Seconds(20)})
	callee := far.Called(t)
	if got := callee.Dialog().Facts().RequestUser; got != "desk" {
		t.Errorf("rung as %q", got)
	}
	callee.Answers(t)
	if rang := ring.result(t); rang.Outcome != call.OutcomeAnswered {
		t.Errorf("ring ended %+v", rang)
	}
}

func TestEarlyMediaOfTheOnlyPhoneIsHeard(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	desk, second := w.registered(t, "101"), w.registered(t, "102")
	caller := w.phone(t, "100", nil).Dial(t, "team").Says(callerTone)
	in := w.arrived(t)
	w.ring(t, in, bar("101", 0, 20), call.Bar{Target: target("102"), Start: call.Seconds(1), Length: call.Seconds(20)})
	callee := desk.Called(t).Says(calleeTone)
	if err := callee.EarlyMedia(); err != nil {
		t.Fatal(err)
	}
	if e := caller.Await(t, phone.EarlyMedia); e.Status != 183 {
		t.Errorf("early media came with %d", e.Status)
	}
	caller.Hears(t, calleeTone, callerTone, euRingback)
	second.Called(t).Rings(t)
	caller.Hears(t, euRingback, calleeTone) // two ring: one ringback
	callee.Answers(t)
	talking{caller: caller, callee: callee}.hearEachOther(t)
}

func TestOwnRingbackIsEarlyMediaAndDoesNotAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	desk := w.registered(t, "101")
	caller := w.phone(t, "100", nil).Dial(t, "101").Says(callerTone)
	in := w.arrived(t)
	ask(t, w, w.Ring, call.Ring{Leg: in.Leg, Ringback: "music", Bars: []call.Bar{bar("101", 0, 20)}})
	callee := desk.Called(t).Rings(t).Says(calleeTone)
	if e := caller.Await(t, phone.EarlyMedia); e.Status != 183 {
		t.Errorf("ringback came with %d", e.Status)
	}
	caller.Hears(t, musicTone, euRingback)
	callee.Answers(t)
	caller.Await(t, phone.Answered)
	talking{caller: caller, callee: callee}.hearEachOther(t)
}

func TestAnUnansweredCallerIsToldThatItRings(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	desk := w.registered(t, "101")
	caller := w.phone(t, "100", nil).Dial(t, "101")
	w.ring(t, w.arrived(t), bar("101", 0, 20))
	desk.Called(t).Rings(t)
	if e := caller.Await(t, phone.Ringing); e.Status != 180 {
		t.Errorf("told %d", e.Status)
	}
}

func TestAWithheldCallerStaysWithheld(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	desk := w.registered(t, "101")
	carrier := w.phone(t, "carrier", func(c *phone.Config) { c.Addr = trunkAddr })
	carrier.DialWith(t, "+15550100", phone.DialOptions{Number: "anonymous"})
	in := w.arrived(t)
	if in.Caller != "" || in.Trunk != "trunk" || in.Account != "" {
		t.Errorf("arrived as %+v", in)
	}
	w.ring(t, in, bar("101", 0, 20))
	if number, name := desk.Called(t).From(); number != "anonymous" || name != "Anonymous" {
		t.Errorf("the phone shows %q %q", number, name)
	}
}

func TestAForwardingNeverRevealsAWithheldCaller(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	far := w.phone(t, "far", nil)
	for _, rule := range []string{"", "Sales"} { // whatever a rule made of the name
		w.phone(t, "100", nil).Dial(t, "team")
		in := w.arrived(t)
		ask(t, w, w.Ring, call.Ring{Leg: in.Leg, From: call.Party{Name: rule}, Bars: []call.Bar{
			{Target: call.Target{ContactMethod: "far", URI: "sip:desk@" + far.Addr().String()}, Length: call.Seconds(20)}}})
		if number, name := far.Called(t).From(); number != "anonymous" || name != "Anonymous" {
			t.Errorf("with the name %q the phone shows %q %q", rule, number, name)
		}
	}
}

func TestACallThatIsTakenOverStopsRinging(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	desk := w.registered(t, "101")
	w.phone(t, "100", nil).Dial(t, "101")
	in := w.arrived(t)
	ring := w.ring(t, in, bar("101", 0, 20))
	callee := desk.Called(t).Rings(t)
	w.ended(t, in.Call, call.CauseOperator)
	callee.AwaitEnd(t)
	if got := ring.answer(t); got.err == nil {
		t.Errorf("the ring ended well: %+v", got.out)
	}
}
