package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	"tandem/cmd/tandem/internal/config"
)

// listener is an address that some role is going to listen on.
type listener struct {
	what    string // for a person
	key     string // the setting that moves it
	network string
	addr    netip.AddrPort
}

func listeners(cfg config.Config) []listener {
	all := []listener{
		{"SIP", "TANDEM_SIP", "udp", cfg.SIP.AddrPort},
		{"SIP", "TANDEM_SIP", "tcp", cfg.SIP.AddrPort},
		{"the panel", "TANDEM_HTTP", "tcp", cfg.HTTP.AddrPort},
	}
	if cfg.Temporal == "" {
		all = append(all, listener{"Temporal UI", "TANDEM_TEMPORAL_UI", "tcp", cfg.TemporalUI.AddrPort})
	}
	return all
}

// probe tries each address before anything is started, so that a port in use
// is one line and not a role that restarts for ever.
func probe(ctx context.Context, all []listener) error {
	var problems []error
	for _, l := range all {
		if err := tryListen(ctx, l.network, l.addr.String()); err != nil {
			problems = append(problems, fmt.Errorf("%s cannot listen on %s %s: %s: free it or set %s",
				l.what, l.network, l.addr, plainCause(err), l.key))
		}
	}
	return errors.Join(problems...)
}

func tryListen(ctx context.Context, network, addr string) error {
	var lc net.ListenConfig
	if network == "udp" {
		c, err := lc.ListenPacket(ctx, network, addr)
		if err == nil {
			err = c.Close()
		}
		return err
	}
	l, err := lc.Listen(ctx, network, addr)
	if err == nil {
		err = l.Close()
	}
	return err
}

// plainCause is the system's word for an error, without Go's layers around it.
func plainCause(err error) error {
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		return errno
	}
	return err
}

// findTemporald looks beside this program, where `make build` puts it, and in PATH.
func findTemporald() (string, error) {
	exe, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("where this program stands: %w", err)
	}
	beside := filepath.Join(filepath.Dir(exe), "temporald")
	if path, err := exec.LookPath(beside); err == nil {
		return path, nil
	}
	path, err := exec.LookPath("temporald")
	if err != nil {
		return "", fmt.Errorf("temporald is neither beside %s nor in PATH: run `make build`, or set TEMPORAL_ADDRESS to a Temporal server", exe)
	}
	return path, nil
}

// freePort is a loopback port that nobody listens on now.
func freePort(ctx context.Context) (netip.AddrPort, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return netip.AddrPort{}, fmt.Errorf("find a free port: %w", err)
	}
	addr, err := netip.ParseAddrPort(l.Addr().String())
	return addr, errors.Join(err, l.Close())
}
