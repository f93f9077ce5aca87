package sipmedia_test

import (
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"tandem/flow/call"
	"tandem/sipmedia"
	"tandem/sipmedia/phone"
	"tandem/sipmedia/siptest"
)

// TestManyCallsAtOnceLeaveNothingBehind places 50 calls together, lets each pair
// hear its own tones, hangs up from either side, and looks for what is left.
func TestManyCallsAtOnceLeaveNothingBehind(t *testing.T) {
	t.Parallel()
	const calls = 50
	w := newWorld(t, func(c *sipmedia.Config) {
		c.Waits.Keep = 100 * time.Millisecond
	})
	desk := w.registered(t, "101")
	callers := w.phone(t, "100", nil)
	base := runtime.NumGoroutine()
	before := w.Stats()

	// A failure ends only its own goroutine; the others still come to their end.
	var all sync.WaitGroup
	heard := make([]sync.WaitGroup, calls)
	for i := range calls {
		heard[i].Add(2)
		all.Go(func() { placeOne(t, callers, i, &heard[i]) })
	}
	for range calls {
		all.Go(func() { w.script(t) })
		all.Go(func() { answerOne(t, desk, heard) })
	}
	all.Wait()

	eventually(t, "everything returns to base", func() bool {
		s := w.Stats()
		return s.Calls == 0 && s.Kept == 0 && s.Legs == 0 && s.Operations == 0 && s.Ladder.Dialogs == 0 &&
			s.RTP.Streams == 0 && s.RTP.PortsInUse == 0 && s.SIP.Dialogs == 0 &&
			runtime.NumGoroutine() <= base
	})
	if got := w.Stats().RTP; got.PortsQuarantined < 2*calls || got.PortsFree+got.PortsQuarantined != before.RTP.PortsFree {
		t.Errorf("ports: %d free, %d resting; before %d free", got.PortsFree, got.PortsQuarantined, before.RTP.PortsFree)
	}
	w.noEvent(t)
}

// pairTones are the tones of the n-th pair: no two of ten pairs share any.
func pairTones(n int) (caller, callee float64) {
	return 400 + 100*float64(n%10), 1500 + 100*float64(n%10)
}

// placeOne calls as the n-th caller, listens for its partner and hangs up if n
// is even.
func placeOne(t *testing.T, p *siptest.Phone, n int, heard *sync.WaitGroup) {
	mine, theirs := pairTones(n)
	c := p.DialWith(t, fmt.Sprint(n), phone.DialOptions{}).Says(mine)
	c.Await(t, phone.Answered)
	other, _ := pairTones(n + 1)
	func() { defer heard.Done(); c.Hears(t, theirs, mine, other) }()
	if n%2 == 0 {
		heard.Wait()
		c.Hangup()
	}
	c.AwaitEnd(t)
}

// answerOne takes a call; the caller shown is the pair.
func answerOne(t *testing.T, p *siptest.Phone, heard []sync.WaitGroup) {
	c := p.Called(t)
	number, _ := c.From()
	var n int
	fmt.Sscan(number, &n)
	theirs, mine := pairTones(n)
	c.Says(mine).Rings(t).Answers(t)
	other, _ := pairTones(n + 1)
	func() { defer heard[n].Done(); c.Hears(t, theirs, mine, other) }()
	if n%2 == 1 {
		heard[n].Wait()
		c.Hangup()
	}
	c.AwaitEnd(t)
}

// script stands for the workflow of one call: ring, talk, end.
func (w *world) script(t *testing.T) {
	in := w.arrived(t)
	desk := bar("101", 0, 20)
	desk.Target.CallWaiting = true // one phone takes them all
	rang := ask(t, w, w.Ring, call.Ring{Leg: in.Leg, From: call.Party{Number: in.Called}, Bars: []call.Bar{desk}}).result(t)
	if rang.Outcome != call.OutcomeAnswered {
		t.Errorf("%s: ring ended %+v", in.Called, rang)
	}
	talked := ask(t, w, w.Talk, call.Talk{A: in.Leg, B: rang.Leg, Longest: call.Seconds(60)}).result(t)
	if talked.EndedBy == "" {
		t.Errorf("%s: talk ended %+v", in.Called, talked)
	}
	if legs := w.ended(t, in.Call, call.CauseNormal); len(legs) != 2 {
		t.Errorf("%s: legs are %+v", in.Called, legs)
	}
}
