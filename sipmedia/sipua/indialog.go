package sipua

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/emiago/sipgo/sip"
)

// inbound is what a dialog keeps of the peer's requests. All but tx and repeat
// belong to the mailbox's goroutine.
type inbound struct {
	tx     *serverTx   // the first INVITE, if the peer placed the call
	repeat *time.Timer // of the provisional answer

	last  uint32 // CSeq of the request handled last; 0: none yet
	held  []arrival
	timer *time.Timer
}

// arrival is a request inside the dialog.
type arrival struct {
	p  path
	tx *serverTx
}

func (a arrival) cseq() uint32 { return a.tx.req.CSeq().SeqNo }

// arrived takes a request inside the dialog, on the socket's goroutine.
func (d *Dialog) arrived(p path, req *sip.Request, tx *serverTx) {
	if !d.box.offer(func() { d.order(arrival{p, tx}) }) {
		fault := unavailable()
		if req.Method == sip.BYE || d.hasEnded() {
			fault = &problem{status: 481, reason: phrase(481)}
		}
		tx.respond(d.ua.responseTo(req, fault))
	}
}

func (d *Dialog) hasEnded() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.phase == phaseEnded
}

// order hands requests on by rising CSeq. Datagrams may overtake each other: one
// that is ahead waits for those between, but no longer than Timers.Hold, since
// the number may have gone to a request that never reached us.
func (d *Dialog) order(a arrival) {
	in := &d.in
	switch {
	case !d.isPeer(a.tx.req): // another fork: it has CSeqs of its own
		d.take(a)
	case in.last == 0 || a.cseq() == in.last || a.cseq() == in.last+1: // the same one twice: some phones
		d.take(a)
		d.release(false)
	case a.cseq() < in.last: // RFC 3261 §12.2.2
		a.tx.respond(d.ua.responseTo(a.tx.req, &problem{status: 500, reason: "CSeq Out Of Order"}))
	default:
		in.held = append(in.held, a)
		slices.SortFunc(in.held, func(x, y arrival) int { return int(int64(x.cseq()) - int64(y.cseq())) })
		if in.timer == nil {
			in.timer = time.AfterFunc(d.ua.timers.Hold, func() { d.box.post(func() { d.release(true) }) })
		}
	}
}

// isPeer reports whether a request comes from the side we talk to, and not from
// another fork of a call we placed.
func (d *Dialog) isPeer(req *sip.Request) bool {
	tag, _ := paramOf(req.From().Params, "tag")
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.peer != nil && d.peer.tag == tag
}

// release hands on what is next in line; all of it when the wait is over.
func (d *Dialog) release(over bool) {
	in := &d.in
	if over {
		in.timer = nil
	}
	for len(in.held) > 0 && (over || in.held[0].cseq() <= in.last+1) {
		a := in.held[0]
		in.held = in.held[1:]
		if a.cseq() <= in.last {
			a.tx.respond(d.ua.responseTo(a.tx.req, &problem{status: 500, reason: "CSeq Out Of Order"}))
			continue
		}
		d.take(a)
	}
	if len(in.held) == 0 && in.timer != nil {
		in.timer.Stop()
		in.timer = nil
	}
}

// take answers one request of the peer.
func (d *Dialog) take(a arrival) {
	req := a.tx.req
	switch mine := d.isPeer(req); {
	case mine:
		d.in.last = a.cseq()
	case d.answered(): // a fork that lost and was hung up by us
		status := 481
		if req.Method == sip.BYE {
			status = 200
		}
		a.tx.respond(d.ua.response(req, status))
		return
	}
	if d.hasEnded() {
		a.tx.respond(d.ua.response(req, 481))
		return
	}
	if fault := checkExtensions(req); fault != nil {
		a.tx.respond(d.ua.responseTo(req, fault))
		return
	}
	switch req.Method {
	case sip.BYE:
		d.takeBye(a)
	case sip.INVITE, sip.UPDATE:
		d.takeOffer(a)
	case sip.INFO:
		d.takeInfo(a)
	case sip.OPTIONS:
		a.tx.respond(d.ua.responseTo(req, &problem{status: 200, reason: "OK", headers: []Header{
			{"Allow", allow()}, {"Accept", "application/sdp"}, {"Supported", "timer"}}}))
	default:
		a.tx.respond(d.ua.responseTo(req, unknownMethod(req.Method)))
	}
}

// takeBye ends the call. An unanswered INVITE gets 487 (RFC 3261 §15.1.2).
func (d *Dialog) takeBye(a arrival) {
	d.mu.Lock()
	defer d.mu.Unlock()
	a.tx.respond(d.ua.response(a.tx.req, 200))
	if d.incoming && d.phase == phaseTrying {
		d.in.tx.respond(d.ua.response(d.in.tx.req, 487))
	}
	d.end(End{Why: EndBye, ByPeer: true, Cause: clean(value(a.tx.req, "reason"))})
}

func (d *Dialog) takeInfo(a arrival) {
	req := a.tx.req
	status := d.handler.Info(value(req, "content-type"), req.Body())
	if status < 200 || status > 699 {
		status = 200
	}
	a.tx.respond(d.ua.response(req, status))
}

// takeOffer answers a re-INVITE or UPDATE: a new session, a new address of the
// peer, or only a sign of life (RFC 3261 §14.2, RFC 3311, RFC 4028).
func (d *Dialog) takeOffer(a arrival) {
	req := a.tx.req
	offer, fault := d.checkOffer(req)
	if fault != nil {
		a.tx.respond(d.ua.responseTo(req, fault))
		return
	}
	d.impliedACK()
	status, answer := 200, []byte(nil)
	if offer != nil || req.Method == sip.INVITE {
		defer d.freeOffer()
		answer, status = d.handler.Offer(offer)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.phase == phaseEnded {
		status = 481
	}
	if status < 200 || status > 299 {
		if status < 300 || status > 699 {
			status = 488 // a handler without a better word
		}
		a.tx.respond(d.ua.response(req, status))
		return
	}
	if from := d.peerOf(req); from != nil {
		d.learn(from, req)
		from.aim(target{transport: a.p.transport(), addr: a.p.remote, local: localOf(a.p)})
	}
	res := d.answerTo(a.tx, 200, answer)
	d.agree(req, res)
	if req.Method == sip.INVITE {
		d.awaitACK(a.tx, res, false, offer == nil)
		return
	}
	a.tx.respond(res)
}

// checkOffer refuses a re-INVITE or UPDATE that cannot be taken now. Otherwise,
// if a session is to be negotiated, the right to do so is ours.
func (d *Dialog) checkOffer(req *sip.Request) ([]byte, *problem) {
	offer, fault := sdpBody(req)
	if fault == nil {
		fault = d.ua.checkSessionTimer(req)
	}
	if fault != nil {
		return nil, fault
	}
	if req.Method == sip.INVITE && !d.answered() {
		return nil, &problem{status: 500, reason: "First INVITE Not Finished", headers: []Header{{"Retry-After", fmt.Sprint(rand.IntN(10))}}}
	}
	if (offer != nil || req.Method == sip.INVITE) && !d.claimOffer() {
		return nil, &problem{status: 491, reason: phrase(491)} // glare
	}
	return offer, nil
}

// impliedACK takes a new request as the ACK that it has overtaken, or that was
// lost: its sender has seen our 2xx.
func (d *Dialog) impliedACK() {
	d.mu.Lock()
	w := d.ackWait
	implied := w != nil && !w.late && !d.byePending
	if implied {
		d.stopACKWait()
	}
	d.mu.Unlock()
	if implied {
		d.handler.Confirmed(nil)
	}
}

// peerOf finds the side that sent a request: the chosen one or an early fork.
func (d *Dialog) peerOf(req *sip.Request) *peer {
	tag, _ := paramOf(req.From().Params, "tag")
	if d.peer != nil && d.peer.tag == tag || d.out == nil {
		return d.peer
	}
	return d.out.forks[tag]
}

func (d *Dialog) answered() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.phase == phaseAnswered
}

// claimOffer makes sure that only one offer is under way (RFC 3264 §4).
func (d *Dialog) claimOffer() bool {
	select {
	case d.offers <- struct{}{}:
		return true
	default:
		return false
	}
}

func (d *Dialog) freeOffer() { <-d.offers }

// Info sends an INFO (RFC 6086) and waits for its answer.
func (d *Dialog) Info(ctx context.Context, contentType string, body []byte) error {
	d.mu.Lock()
	if d.phase == phaseEnded || d.peer == nil {
		defer d.mu.Unlock()
		return d.gone()
	}
	done := make(chan error, 1) // one final answer comes
	d.transact(d.peer, sip.INFO, func(req *sip.Request) {
		kind := sip.ContentTypeHeader(clean(contentType))
		req.AppendHeader(&kind)
		req.SetBody(body)
	}, func(res *sip.Response, err error) {
		if err == nil && res.StatusCode < 200 {
			return
		}
		if err == nil && res.StatusCode >= 300 {
			err = statusError("INFO", res.StatusCode)
		}
		done <- err
	})
	d.mu.Unlock()
	return await(ctx, d, done)
}

// await waits for the result of a request inside the dialog, but not beyond the
// context or the dialog.
func await(ctx context.Context, d *Dialog, result <-chan error) error {
	select {
	case err := <-result:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-d.done:
	}
	select {
	case err := <-result: // it is what ended the dialog
		return err
	default:
		return ErrEnded
	}
}

// StatusError is a refusal of a request inside a dialog.
type StatusError struct {
	Method string
	Status int
}

func (e *StatusError) Error() string {
	return fmt.Sprintf("peer answered %s with %d %s", e.Method, e.Status, phrase(e.Status))
}

func statusError(method string, status int) error { return &StatusError{method, status} }
