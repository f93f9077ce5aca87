package sipmedia_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"tandem/flow/call"
	"tandem/sipmedia"
	"tandem/sipmedia/phone"
	"tandem/sipmedia/sdp"
	"tandem/sipmedia/siptest"
)

func codecs(c ...sdp.Codec) func(*phone.Config) {
	return func(cfg *phone.Config) { cfg.Codecs = c }
}

func keys(way phone.KeyWay) func(*phone.Config) {
	return func(cfg *phone.Config) { cfg.Keys = way }
}

func soon(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func TestHoldMusicPlaysUntilTheCallIsResumed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	c := w.talk(t, w.phone(t, "100", nil), w.registered(t, "101"))
	c.hearEachOther(t)
	for _, p := range []struct{ holder, held *siptest.Call }{{c.caller, c.callee}, {c.callee, c.caller}} {
		if err := p.holder.Hold(soon(t)); err != nil {
			t.Fatal(err)
		}
		p.held.Hears(t, musicTone, callerTone, calleeTone)
		p.holder.HearsSilence(t)
		if err := p.holder.Resume(soon(t)); err != nil {
			t.Fatal(err)
		}
		c.hearEachOther(t)
	}
}

func TestAHoldIsNotTakenForSilence(t *testing.T) {
	t.Parallel()
	const silence = 300 * time.Millisecond
	w := newWorld(t, func(c *sipmedia.Config) { c.RTP.NoMedia = silence })
	c := w.talk(t, w.phone(t, "100", nil), w.registered(t, "101"))
	c.hearEachOther(t)
	talk := ask(t, w, w.Talk, call.Talk{A: c.a, B: c.b})
	if err := c.caller.Hold(soon(t)); err != nil {
		t.Fatal(err)
	}
	c.caller.Mute()
	began := time.Now()
	eventually(t, "the hold outlasts the silence", func() bool { return time.Since(began) > 4*silence })
	talk.running(t)
	c.callee.Hears(t, musicTone, callerTone)
}

func TestWithoutHoldMusicThereIsSilence(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *sipmedia.Config) { c.Sounds = nil })
	c := w.talk(t, w.phone(t, "100", nil), w.registered(t, "101"))
	c.hearEachOther(t)
	if err := c.caller.Hold(soon(t)); err != nil {
		t.Fatal(err)
	}
	c.callee.HearsSilence(t)
	if err := c.caller.Resume(soon(t)); err != nil {
		t.Fatal(err)
	}
	c.hearEachOther(t)
}

func TestPhonesWithDifferentCodecsUnderstandEachOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	c := w.talk(t, w.phone(t, "100", codecs(sdp.PCMU)), w.phone(t, "101", codecs(sdp.PCMA)).Register(t))
	c.hearEachOther(t)
	if a, b := c.caller.Report().Codec, c.callee.Report().Codec; a != "PCMU" || b != "PCMA" {
		t.Errorf("codecs are %s and %s", a, b)
	}
}

func TestTheCalleeIsOfferedTheCallersCodecFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	c := w.talk(t, w.phone(t, "100", codecs(sdp.PCMU, sdp.PCMA)), w.registered(t, "101"))
	if a, b := c.caller.Report().Codec, c.callee.Report().Codec; a != "PCMU" || b != "PCMU" {
		t.Errorf("codecs are %s and %s", a, b)
	}
}

func TestTheCodecCanChangeInACall(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	c := w.talk(t, w.phone(t, "100", nil), w.registered(t, "101"))
	c.hearEachOther(t)
	if err := c.caller.UseCodec(soon(t), "PCMU"); err != nil {
		t.Fatal(err)
	}
	c.hearEachOther(t)
	if got := c.caller.Report().Codec; got != "PCMU" {
		t.Errorf("codec is %s", got)
	}
}

func TestACallWithALateOfferHasAudioBothWays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	desk := w.registered(t, "101")
	caller := w.phone(t, "100", nil).DialWith(t, "+15550100", phone.DialOptions{LateOffer: true}).Says(callerTone)
	in := w.arrived(t)
	menu := ask(t, w, w.Gather, menuOf(in.Leg))
	caller.Hears(t, promptTone)
	caller.Keys(t, "2")
	if got := menu.result(t); got.Digits != "2" {
		t.Fatalf("menu ended %+v", got)
	}
	w.ring(t, in, bar("101", 0, 20))
	callee := desk.Called(t).Says(calleeTone).Answers(t)
	talking{caller: caller, callee: callee}.hearEachOther(t)
}

func TestALateOfferStraightToAPhone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	desk := w.registered(t, "101")
	caller := w.phone(t, "100", nil).DialWith(t, "101", phone.DialOptions{LateOffer: true}).Says(callerTone)
	w.ring(t, w.arrived(t), bar("101", 0, 20))
	callee := desk.Called(t).Says(calleeTone).Answers(t)
	talking{caller: caller, callee: callee}.hearEachOther(t)
}

func TestKeysReachTheMenuInEveryWay(t *testing.T) {
	t.Parallel()
	for _, way := range []phone.KeyWay{phone.KeysByEvent, phone.KeysByInfo, phone.KeysByBoth} {
		t.Run(string(way), func(t *testing.T) {
			w := newWorld(t, nil)
			caller := w.phone(t, "100", keys(way)).Dial(t, "+15550100")
			in := w.arrived(t)
			ask := func() asked[call.Gathered] {
				g := menuOf(in.Leg)
				g.Entries, g.InterDigit = []call.Digits{"4", "44", "7"}, call.Seconds(1)
				return ask(t, w, w.Gather, g)
			}
			menu := ask()
			caller.Hears(t, promptTone)
			caller.Keys(t, "4")
			if got := menu.result(t); got.Digits != "4" { // counted twice it would be 44
				t.Errorf("menu ended %+v", got)
			}
			menu = ask()
			caller.Hears(t, promptTone)
			caller.Keys(t, "44")
			if got := menu.result(t); got.Digits != "44" {
				t.Errorf("menu ended %+v", got)
			}
		})
	}
}

func TestKeysPassThroughAConversation(t *testing.T) {
	t.Parallel()
	for _, way := range []phone.KeyWay{phone.KeysByEvent, phone.KeysByInfo} {
		t.Run(string(way), func(t *testing.T) {
			w := newWorld(t, nil)
			c := w.talk(t, w.phone(t, "100", keys(way)), w.registered(t, "101"))
			c.caller.Keys(t, "5#")
			c.callee.AwaitKeys(t, "5#")
		})
	}
}

func TestAKeySilencesThePrompt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	caller := w.phone(t, "100", nil).Dial(t, "+15550100")
	in := w.arrived(t)
	g := menuOf(in.Leg)
	g.Entries = []call.Digits{"1", "12"}
	menu := ask(t, w, w.Gather, g)
	caller.Hears(t, promptTone)
	caller.Keys(t, "1")
	caller.HearsSilence(t)
	menu.running(t) // 12 is possible still
	caller.Keys(t, "#")
	if got := menu.result(t); got.Digits != "1" {
		t.Errorf("menu ended %+v", got)
	}
}

func TestKeysBeforeThePromptAreDropped(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	caller := w.phone(t, "100", nil).Dial(t, "+15550100")
	in := w.arrived(t)
	ask(t, w, w.Play, call.Play{Leg: in.Leg, Answer: true, Audio: "prompt", Times: 1})
	caller.Hears(t, promptTone)
	caller.Keys(t, "1")
	menu := ask(t, w, w.Gather, menuOf(in.Leg))
	caller.Hears(t, promptTone)
	menu.running(t)
	caller.Keys(t, "2")
	if got := menu.result(t); got.Digits != "2" {
		t.Errorf("menu ended %+v", got)
	}
}

func TestSilenceEndsTheCall(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *sipmedia.Config) { c.RTP.NoMedia = 300 * time.Millisecond })
	c := w.talk(t, w.phone(t, "100", nil), w.registered(t, "101"))
	c.hearEachOther(t)
	talk := ask(t, w, w.Talk, call.Talk{A: c.a, B: c.b})
	c.caller.Mute()
	if got := talk.result(t); got.Cause != call.CauseNoMedia || got.EndedBy != c.a {
		t.Errorf("talk ended %+v", got)
	}
	c.callee.AwaitEnd(t)
	c.caller.AwaitEnd(t)
}

func TestTheLongestTalkEndsWithAWarningToBoth(t *testing.T) {
	t.Parallel()
	for _, warned := range []string{"caller", "callee"} {
		t.Run(warned, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, func(c *sipmedia.Config) { c.Waits.Warning = 800 * time.Millisecond })
			c := w.talk(t, w.phone(t, "100", nil), w.registered(t, "101"))
			talk := ask(t, w, w.Talk, call.Talk{A: c.a, B: c.b, Longest: call.Duration(1200 * time.Millisecond)})
			const beep = 1000.0
			map[string]*siptest.Call{"caller": c.caller, "callee": c.callee}[warned].Hears(t, beep)
			if got := talk.result(t); got.Cause != call.CauseTooLong || got.EndedBy != "" {
				t.Errorf("talk ended %+v", got)
			}
			c.caller.AwaitEnd(t)
			c.callee.AwaitEnd(t)
		})
	}
}

func TestACallCrossesFromTCPToUDP(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	caller := w.phone(t, "100", func(c *phone.Config) { c.Transport, c.Server = "tcp", w.Addrs()[1].Addr })
	c := w.talk(t, caller, w.registered(t, "101"))
	c.hearEachOther(t)
	c.callee.Hangup()
	c.caller.AwaitEnd(t)
	legs := w.ended(t, c.id, call.CauseNormal)
	if !strings.HasSuffix(legs[0].Remote, "/tcp") || !strings.HasSuffix(legs[1].Remote, "/udp") {
		t.Errorf("legs went to %s and %s", legs[0].Remote, legs[1].Remote)
	}
}

func TestAMenuBeforeTheRingLeavesTheCallerWithOwnRingback(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	desk := w.registered(t, "101")
	caller := w.phone(t, "100", nil).Dial(t, "+15550100").Says(callerTone)
	in := w.arrived(t)
	ask(t, w, w.Play, call.Play{Leg: in.Leg, Answer: true, Audio: "short", Times: 1}).result(t)
	ask(t, w, w.Ring, call.Ring{Leg: in.Leg, Ringback: "music", Bars: []call.Bar{bar("101", 0, 20)}})
	callee := desk.Called(t).Says(calleeTone)
	caller.Hears(t, musicTone, euRingback)
	if err := callee.EarlyMedia(); err != nil {
		t.Fatal(err)
	}
	caller.Hears(t, musicTone, calleeTone) // the owner's choice is not replaced
	callee.Answers(t)
	talking{caller: caller, callee: callee}.hearEachOther(t)
}

func TestTimeForTheFirstAudioCountsFromTheAnswer(t *testing.T) {
	t.Parallel()
	const first = 400 * time.Millisecond
	for claim, speaks := range map[string]bool{"who speaks then talks on": true, "who does not is let go": false} {
		t.Run(claim, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, func(c *sipmedia.Config) { c.RTP.FirstMedia = first })
			desk := w.registered(t, "101")
			caller := w.phone(t, "100", nil).Dial(t, "101")
			caller.Mute()
			in := w.arrived(t)
			ask(t, w, w.Ring, call.Ring{Leg: in.Leg, Ringback: "music", Bars: []call.Bar{bar("101", 0, 20)}})
			callee := desk.Called(t).Says(calleeTone)
			eventually(t, "the caller has been silent too long", func() bool { return caller.Ear.Heard() > first+100*time.Millisecond })
			callee.Answers(t)
			if speaks {
				caller.Says(callerTone)
				eventually(t, "the time is over", func() bool { return caller.Ear.Heard() > 3*first })
				talking{caller: caller, callee: callee}.hearEachOther(t)
				return
			}
			callee.AwaitEnd(t)
			if got := legCause(t, w.ended(t, in.Call, call.CauseNormal), in.Leg); got != call.CauseNoMedia {
				t.Errorf("the caller's leg ended with %s", got)
			}
		})
	}
}
