package sipua

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"
)

// outbound is what a dialog keeps of a call that we placed.
type outbound struct {
	Outgoing
	to         sip.Uri
	target     target
	tx         *clientTx
	forks      map[string]*peer    // early dialogs by the peer's tag
	acks       map[string]*sentACK // one for each fork that answered
	rung       bool                // a provisional answer has come: CANCEL is allowed
	cancel     bool                // somebody wants it to end
	cancelSent bool
	cause      string // Reason header of the CANCEL
	timedOut   bool   // NoAnswerAfter
	raised     bool   // the session interval, after a 422
	interval   int    // Session-Expires that we ask for, seconds
	minSE      int
}

// sentACK is the ACK to one fork's 2xx, kept for repeats of the 2xx.
type sentACK struct {
	mu   sync.Mutex
	raw  []byte
	path path
}

// Invite places a call. It returns at once; all news go to h. Errors are those
// of the arguments; an unreachable peer is an Ended.
func (ua *UA) Invite(out Outgoing, h Handler) (*Dialog, error) {
	uri, err := parseURI(out.To)
	if err != nil {
		return nil, fmt.Errorf("call to %q: %w", out.To, err)
	}
	if fault := validateURI(&uri); fault != nil || uri.Scheme == "sips" {
		return nil, fmt.Errorf("call to %q: not a sip or tel URI", out.To)
	}
	if h == nil {
		return nil, errors.New("call without a handler")
	}
	if ua.closing() {
		return nil, ErrClosed
	}
	to, host, err := ua.targetOf(&uri, out.Route, out.Transport, out.Local)
	if err != nil {
		return nil, fmt.Errorf("call to %q: %w", out.To, err)
	}
	d := ua.newOutgoing(out, uri, h)
	d.ring = time.AfterFunc(noAnswer(out.NoAnswerAfter), d.unanswered)
	if !ua.keep(d) {
		d.ring.Stop()
		return nil, ErrClosed
	}
	if host == "" {
		d.begin(to)
	} else if !ua.goes(func() { d.resolve(host, to) }) {
		d.abandon()
	}
	return d, nil
}

func noAnswer(d time.Duration) time.Duration {
	if d <= 0 || d > longestRing {
		return longestRing
	}
	return d
}

// newOutgoing makes the dialog of a call that is about to be placed.
func (ua *UA) newOutgoing(out Outgoing, uri sip.Uri, h Handler) *Dialog {
	d := &Dialog{ua: ua, box: newMailbox(), callID: out.CallID, localTag: randomText(10), handler: h,
		contact: out.From, offers: make(chan struct{}, 1), login: login{user: out.Username, password: out.Password},
		out: &outbound{Outgoing: out, to: uri, forks: map[string]*peer{}, acks: map[string]*sentACK{},
			interval: ua.timers.SessionExpires, minSE: ua.timers.MinSE}}
	if d.callID == "" {
		d.callID = randomText(16)
	}
	domain := out.FromDomain
	d.local = sip.FromHeader{DisplayName: quoted(out.FromName), Address: sip.Uri{Scheme: "sip", User: escapeUser(out.From), Host: domain},
		Params: sip.HeaderParams{{K: "tag", V: d.localTag}}}
	if out.Anonymous { // RFC 3323 §4.1.1.3
		d.local.DisplayName, d.local.Address.User, d.local.Address.Host = "Anonymous", "anonymous", "anonymous.invalid"
		d.contact = "anonymous"
	}
	d.remote = sip.ToHeader{Address: *uri.Clone()}
	d.remote.Address.UriParams, d.remote.Address.Headers = nil, nil
	if out.ToUser != "" {
		d.remote.Address.User = escapeUser(out.ToUser)
	}
	forwards := out.MaxForwards
	if forwards <= 0 || forwards > 255 {
		forwards = 70
	}
	d.out.MaxForwards = forwards
	d.facts = Facts{From: out.From, FromName: out.FromName, FromHost: domain, To: userOf(&d.remote.Address),
		RequestUser: userOf(&uri), RequestURI: uri.String(), Source: out.Route, Transport: out.Transport,
		MaxForwards: forwards, Offer: out.Offer}
	d.invite = sip.NewRequest(sip.INVITE, uri)
	for _, x := range out.Headers {
		add(d.invite, x.Name, x.Value)
	}
	return d
}

// targetOf decides where a first request goes. If that takes a look-up, host is
// what to look up.
func (ua *UA) targetOf(uri *sip.Uri, route netip.AddrPort, transport string, local netip.AddrPort) (to target, host string, err error) {
	to = target{transport: strings.ToLower(transport), addr: unmap(route), local: local}
	if to.transport == "" {
		to.transport = "udp"
		if t, ok := paramOf(uri.UriParams, "transport"); ok {
			to.transport = strings.ToLower(t)
		}
	}
	if to.transport != "udp" && to.transport != "tcp" {
		return to, "", fmt.Errorf("transport %q is not supported", to.transport)
	}
	if route.IsValid() {
		return to, "", nil
	}
	if uri.Scheme == "tel" {
		return to, "", ErrNoTarget
	}
	if addr, literal := hostAddr(uri.Host); literal {
		to.addr = netip.AddrPortFrom(addr, portOr(uri.Port))
		return to, "", nil
	}
	to.addr = netip.AddrPortFrom(netip.Addr{}, portOr(uri.Port))
	return to, uri.Host, nil
}

// lookUp resolves a host name within Timers.Dial.
func (ua *UA) lookUp(ctx context.Context, host string, to target) (target, error) {
	ctx, cancel := context.WithTimeout(ctx, ua.timers.Dial)
	defer cancel()
	find := ua.cfg.Resolve
	if find == nil {
		find = func(ctx context.Context, host string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		}
	}
	addrs, err := find(ctx, host)
	if err != nil {
		return to, fmt.Errorf("look up %s: %w", host, err)
	}
	for _, a := range addrs {
		to.addr = netip.AddrPortFrom(a.Unmap(), to.addr.Port())
		if to.transport == "tcp" {
			return to, nil
		}
		if _, err := ua.datagramPath(to); err == nil {
			return to, nil
		}
	}
	return to, fmt.Errorf("look up %s: %w", host, ErrNoTarget)
}

func (d *Dialog) resolve(host string, to target) {
	to, err := d.ua.lookUp(d.ua.ctx, host, to)
	if err != nil {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.end(End{Status: 503, Why: EndTransport, Cause: err.Error()})
		return
	}
	d.begin(to)
}

// begin sends the first INVITE, unless the call was given up meanwhile.
func (d *Dialog) begin(to target) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.phase == phaseEnded {
		return
	}
	d.out.target = to
	d.ua.talksTo(d, to.addr.Addr())
	if d.local.Address.Host == "" {
		d.local.Address.Host = d.ua.ownHost(to)
	}
	if d.remote.Address.Scheme == "" {
		d.remote.Address.Scheme = "sip"
	}
	d.sendInvite()
}

// ownHost is our address as seen from a target, for From.
func (ua *UA) ownHost(to target) string {
	if ua.cfg.Advertise.IsValid() {
		return ua.cfg.Advertise.String()
	}
	if p, err := ua.datagramPath(to); err == nil {
		return ua.self(p).Addr().String()
	}
	return ua.routeTo(to.addr.Addr()).String()
}

// sendInvite sends the INVITE, for the first time or after a challenge or 422.
func (d *Dialog) sendInvite() {
	d.cseq++
	req := d.newRequest(&peer{target: d.out.to}, sip.INVITE, d.cseq)
	for i := len(d.out.Path) - 1; i >= 0; i-- {
		req.PrependHeader(sip.NewHeader("Route", clean(d.out.Path[i])))
	}
	*req.MaxForwards() = sip.MaxForwardsHeader(d.out.MaxForwards)
	req.AppendHeader(d.ourContact())
	if d.out.PAI {
		add(req, "P-Asserted-Identity", fmt.Sprintf(`"%s" <sip:%s@%s>`, quoted(d.out.FromName), escapeUser(d.out.From), d.ownDomain()))
	}
	if d.out.Anonymous {
		add(req, "Privacy", "id")
	}
	for _, h := range d.out.Headers {
		add(req, h.Name, h.Value)
	}
	d.askSession(req, "")
	d.offerHeaders(req, d.out.Offer)
	d.login.sign(req)
	d.out.tx = d.ua.request(d.out.target, req, d.onInvite)
}

func (d *Dialog) ownDomain() string {
	if d.out.FromDomain != "" {
		return d.out.FromDomain
	}
	return d.ua.ownHost(d.out.target)
}

// onInvite takes an answer to the INVITE.
func (d *Dialog) onInvite(res *sip.Response, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case err != nil:
		d.inviteFailed(err)
	case res.StatusCode < 200:
		d.progress(res)
	case res.StatusCode < 300:
		d.accepted(res)
	default:
		d.refused(res)
	}
}

func (d *Dialog) inviteFailed(err error) {
	end := End{Status: 408, Why: EndTimeout, Cause: err.Error()}
	switch {
	case d.out.timedOut:
	case d.out.cancel:
		end = End{Status: 487, Why: EndCancelled, Cause: d.out.cause}
	case !errors.Is(err, errTimeout):
		end = End{Status: 503, Why: EndTransport, Cause: err.Error()}
	}
	d.end(end)
}

// progress takes a provisional answer: it makes or updates an early dialog.
func (d *Dialog) progress(res *sip.Response) {
	d.out.rung = true
	if d.out.cancel {
		d.sendCancel()
		return
	}
	if res.StatusCode == 100 || d.phase != phaseTrying {
		return
	}
	if p := d.fork(res); p != nil && d.peer == nil && len(d.out.forks) == 1 {
		d.peer = p
	}
	sdp, _ := sdpBody(res)
	status := res.StatusCode
	d.box.offer(func() { d.handler.Progress(status, sdp) })
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
// again; one of another fork, or one that crossed our CANCEL, is acknowledged
// and hung up (RFC 3261 §13.2.2.4).
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
	if d.phase != phaseTrying || d.out.cancel {
		d.sendACK(p, ack, res.CSeq().SeqNo, nil)
		d.dismiss(p)
		return
	}
	d.phase = phaseAnswered
	if d.peer != p {
		d.peer = p
		d.box.post(func() { d.in.last = 0 }) // CSeqs of another fork mean nothing here
	}
	stopTimer(d.ring)
	d.concede(res, true)
	sdp, _ := sdpBody(res)
	if d.out.Offer != nil {
		d.sendACK(p, ack, res.CSeq().SeqNo, nil)
		d.box.post(func() { d.handler.Answered(sdp) })
		return
	}
	cseq := res.CSeq().SeqNo
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

// refused takes a final answer of 300 to 699; its ACK is sent already.
func (d *Dialog) refused(res *sip.Response) {
	if d.phase != phaseTrying {
		return
	}
	if !d.out.cancel && d.tryAgain(res) {
		return
	}
	end := End{Status: res.StatusCode, Cause: clean(value(res, "reason")), ByPeer: true, Why: EndRejected}
	switch {
	case d.out.timedOut:
		end = End{Status: 408, Why: EndTimeout, Cause: d.out.cause}
	case d.out.cancel:
		end = End{Status: 487, Why: EndCancelled, Cause: d.out.cause}
	}
	end.RetryAfter, _ = number(strings.TrimSpace(strings.SplitN(value(res, "retry-after"), "(", 2)[0]))
	if res.StatusCode < 400 {
		for _, h := range res.GetHeaders("contact") {
			if c, ok := h.(*sip.ContactHeader); ok {
				end.Contacts = append(end.Contacts, c.Address.String())
			}
		}
	}
	d.end(end)
}

// tryAgain sends the INVITE once more if the refusal says how to.
func (d *Dialog) tryAgain(res *sip.Response) bool {
	switch res.StatusCode {
	case 401, 407:
		if !d.login.challenged(res) {
			return false
		}
	case 422: // RFC 4028 §7.3
		least, ok := number(value(res, "min-se"))
		if !ok || d.out.raised || least > longestSession {
			return false
		}
		d.out.raised, d.out.minSE = true, least
		d.out.interval = max(d.out.interval, least)
	default:
		return false
	}
	d.out.rung = false
	clear(d.out.forks)
	d.peer = nil
	d.sendInvite()
	return true
}

// Cancel gives up a call we placed: CANCEL as soon as a provisional answer
// allows it; if a 200 crosses it, ACK and BYE. On an answered call, and on an
// incoming one, it is Bye.
func (d *Dialog) Cancel(cause string) { d.Bye(cause) }

func (d *Dialog) cancelLocked(cause string) {
	if d.out.cancel {
		return
	}
	d.out.cancel = true
	if cause != "" {
		d.out.cause = reasonValue(487, cause)
	}
	if d.out.tx == nil { // still being resolved
		d.end(End{Status: 487, Why: EndCancelled, Cause: d.out.cause})
		return
	}
	if d.out.rung {
		d.sendCancel()
	}
}

// sendCancel sends the CANCEL, and gives the peer 64·T1 to say 487.
func (d *Dialog) sendCancel() {
	if d.out.cancelSent {
		return
	}
	d.out.cancelSent = true
	d.out.tx.cancel(d.out.cause, func(*sip.Response, error) {})
	stopTimer(d.ring)
	d.ring = time.AfterFunc(64*d.ua.timers.T1, func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.phase == phaseTrying {
			d.inviteFailed(errTimeout)
		}
	})
}

// unanswered ends a call that rang for NoAnswerAfter.
func (d *Dialog) unanswered() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.phase != phaseTrying || d.out.cancel {
		return
	}
	d.out.timedOut = true
	d.cancelLocked(`SIP;cause=408;text="` + strconv.Itoa(int(noAnswer(d.out.NoAnswerAfter)/time.Second)) + ` s without an answer"`)
}
