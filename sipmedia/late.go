package sipmedia

import (
	"tandem/flow/call"
	"tandem/sipmedia/rtpio"
)

// cancel ends a leg that is not answered yet. If the caller is gone, somebody
// may be lifting the receiver in this moment: that leg keeps its stream until
// the phone has had its say.
func (l *leg) cancel(cause call.Cause, why string) {
	if cause != call.CauseCallerCancelled {
		l.dialog.Cancel(why)
		return
	}
	l.late = true
	l.dialog.Withdraw(why)
}

// tooLate lets who has answered a caller who is gone hear the busy tone, so
// that nobody wonders about silence, and hangs up. For the call that leg was
// over before, and nobody is told again.
func (l *leg) tooLate(body []byte) {
	if body != nil || !l.ready {
		if err := l.accept(body); err != nil {
			l.endLate()
			return
		}
	}
	l.c.log.Info("answered too late", "leg", string(l.rec.ID))
	l.whenReady(func() {
		l.play(repeated(l.c.s.busy, busyTones), "", func(rtpio.PlayEnd) { l.endLate() })
	})
}

// busyTones are as many as it takes to understand.
const busyTones = 2

// endLate ends what a leg kept beyond its end. It may be called twice, and on
// a leg that kept nothing.
func (l *leg) endLate() {
	if !l.late {
		return
	}
	l.late = false
	l.played = nil
	l.dialog.Bye(reason(call.CauseCallerCancelled))
	l.stream.Close()
}
