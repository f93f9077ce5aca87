package sipmedia_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/sipmedia"
	"tandem/sipmedia/phone"
	"tandem/sipmedia/sdp"
	"tandem/sipmedia/siptest"
)

func TestAnOperationAskedTwiceRunsOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	caller := w.phone(t, "100", nil).Dial(t, "+15550100")
	in := w.arrived(t)
	first := askAs(t, "call-x/menu", w.Gather, menuOf(in.Leg))
	caller.Hears(t, promptTone)
	second := askAs(t, "call-x/menu", w.Gather, menuOf(in.Leg))
	caller.Keys(t, "1")
	one, two := first.result(t), second.result(t)
	if one != two && (one.Digits != two.Digits || one.Playbacks != 1) {
		t.Errorf("one ask got %+v, the other %+v", one, two)
	}
	if three := askAs(t, "call-x/menu", w.Gather, menuOf(in.Leg)).result(t); three.Digits != "1" || three.Playbacks != 1 {
		t.Errorf("asked after its end: %+v", three)
	}
	first.running(t) // nobody is told twice
}

func TestACallerWhoIsGoneIsReportedByEveryOperation(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	caller := w.phone(t, "100", nil).Dial(t, "+15550100")
	in := w.arrived(t)
	menu := ask(t, w, w.Gather, menuOf(in.Leg))
	caller.Await(t, phone.Answered)
	caller.Hangup()
	if got := menu.result(t); got.Outcome != call.OutcomeCallerGone {
		t.Errorf("menu ended %+v", got)
	}
	if got := ask(t, w, w.Play, call.Play{Leg: in.Leg, Audio: "short"}).result(t); got.Outcome != call.OutcomeCallerGone {
		t.Errorf("play ended %+v", got)
	}
	if got := ask(t, w, w.Gather, menuOf(in.Leg)).result(t); got.Outcome != call.OutcomeCallerGone {
		t.Errorf("second menu ended %+v", got)
	}
	if got := w.ring(t, in, bar("101", 0, 20)).result(t); got.Outcome != call.OutcomeCallerGone || len(got.Attempts) != 0 {
		t.Errorf("ring ended %+v", got)
	}
	legs := w.ended(t, in.Call, call.CauseNormal)
	if got := legCause(t, legs, in.Leg); got != call.CauseCallerHangup {
		t.Errorf("the caller's leg ended with %s", got)
	}
	w.noEvent(t)
}

func TestAHangUpThatNobodyWaitsForIsAnEvent(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	caller := w.phone(t, "100", nil).Dial(t, "+15550100")
	in := w.arrived(t)
	ask(t, w, w.Play, call.Play{Leg: in.Leg, Answer: true, Audio: "short", Times: 1}).result(t)
	caller.Hangup()
	if e := w.event(t); e.Kind != call.EventLegEnded || e.Leg != in.Leg || e.Cause != call.CauseCallerHangup || e.Seq != 1 {
		t.Errorf("event is %+v", e)
	}
}

func TestATalkThatIsOverAlreadySaysHow(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	c := w.talk(t, w.phone(t, "100", nil), w.registered(t, "101"))
	c.callee.Hangup()
	c.caller.AwaitEnd(t)
	if e := w.event(t); e.Leg != c.b || e.Cause != call.CauseCalleeHangup {
		t.Errorf("event is %+v", e)
	}
	if got := ask(t, w, w.Talk, call.Talk{A: c.a, B: c.b}).result(t); got.EndedBy != c.b || got.Cause != call.CauseCalleeHangup {
		t.Errorf("talk ended %+v", got)
	}
	w.noEvent(t) // one hang-up is one event
}

func TestPlaybackAnswersOrIsEarlyMedia(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		answer bool
		want   phone.EventKind
	}{{true, phone.Answered}, {false, phone.EarlyMedia}} {
		t.Run(string(c.want), func(t *testing.T) {
			w := newWorld(t, nil)
			caller := w.phone(t, "100", nil).Dial(t, "+15550100")
			in := w.arrived(t)
			play := ask(t, w, w.Play, call.Play{Leg: in.Leg, Answer: c.answer, Audio: "short", Times: 2})
			caller.Await(t, c.want)
			caller.Hears(t, promptTone)
			if got := play.result(t); got.Outcome != call.OutcomeDone {
				t.Errorf("play ended %+v", got)
			}
			if heard := caller.Ear.Heard(); heard < 350*time.Millisecond {
				t.Errorf("two rounds of 200 ms lasted %v", heard)
			}
		})
	}
}

func TestEndlessPlaybackEndsByItsKeyOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	caller := w.phone(t, "100", nil).Dial(t, "+15550100")
	in := w.arrived(t)
	play := ask(t, w, w.Play, call.Play{Leg: in.Leg, Answer: true, Audio: "music", SkipKey: "#"})
	caller.Hears(t, musicTone)
	caller.Keys(t, "1")
	caller.Hears(t, musicTone)
	play.running(t)
	caller.Keys(t, "#")
	if got := play.result(t); got.Outcome != call.OutcomeKey {
		t.Errorf("play ended %+v", got)
	}
}

func TestMissingAudioDropsNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	caller := w.phone(t, "100", nil).Dial(t, "+15550100")
	in := w.arrived(t)
	if got := ask(t, w, w.Play, call.Play{Leg: in.Leg, Answer: true, Audio: "lost"}).result(t); got.Outcome != call.OutcomeSkipped || got.Note == "" {
		t.Errorf("play ended %+v", got)
	}
	g := menuOf(in.Leg)
	g.Prompt = "lost"
	menu := ask(t, w, w.Gather, g)
	caller.Await(t, phone.Answered)
	caller.Keys(t, "2")
	if got := menu.result(t); got.Digits != "2" {
		t.Errorf("menu ended %+v", got)
	}
}

func TestAnUnansweredCallerIsRefusedWithTheCause(t *testing.T) {
	t.Parallel()
	for cause, status := range map[call.Cause]int{call.CauseBusy: 486, call.CauseNormal: 480, call.CauseNotFound: 404, call.CauseDeclined: 603} {
		t.Run(string(cause), func(t *testing.T) {
			w := newWorld(t, nil)
			caller := w.phone(t, "100", nil).Dial(t, "+15550100")
			legs := w.ended(t, w.arrived(t).Call, cause)
			if end := caller.AwaitEnd(t); end.Status != status || !strings.Contains(end.Cause, cause.Text()) {
				t.Errorf("the caller's end is %+v", end)
			}
			if legs[0].Status != status || legs[0].Cause != cause || legs[0].Billed() != 0 {
				t.Errorf("the leg is %+v", legs[0])
			}
		})
	}
}

func TestARefusalMayNameAStatusOfItsOwn(t *testing.T) {
	t.Parallel()
	for _, status := range flow.DeclineCodes {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			w := newWorld(t, nil)
			caller := w.phone(t, "100", nil).Dial(t, "+15550100")
			id := w.arrived(t).Call
			legs := ask(t, w, w.End, call.End{Call: id, Cause: call.CauseBlocked, Status: status}).result(t).Legs
			if end := caller.AwaitEnd(t); end.Status != status || !strings.Contains(end.Cause, call.CauseBlocked.Text()) {
				t.Errorf("the caller's end is %+v", end)
			}
			if legs[0].Status != status || legs[0].Cause != call.CauseBlocked {
				t.Errorf("the leg is %+v", legs[0])
			}
		})
	}
}

func TestTheLastAudioIsPlayedBeforeTheEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	caller := w.phone(t, "100", nil).Dial(t, "+15550100")
	in := w.arrived(t)
	ask(t, w, w.Play, call.Play{Leg: in.Leg, Answer: true, Audio: "lost"}).result(t)
	end := ask(t, w, w.End, call.End{Call: in.Call, Cause: call.CauseNormal, Audio: "news"})
	caller.Hears(t, promptTone)
	end.result(t)
	if got := caller.AwaitEnd(t); !got.ByPeer || !strings.Contains(got.Cause, call.CauseNormal.Text()) {
		t.Errorf("the caller's end is %+v", got)
	}
}

func TestACallWithoutACommonCodecIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	caller := w.phone(t, "100", codecs(sdp.Codec{Name: "G729", PayloadType: 18, Rate: 8000})).Dial(t, "+15550100")
	if end := caller.AwaitEnd(t); end.Status != 488 {
		t.Errorf("the caller's end is %+v", end)
	}
	if n := len(w.arrivals); n != 0 {
		t.Errorf("%d calls arrived", n)
	}
	eventually(t, "nothing is left", func() bool { got := w.Stats(); return got.Calls == 0 && got.Legs == 0 && got.RTP.Streams == 0 })
}

func TestACallThatNobodyTakesChargeOfIsTurnedAway(t *testing.T) {
	t.Parallel()
	for claim, change := range map[string]func(*sipmedia.Config){
		"the workflow does not start": func(c *sipmedia.Config) {
			c.Feed.Incoming = func(context.Context, call.Incoming) error { return errors.New("no workflow server") }
		},
		"nobody asks for anything": func(c *sipmedia.Config) { c.Waits.Unasked = 50 * time.Millisecond },
	} {
		t.Run(claim, func(t *testing.T) {
			w := newWorld(t, change)
			caller := w.phone(t, "100", nil).Dial(t, "+15550100")
			if end := caller.AwaitEnd(t); end.Status != 503 {
				t.Errorf("the caller's end is %+v", end)
			}
			if e := w.event(t); e.Cause != call.CauseCongestion || e.Kind != call.EventLegEnded {
				t.Errorf("event is %+v", e)
			}
		})
	}
}

func TestAnAbandonedCallEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	c := w.talk(t, w.phone(t, "100", nil), w.registered(t, "101"))
	talk := ask(t, w, w.Talk, call.Talk{A: c.a, B: c.b})
	w.Abandon(c.id, call.CauseInternal)
	c.caller.AwaitEnd(t)
	c.callee.AwaitEnd(t)
	if got := talk.answer(t); !errors.Is(got.err, sipmedia.ErrSuperseded) {
		t.Errorf("talk ended %+v, %v", got.out, got.err)
	}
	w.noEvent(t)
}

func TestACallerIsTakenOutOfAConversationByTheNextOperation(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	c := w.talk(t, w.phone(t, "100", nil), w.registered(t, "101"))
	talk := ask(t, w, w.Talk, call.Talk{A: c.a, B: c.b})
	c.hearEachOther(t)
	ask(t, w, w.Play, call.Play{Leg: c.a, Audio: "prompt"})
	c.callee.AwaitEnd(t)
	if got := talk.answer(t); !errors.Is(got.err, sipmedia.ErrSuperseded) {
		t.Errorf("talk ended %+v, %v", got.out, got.err)
	}
	c.caller.Hears(t, promptTone, calleeTone)
	w.noEvent(t)
	end := ask(t, w, w.End, call.End{Call: c.id, Cause: call.CauseFlowEnded}).result(t)
	if cause := legCause(t, end.Legs, c.b); cause != call.CauseOperator {
		t.Errorf("the callee's leg ended with %s, want %s", cause, call.CauseOperator)
	}
}

func TestUnknownLegsAreSaidToBeUnknown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	if err := w.Play("x/1", call.Play{Leg: "20260101-000000-aaaaaaa.a"}, nil); !errors.Is(err, sipmedia.ErrNoLeg) {
		t.Errorf("a call that never was: %v", err)
	}
	w.phone(t, "100", nil).Dial(t, "+15550100")
	in := w.arrived(t)
	if got := ask(t, w, w.Play, call.Play{Leg: call.BLeg(in.Call, 7)}).answer(t); !errors.Is(got.err, sipmedia.ErrNoLeg) {
		t.Errorf("a leg that never was: %v", got.err)
	}
	if got := ask(t, w, w.Talk, call.Talk{A: in.Leg, B: call.BLeg(in.Call, 1)}).answer(t); !errors.Is(got.err, sipmedia.ErrNoLeg) {
		t.Errorf("a talk that never was: %v", got.err)
	}
}

func TestResultsAreKeptForAWhileAndThenForgotten(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *sipmedia.Config) { c.Waits.Keep = 100 * time.Millisecond })
	w.phone(t, "100", nil).Dial(t, "+15550100")
	in := w.arrived(t)
	end := call.End{Call: in.Call, Cause: call.CauseBusy}
	askAs(t, "x/end", w.End, end).result(t)
	if again := askAs(t, "x/end", w.End, end).result(t); len(again.Legs) != 1 {
		t.Errorf("asked again: %+v", again)
	}
	eventually(t, "the call is forgotten", func() bool { return w.Stats().Kept == 0 })
	if err := w.End("x/end", end, nil); !errors.Is(err, sipmedia.ErrNoLeg) {
		t.Errorf("asked after that: %v", err)
	}
}

func TestTheLadderTellsBothLegs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	c := w.talk(t, w.phone(t, "100", nil), w.registered(t, "101"))
	c.caller.Hangup()
	c.callee.AwaitEnd(t)
	want := map[call.LegID][]string{
		c.a: {"in INVITE", "out SIP/2.0 100", "out SIP/2.0 180", "out SIP/2.0 200", "in ACK", "in BYE"},
		c.b: {"out INVITE", "in SIP/2.0 180", "in SIP/2.0 200", "out ACK", "out BYE", "in SIP/2.0 200"},
	}
	eventually(t, "the ladder is complete", func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		for leg, lines := range want {
			if !climbs(w.ladder, leg, lines) {
				return false
			}
		}
		return true
	})
}

// climbs tells whether the messages of a leg contain lines in their order.
func climbs(ladder []call.SIPMessage, leg call.LegID, lines []string) bool {
	for _, m := range ladder {
		way := "out "
		if m.In {
			way = "in "
		}
		if m.Leg == leg && len(lines) > 0 && strings.HasPrefix(way+m.First, lines[0]) {
			lines = lines[1:]
		}
	}
	return len(lines) == 0
}

func TestAClosingSwitchLetsCallsEndAndTakesNoNew(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	desk := w.registered(t, "101")
	defer bereave(desk)
	c := w.talk(t, w.phone(t, "100", nil), desk)
	closed := make(chan error, 1)
	ctx, cancel := context.WithTimeout(t.Context(), siptest.Patience)
	defer cancel()
	go func() { closed <- w.Close(ctx) }()
	eventually(t, "new calls are refused", func() bool {
		end := w.phone(t, "102", nil).Dial(t, "+15550100").AwaitEnd(t)
		return end.Status == 503
	})
	c.hearEachOther(t)
	c.caller.Hangup()
	c.callee.AwaitEnd(t)
	w.ended(t, c.id, call.CauseNormal)
	if err := <-closed; err != nil {
		t.Errorf("close: %v", err)
	}
	if err := w.End("x/late", call.End{Call: c.id}, nil); !errors.Is(err, sipmedia.ErrClosed) {
		t.Errorf("asked of a closed switch: %v", err)
	}
}

func TestACallThatOutlivesTheDrainIsReportedWhole(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	desk := w.registered(t, "101")
	defer bereave(desk)
	c := w.talk(t, w.phone(t, "100", nil), desk)
	talk := ask(t, w, w.Talk, call.Talk{A: c.a, B: c.b})
	talk.running(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	closed := make(chan error, 1)
	go func() { closed <- w.Close(ctx) }()
	if got := talk.result(t); got.Cause != call.CauseOperator || got.Lasted <= 0 {
		t.Errorf("talked %+v, want it ended by an operator after a while", got)
	}
	if legs := w.ended(t, c.id, call.CauseOperator); len(legs) != 2 {
		t.Errorf("legs are %+v, want 2", legs)
	}
	if err := <-closed; err != nil {
		t.Errorf("close: %v", err)
	}
	c.caller.AwaitEnd(t)
	c.callee.AwaitEnd(t)
}

func TestAClosedSwitchHangsUpWhatIsLeft(t *testing.T) {
	t.Parallel()
	w := newWorld(t, withoutWorkflows)
	desk := w.registered(t, "101")
	defer bereave(desk)
	c := w.talk(t, w.phone(t, "100", nil), desk)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.Close(ctx); err != nil {
		t.Errorf("close: %v", err)
	}
	c.caller.AwaitEnd(t)
	c.callee.AwaitEnd(t)
}

// bereave switches off a phone whose registrar is gone, without waiting for an
// answer that cannot come.
func bereave(p *siptest.Phone) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	p.Close(ctx)
}

// eventually waits until something holds, looking every few milliseconds.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	deadline := time.NewTimer(siptest.Patience)
	defer deadline.Stop()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for !holds() {
		select {
		case <-look.C:
		case <-deadline.C:
			t.Fatalf("it never happens that %s", what)
		}
	}
}
