// Package sipmedia drives the calls of one node: it answers, plays, collects
// keys, rings, joins and hangs up as it is asked to, and reports what it saw.
//
// It never chooses the next step of a call and never waits for those who do:
// whatever a caller can hear is decided here, in the call itself, at once.
//
// # One call
//
// An INVITE becomes a [call.Incoming] for [Feed].Incoming. From then on the call
// obeys operations, one at a time: [Switch.Play], [Switch.Gather],
// [Switch.Ring], [Switch.Wait], [Switch.Talk] and at last [Switch.End]. Each is
// named by a [call.OpID]; asked again it is not done again: a repeat gets the
// result of the first, now or when there is one. Another operation while one is
// running takes its place, and the first ends with [ErrSuperseded]; only
// [Switch.Offer] runs beside a Wait.
//
// A call may also begin here: [Switch.Originate] rings a contact method, and
// whoever answers is the caller from then on. Nothing else in this package knows
// the two kinds of caller apart but a leg, which remembers who dialled whom.
//
// # Why no goroutine per call
//
// All that concerns one call runs in the order it happened, on a mailbox that
// borrows a goroutine while there is work. A call in which two people talk costs
// memory only, and no lock is shared between calls but the maps that find them
// and their conference rooms; a room has a mailbox of its own (see rooms).
// We turned down one goroutine and channel per call: a full channel would have
// to block the SIP dialog or the media that reports, or lose the report.
package sipmedia

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/netip"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"tandem/flow/call"
	"tandem/sipmedia/audio"
	"tandem/sipmedia/rtpio"
	"tandem/sipmedia/sdp"
	"tandem/sipmedia/sipua"
)

// Errors of operations.
var (
	ErrNoLeg      = call.ErrNoLeg
	ErrClosed     = call.ErrClosed
	ErrSuperseded = call.ErrSuperseded
)

// Config is all that a Switch is made of.
type Config struct {
	Node   string       // id of this node
	SIP    sipua.Config // OnCall and Trace are set by the Switch
	RTP    rtpio.Config // with a wildcard address, SDP names the address that routes to the peer, or SIP.Advertise
	Sounds Sounds       // nil: every audio is missing
	Feed   Feed         // Incoming is required
	// Password is the secret of a contact method whose server asks for digest. It
	// is looked up here since it must not pass through a workflow's history. It
	// must not block. Nil: there are none.
	Password func(contactMethod string) string
	Codecs   []sdp.Codec  // best first; none means PCMA, PCMU
	Tones    string       // whose ringback tone callers hear, ISO 3166 alpha-2; empty: Europe's
	Waits    Waits        // zero: the defaults
	Log      *slog.Logger // with the node's name; nil: slog.Default()
}

// Waits bounds each wait of a Switch. The zero value of a field means the
// default named beside it; tests shorten them.
type Waits struct {
	Incoming time.Duration // for Feed.Incoming: 5 s, then 503
	Unasked  time.Duration // for the first operation of a call: 30 s, then 503
	Sound    time.Duration // for Sounds.Clip: 5 s, then the audio counts as missing
	Keep     time.Duration // how long results are kept after End: 30 s
	Orphan   time.Duration // how long a call without legs waits for its End: 10 min
	Warning  time.Duration // how long before the longest talk is over both hear a tone: 1 min
	Close    time.Duration // at a stop, for BYEs to be answered and for the Ends of calls cut off: 2 s
}

func (w Waits) withDefaults() Waits {
	for _, f := range []struct {
		field *time.Duration
		value time.Duration
	}{
		{&w.Incoming, 5 * time.Second}, {&w.Unasked, 30 * time.Second}, {&w.Sound, 5 * time.Second},
		{&w.Keep, 30 * time.Second}, {&w.Orphan, 10 * time.Minute}, {&w.Warning, time.Minute},
		{&w.Close, 2 * time.Second},
	} {
		if *f.field <= 0 {
			*f.field = f.value
		}
	}
	return w
}

// Sounds finds audio by its id.
type Sounds interface {
	// List is what an id plays: the files of a playlist, and of a file itself.
	List(ctx context.Context, audioID string) (Playlist, error)
	// Clip is a file: mono, 8000 samples a second, and never changed afterwards.
	Clip(ctx context.Context, file string) (*audio.Clip, error)
}

// Playlist is files that play one after the other.
type Playlist struct {
	Files   []string
	Shuffle bool // anew in each round
	Loop    bool // a playback of it goes on until it is stopped
}

// Feed is where a Switch reports to. Its functions are called from goroutines
// of the call they are about.
type Feed struct {
	// Incoming hands over a new call. An error refuses it with 503.
	Incoming func(context.Context, call.Incoming) error
	// Event tells what nobody had asked to be told. Nil: nobody wants to know.
	Event func(call.Event, call.ID)
	// Messages gets the SIP ladder of one call in batches. It must not block.
	Messages func([]call.SIPMessage)
}

// Switch is the calls of one node.
type Switch struct {
	cfg    Config
	log    *slog.Logger
	engine *rtpio.Engine
	ua     *sipua.UA
	ladder *ladder
	ready  chan struct{} // closed when ua is set; calls may come before

	lines                *lines
	ringback, busy, beep audio.Clip
	rooms                *rooms

	mu      sync.RWMutex
	calls   map[call.ID]*live
	running int  // calls that are not over
	closing bool // no new calls
	closed  bool
	quiet   chan struct{} // closed when closing and nothing is running

	kept     sync.WaitGroup // one for each call until it is forgotten
	legs     atomic.Int64
	pending  atomic.Int64
	sessions atomic.Uint64
}

// New opens the media engine and the SIP sockets. Calls may arrive before it
// returns.
func New(cfg Config) (*Switch, error) {
	if cfg.Feed.Incoming == nil {
		return nil, errors.New("switch: Feed.Incoming is missing")
	}
	if len(cfg.Codecs) == 0 {
		cfg.Codecs = []sdp.Codec{sdp.PCMA, sdp.PCMU}
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.Sounds == nil {
		cfg.Sounds = noSounds{}
	}
	if cfg.RTP.FirstMedia <= 0 {
		cfg.RTP.FirstMedia = defaultFirstMedia
	}
	cfg.Waits = cfg.Waits.withDefaults()
	s := &Switch{
		cfg: cfg, log: cfg.Log, calls: map[call.ID]*live{},
		ready: make(chan struct{}), quiet: make(chan struct{}), ladder: newLadder(cfg.Feed.Messages),
		lines:    newLines(),
		ringback: audio.Ringback(cfg.Tones).Clip(mediaRate), busy: audio.Busy(cfg.Tones).Clip(mediaRate), beep: audio.Beep().Clip(mediaRate),
		rooms: newRooms(),
	}
	var err error
	if s.engine, err = rtpio.New(cfg.RTP); err != nil {
		s.ladder.close()
		return nil, fmt.Errorf("media engine: %w", err)
	}
	sip := cfg.SIP
	sip.OnCall, sip.Trace = s.onCall, s.ladder.trace
	if s.ua, err = sipua.New(sip); err != nil {
		s.ladder.close()
		return nil, errors.Join(err, s.engine.Close())
	}
	close(s.ready)
	return s, nil
}

// Addrs are the SIP sockets, in the order of Config.SIP.Listen.
func (s *Switch) Addrs() []sipua.Listen { return s.ua.Addrs() }

// UA is the node's signalling, for news about bindings.
func (s *Switch) UA() *sipua.UA {
	<-s.ready
	return s.ua
}

// Close refuses new calls with 503, waits for running ones until ctx ends, hangs
// up what is left, gives those in charge a moment to fetch how that went, and
// closes the sockets. It may be called twice.
func (s *Switch) Close(ctx context.Context) error {
	if !s.startClosing() {
		return nil
	}
	select {
	case <-s.quiet:
	case <-ctx.Done():
		s.hangUpAll()
	}
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	for _, c := range s.all() {
		c.box.post(func() { c.abandon(call.CauseNodeLost); c.forget() })
	}
	s.kept.Wait()
	s.rooms.work.Wait()
	// BYEs of the calls ended above deserve their answers, also when ctx is over.
	wait, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.cfg.Waits.Close)
	defer cancel()
	err := s.ua.Close(wait)
	s.ladder.close()
	return errors.Join(err, s.engine.Close())
}

// defaultFirstMedia is how long a leg may take to send its first audio (product
// sheet 11).
const defaultFirstMedia = 30 * time.Second

// drained is why a call ends that outlives the wait, by whether it is still
// unanswered: that caller is told 503 and tries another way in.
var drained = map[bool]call.Cause{true: call.CauseCongestion, false: call.CauseOperator}

// hangUpAll ends the legs of all calls, so that their workflows write what
// happened, and waits a moment for these to say that the calls are over.
func (s *Switch) hangUpAll() {
	for _, c := range s.all() {
		c.box.post(func() { c.endLegs(drained[c.a == nil || c.a.rec.Answered.IsZero()]) })
	}
	wait := time.NewTimer(s.cfg.Waits.Close)
	defer wait.Stop()
	select {
	case <-s.quiet:
	case <-wait.C:
	}
}

// all are the calls that are kept at this moment.
func (s *Switch) all() []*live {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Collect(maps.Values(s.calls))
}

func (s *Switch) startClosing() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing {
		return false
	}
	s.closing = true
	if s.running == 0 {
		close(s.quiet)
	}
	return true
}

// Abandon ends the legs of a call that nobody is in charge of any more.
func (s *Switch) Abandon(id call.ID, cause call.Cause) {
	if c := s.find(id); c != nil {
		c.box.post(func() { c.abandon(cause) })
	}
}

// Stats are figures of one moment.
type Stats struct {
	Calls      int // not over yet
	Kept       int // over, results still kept
	Legs       int // not ended
	Operations int // asked and not ended
	Goroutines int // of the whole process
	Ladder     LadderStats
	RTP        rtpio.Stats
	SIP        sipua.Stats
}

// Stats returns present figures.
func (s *Switch) Stats() Stats {
	s.mu.RLock()
	running, all := s.running, len(s.calls)
	s.mu.RUnlock()
	return Stats{
		Calls: running, Kept: all - running,
		Legs: int(s.legs.Load()), Operations: int(s.pending.Load()), Goroutines: runtime.NumGoroutine(),
		Ladder: s.ladder.stats(), RTP: s.engine.Stats(), SIP: s.ua.Stats(),
	}
}

func (s *Switch) find(id call.ID) *live {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.calls[id]
}

// admit counts a new call, unless the switch is closing.
func (s *Switch) admit(c *live) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing {
		return false
	}
	s.count(c)
	return true
}

// enter is the call of an id, which is made and counted if there is none yet.
// It is nil when the switch is closing.
func (s *Switch) enter(id call.ID) *live {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.calls[id]; c != nil || s.closing {
		return c
	}
	c := newLive(s, id)
	s.count(c)
	return c
}

func (s *Switch) count(c *live) {
	s.calls[c.id] = c
	s.running++
	s.kept.Add(1)
}

// release counts a call as over; its results are still kept.
func (s *Switch) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running--
	if s.closing && s.running == 0 {
		select {
		case <-s.quiet:
		default:
			close(s.quiet)
		}
	}
}

func (s *Switch) remove(id call.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.calls, id)
}

// newSession makes the offer/answer state of a leg whose peer is at an address.
func (s *Switch) newSession(port uint16, peer netip.Addr) *sdp.Session {
	return sdp.NewSession(sdp.Local{
		Addr: s.mediaAddr(peer), Port: port, Codecs: s.cfg.Codecs, User: "tandem",
		ID: uint64(time.Now().Unix())<<20 | s.sessions.Add(1)&(1<<20-1),
	})
}

// mediaAddr is the address for a peer to send its audio to.
func (s *Switch) mediaAddr(peer netip.Addr) netip.Addr {
	if a := s.cfg.SIP.Advertise; a.IsValid() {
		return a
	}
	if a := s.cfg.RTP.Addr; a.IsValid() && !a.IsUnspecified() {
		return a
	}
	return routeTo(peer)
}

type noSounds struct{}

func (noSounds) List(_ context.Context, id string) (Playlist, error) {
	return Playlist{Files: []string{id}}, nil
}

func (noSounds) Clip(_ context.Context, id string) (*audio.Clip, error) {
	return nil, fmt.Errorf("no audio %q", id)
}
