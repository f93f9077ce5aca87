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
	rang  bool          // somebody's phone rang
}

type timelineBar struct {
	start, length time.Duration
	state         barState
	until         time.Duration
}

type barState uint8

const (
	barWaiting barState = iota
	barRinging
	barOver
)

// NewTimeline is the time line of a ring that has not begun.
func NewTimeline(bars []call.Bar) *Timeline {
	t := &Timeline{bars: make([]timelineBar, len(bars))}
	for i, b := range bars {
		t.bars[i] = timelineBar{start: b.Start.Std(), length: b.Length.Std()}
	}
	return t
}

// Advance returns the bars whose time is over at now and those that begin. When
// nothing rings, the next bar begins at once and the rest moves forward with
// it. The expired ones count as over already; begun ones ring until Over is
// called for them or their length has passed.
func (t *Timeline) Advance(now time.Duration) (expired, begun []int) {
	for i := range t.bars {
		if b := &t.bars[i]; b.state == barRinging && b.until <= now {
			b.state = barOver
			expired = append(expired, i)
		}
	}
	if next, ok := t.nextStart(); ok && !t.Ringing() {
		t.ahead = max(t.ahead, next-now)
	}
	for i := range t.bars {
		if b := &t.bars[i]; b.state == barWaiting && b.start-t.ahead <= now {
			b.state, b.until = barRinging, now+b.length
			begun = append(begun, i)
		}
	}
	return expired, begun
}

// Over ends a bar before its time.
func (t *Timeline) Over(bar int) { t.bars[bar].state = barOver }

// Next is when Advance has something to do again; false when nothing is left.
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
		}
	}
	return at, found
}

// Ringing tells whether a bar sounds.
func (t *Timeline) Ringing() bool {
	for _, b := range t.bars {
		if b.state == barRinging {
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
