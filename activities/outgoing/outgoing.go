// Package outgoing reaches out to the world for calls: mail by SMTP and HTTP
// requests, each through one guarded dialer.
//
// It never connects to an address of our own networks that nobody has allowed,
// and knows nothing about calls or flows' ways.
//
// Mail is written and spoken by wneessen/go-mail, since headers, encodings and
// sign-in are rules of others; values are taken out of JSON answers by
// tidwall/gjson, which reads untrusted bytes without building a tree of them.
package outgoing

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"syscall"
	"time"
)

// Guard is the dialer that everything leaves by. What is not allowed is decided
// for the address that is really connected to, after names are resolved: a name
// that leads elsewhere the second time it is asked gains nothing.
type Guard struct {
	// Allowed lists the private networks that may be reached; asked for each
	// connection, so that a change holds at once.
	Allowed func(ctx context.Context) ([]netip.Prefix, error)
}

// ErrForbidden is wrapped where an address is one that must not be reached.
var ErrForbidden = errors.New("is an address of a private or reserved network that the general settings do not allow")

const connectTimeout = 10 * time.Second

// Dial connects to the first address of host that may be reached.
func (g Guard) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	allowed, err := g.Allowed(ctx)
	if err != nil {
		return nil, fmt.Errorf("networks that may be reached: %w", err)
	}
	d := net.Dialer{Timeout: connectTimeout, ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
		return permit(address, allowed)
	}}
	return d.DialContext(ctx, network, address)
}

// permit refuses an address and port that must not be connected to.
func permit(address string, allowed []netip.Prefix) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("address %q: %w", address, err)
	}
	addr := to.Addr().WithZone("").Unmap() // ::ffff:10.0.0.1 is 10.0.0.1
	holds := func(p netip.Prefix) bool { return p.Contains(addr) }
	if slices.ContainsFunc(reserved, holds) && !slices.ContainsFunc(allowed, holds) {
		return fmt.Errorf("%s %w", addr, ErrForbidden)
	}
	return nil
}

// reserved are the networks in which nobody serves the public (IANA's registries
// of special-purpose addresses), and those whose addresses carry one of IPv4 that
// would be reached instead.
var reserved = prefixes(
	"0.0.0.0/8",       // this host
	"10.0.0.0/8",      // private
	"100.64.0.0/10",   // carrier-grade NAT
	"127.0.0.0/8",     // loopback
	"169.254.0.0/16",  // link-local, and where clouds keep their secrets
	"172.16.0.0/12",   // private
	"192.0.0.0/24",    // protocol assignments
	"192.0.2.0/24",    // documentation
	"192.88.99.0/24",  // 6to4 relays
	"192.168.0.0/16",  // private
	"198.18.0.0/15",   // benchmarks
	"198.51.100.0/24", // documentation
	"203.0.113.0/24",  // documentation
	"224.0.0.0/3",     // multicast, reserved, broadcast
	"::/96",           // unspecified, loopback, IPv4-compatible
	"64:ff9b::/96",    // NAT64
	"64:ff9b:1::/48",  // NAT64, local
	"100::/64",        // discard
	"2001::/23",       // protocol assignments, Teredo
	"2001:db8::/32",   // documentation
	"2002::/16",       // 6to4
	"3fff::/20",       // documentation
	"5f00::/16",       // segment routing
	"fc00::/7",        // unique local
	"fe80::/9",        // link-local, site-local
	"ff00::/8",        // multicast
)

func prefixes(all ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(all))
	for i, p := range all {
		out[i] = netip.MustParsePrefix(p)
	}
	return out
}
