package rtpio

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"tandem/sipmedia/codec"
)

const (
	commandRing = 256 // commands waiting for one shard; a caller beyond that waits
	batch       = 128 // ready sockets taken at once
	wakeSlot    = -1  // epoll data of the eventfd
	timerSlot   = -2  // of the timerfd
)

// drop says why a packet went no further.
type drop uint8

const (
	dropMalformed drop = iota
	dropStranger
	dropSuspect
	dropPayloadType
	dropHold
	dropNoEvents
	dropLate
	dropUnsent
	drops
)

var dropNames = [drops]string{
	dropMalformed:   "malformed",
	dropStranger:    "stranger",     // the guard does not know the address
	dropSuspect:     "suspect",      // may be a new source, one more packet will tell
	dropPayloadType: "payload-type", // not negotiated
	dropHold:        "hold",         // we do not hear this peer now, or the other does not hear us
	dropNoEvents:    "no-events",    // the other side of the bridge takes no telephone-events
	dropLate:        "late",         // older than the change of source before it
	dropUnsent:      "unsent",       // the kernel did not take it, or there is nowhere to send to
}

// shard is one goroutine that carries streams. Everything below commands belongs to that goroutine alone.
type shard struct {
	engine *Engine
	ports  *ports
	epoll  int             // the set
	timer  int             // timerfd
	bell   int             // an epoll set that has the other in it while the goroutine parks, and else nothing
	file   *os.File        // the bell for Go's poller
	poll   syscall.RawConn // and the way to wait for it

	mu     sync.Mutex // guards wake and open against each other; never taken on the packet path
	wake   int        // eventfd
	open   bool
	done   chan struct{}
	closed bool // the stop command has run

	commands chan command

	streams []*Stream // by epoll slot; nil: free
	vacant  []int32
	count   atomic.Int32 // streams; Engine.Open reads it
	wheel   wheel
	sweep   time.Duration // when streams are looked after next
	armed   time.Duration // what the timer is set to; 0: to nothing

	buf       [packetSize]byte
	out       [rtcpSize + packetSize]byte
	samples   []int16
	frame     codec.Frame
	ready     [batch]unix.EpollEvent
	readyN    int
	take      func(fd uintptr) bool // takeReady, made once
	traffic   traffic
	rings     bool // the set is in the bell
	naps      int
	nextFeed  feed
	received  uint64
	forwarded uint64
	sent      uint64
	dropped   [drops]uint64

	eventsLost uint64
}

// command is something to be done on the shard's goroutine.
type command struct {
	run  func()
	done chan struct{}
}

func newShard(e *Engine, free []uint16) (*shard, error) {
	epoll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("create epoll set: %w", err)
	}
	bell, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		_ = unix.Close(epoll)
		return nil, fmt.Errorf("create epoll set: %w", err)
	}
	_ = unix.SetNonblock(bell, true) // tells os.NewFile that it can be waited for; cannot fail
	s := &shard{
		engine: e, ports: newPorts(free, e.config.Quarantine), epoll: epoll, bell: bell, file: os.NewFile(uintptr(bell), "epoll"),
		wake: -1, timer: -1, done: make(chan struct{}), commands: make(chan command, commandRing),
		samples: make([]int16, packetSize),
	}
	s.take = s.takeReady
	if err := s.prepare(); err != nil {
		s.release()
		return nil, err
	}
	s.open = true
	return s, nil
}

// prepare makes what else the shard needs from the kernel.
func (s *shard) prepare() (err error) {
	if s.poll, err = s.file.SyscallConn(); err != nil {
		return fmt.Errorf("poll epoll set: %w", err)
	}
	if s.wake, err = unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK); err != nil {
		return fmt.Errorf("create eventfd: %w", err)
	}
	if s.timer, err = unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_CLOEXEC|unix.TFD_NONBLOCK); err != nil {
		return fmt.Errorf("create timerfd: %w", err)
	}
	return errors.Join(s.watch(s.wake, wakeSlot, 0), s.watch(s.timer, timerSlot, 0), s.listen())
}

func (s *shard) watch(fd int, slot, tag int32) error {
	ev := unix.EpollEvent{Events: unix.EPOLLIN, Fd: slot, Pad: tag}
	if slot == timerSlot {
		ev.Events |= unix.EPOLLET // say it once: nobody reads the timer, and a shard that naps does not set it either
	}
	if err := unix.EpollCtl(s.epoll, unix.EPOLL_CTL_ADD, fd, &ev); err != nil {
		return fmt.Errorf("watch socket: %w", err)
	}
	return nil
}

// do runs f on the shard's goroutine and waits for it. ErrClosed, and f not run, once the shard has stopped.
func (s *shard) do(f func()) error {
	c := command{run: f, done: make(chan struct{})}
	select {
	case <-s.done:
		return ErrClosed
	case s.commands <- c:
	}
	s.mu.Lock()
	if s.open {
		_, _ = unix.Write(s.wake, []byte{1, 0, 0, 0, 0, 0, 0, 0}) // fails only when the counter is full: awake anyway
	}
	s.mu.Unlock()
	select {
	case <-c.done:
		return nil
	case <-s.done:
	}
	select {
	case <-c.done: // it ran, and then the shard stopped
		return nil
	default:
		return ErrClosed
	}
}

// loop is the life of the shard.
func (s *shard) loop() {
	defer s.release()
	for !s.closed {
		s.once()
	}
}

// once waits for something to do and does it.
func (s *shard) once() {
	s.wait()
	now := s.engine.now()
	packets := 0
	for i := range s.readyN {
		ev := &s.ready[i]
		if ev.Fd >= 0 { // a socket's
			packets++
		}
		s.handle(ev, now)
	}
	turns := s.wheel.run(now, (*Stream).turn)
	s.lookAfter(now)
	s.traffic.add(packets+turns, now)
}

func (s *shard) handle(ev *unix.EpollEvent, now time.Duration) {
	switch ev.Fd {
	case wakeSlot:
		s.obey()
		return
	case timerSlot:
		s.armed = -1 // set it anew, whatever is next
		return
	}
	st := s.streams[ev.Fd]
	if st == nil || st.tag != ev.Pad&^1 {
		return // closed earlier in this batch
	}
	if ev.Pad&1 != 0 {
		st.readRTCP(now)
		return
	}
	st.readRTP(now)
}

// obey carries out what waits in the command ring.
func (s *shard) obey() {
	var count [8]byte
	_, _, _ = unix.RawSyscall(unix.SYS_READ, uintptr(s.wake), uintptr(unsafe.Pointer(&count[0])), 8)
	for !s.closed {
		select {
		case c := <-s.commands:
			c.run()
			close(c.done)
		default:
			return
		}
	}
}

// lookAfter sees to reports and time-outs of all streams, a few times a second.
func (s *shard) lookAfter(now time.Duration) {
	if now < s.sweep || s.count.Load() == 0 {
		return
	}
	s.sweep = now + s.engine.sweep
	for _, st := range s.streams {
		if st != nil {
			st.lookAfter(now)
		}
	}
}

// attach gives a stream its slot and watches its sockets.
func (s *shard) attach(st *Stream) error {
	if len(s.vacant) == 0 {
		s.streams = append(s.streams, nil)
		s.vacant = append(s.vacant, int32(len(s.streams)-1))
	}
	slot := s.vacant[len(s.vacant)-1]
	if err := s.watch(st.rtp.fd, slot, st.tag); err != nil {
		return err
	}
	if err := s.watch(st.rtcp.fd, slot, st.tag|1); err != nil {
		_ = unix.EpollCtl(s.epoll, unix.EPOLL_CTL_DEL, st.rtp.fd, nil)
		return err
	}
	s.vacant = s.vacant[:len(s.vacant)-1]
	s.streams[slot], st.index = st, slot
	if s.count.Load() == 0 {
		s.sweep = s.engine.now() + s.engine.sweep
	}
	s.count.Add(1)
	if st.events != nil {
		s.engine.readers.Go(func() { notify(st.handler, st.events) })
	}
	return nil
}

// detach forgets a stream. Closing its sockets takes them off the epoll set.
func (s *shard) detach(st *Stream) {
	s.streams[st.index] = nil
	s.vacant = append(s.vacant, st.index)
	s.count.Add(-1)
}

// stop is the last command.
func (s *shard) stop() {
	now := s.engine.now()
	for _, st := range s.streams {
		if st != nil {
			st.end(now)
		}
	}
	s.closed = true
}

// release gives back what the shard holds from the kernel.
func (s *shard) release() {
	s.mu.Lock()
	s.open = false
	_ = unix.Close(s.wake)
	s.mu.Unlock()
	_ = unix.Close(s.timer)
	_ = s.file.Close()
	_ = unix.Close(s.epoll)
	close(s.done)
}

func (s *shard) drop(why drop) { s.dropped[why]++ }

// newFeed names a source of packets that no packet has come from yet.
func (s *shard) newFeed() feed {
	s.nextFeed++
	return s.nextFeed
}
