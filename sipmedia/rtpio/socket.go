package rtpio

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	expedited  = 46 << 2 // DSCP EF (RFC 3246) as a TOS byte
	rtpBuffer  = 64 << 10
	rtcpBuffer = 16 << 10
)

// socket is a bound non-blocking UDP socket. Its recv and send are the raw system calls: they cannot block, so the Go
// scheduler need not know about them, and nothing is allocated.
type socket struct {
	fd    int
	inet6 bool
	to    unix.RawSockaddrInet6 // where send sends; an IPv4 address in its own form
	toLen uintptr               // 0: nowhere
	dest  netip.AddrPort        // the same for reading
	peer  netip.AddrPort        // connected to; zero if not
}

// bind opens a socket on addr and port. Real-time marking and buffer size are asked for, not insisted on.
func bind(addr netip.Addr, port uint16, buffer int) (socket, error) {
	family := unix.AF_INET
	if addr.Is6() {
		family = unix.AF_INET6
	}
	fd, err := unix.Socket(family, unix.SOCK_DGRAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, unix.IPPROTO_UDP)
	if err != nil {
		return socket{}, fmt.Errorf("open socket: %w", err)
	}
	_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, buffer)
	_ = unix.SetsockoptInt(fd, unix.IPPROTO_IP, unix.IP_TOS, expedited)
	var sa unix.Sockaddr = &unix.SockaddrInet4{Port: int(port), Addr: addr4(addr)}
	if family == unix.AF_INET6 {
		_ = unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_TCLASS, expedited)
		_ = unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, 0)
		sa = &unix.SockaddrInet6{Port: int(port), Addr: addr.As16()}
	}
	if err := unix.Bind(fd, sa); err != nil {
		_ = unix.Close(fd)
		return socket{}, fmt.Errorf("bind %v: %w", netip.AddrPortFrom(addr, port), err)
	}
	return socket{fd: fd, inet6: family == unix.AF_INET6}, nil
}

func (k *socket) close() { _ = unix.Close(k.fd) }

// reaches tells whether the socket's family can send to an address.
func (k *socket) reaches(addr netip.Addr) bool { return k.inet6 || addr.Is4() || addr.Is4In6() }

// sendTo sets where send sends. The zero AddrPort: nowhere.
func (k *socket) sendTo(to netip.AddrPort) {
	k.to, k.toLen, k.dest = unix.RawSockaddrInet6{}, 0, netip.AddrPort{}
	if !to.IsValid() || to.Port() == 0 || to.Addr().IsUnspecified() || !k.reaches(to.Addr()) {
		return
	}
	k.to, k.toLen = rawAddr(to, k.inet6)
	k.dest = to
}

// connect makes the kernel discard what comes from anywhere else. It changes nothing if the kernel will not.
func (k *socket) connect(to netip.AddrPort) {
	raw, n := rawAddr(to, k.inet6)
	if _, _, errno := unix.RawSyscall(unix.SYS_CONNECT, uintptr(k.fd), uintptr(unsafe.Pointer(&raw)), n); errno == 0 {
		k.peer = to
	}
}

// disconnect opens the socket to everybody again.
func (k *socket) disconnect() {
	if !k.peer.IsValid() {
		return
	}
	var raw unix.RawSockaddrInet6 // AF_UNSPEC dissolves the association
	unix.RawSyscall(unix.SYS_CONNECT, uintptr(k.fd), uintptr(unsafe.Pointer(&raw)), unix.SizeofSockaddrInet6)
	k.peer = netip.AddrPort{}
}

// recv takes one datagram into b. It is false when there is none or the socket only had an ICMP error to tell.
func (k *socket) recv(b []byte) (n int, from netip.AddrPort, ok bool) {
	var raw unix.RawSockaddrInet6
	size := uint32(unsafe.Sizeof(raw))
	got, _, errno := unix.RawSyscall6(unix.SYS_RECVFROM, uintptr(k.fd), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)),
		unix.MSG_DONTWAIT, uintptr(unsafe.Pointer(&raw)), uintptr(unsafe.Pointer(&size)))
	if errno != 0 {
		return 0, from, false
	}
	return int(got), fromRaw(&raw), true
}

// send sends one datagram and tells whether the kernel took it.
func (k *socket) send(b []byte) bool {
	if k.toLen == 0 {
		return false
	}
	to, size := unsafe.Pointer(&k.to), k.toLen
	if k.dest == k.peer {
		to, size = nil, 0 // connected: the kernel has the route already
	}
	for range 2 { // the first try may only fetch the ICMP error of an earlier packet
		_, _, errno := unix.RawSyscall6(unix.SYS_SENDTO, uintptr(k.fd), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)),
			unix.MSG_DONTWAIT|unix.MSG_NOSIGNAL, uintptr(to), size)
		if errno != unix.ECONNREFUSED {
			return errno == 0
		}
	}
	return false
}

func addr4(a netip.Addr) [4]byte {
	if a = a.Unmap(); a.Is4() {
		return a.As4()
	}
	return [4]byte{}
}

// rawAddr writes an address as the kernel reads it: IPv4 for an IPv4 socket, IPv6 (with IPv4 mapped) for the other.
func rawAddr(a netip.AddrPort, inet6 bool) (raw unix.RawSockaddrInet6, n uintptr) {
	port := (*[2]byte)(unsafe.Pointer(&raw.Port))
	binary.BigEndian.PutUint16(port[:], a.Port())
	if inet6 {
		raw.Family, raw.Addr = unix.AF_INET6, a.Addr().As16()
		return raw, unix.SizeofSockaddrInet6
	}
	raw.Family = unix.AF_INET
	v4 := (*unix.RawSockaddrInet4)(unsafe.Pointer(&raw))
	v4.Addr = addr4(a.Addr())
	return raw, unix.SizeofSockaddrInet4
}

func fromRaw(raw *unix.RawSockaddrInet6) netip.AddrPort {
	port := (*[2]byte)(unsafe.Pointer(&raw.Port))
	p := binary.BigEndian.Uint16(port[:])
	switch raw.Family {
	case unix.AF_INET:
		return netip.AddrPortFrom(netip.AddrFrom4((*unix.RawSockaddrInet4)(unsafe.Pointer(raw)).Addr), p)
	case unix.AF_INET6:
		return netip.AddrPortFrom(netip.AddrFrom16(raw.Addr).Unmap(), p)
	}
	return netip.AddrPort{}
}
