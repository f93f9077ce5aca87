package agent

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"tandem/cmd/callbench/internal/wire"
)

// Spec describes a call to place.
type Spec struct {
	Target   netip.AddrPort    // where the INVITE goes
	Number   string            // user part of the request URI
	From     string            // user part of From
	SDP      []byte            // the offer
	Login    *wire.Credentials // answers 401 and 407; nil: they are failures
	OnInvite func(time.Time)   // told when the INVITE leaves; may be nil
}

// Failure is a call that was refused. Status 0 means that no final answer came.
type Failure struct {
	Status int
	Reason string
}

func (f *Failure) Error() string {
	if f.Status == 0 {
		return f.Reason
	}
	return fmt.Sprintf("%d %s", f.Status, f.Reason)
}

// cancelWait is how long a cancelled INVITE may take to end.
const cancelWait = 5 * time.Second

// Invite places a call and returns when it is answered, refused (*Failure) or
// ctx ends, upon which it is cancelled. The Call is never nil: its Times say
// how far it came. After success Release must follow.
func (e *Endpoint) Invite(ctx context.Context, spec Spec) (*Call, error) {
	c := &Call{
		ep: e, id: newTag() + "@" + e.local.Addr().String(), sdp: spec.SDP, cseq: 1,
		local:   "<sip:" + spec.From + "@" + e.local.String() + ">;tag=" + newTag(),
		remote:  "<sip:" + spec.Number + "@" + spec.Target.String() + ">",
		target:  "sip:" + spec.Number + "@" + spec.Target.String(),
		contact: e.contact(spec.From), next: spec.Target,
	}
	if spec.Login != nil {
		c.auth = &authState{creds: *spec.Login}
	}
	if err := e.guard(spec.Target); err != nil {
		return c, err
	}
	c.box = e.register(c.id)
	err := c.dial(ctx, spec)
	if err != nil {
		c.Release()
	}
	return c, err
}

// Release forgets the call; late messages for it are answered like a stranger's.
func (c *Call) Release() { c.ep.forget(c.id) }

func (c *Call) dial(ctx context.Context, spec Spec) error {
	for range 2 {
		t := &inviteTx{Call: c, req: c.invite(spec)}
		res, err := t.run(ctx, spec.OnInvite)
		if err != nil {
			return err
		}
		if res.msg.Status < 300 {
			return c.acknowledge(res)
		}
		if c.auth == nil || c.auth.count > 0 || (res.msg.Status != 401 && res.msg.Status != 407) {
			return &Failure{res.msg.Status, res.msg.Reason}
		}
		if c.auth.challenge, err = wire.ChallengeIn(res.msg); err != nil {
			return err
		}
		c.cseq++
	}
	return &Failure{401, "credentials refused"}
}

func (c *Call) invite(spec Spec) *wire.Message {
	m := c.request("INVITE", c.cseq)
	m.Add("Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, INFO")
	m.Add("User-Agent", "callbench")
	m.Add("Content-Type", "application/sdp")
	m.Body = spec.SDP
	c.auth.sign(m)
	return m
}

// acknowledge turns a 2xx into a dialog and sends the ACK that 2xx wants:
// along the reversed Record-Route to the Contact, in a transaction of its own.
func (c *Call) acknowledge(p packet) error {
	c.remote = p.msg.Get("To")
	c.establish(p.msg, p.from, reversed(p.msg.All("Record-Route")))
	ack := c.request("ACK", c.cseq)
	c.auth.sign(ack)
	c.answer = ack.Bytes()
	if err := c.ep.write(c.answer, c.next); err != nil {
		return err
	}
	session, err := wire.ParseSDP(p.msg.Body)
	if err != nil {
		return c.abandon(fmt.Errorf("answer to our offer: %w", err))
	}
	c.Remote = session
	return nil
}

// abandon ends an answered call that cannot be used.
func (c *Call) abandon(cause error) error {
	ctx, stop := context.WithTimeout(context.Background(), cancelWait)
	defer stop()
	return errors.Join(cause, c.Hangup(ctx))
}

// inviteTx is an INVITE client transaction (RFC 3261 §17.1.1).
type inviteTx struct {
	*Call
	req        *wire.Message
	early      bool // a provisional response came, so repeating has ended
	cancelled  bool
	sentCancel bool
}

// run sends the INVITE until a final response. A refusal is acknowledged here.
func (t *inviteTx) run(ctx context.Context, sent func(time.Time)) (packet, error) {
	raw := t.req.Bytes()
	// The clock is read first: on loopback the answer can be here before write returns.
	if t.Times.Invite.IsZero() {
		t.Times.Invite = time.Now()
		if sent != nil {
			sent(t.Times.Invite)
		}
	}
	if err := t.ep.write(raw, t.next); err != nil {
		return packet{}, err
	}
	wait, giveUpTimer := t1, time.NewTimer(giveUp)
	again := time.NewTimer(wait)
	defer giveUpTimer.Stop()
	defer again.Stop()
	done := ctx.Done()
	for {
		select {
		case <-t.ep.ctx.Done():
			return packet{}, ErrClosed
		case <-done:
			done = nil
			t.cancelled = true
			giveUpTimer.Reset(cancelWait)
			t.cancel()
		case <-giveUpTimer.C:
			if t.early {
				return packet{}, &Failure{Reason: "no final answer in time"}
			}
			return packet{}, &Failure{Reason: "no answer at all in time"}
		case <-again.C:
			if t.early {
				continue
			}
			wait *= 2
			again.Reset(wait)
			t.Times.Resent++
			_ = t.ep.write(raw, t.next)
		case p := <-t.box:
			if final, err := t.take(p); final || err != nil {
				return p, err
			}
		}
	}
}

// take handles one message; final means that p is the answer to hand on.
func (t *inviteTx) take(p packet) (final bool, err error) {
	num, method := p.msg.CSeq()
	status := p.msg.Status
	switch {
	case status == 0:
		_ = t.serve(p) // a request before the answer: OPTIONS, UPDATE
		return false, nil
	case method != "INVITE" || num != t.cseq:
		return false, nil
	case status < 200:
		t.provisional(p)
		return false, nil
	}
	t.Times.Final = p.at
	if status >= 300 {
		ack := ackOf(p.msg, t.req.URI)
		t.ep.send(ack, t.next)
		if t.cancelled {
			return false, &Failure{Reason: "no final answer in time"}
		}
		return true, nil
	}
	if t.cancelled {
		// CANCEL crossed the 200 (RFC 3261 §9.1): acknowledge, then hang up.
		if err := t.acknowledge(p); err != nil {
			return false, err
		}
		return false, t.abandon(&Failure{Reason: "answered only after cancel"})
	}
	return true, nil
}

func (t *inviteTx) provisional(p packet) {
	t.early = true
	if p.msg.Status == 100 && t.Times.Trying.IsZero() {
		t.Times.Trying = p.at
	}
	if p.msg.Status > 100 && t.Times.Ringing.IsZero() {
		t.Times.Ringing = p.at
	}
	if t.cancelled {
		t.cancel()
	}
}

// cancel sends CANCEL, but not before a provisional response (RFC 3261 §9.1).
func (t *inviteTx) cancel() {
	if !t.early || t.sentCancel {
		return
	}
	t.sentCancel = true
	m := &wire.Message{Method: "CANCEL", URI: t.req.URI}
	m.Copy(t.req, "Via", "Max-Forwards", "From", "To", "Call-ID")
	m.Add("CSeq", fmt.Sprintf("%d CANCEL", t.cseq))
	t.ep.send(m, t.next)
}
