// Package testline is the caller's end of test calls: a SIP phone that dials a
// node for somebody at the panel, and hands over audio as frames of μ-law.
//
// It never looks into a flow, and its phones end with the process.
//
// # Why a phone
//
// A test call could have been handed to a node by a door of its own, without SIP.
// Then it would prove less: what is tried here is what a caller meets, signalling,
// audio and all, and nothing of the engine knows of test calls but who may place
// one and where it leads. The price is a socket for each call, in the process of
// the panel, that a node can reach.
package testline

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"os"
	"sync"
	"time"

	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/sipmedia/rtpio"
	"tandem/ui"
)

// Secret names the shared secret of the database that passwords are made with.
const Secret = "test-calls"

// Password is that of the account of a test call. Who places the call and the
// node that takes it both know the secret, so nobody needs to tell nodes of
// accounts that live for one call.
func Password(secret []byte, account string) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(account))
	return hex.EncodeToString(mac.Sum(nil))
}

// NewID is the id of a new test call: 128 random bits.
func NewID() string {
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails, see crypto/rand
	return hex.EncodeToString(id[:])
}

// Store is the part of the database that test calls need.
type Store interface {
	SaveTestCall(ctx context.Context, t directory.TestCall) error
	// AwaitTestCall waits until a call has taken a test call for its own.
	AwaitTestCall(ctx context.Context, id string) (call.ID, error)
	TestCall(ctx context.Context, id string) (directory.TestCall, error)
	Roles(ctx context.Context) ([]directory.Process, error)
	Ledger(ctx context.Context, id call.ID) (call.LedgerEntry, error)
	// WatchPositions calls seen whenever a call may have ended.
	WatchPositions(ctx context.Context, seen func()) error
}

// Config is all that a Desk is made of.
type Config struct {
	Store  Store
	Secret []byte       // the shared one
	RTP    rtpio.Config // ports of the phones
	Log    *slog.Logger // nil: slog.Default()
}

// Desk places test calls. It implements ui.TestCalls.
type Desk struct {
	cfg  Config
	ctx  context.Context // of all its lines
	end  context.CancelFunc
	mu   sync.Mutex // between the end and what begins
	busy sync.WaitGroup
}

// Open opens a desk. Its lines end with ctx, or with Close.
func Open(ctx context.Context, cfg Config) *Desk {
	cfg.Log = cmp.Or(cfg.Log, slog.Default())
	d := &Desk{cfg: cfg}
	d.ctx, d.end = context.WithCancel(ctx)
	return d
}

// Close hangs up what is left and waits for it. It may be called twice.
func (d *Desk) Close() {
	d.mu.Lock()
	d.end()
	d.mu.Unlock()
	d.busy.Wait()
}

// begin makes the end wait for what begins now; false: it has come.
func (d *Desk) begin() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ctx.Err() != nil {
		return false
	}
	d.busy.Add(1)
	return true
}

// Bounds of placing a call. A node that is there answers at once, if only with
// a challenge.
const (
	asking   = 5 * time.Second // the database
	silence  = 2 * time.Second // of a node, before another is tried
	patience = 15 * time.Second
	maxTries = 3
)

// errElsewhere is a node that could not take a call: another may.
var errElsewhere = errors.New("the node takes no call")

// Why no call was placed, in words for who has asked.
var (
	ErrNoNode = error(&ui.Refusal{Status: http.StatusServiceUnavailable,
		Text: "No node could take the call. The page System tells which nodes there are, and where the panel has to reach them by SIP and RTP."})
	ErrClosed = error(&ui.Refusal{Status: http.StatusServiceUnavailable, Text: "The panel is being stopped: it places no test calls any more."})
)

// Dial implements ui.TestCalls. Each node that is tried gets a test call of its
// own, so that one that was slow to take the first cannot walk it beside the
// other.
func (d *Desk) Dial(ctx context.Context, t directory.TestCall) (ui.TestLine, error) {
	if !d.begin() {
		return nil, ErrClosed
	}
	defer d.busy.Done()
	placing, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(d.ctx, cancel)()
	nodes, err := d.nodes(placing)
	if err != nil {
		return nil, err
	}
	failed := ErrNoNode
	for _, node := range nodes[:min(len(nodes), maxTries)] {
		l, id, err := d.try(placing, t, node)
		if err == nil {
			d.busy.Go(func() { d.see(ctx, l, id) })
			return l, nil
		}
		if !errors.Is(err, errElsewhere) {
			return nil, err
		}
		d.cfg.Log.Warn("test call not taken", "node", node, "error", err)
		failed = fmt.Errorf("%w: %w", failed, err)
	}
	return nil, failed
}

var loopback = netip.AddrFrom4([4]byte{127, 0, 0, 1})

// nodes are where calls are taken now, in any order. A node on this machine may
// have told an address that is not reached from within, or no more.
func (d *Desk) nodes(ctx context.Context) ([]netip.AddrPort, error) {
	ctx, cancel := context.WithTimeout(ctx, asking)
	defer cancel()
	roles, err := d.cfg.Store.Roles(ctx)
	if err != nil {
		return nil, fmt.Errorf("find a node: %w", err)
	}
	var out, again []netip.AddrPort
	host, _ := os.Hostname() // without one, no node is on this machine
	for _, r := range roles {
		at, err := netip.ParseAddrPort(r.Addr)
		if err != nil || r.Role != "node" || !r.Ready {
			continue
		}
		out = append(out, at)
		if here := netip.AddrPortFrom(loopback, at.Port()); r.Host == host && host != "" && here != at {
			again = append(again, here)
		}
	}
	mathrand.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return append(out, again...), nil
}

// see sees a line to its end.
func (d *Desk) see(ctx context.Context, l *Line, id call.ID) {
	ctx, end := context.WithTimeout(ctx, longest)
	defer end()
	defer context.AfterFunc(d.ctx, end)()
	l.run(ctx, id)
}

// try places the call at one node and returns once that has taken it.
func (d *Desk) try(ctx context.Context, t directory.TestCall, node netip.AddrPort) (*Line, call.ID, error) {
	t.ID = NewID()
	saving, cancel := context.WithTimeout(ctx, asking)
	defer cancel()
	if err := d.cfg.Store.SaveTestCall(saving, t); err != nil {
		return nil, "", err
	}
	l, err := d.open(ctx, t, node)
	if err != nil {
		return nil, "", fmt.Errorf("%w: %w", errElsewhere, err)
	}
	id, err := l.placed(ctx, t.ID)
	if err != nil {
		d.busy.Go(l.switchOff) // a node that is silent to the BYE too is not waited for here
		return nil, "", err
	}
	return l, id, nil
}

// localAddr is the address of ours that a node sees.
func localAddr(ctx context.Context, node netip.AddrPort) (netip.Addr, error) {
	var dialer net.Dialer
	c, err := dialer.DialContext(ctx, "udp", node.String()) // sends nothing
	if err != nil {
		return netip.Addr{}, fmt.Errorf("no way to %s: %w", node, err)
	}
	local, err := netip.ParseAddrPort(c.LocalAddr().String())
	return local.Addr().Unmap(), errors.Join(err, c.Close())
}
