package sipmedia

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"tandem/flow/call"
	"tandem/sipmedia/rtpio"
	"tandem/sipmedia/sdp"
	"tandem/sipmedia/sipua"
)

// onCall makes a call of an INVITE that sipua has let in. It runs on the
// dialog's goroutine.
func (s *Switch) onCall(d *sipua.Dialog) sipua.Handler {
	if d.Facts().Sealed != "" {
		return s.onKnock(d)
	}
	l, ok := s.newCaller(d)
	if !ok {
		return sipua.NopHandler{}
	}
	s.ladder.know(l.rec.SIPCallID, l.rec.ID)
	l.c.box.post(func() { l.c.arrive(l, d.Facts()) })
	return dialogNews{l}
}

// newCaller makes the call and its first leg, or refuses the INVITE.
func (s *Switch) newCaller(d *sipua.Dialog) (*leg, bool) {
	c := newLive(s, newCallID())
	facts := d.Facts()
	l := &leg{c: c, dialog: d, offer: facts.Offer, trunk: facts.Trunk != nil, deaf: facts.Trunk != nil && facts.Trunk.NoEarlyMedia}
	l.rec = call.Leg{
		ID: call.ALeg(c.id), Side: "a", Node: s.cfg.Node, State: call.LegTrying, Party: callerOf(facts),
		Remote: facts.Source.String() + "/" + facts.Transport, SIPCallID: d.CallID(), Started: time.Now(), Status: 100,
	}
	cause, err := s.openCaller(l)
	if err == nil && !s.admit(c) {
		l.stream.Close()
		cause, err = call.CauseCongestion, ErrClosed
	}
	if err != nil {
		s.log.Warn("call refused", "cause", string(cause), "error", err)
		c.end()
		l.check("refuse", d.Reject(cause.Status(), reason(cause)))
		return nil, false
	}
	s.legs.Add(1)
	return l, true
}

// openCaller gives the caller's leg a stream, if its offer can be met at all.
func (s *Switch) openCaller(l *leg) (call.Cause, error) {
	stream, err := s.engine.Open(rtpio.Options{Handler: streamNews{l}, Name: string(l.rec.ID)})
	if err != nil {
		return call.CauseCongestion, err
	}
	l.stream = stream
	l.session = s.newSession(stream.Port(), l.dialog.Facts().Source.Addr())
	if l.offer == nil {
		return "", nil
	}
	if _, l.agreed, err = l.session.Answer(l.offer); err != nil {
		stream.Close()
		return call.CauseNotAcceptable, err
	}
	l.agreed = sdp.Agreed{Codec: l.agreed.Codec} // so far it only says what to offer others first
	return "", nil
}

// arrive hands the call to whoever decides about it.
func (c *live) arrive(l *leg, f *sipua.Facts) {
	c.a, c.legs = l, []*leg{l}
	in := call.Incoming{
		Call: c.id, Leg: l.rec.ID, Node: c.s.cfg.Node, Caller: l.rec.Party.Number, CallerName: l.rec.Party.Name,
		Called: clip(f.RequestUser), At: l.rec.Started,
	}
	if f.Trunk != nil {
		in.Trunk, l.rec.Trunk = f.Trunk.ID, f.Trunk.ID
	}
	if f.Account != nil {
		in.Account, l.user = f.Account.ID, f.Account.User
		if !f.Account.Guest {
			l.rec.ContactMethod = f.Account.ID
		}
	}
	c.s.lines.occupy(names(l.rec.ContactMethod, l.user), c.id)
	c.log.Info("call arrived", "leg", string(l.rec.ID))
	c.unasked = c.after(c.s.cfg.Waits.Unasked, func() { c.turnAway(errUnasked) })
	c.workers.Go(func() {
		ctx, cancel := context.WithTimeout(c.ctx, c.s.cfg.Waits.Incoming)
		defer cancel()
		if err := c.s.cfg.Feed.Incoming(ctx, in); err != nil {
			c.box.post(func() { c.turnAway(err) })
		}
	})
}

var errUnasked = errors.New("nobody asked for anything in time")

// turnAway refuses a call that nobody took charge of: 503, so that a carrier
// tries another node (RFC 3261 §21.5.4).
func (c *live) turnAway(err error) {
	if len(c.ops) > 0 || c.ending {
		return // somebody did, only the answer got lost
	}
	c.dropCaller(err)
	c.ending = true
	c.close()
}

// dropCaller ends the leg of a caller for whom nobody does anything.
func (c *live) dropCaller(why error) {
	c.log.Warn("caller dropped", "error", why)
	if !c.a.ended() {
		c.event(call.Event{Kind: call.EventLegEnded, Leg: c.a.rec.ID, Cause: call.CauseCongestion, At: time.Now()})
		c.a.hangUp(call.CauseCongestion, reason(call.CauseCongestion))
	}
}

func newCallID() call.ID {
	var random [7]byte
	rand.Read(random[:]) // never fails: crypto/rand crashes the program instead
	return call.NewID(time.Now(), random)
}
