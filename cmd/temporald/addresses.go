package main

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"syscall"
)

// addresses says where each part listens, all of it on loopback.
type addresses struct {
	grpc     string // for clients, as in --grpc but with its real port
	ui       string // host:port of Temporal UI; empty when it is off
	history  string // internal services, on ports nobody needs to know
	matching string
	worker   string
}

// takeAddresses finds out which ports to use, or says which flag names one that is taken. It holds every port until all are
// chosen, so that no two parts get the same one, and then lets go for the server to listen itself.
func takeAddresses(opts options) (addresses, error) {
	var a addresses
	wanted := []struct {
		flag, addr string
		to         *string
	}{
		{"--grpc", opts.GRPC, &a.grpc},
		{"--ui", opts.UI, &a.ui},
		{"", "127.0.0.1:0", &a.history},
		{"", "127.0.0.1:0", &a.matching},
		{"", "127.0.0.1:0", &a.worker},
	}
	for _, w := range wanted {
		if opts.UIOff && w.to == &a.ui {
			continue
		}
		l, err := net.Listen("tcp", w.addr)
		if errors.Is(err, syscall.EADDRINUSE) {
			return addresses{}, fmt.Errorf("%s %s: the address is in use by another process", w.flag, w.addr)
		}
		if err != nil {
			return addresses{}, fmt.Errorf("%s %s: %w", w.flag, w.addr, err)
		}
		defer l.Close()
		*w.to = l.Addr().String()
	}
	return a, nil
}

// uiURL is where a browser finds Temporal UI; empty when it is off.
func (a addresses) uiURL() string {
	if a.ui == "" {
		return ""
	}
	return "http://" + a.ui
}

// split takes apart an address that takeAddresses made.
func split(addr string) (host string, port int) {
	ap := netip.MustParseAddrPort(addr)
	return ap.Addr().String(), int(ap.Port())
}
