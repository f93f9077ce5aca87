package sipua

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"
)

// udpSocket is one UDP listener. It keeps nothing for a peer: a datagram from a
// junk address leaves no trace in memory.
type udpSocket struct {
	ua   *UA
	conn *net.UDPConn
	addr netip.AddrPort
}

// tcpSocket is one TCP listener.
type tcpSocket struct {
	ua *UA
	ln *net.TCPListener
	// addr is where it listens.
	addr netip.AddrPort
}

// bind opens the sockets of Config.Listen.
func (ua *UA) bind(listen []Listen) error {
	pairs := map[netip.AddrPort]*net.TCPListener{} // opened for a later entry
	defer func() {
		for _, ln := range pairs {
			ln.Close()
		}
	}()
	for i, l := range listen {
		var addr netip.AddrPort
		var err error
		switch {
		case l.Network == "udp" && l.Addr.Port() == 0 && slices.Contains(listen[i:], Listen{Network: "tcp", Addr: l.Addr}):
			var ln *net.TCPListener
			if addr, ln, err = ua.bindPair(l.Addr); err == nil {
				pairs[l.Addr] = ln
			}
		case l.Network == "udp":
			addr, err = ua.bindUDP(l.Addr)
		case l.Network == "tcp":
			addr, err = ua.bindTCP(pairs[l.Addr], l.Addr)
			delete(pairs, l.Addr)
		default:
			err = errors.New("network must be udp or tcp")
		}
		if err != nil {
			return fmt.Errorf("sip %s %s: %w", l.Network, l.Addr, plainError(err))
		}
		ua.addrs = append(ua.addrs, Listen{Network: l.Network, Addr: addr})
	}
	return nil
}

// bindPair opens a UDP socket on a free port whose TCP port is free as well, and
// listens there: phones expect one port for both.
func (ua *UA) bindPair(at netip.AddrPort) (netip.AddrPort, *net.TCPListener, error) {
	const tries = 50 // a port in use by TCP is met now and then, fifty in a row on no sane machine
	for try := 1; ; try++ {
		addr, err := ua.bindUDP(at)
		if err != nil {
			return at, nil, err
		}
		ln, err := net.ListenTCP("tcp", net.TCPAddrFromAddrPort(addr))
		if err == nil {
			return addr, ln, nil
		}
		last := len(ua.udp) - 1
		ua.udp[last].conn.Close()
		ua.udp = ua.udp[:last]
		if try == tries {
			return at, nil, err
		}
	}
}

func (ua *UA) bindUDP(at netip.AddrPort) (netip.AddrPort, error) {
	conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(at))
	if err != nil {
		return at, err
	}
	// A burst of calls must fit while the reader waits for a core. The kernel
	// may grant less, which is no error.
	const socketBuffer = 4 << 20
	conn.SetReadBuffer(socketBuffer)
	s := &udpSocket{ua: ua, conn: conn, addr: unmap(conn.LocalAddr().(*net.UDPAddr).AddrPort())}
	ua.udp = append(ua.udp, s)
	return s.addr, nil
}

// bindTCP listens, unless bindPair does already.
func (ua *UA) bindTCP(ln *net.TCPListener, at netip.AddrPort) (netip.AddrPort, error) {
	if ln == nil {
		var err error
		if ln, err = net.ListenTCP("tcp", net.TCPAddrFromAddrPort(at)); err != nil {
			return at, err
		}
	}
	s := &tcpSocket{ua: ua, ln: ln, addr: unmap(ln.Addr().(*net.TCPAddr).AddrPort())}
	ua.tcp = append(ua.tcp, s)
	return s.addr, nil
}

// plainError drops the operation and address that the net package repeats.
func plainError(err error) error {
	var sys *os.SyscallError
	if errors.As(err, &sys) {
		return sys.Err
	}
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Err
	}
	return err
}

func unmap(a netip.AddrPort) netip.AddrPort {
	return netip.AddrPortFrom(a.Addr().Unmap(), a.Port())
}

// serve reads datagrams until the socket is closed. Messages are handled here,
// one after the other, in the order of their arrival; nothing on this way waits
// for anything.
func (s *udpSocket) serve() {
	buf := make([]byte, 64<<10)
	for {
		n, from, err := s.conn.ReadFromUDPAddrPort(buf)
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil:
			// An ICMP error of an earlier datagram, or no memory in the kernel:
			// the socket goes on.
			s.ua.log.Debug("sip udp read failed", "error", err)
			continue
		}
		from = unmap(from)
		if s.ua.admit(from.Addr(), buf[:n]) {
			s.ua.receive(path{udp: s, remote: from}, buf[:n])
		}
	}
}

func (s *udpSocket) write(b []byte, to netip.AddrPort) error {
	_, err := s.conn.WriteToUDPAddrPort(b, to)
	return err
}

// serve accepts connections until the listener is closed.
func (s *tcpSocket) serve() {
	for {
		conn, err := s.ln.AcceptTCP()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			s.ua.log.Warn("sip tcp accept failed", "error", err)
			if errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) {
				s.ua.pause(100 * time.Millisecond) // file descriptors come back when calls end
			}
			continue
		}
		s.ua.adopt(conn, true)
	}
}

// admit is the filter in front of the parser. What it refuses costs a look at
// the first line and nothing else.
func (ua *UA) admit(from netip.Addr, data []byte) bool {
	switch {
	case len(data) > ua.limits.UDPMessage:
		ua.refuse("too-large")
		return false
	case !looksLikeSIP(data):
		if strings.TrimRight(string(data[:min(len(data), 8)]), "\r\n\x00") != "" {
			ua.refuse("garbage")
		}
		return false
	case ua.familiar(from):
		return true
	case !ua.strangers.allow(from):
		ua.refuse("rate")
		return false
	}
	return true
}

// looksLikeSIP looks at the first line: a request ends in a version, a response
// starts with it.
func looksLikeSIP(data []byte) bool {
	const longestLine = 2048 // a request URI above that is an attack
	line := string(data[:min(len(data), longestLine)])
	line, _, found := strings.Cut(line, "\n")
	if !found {
		return false
	}
	line = strings.TrimRight(line, "\r")
	if strings.HasPrefix(line, "SIP/2.0 ") {
		return true
	}
	method, rest, found := strings.Cut(line, " ")
	if !found || method == "" || len(method) > 64 || !strings.Contains(rest, "SIP/") {
		return false
	}
	for _, c := range []byte(method) {
		if c <= ' ' || c >= 0x7f {
			return false
		}
	}
	return true
}
