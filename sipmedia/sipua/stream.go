package sipua

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"
)

// stream is one TCP connection, accepted or dialled. Whoever has a message for
// its peer uses it, in either direction (RFC 5923).
type stream struct {
	ua            *UA
	conn          *net.TCPConn
	local, remote netip.AddrPort
	accepted      bool

	mu sync.Mutex // one message at a time
}

// adopt takes a connection in and starts its reader. It returns nil if there
// are too many.
func (ua *UA) adopt(conn *net.TCPConn, accepted bool) *stream {
	s := &stream{ua: ua, conn: conn, accepted: accepted,
		local:  unmap(conn.LocalAddr().(*net.TCPAddr).AddrPort()),
		remote: unmap(conn.RemoteAddr().(*net.TCPAddr).AddrPort())}
	ua.mu.Lock()
	full := len(ua.streams) >= ua.limits.TCPConnections || ua.perSource[s.remote.Addr()] >= max(1, ua.limits.TCPConnections/4)
	if ua.stopped || full {
		ua.mu.Unlock()
		ua.refuse("connections")
		conn.Close()
		return nil
	}
	ua.streams[s.remote] = s
	ua.perSource[s.remote.Addr()]++
	ua.mu.Unlock()
	ua.goes(s.serve)
	return s
}

// forget takes the connection out of the table.
func (s *stream) forget() {
	s.conn.Close()
	s.ua.mu.Lock()
	if s.ua.streams[s.remote] == s {
		delete(s.ua.streams, s.remote)
	}
	if s.ua.perSource[s.remote.Addr()]--; s.ua.perSource[s.remote.Addr()] <= 0 {
		delete(s.ua.perSource, s.remote.Addr())
	}
	s.ua.mu.Unlock()
}

// serve reads messages until the peer leaves, is silent for too long, takes too
// long over one message, or sends what cannot be framed.
func (s *stream) serve() {
	defer s.forget()
	parser := newParser(s.ua.limits.TCPMessage).NewSIPStream()
	defer parser.Close()
	buf := make([]byte, 4096)
	whole := true // between two messages
	deadline := time.Now().Add(s.ua.timers.FirstMessage)
	for {
		s.conn.SetReadDeadline(deadline)
		n, err := s.conn.Read(buf)
		if err != nil {
			return
		}
		data := buf[:n]
		if whole && len(bytes.Trim(data, "\r\n")) == 0 {
			// RFC 5626 §3.5.1: a ping is two CRLF, a pong one.
			if n >= 4 && s.write([]byte("\r\n")) != nil {
				return
			}
			deadline = time.Now().Add(s.idle())
			continue
		}
		wasWhole := whole
		if whole, err = s.feed(parser, data); err != nil {
			s.ua.refuse("unparsable")
			s.ua.log.Debug("sip tcp connection closed", "remote", s.remote, "error", clip(err.Error()))
			return
		}
		switch {
		case whole:
			deadline = time.Now().Add(s.idle())
		case wasWhole: // a message has begun and must end in time
			deadline = time.Now().Add(s.ua.timers.FirstMessage)
		}
	}
}

// idle is how long the connection may be silent. A stranger, who has only been
// challenged so far, gets the life of a transaction.
func (s *stream) idle() time.Duration {
	if !s.accepted || s.ua.familiar(s.remote.Addr()) {
		return s.ua.timers.Idle
	}
	return 64 * s.ua.timers.T1
}

// feed gives bytes to the parser and handles the messages that they complete.
func (s *stream) feed(parser *sip.ParserStream, data []byte) (whole bool, err error) {
	defer recovered(&err)
	if _, err = parser.Write(data); err != nil {
		return false, err
	}
	for parser.Buffer().Len() > 0 {
		msg, size, err := parser.ParseNext()
		if isPartial(err) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		if !s.ua.familiar(s.remote.Addr()) && !s.ua.strangers.allow(s.remote.Addr()) {
			s.ua.refuse("rate")
			continue
		}
		s.ua.dispatch(path{tcp: s, remote: s.remote}, msg, size)
	}
	return true, nil
}

// write sends one message. A peer that does not read loses its connection: it
// must not hold up others.
func (s *stream) write(b []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conn.SetWriteDeadline(time.Now().Add(s.ua.timers.Write))
	if _, err := s.conn.Write(b); err != nil {
		s.conn.Close()
		return err
	}
	return nil
}

// connect returns the path to a target, dialling if needed. Over UDP it never waits.
func (ua *UA) connect(ctx context.Context, to target) (path, error) {
	if to.transport != "tcp" {
		return ua.datagramPath(to)
	}
	if s := ua.streamFor(to); s != nil {
		return path{tcp: s, remote: s.remote, known: true}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, ua.timers.Dial)
	defer cancel()
	d := net.Dialer{LocalAddr: ua.dialFrom(to)}
	conn, err := d.DialContext(ctx, "tcp", to.addr.String())
	if err != nil {
		return path{}, fmt.Errorf("%s: %w", to, plainError(err))
	}
	s := ua.adopt(conn.(*net.TCPConn), false)
	if s == nil {
		return path{}, fmt.Errorf("%s: too many connections", to)
	}
	return path{tcp: s, remote: s.remote, known: true}, nil
}

// dialFrom is the address to dial from: that of our sockets, by which a carrier
// knows us. Nil lets the kernel choose.
func (ua *UA) dialFrom(to target) net.Addr {
	if to.local.IsValid() && !to.local.Addr().IsUnspecified() {
		return net.TCPAddrFromAddrPort(netip.AddrPortFrom(to.local.Addr(), 0))
	}
	for _, l := range ua.addrs {
		a := l.Addr.Addr()
		if !to.local.IsValid() && !a.IsUnspecified() && a.Is4() == to.addr.Addr().Is4() {
			return net.TCPAddrFromAddrPort(netip.AddrPortFrom(a, 0))
		}
	}
	return nil
}

// streamFor finds a living connection for a target.
func (ua *UA) streamFor(to target) *stream {
	if to.conn.IsValid() {
		if s := ua.streamTo(to.conn); s != nil {
			return s
		}
	}
	return ua.streamTo(to.addr)
}

// instant reports whether sending to a target needs no dialling.
func (ua *UA) instant(to target) bool { return to.transport != "tcp" || ua.streamFor(to) != nil }

func (ua *UA) streamTo(addr netip.AddrPort) *stream {
	ua.mu.Lock()
	defer ua.mu.Unlock()
	return ua.streams[addr]
}

func (ua *UA) datagramPath(to target) (path, error) {
	for _, s := range ua.udp {
		if to.local.IsValid() && s.addr != to.local {
			continue
		}
		if s.addr.Addr().Is4() != to.addr.Addr().Is4() && !s.addr.Addr().IsUnspecified() {
			continue
		}
		return path{udp: s, remote: to.addr, known: true}, nil
	}
	return path{}, fmt.Errorf("%s: %w from our sockets", to, ErrNoTarget)
}
