package sipmedia_test

import (
	"testing"

	"tandem/flow/call"
	"tandem/sipmedia/phone"
)

func TestACallGoesFromMenuToPhoneAndBothHearEachOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	desk := w.registered(t, "101")
	caller := w.phone(t, "100", nil).Dial(t, "+15550100").Says(callerTone)
	in := w.arrived(t)
	if in.Caller != "100" || in.Called != "+15550100" || in.Account != "cm-100" || in.Node != "n1" || in.Leg != call.ALeg(in.Call) {
		t.Errorf("arrived as %+v", in)
	}
	menu := ask(t, w, w.Gather, menuOf(in.Leg))
	caller.Await(t, phone.Answered)
	caller.Hears(t, promptTone, callerTone, calleeTone)
	caller.Keys(t, "1")
	if got := menu.result(t); got.Outcome != call.OutcomeKey || got.Digits != "1" || got.Playbacks != 1 {
		t.Fatalf("menu ended %+v", got)
	}
	ring := ask(t, w, w.Ring, call.Ring{Leg: in.Leg, From: call.Party{Number: "100", Name: "Ada"}, Bars: []call.Bar{bar("101", 0, 20)}})
	callee := desk.Called(t).Says(calleeTone).Rings(t)
	if number, name := callee.From(); number != "100" || name != "Ada" {
		t.Errorf("callee sees %s %s", number, name)
	}
	caller.Hears(t, euRingback, promptTone, calleeTone)
	callee.Answers(t)
	rang := ring.result(t)
	if rang.Outcome != call.OutcomeAnswered || rang.Leg != call.BLeg(in.Call, 1) || rang.Target.ContactMethod != "cm-101" {
		t.Fatalf("ring ended %+v", rang)
	}
	talk := ask(t, w, w.Talk, call.Talk{A: in.Leg, B: rang.Leg, Longest: call.Seconds(3600)})
	talking{caller: caller, callee: callee}.hearEachOther(t)
	talk.running(t)
	caller.Hangup()
	if end := callee.AwaitEnd(t); !end.ByPeer {
		t.Errorf("callee's end is %+v", end)
	}
	if got := talk.result(t); got.Cause != call.CauseCallerHangup || got.EndedBy != in.Leg || got.Lasted <= 0 {
		t.Errorf("talk ended %+v", got)
	}
	w.checkAccount(t, in, rang.Leg)
}

// checkAccount ends a call that the caller has hung up and looks at its legs.
func (w *world) checkAccount(t *testing.T, in call.Incoming, b call.LegID) {
	t.Helper()
	legs := w.ended(t, in.Call, call.CauseNormal)
	if len(legs) != 2 || legs[0].ID != in.Leg || legs[1].ID != b {
		t.Fatalf("legs are %+v", legs)
	}
	for _, l := range legs {
		if l.State != call.LegEnded || l.Cause != call.CauseCallerHangup || l.Status != 200 || l.Billed() < 1 {
			t.Errorf("leg %s is %s, cause %s, status %d, billed %d s", l.ID, l.State, l.Cause, l.Status, l.Billed())
		}
		if l.Media.Codec == "" || l.Media.Received == 0 || l.Media.Sent == 0 || l.SIPCallID == "" || l.Remote == "" {
			t.Errorf("leg %s has media %+v, call-id %q, remote %q", l.ID, l.Media, l.SIPCallID, l.Remote)
		}
	}
	w.noEvent(t)
}

func TestTheCalleeHangsUpAndTheCallerIsReleased(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	c := w.talk(t, w.phone(t, "100", nil), w.registered(t, "101"))
	talk := ask(t, w, w.Talk, call.Talk{A: c.a, B: c.b})
	c.hearEachOther(t)
	c.callee.Hangup()
	c.caller.AwaitEnd(t)
	if got := talk.result(t); got.Cause != call.CauseCalleeHangup || got.EndedBy != c.b {
		t.Errorf("talk ended %+v", got)
	}
}
