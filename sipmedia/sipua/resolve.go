package sipua

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"

	"github.com/emiago/sipgo/sip"
)

// targetOf decides where a first request goes. If that takes a look-up, host is
// what to look up.
func (ua *UA) targetOf(uri *sip.Uri, route netip.AddrPort, transport string, local netip.AddrPort) (to target, host string, err error) {
	to = target{transport: strings.ToLower(transport), addr: unmap(route), local: local}
	if to.transport == "" {
		to.transport = "udp"
		if t, ok := paramOf(uri.UriParams, "transport"); ok {
			to.transport = strings.ToLower(t)
		}
	}
	if to.transport != "udp" && to.transport != "tcp" {
		return to, "", fmt.Errorf("transport %q is not supported", to.transport)
	}
	if route.IsValid() {
		return to, "", nil
	}
	if uri.Scheme == "tel" {
		return to, "", ErrNoTarget
	}
	if addr, literal := hostAddr(uri.Host); literal {
		to.addr = netip.AddrPortFrom(addr, portOr(uri.Port))
		return to, "", nil
	}
	to.addr = netip.AddrPortFrom(netip.Addr{}, portOr(uri.Port))
	return to, uri.Host, nil
}

// lookUp resolves a host name within Timers.Dial.
func (ua *UA) lookUp(ctx context.Context, host string, to target) (target, error) {
	ctx, cancel := context.WithTimeout(ctx, ua.timers.Dial)
	defer cancel()
	find := ua.cfg.Resolve
	if find == nil {
		find = func(ctx context.Context, host string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		}
	}
	addrs, err := find(ctx, host)
	if err != nil {
		return to, fmt.Errorf("look up %s: %w", host, err)
	}
	for _, a := range addrs {
		to.addr = netip.AddrPortFrom(a.Unmap(), to.addr.Port())
		if to.transport == "tcp" {
			return to, nil
		}
		if _, err := ua.datagramPath(to); err == nil {
			return to, nil
		}
	}
	return to, fmt.Errorf("look up %s: %w", host, ErrNoTarget)
}

func (d *Dialog) resolve(host string, to target) {
	to, err := d.ua.lookUp(d.ua.ctx, host, to)
	if err != nil {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.end(End{Status: 503, Why: EndTransport, Cause: err.Error()})
		return
	}
	d.begin(to)
}

// ownHost is our address as seen from a target, for From.
func (ua *UA) ownHost(to target) string {
	if ua.cfg.Advertise.IsValid() {
		return ua.cfg.Advertise.String()
	}
	if p, err := ua.datagramPath(to); err == nil {
		return ua.self(p).Addr().String()
	}
	return ua.routeTo(to.addr.Addr()).String()
}
