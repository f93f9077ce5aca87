package sipmedia

import (
	"cmp"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"net/netip"
	"strings"
	"time"

	"tandem/flow/call"
	"tandem/sipmedia/rtpio"
	"tandem/sipmedia/sdp"
	"tandem/sipmedia/sipua"
)

// errLoop says that an INVITE has passed as many proxies as it may.
var errLoop = errors.New("max-forwards is used up")

// places are where a target can be rung, as far as signalling goes. Without any,
// the cause says why.
func (s *Switch) places(t call.Target) ([]sipua.Outgoing, call.Cause) {
	switch {
	case t.Account != "":
		var out []sipua.Outgoing
		for _, b := range s.UA().BindingsOf(t.Account) {
			out = append(out, sipua.Outgoing{To: b.Contact, Route: b.Received, Transport: b.Transport, Path: splitPath(b.Path)})
		}
		return out, call.CauseUnavailable
	case t.URI != "":
		out := sipua.Outgoing{To: t.URI, Username: t.Username}
		if t.Username != "" && s.cfg.Password != nil {
			out.Password = s.cfg.Password(t.ContactMethod)
		}
		return []sipua.Outgoing{out}, ""
	}
	return nil, call.CauseNotFound
}

// dial rings one place on a leg of its own, which takes after the caller's.
func (c *live) dial(t call.Target, out sipua.Outgoing, from call.Party, caller *leg) (*leg, error) {
	like := caller.likeness()
	if out.MaxForwards = like.forwards; out.MaxForwards < 1 {
		return nil, errLoop
	}
	l := &leg{c: c, dialled: true, user: t.User}
	l.rec = call.Leg{
		ID: call.BLeg(c.id, c.dialled+1), Side: "b", Node: c.s.cfg.Node, State: call.LegTrying,
		Party: call.Party{Number: cmp.Or(t.Number, t.URI), Name: t.Name}, ContactMethod: t.ContactMethod, Remote: out.To, Started: time.Now(),
	}
	if out.Route.IsValid() {
		l.rec.Remote = out.Route.String() + "/" + out.Transport
	}
	l.rec.SIPCallID = string(l.rec.ID) + "-" + randomHex()
	var err error
	if l.stream, err = c.s.engine.Open(rtpio.Options{Near: like.stream, Handler: streamNews{l}, Name: string(l.rec.ID)}); err != nil {
		return nil, err
	}
	l.session = c.s.newSession(l.stream.Port(), hostOf(out))
	l.session.Prefer(like.codec)
	out.CallID, out.Offer, out.From, out.FromName = l.rec.SIPCallID, l.session.Offer(), from.Number, from.Name
	if from.Number == "" {
		out.Anonymous, out.FromName = true, "Anonymous"
	}
	c.s.ladder.know(out.CallID, l.rec.ID)
	if l.dialog, err = c.s.UA().Invite(out, dialogNews{l}); err != nil {
		l.stream.Close()
		c.s.ladder.forget(out.CallID)
		return nil, err
	}
	c.s.legs.Add(1)
	c.legs = append(c.legs, l)
	c.dialled++
	return l, nil
}

// likeness is what a leg that is dialled takes over from the caller's.
type likeness struct {
	forwards int           // proxies that its INVITE may pass
	stream   *rtpio.Stream // near which its own can be bridged; nil: anywhere
	codec    string        // offered first: then nothing needs transcoding; empty: as usual
}

// freshForwards is how many proxies the INVITE of a call that begins here may
// pass (RFC 3261 §8.1.1.6).
const freshForwards = 70

// likeness of nobody is for those of whom one is to be the caller.
func (l *leg) likeness() likeness {
	if l == nil {
		return likeness{forwards: freshForwards}
	}
	return likeness{forwards: l.dialog.Facts().MaxForwards - 1, stream: l.stream, codec: l.agreed.Codec.Name}
}

// dialCause says why no leg could be made.
func dialCause(err error) call.Cause {
	switch {
	case errors.Is(err, errLoop):
		return call.CauseLoop
	case errors.Is(err, rtpio.ErrNoPorts), errors.Is(err, sipua.ErrClosed):
		return call.CauseCongestion
	}
	return call.CauseUnavailable
}

// hostOf is the address that a request goes to, invalid if its name has to be
// looked up first.
func hostOf(out sipua.Outgoing) netip.Addr {
	if out.Route.IsValid() {
		return out.Route.Addr()
	}
	host := out.To
	for _, cut := range []string{"sips:", "sip:"} {
		host = strings.TrimPrefix(host, cut)
	}
	if i := strings.LastIndexByte(host, '@'); i >= 0 {
		host = host[i+1:]
	}
	if i := strings.IndexAny(host, ";?>"); i >= 0 {
		host = host[:i]
	}
	if a, err := netip.ParseAddrPort(host); err == nil {
		return a.Addr()
	}
	a, _ := netip.ParseAddr(strings.Trim(host, "[]"))
	return a
}

func splitPath(path string) []string {
	if path == "" {
		return nil
	}
	return strings.Split(path, ",")
}

func randomHex() string {
	var b [6]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// join makes the caller and an answered leg hear each other. Whom the other
// puts on hold hears the music; the system's where none is named.
func (c *live) join(a, b *leg, music string) {
	a.whenReady(func() {
		if a.ended() || b.ended() {
			return
		}
		c.bridge(a, b)
	})
	c.talk = &talk{c: c, a: a, b: b, hold: music, since: time.Now()}
}

// bridge connects two streams, unless they are already.
func (c *live) bridge(a, b *leg) {
	if a.partner == b {
		return
	}
	if err := c.s.engine.Bridge(a.stream, b.stream); err != nil {
		c.log.Error("legs cannot be joined", "error", err)
		return
	}
	a.partner, b.partner = b, a
	for _, l := range []*leg{a, b} {
		if l.agreed.Direction == sdp.SendRecv {
			continue
		}
		if l.agreed.Held() {
			l.partner.onHold(true)
		}
	}
}
