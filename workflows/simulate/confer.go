package simulate

import (
	"context"
	"time"

	"tandem/flow/call"
	"tandem/flow/reflex"
)

// Confer implements activities.Switch.
func (w *world) Confer(_ call.OpID, in call.Confer, done func(call.Conferred, error)) error {
	return submit(w, done, func(o *operation) task { return &conferrer{w: w, o: o, in: in} })
}

// ClaimRoom implements activities.Lookup: there is but one node.
func (w *world) ClaimRoom(_ context.Context, _, node string) (call.RoomPlace, error) {
	return call.RoomPlace{Node: node}, nil
}

// conferrer is a Confer at work: the caller is the only party of the room until
// patience ends.
type conferrer struct {
	w     *world
	o     *operation
	in    call.Confer
	since time.Time
	pad   reflex.Pad
	last  *event
}

func (c *conferrer) start() {
	if c.w.caller.ended() {
		c.callerGone()
		return
	}
	c.w.caller.answer()
	c.since = c.w.now()
	if c.in.WaitForHost && !c.in.Host {
		c.w.tell("the caller hears music: no host is there yet")
	} else {
		c.w.tell("the caller is in the conference, alone, and hears music")
	}
	c.w.caller.prompted(false)
	if c.in.Longest > 0 {
		c.last = c.w.after(c.in.Longest.Std(), func() {
			c.w.tell("the conference is cut off, no call is longer than %v", c.in.Longest)
			c.w.caller.end(call.CauseTooLong)
		})
	}
}

// keyDown knows of the keys only the one that changes the caller's way.
func (c *conferrer) keyDown(key byte) {
	if c.pad.Key(key) == reflex.EndForAll && c.in.Host {
		c.w.tell("the host ends the conference for all")
		c.end(call.OutcomeDone)
	}
}

func (c *conferrer) callerGone() { c.end(call.OutcomeCallerGone) }

func (c *conferrer) end(outcome call.Outcome) {
	out := call.Conferred{Outcome: outcome}
	if !c.since.IsZero() {
		out.Most, out.Lasted = 1, call.Duration(c.w.now().Sub(c.since))
	}
	c.w.finish(c.o, out, nil)
}

func (c *conferrer) stop() { c.last.drop() }
