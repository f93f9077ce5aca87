package phone

import (
	"io"
	"net/netip"
	"time"

	"tandem/sipmedia/codec"
	"tandem/sipmedia/dtmf"
	"tandem/sipmedia/rtpio"
	"tandem/sipmedia/sipua"
)

// handler brings the news of dialog and stream to a call.
type handler struct{ c *Call }

// Progress implements sipua.Handler.
func (h handler) Progress(status int, body []byte) {
	kind := Ringing
	if body != nil {
		kind = EarlyMedia
		h.c.accept(body)
	}
	h.c.mu.Lock()
	defer h.c.mu.Unlock()
	h.c.tell(Event{Kind: kind, Status: status})
}

// Answered implements sipua.Handler.
func (h handler) Answered(body []byte) {
	if body != nil && h.c.accept(body) != nil {
		h.c.Hangup()
		return
	}
	h.c.mu.Lock()
	defer h.c.mu.Unlock()
	h.c.tell(Event{Kind: Answered, Status: 200})
}

// Confirmed implements sipua.Handler.
func (h handler) Confirmed(body []byte) {
	if body != nil {
		h.c.accept(body)
	}
	h.c.mu.Lock()
	defer h.c.mu.Unlock()
	if h.c.received {
		h.c.tell(Event{Kind: Answered, Status: 200})
	}
}

// Offer implements sipua.Handler.
func (h handler) Offer(body []byte) ([]byte, int) {
	h.c.mu.Lock()
	defer h.c.mu.Unlock()
	if body == nil {
		return h.c.session.Offer(), 200
	}
	answer, agreed, err := h.c.session.Answer(body)
	if err != nil || h.c.apply(agreed) != nil {
		return nil, 488
	}
	return answer, 200
}

// Info implements sipua.Handler.
func (h handler) Info(contentType string, body []byte) int {
	in, err := dtmf.ParseInfo(contentType, body)
	if err != nil {
		return 415
	}
	h.c.stream.Key(in.Key)
	return 200
}

// Ended implements sipua.Handler.
func (h handler) Ended(e sipua.End) {
	report := h.c.stream.Close()
	h.c.mu.Lock()
	defer h.c.mu.Unlock()
	h.c.ended, h.c.end, h.c.report = true, e, report
	h.c.tell(Event{Kind: Ended, Status: e.Status, End: e})
	close(h.c.events)
	close(h.c.over)
}

// Key implements rtpio.Handler.
func (h handler) Key(k dtmf.Key, _ time.Time) {
	h.c.mu.Lock()
	defer h.c.mu.Unlock()
	h.c.tell(Event{Kind: KeyHeard, Key: k})
}

// PlayEnded implements rtpio.Handler: a phone that says nothing sends silence.
func (h handler) PlayEnded(id rtpio.PlayID, why rtpio.PlayEnd) {
	h.c.mu.Lock()
	defer h.c.mu.Unlock()
	if id == h.c.playing && why == rtpio.PlayDone {
		h.c.speak(silence{})
	}
}

// MediaStarted implements rtpio.Handler.
func (h handler) MediaStarted(time.Time, netip.AddrPort) {}

// MediaLost implements rtpio.Handler. A phone leaves that to the person.
func (h handler) MediaLost(time.Duration) {}

// silence is a microphone that hears nothing.
type silence struct{}

// ReadFrame implements codec.Source.
func (silence) ReadFrame(f *codec.Frame) error {
	if len(f.Samples) == 0 {
		return io.ErrShortBuffer
	}
	clear(f.Samples)
	return nil
}
