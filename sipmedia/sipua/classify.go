package sipua

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/netip"
	"slices"
	"time"

	"github.com/emiago/sipgo/sip"
)

// caller is who sent a request: an account, a trunk, another node, or
// (Config.Anyone) none of them.
type caller struct {
	account *Account
	trunk   *Trunk
	sealed  string // what another node says
}

// classify decides what becomes of a request outside of any dialog. Whoever is
// neither a trunk nor proves to be an account learns nothing but the realm, and
// gets even that only for INVITE and REGISTER.
func (ua *UA) classify(p path, req *sip.Request, size int) {
	switch {
	case req.Method == sip.REGISTER:
		ua.receiveRegister(p, req, size)
	case req.Method == sip.INVITE:
		ua.receiveInvite(p, req, size)
	case !p.known:
		ua.refuse("stranger")
	case req.Method == sip.OPTIONS:
		ua.receiveOptions(p, req)
	default:
		ua.refuseOutside(p, req)
	}
}

// refuseOutside answers a request that makes no sense outside of a dialog.
func (ua *UA) refuseOutside(p path, req *sip.Request) {
	fault := checkExtensions(req)
	if fault == nil {
		fault = unknownMethod(req.Method)
	}
	if slices.Contains(methods, string(req.Method)) { // BYE, INFO, UPDATE
		fault = &problem{status: 481, reason: phrase(481)}
	}
	ua.answerOnce(p, req, fault)
}

// receiveOptions answers the question whether we are alive and what we can do
// (RFC 3261 §11.2).
func (ua *UA) receiveOptions(p path, req *sip.Request) {
	fault := checkExtensions(req)
	if fault == nil {
		fault = &problem{status: 200, reason: "OK", headers: []Header{
			{"Allow", allow()}, {"Accept", "application/sdp"}, {"Accept-Encoding", "identity"}, {"Supported", "timer"}}}
	}
	if ua.closing() {
		fault = unavailable()
	}
	ua.answerOnce(p, req, fault)
}

// unavailable turns new work away while we close or are full.
func unavailable() *problem {
	return &problem{status: 503, reason: phrase(503), headers: []Header{{"Retry-After", "10"}}}
}

// begin opens the transaction of a request whose sender was identified, or
// turns it away with the fault that this found. Nil: there is nothing to do.
func (ua *UA) begin(p *path, req *sip.Request, size int, fault *problem) *serverTx {
	if fault != nil {
		ua.turnAway(*p, req, fault)
		return nil
	}
	if !p.known {
		p.known = true
		ua.trace(*p, true, req, size)
	}
	tx := ua.newServerTx(*p, req)
	if tx != nil {
		set(req, withTag(req.To(), ua.tagFor(req)))
	}
	return tx
}

// receiveInvite takes a new call as far as its dialog.
func (ua *UA) receiveInvite(p path, req *sip.Request, size int) {
	who, fault := ua.identify(p, req)
	tx := ua.begin(&p, req, size, fault)
	if tx == nil {
		return
	}
	if held := ua.tx.takeCancel(tx.key); held != nil { // it overtook this INVITE
		tx.respond(ua.response(req, 487))
		held.tx.respond(ua.response(held.req, 200))
		return
	}
	fault = ua.checkInvite(req, tx)
	if fault != nil {
		tx.respond(ua.responseTo(req, fault))
		return
	}
	tx.respond(ua.response(req, 100))
	ua.newIncoming(p, tx, who)
}

// checkInvite refuses calls that cannot become a dialog.
func (ua *UA) checkInvite(req *sip.Request, tx *serverTx) *problem {
	fromTag, _ := paramOf(req.From().Params, "tag")
	switch {
	case ua.closing() || ua.dialogCount() >= ua.limits.Dialogs:
		return unavailable()
	case ua.dialogOf(req.CallID().Value(), fromTag) != nil: // our own call has come back
		return &problem{status: 482, reason: phrase(482)}
	case !ua.tx.merge(mergeKey(req), tx):
		return &problem{status: 482, reason: phrase(482)}
	case req.MaxForwards() != nil && *req.MaxForwards() == 0:
		return &problem{status: 483, reason: phrase(483)}
	}
	if fault := checkExtensions(req); fault != nil {
		return fault
	}
	if _, fault := sdpBody(req); fault != nil {
		return fault
	}
	if !acceptsSDP(req) {
		return &problem{status: 406, reason: phrase(406)}
	}
	if req.Contact() == nil || req.Contact().Address.Wildcard {
		return bad("Missing Contact") // RFC 3261 §8.1.1.8
	}
	return ua.checkSessionTimer(req)
}

// identify finds out who calls. A seal shows that it is another node. The source address decides first: a registered
// phone is an account even inside a trunk's network, as is whoever brings
// credentials for our realm, or calls as a guest; then come trunks, and everybody
// else has to prove to be an account. So an unregistered phone inside a trunk's
// network calls as that trunk.
func (ua *UA) identify(p path, req *sip.Request) (caller, *problem) {
	from := p.remote.Addr()
	if text, ok := ua.seals.open(req, time.Now()); ok {
		return caller{sealed: text}, nil
	}
	if ua.cfg.Anyone {
		return caller{}, nil
	}
	bound := ua.registrar.at(p.remote, p.transport())
	trunk, isTrunk := ua.trunkOf(from)
	if isTrunk && !bound && !ua.isGuest(req) {
		if trunk.Username == "" && !ua.hasCredentials(req) {
			return caller{trunk: &trunk}, nil
		}
		if trunk.Username != "" {
			fault := ua.checkTrunk(p, req, &trunk)
			return caller{trunk: &trunk}, fault
		}
	}
	account, fault := ua.checkAccount(p, req, bound)
	return caller{account: account}, fault
}

// isGuest tells whether a request claims to be from a guest.
func (ua *UA) isGuest(req *sip.Request) bool {
	if ua.cfg.Directory == nil {
		return false
	}
	account, found := ua.cfg.Directory.Account(userOf(&req.From().Address))
	return found && account.Guest
}

func (ua *UA) hasCredentials(req *sip.Request) bool {
	for _, line := range values(req, "authorization") {
		if c, ok := parseDigest(line); ok && c["realm"] == ua.digest.realm {
			return true
		}
	}
	return false
}

// errBlocked is a refusal by silence.
var errBlocked = &problem{reason: "blocked"}

// checkAccount asks for an account's password.
func (ua *UA) checkAccount(p path, req *sip.Request, trusted bool) (*Account, *problem) {
	from := p.remote.Addr()
	var account Account
	_, v := ua.digest.check(string(req.Method), values(req, "authorization"), from, trusted, func(user string) (string, bool) {
		if ua.cfg.Directory == nil {
			return "", false
		}
		a, found := ua.cfg.Directory.Account(user)
		account = a
		return a.Password, found && a.Password != "" && inNetworks(from, a.Networks)
	})
	if fault := ua.verdict(p, req, v); fault != nil {
		return nil, fault
	}
	return &account, nil
}

func (ua *UA) checkTrunk(p path, req *sip.Request, trunk *Trunk) *problem {
	_, v := ua.digest.check(string(req.Method), values(req, "authorization"), p.remote.Addr(), true, func(user string) (string, bool) {
		return trunk.Password, user == trunk.Username
	})
	return ua.verdict(p, req, v)
}

func (ua *UA) verdict(p path, req *sip.Request, v verdict) *problem {
	switch v {
	case verdictRight:
		return nil
	case verdictBlocked:
		return errBlocked
	}
	return ua.digest.challenge(p.remote.Addr(), value(req, "user-agent"), v == verdictStale)
}

// turnAway challenges, or stays silent.
func (ua *UA) turnAway(p path, req *sip.Request, fault *problem) {
	if fault == errBlocked {
		ua.refuse("blocked")
		return
	}
	ua.refuse("challenged")
	ua.answerOnce(p, req, fault)
}

func inNetworks(a netip.Addr, networks []netip.Prefix) bool {
	return len(networks) == 0 || slices.ContainsFunc(networks, func(n netip.Prefix) bool { return n.Contains(a) })
}

func (ua *UA) trunkOf(a netip.Addr) (Trunk, bool) {
	if ua.cfg.Directory == nil {
		return Trunk{}, false
	}
	return ua.cfg.Directory.Trunk(a)
}

func (ua *UA) isTrunk(a netip.Addr) bool {
	_, found := ua.trunkOf(a)
	return found
}

// tagFor makes our tag for a request: the same for each of its copies, and
// nobody else's to guess.
func (ua *UA) tagFor(req *sip.Request) string {
	mac := hmac.New(sha256.New, ua.tagKey)
	if via, id := req.Via(), req.CallID(); via != nil && id != nil {
		branch, _ := paramOf(via.Params, "branch")
		mac.Write([]byte(id.Value() + "|" + branch + "|" + via.SentBy()))
	}
	return hex.EncodeToString(mac.Sum(nil)[:10])
}
