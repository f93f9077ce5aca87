package rtpio

import (
	"net/netip"
	"time"

	"tandem/sipmedia/dtmf"
)

const (
	eventQueue = 64 // events that wait for a Handler
	keyQueue   = 48 // of these, how many may be keys
)

// event is one call of a Handler.
type event struct {
	kind eventKind
	key  dtmf.Key
	id   PlayID
	why  PlayEnd
	at   time.Time
	from netip.AddrPort
	d    time.Duration
}

type eventKind uint8

const (
	keyEvent eventKind = iota
	playEndedEvent
	mediaStartedEvent
	mediaLostEvent
)

var deliver = [...]func(Handler, *event){
	keyEvent:          func(h Handler, e *event) { h.Key(e.key, e.at) },
	playEndedEvent:    func(h Handler, e *event) { h.PlayEnded(e.id, e.why) },
	mediaStartedEvent: func(h Handler, e *event) { h.MediaStarted(e.at, e.from) },
	mediaLostEvent:    func(h Handler, e *event) { h.MediaLost(e.d) },
}

// notify calls the handler until the shard, which alone writes to events, has closed it.
func notify(h Handler, events <-chan event) {
	for e := range events {
		deliver[e.kind](h, &e)
	}
}

// post hands an event to the handler's goroutine without ever waiting for it.
func (st *Stream) post(e event) {
	if st.events == nil {
		return
	}
	if e.kind == keyEvent && len(st.events) >= keyQueue {
		st.shard.eventsLost++
		return
	}
	select {
	case st.events <- e:
	default:
		st.shard.eventsLost++
	}
}
