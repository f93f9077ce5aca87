package sipua

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"
)

// dial lets the node call a raw peer and returns the INVITE that arrives there.
func dial(t *testing.T, ua *UA, r *raw, change func(*Outgoing)) (*party, string) {
	t.Helper()
	p := newParty()
	out := Outgoing{To: "sip:101@" + r.addr().String(), From: "100", Offer: []byte("offer")}
	if change != nil {
		change(&out)
	}
	d, err := ua.Invite(out, p)
	if err != nil {
		t.Fatal(err)
	}
	p.d = d
	return p, r.expect("INVITE ")
}

func TestMoreThanTenProvisionalAnswersAllArrive(t *testing.T) {
	ua, r, _ := node(t, nil)
	p, req := dial(t, ua, r, nil)
	const n = 25
	for i := range n {
		r.send(answer(req, 183, "far", "Content-Type: application/sdp\n", fmt.Sprint(i)))
	}
	r.send(answer(req, 200, "far", "Content-Type: application/sdp\n", "final"))
	for i := range n {
		p.expect(t, fmt.Sprintf("progress 183 %d", i))
	}
	p.expect(t, "answered final")
	r.expect("ACK ")
}

func TestSecond200OfAForkedInviteIsAcknowledgedAndHungUp(t *testing.T) {
	ua, r, _ := node(t, nil)
	p, req := dial(t, ua, r, nil)
	r.send(answer(req, 180, "one", "", ""))
	r.send(answer(req, 183, "two", "Content-Type: application/sdp\n", "early two"))
	p.expect(t, "progress 180")
	p.expect(t, "progress 183 early two")
	r.send(answer(req, 200, "two", "Content-Type: application/sdp\n", "sdp two"))
	p.expect(t, "answered sdp two")
	if ack := r.expect("ACK "); tagIn(field(ack, "To")) != "two" {
		t.Errorf("first ACK goes to\n%s", ack)
	}
	r.send(answer(req, 200, "one", "", ""))
	if ack := r.expect("ACK "); tagIn(field(ack, "To")) != "one" {
		t.Errorf("second ACK goes to\n%s", ack)
	}
	bye := r.expect("BYE ")
	if tagIn(field(bye, "To")) != "one" || !strings.Contains(field(bye, "Reason"), "completed elsewhere") {
		t.Errorf("BYE is\n%s", bye)
	}
	r.send(answer(bye, 200, "", "", ""))
	if p.d.RemoteTag() != "two" {
		t.Errorf("the dialog is with %q", p.d.RemoteTag())
	}
	// The fork that lost hangs up as well, which must not end the call.
	r.send(strings.NewReplacer("FAR", field(req, "To")+";tag=one", "NEAR", field(req, "From"), "SAME", field(req, "Call-ID")).Replace(`
BYE sip:100@127.0.0.1 SIP/2.0
Via: SIP/2.0/UDP {me};branch=z9hG4bKlost;rport
From: FAR
To: NEAR
Call-ID: SAME
CSeq: 9 BYE
Content-Length: 0

`))
	r.expect("SIP/2.0 200")
	p.d.Bye("")
	if bye := r.expect("BYE "); tagIn(field(bye, "To")) != "two" {
		t.Errorf("BYE is\n%s", bye)
	}
}

func TestRepeated200GetsItsACKAgain(t *testing.T) {
	ua, r, _ := node(t, nil)
	p, req := dial(t, ua, r, nil)
	ok := answer(req, 200, "far", "", "")
	r.send(ok)
	first := r.expect("ACK ")
	r.send(ok)
	if second := r.expect("ACK "); first != second {
		t.Errorf("the ACKs differ:\n%s\n%s", first, second)
	}
	p.expect(t, "answered")
	p.d.Bye("")
	r.expect("BYE ")
	r.send(ok) // our ACK was lost and the call is over meanwhile
	r.expect("ACK ")
}

func TestCancelCrossing200IsAcknowledgedAndHungUp(t *testing.T) {
	ua, r, _ := node(t, nil)
	p, req := dial(t, ua, r, nil)
	r.send(answer(req, 180, "far", "", ""))
	p.expect(t, "progress 180")
	p.d.Cancel("changed my mind")
	cancel := r.expect("CANCEL ")
	if field(cancel, "Via") != field(req, "Via") || !strings.Contains(field(cancel, "Reason"), "changed my mind") {
		t.Errorf("CANCEL is\n%s", cancel)
	}
	r.send(answer(req, 200, "far", "", "")) // it crossed
	r.send(answer(cancel, 200, "far", "", ""))
	r.expect("ACK ")
	r.send(answer(r.expect("BYE "), 200, "", "", ""))
	if end := p.ended(t); end.Why != EndCancelled {
		t.Errorf("end is %+v", end)
	}
}

func TestCancelWaitsForTheFirstProvisionalAnswer(t *testing.T) {
	ua, r, _ := node(t, func(c *Config) { c.Timers.T1 = 200 * time.Millisecond })
	p, req := dial(t, ua, r, nil)
	p.d.Cancel("")
	r.silent("CANCEL ", 30*time.Millisecond)
	r.send(answer(req, 100, "", "", ""))
	cancel := r.expect("CANCEL ")
	r.send(answer(cancel, 200, "far", "", ""))
	r.send(answer(req, 487, "far", "", ""))
	r.expect("ACK ")
	if end := p.ended(t); end.Why != EndCancelled || end.ByPeer {
		t.Errorf("end is %+v", end)
	}
}

func TestAPeerThatLeavesACancelUnansweredDoesNotHoldUpClosing(t *testing.T) {
	ua, r, _ := node(t, func(c *Config) { c.Timers.T1 = time.Minute })
	p, req := dial(t, ua, r, nil)
	r.send(answer(req, 180, "far", "", ""))
	p.expect(t, "progress 180")
	p.d.Cancel("")
	r.expect("CANCEL ")
	r.send(answer(req, 480, "far", "", "")) // it refused in that moment, and is gone
	r.expect("ACK ")
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if err := ua.Close(ctx); err != nil {
		t.Error(err)
	}
}

func TestRedirectReportsItsContacts(t *testing.T) {
	ua, r, _ := node(t, nil)
	p, req := dial(t, ua, r, nil)
	r.send(strings.Replace(answer(req, 302, "far", "", ""), "Contact: <sip:x@{me}>", "Contact: <sip:a@192.0.2.1>, <sip:b@192.0.2.2>", 1))
	end := p.ended(t)
	if end.Status != 302 || len(end.Contacts) != 2 || end.Contacts[1] != "sip:b@192.0.2.2" {
		t.Errorf("end is %+v", end)
	}
}
