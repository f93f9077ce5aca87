package dtmf

import "time"

// Way is how a key reached us.
type Way uint8

// The ways. In-band tones will be a third.
const (
	ByEvent Way = iota
	ByInfo
)

// pairing is how far apart the two reports of one press may be.
const pairing = time.Second

// pending is how many reports wait for their twin at once. A peer presses no faster than about ten keys a second.
const pending = 16

// Ways counts a key once that a peer reports in two ways. Each report waits a second for its twin from the other way;
// quick presses of one key are told apart because twins go in pairs. The zero value is ready.
type Ways struct {
	waiting [pending]report
	next    int
}

type report struct {
	key Key
	way Way
	at  time.Duration
}

// Count tells whether a report, at a time since any fixed start, is a press not yet counted.
func (w *Ways) Count(k Key, way Way, at time.Duration) bool {
	if twin := w.oldestTwin(k, way, at); twin != nil {
		twin.key = 0
		return false
	}
	w.waiting[w.next] = report{k, way, at}
	w.next = (w.next + 1) % pending
	return true
}

func (w *Ways) oldestTwin(k Key, way Way, at time.Duration) *report {
	var twin *report
	for i := range w.waiting {
		r := &w.waiting[i]
		if r.key == k && r.way != way && at-r.at <= pairing && (twin == nil || r.at < twin.at) {
			twin = r
		}
	}
	return twin
}
