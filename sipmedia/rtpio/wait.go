package rtpio

import (
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	napTime   = slotTime // a busy shard looks at its sockets so often: with the wheel, and early enough for 2 ms of delay
	parkEvery = 8        // each such nap gives the processor back; the runtime would take it by a signal after 10 ms
)

// A shard is busy from more than two packets per nap on. Waking up for each is as dear with 20 calls, for which that is
// so, and cheaper with 10: a nap sets a timer, a packet needs none.
const (
	napWorth  = 2   // packets per nap
	busyLevel = 32  // packets more than that until it is busy
	fullLevel = 128 // divided by napWorth: naps without packets until it is so no more
)

// traffic is a leaky bucket: what is to be done goes in, napWorth leaks out per nap. The zero value is empty.
type traffic struct {
	level int
	nap   int64 // the last that leaked
	busy  bool
}

// add takes what a wake-up had to do: packets that came in and turns on the wheel.
func (t *traffic) add(n int, now time.Duration) {
	nap := int64(now / napTime)
	t.level = min(fullLevel, int(max(0, int64(t.level)-napWorth*(nap-t.nap)))+n)
	t.nap = nap
	t.busy = t.level >= busyLevel || t.busy && t.level > 0
}

// wait waits for something to do, as the package documentation explains: a busy shard for the next tick of the wheel, any
// other until something is ready.
func (s *shard) wait() {
	if s.readyN == batch && s.takeReady(0) {
		return // there was more than fits
	}
	if s.traffic.busy || s.listen() != nil {
		s.hush()
		s.nap()
		s.takeReady(0)
		return
	}
	s.setTimer(s.engine.now())
	if err := s.poll.Read(s.take); err != nil {
		s.readyN, s.closed = 0, true // only once the bell is closed
	}
}

// nap sleeps until the next tick of the wheel, most times in a raw system call: signals of the runtime, which stop the
// world or want the processor, end it early.
func (s *shard) nap() {
	now := s.engine.now()
	left := napTime - now%napTime
	if s.naps++; s.naps%parkEvery == 0 {
		time.Sleep(left)
		return
	}
	ts := unix.NsecToTimespec(int64(left))
	unix.RawSyscall(unix.SYS_NANOSLEEP, uintptr(unsafe.Pointer(&ts)), 0, 0)
}

// listen lets what becomes ready ring the bell.
func (s *shard) listen() error {
	if s.rings {
		return nil
	}
	ev := unix.EpollEvent{Events: unix.EPOLLIN}
	err := unix.EpollCtl(s.bell, unix.EPOLL_CTL_ADD, s.epoll, &ev)
	s.rings = err == nil
	return err
}

// hush ends that: each packet would wake a thread of the runtime for nothing.
func (s *shard) hush() {
	if s.rings {
		s.rings = unix.EpollCtl(s.bell, unix.EPOLL_CTL_DEL, s.epoll, nil) != nil
	}
}

// takeReady asks the epoll set without waiting. False sends a parked goroutine back to the poller.
func (s *shard) takeReady(uintptr) bool {
	n, _, errno := unix.RawSyscall6(unix.SYS_EPOLL_PWAIT, uintptr(s.epoll), uintptr(unsafe.Pointer(&s.ready[0])), batch, 0, 0, 0)
	if errno != 0 {
		n = 0
	}
	s.readyN = int(n)
	return n > 0
}

// setTimer makes the timerfd ready when the wheel or a look at the streams is due next. Setting it also takes back that
// it was ready.
func (s *shard) setTimer(now time.Duration) {
	var next time.Duration
	if s.count.Load() > 0 {
		next = s.sweep
		if due, ok := s.wheel.due(); ok {
			next = min(next, due)
		}
	}
	if next == s.armed {
		return
	}
	s.armed = next
	var spec unix.ItimerSpec
	if next != 0 {
		spec.Value = unix.NsecToTimespec(int64(max(next-now, 1)))
	}
	unix.RawSyscall6(unix.SYS_TIMERFD_SETTIME, uintptr(s.timer), 0, uintptr(unsafe.Pointer(&spec)), 0, 0, 0)
}
