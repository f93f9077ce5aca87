package sipua

import (
	"sync"

	"github.com/emiago/sipgo/sip"
)

// sentACK is the ACK to one fork's 2xx, kept for repeats of the 2xx.
type sentACK struct {
	mu   sync.Mutex
	raw  []byte
	path path
}

// maxForks bounds the early dialogs of one call; real proxies ring a handful.
const maxForks = 32

// fork finds or makes the early dialog that an answer belongs to (RFC 3261 §12.1.2).
func (d *Dialog) fork(res *sip.Response) *peer {
	tag, _ := paramOf(res.To().Params, "tag")
	p := d.out.forks[tag]
	if p == nil {
		if len(d.out.forks) >= maxForks {
			return nil
		}
		p = &peer{tag: tag, target: d.out.to, fixed: d.ua.registrar.at(d.out.target.addr, d.out.target.transport)}
		d.out.forks[tag] = p
	}
	if set := routeSet(res); set != nil {
		for i, j := 0, len(set)-1; i < j; i, j = i+1, j-1 { // the answer lists them from its side
			set[i], set[j] = set[j], set[i]
		}
		p.routes = set
	}
	d.learn(p, res)
	p.aim(d.out.target)
	return p
}

// accepted takes a 2xx: the first one answers the call; a repeat gets its ACK
// again; one of another fork, or one that crossed our CANCEL (unless Withdraw
// sent it), is acknowledged and hung up (RFC 3261 §13.2.2.4).
func (d *Dialog) accepted(res *sip.Response) {
	tag, _ := paramOf(res.To().Params, "tag")
	if ack, seen := d.out.acks[tag]; seen {
		ack.again(d.ua, d.callID)
		return
	}
	if len(d.out.acks) >= maxForks {
		return
	}
	p := d.fork(res)
	if p == nil {
		return
	}
	ack := &sentACK{}
	d.out.acks[tag] = ack
	if d.phase != phaseTrying || d.out.cancel && !d.out.late {
		d.sendACK(p, ack, res.CSeq().SeqNo, nil)
		d.dismiss(p)
		return
	}
	d.chosen(p, ack, res)
}

// chosen makes the fork that answered first the other side of the call.
func (d *Dialog) chosen(p *peer, ack *sentACK, res *sip.Response) {
	d.phase = phaseAnswered
	if d.peer != p {
		d.peer = p
		d.box.post(func() { d.in.last = 0 }) // CSeqs of another fork mean nothing here
	}
	stopTimer(d.ring)
	d.concede(res, true)
	sdp, _ := sdpBody(res)
	cseq := res.CSeq().SeqNo
	if d.out.Offer != nil {
		d.sendACK(p, ack, cseq, nil)
		d.box.post(func() { d.handler.Answered(sdp) })
		return
	}
	d.box.post(func() { // late offer: the answer travels in the ACK
		answer, status := d.handler.Offer(sdp)
		d.mu.Lock()
		d.sendACK(p, ack, cseq, answer)
		refused := status < 200 || status > 299
		if refused && d.phase == phaseAnswered {
			d.hangUp(`SIP;cause=488;text="Not Acceptable Here"`, End{Why: EndBye})
		}
		d.mu.Unlock()
		if !refused {
			d.handler.Answered(sdp)
		}
	})
}

// dismiss hangs up a fork that came too late.
func (d *Dialog) dismiss(p *peer) {
	reason := d.out.cause
	if reason == "" {
		reason = `SIP;cause=200;text="Call completed elsewhere"`
	}
	d.sendBye(p, reason)
	if d.phase == phaseTrying {
		end := End{Status: 487, Why: EndCancelled, Cause: reason}
		if d.out.timedOut {
			end = End{Status: 408, Why: EndTimeout, Cause: reason}
		}
		d.end(end)
	}
}

// sendACK acknowledges a 2xx. It is a request of the dialog but not a
// transaction (RFC 3261 §13.2.2.4).
func (d *Dialog) sendACK(p *peer, ack *sentACK, cseq uint32, answer []byte) {
	req := d.newRequest(p, sip.ACK, cseq)
	if answer != nil {
		kind := sip.ContentTypeHeader("application/sdp")
		req.AppendHeader(&kind)
		d.localSDP = answer
	}
	req.SetBody(answer)
	d.login.repeatFor(req)
	hop := p.hop
	send := func() {
		ack.mu.Lock()
		defer ack.mu.Unlock()
		raw, path, err := d.ua.direct(d.ua.ctx, hop, req)
		if err != nil {
			d.ua.log.Warn("ack not sent", "call", d.callID, "error", err)
			return
		}
		ack.raw, ack.path = raw, path
	}
	if !d.ua.instant(hop) {
		d.ua.goes(send) // dialling takes a while
		return
	}
	send()
}

// again repeats the ACK for a repeated 2xx.
func (a *sentACK) again(ua *UA, callID string) {
	if !a.mu.TryLock() { // still being sent
		return
	}
	defer a.mu.Unlock()
	if a.raw != nil {
		ua.send(a.path, a.raw, callID)
	}
}
