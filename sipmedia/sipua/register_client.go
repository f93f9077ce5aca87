package sipua

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"
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
type Registered struct {
	ua     *UA
	reg    Registration
	uri    sip.Uri
	to     target
	host   string // to look up; empty: to is complete
	callID string
	tag    string

	cseq  uint32 // of the goroutine that registers, like all below
	login login
	life  int // seconds granted

	stop   context.CancelFunc
	ended  chan struct{}
	once   sync.Once
	closed error
}

// Register keeps a binding at a registrar alive until the Registered is closed.
// It returns after the first 200, or with the reason why there is none.
func (ua *UA) Register(ctx context.Context, reg Registration) (*Registered, error) {
	uri, err := parseURI(reg.Registrar)
	if err != nil || uri.Scheme != "sip" {
		return nil, fmt.Errorf("register at %q: not a sip URI", reg.Registrar)
	}
	if reg.Username == "" {
		reg.Username = reg.User
	}
	if reg.Expires <= 0 {
		reg.Expires = DefaultBindingLifetime
	}
	r := &Registered{ua: ua, reg: reg, uri: uri, callID: randomText(16), tag: randomText(10),
		login: login{user: reg.Username, password: reg.Password}, ended: make(chan struct{})}
	if r.to, r.host, err = ua.targetOf(&uri, reg.Route, reg.Transport, reg.Local); err != nil {
		return nil, fmt.Errorf("register at %q: %w", reg.Registrar, err)
	}
	if err := r.round(ctx, int(reg.Expires/time.Second)); err != nil {
		return nil, fmt.Errorf("register %s at %s: %w", reg.User, reg.Registrar, err)
	}
	life, stop := context.WithCancel(ua.ctx)
	r.stop = stop
	if !ua.goes(func() { r.run(life) }) {
		stop()
		return nil, ErrClosed
	}
	return r, nil
}

// run renews the binding until Close.
func (r *Registered) run(ctx context.Context) {
	defer close(r.ended)
	const firstPause, longestPause = 2, 300 // seconds
	pause, lost := 0, false
	for {
		wait := time.Duration(r.life) * r.ua.timers.Second * 9 / 10
		if pause > 0 {
			wait = time.Duration(pause) * r.ua.timers.Second
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return
		}
		err := r.round(ctx, int(r.reg.Expires/time.Second))
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			r.ua.log.Warn("registration lost", "account", r.reg.User, "error", err)
			pause = min(max(2*pause, firstPause), longestPause)
		default:
			pause = 0
		}
		if r.reg.Changed != nil && (err != nil) != lost {
			r.reg.Changed(err)
		}
		lost = err != nil
	}
}

// round sends REGISTER, answers a challenge and a 423, and waits for the result.
func (r *Registered) round(ctx context.Context, seconds int) error {
	to := r.to
	if r.host != "" {
		var err error
		if to, err = r.ua.lookUp(ctx, r.host, to); err != nil {
			return err
		}
	}
	const tries = 4 // challenge, stale nonce, 423, and once more
	for range tries {
		res, err := r.send(ctx, to, seconds)
		switch {
		case err != nil:
			return err
		case res.StatusCode < 300:
			r.life = r.granted(res, seconds)
			return nil
		case (res.StatusCode == 401 || res.StatusCode == 407) && r.login.challenged(res):
		case res.StatusCode == 423:
			least, ok := number(value(res, "min-expires"))
			if !ok || least <= seconds {
				return statusError("REGISTER", res.StatusCode)
			}
			seconds = least
		default:
			return statusError("REGISTER", res.StatusCode)
		}
	}
	return errors.New("the registrar keeps asking")
}

func (r *Registered) send(ctx context.Context, to target, seconds int) (*sip.Response, error) {
	type result struct {
		res *sip.Response
		err error
	}
	done := make(chan result, 1)
	r.ua.request(to, r.build(to, seconds), func(res *sip.Response, err error) {
		if err == nil && res.StatusCode < 200 {
			return
		}
		done <- result{res, err}
	})
	select {
	case x := <-done:
		return x.res, x.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	case <-r.ua.ctx.Done():
		return nil, ErrClosed
	}
}

func (r *Registered) build(to target, seconds int) *sip.Request {
	r.cseq++
	req := sip.NewRequest(sip.REGISTER, r.uri)
	forwards := sip.MaxForwardsHeader(70)
	req.AppendHeader(&forwards)
	aor := sip.Uri{Scheme: "sip", User: escapeUser(r.reg.User), Host: r.uri.Host, Port: r.uri.Port}
	req.AppendHeader(&sip.FromHeader{Address: aor, Params: sip.HeaderParams{{K: "tag", V: r.tag}}})
	req.AppendHeader(&sip.ToHeader{Address: aor})
	id := sip.CallIDHeader(r.callID)
	req.AppendHeader(&id)
	req.AppendHeader(&sip.CSeqHeader{SeqNo: r.cseq, MethodName: sip.REGISTER})
	req.AppendHeader(&sip.ContactHeader{Address: sip.Uri{Scheme: "sip", User: escapeUser(r.reg.User)}})
	add(req, "Expires", strconv.Itoa(seconds))
	add(req, "Allow", allow())
	if r.ua.cfg.UserAgent != "" {
		add(req, "User-Agent", r.ua.cfg.UserAgent)
	}
	req.SetBody(nil)
	r.login.sign(req)
	return req
}

// granted reads how long our binding lives from the listing in a 200.
func (r *Registered) granted(res *sip.Response, asked int) int {
	if n, ok := number(value(res, "expires")); ok {
		asked = n
	}
	for _, h := range res.Headers() {
		c, ok := h.(*sip.ContactHeader)
		if !ok || userOf(&c.Address) != r.reg.User {
			continue
		}
		if v, found := paramOf(c.Params, "expires"); found {
			if n, ok := number(v); ok && n > 0 {
				asked = min(asked, n)
			}
		}
	}
	return max(1, asked)
}

// Close removes the binding and stops. It may be called twice.
func (r *Registered) Close(ctx context.Context) error {
	r.once.Do(func() {
		r.stop()
		<-r.ended
		if r.ua.ctx.Err() == nil {
			r.closed = r.round(ctx, 0)
		}
	})
	return r.closed
}
