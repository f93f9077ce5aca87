package sipua

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"

	"github.com/emiago/sipgo/sip"
)

// path is how one peer is reached: over a UDP socket, or over a TCP connection.
// Answers go back on the path of their request (RFC 3261 §18.2.2, RFC 3581).
type path struct {
	udp    *udpSocket // nil on TCP
	tcp    *stream    // nil on UDP
	remote netip.AddrPort
	// known is true for trunks, registered phones and peers of our calls: only
	// they get error answers, and only they are traced.
	known bool
}

func (p path) reliable() bool { return p.tcp != nil }

func (p path) transport() string {
	if p.tcp != nil {
		return "tcp"
	}
	return "udp"
}

func (p path) write(b []byte) error {
	if p.tcp != nil {
		return p.tcp.write(b)
	}
	return p.udp.write(b, p.remote)
}

// self is our own address on this path, for Via and Contact.
func (ua *UA) self(p path) netip.AddrPort {
	var at netip.AddrPort
	if p.tcp != nil {
		at = netip.AddrPortFrom(p.tcp.local.Addr(), ua.tcpPort(p.tcp.local))
	} else {
		at = p.udp.addr
	}
	if ua.cfg.Advertise.IsValid() {
		return netip.AddrPortFrom(ua.cfg.Advertise, at.Port())
	}
	if at.Addr().IsUnspecified() {
		return netip.AddrPortFrom(ua.routeTo(p.remote.Addr()), at.Port())
	}
	return at
}

// tcpPort is the port at which we can be reached over TCP: that of a listener,
// or without one that of the connection, which the peer must then keep using.
func (ua *UA) tcpPort(local netip.AddrPort) uint16 {
	for _, l := range ua.tcp {
		if l.addr.Addr().IsUnspecified() || l.addr.Addr() == local.Addr() {
			return l.addr.Port()
		}
	}
	return local.Port()
}

// routeTo asks the kernel which of our addresses leads to a peer; connecting a
// UDP socket sends nothing. The answer is kept, for at most routeCache peers.
func (ua *UA) routeTo(peer netip.Addr) netip.Addr {
	const routeCache = 4096
	ua.mu.Lock()
	local, ok := ua.routes[peer]
	ua.mu.Unlock()
	if ok {
		return local
	}
	c, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(netip.AddrPortFrom(peer, 9)))
	if err != nil {
		return netip.AddrFrom4([4]byte{127, 0, 0, 1})
	}
	defer c.Close()
	local = c.LocalAddr().(*net.UDPAddr).AddrPort().Addr().Unmap()
	ua.mu.Lock()
	defer ua.mu.Unlock()
	if len(ua.routes) >= routeCache {
		clear(ua.routes)
	}
	ua.routes[peer] = local
	return local
}

// target is where a request should go before there is a path.
type target struct {
	transport string // "udp" or "tcp"
	addr      netip.AddrPort
	local     netip.AddrPort // which of our sockets; zero: any
	// conn is the peer's end of a TCP connection to use while it lives, although
	// the peer's Contact names another port (RFC 5923).
	conn netip.AddrPort
}

// defaultPort of a URI or Via without one (RFC 3261 §19.1.2).
const defaultPort = 5060

func portOr(port int) uint16 {
	if port <= 0 || port > 65535 {
		return defaultPort
	}
	return uint16(port)
}

// reply is the path on which the answer to req goes: over TCP its connection;
// over UDP the address it came from, and its port if asked for by rport,
// else the port in Via (RFC 3261 §18.2.2, RFC 3581 §4).
func reply(p path, req *sip.Request) path {
	via := req.Via()
	if p.tcp != nil || via == nil {
		return p
	}
	if _, ok := paramOf(via.Params, "rport"); !ok {
		p.remote = netip.AddrPortFrom(p.remote.Addr(), portOr(via.Port))
	}
	return p
}

// markVia writes into the top Via what we saw (RFC 3261 §18.2.1, RFC 3581 §4).
func markVia(p path, req *sip.Request) {
	via := req.Via()
	sentBy, literal := hostAddr(via.Host)
	_, rport := paramOf(via.Params, "rport")
	if rport {
		via.Params.Remove("rport")
		via.Params.Add("rport", strconv.Itoa(int(p.remote.Port())))
	}
	via.Params.Remove("received")
	if rport || !literal || sentBy != p.remote.Addr() {
		via.Params.Add("received", p.remote.Addr().String())
	}
}

// nextHop decides where requests of a dialog go: to the first route or the
// contact, as RFC 3261 §12.2.1.1 has it, but back to where the peer's messages
// come from if that address cannot be right. A host name in a Contact is not
// looked up in the middle of a call, since the peer is already talking to us.
func nextHop(uri *sip.Uri, source target) target {
	next := source
	if t, ok := paramOf(uri.UriParams, "transport"); ok && (t == "tcp" || t == "TCP") {
		next.transport = "tcp"
	} else if ok && (t == "udp" || t == "UDP") {
		next.transport = "udp"
	}
	addr, literal := hostAddr(uri.Host)
	switch {
	case !literal, addr.IsUnspecified(), addr.IsMulticast():
		return source
	case hidden(addr) && !hidden(source.addr.Addr()): // a phone behind a NAT
		return source
	}
	next.addr = netip.AddrPortFrom(addr, portOr(uri.Port))
	if next.addr == source.addr {
		return source
	}
	if next.transport == "tcp" && source.transport == "tcp" && addr == source.addr.Addr() {
		next.conn = source.addr
		if source.conn.IsValid() {
			next.conn = source.conn
		}
	}
	return next
}

func hidden(a netip.Addr) bool {
	return a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast()
}

func (t target) String() string { return fmt.Sprintf("sip %s %s", t.transport, t.addr) }
