package sipua

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestCancelThatOvertakesItsInviteStillCancelsIt(t *testing.T) {
	_, r, got := node(t, nil)
	r.send(strings.Replace(strings.Replace(strings.Replace(inside("CANCEL", "c1", "<sip:+15550100@127.0.0.1>", 1, "", ""),
		"z9hG4bKc1CANCEL1", "z9hG4bKc1", 1), "Contact: <sip:bob@{me}>\n", "", 1), "{me};rport", "{me};rport", 1))
	r.send(invite("c1", ""))
	seen := map[string]string{}
	for len(seen) < 2 {
		m := r.expect("SIP/2.0 ")
		seen[field(m, "CSeq")] = status(m)
	}
	if seen["1 INVITE"] != "487" || seen["1 CANCEL"] != "200" {
		t.Errorf("answers are %v", seen)
	}
	select {
	case <-got:
		t.Error("the call was reported")
	default:
	}
}

func TestCancelOfNothingGets481AfterTheHold(t *testing.T) {
	ua, r, _ := node(t, nil)
	at := time.Now()
	r.send(inside("CANCEL", "c1", "<sip:1@127.0.0.1>", 1, "", ""))
	r.expect("SIP/2.0 481")
	if held := time.Since(at); held < ua.timers.Hold {
		t.Errorf("held for %v only", held)
	}
}

// take answers the call that the raw peer placed and returns its To header.
func take(t *testing.T, r *raw, got chan *party, id string) (*party, string) {
	t.Helper()
	r.send(invite(id, ""))
	p := next(t, got)
	p.d.Answer([]byte("answer"))
	ok := r.expect("SIP/2.0 200")
	r.send(inside("ACK", id, field(ok, "To"), 1, "", ""))
	p.expect(t, "confirmed")
	return p, field(ok, "To")
}

func TestSwappedInfosAreHandledInOrder(t *testing.T) {
	_, r, got := node(t, nil)
	p, tag := take(t, r, got, "c1")
	for _, cseq := range []int{4, 3, 2} {
		r.send(inside("INFO", "c1", tag, cseq, "Content-Type: t/t\n", fmt.Sprint(cseq)))
	}
	for _, cseq := range []int{2, 3, 4} {
		p.expect(t, fmt.Sprintf("info t/t %d", cseq))
	}
}

func TestGapInCSeqHoldsNoLongerThanFiftyMilliseconds(t *testing.T) {
	ua, r, got := node(t, nil)
	p, tag := take(t, r, got, "c1")
	at := time.Now()
	r.send(inside("INFO", "c1", tag, 9, "Content-Type: t/t\n", "late"))
	p.expect(t, "info t/t late")
	if held := time.Since(at); held < ua.timers.Hold || held > ua.timers.Hold+patience/2 {
		t.Errorf("held for %v", held)
	}
	r.send(inside("INFO", "c1", tag, 5, "Content-Type: t/t\n", "too late"))
	r.expect("SIP/2.0 500")
}

func TestByeOvertakenByInfoStillEndsLast(t *testing.T) {
	_, r, got := node(t, nil)
	p, tag := take(t, r, got, "c1")
	r.send(inside("BYE", "c1", tag, 3, "Reason: Q.850;cause=16\n", ""))
	r.send(inside("INFO", "c1", tag, 2, "Content-Type: t/t\n", "x"))
	p.expect(t, "info t/t x")
	p.expect(t, "ended")
	if end := p.ended(t); end.Cause != "Q.850;cause=16" || !end.ByPeer {
		t.Errorf("end is %+v", end)
	}
}

func Test200IsRepeatedUntilTheACKComes(t *testing.T) {
	_, r, got := node(t, nil)
	r.send(invite("c1", ""))
	p := next(t, got)
	p.d.Answer([]byte("answer"))
	ok := r.expect("SIP/2.0 200")
	for range 3 {
		if again := r.expect("SIP/2.0 200"); again != ok {
			t.Fatalf("the repeat differs:\n%s", again)
		}
	}
	r.send(inside("ACK", "c1", field(ok, "To"), 1, "", ""))
	p.expect(t, "confirmed")
	r.silent("SIP/2.0 200", 200*time.Millisecond)
}

func TestMissingACKEndsTheCallWithBye(t *testing.T) {
	_, r, got := node(t, func(c *Config) { c.Timers.T1 = 4 * time.Millisecond })
	r.send(invite("c1", ""))
	p := next(t, got)
	p.d.Answer([]byte("answer"))
	r.expect("BYE ")
	if end := p.ended(t); end.Why != EndNoACK || end.ByPeer {
		t.Errorf("end is %+v", end)
	}
}

func TestByeBeforeTheACKWaitsForIt(t *testing.T) {
	ua, r, got := node(t, nil)
	r.send(invite("c1", ""))
	p := next(t, got)
	p.d.Answer([]byte("answer"))
	ok := r.expect("SIP/2.0 200")
	p.d.Bye("quick")
	p.ended(t)
	r.silent("BYE ", 30*time.Millisecond)
	r.send(inside("ACK", "c1", field(ok, "To"), 1, "", ""))
	if bye := r.expect("BYE "); !strings.Contains(field(bye, "Reason"), "quick") {
		t.Errorf("BYE is\n%s", bye)
	}
	eventually(t, "the dialog is forgotten", func() bool { return ua.Stats().Dialogs == 0 })
}

func TestRepeatedInviteStartsNothingAndGetsTheSameAnswer(t *testing.T) {
	ua, r, got := node(t, nil)
	r.send(invite("c1", ""))
	p := next(t, got)
	p.d.Provisional(180, nil)
	ringing := r.expect("SIP/2.0 180")
	r.send(invite("c1", ""))
	if again := r.expect("SIP/2.0 180"); again != ringing {
		t.Errorf("the answers differ:\n%s\n%s", ringing, again)
	}
	p.d.Reject(486, "busy")
	busy := r.expect("SIP/2.0 486")
	r.send(invite("c1", ""))
	if again := r.expect("SIP/2.0 486"); again != busy {
		t.Errorf("the answers differ:\n%s\n%s", busy, again)
	}
	if len(got) != 0 || ua.Stats().Dialogs != 0 {
		t.Error("the repeat started something")
	}
}

func TestRepeatedByeGetsTheSameAnswer(t *testing.T) {
	_, r, got := node(t, nil)
	_, tag := take(t, r, got, "c1")
	bye := inside("BYE", "c1", tag, 2, "", "")
	r.send(bye)
	first := r.expect("SIP/2.0 200")
	for !strings.Contains(first, "BYE") {
		first = r.expect("SIP/2.0 200")
	}
	r.send(bye)
	if second := r.expect("SIP/2.0 200"); first != second {
		t.Errorf("the answers differ:\n%s\n%s", first, second)
	}
}

func TestRefusalsAreRepeatedUntilAcknowledged(t *testing.T) {
	_, r, got := node(t, nil)
	r.send(invite("c1", ""))
	next(t, got).d.Reject(404, "")
	m := r.expect("SIP/2.0 404")
	r.expect("SIP/2.0 404")
	r.send(strings.Replace(inside("ACK", "c1", field(m, "To"), 1, "", ""), "z9hG4bKc1ACK1", "z9hG4bKc1", 1))
	r.read(30 * time.Millisecond) // one may be on its way
	r.silent("SIP/2.0 404", 200*time.Millisecond)
}

func TestProvisionalAnswersAreRepeatedWhileItRings(t *testing.T) {
	_, r, got := node(t, func(c *Config) { c.Timers.Provisional = 10 * time.Millisecond })
	r.send(invite("c1", ""))
	next(t, got).d.Provisional(180, nil)
	for range 3 {
		r.expect("SIP/2.0 180")
	}
}

func TestHundredIsSentBeforeOnCall(t *testing.T) {
	release := make(chan struct{})
	_, r, _ := node(t, func(c *Config) { c.OnCall = func(*Dialog) Handler { <-release; return nil } })
	r.send(invite("c1", ""))
	r.expect("SIP/2.0 100")
	close(release)
	r.expect("SIP/2.0 480")
}
