package rtpio

import (
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// Defaults of Config.
const (
	defaultMinPort      = 20000
	defaultMaxPort      = 29999
	defaultQuarantine   = 20 * time.Second
	defaultFirstMedia   = 30 * time.Second
	defaultNoMedia      = 60 * time.Second
	defaultRTCPInterval = 5 * time.Second
)

// Streams are looked after (reports, time-outs) four times a second, or more often when configured times are short.
const (
	slowSweep = 250 * time.Millisecond
	fastSweep = 5 * time.Millisecond
)

// roomy is how many streams a shard has before the next one gets any: about a third of a core.
const roomy = 800

// Engine owns the shards, their ports and the streams on them.
type Engine struct {
	config Config
	start  time.Time
	sweep  time.Duration
	shards []*shard

	tags    atomic.Int32
	plays   atomic.Uint64
	loops   sync.WaitGroup // shards
	readers sync.WaitGroup // handlers' goroutines
}

// New starts the shards. Close ends them.
func New(c Config) (*Engine, error) {
	c = c.withDefaults()
	if c.MaxPort < c.MinPort+1 {
		return nil, fmt.Errorf("rtpio: port range %d-%d has no pair", c.MinPort, c.MaxPort)
	}
	e := &Engine{config: c, start: time.Now(), sweep: slowSweep}
	for _, d := range []time.Duration{c.FirstMedia, c.NoMedia, c.RTCPInterval} {
		e.sweep = max(fastSweep, min(e.sweep, d/4))
	}
	for _, free := range split(c.MinPort, c.MaxPort, c.Shards) {
		s, err := newShard(e, free)
		if err != nil {
			for _, s := range e.shards {
				s.release()
			}
			return nil, fmt.Errorf("rtpio: start shard: %w", err)
		}
		e.shards = append(e.shards, s)
	}
	for _, s := range e.shards {
		e.loops.Go(s.loop)
	}
	return e, nil
}

func (c Config) withDefaults() Config {
	orDefault(&c.Addr, netip.IPv4Unspecified())
	orDefault(&c.MinPort, defaultMinPort)
	orDefault(&c.MaxPort, defaultMaxPort)
	orDefault(&c.Shards, runtime.GOMAXPROCS(0))
	orDefault(&c.Quarantine, defaultQuarantine)
	orDefault(&c.FirstMedia, defaultFirstMedia)
	orDefault(&c.NoMedia, defaultNoMedia)
	orDefault(&c.RTCPInterval, defaultRTCPInterval)
	orDefault(&c.Log, slog.Default())
	c.Addr, c.Shards = c.Addr.Unmap(), max(1, c.Shards)
	return c
}

func orDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// Close closes every stream, ends the shards and waits for them and for all handlers. It may be called twice, but not
// from a Handler.
func (e *Engine) Close() error {
	for _, s := range e.shards {
		_ = s.do(s.stop) // ErrClosed: stopped before
	}
	e.loops.Wait()
	e.readers.Wait()
	return nil
}

// Stats reads all counters.
func (e *Engine) Stats() Stats {
	total := Stats{Dropped: make(map[string]uint64, drops)}
	for _, s := range e.shards {
		if s.do(func() { s.addTo(&total) }) != nil {
			s.addTo(&total) // stopped: nobody writes any more
		}
		free, used, rests := s.ports.count(e.now())
		total.PortsFree += free
		total.PortsInUse += used
		total.PortsQuarantined += rests
	}
	return total
}

func (s *shard) addTo(t *Stats) {
	t.Streams += int(s.count.Load())
	t.Received += s.received
	t.Forwarded += s.forwarded
	t.Sent += s.sent
	t.LateTicks += s.wheel.late
	t.EventsLost += s.eventsLost
	for why, n := range s.dropped {
		t.Dropped[dropNames[why]] += n
	}
	for _, st := range s.streams {
		if st != nil && st.peer != nil {
			t.Bridged++
		}
	}
}

// Open binds a port pair and starts a stream on it. ErrNoPorts if the range is used up, ErrShards if Near is another
// engine's; other errors are the system's.
func (e *Engine) Open(o Options) (*Stream, error) {
	if o.Near != nil && o.Near.shard.engine != e {
		return nil, ErrShards
	}
	home := e.pick(o.Near)
	rtp, rtcp, port, from, err := e.bindPair(home)
	if err != nil {
		return nil, err
	}
	st := newStream(home, o, rtp, rtcp, port, from, e.tags.Add(2))
	err = ErrClosed
	if doErr := home.do(func() { err = home.attach(st) }); doErr != nil || err != nil {
		rtp.close()
		rtcp.close()
		from.put(port, e.now())
		return nil, fmt.Errorf("rtpio: open stream: %w", errors.Join(doErr, err))
	}
	e.config.Log.Debug("stream opened", "leg", st.name, "port", port)
	return st, nil
}

// pick chooses the shard: that of near, else the first that has room, else the one with the fewest streams. Half as many
// shards that are busy wake up half as often for the same packets.
func (e *Engine) pick(near *Stream) *shard {
	if near != nil {
		return near.shard
	}
	best := e.shards[0]
	for _, s := range e.shards {
		n := s.count.Load()
		if n < roomy {
			return s
		}
		if n < best.count.Load() {
			best = s
		}
	}
	return best
}

// bindPair takes ports until a pair can be bound, first from the home shard's slice, then from its neighbours'. Ports
// that some other process holds rest like used ones.
func (e *Engine) bindPair(home *shard) (rtp, rtcp socket, port uint16, from *ports, err error) {
	for _, from := range e.poolsFrom(home) {
		for {
			port, ok := from.take(e.now())
			if !ok {
				break
			}
			rtp, rtcp, err := e.bindBoth(port)
			if err == nil {
				return rtp, rtcp, port, from, nil
			}
			from.put(port, e.now())
			if !errors.Is(err, unix.EADDRINUSE) {
				return socket{}, socket{}, 0, nil, fmt.Errorf("rtpio: open stream: %w", err)
			}
		}
	}
	return socket{}, socket{}, 0, nil, ErrNoPorts
}

func (e *Engine) bindBoth(port uint16) (rtp, rtcp socket, err error) {
	if rtp, err = bind(e.config.Addr, port, rtpBuffer); err != nil {
		return rtp, rtcp, err
	}
	if rtcp, err = bind(e.config.Addr, port+1, rtcpBuffer); err != nil {
		rtp.close()
	}
	return rtp, rtcp, err
}

func (e *Engine) poolsFrom(home *shard) []*ports {
	pools := []*ports{home.ports}
	for _, s := range e.shards {
		if s != home {
			pools = append(pools, s.ports)
		}
	}
	return pools
}

// Bridge joins two streams of one shard: what one peer sends the other hears. A bridge that either had ends. It may be
// set up before either Setup. ErrShards if they live apart.
func (e *Engine) Bridge(a, b *Stream) error {
	if a.shard != b.shard || a == b {
		return ErrShards
	}
	err := ErrClosed
	if doErr := a.shard.do(func() { err = a.join(b) }); doErr != nil {
		return doErr
	}
	return err
}

// Unbridge ends the bridge between two streams, if it is there.
func (e *Engine) Unbridge(a, b *Stream) {
	_ = a.shard.do(func() { // ErrClosed: no bridge is there any more
		if a.peer == b {
			a.part()
		}
	})
}

// now is the time on the engine's own clock, which begins with New and never jumps.
func (e *Engine) now() time.Duration { return time.Since(e.start) }

// wall is a time on that clock for people.
func (e *Engine) wall(d time.Duration) time.Time { return e.start.Add(d) }
