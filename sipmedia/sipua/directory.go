package sipua

import (
	"context"
	"net/netip"
	"time"
)

// Directory answers who may call. It is asked on the path of every message, so
// it lives in memory and never blocks.
type Directory interface {
	// Account finds a SIP account by its digest username.
	Account(username string) (Account, bool)
	// Trunk finds the trunk whose networks contain source, by longest prefix.
	Trunk(source netip.Addr) (Trunk, bool)
}

// Account is one SIP account: a phone's identity.
type Account struct {
	ID, Username, Password string
	// MaxBindings is 1–10; 0 means DefaultMaxBindings.
	MaxBindings int
	// BindingLifetime is the longest a binding lives, 60–3600 s; 0 means
	// DefaultBindingLifetime.
	BindingLifetime time.Duration
	// Networks limits where the account may be used from; none means anywhere.
	Networks                    []netip.Prefix
	InternalNumber, DisplayName string
	User                        string // id of whose it is; empty: nobody's
	// Guest calls and is never called: it may not register, and passes for whoever
	// its INVITEs assert (RFC 3325 §9.1) instead of itself.
	Guest bool
}

// Trunk is one carrier side.
type Trunk struct {
	ID, Name string
	Networks []netip.Prefix
	// Username and Password, when set, are asked for by digest on each INVITE
	// from the trunk's networks.
	Username, Password string
	// NoEarlyMedia says that its callers must be sent no audio before the answer.
	NoEarlyMedia bool
}

// Binding is a registered contact of an account (RFC 3261 §10).
type Binding struct {
	Account string // Account.ID
	Contact string // URI as registered
	// Received is where the REGISTER came from: requests to this binding go
	// there, whatever Contact says, since the phone may be behind a NAT.
	Received netip.AddrPort
	// Transport is "udp" or "tcp".
	Transport, UserAgent, CallID, Instance, Path string
	CSeq                                         uint32
	Q                                            float32 // 0–1
	Expires                                      time.Time
	Node                                         string // that holds the TCP connection
}

// BindingStore keeps bindings across restarts. A row is (account, contact).
type BindingStore interface {
	LoadBindings(ctx context.Context) ([]Binding, error)
	// SaveBinding returns once the binding would survive a crash; the 200 of a
	// REGISTER waits for it.
	SaveBinding(ctx context.Context, b Binding) error
	RemoveBinding(ctx context.Context, accountID, contact string) error
}
