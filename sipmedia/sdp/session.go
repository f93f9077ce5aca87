package sdp

import (
	"bytes"
	"errors"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ErrNothingInCommon says that a description has no audio line that we could
// use: refuse it with 488 (RFC 3261 §21.4.26).
var ErrNothingInCommon = errors.New("no audio codec in common")

// Codec is an audio encoding that one end is willing to use.
type Codec struct {
	Name        string // as in rtpmap, compared without regard to case
	PayloadType uint8  // used in our own offers
	Rate        int    // clock rate, Hz
}

// The codecs of this release. TelephoneEvent is RFC 4733 and goes with any.
var (
	PCMU           = Codec{"PCMU", 0, 8000}
	PCMA           = Codec{"PCMA", 8, 8000}
	TelephoneEvent = Codec{"telephone-event", 101, 8000}
)

const (
	eventParams  = "0-16" // the sixteen keys and hook flash, RFC 4733 §3.2
	defaultPTime = 20 * time.Millisecond
	maxPTime     = 200 * time.Millisecond
)

// Local is our end: where we listen and what we speak, best first.
type Local struct {
	Addr   netip.Addr // written into c= and o=
	Port   uint16
	Codecs []Codec // without TelephoneEvent, which is always offered
	ID     uint64  // o= session id, unlike that of any other session of ours
	User   string  // o= user; empty is "-"
}

// Agreed is what offer and answer together say about the one audio stream.
type Agreed struct {
	Remote           netip.AddrPort // where to send; address unspecified: nowhere
	RemoteRTCP       netip.AddrPort
	Codec            Codec         // PayloadType is the one to send with
	EventPayloadType uint8         // to send RFC 4733 events with; 0: the peer takes none
	EventsFrom       uint8         // what the peer may send events with: each side names what it takes (RFC 3264 §5.1)
	Direction        Direction     // ours: whether we may send and shall receive
	PTime            time.Duration // what the peer asked for, 20 ms when it did not
}

// Held tells whether the peer has put us on hold: it no longer wants our audio.
func (a Agreed) Held() bool { return !a.Direction.Sends() }

// Session is one dialog's offer/answer state. It is for one goroutine.
type Session struct {
	local   Local
	want    Direction
	prefer  string
	version uint64
	sent    []byte  // the last description of ours
	layout  []Media // m-lines of the dialog; ours is at index audio
	audio   int
	event   uint8 // payload type of our telephone-event
}

// NewSession makes the state of a dialog that has not negotiated yet.
func NewSession(l Local) *Session {
	if l.User == "" {
		l.User = "-"
	}
	return &Session{local: l, want: SendRecv, event: TelephoneEvent.PayloadType}
}

// Want sets the direction we would like from the next offer or answer on:
// SendRecv at first, SendOnly or Inactive to put the peer on hold.
func (s *Session) Want(d Direction) { s.want = d }

// Prefer names the codec to offer first, and to answer with if the peer has it.
// It is how a transcoder between two legs is avoided.
func (s *Session) Prefer(name string) { s.prefer = name }

// Offer is a description of all we can do. Repeated m-lines of the dialog keep
// their place (RFC 3264 §8).
func (s *Session) Offer() []byte {
	m := s.audioLine(s.want)
	for _, c := range s.ordered() {
		m.Formats = append(m.Formats, formatOf(c, c.PayloadType))
	}
	m.Formats = append(m.Formats, eventFormat(s.event))
	if len(s.layout) == 0 {
		s.layout = make([]Media, 1)
	}
	s.layout[s.audio] = m
	return s.print()
}

// Answer reads the peer's offer and returns our answer with what is agreed.
// Lines that we do not take are refused in place with port 0 (RFC 3264 §6). An
// offer that says what the last one said gets the identical answer. Errors are
// ErrMalformed and ErrNothingInCommon; they leave the session as it was.
func (s *Session) Answer(offer []byte) ([]byte, Agreed, error) {
	d, err := Parse(offer)
	if err != nil {
		return nil, Agreed{}, err
	}
	at, codec := s.choose(d.Media)
	if at < 0 {
		return nil, Agreed{}, ErrNothingInCommon
	}
	theirs := &d.Media[at]
	agreed := s.agree(theirs, codec)
	agreed.EventsFrom = agreed.EventPayloadType // our answer repeats their number
	m := s.audioLine(agreed.Direction)
	m.Proto = theirs.Proto
	m.Formats = append(m.Formats, formatOf(codec, codec.PayloadType))
	if agreed.EventPayloadType != 0 {
		s.event = agreed.EventPayloadType
		m.Formats = append(m.Formats, eventFormat(s.event))
	}
	s.layout = refused(d.Media)
	s.audio = at
	s.layout[at] = m
	return s.print(), agreed, nil
}

// Accept reads the peer's answer to our last offer. Errors are ErrMalformed and
// ErrNothingInCommon.
func (s *Session) Accept(answer []byte) (Agreed, error) {
	d, err := Parse(answer)
	if err != nil {
		return Agreed{}, err
	}
	if s.audio >= len(d.Media) {
		return Agreed{}, ErrNothingInCommon
	}
	theirs := &d.Media[s.audio]
	codec, ok := s.common(theirs)
	if !ok {
		return Agreed{}, ErrNothingInCommon
	}
	agreed := s.agree(theirs, codec)
	if agreed.EventPayloadType != 0 {
		agreed.EventsFrom = s.event // as our offer said, whatever number the answer has
	}
	return agreed, nil
}

// choose finds the first audio line that we can use, and the codec for it.
func (s *Session) choose(lines []Media) (int, Codec) {
	for i := range lines {
		if codec, ok := s.common(&lines[i]); ok {
			return i, codec
		}
	}
	return -1, Codec{}
}

// common is the codec to use on the peer's line m, with the peer's payload
// type: the preferred one if the peer has it, else the peer's first that we
// speak (RFC 3264 §6.1).
func (s *Session) common(m *Media) (Codec, bool) {
	if m.Kind != "audio" || m.Port == 0 || !m.Addr.IsValid() || m.Addr.IsMulticast() || !plainRTP(m.Proto) {
		return Codec{}, false
	}
	var first Codec
	found := false
	for _, f := range m.Formats {
		c, ok := codecOf(f)
		if !ok || !slices.ContainsFunc(s.local.Codecs, c.same) {
			continue
		}
		if strings.EqualFold(c.Name, s.prefer) {
			return c, true
		}
		if !found {
			first, found = c, true
		}
	}
	return first, found
}

// plainRTP tells profiles without encryption. AVPF differs from AVP only in
// feedback that nobody is obliged to send (RFC 4585 §4).
func plainRTP(proto string) bool { return proto == "RTP/AVP" || proto == "RTP/AVPF" }

// agree combines the peer's line with what we want.
func (s *Session) agree(m *Media, c Codec) Agreed {
	theirs := m.Direction
	if m.Addr.IsUnspecified() {
		theirs &^= RecvOnly // hold as RFC 2543 had it; RFC 3264 §8.4
	}
	a := Agreed{
		Remote:     netip.AddrPortFrom(m.Addr, m.Port),
		RemoteRTCP: m.RTCP,
		Codec:      c,
		Direction:  theirs.Reverse() & s.want,
		PTime:      m.PTime,
	}
	if !a.RemoteRTCP.IsValid() && m.Port < 65535 {
		a.RemoteRTCP = netip.AddrPortFrom(m.Addr, m.Port+1)
	}
	if a.PTime <= 0 || a.PTime > maxPTime {
		a.PTime = defaultPTime
	}
	for _, f := range m.Formats {
		e, ok := codecOf(f)
		if ok && TelephoneEvent.same(e) && e.PayloadType != 0 {
			a.EventPayloadType = e.PayloadType
			break
		}
	}
	return a
}

func (s *Session) audioLine(d Direction) Media {
	return Media{
		Kind: "audio", Port: s.local.Port, Proto: "RTP/AVP",
		Addr: s.local.Addr, Direction: d, PTime: defaultPTime,
	}
}

func (s *Session) ordered() []Codec {
	codecs := slices.Clone(s.local.Codecs)
	slices.SortStableFunc(codecs, func(a, b Codec) int {
		return boolRank(strings.EqualFold(b.Name, s.prefer)) - boolRank(strings.EqualFold(a.Name, s.prefer))
	})
	return codecs
}

func boolRank(b bool) int {
	if b {
		return 1
	}
	return 0
}

// print writes the current layout. The version grows only when something else
// changed, so that a peer sees an unchanged description as such.
func (s *Session) print() []byte {
	d := Description{
		Origin: Origin{User: s.local.User, ID: s.local.ID, Version: s.version, Addr: s.local.Addr},
		Name:   "-", Addr: s.local.Addr, Media: s.layout,
	}
	if body := d.Append(nil); bytes.Equal(body, s.sent) {
		return s.sent
	}
	s.version++
	d.Origin.Version = s.version
	s.sent = d.Append(nil)
	return s.sent
}

func refused(lines []Media) []Media {
	out := make([]Media, len(lines))
	for i, m := range lines {
		out[i] = Media{Kind: m.Kind, Proto: m.Proto}
		for _, f := range m.Formats {
			out[i].Formats = append(out[i].Formats, Format{Token: f.Token})
		}
	}
	return out
}

func (c Codec) same(o Codec) bool { return strings.EqualFold(c.Name, o.Name) && c.Rate == o.Rate }

var staticCodecs = map[string]Codec{"0": PCMU, "8": PCMA}

// codecOf reads a format of an RTP line; static payload types need no rtpmap
// (RFC 3551 §6).
func codecOf(f Format) (Codec, bool) {
	if f.Name == "" {
		c, ok := staticCodecs[f.Token]
		return c, ok
	}
	pt, err := strconv.ParseUint(f.Token, 10, 7)
	if err != nil {
		return Codec{}, false
	}
	return Codec{f.Name, uint8(pt), f.Rate}, true
}

func formatOf(c Codec, pt uint8) Format {
	return Format{Token: strconv.Itoa(int(pt)), Name: c.Name, Rate: c.Rate}
}

func eventFormat(pt uint8) Format {
	f := formatOf(TelephoneEvent, pt)
	f.Params = eventParams
	return f
}
