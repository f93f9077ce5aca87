package simulate

import (
	"cmp"
	"slices"
	"time"

	"tandem/flow"
	"tandem/flow/call"
)

// caller is who calls: a leg, the keys still to be pressed, and patience.
type caller struct {
	w     *world
	leg   call.Leg
	used  int         // keyings
	keys  []*event    // of the keying at work
	ahead call.Digits // keyed and not asked for

	reaction time.Duration // until it is heard that audio has begun
}

// loses says when the caller loses patience; 0 is as late as anybody can.
func (c *caller) loses(patience time.Duration) {
	if patience <= 0 || patience > longestWait {
		patience = longestWait
	}
	c.w.at(c.leg.Started.Add(patience), func() {
		if c.leg.State == call.LegEnded || c.w.talk.going() {
			return
		}
		c.w.tell("the caller hangs up")
		c.hangUp()
	})
}

func (c *caller) ended() bool    { return c.leg.State == call.LegEnded }
func (c *caller) answered() bool { return c.leg.State == call.LegAnswered }

func (c *caller) move(to call.LegState) bool {
	if !c.leg.State.CanMove(to) {
		return false
	}
	c.leg.State = to
	return true
}

// ring tells the caller that somebody's phone rings.
func (c *caller) ring() {
	if c.move(call.LegRinging) {
		c.leg.Ringing, c.leg.Status = c.w.now(), 180
	}
}

// early opens the way for audio to a caller who is not answered.
func (c *caller) early() {
	if c.move(call.LegEarly) {
		c.leg.Status = 183
		if c.leg.Ringing.IsZero() {
			c.leg.Ringing = c.w.now()
		}
	}
}

func (c *caller) answer() {
	if c.move(call.LegAnswered) {
		c.leg.Answered, c.leg.Status = c.w.now(), 200
	}
}

// hangUp ends the caller's leg by the caller's own doing.
func (c *caller) hangUp() {
	cause := call.CauseCallerCancelled
	if c.answered() {
		cause = call.CauseCallerHangup
	}
	c.end(cause)
}

// end ends the caller's leg, and tells what is at work.
func (c *caller) end(cause call.Cause) {
	if !c.move(call.LegEnded) {
		return
	}
	c.leg.Ended, c.leg.Cause = c.w.now(), cause
	c.forget()
	if o := c.w.current; o != nil {
		o.task.callerGone()
	}
	c.w.stay.leave(call.OutcomeCallerGone) // between two Waits
}

// prompted lets the caller key what the next keying says: audio that listens
// for keys begins. What was left of the keying before is not keyed any more,
// unless it is listened for.
func (c *caller) prompted(listened bool) {
	if listened && slices.ContainsFunc(c.keys, func(e *event) bool { return !e.dropped }) {
		return
	}
	c.leaveOff()
	if c.used >= len(c.w.sc.Keys) {
		return
	}
	k := withDefaults(c.w.sc.Keys[c.used])
	c.used++
	for i, key := range []byte(k.Digits) {
		c.keys = append(c.keys, c.w.after((k.After+call.Duration(i)*k.Gap).Std(), func() { c.press(key) }))
	}
}

func withDefaults(k flow.Keying) flow.Keying {
	k.After = cmp.Or(k.After, call.Duration(defaultKeyAfter))
	k.Gap = cmp.Or(k.Gap, call.Duration(defaultKeyGap))
	return k
}

func (c *caller) press(key byte) {
	if c.ended() || c.w.talk.going() {
		return
	}
	c.w.tell("the caller keys %c", key)
	o := c.w.current
	if o == nil {
		c.keep(key)
		return
	}
	if t, ok := o.task.(choosy); ok && !t.wants(key) {
		c.keep(key)
	}
	o.task.keyDown(key)
}

// choosy is a task that leaves some keys to whoever asks for keys next, as on a
// node.
type choosy interface{ wants(key byte) bool }

func (c *caller) keep(key byte) { c.ahead += call.Digits([]byte{key}) }

// takeAhead is what was keyed before anybody asked, and forgets it.
func (c *caller) takeAhead() call.Digits {
	keys := c.ahead
	c.ahead = ""
	return keys
}

// leaveOff ends the keying at work, once the caller has heard why.
func (c *caller) leaveOff() {
	if c.reaction == 0 {
		c.forget()
		return
	}
	unheard := c.keys
	c.keys = nil
	c.w.after(c.reaction, func() {
		for _, e := range unheard {
			e.drop()
		}
	})
}

func (c *caller) forget() {
	for _, e := range c.keys {
		e.drop()
	}
	c.keys = nil
}
