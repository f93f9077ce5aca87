package sipmedia

import (
	"encoding/json"
	"errors"
	"time"

	"tandem/flow/call"
	"tandem/sipmedia/sipua"
)

// onKnock takes a caller of another node into a room of ours. No workflow is in
// charge of this call: the one at the other node is, and it speaks to us by SIP.
func (s *Switch) onKnock(d *sipua.Dialog) sipua.Handler {
	var k knock
	if err := json.Unmarshal([]byte(d.Facts().Sealed), &k); err != nil || k.Room == "" {
		s.log.Error("another node asks for what we do not understand", "error", err)
		_ = d.Reject(call.CauseNotAcceptable.Status(), reason(call.CauseNotAcceptable)) // its end is the last we hear of it
		return sipua.NopHandler{}
	}
	l, ok := s.newCaller(d)
	if !ok {
		return sipua.NopHandler{}
	}
	l.c.box.post(func() { l.c.knocked(l, k) })
	return dialogNews{l}
}

// knocked lets the caller of another node in, and ends the call when that is
// over.
func (c *live) knocked(l *leg, k knock) {
	c.a, c.legs = l, []*leg{l}
	c.ending = true // there is nobody who wants news of it
	report := func(result any, err error) {
		out, _ := result.(call.Conferred)
		cause := call.CauseNormal
		switch {
		case err != nil && !errors.Is(err, ErrSuperseded):
			cause = call.CauseCongestion
		case out.Outcome == call.OutcomeRefused:
			cause = farCauses[out.Note]
		}
		c.box.post(func() { c.endLegs(cause); c.close() })
	}
	c.ask("knock", report, func(o *operation) {
		c.supersede(o)
		f := &conferrer{stayer: stayer{c: c, o: o, l: l, in: k.confer(l.rec.ID), since: time.Now()}, of: k.Call, knock: true}
		o.task = f
		f.start()
	})
}
