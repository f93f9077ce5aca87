package sipmedia_test

import (
	"fmt"
	"testing"

	"tandem/flow/call"
	"tandem/sipmedia/phone"
)

// onTheWire is what each cause that a flow may hang up with says to the
// caller's side (product sheet 3.9): the status that refuses an unanswered
// caller, and the Q.850 value of the Reason header either way.
var onTheWire = []struct {
	cause        call.Cause
	status, q850 int
}{
	{call.CauseNormal, 480, 16},
	{call.CauseBusy, 486, 17},
	{call.CauseUnavailable, 480, 20},
	{call.CauseDeclined, 603, 21},
	{call.CauseNotFound, 404, 1},
	{call.CauseCongestion, 503, 42},
	{call.CauseOverLimit, 480, 34},
}

func TestEveryCauseOfAHangUpRefusesAnUnansweredCaller(t *testing.T) {
	t.Parallel()
	for _, c := range onTheWire {
		t.Run(string(c.cause), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			caller := w.phone(t, "100", nil).Dial(t, "+15550100")
			legs := w.ended(t, w.arrived(t).Call, c.cause)
			if end := caller.AwaitEnd(t); end.Status != c.status || end.Cause != q850(c.q850, c.cause) {
				t.Errorf("the caller's end is %+v", end)
			}
			if legs[0].Status != c.status || legs[0].Cause != c.cause {
				t.Errorf("the leg is %+v", legs[0])
			}
		})
	}
}

func TestEveryCauseOfAHangUpIsTheReasonOfTheBye(t *testing.T) {
	t.Parallel()
	for _, c := range onTheWire {
		t.Run(string(c.cause), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			caller := w.phone(t, "100", nil).Dial(t, "+15550100")
			in := w.arrived(t)
			ask(t, w, w.Play, call.Play{Leg: in.Leg, Answer: true, Audio: "short", Times: 1}).result(t)
			legs := w.ended(t, in.Call, c.cause)
			if end := caller.AwaitEnd(t); !end.ByPeer || end.Cause != q850(c.q850, c.cause) {
				t.Errorf("the caller's end is %+v", end)
			}
			if legs[0].Status != 200 || legs[0].Cause != c.cause {
				t.Errorf("the leg is %+v", legs[0])
			}
		})
	}
}

func q850(value int, cause call.Cause) string {
	return fmt.Sprintf("Q.850;cause=%d;text=%q", value, cause.Text())
}

func TestACallAboveALimitIsRefusedWithTheCodeOfTheSettings(t *testing.T) {
	t.Parallel()
	for _, status := range []int{403, 480, 486, 600, 603} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			caller := w.phone(t, "100", nil).Dial(t, "+15550100")
			in := w.arrived(t)
			ended := ask(t, w, w.End, call.End{Call: in.Call, Cause: call.CauseOverLimit, Status: status}).result(t)
			if end := caller.AwaitEnd(t); end.Status != status || end.Cause != q850(34, call.CauseOverLimit) {
				t.Errorf("the caller's end is %+v", end)
			}
			if ended.Legs[0].Status != status {
				t.Errorf("the leg is %+v", ended.Legs[0])
			}
		})
	}
}

func TestAnUnansweredCallerHearsTheLastAudioAsEarlyMedia(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	caller := w.phone(t, "100", nil).Dial(t, "+15550100")
	in := w.arrived(t)
	end := ask(t, w, w.End, call.End{Call: in.Call, Cause: call.CauseNotFound, Audio: "short", Early: true})
	caller.Await(t, phone.EarlyMedia)
	caller.Hears(t, promptTone)
	legs := end.result(t).Legs
	if got := caller.AwaitEnd(t); got.Status != 404 {
		t.Errorf("the caller's end is %+v", got)
	}
	if !legs[0].Answered.IsZero() || legs[0].Status != 404 {
		t.Errorf("the leg is %+v", legs[0])
	}
}

func TestACallerWhoGivesUpDuringTheLastAudioEndsIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	caller := w.phone(t, "100", nil).Dial(t, "+15550100")
	in := w.arrived(t)
	end := ask(t, w, w.End, call.End{Call: in.Call, Cause: call.CauseBusy, Audio: "prompt", Early: true})
	caller.Await(t, phone.EarlyMedia)
	caller.Hangup()
	legs := end.result(t).Legs
	if legs[0].Cause != call.CauseCallerCancelled || legs[0].Status != 487 {
		t.Errorf("the leg is %+v", legs[0])
	}
}
