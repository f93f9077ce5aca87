package sipua

import (
	"context"
	"net/netip"
	"time"
)

// Registration asks a registrar to send us calls.
type Registration struct {
	// Registrar is the request URI: "sip:example.com".
	Registrar string
	Route     netip.AddrPort // where to send; zero: resolve the URI's host
	Transport string         // "udp" or "tcp"; empty: udp
	// User is the user part of To and From; Username that of the credentials,
	// empty: User.
	User, Username, Password string
	Expires                  time.Duration // asked for; 0 means 300 s
	Local                    netip.AddrPort
	// Changed, if set, hears of each loss (err set) and recovery (nil).
	Changed func(err error)
}

// Registered is a binding of ours that is kept alive: renewed at 90 % of its
// lifetime, tried again with back-off up to five minutes after a failure.
type Registered struct{}

// Close removes the binding and stops. It may be called twice.
func (r *Registered) Close(ctx context.Context) error { return nil }
