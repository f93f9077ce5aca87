package pump

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"tandem/cmd/callbench/internal/stamp"
)

// portRange hands out even ports in turn, so that a late packet of an ended
// call does not reach a new one.
type portRange struct {
	mu       sync.Mutex
	min, max uint16
	next     uint16
}

func newPortRange(low, high uint16) *portRange {
	low += low & 1
	return &portRange{min: low, max: high, next: low}
}

// bind opens a non-blocking socket on the next free port of the range.
func (r *portRange) bind(ip netip.Addr) (int, netip.AddrPort, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for range (int(r.max)-int(r.min))/2 + 1 {
		local := netip.AddrPortFrom(ip, r.next)
		if r.next += 2; r.next > r.max || r.next < r.min {
			r.next = r.min
		}
		fd, err := bindUDP(local)
		if errors.Is(err, unix.EADDRINUSE) {
			continue
		}
		return fd, local, err
	}
	return -1, netip.AddrPort{}, fmt.Errorf("no free rtp port on %s between %d and %d", ip, r.min, r.max)
}

func bindUDP(local netip.AddrPort) (int, error) {
	family := unix.AF_INET
	var addr unix.Sockaddr = &unix.SockaddrInet4{Port: int(local.Port()), Addr: as4(local.Addr())}
	if local.Addr().Is6() {
		family = unix.AF_INET6
		addr = &unix.SockaddrInet6{Port: int(local.Port()), Addr: local.Addr().As16()}
	}
	fd, err := unix.Socket(family, unix.SOCK_DGRAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, fmt.Errorf("open rtp socket: %w", err)
	}
	if err := stamp.Enable(fd); err != nil {
		_ = unix.Close(fd)
		return -1, err
	}
	if err := unix.Bind(fd, addr); err != nil {
		_ = unix.Close(fd)
		return -1, fmt.Errorf("bind rtp socket %s: %w", local, err)
	}
	return fd, nil
}

func as4(a netip.Addr) (b [4]byte) {
	if a.Unmap().Is4() {
		b = a.Unmap().As4()
	}
	return b
}

// rawAddr is a socket address as the kernel reads it, built once per stream.
type rawAddr struct {
	buf  [unix.SizeofSockaddrInet6]byte
	size uintptr
}

func rawAddrOf(to netip.AddrPort) rawAddr {
	var r rawAddr
	binary.BigEndian.PutUint16(r.buf[2:], to.Port())
	if ip := to.Addr().Unmap(); ip.Is4() {
		binary.NativeEndian.PutUint16(r.buf[0:], unix.AF_INET)
		b := ip.As4()
		copy(r.buf[4:], b[:])
		r.size = unix.SizeofSockaddrInet4
	} else {
		binary.NativeEndian.PutUint16(r.buf[0:], unix.AF_INET6)
		b := ip.As16()
		copy(r.buf[8:], b[:]) // after the flow label
		r.size = unix.SizeofSockaddrInet6
	}
	return r
}

// send hands one packet to the kernel without telling the Go scheduler: the
// socket does not block, and the call is over in about a microsecond.
func (p *Pump) send(s *Stream, b []byte) {
	_, _, errno := syscall.RawSyscall6(unix.SYS_SENDTO, uintptr(s.fd),
		uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)), 0,
		uintptr(unsafe.Pointer(&s.to.buf[0])), s.to.size)
	// A refusal by ICMP belongs to an earlier packet and is the far end's matter:
	// the packets that did not arrive are counted as lost.
	if errno != 0 && errno != unix.ECONNREFUSED {
		p.sendFail++
	}
}

// pause sleeps the thread itself, finer than the runtime's timers. With keep
// the Go scheduler is not told: the thread keeps its place and need not queue
// for one when it wakes, and a collection waits for it, a millisecond at most.
func pause(d time.Duration, keep bool) {
	ts := unix.NsecToTimespec(int64(d))
	if keep {
		_, _, _ = syscall.RawSyscall(unix.SYS_NANOSLEEP, uintptr(unsafe.Pointer(&ts)), 0, 0)
		return
	}
	_ = unix.Nanosleep(&ts, nil) // woken early by a signal: the loop looks at the clock again
}

// realtime puts the calling thread before all ordinary ones, where the system
// allows it. The thread sleeps most of each millisecond.
func realtime() error {
	return unix.SchedSetAttr(0, &unix.SchedAttr{
		Size: unix.SizeofSchedAttr, Policy: unix.SCHED_RR, Priority: 1, Flags: unix.SCHED_FLAG_RESET_ON_FORK,
	}, 0)
}

const (
	batch  = 16
	maxRTP = 1500
)

// inbox reads packets in batches with their arrival times; one per thread.
type inbox struct {
	msgs   [batch]mmsghdr
	iovecs [batch]unix.Iovec
	data   [batch][maxRTP]byte
	stamps [batch][stamp.Room]byte
}

// mmsghdr is struct mmsghdr of recvmmsg(2).
type mmsghdr struct {
	hdr  unix.Msghdr
	size uint32
	_    [4]byte
}

func newInbox() *inbox {
	in := &inbox{}
	for i := range in.msgs {
		in.iovecs[i].Base = &in.data[i][0]
		in.iovecs[i].SetLen(maxRTP)
		in.msgs[i].hdr.Iov = &in.iovecs[i]
		in.msgs[i].hdr.SetIovlen(1)
		in.msgs[i].hdr.Control = &in.stamps[i][0]
	}
	return in
}

// drain reads everything that waits at a stream's socket, at most a second of it.
func (in *inbox) drain(s *Stream) {
	for range 4 {
		for i := range in.msgs {
			in.msgs[i].hdr.SetControllen(stamp.Room)
		}
		n, _, errno := syscall.RawSyscall6(unix.SYS_RECVMMSG, uintptr(s.fd),
			uintptr(unsafe.Pointer(&in.msgs[0])), batch, unix.MSG_DONTWAIT, 0, 0)
		if errno != 0 {
			return
		}
		for i := range int(n) {
			at := stamp.Arrival(in.stamps[i][:min(int(in.msgs[i].hdr.Controllen), stamp.Room)])
			s.receive(at, in.data[i][:in.msgs[i].size])
		}
		if n < batch {
			return
		}
	}
}

// receive reads the RTP header (RFC 3550 §5.1) and passes the audio on.
func (s *Stream) receive(at int64, b []byte) {
	if len(b) < rtpHeader || b[0]>>6 != 2 {
		s.tally.Stray++
		return
	}
	start, end := rtpHeader+4*int(b[0]&15), len(b)
	if b[0]&0x10 != 0 && start+4 <= end {
		start += 4 + 4*int(binary.BigEndian.Uint16(b[start+2:]))
	}
	if b[0]&0x20 != 0 {
		end -= int(b[end-1])
	}
	if start > end {
		s.tally.Stray++
		return
	}
	if s.tally.FirstRTP.IsZero() {
		s.tally.FirstRTP = time.Unix(0, at)
	}
	pt := b[1] & 0x7f
	if s.ear != nil {
		s.ear.Hear(Packet{
			At: time.Unix(0, at), Type: pt, Marker: b[1]&0x80 != 0,
			Seq: binary.BigEndian.Uint16(b[2:]), Time: binary.BigEndian.Uint32(b[4:]), SSRC: binary.BigEndian.Uint32(b[8:]), Payload: b[start:end],
		})
	}
	if pt == 0 {
		s.hear(at, b[start:end])
	}
}
