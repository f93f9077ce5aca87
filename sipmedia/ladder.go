package sipmedia

import (
	"strings"
	"sync"
	"time"

	"tandem/flow/call"
	"tandem/sipmedia/sipua"
)

// Limits of the ladder.
const (
	maxLadder      = 500      // messages of one call; a long call with session timers has about 100
	maxLadderText  = 16 << 10 // bytes of one message
	maxStrangers   = 256      // Call-IDs whose call is not known (yet)
	maxStrange     = 8        // messages of each: an INVITE, its challenge and ACK, the INVITE again
	ladderInterval = 200 * time.Millisecond
)

// ladder sorts SIP messages by call and hands them on in batches. It is told of
// each message by sipua and must never hold it up.
type ladder struct {
	deliver func([]call.SIPMessage) // nil: nobody wants them
	wake    chan struct{}
	stop    chan struct{}
	done    chan struct{}
	once    sync.Once

	mu        sync.Mutex
	known     map[string]*rung
	strangers map[string][]sipua.Message
	order     []string // of strangers, oldest first
	counts    map[call.ID]int
	batch     map[call.ID][]call.SIPMessage
	figures   LadderStats
}

// rung is what the ladder knows about a Call-ID.
type rung struct{ leg call.LegID }

// LadderStats are figures of the SIP ladder.
type LadderStats struct {
	Dialogs int    // Call-IDs known
	Waiting int    // messages not delivered yet
	Dropped uint64 // messages above the limit of a call
}

func newLadder(deliver func([]call.SIPMessage)) *ladder {
	l := &ladder{
		deliver: deliver, wake: make(chan struct{}, 1), stop: make(chan struct{}), done: make(chan struct{}),
		known: map[string]*rung{}, strangers: map[string][]sipua.Message{},
		counts: map[call.ID]int{}, batch: map[call.ID][]call.SIPMessage{},
	}
	go l.run()
	return l
}

// trace takes one message.
func (l *ladder) trace(m sipua.Message) {
	if l.deliver == nil || m.CallID == "" {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if r := l.known[m.CallID]; r != nil {
		l.add(r.leg, m)
		return
	}
	// An INVITE is traced before it has become a call.
	kept, waiting := l.strangers[m.CallID]
	if !waiting {
		if !strings.HasPrefix(m.First, "INVITE ") {
			return
		}
		l.order = append(l.order, m.CallID)
		if len(l.order) > maxStrangers {
			delete(l.strangers, l.order[0])
			l.order = l.order[1:]
		}
	}
	if len(kept) < maxStrange {
		l.strangers[m.CallID] = append(kept, m)
	}
}

// know says which leg a Call-ID is.
func (l *ladder) know(callID string, leg call.LegID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.known[callID] = &rung{leg}
	for _, m := range l.strangers[callID] {
		l.add(leg, m)
	}
	delete(l.strangers, callID)
}

// forget drops a Call-ID. What was taken is still delivered.
func (l *ladder) forget(callID string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if r := l.known[callID]; r != nil {
		delete(l.known, callID)
		delete(l.counts, r.leg.Call())
	}
}

func (l *ladder) add(leg call.LegID, m sipua.Message) {
	id := leg.Call()
	if l.counts[id] >= maxLadder {
		l.figures.Dropped++
		return
	}
	l.counts[id]++
	text := m.Text
	if len(text) > maxLadderText {
		text = text[:maxLadderText]
	}
	l.batch[id] = append(l.batch[id], call.SIPMessage{
		At: m.At, Leg: leg, In: m.In, Remote: m.Remote.String(), Transport: m.Transport, First: m.First, Text: text,
	})
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// run delivers what has gathered, a moment after the first of it came.
func (l *ladder) run() {
	defer close(l.done)
	pause := time.NewTimer(ladderInterval)
	defer pause.Stop()
	for {
		select {
		case <-l.wake:
		case <-l.stop:
			l.flush()
			return
		}
		pause.Reset(ladderInterval)
		select {
		case <-pause.C:
		case <-l.stop:
		}
		l.flush()
	}
}

func (l *ladder) flush() {
	l.mu.Lock()
	batch := l.batch
	l.batch = map[call.ID][]call.SIPMessage{}
	l.mu.Unlock()
	for _, messages := range batch {
		l.deliver(messages)
	}
}

func (l *ladder) stats() LadderStats {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.figures
	s.Dialogs = len(l.known)
	for _, b := range l.batch {
		s.Waiting += len(b)
	}
	return s
}

// close delivers the rest. It may be called twice.
func (l *ladder) close() {
	l.once.Do(func() { close(l.stop) })
	<-l.done
}
