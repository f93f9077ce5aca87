package sipua

import (
	"strconv"
	"time"

	"github.com/emiago/sipgo/sip"
)

func noAnswer(d time.Duration) time.Duration {
	if d <= 0 || d > longestRing {
		return longestRing
	}
	return d
}

// Cancel gives up a call we placed: CANCEL as soon as a provisional answer
// allows it; if a 200 crosses it, ACK and BYE. On an answered call, and on an
// incoming one, it is Bye.
func (d *Dialog) Cancel(cause string) { d.Bye(cause) }

// Withdraw is a Cancel because the caller is gone: whoever answers all the same,
// in that very moment, is told to the handler as Answered, and it is the
// handler who says Bye. After an answer it does nothing: that news is on its way.
func (d *Dialog) Withdraw(cause string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.incoming || d.phase != phaseTrying {
		return
	}
	d.out.late = true
	d.cancelLocked(cause)
}

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
