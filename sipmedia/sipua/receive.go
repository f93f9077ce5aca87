package sipua

import (
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
)

// receive handles one datagram, on the goroutine of its socket.
func (ua *UA) receive(p path, data []byte) {
	msg, err := ua.parse(data)
	if err != nil {
		ua.malformed(p, data, err)
		return
	}
	ua.dispatch(p, msg, len(data))
}

// dispatch hands a parsed message to its transaction, its dialog or, if it is a
// new request, to classification. Order is kept: this is the only way in, and
// nothing on it waits.
func (ua *UA) dispatch(p path, msg sip.Message, size int) {
	m, ok := msg.(message)
	if !ok {
		return
	}
	p.known = ua.isTrunk(p.remote.Addr()) || ua.registrar.at(p.remote, p.transport()) || ua.cfg.Anyone
	if fault := validate(m, ua.limits); fault != nil {
		ua.invalid(p, m, fault)
		return
	}
	switch m := m.(type) {
	case *sip.Response:
		ua.receiveResponse(p, m, size)
	case *sip.Request:
		ua.receiveRequest(p, m, size)
	}
}

// invalid refuses an unsound request of a known source; all else is dropped.
func (ua *UA) invalid(p path, m message, fault *problem) {
	ua.refuse("invalid")
	ua.log.Debug("sip message is not valid", "remote", p.remote, "error", fault.Error())
	req, ok := m.(*sip.Request)
	if !ok || !p.known || req.Method == sip.ACK || req.Via() == nil || req.Via().Host == "" {
		return
	}
	markVia(p, req)
	ua.answerOnce(p, req, fault)
}

func (ua *UA) receiveResponse(p path, res *sip.Response, size int) {
	tx := ua.tx.findClient(res)
	if tx == nil {
		ua.refuse("stray-answer")
		return
	}
	p.known = true
	ua.trace(p, true, res, size)
	tx.receive(res)
}

func (ua *UA) receiveRequest(p path, req *sip.Request, size int) {
	markVia(p, req)
	tag, inside := paramOf(req.To().Params, "tag")
	var d *Dialog
	if inside {
		d = ua.dialogOf(req.CallID().Value(), tag)
	}
	p.known = p.known || d != nil
	if req.Method == sip.ACK {
		ua.receiveACK(p, req, d, size)
		return
	}
	if tx := ua.tx.findServer(serverKey(req, req.Method)); tx != nil {
		ua.trace(p, true, req, size)
		tx.repeat()
		return
	}
	if req.Method == sip.CANCEL {
		ua.receiveCancel(p, req, size)
		return
	}
	if p.known {
		ua.trace(p, true, req, size)
	}
	if inside {
		ua.receiveInside(p, req, d)
		return
	}
	ua.classify(p, req, size)
}

// receiveACK gives an ACK to the transaction that was refused, or to the dialog
// that was answered. It is never answered itself.
func (ua *UA) receiveACK(p path, req *sip.Request, d *Dialog, size int) {
	tx := ua.tx.findServer(serverKey(req, sip.INVITE))
	if tx == nil && d == nil {
		return
	}
	ua.trace(p, true, req, size)
	if tx != nil {
		tx.acked()
	}
	if d != nil {
		d.acknowledged(req)
	}
}

// heldCancel is a CANCEL whose INVITE has not come yet.
type heldCancel struct {
	req   *sip.Request
	tx    *serverTx
	timer *time.Timer
}

// maxHeldCancels bounds what a flood of stray CANCELs can occupy.
const maxHeldCancels = 1024

// receiveCancel ends an INVITE that is still unanswered (RFC 3261 §9.2). A
// datagram may overtake another: if the INVITE is unknown, its CANCEL waits.
func (ua *UA) receiveCancel(p path, req *sip.Request, size int) {
	key := serverKey(req, sip.INVITE)
	invite := ua.tx.findServer(key)
	if invite == nil && !p.known {
		ua.refuse("stray-cancel")
		return
	}
	p.known = true
	ua.trace(p, true, req, size)
	tx := ua.newServerTx(p, req)
	if tx == nil {
		return
	}
	if invite != nil {
		ua.cancelled(tx, invite, req)
		return
	}
	ua.tx.mu.Lock()
	defer ua.tx.mu.Unlock()
	if len(ua.tx.cancels) >= maxHeldCancels {
		time.AfterFunc(0, func() { tx.respond(ua.response(req, 481)) })
		return
	}
	ua.tx.cancels[key] = &heldCancel{req: req, tx: tx, timer: time.AfterFunc(ua.timers.Hold, func() {
		if ua.tx.takeCancel(key) != nil {
			tx.respond(ua.response(req, 481))
		}
	})}
}

func (t *txTable) takeCancel(key string) *heldCancel {
	t.mu.Lock()
	defer t.mu.Unlock()
	held := t.cancels[key]
	delete(t.cancels, key)
	if held != nil {
		held.timer.Stop()
	}
	return held
}

// cancelled answers the CANCEL and tells the dialog.
func (ua *UA) cancelled(tx, invite *serverTx, req *sip.Request) {
	res := ua.response(req, 200)
	if d := invite.dialogOf(); d != nil {
		set(res, withTag(req.To(), d.localTag))
		tx.respond(res)
		d.cancelled(value(req, "reason"))
		return
	}
	tx.respond(res)
}

func withTag(to *sip.ToHeader, tag string) *sip.ToHeader {
	to = &sip.ToHeader{DisplayName: to.DisplayName, Address: *to.Address.Clone(), Params: to.Params.Clone()}
	to.Params.Add("tag", tag)
	return to
}

// receiveInside takes a request with a To tag: it belongs to a dialog or to none.
func (ua *UA) receiveInside(p path, req *sip.Request, d *Dialog) {
	if d == nil {
		ua.refuse("no-dialog")
		if p.known || ua.familiar(p.remote.Addr()) {
			ua.answerOnce(p, req, &problem{status: 481, reason: phrase(481)})
		}
		return
	}
	tx := ua.newServerTx(p, req)
	if tx == nil {
		return
	}
	if req.Method == sip.INVITE {
		tx.setDialog(d)
		tx.respond(ua.response(req, 100))
	}
	d.arrived(p, req, tx)
}

// methods are those that we answer, in the Allow header's order; the others
// below exist but are not for us (405), and what is nowhere gets 501.
var (
	methods = []string{"INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "INFO", "UPDATE", "REGISTER"}
	foreign = []string{"SUBSCRIBE", "NOTIFY", "REFER", "MESSAGE", "PRACK", "PUBLISH"}
)

// allow is the value of our Allow header.
func allow() string { return strings.Join(methods, ", ") }

// unknownMethod is the refusal of a method that we do not answer here.
func unknownMethod(method sip.RequestMethod) *problem {
	for _, list := range [][]string{methods, foreign} {
		for _, m := range list {
			if m == string(method) {
				return &problem{status: 405, reason: phrase(405), headers: []Header{{"Allow", allow()}}}
			}
		}
	}
	return &problem{status: 501, reason: phrase(501), headers: []Header{{"Allow", allow()}}}
}

// response starts an answer to req.
func (ua *UA) response(req *sip.Request, status int) *sip.Response {
	return ua.responseTo(req, &problem{status: status, reason: phrase(status)})
}

func (ua *UA) responseTo(req *sip.Request, p *problem) *sip.Response {
	res := sip.NewResponseFromRequest(req, p.status, p.reason, nil)
	res.SipVersion = "SIP/2.0"
	for _, h := range p.headers {
		add(res, h.Name, h.Value)
	}
	if ua.cfg.UserAgent != "" {
		add(res, "Server", ua.cfg.UserAgent)
	}
	return res
}

// answerOnce refuses a request without keeping a transaction for it (RFC 3261
// §8.2.7): a repeat is simply refused again, so a flood costs no memory. The tag
// is derived from the request, since all its answers must carry the same.
func (ua *UA) answerOnce(p path, req *sip.Request, fault *problem) {
	if to := req.To(); to != nil {
		if _, found := paramOf(to.Params, "tag"); !found {
			to.Params.Add("tag", ua.tagFor(req))
		}
	}
	id := ""
	if c := req.CallID(); c != nil {
		id = c.Value()
	}
	ua.send(reply(p, req), []byte(ua.responseTo(req, fault).String()), id)
}

// send writes a message and traces it.
func (ua *UA) send(p path, raw []byte, callID string) error {
	if p.known && ua.cfg.Trace != nil {
		first, _, _ := strings.Cut(string(raw), "\r\n")
		ua.traceText(p, false, callID, first, string(raw), len(raw))
	}
	err := p.write(raw)
	if err != nil {
		ua.log.Debug("sip message not sent", "remote", p.remote, "error", err)
	}
	return err
}
