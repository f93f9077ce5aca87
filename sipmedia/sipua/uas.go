package sipua

import (
	"net/netip"
	"time"

	"github.com/emiago/sipgo/sip"
)

// ackWait is a 2xx of ours that is repeated until its ACK comes (RFC 3261 §13.3.1.4).
type ackWait struct {
	cseq    uint32
	tx      *serverTx
	timer   *time.Timer
	pause   time.Duration
	until   time.Time
	initial bool // of the first INVITE
	late    bool // our 2xx held the offer: the ACK has the answer
}

// newIncoming makes a dialog of an INVITE that passed all checks; 100 is sent.
func (ua *UA) newIncoming(p path, tx *serverTx, who caller) {
	req := tx.req
	tag, _ := paramOf(req.To().Params, "tag")
	d := &Dialog{ua: ua, box: newMailbox(), invite: req, callID: req.CallID().Value(), localTag: tag, incoming: true,
		local: req.To().AsFrom(), remote: req.From().AsTo(), contact: userOf(&req.Recipient), offers: make(chan struct{}, 1), done: make(chan struct{}),
		facts: ua.factsOf(p, req, who)}
	d.remote.Params = nil
	d.peer = &peer{routes: routeSet(req), fixed: who.account != nil}
	d.peer.tag, _ = paramOf(req.From().Params, "tag")
	d.learn(d.peer, req)
	d.peer.aim(target{transport: p.transport(), addr: p.remote, local: localOf(p)})
	d.in = inbound{tx: tx, last: req.CSeq().SeqNo}
	d.ring = time.AfterFunc(longestRing, func() { d.Reject(480, "not answered") })
	if !ua.keep(d) {
		d.ring.Stop()
		tx.respond(ua.response(req, 482))
		return
	}
	tx.setDialog(d)
	ua.talksTo(d, p.remote.Addr())
	d.box.post(func() {
		if ua.cfg.OnCall != nil {
			d.handler = ua.cfg.OnCall(d)
		}
		if d.handler == nil {
			d.handler = NopHandler{}
			d.Reject(480, "nobody takes calls")
		}
	})
}

func localOf(p path) (at netip.AddrPort) {
	if p.udp != nil {
		return p.udp.addr
	}
	return at
}

// factsOf collects what a new INVITE says.
func (ua *UA) factsOf(p path, req *sip.Request, who caller) Facts {
	from := req.From()
	f := Facts{From: userOf(&from.Address), FromName: unquoted(from.DisplayName), FromHost: from.Address.Host,
		To: userOf(&req.To().Address), RequestUser: userOf(&req.Recipient), RequestURI: req.Recipient.String(),
		Privacy: value(req, "privacy"), Source: p.remote, Transport: p.transport(),
		Account: who.account, Trunk: who.trunk, Sealed: who.sealed, MaxForwards: 70, UserAgent: clip(value(req, "user-agent"))}
	if n := req.MaxForwards(); n != nil {
		f.MaxForwards = int(*n)
	}
	f.Offer, _ = sdpBody(req)
	for _, v := range values(req, "p-asserted-identity") {
		if name, uri, _, err := parseNameAddr(v); err == nil && f.Identity == "" {
			f.Identity, f.IdentityName = userOf(&uri), name
		}
	}
	if v := value(req, "remote-party-id"); v != "" {
		if _, uri, _, err := parseNameAddr(v); err == nil {
			f.RemoteParty = userOf(&uri)
		}
	}
	return f
}

// Provisional sends 180, 181, 182 or 183, with SDP as early media if not nil,
// and repeats it each minute while the call is unanswered. Incoming calls only.
func (d *Dialog) Provisional(status int, sdp []byte) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.incoming || status <= 100 || status >= 200 {
		return ErrState
	}
	if d.phase != phaseTrying {
		return d.gone()
	}
	res := d.answerTo(d.in.tx, status, sdp)
	if d.in.repeat != nil {
		d.in.repeat.Stop()
	}
	// RFC 3261 §13.3.1.1: proxies drop a call that is silent for three minutes.
	var again func()
	again = func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.phase == phaseTrying {
			d.in.tx.respond(res)
			d.in.repeat = time.AfterFunc(d.ua.timers.Provisional, again)
		}
	}
	d.in.repeat = time.AfterFunc(d.ua.timers.Provisional, again)
	return d.in.tx.respond(res)
}

// gone is why a method does nothing: the wrong state, or no call any more.
func (d *Dialog) gone() error {
	if d.phase == phaseEnded {
		return ErrEnded
	}
	return ErrState
}

// answerTo builds a provisional answer or a 2xx to an INVITE or UPDATE.
func (d *Dialog) answerTo(tx *serverTx, status int, sdp []byte) *sip.Response {
	res := d.ua.response(tx.req, status)
	c := d.ourContact()
	place(c, d.ua.self(tx.back), tx.back)
	res.AppendHeader(c)
	d.offerHeaders(res, sdp)
	return res
}

// Answer sends 200 and repeats it until the ACK comes or 64·T1 is over.
func (d *Dialog) Answer(sdp []byte) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.incoming || d.phase != phaseTrying {
		return d.gone()
	}
	d.phase = phaseAnswered
	stopTimer(d.ring)
	stopTimer(d.in.repeat)
	res := d.answerTo(d.in.tx, 200, sdp)
	d.agree(d.in.tx.req, res)
	return d.awaitACK(d.in.tx, res, true, d.facts.Offer == nil)
}

// awaitACK sends a 2xx and repeats it, at T1, 2·T1, … T2.
func (d *Dialog) awaitACK(tx *serverTx, res *sip.Response, initial, late bool) error {
	d.stopACKWait()
	w := &ackWait{cseq: tx.req.CSeq().SeqNo, tx: tx, pause: d.ua.timers.T1, initial: initial, late: late,
		until: time.Now().Add(64 * d.ua.timers.T1)}
	d.ackWait = w
	w.timer = time.AfterFunc(w.pause, func() { d.repeatAnswer(w) })
	return tx.respond(res)
}

func (d *Dialog) repeatAnswer(w *ackWait) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ackWait != w {
		return
	}
	if !time.Now().Before(w.until) {
		d.ackMissing()
		return
	}
	w.pause = min(2*w.pause, d.ua.timers.T2)
	w.timer.Reset(min(w.pause, time.Until(w.until)+time.Millisecond))
	w.tx.repeat()
}

// ackMissing gives up: the peer thinks otherwise of this call than we do, so it
// ends (RFC 3261 §13.3.1.4).
func (d *Dialog) ackMissing() {
	d.stopACKWait()
	if d.byePending {
		d.pendingBye()
		return
	}
	reason := `SIP;cause=408;text="No ACK"`
	d.sendBye(d.peer, reason)
	d.end(End{Why: EndNoACK, Cause: reason})
}

// pendingBye sends the BYE of a call that ended before its ACK came.
func (d *Dialog) pendingBye() {
	d.byePending = false
	d.sendBye(d.peer, d.byeReason)
	d.ua.forgetDialog(d)
}

func (d *Dialog) stopACKWait() {
	if d.ackWait != nil {
		d.ackWait.timer.Stop()
		d.ackWait = nil
	}
}

// acknowledged takes an ACK to a 2xx.
func (d *Dialog) acknowledged(req *sip.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	w := d.ackWait
	if w == nil || w.cseq != req.CSeq().SeqNo {
		return
	}
	d.stopACKWait()
	if d.byePending {
		d.pendingBye()
		return
	}
	var sdp []byte
	if w.late {
		sdp, _ = sdpBody(req)
	}
	d.box.post(func() { d.handler.Confirmed(sdp) })
}

// Reject sends a final answer of 300–699. cause becomes the Reason header (RFC
// 3326): a whole value such as `Q.850;cause=17`, or words, which become
// `SIP;cause=<status>;text="<words>"`.
func (d *Dialog) Reject(status int, cause string, headers ...Header) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.incoming || d.phase != phaseTrying || status < 300 || status > 699 {
		return d.gone()
	}
	return d.reject(status, cause, headers)
}

func (d *Dialog) reject(status int, cause string, headers []Header) error {
	res := d.ua.response(d.in.tx.req, status)
	if cause != "" {
		cause = reasonValue(status, cause)
		add(res, "Reason", cause)
	}
	for _, h := range headers {
		add(res, h.Name, h.Value)
	}
	err := d.in.tx.respond(res)
	d.end(End{Status: status, Cause: cause, Why: EndRejected})
	return err
}

// cancelled takes the caller's CANCEL; if the call is answered it changes nothing.
func (d *Dialog) cancelled(reason string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.phase != phaseTrying {
		return
	}
	d.in.tx.respond(d.ua.response(d.in.tx.req, 487))
	d.end(End{Status: 487, Cause: clean(reason), ByPeer: true, Why: EndCancelled})
}
