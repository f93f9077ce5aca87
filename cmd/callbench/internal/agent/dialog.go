package agent

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"time"

	"tandem/cmd/callbench/internal/wire"
)

// Errors by which a call ends other than as its owner asked.
var (
	ErrHungUp  = errors.New("the far end hung up")
	ErrTimeout = errors.New("no answer in time")
	ErrClosed  = errors.New("endpoint closed")
)

// Times are the moments of one call's signalling; zero means it did not happen.
type Times struct {
	Invite  time.Time // sent by a caller, arrived at a callee
	Trying  time.Time
	Ringing time.Time // first of 180 to 183
	Final   time.Time // final response, arrived or sent
	Resent  int       // requests and answers we had to repeat
}

// Call is one established dialog (RFC 3261 §12). One goroutine at a time uses it.
type Call struct {
	Times  Times
	Remote wire.Session // what the far end's SDP says

	ep      *Endpoint
	box     chan packet
	id      string
	local   string // our From or To, with tag
	remote  string // theirs
	target  string // their Contact
	routes  []string
	next    netip.AddrPort
	contact string
	sdp     []byte
	cseq    uint32
	auth    *authState

	answer []byte // a caller's ACK or a callee's 200, repeated when theirs is
	isUAS  bool
}

// authState is the digest of one call, reused for its BYE.
type authState struct {
	creds     wire.Credentials
	challenge wire.Challenge
	count     int
}

func (a *authState) sign(m *wire.Message) {
	if a == nil || a.challenge.Nonce == "" {
		return
	}
	a.count++
	h := a.challenge.Answer(a.creds, m.Method, m.URI, a.count, newTag())
	m.Add(h.Name, h.Value)
}

// establish takes the dialog's state from a 2xx or an INVITE.
func (c *Call) establish(m *wire.Message, from netip.AddrPort, routes []string) {
	c.routes = routes
	if contacts := m.All("Contact"); len(contacts) > 0 {
		c.target = wire.URIOf(contacts[0])
	}
	hop := c.target
	if len(routes) > 0 {
		hop = wire.URIOf(routes[0])
	}
	addr, err := wire.AddrOf(hop)
	if err != nil {
		addr = from // a name where we look none up: answer whence it came
	}
	c.next = addr
}

// request builds an in-dialog request.
func (c *Call) request(method string, cseq uint32) *wire.Message {
	uri, routes := c.target, c.routes
	if len(routes) > 0 && !wire.HasURIParam(wire.URIOf(routes[0]), "lr") {
		// RFC 3261 §12.2.1.1: a strict router wants itself as the request URI.
		uri = wire.URIOf(routes[0])
		routes = append(slices.Clone(routes[1:]), "<"+c.target+">")
	}
	m := c.ep.newRequest(method, uri)
	for _, r := range routes {
		m.Add("Route", r)
	}
	m.Add("From", c.local)
	m.Add("To", c.remote)
	m.Add("Call-ID", c.id)
	m.Add("CSeq", strconv.FormatUint(uint64(cseq), 10)+" "+method)
	m.Add("Contact", c.contact)
	return m
}

// Wait serves the dialog until ctx ends (nil) or the far end hangs up
// (ErrHungUp). Re-INVITEs are accepted with the same audio.
func (c *Call) Wait(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-c.ep.ctx.Done():
			return ErrClosed
		case p := <-c.box:
			if c.serve(p) {
				return ErrHungUp
			}
		}
	}
}

// serve answers one message of an established dialog; true means it is over.
func (c *Call) serve(p packet) bool {
	_, method := p.msg.CSeq()
	switch {
	case p.msg.Status >= 200 && p.msg.Status < 300 && method == "INVITE" && !c.isUAS:
		c.again2xx(p)
	case p.msg.Status != 0 || p.msg.Method == "ACK":
	case p.msg.Method == "BYE":
		c.ep.send(wire.Reply(p.msg, 200, "OK", ""), p.from)
		return true
	case p.msg.Method == "INVITE" && c.isUAS && wire.Param(p.msg.Get("To"), "tag") == "":
		_ = c.ep.write(c.answer, p.from) // the first INVITE once more
	case p.msg.Method == "INVITE" || p.msg.Method == "UPDATE":
		c.acceptAgain(p)
	case p.msg.Method == "CANCEL":
		c.ep.send(wire.Reply(p.msg, 481, "Call/Transaction Does Not Exist", ""), p.from)
	default:
		c.ep.send(wire.Reply(p.msg, 200, "OK", ""), p.from)
	}
	return false
}

// again2xx repeats the ACK; an answer of another fork is acknowledged and
// ended (RFC 3261 §13.2.2.4).
func (c *Call) again2xx(p packet) {
	if wire.Param(p.msg.Get("To"), "tag") == wire.Param(c.remote, "tag") {
		c.Times.Resent++
		_ = c.ep.write(c.answer, c.next)
		return
	}
	fork := *c
	fork.remote = p.msg.Get("To")
	fork.establish(p.msg, p.from, reversed(p.msg.All("Record-Route")))
	fork.ep.send(fork.request("ACK", c.cseq), fork.next)
	fork.ep.send(fork.request("BYE", c.cseq+1), fork.next)
}

// acceptAgain answers a re-INVITE or UPDATE with what we answered before.
func (c *Call) acceptAgain(p packet) {
	res := wire.Reply(p.msg, 200, "OK", "")
	res.Add("Contact", c.contact)
	if p.msg.Method == "INVITE" || len(p.msg.Body) > 0 {
		res.Add("Content-Type", "application/sdp")
		res.Body = c.sdp
	}
	if se := p.msg.Get("Session-Expires"); se != "" {
		res.Add("Session-Expires", se) // RFC 4028 §9: the refresher keeps refreshing
		res.Add("Require", "timer")
	}
	c.ep.send(res, p.from)
	if contacts := p.msg.All("Contact"); len(contacts) > 0 {
		c.target = wire.URIOf(contacts[0]) // RFC 3261 §12.2.2: target refresh
	}
}

// Hangup sends BYE and waits for its answer at most as long as ctx allows.
func (c *Call) Hangup(ctx context.Context) error {
	c.cseq++
	for range 2 {
		bye := c.request("BYE", c.cseq)
		c.auth.sign(bye)
		res, err := c.exchange(ctx, bye)
		if err != nil {
			return fmt.Errorf("hang up: %w", err)
		}
		if (res.Status == 401 || res.Status == 407) && c.auth != nil {
			if ch, err := wire.ChallengeIn(res); err == nil {
				c.auth.challenge, c.auth.count = ch, 0
				c.cseq++
				continue
			}
		}
		if res.Status >= 300 && res.Status != 481 {
			return fmt.Errorf("hang up: %w", &Failure{Status: res.Status, Reason: res.Reason})
		}
		return nil
	}
	return fmt.Errorf("hang up: %w", &Failure{Status: 401, Reason: "credentials refused"})
}

// exchange is a non-INVITE client transaction (RFC 3261 §17.1.2).
func (c *Call) exchange(ctx context.Context, req *wire.Message) (*wire.Message, error) {
	num, _ := req.CSeq()
	raw := req.Bytes()
	if err := c.ep.write(raw, c.next); err != nil {
		return nil, err
	}
	wait, stop := t1, time.NewTimer(giveUp)
	again := time.NewTimer(wait)
	defer stop.Stop()
	defer again.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil, ErrTimeout
		case <-c.ep.ctx.Done():
			return nil, ErrClosed
		case <-stop.C:
			return nil, ErrTimeout
		case <-again.C:
			wait = min(2*wait, t2)
			again.Reset(wait)
			c.Times.Resent++
			_ = c.ep.write(raw, c.next)
		case p := <-c.box:
			n, method := p.msg.CSeq()
			if p.msg.Status >= 200 && n == num && method == req.Method {
				return p.msg, nil
			}
			// Both may hang up at once: theirs is answered, ours still awaits its 200.
			_ = c.serve(p)
		}
	}
}

func reversed(s []string) []string {
	slices.Reverse(s)
	return s
}
