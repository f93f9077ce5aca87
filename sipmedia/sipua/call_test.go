package sipua

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// pair is a node and a carrier that may call it and be called by it.
func pair(t testing.TB, change func(*Config)) (node, far *UA, nodeCalls, farCalls chan *party) {
	t.Helper()
	onNode, nodeCalls := calls()
	onFar, farCalls := calls()
	node = start(t, "127.0.0.1", func(c *Config) {
		c.OnCall = onNode
		if change != nil {
			change(c)
		}
	})
	far = start(t, "127.0.0.2", func(c *Config) {
		c.OnCall, c.Anyone, c.Directory = onFar, true, nil
		if change != nil {
			change(c)
		}
	})
	return node, far, nodeCalls, farCalls
}

func to(ua *UA, user, transport string) string {
	return fmt.Sprintf("sip:%s@%s;transport=%s", user, at(ua, transport), transport)
}

// answered sets a call up from far to node and confirms it.
func answered(t testing.TB, node, far *UA, nodeCalls chan *party, transport string) (callee, caller *party) {
	t.Helper()
	caller = newParty()
	d, err := far.Invite(Outgoing{To: to(node, "+15550100", transport), From: "+15559999", FromName: "Bob", Offer: []byte("offer")}, caller)
	if err != nil {
		t.Fatal(err)
	}
	caller.d = d
	callee = next(t, nodeCalls)
	if err := callee.d.Answer([]byte("answer")); err != nil {
		t.Fatal(err)
	}
	caller.expect(t, "answered answer")
	callee.expect(t, "confirmed")
	return callee, caller
}

func TestCallIsRungAnsweredAndHungUpOverBothTransports(t *testing.T) {
	for _, transport := range []string{"udp", "tcp"} {
		t.Run(transport, func(t *testing.T) {
			node, far, nodeCalls, _ := pair(t, nil)
			caller := newParty()
			d, err := far.Invite(Outgoing{To: to(node, "+15550100", transport), From: "+15559999", FromName: `Bob "B"`,
				Offer: []byte("offer"), Headers: []Header{{"X-Test", "yes"}}}, caller)
			if err != nil {
				t.Fatal(err)
			}
			callee := next(t, nodeCalls)
			f := callee.d.Facts()
			if f.From != "+15559999" || f.FromName != `Bob "B"` || f.RequestUser != "+15550100" || string(f.Offer) != "offer" ||
				f.Trunk == nil || f.Trunk.ID != "t1" || f.Transport != transport || f.MaxForwards != 70 || callee.d.Header("X-Test") != "yes" {
				t.Errorf("facts are %+v", f)
			}
			callee.d.Provisional(180, nil)
			caller.expect(t, "progress 180")
			callee.d.Provisional(183, []byte("early"))
			caller.expect(t, "progress 183 early")
			callee.d.Answer([]byte("answer"))
			caller.expect(t, "answered answer")
			callee.expect(t, "confirmed")
			if callee.d.CallID() != d.CallID() || callee.d.LocalTag() != d.RemoteTag() || callee.d.RemoteTag() != d.LocalTag() {
				t.Error("the two sides disagree on the dialog's identifiers")
			}
			d.Bye("all said")
			end := callee.ended(t)
			if end.Why != EndBye || !end.ByPeer || !strings.Contains(end.Cause, "all said") {
				t.Errorf("callee's end is %+v", end)
			}
			if end := caller.ended(t); end.Why != EndBye || end.ByPeer {
				t.Errorf("caller's end is %+v", end)
			}
		})
	}
}

func TestCalleeHangsUp(t *testing.T) {
	node, far, nodeCalls, _ := pair(t, nil)
	callee, caller := answered(t, node, far, nodeCalls, "udp")
	callee.d.Bye("")
	if end := caller.ended(t); end.Why != EndBye || !end.ByPeer {
		t.Errorf("caller's end is %+v", end)
	}
}

func TestRefusalCarriesStatusReasonAndRetryAfter(t *testing.T) {
	node, far, nodeCalls, _ := pair(t, nil)
	caller := newParty()
	far.Invite(Outgoing{To: to(node, "1", "udp"), From: "2", Offer: []byte("o")}, caller)
	next(t, nodeCalls).d.Reject(486, "Q.850;cause=17", Header{"Retry-After", "30"})
	end := caller.ended(t)
	if end.Status != 486 || end.Why != EndRejected || end.Cause != "Q.850;cause=17" || end.RetryAfter != 30 || !end.ByPeer {
		t.Errorf("end is %+v", end)
	}
}

func TestCancelReachesTheCallee(t *testing.T) {
	node, far, nodeCalls, _ := pair(t, nil)
	caller := newParty()
	d, _ := far.Invite(Outgoing{To: to(node, "1", "udp"), From: "2", Offer: []byte("o")}, caller)
	callee := next(t, nodeCalls)
	callee.d.Provisional(180, nil)
	caller.expect(t, "progress 180")
	d.Cancel(`SIP;cause=200;text="Call completed elsewhere"`)
	if end := callee.ended(t); end.Why != EndCancelled || !end.ByPeer || !strings.Contains(end.Cause, "elsewhere") {
		t.Errorf("callee's end is %+v", end)
	}
	if end := caller.ended(t); end.Why != EndCancelled || end.ByPeer || end.Status != 487 {
		t.Errorf("caller's end is %+v", end)
	}
	if err := callee.d.Answer(nil); !errors.Is(err, ErrEnded) {
		t.Errorf("answering a cancelled call: %v", err)
	}
}

func TestNoAnswerAfterCancelsAndReportsTimeout(t *testing.T) {
	node, far, nodeCalls, _ := pair(t, nil)
	caller := newParty()
	far.Invite(Outgoing{To: to(node, "1", "udp"), From: "2", Offer: []byte("o"), NoAnswerAfter: 50 * time.Millisecond}, caller)
	callee := next(t, nodeCalls)
	if end := callee.ended(t); end.Why != EndCancelled {
		t.Errorf("callee's end is %+v", end)
	}
	if end := caller.ended(t); end.Why != EndTimeout || end.Status != 408 {
		t.Errorf("caller's end is %+v", end)
	}
}

func TestPeerThatNeverAnswersEndsInTimeout(t *testing.T) {
	far := start(t, "127.0.0.2", func(c *Config) { c.Anyone = true; c.Timers.T1 = 2 * time.Millisecond })
	deaf := newRaw(t, "127.0.0.1", nil)
	caller := newParty()
	far.Invite(Outgoing{To: "sip:1@" + deaf.addr().String(), From: "2", Offer: []byte("o")}, caller)
	if end := caller.ended(t); end.Why != EndTimeout || end.Status != 408 {
		t.Errorf("end is %+v", end)
	}
}

func TestUnreachableTCPPeerEndsInTransport(t *testing.T) {
	far := start(t, "127.0.0.2", func(c *Config) { c.Anyone = true })
	caller := newParty()
	far.Invite(Outgoing{To: "sip:1@127.0.0.1:1;transport=tcp", From: "2", Offer: []byte("o")}, caller)
	if end := caller.ended(t); end.Why != EndTransport || end.Status != 503 {
		t.Errorf("end is %+v", end)
	}
}

func TestReinviteGoesBothWays(t *testing.T) {
	node, far, nodeCalls, _ := pair(t, nil)
	callee, caller := answered(t, node, far, nodeCalls, "udp")
	for _, side := range []struct {
		name     string
		from, at *party
	}{{"caller", caller, callee}, {"callee", callee, caller}} {
		side.at.replies(func(sdp []byte) ([]byte, int) { return append([]byte("re:"), sdp...), 200 })
		got, err := side.from.d.Reinvite(t.Context(), []byte("hold"))
		if err != nil || string(got) != "re:hold" {
			t.Fatalf("%s: answer %q, %v", side.name, got, err)
		}
		side.at.expect(t, "offer hold")
		side.at.expect(t, "confirmed")
	}
	caller.d.Bye("")
	callee.ended(t)
}

func TestRefusedReinviteLeavesTheCallAlone(t *testing.T) {
	node, far, nodeCalls, _ := pair(t, nil)
	callee, caller := answered(t, node, far, nodeCalls, "udp")
	callee.replies(func([]byte) ([]byte, int) { return nil, 488 })
	_, err := caller.d.Reinvite(t.Context(), []byte("strange"))
	var refusal *StatusError
	if !errors.As(err, &refusal) || refusal.Status != 488 {
		t.Fatalf("err is %v", err)
	}
	caller.d.mu.Lock()
	if got := string(caller.d.localSDP); got != "offer" {
		t.Errorf("a refresh would offer %q", got)
	}
	caller.d.mu.Unlock()
	callee.replies(nil)
	if _, err := caller.d.Reinvite(t.Context(), []byte("fine")); err != nil {
		t.Fatal(err)
	}
}

func TestGlareIsResolvedByTryingAgain(t *testing.T) {
	node, far, nodeCalls, _ := pair(t, nil)
	callee, caller := answered(t, node, far, nodeCalls, "udp")
	results := make(chan error, 2)
	for _, p := range []*party{callee, caller} {
		go func() {
			_, err := p.d.Reinvite(t.Context(), []byte("mine"))
			results <- err
		}()
	}
	for range 2 {
		if err := next(t, results); err != nil {
			t.Error(err)
		}
	}
}

func TestLateOfferIsAnsweredInTheACK(t *testing.T) {
	node, far, nodeCalls, _ := pair(t, nil)
	caller := newParty()
	caller.replies(func(sdp []byte) ([]byte, int) { return append([]byte("re:"), sdp...), 200 })
	d, err := far.Invite(Outgoing{To: to(node, "1", "udp"), From: "2"}, caller)
	if err != nil {
		t.Fatal(err)
	}
	callee := next(t, nodeCalls)
	if callee.d.Facts().Offer != nil {
		t.Error("a late offer has no SDP")
	}
	callee.d.Answer([]byte("ours"))
	caller.expect(t, "offer ours")
	caller.expect(t, "answered ours")
	callee.expect(t, "confirmed re:ours")
	// And once more inside the dialog.
	callee.replies(func(sdp []byte) ([]byte, int) { return []byte("again"), 200 })
	if got, err := d.Reinvite(t.Context(), nil); err != nil || string(got) != "again" {
		t.Fatalf("offer %q, %v", got, err)
	}
	callee.expect(t, "offer")
	callee.expect(t, "confirmed re:again")
}

func TestInfoIsAnsweredByTheHandler(t *testing.T) {
	node, far, nodeCalls, _ := pair(t, nil)
	callee, caller := answered(t, node, far, nodeCalls, "tcp")
	if err := caller.d.Info(t.Context(), "application/dtmf-relay", []byte("Signal=5")); err != nil {
		t.Fatal(err)
	}
	callee.expect(t, "info application/dtmf-relay Signal=5")
	if err := callee.d.Info(t.Context(), "application/dtmf-relay", []byte("Signal=6")); err != nil {
		t.Fatal(err)
	}
	caller.expect(t, "info application/dtmf-relay Signal=6")
}

func TestAfterTwoHundredCallsEverythingIsBackToBase(t *testing.T) {
	node, far, nodeCalls, _ := pair(t, nil)
	base, farBase := node.Stats(), far.Stats()
	const n, atOnce = 200, 20
	go each(t, nodeCalls, func(p *party) {
		p.d.Provisional(180, nil)
		p.d.Answer([]byte("answer"))
	})
	done := make(chan error, n)
	slots := make(chan struct{}, atOnce)
	for range n {
		slots <- struct{}{}
		go func() {
			done <- oneCall(node, far)
			<-slots
		}()
	}
	for range n {
		if err := next(t, done); err != nil {
			t.Fatal(err)
		}
	}
	for ua, want := range map[*UA]Stats{node: base, far: farBase} {
		eventually(t, "stats are back to base", func() bool {
			s := ua.Stats()
			return s.Dialogs == want.Dialogs && s.Goroutines == want.Goroutines && s.Transactions == want.Transactions
		})
	}
}

// oneCall calls, waits for the answer and hangs up.
func oneCall(node, far *UA) error {
	p := newParty()
	d, err := far.Invite(Outgoing{To: to(node, "1", "udp"), From: "2", Offer: []byte("o")}, p)
	if err != nil {
		return err
	}
	for news := range p.news {
		switch {
		case strings.HasPrefix(news, "answered"):
			d.Bye("")
		case news == "ended":
			if end := <-p.end; end.Why != EndBye {
				return fmt.Errorf("the call ended: %+v", end)
			}
			return nil
		}
	}
	return nil
}

func TestCloseHangsUpAndTwiceIsFine(t *testing.T) {
	node, far, nodeCalls, _ := pair(t, nil)
	callee, caller := answered(t, node, far, nodeCalls, "udp")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := node.Close(ctx); err != nil {
		t.Fatal(err)
	}
	if err := node.Close(ctx); err != nil {
		t.Fatal(err)
	}
	callee.ended(t)
	if end := caller.ended(t); !end.ByPeer || end.Why != EndBye {
		t.Errorf("caller's end is %+v", end)
	}
	if n := node.Stats().Goroutines; n != 0 {
		t.Errorf("%d goroutines are left", n)
	}
	if _, err := node.Invite(Outgoing{To: "sip:1@127.0.0.1", From: "2"}, newParty()); !errors.Is(err, ErrClosed) {
		t.Errorf("a call after Close: %v", err)
	}
}

func TestBusyAddressIsNamedInOneLine(t *testing.T) {
	ua := start(t, "127.0.0.1", nil)
	_, err := New(Config{Listen: []Listen{{"udp", addrOf(ua)}}})
	if want := fmt.Sprintf("sip udp %s: address already in use", addrOf(ua)); err == nil || err.Error() != want {
		t.Errorf("error is %v, want %s", err, want)
	}
}
