package sipua

import "time"

// Limits bound what one message or one source can cost us. The zero value of a
// field means the default named beside it.
type Limits struct {
	UDPMessage     int // bytes, DefaultUDPMessage
	TCPMessage     int // bytes, DefaultTCPMessage
	Vias           int // DefaultVias
	Headers        int // DefaultHeaders
	Body           int // bytes, DefaultBody
	TCPConnections int // DefaultTCPConnections
	Dialogs        int // DefaultDialogs
	// DigestTries is how many wrong passwords one source address may send
	// before it is ignored for a while: DefaultDigestTries.
	DigestTries int
	// StrangerRate is how many requests a second are looked at from an address
	// that is neither a trunk nor registered: DefaultStrangerRate.
	StrangerRate int
}

// Defaults of [Limits] and the reason for each.
const (
	// DefaultUDPMessage: an INVITE with ICE candidates is about 5 kB; 16 kB
	// leaves room and still bounds the parser.
	DefaultUDPMessage = 16 << 10
	// DefaultTCPMessage: TCP carries what did not fit a datagram.
	DefaultTCPMessage = 64 << 10
	// DefaultVias: a real call crosses fewer than ten proxies; each Via is
	// copied into every answer.
	DefaultVias = 32
	// DefaultHeaders: large INVITEs have about forty.
	DefaultHeaders = 128
	// DefaultBody: an SDP of 32 kB describes hundreds of streams.
	DefaultBody = 32 << 10
	// DefaultTCPConnections: each costs a goroutine and a read buffer of 4 kB.
	DefaultTCPConnections = 4096
	// DefaultDialogs: above what a node's media can carry, so that it only
	// stops a flood.
	DefaultDialogs = 10000
	// DefaultDigestTries: a person mistypes a few times, a misconfigured phone
	// retries each minute; a guesser needs millions.
	DefaultDigestTries = 20
	// DefaultStrangerRate: an office of two hundred phones behind one address
	// that restarts together.
	DefaultStrangerRate = 200
	// DefaultMaxBindings of an account that names none.
	DefaultMaxBindings = 5
	// DefaultBindingLifetime of an account that names none.
	DefaultBindingLifetime = 300 * time.Second
)

func (l Limits) withDefaults() Limits {
	for _, f := range []struct {
		field *int
		value int
	}{
		{&l.UDPMessage, DefaultUDPMessage}, {&l.TCPMessage, DefaultTCPMessage},
		{&l.Vias, DefaultVias}, {&l.Headers, DefaultHeaders}, {&l.Body, DefaultBody},
		{&l.TCPConnections, DefaultTCPConnections}, {&l.Dialogs, DefaultDialogs},
		{&l.DigestTries, DefaultDigestTries}, {&l.StrangerRate, DefaultStrangerRate},
	} {
		if *f.field <= 0 {
			*f.field = f.value
		}
	}
	return l
}

// Timers are the protocol's clocks. The zero value of a field means the default
// named beside it; tests shorten them.
type Timers struct {
	T1, T2, T4 time.Duration // RFC 3261 §17.1.1.1: 500 ms, 4 s, 5 s
	// Second is how long one second lasts that a header counts
	// (Session-Expires, Expires, Retry-After): 1 s.
	Second time.Duration
	// Hold is how long a message that overtook another one waits for it: 50 ms.
	Hold time.Duration
	// Provisional is the pause between repeats of a 18x while nobody answers:
	// 60 s (RFC 3261 §13.3.1.1).
	Provisional time.Duration
	// NonceLife is how long a digest nonce may be used: 300 s.
	NonceLife time.Duration
	// Sweep is the pause between looks for expired bindings: 30 s.
	Sweep time.Duration
	// Dial bounds a name look-up or TCP connection: 5 s. Write bounds one TCP write: 2 s.
	Dial, Write time.Duration
	// FirstMessage is how long a new TCP connection may take to send one whole
	// message: 10 s. Idle is how long a TCP connection may then be silent: 65
	// min, longer than the longest binding.
	FirstMessage, Idle time.Duration
	// SessionExpires and MinSE in seconds (RFC 4028): 1800 and 90.
	SessionExpires, MinSE int
	// MinExpires is the shortest binding in seconds: 60 (423 below).
	MinExpires int
}

func (t Timers) withDefaults() Timers {
	for _, f := range []struct {
		field *time.Duration
		value time.Duration
	}{
		{&t.T1, 500 * time.Millisecond}, {&t.T2, 4 * time.Second}, {&t.T4, 5 * time.Second},
		{&t.Second, time.Second}, {&t.Hold, 50 * time.Millisecond}, {&t.Provisional, time.Minute},
		{&t.NonceLife, 300 * time.Second}, {&t.Sweep, 30 * time.Second},
		{&t.Dial, 5 * time.Second}, {&t.Write, 2 * time.Second},
		{&t.FirstMessage, 10 * time.Second}, {&t.Idle, 65 * time.Minute},
	} {
		if *f.field <= 0 {
			*f.field = f.value
		}
	}
	for _, f := range []struct {
		field *int
		value int
	}{{&t.SessionExpires, 1800}, {&t.MinSE, 90}, {&t.MinExpires, 60}} {
		if *f.field <= 0 {
			*f.field = f.value
		}
	}
	return t
}
