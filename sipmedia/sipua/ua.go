package sipua

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
)

// Errors that callers act on.
var (
	ErrClosed   = errors.New("sip user agent is closed")
	ErrEnded    = errors.New("dialog has ended")
	ErrState    = errors.New("not allowed in the dialog's present state")
	ErrNoTarget = errors.New("no address to send to")
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
	// Listen names the sockets; at least one. If both transports ask for port 0
	// on one address, they get the same port when it is free.
	Listen []Listen
	// Advertise is the address written into Contact and Via. Zero: the local
	// address that the peer reached or that routes to it.
	Advertise netip.Addr
	// Realm of digest challenges; "tandem" if empty.
	Realm string
	// UserAgent is sent as User-Agent and Server; empty sends neither.
	UserAgent string
	// Secret is the HMAC key of nonces, shared by all nodes, at least 16 bytes.
	// Empty: a random one, so that challenges do not outlive this UA.
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
	Log     *slog.Logger
}

// UA is one SIP user agent.
type UA struct{}

// New binds all sockets and starts. Errors name transport and address in one
// line: "sip udp 127.0.0.1:5060: address already in use".
func New(cfg Config) (*UA, error) { return nil, errors.New("not built") }

// Addrs returns the bound sockets in the order of Config.Listen.
func (ua *UA) Addrs() []Listen { return nil }

// BindingsOf returns the live bindings of an account (by ID), best q first.
func (ua *UA) BindingsOf(account string) []Binding { return nil }

// ApplyBinding takes news of a binding made on another node. The store is not written.
func (ua *UA) ApplyBinding(b Binding) {}

// DropBinding takes news of a binding removed elsewhere, or revokes one here.
// The store is not written.
func (ua *UA) DropBinding(account, contact string) {}

// Invite places a call. It returns at once; all news go to h. Errors are those
// of the arguments; an unreachable peer is an Ended.
func (ua *UA) Invite(out Outgoing, h Handler) (*Dialog, error) { return nil, errors.New("not built") }

// Register keeps a binding at a registrar alive until the Registered is closed.
// It returns after the first 200, or with the reason why there is none.
func (ua *UA) Register(ctx context.Context, reg Registration) (*Registered, error) {
	return nil, errors.New("not built")
}

// Close stops taking calls (503 for new ones), ends the dialogs that are left,
// and waits for transactions within ctx. It may be called twice.
func (ua *UA) Close(ctx context.Context) error { return nil }

// Stats returns present figures.
func (ua *UA) Stats() Stats { return Stats{} }

// Stats are figures of one moment. Everything but Refused returns to its base
// when the calls are over.
type Stats struct {
	Dialogs      int
	Transactions int // client and server
	Connections  int // TCP
	Bindings     int
	// Goroutines counts those that the UA owns now: one per socket, TCP
	// connection, dialog and registration, and a few helpers.
	Goroutines int
	// Refused counts dropped or refused messages since start, by reason.
	Refused map[string]uint64
}
