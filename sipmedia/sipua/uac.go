package sipua

import (
	"errors"
	"fmt"
	"strings"
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
	late       bool                // and whoever answers all the same is told to the handler
	cancelSent bool
	cause      string // Reason header of the CANCEL
	timedOut   bool   // NoAnswerAfter
	raised     bool   // the session interval, after a 422
	interval   int    // Session-Expires that we ask for, seconds
	minSE      int
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

// newOutgoing makes the dialog of a call that is about to be placed.
func (ua *UA) newOutgoing(out Outgoing, uri sip.Uri, h Handler) *Dialog {
	d := &Dialog{ua: ua, box: newMailbox(), callID: out.CallID, localTag: randomText(10), handler: h,
		contact: out.From, offers: make(chan struct{}, 1), done: make(chan struct{}), login: login{user: out.Username, password: out.Password},
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
		user, name := d.out.From, d.out.FromName
		if d.out.Identity != "" {
			user, name = d.out.Identity, d.out.IdentityName
		}
		add(req, "P-Asserted-Identity", fmt.Sprintf(`"%s" <sip:%s@%s>`, quoted(name), escapeUser(user), d.ownDomain()))
	}
	if d.out.Anonymous {
		add(req, "Privacy", "id")
	}
	for _, h := range d.out.Headers {
		add(req, h.Name, h.Value)
	}
	d.askSession(req, "")
	d.offerHeaders(req, d.out.Offer)
	if d.out.Seal != "" {
		add(req, sealHeader, d.ua.seals.make(d.out.Seal, d.callID, d.out.Offer, time.Now()))
	}
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
