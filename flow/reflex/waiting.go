package reflex

import (
	"strings"
	"time"

	"tandem/flow/call"
)

// Waiting is the rules of one wait in a queue: what is said before the music
// goes on, and what ends it (product sheet 3.6).
type Waiting struct {
	in      call.Wait
	said    int // of in.Say
	claimed bool
	due     call.Outcome // what would have ended it while it was claimed
	over    bool
}

// WaitStep is what to do next; nothing means to go on as before.
type WaitStep struct {
	Say      string        // play this once and report its end
	Music    bool          // let the music go on
	Announce time.Duration // with Music: report when so much time has passed
	Ended    call.Outcome  // the wait is over
}

// NewWaiting is the rules of a wait that has not begun.
func NewWaiting(in call.Wait) *Waiting { return &Waiting{in: in} }

// Begin says what there is to say.
func (w *Waiting) Begin() WaitStep {
	if w.said < len(w.in.Say) {
		w.said++
		return WaitStep{Say: w.in.Say[w.said-1]}
	}
	// From the end of one announcement to the beginning of the next: a long one
	// shall not cut off itself.
	return WaitStep{Music: true, Announce: w.in.Announce.Std()}
}

// AudioEnded is told when what was said has ended by itself, or could not be
// played at all.
func (w *Waiting) AudioEnded() WaitStep {
	if w.over {
		return WaitStep{}
	}
	return w.Begin()
}

// Key is told each key of the caller.
func (w *Waiting) Key(k byte) WaitStep {
	if strings.IndexByte(string(w.in.Escape), k) < 0 {
		return WaitStep{}
	}
	return w.end(call.OutcomeKey)
}

// LimitUp is told when the limit of the wait is over.
func (w *Waiting) LimitUp() WaitStep { return w.end(call.OutcomeDone) }

// AnnounceUp is told when the time up to the next announcement is over.
func (w *Waiting) AnnounceUp() WaitStep { return w.end(call.OutcomeAnnounce) }

// Claim is told that somebody has won the caller and is about to be joined:
// an answer that came first wins, so that nothing else ends the wait now.
func (w *Waiting) Claim() { w.claimed = true }

// Unclaim is told that this came to nothing.
func (w *Waiting) Unclaim() WaitStep {
	w.claimed = false
	if w.due == "" {
		return WaitStep{}
	}
	return w.end(w.due)
}

func (w *Waiting) end(why call.Outcome) WaitStep {
	switch {
	case w.over:
		return WaitStep{}
	case w.claimed:
		if w.due == "" || w.due == call.OutcomeAnnounce {
			w.due = why
		}
		return WaitStep{}
	}
	w.over = true
	return WaitStep{Ended: why}
}
