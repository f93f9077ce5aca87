package sipua

import (
	"strings"
	"testing"
	"time"
)

// brief makes session timers run within a second: an interval of 60 lasts 600 ms.
func brief(c *Config) { c.Timers.SessionExpires, c.Timers.MinSE = 60, 4 }

func TestSessionTimerIsInsertedForPeersWithoutOne(t *testing.T) {
	_, r, got := node(t, func(c *Config) { c.Timers.Second = time.Second })
	r.send(invite("c1", ""))
	next(t, got).d.Answer(nil)
	ok := r.expect("SIP/2.0 200")
	if field(ok, "Session-Expires") != "1800;refresher=uas" || field(ok, "Require") != "" {
		t.Errorf("200 is\n%s", ok)
	}
}

func TestRefresherThatThePeerChoseIsHonoured(t *testing.T) {
	_, r, got := node(t, func(c *Config) { c.Timers.Second = time.Second })
	r.send(invite("c1", "k: timer\nx: 600;refresher=uac\n"))
	next(t, got).d.Answer(nil)
	ok := r.expect("SIP/2.0 200")
	if field(ok, "Session-Expires") != "600;refresher=uac" || field(ok, "Require") != "timer" {
		t.Errorf("200 is\n%s", ok)
	}
}

func TestWeRefreshByUpdateIfThePeerUnderstandsIt(t *testing.T) {
	_, r, got := node(t, brief)
	r.send(invite("c1", "Allow: INVITE, UPDATE\n"))
	p := next(t, got)
	p.d.Answer(nil)
	ok := r.expect("SIP/2.0 200")
	r.send(inside("ACK", "c1", field(ok, "To"), 1, "", ""))
	p.expect(t, "confirmed")
	for range 2 {
		update := r.expect("UPDATE ")
		if field(update, "Session-Expires") != "60;refresher=uac" || field(update, "Min-SE") != "4" {
			t.Errorf("UPDATE is\n%s", update)
		}
		r.send(answer(update, 200, "", "Session-Expires: 60;refresher=uac\n", ""))
	}
}

func TestWeRefreshByReinviteOtherwise(t *testing.T) {
	_, r, got := node(t, brief)
	r.send(invite("c1", "Allow: INVITE\n"))
	p := next(t, got)
	p.d.Answer([]byte("session"))
	ok := r.expect("SIP/2.0 200")
	r.send(inside("ACK", "c1", field(ok, "To"), 1, "", ""))
	p.expect(t, "confirmed")
	re := r.expect("INVITE ")
	if !strings.HasSuffix(re, "session") {
		t.Errorf("the session changed:\n%s", re)
	}
	r.send(answer(re, 200, "", "", "same"))
	r.expect("ACK ")
}

func TestRefusedUpdateFallsBackToReinvite(t *testing.T) {
	_, r, got := node(t, brief)
	r.send(invite("c1", "Allow: INVITE, UPDATE\n"))
	p := next(t, got)
	p.d.Answer([]byte("session"))
	ok := r.expect("SIP/2.0 200")
	r.send(inside("ACK", "c1", field(ok, "To"), 1, "", ""))
	r.send(answer(r.expect("UPDATE "), 405, "", "", ""))
	r.expect("INVITE ")
}

func TestPeerThatStopsRefreshingIsHungUp(t *testing.T) {
	_, r, got := node(t, brief)
	r.send(invite("c1", "Supported: timer\nSession-Expires: 9;refresher=uac\n"))
	p := next(t, got)
	p.d.Answer(nil)
	ok := r.expect("SIP/2.0 200")
	r.send(inside("ACK", "c1", field(ok, "To"), 1, "", ""))
	if bye := r.expect("BYE "); !strings.Contains(field(bye, "Reason"), "Session timer") {
		t.Errorf("BYE is\n%s", bye)
	}
	if end := p.ended(t); end.Why != EndRefreshFailed {
		t.Errorf("end is %+v", end)
	}
}

func TestPeerThatForgotTheSessionIsHungUp(t *testing.T) {
	_, r, got := node(t, brief)
	r.send(invite("c1", "Allow: UPDATE\n"))
	p := next(t, got)
	p.d.Answer(nil)
	ok := r.expect("SIP/2.0 200")
	r.send(inside("ACK", "c1", field(ok, "To"), 1, "", ""))
	r.send(answer(r.expect("UPDATE "), 481, "", "", ""))
	if end := p.ended(t); end.Why != EndRefreshFailed {
		t.Errorf("end is %+v", end)
	}
}

func TestRefreshOfThePeerKeepsTheCall(t *testing.T) {
	refreshed := make(chan struct{}, 16)
	node, far, nodeCalls, _ := pair(t, func(c *Config) {
		brief(c)
		c.Trace = func(m Message) {
			if m.In && strings.HasPrefix(m.First, "UPDATE ") {
				refreshed <- struct{}{}
			}
		}
	})
	callee, caller := answered(t, node, far, nodeCalls, "udp")
	for range 3 { // the first interval is over by then
		next(t, refreshed)
	}
	if len(callee.end)+len(caller.end) > 0 {
		t.Error("a side ended")
	}
	caller.d.Bye("")
	callee.ended(t)
}

func TestIntervalThatIsTooSmallIsRaisedAndTriedAgain(t *testing.T) {
	ua, r, _ := node(t, func(c *Config) { c.Timers.SessionExpires = 100 })
	p, req := dial(t, ua, r, nil)
	if field(req, "Session-Expires") != "100" || field(req, "Supported") != "timer" {
		t.Errorf("INVITE is\n%s", req)
	}
	r.send(answer(req, 422, "far", "Min-SE: 600\n", ""))
	again := r.expect("INVITE ")
	for field(again, "CSeq") == field(req, "CSeq") { // a repeat of the first
		again = r.expect("INVITE ")
	}
	if field(again, "Session-Expires") != "600" || field(again, "Min-SE") != "600" || field(again, "CSeq") != "2 INVITE" {
		t.Errorf("second INVITE is\n%s", again)
	}
	r.send(answer(again, 200, "far", "Session-Expires: 600;refresher=uas\n", ""))
	p.expect(t, "answered")
}
