// Package pump sends and judges the RTP of every party of a run.
//
// It never knows SIP, and never lets one stream's delay become another's: all
// audio is one locked thread on a wheel of 20 slots of 1 ms, so it takes no
// lock per packet and 500 calls cost one process less than half a core.
//
// Why lazily polled sockets and not epoll: the kernel stamps each arrival
// (SO_TIMESTAMPNS), so it does not matter to a figure when a packet is read.
// Reading each socket every 20 to 60 ms takes several packets per system call
// where epoll would take one, at the price of learning of a first packet
// that much later. Each party has a socket of its own, because an engine that
// sends one call's audio to another call's port would go unseen on a shared one.
package pump

import (
	"errors"
	"math/rand/v2"
	"net/netip"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"tandem/cmd/callbench/internal/gauge"
)

const (
	slots     = 20
	slotTime  = time.Millisecond
	quickPoll = 200 // up to this many streams every socket is read each 20 ms, beyond it each 60 ms
)

// Config is what a pump needs to know.
type Config struct {
	Guard   func(netip.AddrPort) error // refuses an address that must not be sent to
	PortMin uint16                     // RTP ports, even ones only; default 50000
	PortMax uint16                     // default 59998
	// Realtime runs the thread before all others and gives it a processor of the
	// Go scheduler for itself, of which there must be one to spare. Health tells
	// whether the system allowed it.
	Realtime    bool
	PairByAudio bool // two streams without a peer become peers when one hears the other
}

// Pump owns the thread and every stream.
type Pump struct {
	guard       func(netip.AddrPort) error
	ports       *portRange
	pairByAudio bool
	realtime    bool
	run         uint16

	mu     sync.Mutex
	queue  []func()
	closed bool
	wake   chan struct{}
	done   chan struct{}

	// What follows belongs to the thread.
	parties  map[partyKey]*Stream // nil value: a party that has left
	sending  [slots][]*Stream
	polling  [slots][]*Stream
	open     int
	tick     int64
	nextPoll int
	inbox    *inbox
	late     gauge.Hist
	sendFail uint64
	raised   bool
}

type partyKey struct {
	call  uint32
	party Party
}

// New starts a pump; Close ends it.
func New(cfg Config) *Pump {
	if cfg.PortMin == 0 {
		cfg.PortMin, cfg.PortMax = 50000, 59998
	}
	p := &Pump{
		guard: cfg.Guard, ports: newPortRange(cfg.PortMin, cfg.PortMax), pairByAudio: cfg.PairByAudio, realtime: cfg.Realtime,
		run:  uint16(rand.Uint32()),
		wake: make(chan struct{}, 1), done: make(chan struct{}),
		parties: map[partyKey]*Stream{}, inbox: newInbox(),
	}
	go p.loop()
	return p
}

// ErrClosed says that the pump has ended.
var ErrClosed = errors.New("rtp pump is closed")

// Open binds a socket for one party of one call. ear may be nil.
func (p *Pump) Open(ip netip.Addr, call uint32, party Party, ear Ear) (*Stream, error) {
	fd, local, err := p.ports.bind(ip)
	if err != nil {
		return nil, err
	}
	s := &Stream{
		pump: p, call: call, party: party, local: local, fd: fd, ear: ear,
		rtpSeq: uint16(rand.Uint32()), rtpTime: rand.Uint32(), lastDelay: -1, heard: make(chan struct{}),
	}
	ssrc := rand.Uint32()
	s.packet[8], s.packet[9], s.packet[10], s.packet[11] = byte(ssrc>>24), byte(ssrc>>16), byte(ssrc>>8), byte(ssrc)
	if !p.do(func() { p.add(s) }) {
		_ = unix.Close(fd)
		return nil, ErrClosed
	}
	return s, nil
}

// Pair makes the caller and the callee of a call peers: each expects the other.
func (p *Pump) Pair(call uint32) {
	p.do(func() {
		a, b := p.parties[partyKey{call, Caller}], p.parties[partyKey{call, Callee}]
		if a != nil && b != nil && a.peer == nil && b.peer == nil {
			a.peer, b.peer = b, a
		}
	})
}

// Health is how well the generator itself kept time.
type Health struct {
	Late     gauge.Hist // how much later than planned a slot ran
	SendFail uint64     // packets the kernel refused to send
	Realtime bool       // the thread ran before all others
}

// Close ends the thread, closes every socket left and returns the pump's
// health. It may be called twice; the second answer is the same.
func (p *Pump) Close() Health {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.poke()
	<-p.done
	return Health{Late: p.late, SendFail: p.sendFail, Realtime: p.raised}
}

// do runs f on the thread within about a millisecond; when the pump has ended
// f runs on the caller's goroutine instead, with every socket closed, and do is false.
func (p *Pump) do(f func()) bool {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		<-p.done
		p.mu.Lock()
		defer p.mu.Unlock()
		f()
		return false
	}
	p.queue = append(p.queue, f)
	p.mu.Unlock()
	p.poke()
	return true
}

func (p *Pump) poke() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// loop is the thread: commands, then the slots that are due.
func (p *Pump) loop() {
	runtime.LockOSThread() // and never unlocked: a real-time thread ends with its goroutine
	defer close(p.done)
	keep := p.realtime && realtime() == nil
	p.raised = keep
	next := time.Now()
	for p.commands() {
		if p.open == 0 {
			<-p.wake
			next = time.Now()
			continue
		}
		now := time.Now()
		for !next.After(now) {
			p.late.Add(now.Sub(next))
			p.slot()
			next = next.Add(slotTime)
		}
		if wait := time.Until(next); wait > 0 {
			pause(wait, keep)
		}
	}
	for _, wheel := range p.polling {
		for _, s := range wheel {
			_ = unix.Close(s.fd)
			s.fd, s.sending = -1, false
		}
	}
	p.polling, p.sending, p.open = [slots][]*Stream{}, [slots][]*Stream{}, 0
}

// commands runs what other goroutines asked for; false means end.
func (p *Pump) commands() bool {
	p.mu.Lock()
	queue, closed := p.queue, p.closed
	p.queue = nil
	p.mu.Unlock()
	for _, f := range queue {
		f()
	}
	return !closed
}

// slot sends and reads for one millisecond of the wheel.
func (p *Pump) slot() {
	at := int(p.tick % slots)
	round := p.tick / slots
	p.tick++
	for _, s := range p.sending[at] {
		s.sendNext()
	}
	for _, s := range p.polling[at] {
		if p.open <= quickPoll || (round+int64(s.local.Port()/2))%3 == 0 {
			p.inbox.drain(s)
		}
	}
}

func (p *Pump) add(s *Stream) {
	p.parties[partyKey{s.call, s.party}] = s
	s.pollSlot = p.nextPoll % slots
	p.nextPoll++
	p.polling[s.pollSlot] = append(p.polling[s.pollSlot], s)
	p.open++
}

// remove reads what is left and closes the socket.
func (p *Pump) remove(s *Stream) *Tally {
	if s.fd < 0 {
		return s.finish()
	}
	p.inbox.drain(s)
	p.stopSending(s)
	p.polling[s.pollSlot] = without(p.polling[s.pollSlot], s)
	p.open--
	_ = unix.Close(s.fd)
	s.fd = -1
	// A party stays known by its audio until both have left: what an engine
	// still holds back is late, not misrouted.
	if s.peer == nil || s.peer.fd < 0 {
		p.parties[partyKey{s.call, s.party}] = nil
		if s.peer != nil {
			p.parties[partyKey{s.peer.call, s.peer.party}] = nil
		}
	}
	return s.finish()
}

// startSending puts s into the slot that runs next, so it is heard at once.
func (p *Pump) startSending(s *Stream) {
	s.sendSlot = int(p.tick % slots)
	p.sending[s.sendSlot] = append(p.sending[s.sendSlot], s)
}

func (p *Pump) stopSending(s *Stream) {
	if s.sending {
		s.sending = false
		p.sending[s.sendSlot] = without(p.sending[s.sendSlot], s)
	}
	if s.keyLeft == keyFrames {
		close(s.keySent)
	}
	s.keyLeft = 0
}

// without removes s by swapping, since order in a slot means nothing.
func without(list []*Stream, s *Stream) []*Stream {
	for i := range list {
		if list[i] == s {
			last := len(list) - 1
			list[i], list[last] = list[last], nil
			return list[:last]
		}
	}
	return list
}
