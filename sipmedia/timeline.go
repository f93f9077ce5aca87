package sipmedia

import (
	"time"

	"tandem/flow/call"
)

// timeline says which bars of a ring sound when, without a clock of its own:
// times are counted from the beginning of the ring (product sheet 3.5).
type timeline struct {
	bars  []timelineBar
	ahead time.Duration // how far the rest has moved forward
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

func newTimeline(bars []call.Bar) *timeline {
	t := &timeline{bars: make([]timelineBar, len(bars))}
	for i, b := range bars {
		t.bars[i] = timelineBar{start: b.Start.Std(), length: b.Length.Std()}
	}
	return t
}

// advance returns the bars whose time is over at now and those that begin. When
// nothing rings, the next bar begins at once and the rest moves forward with
// it. The expired ones count as over already; begun ones ring until over is
// called for them or their length has passed.
func (t *timeline) advance(now time.Duration) (expired, begun []int) {
	for i := range t.bars {
		if b := &t.bars[i]; b.state == barRinging && b.until <= now {
			b.state = barOver
			expired = append(expired, i)
		}
	}
	if next, ok := t.nextStart(); ok && !t.ringing() {
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

// over ends a bar before its time.
func (t *timeline) over(bar int) { t.bars[bar].state = barOver }

// next is when advance has something to do again; false when nothing is left.
func (t *timeline) next() (time.Duration, bool) {
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

func (t *timeline) ringing() bool {
	for _, b := range t.bars {
		if b.state == barRinging {
			return true
		}
	}
	return false
}

func (t *timeline) nextStart() (time.Duration, bool) {
	var first time.Duration
	found := false
	for _, b := range t.bars {
		if b.state == barWaiting && (!found || b.start < first) {
			first, found = b.start, true
		}
	}
	return first, found
}
