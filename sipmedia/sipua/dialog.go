package sipua

import (
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"
)

// Dialog is one INVITE usage (RFC 3261 §12), received or placed. Its methods
// may be called from any goroutine, its Handler's included, and never block
// longer than one write to the network, except Reinvite and Info, which wait
// for the peer and end with their context.
//
// What the protocol demands at once (ACK, CANCEL, repeats) happens where its
// cause arrives, under the lock; the Handler hears of it through the mailbox.
type Dialog struct {
	ua       *UA
	box      *mailbox
	facts    Facts
	invite   *sip.Request // the first one, received or sent
	callID   string
	localTag string
	incoming bool

	mu       sync.Mutex
	handler  Handler // used on the mailbox's goroutine only
	phase    phase
	peer     *peer
	local    sip.FromHeader // with our tag
	remote   sip.ToHeader   // without the peer's
	contact  string         // user part of our Contact
	cseq     uint32         // last one used by us
	login    login
	localSDP []byte // last session description that we sent
	ring     *time.Timer
	session  session
	ackWait  *ackWait
	// byePending: a BYE, with byeReason, must wait for the ACK.
	byePending bool
	byeReason  string
	offers     chan struct{} // holds a token while an offer is under way
	done       chan struct{} // closed when the dialog has ended

	in  inbound
	out *outbound // of a call we placed

	counted netip.Addr // in UA.peers; under the UA's lock
}

// phase is how far a dialog is.
type phase int

const (
	phaseTrying phase = iota
	phaseAnswered
	phaseEnded
)

// longestRing ends what nobody answers: every wait has a bound.
const longestRing = 10 * time.Minute

// Facts is what an incoming INVITE said, or what an outgoing one was. It does not change.
type Facts struct {
	// From is the user part of the From URI (the number of a tel: URI), FromName
	// the display name, FromHost its host.
	From, FromName, FromHost string
	// To is the user of the To header, RequestUser that of the request URI.
	To, RequestUser, RequestURI string
	// Identity is the user of P-Asserted-Identity, with IdentityName its display
	// name; RemoteParty that of Remote-Party-ID; Privacy the value of Privacy.
	Identity, IdentityName, RemoteParty, Privacy string
	Source                                       netip.AddrPort
	Transport                                    string // "udp" or "tcp"
	// Account or Trunk says who called; both nil on calls we placed, with Config.Anyone and with Sealed.
	Account *Account
	Trunk   *Trunk
	// Sealed is what another node says in its INVITE: see Outgoing.Seal.
	Sealed      string
	MaxForwards int
	Offer       []byte // nil: late offer
	UserAgent   string
}

// Facts returns what the INVITE said.
func (d *Dialog) Facts() *Facts { return &d.facts }

// Incoming reports whether the peer placed the call.
func (d *Dialog) Incoming() bool { return d.incoming }

// CallID returns the Call-ID.
func (d *Dialog) CallID() string { return d.callID }

// LocalTag returns our tag, unique for each dialog.
func (d *Dialog) LocalTag() string { return d.localTag }

// RemoteTag returns the peer's tag; empty before the first answer to a call we placed.
func (d *Dialog) RemoteTag() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.peer == nil {
		return ""
	}
	return d.peer.tag
}

// Header returns the first value of a header of the INVITE, "" without.
func (d *Dialog) Header(name string) string {
	if all := d.Headers(name); len(all) > 0 {
		return all[0]
	}
	return ""
}

// Headers returns all values of a header of the INVITE.
func (d *Dialog) Headers(name string) []string {
	return values(d.invite, strings.ToLower(name))
}

// Bye hangs up. On an unanswered incoming call it is Reject(480), on an
// unanswered outgoing one Cancel. It may be called twice.
func (d *Dialog) Bye(cause string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.phase == phaseEnded:
	case d.phase == phaseAnswered:
		d.hangUp(cause, End{Why: EndBye, Cause: cause})
	case d.incoming:
		d.reject(480, cause, nil)
	default:
		d.cancelLocked(cause)
	}
}

// hangUp sends BYE and ends the dialog. The called side must have seen the ACK
// first, or have given up waiting for it (RFC 3261 §15).
func (d *Dialog) hangUp(cause string, end End) {
	if d.ackWait != nil && d.ackWait.initial {
		d.byePending, d.byeReason = true, byeReason(cause)
		d.end(end)
		return
	}
	d.sendBye(d.peer, byeReason(cause))
	d.end(end)
}

func byeReason(cause string) string {
	if cause == "" {
		return ""
	}
	return reasonValue(200, cause)
}

// sendBye ends the peer's side. Its answer changes nothing any more.
func (d *Dialog) sendBye(to *peer, reason string) {
	d.transact(to, sip.BYE, func(req *sip.Request) {
		if reason != "" {
			add(req, "Reason", reason)
		}
	}, func(*sip.Response, error) {})
}

// end tells the handler, once, and lets go of everything. d.mu is held.
func (d *Dialog) end(end End) {
	if d.phase == phaseEnded {
		return
	}
	d.phase = phaseEnded
	close(d.done)
	stopTimer(d.ring)
	d.session.stop()
	stopTimer(d.in.repeat)
	if !d.byePending {
		d.stopACKWait()
		d.ua.forgetDialog(d)
	}
	d.box.last(func() {
		d.release(true) // what still waits for its turn gets 481
		if d.handler != nil {
			d.handler.Ended(end)
		}
	})
}

// abandon ends a dialog whose peer did not answer before the UA closed.
func (d *Dialog) abandon() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.byePending = false
	d.end(End{Why: EndTransport, Cause: "closed"})
	d.stopACKWait()
	d.ua.forgetDialog(d)
}

// keep puts a dialog in the table and starts its goroutine; false when the UA
// is closed, or when the dialog is there already: an INVITE that the network
// delivered again after its transaction had ended.
func (ua *UA) keep(d *Dialog) bool {
	id := dialogID{d.callID, d.localTag}
	ua.mu.Lock()
	if ua.stopped || ua.dialogs[id] != nil {
		ua.mu.Unlock()
		return false
	}
	ua.dialogs[id] = d
	ua.mu.Unlock()
	if !ua.goes(d.box.run) {
		ua.forgetDialog(d)
		return false
	}
	return true
}

func (ua *UA) forgetDialog(d *Dialog) {
	ua.mu.Lock()
	defer ua.mu.Unlock()
	delete(ua.dialogs, dialogID{d.callID, d.localTag})
	// A BYE that crossed ours, or is repeated since our 200 was lost, gets its
	// answer for as long as its sender repeats it (timer F).
	time.AfterFunc(64*ua.timers.T1, func() {
		ua.mu.Lock()
		defer ua.mu.Unlock()
		ua.count(d, netip.Addr{})
	})
}

// talksTo notes the host at the other end, so that its messages pass the
// filter while the dialog lives and a little longer.
func (ua *UA) talksTo(d *Dialog, host netip.Addr) {
	ua.mu.Lock()
	defer ua.mu.Unlock()
	if ua.dialogs[dialogID{d.callID, d.localTag}] == d {
		ua.count(d, host)
	}
}

func (ua *UA) count(d *Dialog, host netip.Addr) {
	if d.counted.IsValid() {
		if ua.peers[d.counted]--; ua.peers[d.counted] <= 0 {
			delete(ua.peers, d.counted)
		}
	}
	if d.counted = host; host.IsValid() {
		ua.peers[host]++
	}
}

// familiar reports whether the filter lets a host pass without a limit.
func (ua *UA) familiar(host netip.Addr) bool {
	ua.mu.Lock()
	talking := ua.peers[host] > 0
	ua.mu.Unlock()
	return talking || ua.cfg.Anyone || ua.isTrunk(host) || ua.registrar.from(host)
}
