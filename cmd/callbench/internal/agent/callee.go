package agent

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"tandem/cmd/callbench/internal/wire"
)

// ErrCancelled says that the caller gave up before the answer.
var ErrCancelled = errors.New("the caller cancelled")

// Inbound is a call that comes in: an INVITE server transaction (RFC 3261
// §17.2.1) that becomes a Call when answered.
type Inbound struct {
	*Call
	req  packet
	last []byte // latest response, repeated when the INVITE is
}

func newInbound(e *Endpoint, p packet, box chan packet) *Inbound {
	to := p.msg.Get("To") + ";tag=" + newTag()
	c := &Call{
		ep: e, box: box, id: p.msg.Get("Call-ID"), isUAS: true,
		local: to, remote: p.msg.Get("From"), contact: e.contact("callbench"),
	}
	c.Times.Invite = p.at
	c.establish(p.msg, p.from, p.msg.All("Record-Route"))
	return &Inbound{Call: c, req: p}
}

// Number is whom the INVITE asks for.
func (in *Inbound) Number() string { return wire.UserOf(in.req.msg.URI) }

// CallerIDs are the users by which the caller may be known, likeliest first.
// Engines hand a caller's number on in one of these places.
func (in *Inbound) CallerIDs() []string {
	var ids []string
	for _, name := range []string{"P-Asserted-Identity", "Remote-Party-ID", "From", "Contact"} {
		for _, v := range in.req.msg.All(name) {
			if user := wire.UserOf(wire.URIOf(v)); user != "" {
				ids = append(ids, user)
			}
		}
	}
	return ids
}

// Offer reads the INVITE's SDP.
func (in *Inbound) Offer() (wire.Session, error) { return wire.ParseSDP(in.req.msg.Body) }

// Reject refuses the call and waits for the ACK, at most as long as timers allow.
func (in *Inbound) Reject(ctx context.Context, status int, reason string) error {
	in.respond(status, reason, nil)
	return in.untilAck(ctx)
}

// Ring sends 180 and waits for as long as it is to ring.
func (in *Inbound) Ring(ctx context.Context, d time.Duration) error {
	in.respond(180, "Ringing", nil)
	in.Times.Ringing = time.Now()
	timer := time.NewTimer(d)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return ErrClosed
		case <-timer.C:
			return nil
		case p := <-in.box:
			if err := in.takeEarly(ctx, p); err != nil {
				return err
			}
		}
	}
}

// takeEarly handles one message before the final response.
func (in *Inbound) takeEarly(ctx context.Context, p packet) error {
	switch p.msg.Method {
	case "INVITE":
		_ = in.ep.write(in.last, p.from)
	case "CANCEL":
		in.ep.send(wire.Reply(p.msg, 200, "OK", wire.Param(in.local, "tag")), p.from)
		if err := in.Reject(ctx, 487, "Request Terminated"); err != nil {
			return errors.Join(ErrCancelled, err)
		}
		return ErrCancelled
	case "", "ACK":
	default:
		in.ep.send(wire.Reply(p.msg, 200, "OK", wire.Param(in.local, "tag")), p.from)
	}
	return nil
}

// Answer sends 200 with the SDP and repeats it until the ACK comes.
func (in *Inbound) Answer(ctx context.Context, sdp []byte) error {
	offer, err := in.Offer()
	if err != nil {
		return errors.Join(err, in.Reject(ctx, 488, "Not Acceptable Here"))
	}
	in.Remote, in.sdp = offer, sdp
	in.respond(200, "OK", sdp)
	in.answer = in.last
	return in.untilAck(ctx)
}

// respond sends a response and notes the moment of a final one.
func (in *Inbound) respond(status int, reason string, sdp []byte) {
	res := wire.Reply(in.req.msg, status, reason, wire.Param(in.local, "tag"))
	if status > 100 && status < 300 {
		res.Copy(in.req.msg, "Record-Route")
		res.Add("Contact", in.contact)
	}
	if sdp != nil {
		res.Add("Content-Type", "application/sdp")
		res.Add("Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, INFO")
		res.Body = sdp
	}
	in.last = res.Bytes()
	if status >= 200 {
		in.Times.Final = time.Now()
	}
	_ = in.ep.write(in.last, in.req.from)
}

// untilAck repeats the final response as RFC 3261 §13.3.1.4 and §17.2.1 ask.
func (in *Inbound) untilAck(ctx context.Context) error {
	wait, stop := t1, time.NewTimer(giveUp)
	again := time.NewTimer(wait)
	defer stop.Stop()
	defer again.Stop()
	for {
		select {
		case <-ctx.Done():
			return ErrClosed
		case <-stop.C:
			return fmt.Errorf("ack: %w", ErrTimeout)
		case <-again.C:
			wait = min(2*wait, t2)
			again.Reset(wait)
			in.Times.Resent++
			_ = in.ep.write(in.last, in.req.from)
		case p := <-in.box:
			switch p.msg.Method {
			case "ACK":
				return nil
			case "INVITE":
				_ = in.ep.write(in.last, p.from)
			case "CANCEL": // too late (RFC 3261 §9.2): answered, without effect
				in.ep.send(wire.Reply(p.msg, 200, "OK", wire.Param(in.local, "tag")), p.from)
			default:
				if in.serve(p) {
					return ErrHungUp
				}
			}
		}
	}
}

// Digits keeps the digits of a number, for comparing "+1 888" with "1888".
func Digits(number string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, number)
}
