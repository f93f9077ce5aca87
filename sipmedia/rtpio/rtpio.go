// Package rtpio moves the audio of every leg of this node: RTP in, RTP out, prompts, keys and reports.
//
// It never decides what a call does next, never takes a lock or allocates for a packet or a tick, and never believes a
// packet from an address that the peer's SDP did not lead to.
//
// # Shards
//
// An Engine runs one goroutine per core, each with its own epoll set and its own slice of the port range: a shard. A
// Stream lives on one shard all its life and only that goroutine touches it; calls from outside travel through the
// shard's command ring and an eventfd, and return when the shard has carried them out. Both legs of a bridge must live on
// one shard: open the second with Options.Near. Sockets are read and written by raw system calls that cannot block.
//
// How a shard waits. With little traffic it parks in Go's poller, its epoll set nested in the runtime's. From more than two
// packets a millisecond on it takes its set out of there and naps until the next tick of the wheel, in a raw system call,
// taking one packet of each socket per nap: interrupt moderation, as network cards do it. That delays a packet by up to
// 1 ms. A nap holds its processor for at most a millisecond, ends with a signal of the runtime (stop the world, preemption),
// and each eighth is a time.Sleep that gives the processor back. Streams fill one shard before the next one gets any, since
// half the shards wake up half as often.
//
// Why so: a blocking epoll_wait on a thread of its own leaves its processor to be taken away by the runtime's monitor,
// which then looks every 20 µs. BenchmarkBridgedCalls, 100 calls, % of a core for the whole process, medians of the same
// minutes on a busy 2-core AMD EPYC virtual machine, Linux 6.18, go1.26.8:
//
//	parked for every packet (before 86e1f8a)              15.5
//	naps (86e1f8a)                                         8.3
//	goroutine per socket                                  15.8
//	C that only naps, receives and sends, no RTP           6.3
//
// Of what is left, receiving and sending in the kernel is more than half (2.5 µs to send and 0.5 µs to receive when it is all
// in the cache, 4.5 µs in C here), and a nap with its timer most of the rest. With the machine idle: 8.9 naps, 11.5 parked.
// Phones that send in bursts on the millisecond, as callbench does, gain nothing: their packets came together before. The
// node then takes 10.0 % with naps and 10.2 % parked, idle, and audio is delayed 1.2 instead of 0.8 ms (p99).
// In any way audio is forwarded 10 ms late or worse once as many goroutines compute without pause as there are processors
// (GOMAXPROCS): whoever encodes recordings beside this package leaves one free, or raises GOMAXPROCS by as many as encode.
//
// # What happens on arrival and what on the wheel
//
// A packet of a bridged leg leaves again in the same wake-up: new header, payload as it came, or through a 256-byte table
// between PCMU and PCMA (see package codec for why). RFC 4733 events cross the bridge in the same way with the other leg's
// payload type, and are reported as keys too; if the other leg did not negotiate telephone-event they are dropped, not
// turned into tones, and the sequence numbers close over them. Comfort noise (RFC 3389) is treated alike. Only what needs
// samples (Play, Hear, Sit, SendKey) is paced by the wheel: 20 ms in 20 slots, streams spread over them. A wheel without streams
// does not tick, and an engine without streams does not wake.
//
// What a stream sends has one SSRC, and sequence numbers and timestamps without a break, whatever feeds it: prompt,
// bridge, another prompt, or a bridged peer that changes its SSRC. The first audio after such a change has the marker
// bit. Losses of a bridged peer stay visible as gaps. Of what may feed a stream, a key being sent goes before a
// playback and that before the bridge or the seat in a mix: while a prompt runs, its listener hears nothing else.
//
// # Sources and sinks
//
// Source.ReadFrame and Sink.WriteFrame are called on the shard's goroutine. They must return within microseconds, must
// not block and should not allocate: the audio of hundreds of legs waits behind them. What cannot promise that puts a
// codec.Queue between. They must not call methods of this package, which would wait for the very goroutine they hold.
//
// # Handlers
//
// A Handler is called on a goroutine of its stream, in order, never on the shard's, so one that is slow or stuck delays
// nobody else, and it may call any method but Engine.Close. Its queue has 64 places: when the reader is that slow, keys
// are the first to be dropped (and counted in Stats.EventsLost), 16 places being kept for what ends operations.
//
// # RTP guard
//
// Before the first good packet only the address in Setup.Remote is heard. A peer behind NAT may come from anywhere, but
// has to send three packets that belong together (same SSRC, consecutive sequence numbers, the right payload type).
// From then on the socket is connected to that source and the kernel discards everything else; a new source needs
// another Setup. Everything goes back to where audio comes from (symmetric RTP), unless a peer that is not behind NAT
// sends from another port of its SDP address: then it is heard from there, after three packets and until the port of
// the SDP speaks itself, and sent to where its SDP asked. A new SSRC from the right address is believed with its second packet in a row (RFC 3550 A.1).
//
// Linux only: epoll, eventfd and timerfd are used directly.
package rtpio

import (
	"errors"
	"log/slog"
	"net/netip"
	"time"

	"tandem/sipmedia/codec"
	"tandem/sipmedia/dtmf"
)

// Errors a caller can act on.
var (
	ErrNoPorts  = errors.New("rtpio: no free port in the range")
	ErrClosed   = errors.New("rtpio: closed")
	ErrShards   = errors.New("rtpio: streams live on different shards, open the second near the first")
	ErrSetup    = errors.New("rtpio: invalid setup")
	ErrNoEvents = errors.New("rtpio: peer takes no telephone-events")
)

// Config is what an Engine needs to know. The zero value of each field means its default.
type Config struct {
	Addr    netip.Addr // address to bind; default 0.0.0.0. An IPv6 address, also ::, makes IPv6 sockets (:: takes IPv4 too)
	MinPort uint16     // first port of the range; default 20000
	MaxPort uint16     // last port of the range; default 29999. A stream takes an even port for RTP and the next for RTCP
	Shards  int        // default GOMAXPROCS

	Quarantine   time.Duration // a closed port is not used again for so long; 10-30 s, default 20 s
	FirstMedia   time.Duration // MediaLost when nothing came so long after Setup; default 30 s
	NoMedia      time.Duration // MediaLost when nothing came for so long later; default 60 s (product §11; design §4 has 15 s)
	RTCPInterval time.Duration // mean time between reports (RFC 3550 §6.2); default 5 s

	Log *slog.Logger // default slog.Default()
}

// Stats counts since New, over all shards.
type Stats struct {
	Streams          int // open now
	Bridged          int // of these, joined to another
	PortsFree        int // RTP ports (pairs) that Open could take now
	PortsInUse       int
	PortsQuarantined int

	Received  uint64            // RTP packets accepted
	Forwarded uint64            // RTP packets sent on across a bridge
	Sent      uint64            // RTP packets sent, forwarded ones included
	Dropped   map[string]uint64 // packets not accepted or not sent on, by reason (see drops)

	LateTicks  uint64 // wheel ticks that ran more than 5 ms after their time
	EventsLost uint64 // events that a slow Handler had no room for
}

// Options say how to open a stream.
type Options struct {
	Near    *Stream // put it on the same shard, so that the two can be bridged
	Handler Handler // nil: nobody listens
	Name    string  // what the log calls it (key "leg")
}

// Handler hears what happens on a stream: see the package documentation on when and where it is called.
type Handler interface {
	// Key is called once per key press, at key down, whether it came by RFC 4733 or by Stream.Key. A playback that the
	// key ends has been stopped already; its PlayEnded follows.
	Key(k dtmf.Key, at time.Time)
	// PlayEnded is called once for every Play.
	PlayEnded(id PlayID, why PlayEnd)
	// MediaStarted is called with the first accepted packet after a Setup that named a new peer, or one behind NAT.
	MediaStarted(at time.Time, from netip.AddrPort)
	// MediaLost is called when nothing, not even RTCP, has come for d: Config.FirstMedia after the latest Setup if the
	// peer was never heard, else Config.NoMedia after its last packet or Setup. Never on hold, and once per loss.
	MediaLost(d time.Duration)
}

// Setup is what offer and answer agreed on for a stream. It may be given again at any time.
type Setup struct {
	Remote    netip.AddrPort // where the peer's SDP wants RTP; the zero value: nowhere yet
	RTCP      netip.AddrPort // from a=rtcp (RFC 3605); the zero value: Remote's port + 1
	RTCPMux   bool           // RTCP on the RTP port (RFC 5761)
	BehindNAT bool           // the SDP address may be private or wrong: latch to who really sends

	Codec            *codec.Codec
	PayloadType      uint8 // of Codec, 0-127, both ways
	EventPayloadType uint8 // of telephone-event, 96-127; 0: not negotiated
	EventsFrom       uint8 // another type that the peer may send events with; 0: none

	Send    bool          // peer may hear us; false on hold (a=sendonly, a=inactive in the peer's view)
	Receive bool          // we hear the peer
	PTime   time.Duration // what the peer asks for; 20 ms is what we send, others are only recorded
}

// PlayID names one playback of an engine. 0 is never used.
type PlayID uint64

// PlayEnd says why a playback ended.
type PlayEnd uint8

// The ways for a playback to end.
const (
	PlayDone    PlayEnd = iota + 1 // the source said io.EOF
	PlayKey                        // a key that barges in
	PlayStopped                    // Stop, or another Play
	PlayClosed                     // the stream was closed
	PlayFailed                     // the source returned another error
)

var playEndNames = [...]string{"none", "done", "key", "stopped", "closed", "failed"}

// String is the word for logs.
func (e PlayEnd) String() string {
	if int(e) >= len(playEndNames) {
		return playEndNames[0]
	}
	return playEndNames[e]
}

// Playback is audio to be sent.
type Playback struct {
	Source  codec.Source // read at the codec's clock rate (8000) on the shard's goroutine: see the package documentation
	BargeIn bool         // a key of the peer stops it
	Keys    string       // which keys do, e.g. "0123456789*#"; empty: every key
}

// Report is what is known about a stream's media so far.
type Report struct {
	Codec  string         // "" before Setup
	Remote netip.AddrPort // where audio comes from, or is sent to if none has come

	Sent     uint64
	Received uint64
	Lost     int64         // RFC 3550 A.3; negative when there were duplicates
	Jitter   time.Duration // of what we receive, RFC 3550 A.8

	RemoteLost     int64   // as the peer's last report says
	RemoteFraction float64 // lost since its report before, 0-1
	RemoteJitter   time.Duration
	RTT            time.Duration // 0: not measured

	First, Last time.Time     // first and last accepted packet; zero: none
	LargestGap  time.Duration // longest time between two accepted packets, times on hold left out
}
