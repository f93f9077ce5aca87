package sipmedia

import (
	"net/netip"
	"time"

	"tandem/flow/call"
	"tandem/sipmedia/dtmf"
	"tandem/sipmedia/rtpio"
	"tandem/sipmedia/sipua"
)

// dialogNews brings what a dialog reports to its call's mailbox.
type dialogNews struct{ l *leg }

// Progress implements sipua.Handler.
func (n dialogNews) Progress(status int, body []byte) {
	n.l.c.box.post(func() { n.l.progress(status, body) })
}

// Answered implements sipua.Handler.
func (n dialogNews) Answered(body []byte) {
	n.l.c.box.post(func() { n.l.peerAnswered(body) })
}

// Confirmed implements sipua.Handler.
func (n dialogNews) Confirmed(body []byte) {
	if body == nil {
		return
	}
	n.l.c.box.post(func() { n.l.confirmed(body) })
}

// Offer implements sipua.Handler. What is posted always runs, so the wait ends.
func (n dialogNews) Offer(body []byte) ([]byte, int) {
	var answer []byte
	var status int
	if !n.ask(func() { answer, status = n.l.reoffer(body) }) {
		return nil, 481
	}
	return answer, status
}

// Info implements sipua.Handler.
func (n dialogNews) Info(contentType string, body []byte) int {
	status := 481
	n.ask(func() { status = n.l.info(contentType, body) })
	return status
}

// Ended implements sipua.Handler.
func (n dialogNews) Ended(end sipua.End) {
	n.l.c.box.post(func() { n.l.dialogEnded(end) })
}

func (n dialogNews) ask(f func()) bool {
	done := make(chan struct{})
	if !n.l.c.box.post(func() { f(); close(done) }) {
		return false
	}
	<-done
	return true
}

// streamNews brings what a stream reports to its call's mailbox.
type streamNews struct{ l *leg }

// Key implements rtpio.Handler.
func (n streamNews) Key(k dtmf.Key, _ time.Time) { n.l.c.box.post(func() { n.l.key(k) }) }

// PlayEnded implements rtpio.Handler.
func (n streamNews) PlayEnded(id rtpio.PlayID, why rtpio.PlayEnd) {
	n.l.c.box.post(func() { n.l.playEnded(id, why) })
}

// MediaStarted implements rtpio.Handler.
func (n streamNews) MediaStarted(time.Time, netip.AddrPort) {}

// MediaLost implements rtpio.Handler.
func (n streamNews) MediaLost(time.Duration) { n.l.c.box.post(n.l.mediaLost) }

// confirmed is the ACK that answers our own offer: that in our 200 to a late
// offer, or in our answer to a re-INVITE without one.
func (l *leg) confirmed(body []byte) {
	if l.ended() {
		return
	}
	if err := l.accept(body); err != nil {
		l.hangUp(call.CauseNotAcceptable, reason(call.CauseNotAcceptable))
	}
}

// progress is a 18x of a phone that we ring.
func (l *leg) progress(status int, body []byte) {
	if l.ended() || l.answered() {
		return
	}
	l.rec.Status = status
	if l.rec.Ringing.IsZero() {
		l.rec.Ringing = time.Now()
	}
	l.move(call.LegRinging)
	if l.rungBy != nil {
		l.rungBy.progress(l, body)
	}
}

// peerAnswered is the 200 of a phone that we rang.
func (l *leg) peerAnswered(body []byte) {
	switch {
	case l.late:
		l.tooLate(body)
	case l.room != nil && !l.ended():
		l.room.answered(body)
	case l.ended() || l.rungBy == nil:
		l.dialog.Bye(answeredElsewhere) // it crossed our CANCEL
	default:
		l.rungBy.answered(l, body)
	}
}

// dialogEnded is the last word of a dialog. Usually the peer has hung up or
// refused; after our own end it only completes the account.
func (l *leg) dialogEnded(end sipua.End) {
	if l.ended() {
		l.endLate()
		if end.Status != 0 && l.rec.Answered.IsZero() {
			l.rec.Status = end.Status
		}
		return
	}
	if end.Status != 0 {
		l.rec.Status = end.Status
	}
	l.close(l.causeOf(end))
}

// endCauses says what it means when a dialog ends without our doing, where the
// side or the SIP status do not say it better.
var endCauses = map[sipua.EndKind]call.Cause{
	sipua.EndNoACK:         call.CauseUnavailable,
	sipua.EndRefreshFailed: call.CauseUnavailable,
	sipua.EndTransport:     call.CauseUnavailable,
	sipua.EndCancelled:     call.CauseCallerCancelled,
}

func (l *leg) causeOf(end sipua.End) call.Cause {
	if c, ok := endCauses[end.Why]; ok {
		return c
	}
	caller := l.rec.Side == "a"
	switch {
	case l.answered() && caller:
		return call.CauseCallerHangup
	case l.answered():
		return call.CauseCalleeHangup
	case caller:
		return call.CauseCallerCancelled
	case end.Why == sipua.EndTimeout && l.rec.Ringing.IsZero():
		return call.CauseUnavailable // not a word from it
	}
	return call.CauseOf(end.Status)
}

// mediaLost ends a conversation in which one side has fallen silent. Many a
// phone sends nothing before it is answered, so a leg that has never been heard
// gets its time from the answer on.
func (l *leg) mediaLost() {
	switch {
	case !l.answered():
		l.mute = true
	case l.stream.Report().First.IsZero():
		l.listen(l.c.s.cfg.RTP.FirstMedia - time.Since(l.rec.Answered))
	default:
		l.noMedia()
	}
}

// listen ends the leg unless it is heard within d.
func (l *leg) listen(d time.Duration) {
	l.c.after(d, func() {
		if l.answered() && !l.agreed.Held() && l.stream.Report().First.IsZero() {
			l.noMedia()
		}
	})
}

func (l *leg) noMedia() {
	l.dialog.Bye(reason(call.CauseNoMedia))
	l.close(call.CauseNoMedia)
}
