package simulate

import (
	"time"

	"go.temporal.io/sdk/testsuite"
)

// clock is what will happen in a world, in order of time. It keeps one timer of
// the environment at most: the environment lets time pass really while an
// activity starts, and a timer left behind would let that show.
type clock struct {
	env     *testsuite.TestWorkflowEnvironment
	events  []*event
	made    int       // events so far
	armed   time.Time // of the environment's timer; zero: none
	running func() bool
}

// event is one thing that will happen, unless it is dropped before. A nil event
// can be dropped.
type event struct {
	at      time.Time
	turn    int // of those at the same time the first made is first
	happen  func()
	dropped bool
}

func (e *event) drop() {
	if e != nil {
		e.dropped = true
	}
}

func (c *clock) now() time.Time { return c.env.Now() }

// after lets something happen in d from now.
func (c *clock) after(d time.Duration, happen func()) *event { return c.at(c.now().Add(d), happen) }

func (c *clock) at(t time.Time, happen func()) *event {
	c.made++
	e := &event{at: t, turn: c.made, happen: happen}
	c.events = append(c.events, e)
	return e
}

// next is the first event that is not dropped, and forgets those that are.
func (c *clock) next() *event {
	var first *event
	kept := c.events[:0]
	for _, e := range c.events {
		if e.dropped {
			continue
		}
		kept = append(kept, e)
		if first == nil || e.at.Before(first.at) || e.at.Equal(first.at) && e.turn < first.turn {
			first = e
		}
	}
	clear(c.events[len(kept):])
	c.events = kept
	return first
}

// run lets happen what is due, and then wakes up for the next thing, as long as
// somebody waits for it.
func (c *clock) run() {
	now := c.now()
	if !c.armed.After(now) {
		c.armed = time.Time{}
	}
	for e := c.next(); e != nil; e = c.next() {
		switch {
		case !e.at.After(now):
			e.drop()
			e.happen()
			continue
		case c.running() && (c.armed.IsZero() || e.at.Before(c.armed)):
			c.armed = e.at
			c.env.RegisterDelayedCallback(c.run, e.at.Sub(now))
		}
		return
	}
}
