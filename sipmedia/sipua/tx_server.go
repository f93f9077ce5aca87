package sipua

import (
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"
)

// txState is the state of a transaction (RFC 3261 §17, RFC 6026).
type txState int

const (
	txTrying     txState = iota // no answer yet
	txProceeding                // provisional answers only
	txAccepted                  // INVITE answered with 2xx; repeats belong to the dialog
	txCompleted                 // final answer sent or received
	txConfirmed                 // ACK to a refusal received
	txEnded
)

// serverTx is a request that we answer. It has no goroutine: requests move it
// from the socket's goroutine, answers from the caller's, timers on their own.
type serverTx struct {
	ua       *UA
	key      string
	mergeKey string
	req      *sip.Request
	back     path

	mu      sync.Mutex
	state   txState
	last    []byte      // latest answer, for repeats of the request
	resend  *time.Timer // G
	pause   time.Duration
	expires *time.Timer // H, I, J or L
	dialog  *Dialog     // of an INVITE
}

// newServerTx starts a transaction; nil if req is a repeat that lost a race.
func (ua *UA) newServerTx(p path, req *sip.Request) *serverTx {
	tx := &serverTx{ua: ua, key: serverKey(req, req.Method), req: req, back: reply(p, req)}
	if !ua.tx.addServer(tx) {
		return nil
	}
	return tx
}

func (tx *serverTx) invite() bool { return tx.req.Method == sip.INVITE }

// repeat answers a repeated request with what was answered before.
func (tx *serverTx) repeat() {
	tx.mu.Lock()
	last := tx.last
	tx.mu.Unlock()
	if last != nil {
		tx.ua.send(tx.back, last, tx.req.CallID().Value())
	}
}

// respond sends an answer. After a final one, later answers are dropped, but
// for a 2xx sent again by the dialog.
func (tx *serverTx) respond(res *sip.Response) error {
	raw := []byte(res.String())
	tx.mu.Lock()
	defer tx.mu.Unlock()
	if tx.state >= txCompleted || tx.state == txAccepted && !res.IsSuccess() {
		return ErrState
	}
	tx.last = raw
	tx.move(res.StatusCode)
	return tx.ua.send(tx.back, raw, tx.req.CallID().Value())
}

// move steps to the state that follows an answer and starts its timers.
func (tx *serverTx) move(status int) {
	life := 64 * tx.ua.timers.T1
	switch {
	case status < 200:
		tx.state = txProceeding
	case tx.invite() && status < 300:
		if tx.state != txAccepted {
			tx.state = txAccepted
			tx.expires = time.AfterFunc(life, tx.end) // L, RFC 6026 §8.7
		}
	case tx.invite():
		tx.state = txCompleted
		tx.expires = time.AfterFunc(life, tx.end) // H
		if !tx.back.reliable() {
			tx.pause = tx.ua.timers.T1
			tx.resend = time.AfterFunc(tx.pause, tx.again) // G
		}
	default:
		tx.state = txCompleted
		if tx.back.reliable() {
			life = 0
		}
		tx.expires = time.AfterFunc(life, tx.end) // J
	}
}

// again repeats a refusal until it is acknowledged (timer G).
func (tx *serverTx) again() {
	tx.mu.Lock()
	if tx.state != txCompleted {
		tx.mu.Unlock()
		return
	}
	tx.pause = min(2*tx.pause, tx.ua.timers.T2)
	tx.resend.Reset(tx.pause)
	tx.mu.Unlock()
	tx.repeat()
}

// acked stops the repeats of a refusal (timer I then absorbs late ACKs).
func (tx *serverTx) acked() {
	tx.mu.Lock()
	defer tx.mu.Unlock()
	if tx.state != txCompleted || !tx.invite() {
		return
	}
	tx.state = txConfirmed
	if tx.resend != nil {
		tx.resend.Stop()
	}
	tx.expires.Stop()
	wait := tx.ua.timers.T4
	if tx.back.reliable() {
		wait = 0
	}
	tx.expires = time.AfterFunc(wait, tx.end)
}

func (tx *serverTx) end() {
	tx.stop()
	tx.ua.tx.dropServer(tx)
}

func (tx *serverTx) stop() {
	tx.mu.Lock()
	defer tx.mu.Unlock()
	tx.state = txEnded
	for _, t := range []*time.Timer{tx.resend, tx.expires} {
		if t != nil {
			t.Stop()
		}
	}
}

// busy reports whether the peer still waits for us or we for its ACK.
func (tx *serverTx) busy() bool {
	tx.mu.Lock()
	defer tx.mu.Unlock()
	return tx.state <= txProceeding || tx.invite() && tx.state == txCompleted
}

func (tx *serverTx) setDialog(d *Dialog) {
	tx.mu.Lock()
	defer tx.mu.Unlock()
	tx.dialog = d
}

func (tx *serverTx) dialogOf() *Dialog {
	tx.mu.Lock()
	defer tx.mu.Unlock()
	return tx.dialog
}
