package reflex

import (
	"time"

	"tandem/flow/call"
)

// Timeline says which bars of a ring sound when, and what it has come to when
// none is left. It has no clock of its own: times are counted from the beginning
// of the ring (product sheet 3.5).
type Timeline struct {
	bars  []timelineBar
	ahead time.Duration // how far the rest has moved forward
	end   time.Duration // when no bar that was held back rings any more
	rang  bool          // somebody's phone rang
}

type timelineBar struct {
	start, length time.Duration
	state         barState
	until         time.Duration
	kept          bool // somebody has answered it, and confirms
	late          bool // was held back
}

type barState uint8

const (
	barWaiting barState = iota
	barRinging
	barKept // its time is over, but somebody who has answered it confirms
	barBack // held back until another bar is over
	barOver
)

// wholeLine is how long a time line is at least.
const wholeLine = 60 * time.Second

// NewTimeline is the time line of a ring that has not begun.
func NewTimeline(bars []call.Bar) *Timeline {
	t := &Timeline{bars: make([]timelineBar, len(bars)), end: wholeLine}
	for i, b := range bars {
		t.bars[i] = timelineBar{start: b.Start.Std(), length: b.Length.Std()}
		t.end = max(t.end, b.Start.Std()+b.Length.Std())
	}
	return t
}

// Advance returns the bars whose time is over at now and those that begin. When
// nothing rings, the next bar begins at once and the rest moves forward with
// it. The expired ones count as over already, unless they are kept; begun ones
// ring until Over is called for them or their length has passed.
func (t *Timeline) Advance(now time.Duration) (expired, begun []int) {
	for i := range t.bars {
		if t.bars[i].expire(now, t.end) {
			expired = append(expired, i)
		}
	}
	for _, i := range expired {
		if !t.bars[i].kept {
			t.Over(i)
		}
	}
	if next, ok := t.nextStart(); ok && !t.Ringing() {
		t.ahead = max(t.ahead, next-now)
	}
	for i := range t.bars {
		if b := &t.bars[i]; b.state == barWaiting && (b.late || b.start-t.ahead <= now) {
			b.state, b.until = barRinging, now+b.length
			if b.late {
				b.until = min(b.until, t.end)
			}
			begun = append(begun, i)
		}
	}
	return expired, begun
}

// expire takes note of the time, and tells whether the bar has to stop ringing.
func (b *timelineBar) expire(now, end time.Duration) bool {
	if (b.state == barBack || b.late && b.state == barWaiting) && end <= now {
		b.state = barOver
	}
	if b.state != barRinging || b.until > now {
		return false
	}
	b.state = barKept
	return true
}

// Over ends a bar before its time. Those that were held back are tried again.
func (t *Timeline) Over(bar int) {
	t.bars[bar].state = barOver
	for i := range t.bars {
		if b := &t.bars[i]; b.state == barBack {
			b.state, b.late = barWaiting, true
		}
	}
}

// Keep is told that somebody has answered a bar and is asked to confirm: even
// when its time has passed the bar is not over before Over is called.
func (t *Timeline) Keep(bar int) { t.bars[bar].kept = true }

// HoldBack is told that a bar which has just begun may not ring for now, since
// as many ring as may: it begins when another is over. It is false, and nothing
// happens, if there is none to wait for.
func (t *Timeline) HoldBack(bar int) bool {
	t.bars[bar].state = barBack
	if t.Ringing() {
		return true
	}
	t.bars[bar].state = barRinging
	return false
}

// Next is when Advance has something to do again; false when that is not a
// question of time.
func (t *Timeline) Next() (time.Duration, bool) {
	var at time.Duration
	found := false
	consider := func(when time.Duration) {
		if !found || when < at {
			at, found = when, true
		}
	}
	for _, b := range t.bars {
		switch b.state {
		case barWaiting:
			consider(b.start - t.ahead)
		case barRinging:
			consider(b.until)
		case barBack:
			consider(t.end)
		}
	}
	return at, found
}

// Ringing tells whether a bar sounds, or somebody who has answered one confirms.
func (t *Timeline) Ringing() bool {
	for _, b := range t.bars {
		if b.state == barRinging || b.state == barKept {
			return true
		}
	}
	return false
}

func (t *Timeline) nextStart() (time.Duration, bool) {
	var first time.Duration
	found := false
	for _, b := range t.bars {
		if b.state == barWaiting && (!found || b.start < first) {
			first, found = b.start, true
		}
	}
	return first, found
}

// Rang is told that a phone rang, or was given its whole time.
func (t *Timeline) Rang() { t.rang = true }

// Nobody is what a ring has come to that ends without an answer.
func (t *Timeline) Nobody() call.Outcome {
	if t.rang {
		return call.OutcomeNoAnswer
	}
	return call.OutcomeNobody
}
