package rtpio

import (
	"time"

	"tandem/sipmedia/codec"
	"tandem/sipmedia/dtmf"
)

// Engine owns the shards, their ports and the streams on them.
type Engine struct{}

// New starts the shards. Close ends them.
func New(Config) (*Engine, error) { return nil, ErrClosed }

// Close closes every stream, ends the shards and waits for them and for all handlers. It may be called twice, but not
// from a Handler.
func (e *Engine) Close() error { return nil }

// Stats reads all counters.
func (e *Engine) Stats() Stats { return Stats{} }

// Open binds a port pair and starts a stream on it. ErrNoPorts if the range is used up.
func (e *Engine) Open(Options) (*Stream, error) { return nil, ErrNoPorts }

// Bridge joins two streams of one shard: what one peer sends the other hears. A bridge that either had ends. It may be
// set up before either Setup. ErrShards if they live apart.
func (e *Engine) Bridge(a, b *Stream) error { return ErrShards }

// Unbridge ends the bridge between two streams, if it is there.
func (e *Engine) Unbridge(a, b *Stream) {}

// Stream is one leg's audio: a port pair, what we send from it and what the peer sends to it. All methods may be called
// from any goroutine but the shard's own (see the package documentation on sources and sinks).
type Stream struct{}

// Port is the local RTP port, an even number. RTCP is on the next.
func (s *Stream) Port() uint16 { return 0 }

// Setup tells what offer and answer agreed on. It is given again for every later agreement: a changed Remote starts
// latching anew, BehindNAT lets the peer move, hold stops the media time-outs.
func (s *Stream) Setup(Setup) error { return ErrSetup }

// Play sends a source to the peer, beginning within 20 ms. A running playback ends with PlayStopped. On a closed
// stream the id's PlayEnded never comes, as no other event does: the 0 id says so.
func (s *Stream) Play(Playback) PlayID { return 0 }

// Stop ends a playback if it is the one that runs.
func (s *Stream) Stop(PlayID) {}

// Hear gives what the peer says to sink, one frame every 20 ms from the first packet on, through a jitter buffer of
// 20-200 ms and with lost frames concealed. Nil ends it. An error of the sink ends it too.
func (s *Stream) Hear(sink codec.Sink) {}

// SendKey sends a key as RFC 4733 events for d (40 ms-8 s), after those still being sent. Audio is held back
// meanwhile. ErrNoEvents if the peer takes none.
func (s *Stream) SendKey(k dtmf.Key, d time.Duration) error { return ErrNoEvents }

// Key is a key that came by SIP INFO: it is treated as if it had come in the audio. A peer that sends each key both ways
// has it counted once.
func (s *Stream) Key(k dtmf.Key) {}

// Report tells how the media went so far.
func (s *Stream) Report() Report { return Report{} }

// Close ends the stream and puts its ports into quarantine. A running playback ends with PlayClosed, after which the
// handler is called no more. It returns the last Report, and may be called twice.
func (s *Stream) Close() Report { return Report{} }
