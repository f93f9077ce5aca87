package sipua

import (
	"context"
	"errors"
	"net/netip"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"
)

// errTimeout ends a client transaction that got no final answer (timers B and F).
var errTimeout = errors.New("no answer from the peer")

// clientTx is a request that we sent. It has no goroutine; on is called for
// each answer, in the order of their arrival, and at most once with an error.
// A 2xx to an INVITE is handed over as often as it arrives, from however many
// forks (RFC 6026 §7.2); the ACK to a refusal is sent here.
type clientTx struct {
	ua  *UA
	key string
	req *sip.Request
	on  func(*sip.Response, error)

	mu      sync.Mutex
	path    path
	state   txState
	raw     []byte
	ack     []byte
	resend  *time.Timer // A or E
	pause   time.Duration
	expires *time.Timer // B, D, F, K or M
}

// request sends req to a target in a transaction of its own. The Via is
// written here, when the path is known. It never waits: a connection is dialled
// on a goroutine of the UA.
func (ua *UA) request(to target, req *sip.Request, on func(*sip.Response, error)) *clientTx {
	branch := newBranch()
	tx := &clientTx{ua: ua, key: clientKey(branch, req.Method), req: req, on: on}
	ua.tx.addClient(tx)
	if !ua.instant(to) {
		if !ua.goes(func() { tx.start(to, branch) }) {
			tx.failSoon(ErrClosed)
		}
		return tx
	}
	tx.start(to, branch)
	return tx
}

func (tx *clientTx) start(to target, branch string) {
	p, err := tx.ua.connect(tx.ua.ctx, to)
	if err != nil {
		tx.failSoon(err)
		return
	}
	p = tx.ua.roomier(p, tx.req)
	tx.ua.stampRequest(p, tx.req, branch)
	raw := []byte(tx.req.String())
	tx.mu.Lock()
	if tx.state != txTrying { // ended meanwhile
		tx.mu.Unlock()
		return
	}
	tx.path, tx.raw = p, raw
	tx.expires = time.AfterFunc(64*tx.ua.timers.T1, func() { tx.fail(errTimeout) }) // B, F
	if !p.reliable() {
		tx.pause = tx.ua.timers.T1
		tx.resend = time.AfterFunc(tx.pause, tx.again) // A, E
	}
	err = tx.ua.send(p, raw, tx.req.CallID().Value())
	tx.mu.Unlock()
	if err != nil {
		tx.failSoon(err)
	}
}

// failSoon fails on another goroutine, since the caller may hold the lock that
// the callback takes.
func (tx *clientTx) failSoon(err error) { time.AfterFunc(0, func() { tx.fail(err) }) }

// udpRequestSize is where RFC 3261 §18.1.1 wants a congestion controlled transport.
const udpRequestSize = 1300

// roomier moves a large request to the peer's TCP connection, if it has one.
// See "Why a request above 1300 bytes still goes by UDP" in the package doc.
func (ua *UA) roomier(p path, req *sip.Request) path {
	if p.tcp != nil || len(req.Body()) < udpRequestSize/2 || len(req.String()) <= udpRequestSize-200 {
		return p
	}
	if s := ua.streamTo(p.remote); s != nil {
		return path{tcp: s, remote: s.remote, known: p.known}
	}
	return p
}

func (tx *clientTx) invite() bool { return tx.req.Method == sip.INVITE }

// again repeats the request while there is no answer (timers A and E).
func (tx *clientTx) again() {
	tx.mu.Lock()
	defer tx.mu.Unlock()
	if tx.state > txProceeding || tx.invite() && tx.state == txProceeding {
		return
	}
	tx.pause *= 2
	if !tx.invite() {
		tx.pause = min(tx.pause, tx.ua.timers.T2)
	}
	if tx.state == txProceeding {
		tx.pause = tx.ua.timers.T2 // RFC 3261 §17.1.2.2
	}
	tx.resend.Reset(tx.pause)
	tx.ua.send(tx.path, tx.raw, tx.req.CallID().Value())
}

// receive takes an answer.
func (tx *clientTx) receive(res *sip.Response) {
	tx.mu.Lock()
	deliver := false
	switch {
	case tx.state == txEnded, tx.raw == nil:
	case tx.state == txCompleted: // a repeated refusal wants its ACK again
		if tx.ack != nil {
			tx.ua.send(tx.path, tx.ack, tx.req.CallID().Value())
		}
	case tx.state == txAccepted:
		deliver = res.IsSuccess()
	default:
		deliver = true
		tx.move(res)
	}
	tx.mu.Unlock()
	if deliver {
		tx.on(res, nil)
	}
}

// move steps to the state that follows an answer and changes the timers.
func (tx *clientTx) move(res *sip.Response) {
	if tx.invite() || res.StatusCode >= 200 {
		stopTimer(tx.resend)
		stopTimer(tx.expires)
	}
	switch {
	case res.StatusCode < 200:
		tx.state = txProceeding
	case tx.invite() && res.IsSuccess():
		tx.state = txAccepted
		tx.expires = time.AfterFunc(64*tx.ua.timers.T1, tx.end) // M
	case tx.invite():
		tx.state = txCompleted
		tx.ack = []byte(refusalACK(tx.req, res).String())
		tx.ua.send(tx.path, tx.ack, tx.req.CallID().Value())
		tx.expires = time.AfterFunc(tx.linger(64*tx.ua.timers.T1), tx.end) // D
	default:
		tx.state = txCompleted
		tx.expires = time.AfterFunc(tx.linger(tx.ua.timers.T4), tx.end) // K
	}
}

func (tx *clientTx) linger(d time.Duration) time.Duration {
	if tx.path.reliable() {
		return 0
	}
	return d
}

// fail ends the transaction without an answer.
func (tx *clientTx) fail(err error) {
	tx.mu.Lock()
	if tx.state > txProceeding {
		tx.mu.Unlock()
		return
	}
	tx.mu.Unlock()
	tx.end()
	tx.on(nil, err)
}

// remote is where the request went; invalid before it was sent.
func (tx *clientTx) remote() (netip.AddrPort, path) {
	tx.mu.Lock()
	defer tx.mu.Unlock()
	return tx.path.remote, tx.path
}

func (tx *clientTx) end() {
	tx.stop()
	tx.ua.tx.dropClient(tx)
}

func (tx *clientTx) stop() {
	tx.mu.Lock()
	defer tx.mu.Unlock()
	tx.state = txEnded
	stopTimer(tx.resend)
	stopTimer(tx.expires)
}

// busy tells whether the peer still owes an answer that matters. Nothing hangs on
// that to a CANCEL: its INVITE waits for the 487, or whatever crossed it.
func (tx *clientTx) busy() bool {
	tx.mu.Lock()
	defer tx.mu.Unlock()
	return tx.state <= txProceeding && tx.req.Method != sip.CANCEL
}

func stopTimer(t *time.Timer) {
	if t != nil {
		t.Stop()
	}
}

// refusalACK acknowledges a final answer of 300 to 699 (RFC 3261 §17.1.1.3).
func refusalACK(invite *sip.Request, res *sip.Response) *sip.Request {
	ack := sip.NewRequest(sip.ACK, invite.Recipient)
	ack.AppendHeader(invite.Via().Clone())
	sip.CopyHeaders("Route", invite, ack)
	forwards := sip.MaxForwardsHeader(70)
	ack.AppendHeader(&forwards)
	ack.AppendHeader(sip.HeaderClone(invite.From()))
	ack.AppendHeader(sip.HeaderClone(res.To()))
	ack.AppendHeader(sip.HeaderClone(invite.CallID()))
	ack.AppendHeader(&sip.CSeqHeader{SeqNo: invite.CSeq().SeqNo, MethodName: sip.ACK})
	ack.SetBody(nil)
	return ack
}

// cancelOf makes the CANCEL of an INVITE that was sent (RFC 3261 §9.1): it has
// the same Via, so that the peer finds the transaction.
func cancelOf(invite *sip.Request, reason string) *sip.Request {
	req := sip.NewRequest(sip.CANCEL, invite.Recipient)
	req.AppendHeader(invite.Via().Clone())
	sip.CopyHeaders("Route", invite, req)
	forwards := sip.MaxForwardsHeader(70)
	req.AppendHeader(&forwards)
	req.AppendHeader(sip.HeaderClone(invite.From()))
	req.AppendHeader(sip.HeaderClone(invite.To()))
	req.AppendHeader(sip.HeaderClone(invite.CallID()))
	req.AppendHeader(&sip.CSeqHeader{SeqNo: invite.CSeq().SeqNo, MethodName: sip.CANCEL})
	if reason != "" {
		add(req, "Reason", reason)
	}
	req.SetBody(nil)
	return req
}

// cancel sends the CANCEL of this INVITE in a transaction of its own, on the same path.
func (tx *clientTx) cancel(reason string, on func(*sip.Response, error)) {
	_, p := tx.remote()
	req := cancelOf(tx.req, reason)
	branch, _ := paramOf(req.Via().Params, "branch")
	c := &clientTx{ua: tx.ua, key: clientKey(branch, sip.CANCEL), req: req, on: on, path: p, raw: []byte(req.String())}
	c.pause = tx.ua.timers.T1
	tx.ua.tx.addClient(c)
	c.mu.Lock()
	c.expires = time.AfterFunc(64*tx.ua.timers.T1, func() { c.fail(errTimeout) })
	if !p.reliable() {
		c.resend = time.AfterFunc(c.pause, c.again)
	}
	err := tx.ua.send(p, c.raw, req.CallID().Value())
	c.mu.Unlock()
	if err != nil {
		c.failSoon(err)
	}
}

// direct sends a request outside of any transaction: the ACK to a 2xx.
func (ua *UA) direct(ctx context.Context, to target, req *sip.Request) ([]byte, path, error) {
	p, err := ua.connect(ctx, to)
	if err != nil {
		return nil, path{}, err
	}
	p = ua.roomier(p, req)
	ua.stampRequest(p, req, newBranch())
	raw := []byte(req.String())
	return raw, p, ua.send(p, raw, req.CallID().Value())
}
