package sipua

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/emiago/sipgo/sip"
)

// Reinvite offers a new session (sdp nil: asks the peer for an offer, which
// goes to Handler.Offer) and returns the peer's answer. Glare (491) is tried
// again after the pause of RFC 3261 §14.1. It must not be called with nil from
// inside the Handler, which would wait for itself.
func (d *Dialog) Reinvite(ctx context.Context, sdp []byte) (answer []byte, err error) {
	for {
		answer, err = d.reinvite(ctx, sdp)
		var refusal *StatusError
		if !errors.As(err, &refusal) || refusal.Status != 491 {
			return answer, err
		}
		pause := time.NewTimer(d.glarePause())
		select {
		case <-pause.C:
		case <-ctx.Done():
			pause.Stop()
			return nil, context.Cause(ctx)
		case <-d.done:
			pause.Stop()
			return nil, ErrEnded
		}
	}
}

// glarePause is random, in other ranges for the two sides, so that the second
// try does not collide as well.
func (d *Dialog) glarePause() time.Duration {
	if d.incoming { // the peer made the Call-ID: 0 to 2 s
		return time.Duration(rand.Int64N(200)) * d.ua.timers.Second / 100
	}
	return time.Duration(210+rand.Int64N(190)) * d.ua.timers.Second / 100 // 2.1 to 4 s
}

// outcome is what came of a re-INVITE.
type outcome struct {
	sdp []byte
	err error
}

func (d *Dialog) reinvite(ctx context.Context, sdp []byte) ([]byte, error) {
	select {
	case d.offers <- struct{}{}:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	case <-d.done:
		return nil, ErrEnded
	}
	var got outcome
	done := make(chan error, 1)
	d.mu.Lock()
	if d.phase != phaseAnswered || d.ackWait != nil && d.ackWait.initial {
		// RFC 3261 §14.1: not before the first INVITE is through.
		defer d.mu.Unlock()
		d.freeOffer()
		return nil, d.gone()
	}
	d.offer(sdp, func(o outcome) {
		d.freeOffer()
		got = o
		done <- o.err
		d.lost(o.err)
	})
	d.mu.Unlock()
	if err := await(ctx, d, done); err != nil {
		return nil, err // an answer that comes later still gets its ACK
	}
	return got.sdp, nil
}

// offer sends a re-INVITE; finish is called once, without the lock. d.mu is held.
func (d *Dialog) offer(sdp []byte, finish func(outcome)) {
	ack := &sentACK{}
	acked, before := false, d.localSDP
	d.transact(d.peer, sip.INVITE, func(req *sip.Request) {
		req.AppendHeader(d.ourContact())
		d.askSession(req, d.session.role())
		d.offerHeaders(req, sdp)
	}, func(res *sip.Response, err error) {
		switch {
		case err != nil:
			finish(outcome{err: err})
			return
		case res.StatusCode < 200:
			return
		case res.StatusCode >= 300:
			d.mu.Lock()
			d.localSDP = before // RFC 3261 §14.1: the session stays as it was
			d.mu.Unlock()
			finish(outcome{err: statusError("INVITE", res.StatusCode)})
			return
		}
		d.mu.Lock()
		repeated := acked
		acked = true
		d.mu.Unlock()
		if repeated {
			ack.again(d.ua, d.callID)
			return
		}
		d.agreed(res, ack, sdp == nil, finish)
	})
}

// agreed takes the 2xx to a re-INVITE.
func (d *Dialog) agreed(res *sip.Response, ack *sentACK, late bool, finish func(outcome)) {
	sdp, _ := sdpBody(res)
	cseq := res.CSeq().SeqNo
	d.mu.Lock()
	if d.phase == phaseAnswered {
		d.learn(d.peer, res)
		d.peer.aim(d.peer.hop)
		d.concede(res, false)
	}
	if !late {
		d.sendACK(d.peer, ack, cseq, nil)
	}
	d.mu.Unlock()
	if !late {
		finish(outcome{sdp: sdp})
		return
	}
	asked := d.box.offer(func() {
		answer, _ := d.handler.Offer(sdp)
		d.mu.Lock()
		d.sendACK(d.peer, ack, cseq, answer)
		d.mu.Unlock()
		finish(outcome{sdp: sdp})
	})
	if !asked {
		d.mu.Lock()
		d.sendACK(d.peer, ack, cseq, nil)
		d.mu.Unlock()
		finish(outcome{err: ErrEnded})
	}
}

// lost ends a dialog whose peer does not know it any more (RFC 3261 §12.2.1.2).
func (d *Dialog) lost(err error) {
	var refusal *StatusError
	if err == nil || errors.Is(err, ErrEnded) ||
		errors.As(err, &refusal) && refusal.Status != 481 && refusal.Status != 408 {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.phase == phaseAnswered {
		d.sendBye(d.peer, `SIP;cause=408;text="No answer to a request"`)
		d.end(End{Why: EndTimeout, Cause: err.Error()})
	}
}
