package phone_test

import (
	"context"
	"testing"
	"time"

	"tandem/sipmedia/phone"
	"tandem/sipmedia/siptest"
	"tandem/sipmedia/sipua"
)

// pair is two phones that call each other without anything in between.
func pair(t *testing.T) (caller, callee *siptest.Phone) {
	t.Helper()
	engine := siptest.Engine(t)
	callee = siptest.NewPhone(t, phone.Config{User: "bob", Engine: engine})
	caller = siptest.NewPhone(t, phone.Config{User: "ann", Name: "Ann", Engine: engine, Server: callee.Addr()})
	return caller, callee
}

func soon(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), siptest.Patience)
	t.Cleanup(cancel)
	return ctx
}

func TestTwoPhonesTalk(t *testing.T) {
	t.Parallel()
	caller, callee := pair(t)
	out := caller.Dial(t, "bob").Says(500)
	in := callee.Called(t).Says(900)
	if number, name := in.From(); number != "ann" || name != "Ann" {
		t.Errorf("shown is %q %q", number, name)
	}
	in.Rings(t)
	out.Await(t, phone.Ringing)
	in.Answers(t)
	out.Await(t, phone.Answered)
	out.Hears(t, 900, 500)
	in.Hears(t, 500, 900)
	out.Keys(t, "1#")
	in.AwaitKeys(t, "1#")
	in.Hangup()
	if end := out.AwaitEnd(t); end.Why != sipua.EndBye || !end.ByPeer {
		t.Errorf("the caller's end is %+v", end)
	}
	if r := out.Report(); r.Received == 0 || r.Sent == 0 {
		t.Errorf("report after the end is %+v", r)
	}
}

func TestAPhonePutsTheOtherOnHoldAndIsTold(t *testing.T) {
	t.Parallel()
	caller, callee := pair(t)
	out := caller.Dial(t, "bob").Says(500)
	in := callee.Called(t).Says(900).Answers(t)
	out.Hears(t, 900)
	if err := out.Hold(soon(t)); err != nil {
		t.Fatal(err)
	}
	in.Await(t, phone.Held)
	out.HearsSilence(t)
	if err := out.Resume(soon(t)); err != nil {
		t.Fatal(err)
	}
	in.Await(t, phone.Resumed)
	out.Hears(t, 900)
}

func TestALateOfferIsAnswered(t *testing.T) {
	t.Parallel()
	caller, callee := pair(t)
	out := caller.DialWith(t, "bob", phone.DialOptions{LateOffer: true}).Says(500)
	in := callee.Called(t).Says(900).Answers(t)
	out.Hears(t, 900)
	in.Hears(t, 500)
}

func TestARefusalNamesItsStatus(t *testing.T) {
	t.Parallel()
	caller, callee := pair(t)
	out := caller.Dial(t, "bob")
	if err := callee.Called(t).Reject(486); err != nil {
		t.Fatal(err)
	}
	if end := out.AwaitEnd(t); end.Status != 486 || end.Why != sipua.EndRejected {
		t.Errorf("the caller's end is %+v", end)
	}
}

func TestAClosedPhoneDialsNoMore(t *testing.T) {
	t.Parallel()
	caller, _ := pair(t)
	if err := caller.Close(soon(t)); err != nil {
		t.Fatal(err)
	}
	if err := caller.Close(soon(t)); err != nil {
		t.Errorf("closed twice: %v", err)
	}
	if _, err := caller.Phone.Dial("bob", phone.DialOptions{}); err == nil {
		t.Error("it dials")
	}
}

func TestAMicrophoneFallsSilentWhenItsClipEnds(t *testing.T) {
	t.Parallel()
	caller, callee := pair(t)
	out := caller.Dial(t, "bob")
	in := callee.Called(t).Answers(t)
	out.Speak(siptest.Tone(300*time.Millisecond, 700))
	in.Hears(t, 700)
	in.HearsSilence(t)
}
