package sipua

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"maps"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/emiago/sipgo/sip"
)

// Errors that callers act on.
var (
	ErrClosed   = errors.New("sip user agent is closed")
	ErrEnded    = errors.New("dialog has ended")
	ErrState    = errors.New("not allowed in the dialog's present state")
	ErrNoTarget = errors.New("no address to send to")
)

// UA is one SIP user agent. It owns all its goroutines; Close waits for them.
type UA struct {
	cfg       Config
	log       *slog.Logger
	limits    Limits
	timers    Timers
	parser    *sip.Parser
	digest    *digestServer
	seals     *seals
	registrar *registrar
	strangers *limiter
	tx        *txTable
	tagKey    []byte

	udp   []*udpSocket
	tcp   []*tcpSocket
	addrs []Listen

	ctx        context.Context // ends with Close; dialling and waiting hang on it
	end        context.CancelFunc
	wg         sync.WaitGroup
	goroutines atomic.Int64

	mu        sync.Mutex
	stopping  bool // no new calls
	stopped   bool // no new goroutines
	dialogs   map[dialogID]*Dialog
	streams   map[netip.AddrPort]*stream
	perSource map[netip.Addr]int // TCP connections
	peers     map[netip.Addr]int // dialogs
	routes    map[netip.Addr]netip.Addr
	refused   map[string]uint64
}

// dialogID finds a dialog: our tag is unique, the Call-ID keeps a guesser out.
type dialogID struct{ callID, localTag string }

// New binds all sockets and starts. Errors name transport and address in one
// line: "sip udp 127.0.0.1:5060: address already in use".
func New(cfg Config) (*UA, error) {
	if len(cfg.Listen) == 0 {
		return nil, errors.New("sip: no address to listen on")
	}
	if len(cfg.Secret) > 0 && len(cfg.Secret) < 16 {
		return nil, errors.New("sip: the nonce secret needs at least 16 bytes")
	}
	ua := newUA(cfg)
	if err := ua.bind(cfg.Listen); err != nil {
		ua.closeSockets()
		ua.end()
		return nil, err
	}
	if err := ua.registrar.load(ua.ctx); err != nil {
		ua.closeSockets()
		ua.end()
		return nil, err
	}
	for _, s := range ua.udp {
		ua.goes(s.serve)
	}
	for _, s := range ua.tcp {
		ua.goes(s.serve)
	}
	ua.registrar.start()
	ua.goes(ua.sweep)
	return ua, nil
}

func newUA(cfg Config) *UA {
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.Realm == "" {
		cfg.Realm = "tandem"
	}
	ua := &UA{cfg: cfg, log: cfg.Log.With("node", cfg.Node), limits: cfg.Limits.withDefaults(), timers: cfg.Timers.withDefaults(),
		tx: newTxTable(), tagKey: make([]byte, 32), dialogs: map[dialogID]*Dialog{}, streams: map[netip.AddrPort]*stream{},
		perSource: map[netip.Addr]int{}, peers: map[netip.Addr]int{}, routes: map[netip.Addr]netip.Addr{}, refused: map[string]uint64{}}
	rand.Read(ua.tagKey)
	ua.parser = newParser(ua.limits.UDPMessage)
	ua.strangers = newLimiter(float64(ua.limits.StrangerRate), float64(2*ua.limits.StrangerRate))
	ua.seals = newSeals(cfg.Secret)
	ua.digest = newDigestServer(cfg.Realm, cfg.Secret, ua.timers.NonceLife, ua.limits.DigestTries)
	ua.registrar = newRegistrar(ua)
	ua.ctx, ua.end = context.WithCancel(context.Background())
	return ua
}

// goes starts a goroutine that Close waits for; false after Close.
func (ua *UA) goes(f func()) bool {
	ua.mu.Lock()
	defer ua.mu.Unlock()
	if ua.stopped {
		return false
	}
	ua.goroutines.Add(1)
	ua.wg.Go(func() {
		defer ua.goroutines.Add(-1)
		f()
	})
	return true
}

// pause waits, but not beyond Close.
func (ua *UA) pause(d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ua.ctx.Done():
	}
}

// sweep forgets what is out of date, every Timers.Sweep.
func (ua *UA) sweep() {
	for ua.ctx.Err() == nil {
		ua.pause(ua.timers.Sweep)
		ua.registrar.sweep()
		ua.digest.sweep()
		ua.strangers.sweep()
	}
}

// Addrs returns the bound sockets in the order of Config.Listen.
func (ua *UA) Addrs() []Listen { return append([]Listen(nil), ua.addrs...) }

// BindingsOf returns the live bindings of an account (by ID), best q first.
func (ua *UA) BindingsOf(account string) []Binding { return ua.registrar.of(account) }

// ApplyBinding takes news of a binding made on another node. The store is not written.
func (ua *UA) ApplyBinding(b Binding) { ua.registrar.put(b) }

// DropBinding takes news of a binding removed elsewhere, or revokes one here.
// The store is not written.
func (ua *UA) DropBinding(account, contact string) { ua.registrar.drop(account, contact) }

func (ua *UA) closing() bool {
	ua.mu.Lock()
	defer ua.mu.Unlock()
	return ua.stopping
}

func (ua *UA) refuse(reason string) {
	ua.mu.Lock()
	defer ua.mu.Unlock()
	ua.refused[reason]++
}

func (ua *UA) dialogOf(callID, localTag string) *Dialog {
	ua.mu.Lock()
	defer ua.mu.Unlock()
	return ua.dialogs[dialogID{callID, localTag}]
}

func (ua *UA) dialogCount() int {
	ua.mu.Lock()
	defer ua.mu.Unlock()
	return len(ua.dialogs)
}

// Close stops taking calls (503 for new ones), hangs up the dialogs that are
// left, and waits for transactions within ctx. It may be called twice; the
// second call waits for the first.
func (ua *UA) Close(ctx context.Context) error {
	ua.mu.Lock()
	ua.stopping = true
	left := make([]*Dialog, 0, len(ua.dialogs))
	for d := range maps.Values(ua.dialogs) {
		left = append(left, d)
	}
	ua.mu.Unlock()
	for _, d := range left {
		d.Bye(`SIP;cause=503;text="Shutting down"`)
	}
	err := ua.settle(ctx)
	ua.mu.Lock()
	ua.stopped = true
	ua.mu.Unlock()
	ua.end()
	ua.tx.stop()
	ua.abandon()
	ua.closeSockets()
	ua.wg.Wait()
	return err
}

// settle waits until no transaction waits for a peer.
func (ua *UA) settle(ctx context.Context) error {
	const look = 5 * time.Millisecond
	tick := time.NewTicker(look)
	defer tick.Stop()
	for ua.tx.busy() > 0 {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// abandon ends the dialogs whose peer never answered.
func (ua *UA) abandon() {
	ua.mu.Lock()
	left := make([]*Dialog, 0, len(ua.dialogs))
	for d := range maps.Values(ua.dialogs) {
		left = append(left, d)
	}
	ua.mu.Unlock()
	for _, d := range left {
		d.abandon()
	}
}

func (ua *UA) closeSockets() {
	for _, s := range ua.udp {
		s.conn.Close()
	}
	for _, s := range ua.tcp {
		s.ln.Close()
	}
	ua.mu.Lock()
	defer ua.mu.Unlock()
	for s := range maps.Values(ua.streams) {
		s.conn.Close()
	}
}

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

// Stats returns present figures.
func (ua *UA) Stats() Stats {
	s := Stats{Transactions: ua.tx.size(), Goroutines: int(ua.goroutines.Load()), Bindings: ua.registrar.size()}
	ua.mu.Lock()
	defer ua.mu.Unlock()
	s.Dialogs, s.Connections, s.Refused = len(ua.dialogs), len(ua.streams), maps.Clone(ua.refused)
	return s
}

// stampRequest writes into a request what depends on its path: Via, and the
// address in our Contact.
func (ua *UA) stampRequest(p path, req *sip.Request, branch string) {
	self := ua.self(p)
	for req.RemoveHeader("Via") {
	}
	via := &sip.ViaHeader{ProtocolName: "SIP", ProtocolVersion: "2.0", Transport: strings.ToUpper(p.transport()),
		Host: self.Addr().String(), Port: int(self.Port()), Params: sip.HeaderParams{{K: "branch", V: branch}, {K: "rport"}}}
	req.PrependHeader(via)
	if c := req.Contact(); c != nil && c.Address.Host == "" {
		place(c, self, p)
	}
}

// place writes our address into our Contact.
func place(c *sip.ContactHeader, self netip.AddrPort, p path) {
	c.Address.Host, c.Address.Port = self.Addr().String(), int(self.Port())
	if p.tcp != nil {
		c.Address.UriParams.Add("transport", "tcp")
	}
}
