package sipua

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestRecordRouteIsFollowed(t *testing.T) {
	for _, c := range []struct{ name, routes, uri, want string }{
		{"loose", "<sip:proxy2@{me};lr>, <sip:proxy1@{me};lr>", "BYE sip:bob@", "<sip:proxy2@"},
		{"strict", "<sip:strict@{me}>, <sip:proxy1@{me};lr>", "BYE sip:strict@", "<sip:proxy1@"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, r, got := node(t, nil)
			r.send(invite("c1", "Record-Route: "+c.routes+"\n"))
			p := next(t, got)
			p.d.Answer(nil)
			ok := r.expect("SIP/2.0 200")
			if !strings.Contains(ok, "Record-Route: ") {
				t.Errorf("the 200 has no Record-Route:\n%s", ok)
			}
			r.send(inside("ACK", "c1", field(ok, "To"), 1, "", ""))
			p.expect(t, "confirmed")
			p.d.Bye("")
			bye := r.expect("BYE ")
			if !strings.HasPrefix(bye, c.uri) || !strings.HasPrefix(field(bye, "Route"), c.want) {
				t.Errorf("BYE is\n%s", bye)
			}
			if c.name == "strict" && !strings.Contains(bye, "Route: <sip:bob@") {
				t.Errorf("the contact is not the last route:\n%s", bye)
			}
		})
	}
}

func TestRouteSetOfAnAnswerIsReversed(t *testing.T) {
	ua, r, _ := node(t, nil)
	p, req := dial(t, ua, r, nil)
	r.send(answer(req, 200, "far", "Record-Route: <sip:near@{me};lr>, <sip:far@{me};lr>\n", ""))
	ack := r.expect("ACK ")
	if !strings.HasPrefix(field(ack, "Route"), "<sip:far@") {
		t.Errorf("ACK is\n%s", ack)
	}
	p.expect(t, "answered")
}

func TestHiddenContactOfARegisteredPhoneIsNotBelieved(t *testing.T) {
	ua, _, got := node(t, func(c *Config) { c.Timers.Second = time.Second })
	phone := newPhone(t, ua)
	phone.register("r", 1, "Contact: <sip:anna@10.99.99.99:5060>\nExpires: 120\n")
	// Called by us: everything goes to where the REGISTER came from.
	b := ua.BindingsOf("a1")[0]
	p := newParty()
	d, _ := ua.Invite(Outgoing{To: b.Contact, Route: b.Received, Transport: b.Transport, From: "1", Offer: []byte("o")}, p)
	req := phone.expect("INVITE sip:anna@10.99.99.99:5060 ")
	phone.send(strings.Replace(answer(req, 200, "far", "", ""), "{me}", "10.99.99.99:5060", 1))
	phone.expect("ACK sip:x@10.99.99.99:5060 ")
	p.expect(t, "answered")
	d.Bye("")
	phone.expect("BYE sip:x@10.99.99.99:5060 ")
	if len(got) != 0 {
		t.Error("a call was reported")
	}
}

func TestTelURIsAreUnderstood(t *testing.T) {
	_, r, got := node(t, nil)
	m := strings.Replace(invite("c1", ""), "INVITE sip:+15550100@127.0.0.1", "INVITE tel:+1-555-0100;phone-context=x", 1)
	m = strings.Replace(m, `<sip:+15559999@{me}>`, `<tel:+1(555)9999>`, 1)
	r.send(m)
	if f := next(t, got).d.Facts(); f.RequestUser != "+15550100" || f.From != "+15559999" {
		t.Errorf("facts are %+v", f)
	}
}

func TestIdentityHeadersAreRead(t *testing.T) {
	_, r, got := node(t, nil)
	r.send(invite("c1", "P-Asserted-Identity: \"Carl, \\\"C\\\"\" <sip:+15551111@x>, <tel:+1555>\nRemote-Party-ID: <sip:+15552222@x>;party=calling\nPrivacy: id\nUser-Agent: Test\n"))
	f := next(t, got).d.Facts()
	if f.Identity != "+15551111" || f.IdentityName != `Carl, "C"` || f.RemoteParty != "+15552222" || f.Privacy != "id" || f.UserAgent != "Test" {
		t.Errorf("facts are %+v", f)
	}
}

func TestMultipartBodyGivesItsSDP(t *testing.T) {
	_, r, got := node(t, nil)
	body := "--b\nContent-Type: application/isup\n\nxx\n--b\nContent-Type: application/sdp\n\nv=0\n--b--\n"
	m := strings.Replace(invite("c1", ""), "application/sdp", "multipart/mixed;boundary=b", 1)
	m = strings.Replace(m, "Content-Length: 5\n\noffer", fmt.Sprintf("Content-Length: %d\n\n%s", len(strings.ReplaceAll(body, "\n", "\r\n")), body), 1)
	r.send(m)
	if f := next(t, got).d.Facts(); string(f.Offer) != "v=0" {
		t.Errorf("offer is %q", f.Offer)
	}
}
