package sipmedia_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"tandem/flow/call"
	"tandem/sipmedia"
	"tandem/sipmedia/siptest"
	"tandem/sipmedia/sipua"
)

// begun is a call that the switch was asked to begin.
type begun struct {
	asked[call.Originated]
	in call.Originate
}

// originates begins a call with whoever answers a target.
func (w *world) originates(t testing.TB, target call.Target, ring time.Duration) begun {
	t.Helper()
	n := w.ops.Add(1)
	in := call.Originate{
		Call: call.NewID(time.Now(), [7]byte{byte(n), byte(n >> 5)}), Target: target, Ring: call.Duration(ring),
		From: call.Party{Number: "+15550100", Name: "Sales"},
	}
	w.owes(in.Call)
	return begun{ask(t, w, w.Originate, in), in}
}

const longRing = 20 * time.Second

// answering is a call that 101 has answered as its caller, saying its tone.
func (w *world) answering(t testing.TB) (*siptest.Call, begun, call.LegID) {
	t.Helper()
	desk := w.registered(t, "101")
	b := w.originates(t, target("101"), longRing)
	caller := desk.Called(t).Rings(t).Says(callerTone).Answers(t)
	got := b.result(t)
	if got.Outcome != call.OutcomeAnswered || tries(got) != "101 " || got.Leg.Call() != b.in.Call {
		t.Fatalf("begun with %+v", got)
	}
	return caller, b, got.Leg
}

func tries(o call.Originated) string { return attempts(call.Rang{Attempts: o.Attempts}) }

func TestWhoAnswersACallOfTheHouseIsItsCaller(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	member := w.registered(t, "102")
	caller, b, leg := w.answering(t)
	if number, name := caller.From(); number != "+15550100" || name != "Sales" {
		t.Errorf("the phone shows %q %q", number, name)
	}

	play := ask(t, w, w.Play, call.Play{Leg: leg, Answer: true, Audio: "prompt", SkipKey: "#"})
	caller.Hears(t, promptTone)
	caller.Keys(t, "#")
	if got := play.result(t); got.Outcome != call.OutcomeKey {
		t.Errorf("play ended %+v", got)
	}

	wait := w.waits(t, call.Wait{Leg: leg, Say: []string{"short"}})
	caller.Hears(t, promptTone, musicTone)
	caller.Hears(t, musicTone, promptTone)
	offer := w.offers(t, leg, bar("102", 0, 20))
	callee := member.Called(t).Rings(t).Says(calleeTone).Answers(t)
	waited := wait.result(t)
	if waited.Outcome != call.OutcomeAnswered || waited.Leg != offer.result(t).Leg {
		t.Errorf("wait ended %+v", waited)
	}
	talking{caller: caller, callee: callee}.hearEachOther(t)
	talk := ask(t, w, w.Talk, call.Talk{A: leg, B: waited.Leg})
	caller.Hangup()
	callee.AwaitEnd(t)
	if got := talk.result(t); got.Cause != call.CauseCallerHangup || got.EndedBy != leg {
		t.Errorf("talk ended %+v", got)
	}
	w.noEvent(t)

	legs := w.ended(t, b.in.Call, call.CauseNormal)
	if len(legs) != 2 || legs[0].ID != leg || legs[0].Side != "a" || legs[0].ContactMethod != "cm-101" || legs[0].Cause != call.CauseCallerHangup {
		t.Errorf("the caller's leg is not the first of %+v", legs)
	}
	if b := legs[1]; b.ID != waited.Leg || b.Side != "b" || b.Cause != call.CauseCallerHangup || b.Billed() < 1 {
		t.Errorf("the member's leg is %+v", b)
	}
	eventually(t, "nothing is left", func() bool { got := w.Stats(); return got.Calls == 0 && got.Legs == 0 && got.Operations == 0 })
}

func TestWhoWasCalledMayBeRungForAndMeetOthersLikeAnyCaller(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	member := w.registered(t, "102")
	caller, _, leg := w.answering(t)
	stay := ask(t, w, w.Confer, call.Confer{Leg: leg, Room: "f/room", Max: 50})
	caller.Hears(t, musicTone) // alone
	other := w.joins(t, otherTone, call.Confer{})
	caller.HearsAll(t, []float64{otherTone}, callerTone, musicTone)
	other.HearsAll(t, []float64{callerTone}, otherTone, musicTone)
	stay.running(t)

	ring := ask(t, w, w.Ring, call.Ring{Leg: leg, From: call.Party{Number: "101"}, Bars: []call.Bar{bar("102", 0, 20)}})
	callee := member.Called(t)
	if got := callee.Dialog().Facts().MaxForwards; got != 69 {
		t.Errorf("a call that was called may be passed on %d times, want one less than itself", got)
	}
	caller.Hears(t, euRingback, otherTone)
	callee.Says(calleeTone).Answers(t)
	talking{caller: caller, callee: callee}.hearEachOther(t)
	ring.result(t)
	callee.Hangup()
	caller.AwaitEnd(t)
}

func TestWhatIsKeyedRightAfterTheAnswerIsNotLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	caller, _, leg := w.answering(t)
	caller.Keys(t, "2")
	menu := menuOf(leg)
	menu.TypeAhead = true
	if got := ask(t, w, w.Gather, menu).result(t); got.Digits != "2" {
		t.Errorf("gathered %+v", got)
	}
}

func TestTheFirstPhoneToAnswerIsTheCallerAndTheOthersAreToldSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	phones := []*siptest.Phone{w.registered(t, "101"), w.registered(t, "101"), w.registered(t, "101")}
	b := w.originates(t, target("101"), longRing)
	var rung []*siptest.Call
	for _, p := range phones {
		rung = append(rung, p.Called(t).Rings(t))
	}
	winner := rung[2].Answers(t)
	for _, c := range rung[:2] {
		if end := c.AwaitEnd(t); end.Why != sipua.EndCancelled || !strings.Contains(end.Cause, "completed elsewhere") {
			t.Errorf("another phone's end is %+v", end)
		}
	}
	got := b.result(t)
	if len(got.Attempts) != 3 || got.Outcome != call.OutcomeAnswered {
		t.Fatalf("begun with %+v", got)
	}
	for _, a := range got.Attempts {
		if took := a.Leg == got.Leg; a.Took() != took || !took && a.Cause != call.CauseAnsweredElsewhere {
			t.Errorf("attempt %+v", a)
		}
	}
	ask(t, w, w.Play, call.Play{Leg: got.Leg, Audio: "prompt"})
	winner.Hears(t, promptTone)
	legs := w.ended(t, b.in.Call, call.CauseNormal)
	if len(legs) != 3 || legs[0].ID != got.Leg || legs[0].Side+legs[1].Side+legs[2].Side != "abb" {
		t.Errorf("legs %+v", legs)
	}
	winner.AwaitEnd(t)
}

func TestACallOfTheHouseThatNobodyAnswersSaysWhyAndWaitsForItsEnd(t *testing.T) {
	t.Parallel()
	rejects := func(status int) func(testing.TB, *siptest.Phone) {
		return func(t testing.TB, p *siptest.Phone) {
			if err := p.Called(t).Reject(status); err != nil {
				t.Fatal(err)
			}
		}
	}
	ringsOut := func(t testing.TB, p *siptest.Phone) {
		if end := p.Called(t).Rings(t).AwaitEnd(t); end.Why != sipua.EndCancelled {
			t.Errorf("the phone's end is %+v", end)
		}
	}
	for claim, c := range map[string]struct {
		phone   func(testing.TB, *siptest.Phone) // nil: not registered
		ring    time.Duration
		change  func(*call.Target)
		outcome call.Outcome
		tries   string
		legs    int
	}{
		"it rings out":         {ringsOut, 150 * time.Millisecond, nil, call.OutcomeNoAnswer, "101 no-answer", 1},
		"the phone is busy":    {rejects(486), longRing, nil, call.OutcomeNobody, "101 busy", 1},
		"it is declined":       {rejects(603), longRing, nil, call.OutcomeNobody, "101 declined", 1},
		"there is no phone":    {nil, longRing, nil, call.OutcomeNobody, "101 unavailable (skipped)", 0},
		"it may not be rung":   {nil, longRing, func(t *call.Target) { t.Skip = call.CauseOffSchedule }, call.OutcomeNobody, "101 off-schedule (skipped)", 0},
		"it is no destination": {nil, longRing, func(t *call.Target) { t.Account = "" }, call.OutcomeNobody, "101 not-found (skipped)", 0},
	} {
		t.Run(claim, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			to := target("101")
			if c.change != nil {
				c.change(&to)
			}
			var desk *siptest.Phone
			if c.phone != nil {
				desk = w.registered(t, "101")
			}
			b := w.originates(t, to, c.ring)
			if c.phone != nil {
				c.phone(t, desk)
			}
			if got := b.result(t); got.Outcome != c.outcome || tries(got) != c.tries || got.Leg != "" {
				t.Errorf("begun with %s: %s", got.Outcome, tries(got))
			}
			w.noEvent(t)
			if got := w.Stats().Calls; got != 1 {
				t.Errorf("%d calls wait for their end", got)
			}
			if legs := w.ended(t, b.in.Call, call.CauseNoAnswer); len(legs) != c.legs {
				t.Errorf("legs %+v", legs)
			}
			eventually(t, "nothing is left", func() bool { got := w.Stats(); return got.Calls == 0 && got.Legs == 0 && got.RTP.Streams == 0 })
		})
	}
}

func TestACallThatNobodyAnsweredAndNobodyEndsIsForgotten(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *sipmedia.Config) { c.Waits.Orphan = 50 * time.Millisecond })
	w.originates(t, target("101"), longRing).result(t)
	eventually(t, "the call is forgotten", func() bool { got := w.Stats(); return got.Calls+got.Kept == 0 })
}

func TestACallOfTheHouseIsTakenByKeyWhereThatIsAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	mobile := w.registered(t, "101")
	to := target("101")
	to.Confirm = true
	b := w.originates(t, to, longRing)
	caller := mobile.Called(t).Rings(t).Answers(t)
	caller.Hears(t, confirmTone)
	caller.Keys(t, "2")
	b.running(t)
	caller.Keys(t, "1")
	got := b.result(t)
	if got.Outcome != call.OutcomeAnswered || tries(got) != "101 " {
		t.Errorf("begun with %+v", got)
	}
	caller.HearsSilence(t)
	ask(t, w, w.Play, call.Play{Leg: got.Leg, Audio: "prompt"})
	caller.Hears(t, promptTone, confirmTone)
}

func TestWhoHangsUpInsteadOfTakingACallOfTheHouseHasDeclined(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	mobile := w.registered(t, "101")
	to := target("101")
	to.Confirm = true
	b := w.originates(t, to, longRing)
	caller := mobile.Called(t).Rings(t).Answers(t)
	caller.Hears(t, confirmTone)
	caller.Hangup()
	if got := b.result(t); got.Outcome != call.OutcomeNoAnswer || tries(got) != "101 declined" || got.Attempts[0].Answered.IsZero() {
		t.Errorf("begun with %+v", got)
	}
	w.noEvent(t)
}

func TestTheEndOfACallThatRingsCancelsItAndSaysWhy(t *testing.T) {
	t.Parallel()
	for cause, says := range map[call.Cause]string{
		call.CauseOperator:          q850(16, call.CauseOperator),
		call.CauseAnsweredElsewhere: `SIP;cause=200;text="Call completed elsewhere"`, // no missed call
	} {
		t.Run(string(cause), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			desk, mobile := w.registered(t, "101"), w.registered(t, "101")
			b := w.originates(t, target("101"), longRing)
			rung := []*siptest.Call{desk.Called(t).Rings(t), mobile.Called(t).Rings(t)}
			legs := ask(t, w, w.End, call.End{Call: b.in.Call, Cause: cause, Audio: "prompt", Early: true}).result(t).Legs
			for _, c := range rung {
				if end := c.AwaitEnd(t); end.Why != sipua.EndCancelled || end.Cause != says {
					t.Errorf("a phone's end is %+v", end)
				}
			}
			if got := b.answer(t); !errors.Is(got.err, sipmedia.ErrSuperseded) {
				t.Errorf("begun with %+v, %v", got.out, got.err)
			}
			if len(legs) != 2 {
				t.Fatalf("legs %+v", legs)
			}
			for _, l := range legs {
				if l.State != call.LegEnded || l.Cause != cause || l.Billed() != 0 {
					t.Errorf("leg %+v", l)
				}
			}
			w.noEvent(t)
		})
	}
}

func TestAnAnswerThatCrossesTheEndIsReleased(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	desk := w.registered(t, "101")
	b := w.originates(t, target("101"), longRing)
	callee := desk.Called(t).Rings(t)
	answered := make(chan error, 1)
	go func() { answered <- callee.Answer() }()
	w.ended(t, b.in.Call, call.CauseOperator)
	<-answered // refused where the CANCEL was faster
	callee.AwaitEnd(t)
	eventually(t, "nothing is left", func() bool { got := w.Stats(); return got.Legs == 0 && got.RTP.Streams == 0 })
}

func TestACallBeginsOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	desk := w.registered(t, "101")
	in := call.Originate{Call: call.NewID(time.Now(), [7]byte{1}), Target: target("101"), Ring: call.Duration(longRing)}
	w.owes(in.Call)
	asks := []asked[call.Originated]{askAs(t, "call-x/1", w.Originate, in)}
	callee := desk.Called(t).Rings(t)
	asks = append(asks, askAs(t, "call-x/1", w.Originate, in), askAs(t, "call-x/2", w.Originate, in))
	callee.Answers(t)
	var legs []call.LegID
	for _, a := range asks {
		legs = append(legs, a.result(t).Leg)
	}
	legs = append(legs, askAs(t, "call-x/1", w.Originate, in).result(t).Leg)
	if want := fmt.Sprint([]call.LegID{legs[0], legs[0], legs[0], legs[0]}); fmt.Sprint(legs) != want || legs[0] == "" {
		t.Errorf("the caller's leg is %v", legs)
	}
	desk.NotCalled(t)
	ask(t, w, w.Play, call.Play{Leg: legs[0], Audio: "prompt"})
	callee.Hears(t, promptTone)
	w.ended(t, in.Call, call.CauseNormal)
	if got := askAs(t, "call-x/1", w.Originate, in).result(t).Leg; got != legs[0] {
		t.Errorf("asked after the end: %s", got)
	}
	desk.NotCalled(t)
}

func TestACallThatCameInIsNotBegun(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	desk := w.registered(t, "101")
	caller := w.phone(t, "100", nil).Dial(t, "+15550100")
	in := w.arrived(t)
	play := ask(t, w, w.Play, call.Play{Leg: in.Leg, Answer: true, Audio: "prompt"})
	if got := ask(t, w, w.Originate, call.Originate{Call: in.Call, Target: target("101")}).answer(t); !errors.Is(got.err, sipmedia.ErrNoLeg) {
		t.Errorf("begun with %+v, %v", got.out, got.err)
	}
	caller.Hears(t, promptTone)
	play.running(t)
	desk.NotCalled(t)
}

func TestWhoHangsUpInTheInstantOfTheAnswerIsACallerWhoIsGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	desk := w.registered(t, "101")
	b := w.originates(t, target("101"), longRing)
	callee := desk.Called(t)
	if err := callee.Answer(); err != nil {
		t.Fatal(err)
	}
	callee.Hangup()
	got := b.result(t)
	if got.Outcome != call.OutcomeAnswered {
		t.Fatalf("begun with %+v", got)
	}
	if e := w.event(t); e.Kind != call.EventLegEnded || e.Leg != got.Leg || e.Cause != call.CauseCallerHangup || e.Seq != 1 {
		t.Errorf("event is %+v", e)
	}
	if got := ask(t, w, w.Play, call.Play{Leg: got.Leg, Answer: true, Audio: "prompt"}).result(t); got.Outcome != call.OutcomeCallerGone {
		t.Errorf("play ended %+v", got)
	}
	if legs := w.ended(t, b.in.Call, call.CauseNormal); legCause(t, legs, got.Leg) != call.CauseCallerHangup {
		t.Errorf("legs %+v", legs)
	}
	w.noEvent(t)
}

func TestWhoAnswersACallThatNobodyGoesOnWithIsHungUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *sipmedia.Config) { c.Waits.Unasked = 200 * time.Millisecond })
	caller, b, leg := w.answering(t)
	if end := caller.AwaitEnd(t); !end.ByPeer || end.Cause != q850(42, call.CauseCongestion) {
		t.Errorf("the phone's end is %+v", end)
	}
	if e := w.event(t); e.Kind != call.EventLegEnded || e.Leg != leg || e.Cause != call.CauseCongestion {
		t.Errorf("event is %+v", e)
	}
	if legs := w.ended(t, b.in.Call, call.CauseNormal); legCause(t, legs, leg) != call.CauseCongestion {
		t.Errorf("legs %+v", legs)
	}
	w.noEvent(t)
}

func TestASwitchThatClosesBeginsNoCalls(t *testing.T) {
	t.Parallel()
	w := newWorld(t, withoutWorkflows)
	desk := w.registered(t, "101")
	defer bereave(desk)
	b := w.originates(t, target("101"), longRing)
	caller := desk.Called(t).Rings(t)
	ctx, cancel := context.WithCancel(t.Context())
	closed := make(chan error, 1)
	go func() { closed <- w.Close(ctx) }()
	eventually(t, "new calls are refused", func() bool {
		other := call.Originate{Call: call.NewID(time.Now(), [7]byte{byte(w.ops.Add(1))}), Target: target("102")}
		return errors.Is(w.Originate("call-y/1", other, func(call.Originated, error) {}), call.ErrNoNewCalls)
	})
	b.running(t)
	askAs(t, "call-x/1", w.Originate, b.in).running(t) // it is this node's still
	cancel()                                           // who rings is not waited for beyond the drain
	if end := caller.AwaitEnd(t); end.Why != sipua.EndCancelled || end.Cause != q850(42, call.CauseCongestion) {
		t.Errorf("the phone's end is %+v", end)
	}
	if got := b.result(t); tries(got) != "101 congestion" { // whether the node had heard it ring is all the same
		t.Errorf("begun with %s: %s", got.Outcome, tries(got))
	}
	if err := <-closed; err != nil {
		t.Errorf("close: %v", err)
	}
}

func TestWhoIsInACallOfTheHouseIsBusy(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	caller, b, _ := w.answering(t)
	again := func() string { return tries(w.originates(t, target("101"), 100*time.Millisecond).result(t)) }
	if got := again(); got != "101 busy (skipped)" {
		t.Errorf("called a second time: %s", got)
	}
	w.phone(t, "100", nil).Dial(t, "101")
	if rang := w.ring(t, w.arrived(t), bar("101", 0, 20)).result(t); attempts(rang) != "101 busy (skipped)" {
		t.Errorf("ring ended %s", attempts(rang))
	}
	caller.Hangup()
	caller.AwaitEnd(t)
	w.ended(t, b.in.Call, call.CauseNormal)
	if got := again(); got != "101 no-answer" {
		t.Errorf("called after that: %s", got)
	}
}

func TestACallOfTheHouseTakesOneOfThePlacesOfAForwarding(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	far := w.phone(t, "far", nil)
	to := limited(far.Phone, 0, 0, 1).Target
	first := w.originates(t, to, longRing)
	caller := far.Called(t).Answers(t)
	first.result(t)
	if got := w.originates(t, to, longRing).result(t); tries(got) != "forwarding busy (skipped)" {
		t.Errorf("a second at once: %s", tries(got))
	}
	caller.Hangup()
	caller.AwaitEnd(t)
	w.ended(t, first.in.Call, call.CauseNormal)
	w.originates(t, to, longRing)
	far.Called(t)
}

func TestTheLadderTellsOfACallOfTheHouse(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	caller, _, leg := w.answering(t)
	caller.Hangup()
	caller.AwaitEnd(t)
	lines := []string{"out INVITE", "in SIP/2.0 180", "in SIP/2.0 200", "out ACK", "in BYE", "out SIP/2.0 200"}
	eventually(t, "the ladder is complete", func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return climbs(w.ladder, leg, lines)
	})
}

func TestACallOfTheHouseProvesWhoItIsWhereThatIsAsked(t *testing.T) {
	t.Parallel()
	carrier := newWorld(t, nil)
	w := newWorld(t, func(c *sipmedia.Config) {
		c.Password = func(contactMethod string) string { return map[string]string{"mobile": "100"}[contactMethod] }
	})
	b := w.originates(t, call.Target{ContactMethod: "mobile", Name: "Mobile", URI: "sip:+15550199@" + carrier.server().String(), Username: "100"}, longRing)
	in := carrier.arrived(t)
	if in.Account != "cm-100" {
		t.Errorf("arrived as %+v", in)
	}
	ask(t, carrier, carrier.Play, call.Play{Leg: in.Leg, Answer: true, Audio: "short", Times: 1}).result(t)
	if got := b.result(t); got.Outcome != call.OutcomeAnswered || got.Leg == "" {
		t.Errorf("begun with %+v", got)
	}
}
