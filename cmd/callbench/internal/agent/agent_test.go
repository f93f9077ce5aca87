package agent

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"tandem/cmd/callbench/internal/wire"
)

var lo = netip.MustParseAddrPort("127.0.0.1:0")

func allow(netip.AddrPort) error { return nil }

// peer is a far end that a test plays by hand, message by message.
type peer struct {
	t    *testing.T
	conn *net.UDPConn
	from netip.AddrPort // whence the last message came
}

func newPeer(t *testing.T) *peer {
	t.Helper()
	conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(lo))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return &peer{t: t, conn: conn}
}

func (p *peer) addr() netip.AddrPort { return p.conn.LocalAddr().(*net.UDPAddr).AddrPort() }

// expect reads the next message and fails unless it is the method or status.
func (p *peer) expect(what string) *wire.Message {
	p.t.Helper()
	_ = p.conn.SetReadDeadline(time.Now().Add(5 * time.Second))
	buf := make([]byte, 65535)
	n, from, err := p.conn.ReadFromUDPAddrPort(buf)
	if err != nil {
		p.t.Fatalf("waiting for %s: %v", what, err)
	}
	p.from = from
	m, err := wire.Parse(buf[:n])
	if err != nil {
		p.t.Fatal(err)
	}
	start, _, _ := strings.Cut(string(buf[:n]), "\r\n")
	if !strings.Contains(start, what) {
		p.t.Fatalf("got %q, want %s", start, what)
	}
	return m
}

func (p *peer) send(m *wire.Message, to netip.AddrPort) {
	p.t.Helper()
	if _, err := p.conn.WriteToUDPAddrPort(m.Bytes(), to); err != nil {
		p.t.Fatal(err)
	}
}

// ok answers an INVITE with SDP, a Contact and the headers given.
func (p *peer) ok(invite *wire.Message, contact string, more ...wire.Header) {
	p.t.Helper()
	res := wire.Reply(invite, 200, "OK", "peer")
	res.Add("Contact", "<"+contact+">")
	res.Headers = append(res.Headers, more...)
	res.Body = wire.SDP(p.addr(), 1)
	p.send(res, p.from)
}

func listen(t *testing.T, onCall func(context.Context, *Inbound)) *Endpoint {
	t.Helper()
	e, err := Listen(Config{Local: lo, Guard: allow, OnCall: onCall})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

// dialed is the outcome of an Invite that runs beside the test.
type dialed struct {
	call *Call
	err  error
}

func dial(ctx context.Context, e *Endpoint, p *peer, login *wire.Credentials) <-chan dialed {
	done := make(chan dialed, 1)
	go func() {
		call, err := e.Invite(ctx, Spec{Target: p.addr(), Number: "+15559000", From: "+1888", SDP: wire.SDP(p.addr(), 1), Login: login})
		done <- dialed{call, err}
	}()
	return done
}

func TestAckAndByeFollowRecordRouteToTheContact(t *testing.T) {
	e, p, proxy := listen(t, nil), newPeer(t), newPeer(t)
	done := dial(t.Context(), e, p, nil)
	invite := p.expect("INVITE")
	p.send(wire.Reply(invite, 100, "Trying", ""), p.from)
	p.send(wire.Reply(invite, 180, "Ringing", "peer"), p.from)
	near := "<sip:" + proxy.addr().String() + ";lr>"
	p.ok(invite, "sip:far@192.0.2.7:5099", wire.Header{Name: "Record-Route", Value: "<sip:192.0.2.9;lr>, " + near})
	ack := proxy.expect("ACK sip:far@192.0.2.7:5099")
	if got := ack.All("Route"); len(got) != 2 || got[0] != near || got[1] != "<sip:192.0.2.9;lr>" {
		t.Errorf("route of the ack: %v", got)
	}
	if ack.Branch() == invite.Branch() {
		t.Error("the ACK to a 2xx is a transaction of its own")
	}
	out := <-done
	if out.err != nil || out.call.Times.Trying.IsZero() || out.call.Times.Ringing.IsZero() {
		t.Fatalf("%v, times %+v", out.err, out.call.Times)
	}
	ended := make(chan error, 1)
	go func() { ended <- out.call.Hangup(t.Context()) }()
	bye := proxy.expect("BYE sip:far@192.0.2.7:5099")
	proxy.send(wire.Reply(bye, 200, "OK", ""), proxy.from)
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestLostInviteIsRepeatedAndRepeated200IsAcknowledgedAgain(t *testing.T) {
	e, p := listen(t, nil), newPeer(t)
	done := dial(t.Context(), e, p, nil)
	first := p.expect("INVITE")
	again := p.expect("INVITE")
	if first.Branch() != again.Branch() {
		t.Error("a repeated INVITE has another branch")
	}
	p.ok(again, "sip:x@"+p.addr().String())
	p.expect("ACK")
	out := <-done
	if out.err != nil || out.call.Times.Resent != 1 {
		t.Fatalf("%v, resent %d", out.err, out.call.Times.Resent)
	}
	wait, stop := context.WithCancel(t.Context())
	over := make(chan error, 1)
	go func() { over <- out.call.Wait(wait) }()
	p.ok(again, "sip:x@"+p.addr().String())
	p.expect("ACK")
	fork := wire.Reply(again, 200, "OK", "other")
	fork.Add("Contact", "<sip:y@"+p.addr().String()+">")
	p.send(fork, p.from)
	p.expect("ACK sip:y@")
	p.expect("BYE sip:y@")
	stop()
	if err := <-over; err != nil {
		t.Error(err)
	}
}

func TestRefusalIsAcknowledgedInItsTransaction(t *testing.T) {
	e, p := listen(t, nil), newPeer(t)
	done := dial(t.Context(), e, p, nil)
	invite := p.expect("INVITE")
	refusal := wire.Reply(invite, 486, "Busy Here", "peer")
	acknowledged := func() {
		t.Helper()
		p.send(refusal, p.from)
		ack := p.expect("ACK")
		if ack.Branch() != invite.Branch() || wire.Param(ack.Get("To"), "tag") != "peer" {
			t.Errorf("ack %s", ack.Bytes())
		}
	}
	acknowledged()
	var f *Failure
	if out := <-done; !errors.As(out.err, &f) || f.Status != 486 {
		t.Errorf("got %v", out.err)
	}
	acknowledged() // our ACK was lost, and the call is forgotten
}

func TestChallengeIsAnswered(t *testing.T) {
	e, p := listen(t, nil), newPeer(t)
	done := dial(t.Context(), e, p, &wire.Credentials{User: "100", Password: "secret"})
	invite := p.expect("INVITE")
	challenge := wire.Reply(invite, 401, "Unauthorized", "peer")
	challenge.Add("WWW-Authenticate", `Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256`)
	p.send(challenge, p.from)
	p.expect("ACK")
	second := p.expect("INVITE")
	num, _ := second.CSeq()
	if h := second.Get("Authorization"); num != 2 || !strings.Contains(h, `username="100"`) || !strings.Contains(h, "nc=00000001") {
		t.Errorf("cseq %d, authorization %q", num, h)
	}
	p.send(wire.Reply(second, 403, "Forbidden", "peer"), p.from)
	p.expect("ACK")
	if out := <-done; out.err == nil || out.err.Error() != "403 Forbidden" {
		t.Errorf("got %v", out.err)
	}
}

func TestUnansweredCallIsCancelledOnceItRings(t *testing.T) {
	e, p := listen(t, nil), newPeer(t)
	ctx, giveUp := context.WithCancel(t.Context())
	done := dial(ctx, e, p, nil)
	invite := p.expect("INVITE")
	giveUp()
	p.send(wire.Reply(invite, 180, "Ringing", "peer"), p.from)
	cancel := p.expect("CANCEL")
	if cancel.Branch() != invite.Branch() {
		t.Error("CANCEL must carry the branch of its INVITE")
	}
	p.send(wire.Reply(cancel, 200, "OK", "peer"), p.from)
	p.send(wire.Reply(invite, 487, "Request Terminated", "peer"), p.from)
	p.expect("ACK")
	if out := <-done; out.err == nil {
		t.Error("a cancelled call succeeded")
	}
}

func TestAnswerThatCrossesCancelIsHungUp(t *testing.T) {
	e, p := listen(t, nil), newPeer(t)
	ctx, giveUp := context.WithCancel(t.Context())
	done := dial(ctx, e, p, nil)
	invite := p.expect("INVITE")
	p.send(wire.Reply(invite, 100, "Trying", ""), p.from)
	giveUp()
	p.expect("CANCEL")
	p.ok(invite, "sip:x@"+p.addr().String())
	p.expect("ACK")
	p.send(wire.Reply(p.expect("BYE"), 200, "OK", ""), p.from)
	if out := <-done; out.err == nil {
		t.Error("a cancelled call succeeded")
	}
}

// inviteFor is an INVITE as an engine sends it.
func inviteFor(p *peer) *wire.Message {
	m := &wire.Message{Method: "INVITE", URI: "sip:bench@127.0.0.3"}
	m.Add("Via", "SIP/2.0/UDP "+p.addr().String()+";branch=z9hG4bKin")
	m.Add("From", "<sip:+18880000001@127.0.0.1>;tag=engine")
	m.Add("To", "<sip:bench@127.0.0.3>")
	m.Add("Call-ID", "in-1")
	m.Add("CSeq", "1 INVITE")
	m.Add("Contact", "<sip:"+p.addr().String()+">")
	m.Body = wire.SDP(p.addr(), 1)
	return m
}

// inDialog is a later request of the same call.
func inDialog(invite, ok *wire.Message, method, cseq string) *wire.Message {
	m := &wire.Message{Method: method, URI: "sip:bench@127.0.0.3"}
	m.Copy(invite, "Via", "From", "Call-ID")
	m.Add("To", ok.Get("To"))
	m.Add("CSeq", cseq+" "+method)
	return m
}

func TestCalleeRepeats200UntilAckAndServesReInvite(t *testing.T) {
	over := make(chan error, 1)
	e := listen(t, func(ctx context.Context, in *Inbound) {
		err := in.Ring(ctx, 0)
		if err == nil {
			err = in.Answer(ctx, wire.SDP(lo, 1))
		}
		if err == nil {
			err = in.Wait(ctx)
		}
		over <- err
	})
	p := newPeer(t)
	invite := inviteFor(p)
	p.send(invite, e.Addr())
	p.expect("180")
	first := p.expect("200")
	again := p.expect("200")
	if first.Get("To") != again.Get("To") {
		t.Error("a repeated 200 has another tag")
	}
	p.send(inDialog(invite, first, "ACK", "1"), e.Addr())
	re := inDialog(invite, first, "INVITE", "2")
	re.Body = invite.Body
	p.send(re, e.Addr())
	if res := p.expect("200"); len(res.Body) == 0 {
		t.Error("a re-INVITE was answered without SDP")
	}
	p.send(inDialog(invite, first, "BYE", "3"), e.Addr())
	p.expect("200")
	if err := <-over; !errors.Is(err, ErrHungUp) {
		t.Errorf("got %v", err)
	}
}

func TestCalleeObeysCancelWhileRinging(t *testing.T) {
	over := make(chan error, 1)
	e := listen(t, func(ctx context.Context, in *Inbound) { over <- in.Ring(ctx, time.Minute) })
	p := newPeer(t)
	invite := inviteFor(p)
	p.send(invite, e.Addr())
	ringing := p.expect("180")
	p.send(invite, e.Addr()) // repeated: the same answer
	p.expect("180")
	p.send(inDialog(invite, ringing, "CANCEL", "1"), e.Addr())
	p.expect("200")
	refusal := p.expect("487")
	p.send(inDialog(invite, refusal, "ACK", "1"), e.Addr())
	if err := <-over; !errors.Is(err, ErrCancelled) || errors.Is(err, ErrTimeout) {
		t.Errorf("got %v", err)
	}
}

func TestStrangersAreAnswered(t *testing.T) {
	e, p := listen(t, nil), newPeer(t)
	invite := inviteFor(p)
	p.send(invite, e.Addr())
	p.expect("501")
	options := inDialog(invite, invite, "OPTIONS", "1")
	p.send(options, e.Addr())
	p.expect("200")
	options.Method = "BYE"
	p.send(options, e.Addr())
	p.expect("481")
}

func TestForbiddenTargetIsNotCalled(t *testing.T) {
	no := errors.New("no")
	e, err := Listen(Config{Local: lo, Guard: func(netip.AddrPort) error { return no }})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if _, err := e.Invite(t.Context(), Spec{Target: netip.MustParseAddrPort("192.0.2.1:5060")}); !errors.Is(err, no) {
		t.Errorf("got %v", err)
	}
}
