package sipua

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"
)

func TestDialogStaysOnItsTCPConnection(t *testing.T) {
	node, far, nodeCalls, _ := pair(t, nil)
	callee, caller := answered(t, node, far, nodeCalls, "tcp")
	callee.d.Bye("")
	caller.ended(t)
	if n := node.Stats().Connections; n != 1 {
		t.Errorf("the node has %d connections", n)
	}
}

func TestHostNamesAreResolvedByTheCaller(t *testing.T) {
	onCall, got := calls()
	node := start(t, "127.0.0.1", func(c *Config) { c.OnCall = onCall })
	far := start(t, "127.0.0.2", func(c *Config) {
		c.Anyone = true
		c.Resolve = func(_ context.Context, host string) ([]netip.Addr, error) {
			if host != "node.example" {
				return nil, errors.New("no such host")
			}
			return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
		}
	})
	p := newParty()
	if _, err := far.Invite(Outgoing{To: fmt.Sprintf("sip:1@node.example:%d", addrOf(node).Port()), From: "2", Offer: []byte("o")}, p); err != nil {
		t.Fatal(err)
	}
	if f := next(t, got).d.Facts(); !strings.Contains(f.RequestURI, "node.example") {
		t.Errorf("facts are %+v", f)
	}
	lost := newParty()
	far.Invite(Outgoing{To: "sip:1@nowhere.example", From: "2"}, lost)
	if end := lost.ended(t); end.Why != EndTransport || end.Status != 503 {
		t.Errorf("end is %+v", end)
	}
}

func TestBadTargetsAreErrorsAtOnce(t *testing.T) {
	ua := start(t, "127.0.0.1", nil)
	for _, out := range []Outgoing{{To: ""}, {To: "101"}, {To: "http://x"}, {To: "sips:1@x"}, {To: "tel:+1555"}, {To: "sip:1@x", Transport: "sctp"}, {To: "sip:1@x?Route=y"}} {
		if _, err := ua.Invite(out, newParty()); err == nil {
			t.Errorf("%+v was accepted", out)
		}
	}
	if _, err := ua.Invite(Outgoing{To: "sip:1@127.0.0.1:1"}, nil); err == nil {
		t.Error("a call without a handler was accepted")
	}
	if n := ua.Stats().Dialogs; n != 0 {
		t.Errorf("%d dialogs are left", n)
	}
}

func TestAnonymousCallHidesFromAndKeepsPAI(t *testing.T) {
	ua, r, _ := node(t, nil)
	p, req := dial(t, ua, r, func(o *Outgoing) { o.PAI, o.Anonymous, o.FromName = true, true, "Anna" })
	if from := field(req, "From"); strings.Contains(from, "100") || !strings.HasPrefix(from, `"Anonymous" <sip:anonymous@anonymous.invalid>`) {
		t.Errorf("From is %s", from)
	}
	if field(req, "P-Asserted-Identity") != `"Anna" <sip:100@127.0.0.1>` || field(req, "Privacy") != "id" || strings.Contains(field(req, "Contact"), "100@") {
		t.Errorf("INVITE is\n%s", req)
	}
	p.d.Cancel("")
}

func TestHeadersCannotBeInjected(t *testing.T) {
	ua, r, _ := node(t, nil)
	p, req := dial(t, ua, r, func(o *Outgoing) {
		o.FromName, o.From = "a\"\r\nX-Evil: 1", "b>\r\nX-Evil: 2"
		o.Headers = []Header{{"X-Good", "c\r\nX-Evil: 3"}}
	})
	if field(req, "X-Evil") != "" || field(req, "X-Good") != "cX-Evil: 3" {
		t.Errorf("INVITE is\n%s", req)
	}
	p.d.Cancel("")
}

func TestWildcardSocketAdvertisesARealAddress(t *testing.T) {
	ua := start(t, "0.0.0.0", nil)
	r := newRaw(t, "127.0.0.2", nil)
	p, req := dial(t, ua, r, nil)
	for _, name := range []string{"Via", "Contact", "From"} {
		if v := field(req, name); !strings.Contains(v, "127.0.0.") {
			t.Errorf("%s is %s", name, v)
		}
	}
	p.d.Cancel("")
}

func TestAdvertisedAddressIsWritten(t *testing.T) {
	ua, r, _ := node(t, func(c *Config) { c.Advertise = netip.MustParseAddr("192.0.2.99") })
	p, req := dial(t, ua, r, nil)
	for _, name := range []string{"Via", "Contact", "From"} {
		if !strings.Contains(field(req, name), "192.0.2.99") {
			t.Errorf("%s is %s", name, field(req, name))
		}
	}
	p.d.Cancel("")
}

func TestFullNodeTurnsCallsAway(t *testing.T) {
	_, r, got := node(t, func(c *Config) { c.Limits.Dialogs = 1 })
	r.send(invite("c1", ""))
	next(t, got)
	r.send(invite("c2", ""))
	if m := r.expect("SIP/2.0 503"); field(m, "Retry-After") == "" {
		t.Errorf("answer is\n%s", m)
	}
}

func TestClosingNodeTurnsCallsAway(t *testing.T) {
	ua, r, _ := node(t, nil)
	_, req := dial(t, ua, r, nil) // never answered
	r.send(answer(req, 180, "far", "", ""))
	done := make(chan error, 1)
	ctx, giveUp := context.WithCancel(t.Context())
	defer giveUp()
	go func() { done <- ua.Close(ctx) }()
	eventually(t, "it is closing", ua.closing)
	r.send(invite("c1", ""))
	r.expect("SIP/2.0 503")
	giveUp()
	if err := next(t, done); !errors.Is(err, context.Canceled) {
		t.Errorf("Close returned %v", err)
	}
	if n := ua.Stats().Goroutines; n != 0 {
		t.Errorf("%d goroutines are left", n)
	}
}

// slow is a handler that hangs in Info until released.
type slow struct {
	*party
	release chan struct{}
}

func (s slow) Info(kind string, body []byte) int {
	<-s.release
	return 200
}

func TestSlowHandlerDoesNotFillTheMemory(t *testing.T) {
	release := make(chan struct{})
	got := make(chan *party, 1)
	_, r, _ := node(t, func(c *Config) {
		c.OnCall = func(d *Dialog) Handler {
			p := newParty()
			p.d = d
			got <- p
			return slow{p, release}
		}
	})
	_, tag := take(t, r, got, "c1")
	for i := range mailboxLimit + 5 {
		r.send(inside("INFO", "c1", tag, i+2, "Content-Type: t/t\n", "x"))
	}
	r.expect("SIP/2.0 503")
	close(release)
	r.expect("SIP/2.0 200")
}

func TestExpiredNonceIsReplacedWithoutTheUserNoticing(t *testing.T) {
	node := start(t, "127.0.0.1", func(c *Config) { c.Timers.NonceLife = 100 * time.Millisecond; c.Timers.MinExpires = 1 })
	far := start(t, "127.0.0.3", func(c *Config) { c.Anyone = true })
	lost := make(chan error, 16)
	reg, err := far.Register(t.Context(), Registration{Registrar: "sip:" + addrOf(node).String(), User: "anna", Password: "secret",
		Expires: 15 * time.Second, Changed: func(err error) { lost <- err }})
	if err != nil {
		t.Fatal(err)
	}
	first := node.BindingsOf("a1")[0]
	eventually(t, "two renewals", func() bool {
		b := node.BindingsOf("a1")
		return len(b) == 1 && b[0].CSeq > first.CSeq+3
	})
	if err := reg.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if len(lost) != 0 {
		t.Errorf("registration was lost: %v", <-lost)
	}
}

func TestProxyChallengeIsAnswered(t *testing.T) {
	ua, r, _ := node(t, nil)
	p, req := dial(t, ua, r, func(o *Outgoing) { o.Username, o.Password = "u", "pw" })
	r.send(answer(req, 407, "p", "Proxy-Authenticate: Digest realm=\"c\", nonce=\"n\", qop=\"auth,auth-int\", algorithm=MD5, opaque=\"o\"\n", ""))
	again := r.expect("INVITE ")
	for field(again, "CSeq") == field(req, "CSeq") {
		again = r.expect("INVITE ")
	}
	c, ok := parseDigest(field(again, "Proxy-Authorization"))
	if !ok || c["response"] != digestResponse("MD5", "u", "c", "pw", "INVITE", c) || c["opaque"] != "o" || c["nc"] != "00000001" {
		t.Errorf("credentials are %v", c)
	}
	if field(again, "Call-ID") != field(req, "Call-ID") || tagIn(field(again, "From")) != tagIn(field(req, "From")) {
		t.Error("the second INVITE is another call")
	}
	r.send(answer(again, 200, "far", "", ""))
	p.expect(t, "answered")
	if ack := r.expect("ACK "); tagIn(field(ack, "To")) == "far" && field(ack, "Proxy-Authorization") == "" {
		t.Errorf("the ACK has no credentials:\n%s", ack)
	}
	p.d.Bye("")
	bye := r.expect("BYE ")
	if c, _ := parseDigest(field(bye, "Proxy-Authorization")); c["nc"] != "00000002" {
		t.Errorf("BYE is\n%s", bye)
	}
}

func TestSameCSeqTwiceIsTolerated(t *testing.T) {
	_, r, got := node(t, nil)
	p, tag := take(t, r, got, "c1")
	r.send(inside("BYE", "c1", tag, 1, "", ""))
	if end := p.ended(t); end.Why != EndBye {
		t.Errorf("end is %+v", end)
	}
}

func TestReinviteOvertakingTheACKIsTaken(t *testing.T) {
	_, r, got := node(t, nil)
	r.send(invite("c1", ""))
	p := next(t, got)
	p.d.Answer([]byte("answer"))
	ok := r.expect("SIP/2.0 200")
	r.send(inside("INVITE", "c1", field(ok, "To"), 2, "Content-Type: application/sdp\n", "hold"))
	p.expect(t, "confirmed")
	p.expect(t, "offer hold")
}

func TestMethodsOfAnEndedDialogSaySo(t *testing.T) {
	_, r, got := node(t, nil)
	p, tag := take(t, r, got, "c1")
	if err := p.d.Answer(nil); !errors.Is(err, ErrState) {
		t.Errorf("answering twice: %v", err)
	}
	r.send(inside("BYE", "c1", tag, 2, "", ""))
	p.ended(t)
	p.d.Bye("")
	p.d.Cancel("")
	_, reinvite := p.d.Reinvite(t.Context(), nil)
	for what, err := range map[string]error{"Provisional": p.d.Provisional(180, nil), "Answer": p.d.Answer(nil), "Reject": p.d.Reject(486, ""),
		"Reinvite": reinvite, "Info": p.d.Info(t.Context(), "t/t", nil)} {
		if !errors.Is(err, ErrEnded) {
			t.Errorf("%s: %v", what, err)
		}
	}
	select {
	case e := <-p.end:
		t.Errorf("ended twice: %+v", e)
	default:
	}
}

func TestStrangersAreRateLimited(t *testing.T) {
	ua, _, _ := node(t, func(c *Config) { c.Limits.StrangerRate = 5 })
	r := newRaw(t, "127.0.0.9", ua)
	for i := range 30 {
		r.send(invite(fmt.Sprint("s", i), ""))
	}
	eventually(t, "some were dropped unread", func() bool { return ua.Stats().Refused["rate"] >= 15 })
}

func TestReasonValues(t *testing.T) {
	for cause, want := range map[string]string{
		"busy":                           `SIP;cause=486;text="busy"`,
		`say "hi"`:                       `SIP;cause=486;text="say \"hi\""`,
		"Q.850;cause=17":                 "Q.850;cause=17",
		`SIP;cause=200;text="elsewhere"`: `SIP;cause=200;text="elsewhere"`,
		"a; b":                           `SIP;cause=486;text="a; b"`,
		"x\r\nY: z":                      `SIP;cause=486;text="xY: z"`,
	} {
		if got := reasonValue(486, cause); got != want {
			t.Errorf("%q gives %s, want %s", cause, got, want)
		}
	}
}
