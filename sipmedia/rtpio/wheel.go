package rtpio

import "time"

const (
	slots    = 20                   // one a millisecond
	slotTime = time.Millisecond     // slots × slotTime is the packet time
	tooLate  = 5 * time.Millisecond // a tick later than this is counted
	giveUp   = 100                  // ticks behind after which the rest are skipped: nobody wants the sound of them
)

// wheel paces what has to leave every 20 ms. Each stream on it has one of 20 slots, so that they do not all send at
// once. It keeps no time itself: run is told the time, due tells when to call it.
type wheel struct {
	slots [slots][]*Stream
	count int
	tick  int64 // the last one run; tick n is due at n milliseconds
	late  uint64
}

// add puts a stream into the emptiest slot; among equals the one that comes first.
func (w *wheel) add(st *Stream, now time.Duration) {
	if st.slot >= 0 {
		return
	}
	if w.count == 0 {
		w.tick = int64(now / slotTime)
	}
	best := 0
	for ahead := int64(slots); ahead > 0; ahead-- {
		slot := int((w.tick + ahead) % slots)
		if ahead == slots || len(w.slots[slot]) <= len(w.slots[best]) {
			best = slot
		}
	}
	st.slot, st.place = best, len(w.slots[best])
	w.slots[best] = append(w.slots[best], st)
	w.count++
}

// remove takes a stream off the wheel, the last of its slot filling the gap.
func (w *wheel) remove(st *Stream) {
	if st.slot < 0 {
		return
	}
	slot := w.slots[st.slot]
	last := len(slot) - 1
	slot[st.place] = slot[last]
	slot[st.place].place = st.place
	slot[last] = nil
	w.slots[st.slot] = slot[:last]
	st.slot = -1
	w.count--
}

// due is when the next tick that has streams is. It is false when none has.
func (w *wheel) due() (time.Duration, bool) {
	if w.count == 0 {
		return 0, false
	}
	for ahead := int64(1); ; ahead++ {
		if len(w.slots[(w.tick+ahead)%slots]) > 0 {
			return time.Duration(w.tick+ahead) * slotTime, true
		}
	}
}

// run calls f for every stream whose tick has come, and counts them. f may remove the stream it is called for, no other.
func (w *wheel) run(now time.Duration, f func(*Stream, time.Duration)) (turns int) {
	current := int64(now / slotTime)
	if w.count == 0 || current-w.tick > giveUp {
		if w.count > 0 {
			w.late++
		}
		w.tick = max(w.tick, current-1)
	}
	for w.tick < current && w.count > 0 {
		w.tick++
		slot := int(w.tick % slots)
		if len(w.slots[slot]) > 0 && now-time.Duration(w.tick)*slotTime > tooLate {
			w.late++
		}
		turns += len(w.slots[slot])
		for i := len(w.slots[slot]) - 1; i >= 0; i-- {
			f(w.slots[slot][i], now)
		}
	}
	return turns
}
