package sipua

import (
	"slices"

	"github.com/emiago/sipgo/sip"
)

// peer is the other side of one (early) dialog.
type peer struct {
	tag    string
	target sip.Uri   // Contact
	routes []sip.Uri // route set, first hop first
	hop    target    // where to send
	update bool      // it understands UPDATE
	fixed  bool      // hop does not follow Contact: a registered phone
}

// newRequest builds a request inside the dialog (RFC 3261 §12.2.1.1). Via is
// written when it is sent.
func (d *Dialog) newRequest(to *peer, method sip.RequestMethod, cseq uint32) *sip.Request {
	uri, routes := to.target, to.routes
	if len(routes) > 0 {
		if _, loose := paramOf(routes[0].UriParams, "lr"); !loose { // a strict router of RFC 2543
			routes = append(slices.Clone(routes[1:]), to.target)
			uri = to.routes[0]
		}
	}
	target := uri.Clone()
	target.Headers = nil
	target.UriParams.Remove("method")
	req := sip.NewRequest(method, *target)
	for _, r := range routes {
		req.AppendHeader(&sip.RouteHeader{Address: *r.Clone()})
	}
	forwards := sip.MaxForwardsHeader(70)
	req.AppendHeader(&forwards)
	req.AppendHeader(sip.HeaderClone(&d.local))
	remote := &d.remote
	if to.tag != "" {
		remote = withTag(remote, to.tag)
	}
	req.AppendHeader(sip.HeaderClone(remote))
	id := sip.CallIDHeader(d.callID)
	req.AppendHeader(&id)
	req.AppendHeader(&sip.CSeqHeader{SeqNo: cseq, MethodName: method})
	if d.ua.cfg.UserAgent != "" {
		add(req, "User-Agent", d.ua.cfg.UserAgent)
	}
	return req
}

// transact sends a request inside the dialog and answers a challenge to it
// once. on runs without the lock. d.mu is held.
func (d *Dialog) transact(to *peer, method sip.RequestMethod, fill func(*sip.Request), on func(*sip.Response, error)) {
	d.cseq++
	req := d.newRequest(to, method, d.cseq)
	fill(req)
	if req.ContentLength() == nil {
		req.SetBody(nil)
	}
	d.login.sign(req)
	d.ua.request(to.hop, req, func(res *sip.Response, err error) {
		if err == nil && (res.StatusCode == 401 || res.StatusCode == 407) {
			d.mu.Lock()
			again := d.login.challenged(res)
			if again {
				d.transact(to, method, fill, on)
			}
			d.mu.Unlock()
			if again {
				return
			}
		}
		on(res, err)
	})
}

// ourContact makes our Contact; its host is written when the path is known.
func (d *Dialog) ourContact() *sip.ContactHeader {
	return &sip.ContactHeader{Address: sip.Uri{Scheme: "sip", User: escapeUser(d.contact)}}
}

// offerHeaders are on everything that can refresh the target: INVITE, UPDATE and their 2xx.
func (d *Dialog) offerHeaders(m message, sdp []byte) {
	add(m, "Allow", allow())
	add(m, "Supported", "timer")
	if sdp != nil {
		kind := sip.ContentTypeHeader("application/sdp")
		m.AppendHeader(&kind)
		d.localSDP = sdp
	}
	m.SetBody(sdp)
}

// learn takes the peer's Contact from a target refresh request or answer.
func (d *Dialog) learn(p *peer, m message) {
	if allowed := tokens(m, "allow"); len(allowed) > 0 {
		p.update = slices.Contains(allowed, "update")
	}
	c, ok := m.(interface{ Contact() *sip.ContactHeader })
	if !ok || c.Contact() == nil || c.Contact().Address.Wildcard || c.Contact().Address.Host == "" {
		return
	}
	p.target = *c.Contact().Address.Clone()
}

// aim decides where requests to the peer go; source is where its messages come from.
func (p *peer) aim(source target) {
	if p.fixed {
		p.hop = source
		return
	}
	next := &p.target
	if len(p.routes) > 0 {
		next = &p.routes[0]
	}
	p.hop = nextHop(next, source)
}

// routeSet reads the Record-Route headers of m, in order.
func routeSet(m message) []sip.Uri {
	var set []sip.Uri
	for _, h := range m.Headers() {
		if r, ok := h.(*sip.RecordRouteHeader); ok {
			set = append(set, *r.Address.Clone())
		}
	}
	return set
}
