// Package phone is a SIP phone as a library: it registers, dials, answers,
// keys, speaks and listens over real sockets.
//
// It never knows the engine it talks to, and never shares a shortcut with it:
// what a phone hears has crossed the network.
package phone

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"

	"tandem/sipmedia/rtpio"
	"tandem/sipmedia/sdp"
	"tandem/sipmedia/sipua"
)

// Errors of a phone.
var (
	ErrClosed = errors.New("phone is switched off")
	ErrState  = errors.New("the call does not allow that now")
)

// KeyWay says how a phone sends keys.
type KeyWay string

// The ways. KeysByEvent is RFC 4733 and the default.
const (
	KeysByEvent KeyWay = "rfc4733"
	KeysByInfo  KeyWay = "info"
	KeysByBoth  KeyWay = "both"
)

// Config is all that a phone is made of.
type Config struct {
	Addr      netip.Addr     // local address of SIP and RTP; default 127.0.0.1
	Port      uint16         // of SIP; 0: any free one
	Transport string         // "udp" or "tcp"; default udp
	Server    netip.AddrPort // registrar and proxy
	User      string         // of our address, and of credentials
	Password  string
	Name      string        // display name
	Codecs    []sdp.Codec   // best first; none means PCMA, PCMU
	Keys      KeyWay        // how keys are sent
	Engine    *rtpio.Engine // shared with other phones; nil: one of its own, made from RTP
	RTP       rtpio.Config  // Addr is set by the phone
	Timers    sipua.Timers  // zero: the protocol's own
	Trace     func(sipua.Message)
	Log       *slog.Logger // nil: slog.Default()
}

// Phone is one phone. It takes calls as soon as it exists, if it can be reached.
type Phone struct {
	cfg      Config
	ua       *sipua.UA
	engine   *rtpio.Engine
	own      bool // the engine is ours to close
	incoming chan *Call
	sessions atomic.Uint64

	mu         sync.Mutex
	registered *sipua.Registered
	closed     bool
}

// maxWaiting is how many calls may ring before anybody looks; more are busy.
const maxWaiting = 64

// New switches a phone on. It does not register.
func New(cfg Config) (*Phone, error) {
	if !cfg.Addr.IsValid() {
		cfg.Addr = netip.AddrFrom4([4]byte{127, 0, 0, 1})
	}
	if cfg.Transport == "" {
		cfg.Transport = "udp"
	}
	if len(cfg.Codecs) == 0 {
		cfg.Codecs = []sdp.Codec{sdp.PCMA, sdp.PCMU}
	}
	if cfg.Keys == "" {
		cfg.Keys = KeysByEvent
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	p := &Phone{cfg: cfg, engine: cfg.Engine, incoming: make(chan *Call, maxWaiting)}
	if p.engine == nil {
		rtp := cfg.RTP
		rtp.Addr, rtp.Log = cfg.Addr, cfg.Log
		if rtp.Shards == 0 {
			rtp.Shards = 1
		}
		engine, err := rtpio.New(rtp)
		if err != nil {
			return nil, fmt.Errorf("phone media: %w", err)
		}
		p.engine, p.own = engine, true
	}
	ua, err := sipua.New(sipua.Config{
		Node: "phone-" + cfg.User, UserAgent: "Tandem phone", Anyone: true, OnCall: p.onCall, Trace: cfg.Trace, Timers: cfg.Timers, Log: cfg.Log,
		Listen: []sipua.Listen{{Network: cfg.Transport, Addr: netip.AddrPortFrom(cfg.Addr, cfg.Port)}},
	})
	if err != nil {
		return nil, errors.Join(err, p.closeEngine())
	}
	p.ua = ua
	return p, nil
}

// Addr is where the phone listens for SIP.
func (p *Phone) Addr() netip.AddrPort { return p.ua.Addrs()[0].Addr }

// Register makes the phone reachable under its account, and keeps it so until
// Close. It returns after the registrar's answer.
func (p *Phone) Register(ctx context.Context) error {
	r, err := p.ua.Register(ctx, sipua.Registration{
		Registrar: "sip:" + p.cfg.Server.String(), Route: p.cfg.Server, Transport: p.cfg.Transport,
		User: p.cfg.User, Password: p.cfg.Password,
	})
	if err != nil {
		return fmt.Errorf("register %s: %w", p.cfg.User, err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.registered = r
	return nil
}

// DialOptions are the rarer ways to place a call.
type DialOptions struct {
	LateOffer bool   // an INVITE without SDP: the other side offers
	Number    string // shown as caller instead of the phone's user; "anonymous" as it is
	Privacy   string // value of a Privacy header
	Identity  string // asserted beside the phone's own address (RFC 3325)
	Name      string // of Identity
}

// Dial calls a number or user at the server, or a whole "sip:" URI.
func (p *Phone) Dial(to string, o DialOptions) (*Call, error) {
	if !strings.HasPrefix(to, "sip:") {
		to = "sip:" + to + "@" + p.cfg.Server.String()
	}
	c, err := p.newCall(false)
	if err != nil {
		return nil, err
	}
	out := sipua.Outgoing{
		To: to, Route: p.cfg.Server, Transport: p.cfg.Transport, From: p.cfg.User, FromName: p.cfg.Name,
		Username: p.cfg.User, Password: p.cfg.Password,
	}
	if o.Number != "" {
		out.From = o.Number
	}
	if o.Identity != "" {
		out.PAI, out.Identity, out.IdentityName = true, o.Identity, o.Name
	}
	if o.Privacy != "" {
		out.Headers = append(out.Headers, sipua.Header{Name: "Privacy", Value: o.Privacy})
	}
	if !o.LateOffer {
		out.Offer = c.session.Offer()
	}
	d, err := p.ua.Invite(out, handler{c})
	if err != nil {
		c.stream.Close()
		return nil, fmt.Errorf("dial %s: %w", to, err)
	}
	c.setDialog(d)
	return c, nil
}

// Incoming gives each call that reaches the phone. It rings (180) only when told
// to.
func (p *Phone) Incoming() <-chan *Call { return p.incoming }

func (p *Phone) onCall(d *sipua.Dialog) sipua.Handler {
	c, err := p.newCall(true)
	if err != nil {
		d.Reject(503, "no media")
		return sipua.NopHandler{}
	}
	c.offer = d.Facts().Offer
	c.setDialog(d)
	select {
	case p.incoming <- c:
		return handler{c}
	default:
		c.stream.Close()
		d.Reject(486, "too many calls wait")
		return sipua.NopHandler{}
	}
}

// Close hangs up, unregisters and switches the phone off, within ctx. It may be
// called twice.
func (p *Phone) Close(ctx context.Context) error {
	p.mu.Lock()
	r, closed := p.registered, p.closed
	p.closed, p.registered = true, nil
	p.mu.Unlock()
	if closed {
		return nil
	}
	var err error
	if r != nil {
		err = r.Close(ctx)
	}
	return errors.Join(err, p.ua.Close(ctx), p.closeEngine())
}

func (p *Phone) closeEngine() error {
	if !p.own {
		return nil
	}
	return p.engine.Close()
}
