package phone

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"tandem/sipmedia/codec"
	"tandem/sipmedia/dtmf"
	"tandem/sipmedia/rtpio"
	"tandem/sipmedia/sdp"
	"tandem/sipmedia/sipua"
)

// EventKind is what happened in a call.
type EventKind string

// The kinds.
const (
	Ringing    EventKind = "ringing"     // 180, Status says which
	EarlyMedia EventKind = "early-media" // 183 or another 18x with SDP
	Answered   EventKind = "answered"    // 200: both may speak
	KeyHeard   EventKind = "key"         // the other side keyed Key
	Held       EventKind = "held"        // the other side put us on hold
	Resumed    EventKind = "resumed"
	Ended      EventKind = "ended" // the last
)

// Event is one thing that happened in a call.
type Event struct {
	Kind   EventKind
	At     time.Time
	Status int       // of SIP, where there is one
	Key    dtmf.Key  // of KeyHeard
	End    sipua.End // of Ended
}

// eventRoom is how many events wait for a reader; then keys are dropped.
const eventRoom = 256

// keyTime is how long a key is held, and keyGap the pause after it.
const (
	keyTime = 100 * time.Millisecond
	keyGap  = 60 * time.Millisecond
)

// Call is one call of a phone. Its methods may be called from any goroutine.
type Call struct {
	p        *Phone
	received bool
	offer    []byte // of the other side, when it called
	stream   *rtpio.Stream
	events   chan Event
	over     chan struct{}

	mu       sync.Mutex
	dialog   *sipua.Dialog
	placed   chan struct{} // closed when dialog is set
	session  *sdp.Session
	agreed   sdp.Agreed
	ready    bool
	ended    bool
	end      sipua.End
	report   rtpio.Report
	speaking codec.Source // what to say as soon as we may
	playing  rtpio.PlayID
}

func (p *Phone) newCall(received bool) (*Call, error) {
	p.mu.Lock()
	closed := p.closed
	p.mu.Unlock()
	if closed {
		return nil, ErrClosed
	}
	c := &Call{
		p: p, received: received, events: make(chan Event, eventRoom), over: make(chan struct{}),
		placed: make(chan struct{}), speaking: silence{},
	}
	stream, err := p.engine.Open(rtpio.Options{Handler: handler{c}, Name: "phone " + p.cfg.User})
	if err != nil {
		return nil, err
	}
	c.stream = stream
	c.session = sdp.NewSession(sdp.Local{
		Addr: p.cfg.Addr, Port: stream.Port(), Codecs: p.cfg.Codecs, User: p.cfg.User, ID: p.sessions.Add(1),
	})
	return c, nil
}

func (c *Call) setDialog(d *sipua.Dialog) {
	c.mu.Lock()
	c.dialog = d
	c.mu.Unlock()
	close(c.placed)
}

// Dialog is the signalling of the call, for what this package does not do.
func (c *Call) Dialog() *sipua.Dialog {
	<-c.placed
	return c.dialog
}

// From is who calls, as the phone would show it: number and name.
func (c *Call) From() (number, name string) {
	f := c.Dialog().Facts()
	return f.From, f.FromName
}

// Events gives what happens, in order. It is closed after Ended.
func (c *Call) Events() <-chan Event { return c.events }

// Done is closed when the call has ended.
func (c *Call) Done() <-chan struct{} { return c.over }

// End says how the call ended; only after Done.
func (c *Call) End() sipua.End {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.end
}

// Report is how the audio went so far.
func (c *Call) Report() rtpio.Report {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		return c.report
	}
	return c.stream.Report()
}

// Ring tells the caller that the phone rings.
func (c *Call) Ring() error { return c.Dialog().Provisional(180, nil) }

// EarlyMedia lets the caller hear us before the call is answered.
func (c *Call) EarlyMedia() error {
	body, err := c.answerSDP()
	if err != nil {
		return err
	}
	return c.Dialog().Provisional(183, body)
}

// Answer takes the call.
func (c *Call) Answer() error {
	body, err := c.answerSDP()
	if err != nil {
		return err
	}
	return c.Dialog().Answer(body)
}

// Reject refuses the call with a status of 300–699.
func (c *Call) Reject(status int) error { return c.Dialog().Reject(status, "") }

// Hangup ends the call, whatever its state.
func (c *Call) Hangup() { c.Dialog().Bye("") }

// answerSDP is our answer to the caller's offer, or our offer to one who made
// none.
func (c *Call) answerSDP() ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.received || c.ended {
		return nil, ErrState
	}
	if c.offer == nil {
		return c.session.Offer(), nil
	}
	body, agreed, err := c.session.Answer(c.offer)
	if err != nil {
		return nil, err
	}
	return body, c.apply(agreed)
}

// Speak is what the phone's microphone hears from now on; after its end there is
// silence. Before audio can flow it waits.
func (c *Call) Speak(src codec.Source) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.speak(src)
}

func (c *Call) speak(src codec.Source) {
	c.speaking = src
	if src != nil && c.ready && !c.ended {
		c.playing = c.stream.Play(rtpio.Playback{Source: src})
	}
}

// Mute sends nothing at all from now on, as a phone that has lost its network
// would; Speak ends it.
func (c *Call) Mute() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stream.Stop(c.playing)
	c.speaking, c.playing = nil, 0
}

// Listen gives what the phone hears to sink; nil stops it.
func (c *Call) Listen(sink codec.Sink) { c.stream.Hear(sink) }

// SendKey keys once, in the phone's way, and waits until it has been sent.
func (c *Call) SendKey(ctx context.Context, k dtmf.Key) error {
	way := c.p.cfg.Keys
	var err error
	if way != KeysByInfo {
		err = c.stream.SendKey(k, keyTime)
	}
	if way != KeysByEvent {
		err = errors.Join(err, c.Dialog().Info(ctx, dtmf.RelayType, []byte(dtmf.Info{Key: k, Duration: keyTime}.Relay())))
	}
	if err != nil {
		return fmt.Errorf("send key: %w", err)
	}
	return pause(ctx, keyTime+keyGap)
}

// SendKeys keys several times. A comma is a pause of one second.
func (c *Call) SendKeys(ctx context.Context, keys string) error {
	for _, symbol := range []byte(keys) {
		if symbol == ',' {
			if err := pause(ctx, time.Second); err != nil {
				return err
			}
			continue
		}
		k, err := dtmf.ParseKey(symbol)
		if err == nil {
			err = c.SendKey(ctx, k)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Hold puts the other side on hold (a=sendonly); Resume takes it back.
func (c *Call) Hold(ctx context.Context) error { return c.redirect(ctx, sdp.SendOnly) }

// Resume ends a hold of ours.
func (c *Call) Resume(ctx context.Context) error { return c.redirect(ctx, sdp.SendRecv) }

func (c *Call) redirect(ctx context.Context, want sdp.Direction) error {
	return c.reoffer(ctx, func(s *sdp.Session) { s.Want(want) })
}

// UseCodec offers a codec before the others from now on.
func (c *Call) UseCodec(ctx context.Context, name string) error {
	return c.reoffer(ctx, func(s *sdp.Session) { s.Prefer(name) })
}

func (c *Call) reoffer(ctx context.Context, change func(*sdp.Session)) error {
	c.mu.Lock()
	change(c.session)
	offer := c.session.Offer()
	c.mu.Unlock()
	answer, err := c.Dialog().Reinvite(ctx, offer)
	if err != nil {
		return fmt.Errorf("re-invite: %w", err)
	}
	return c.accept(answer)
}

func (c *Call) accept(answer []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		return nil
	}
	agreed, err := c.session.Accept(answer)
	if err != nil {
		return err
	}
	return c.apply(agreed)
}

// apply tells the stream what was agreed and, the first time, begins to speak.
func (c *Call) apply(a sdp.Agreed) error {
	if a.Remote.Addr().IsUnspecified() {
		a.Remote, a.RemoteRTCP = c.agreed.Remote, c.agreed.RemoteRTCP
	}
	held := c.ready && c.agreed.Held()
	c.agreed = a
	err := c.stream.Setup(rtpio.Setup{
		Remote: a.Remote, RTCP: a.RemoteRTCP, Codec: codec.ByName(a.Codec.Name, a.Codec.Rate),
		PayloadType: a.Codec.PayloadType, EventPayloadType: a.EventPayloadType, EventsFrom: a.EventsFrom,
		Send: a.Direction.Sends(), Receive: a.Direction.Receives(), PTime: a.PTime,
	})
	if !c.ready {
		c.ready = true
		c.speak(c.speaking)
	}
	if held != a.Held() {
		c.tell(Event{Kind: map[bool]EventKind{true: Held, false: Resumed}[a.Held()]})
	}
	return err
}

// tell reports an event; it is called with mu held and never after Ended.
func (c *Call) tell(e Event) {
	if c.ended && e.Kind != Ended {
		return
	}
	e.At = time.Now()
	select {
	case c.events <- e:
	default: // nobody reads; Done still tells the end
	}
}
