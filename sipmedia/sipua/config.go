package sipua

import (
	"context"
	"log/slog"
	"net/netip"
)

// Listen is one socket.
type Listen struct {
	Network string         // "udp" or "tcp"
	Addr    netip.AddrPort // port 0: any free one, see UA.Addrs
}

// Config is all that a UA is made of.
type Config struct {
	// Node is this node's id, in logs and bindings.
	Node string
	// Listen names the sockets; at least one. A TCP socket with port 0 gets the
	// port of the UDP socket before it on the same address, when it is free.
	Listen []Listen
	// Advertise is the address written into Contact and Via. Zero: the local
	// address that the peer reached or that routes to it.
	Advertise netip.Addr
	// Realm of digest challenges; "tandem" if empty.
	Realm string
	// UserAgent is sent as User-Agent and Server; empty sends neither.
	UserAgent string
	// Secret is the HMAC key of nonces and of what nodes say to each other,
	// shared by all nodes, at least 16 bytes. Empty: a random one for nonces, so
	// that challenges do not outlive this UA, and no node is believed.
	Secret []byte
	// Directory says who may call. Nil: nobody is known, which suits a phone.
	Directory Directory
	// Bindings keeps registrations. Nil: in memory only.
	Bindings BindingStore
	Limits   Limits
	Timers   Timers
	// OnCall takes a classified and authenticated INVITE whose 100 is already
	// sent; the returned Handler gets the dialog's news. It runs on the dialog's
	// goroutine. Nil or a nil Handler: the call is refused with 480.
	OnCall func(*Dialog) Handler
	// Anyone takes calls from sources that the Directory does not know, as a
	// phone does. A node leaves it false.
	Anyone bool
	// Trace is told of every message to and from known sources. It must not block.
	Trace func(Message)
	// Resolve turns a host name into addresses; nil means the system's resolver.
	// A caller that guards outgoing targets does so here.
	Resolve func(ctx context.Context, host string) ([]netip.Addr, error)
	Log     *slog.Logger // nil: slog.Default()
}
