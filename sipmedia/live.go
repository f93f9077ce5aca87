package sipmedia

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"tandem/flow/call"
	"tandem/sipmedia/dtmf"
)

// live is one call of this node. Everything but the constructor runs on its
// mailbox, so that nothing here is locked.
type live struct {
	s    *Switch
	id   call.ID
	log  *slog.Logger
	box  mailbox // owns the fields below
	news mailbox // reports to the feed and to those who asked, in order

	ctx     context.Context // ends when the call is forgotten
	end     context.CancelFunc
	workers sync.WaitGroup // loads audio, hands over the call

	a       *leg   // the caller's; nil: we have begun the call, and nobody has answered
	legs    []*leg // a and all others that were rung, in that order
	dialled int    // legs rung so far
	ops     map[call.OpID]*operation
	current *operation // the one that runs, or nil
	talk    *talk      // the conversation, from the answer on
	stay    *stay      // in a queue, from the first Wait to the end of the last
	seq     int        // of the last event
	unasked *timer     // there is a caller, and nobody has asked for anything yet
	orphan  *timer     // all legs are gone and nobody asks for the end
	refusal int        // status that refuses an unanswered caller; 0: that of the cause
	ending  bool       // somebody is ending the call: no news of it
	parting call.Cause // why, once somebody does
	over    bool       // nothing happens any more; results are kept for a while
	gone    bool       // forgotten
}

// operation is one thing asked of a call, and its result once it has one.
type operation struct {
	id     call.OpID
	asked  []func(any, error) // to be told
	task   task
	done   bool
	result any
	err    error
}

// task is an operation at work. Its methods tell it what happens meanwhile.
type task interface {
	keyDown(l *leg, k dtmf.Key)
	legEnded(l *leg)
	stop() // another operation takes over: leave no timer behind
}

func newLive(s *Switch, id call.ID) *live {
	ctx, end := context.WithCancel(context.Background())
	return &live{
		s: s, id: id, log: s.log.With("call", string(id)), ctx: ctx, end: end,
		ops: map[call.OpID]*operation{},
	}
}

// ask carries out an operation once, and tells each who asks for it.
func (c *live) ask(id call.OpID, report func(any, error), begin func(*operation)) {
	o := c.ops[id]
	switch {
	case o == nil:
		o = &operation{id: id, asked: []func(any, error){report}}
		c.ops[id] = o
		c.unasked.stop()
		c.s.pending.Add(1)
		begin(o)
	case o.done:
		c.news.post(func() { report(o.result, o.err) })
	default:
		o.asked = append(o.asked, report)
	}
}

// supersede makes o what the call does now.
func (c *live) supersede(o *operation) {
	if c.current != nil {
		c.finish(c.current, nil, ErrSuperseded)
	}
	c.current = o
}

// finish ends an operation and tells everybody who asked for it.
func (c *live) finish(o *operation, result any, err error) {
	if o.done {
		return
	}
	o.done, o.result, o.err = true, result, err
	if c.current == o {
		c.current = nil
	}
	if o.task != nil {
		o.task.stop()
		o.task = nil
	}
	c.s.pending.Add(-1)
	asked := o.asked
	o.asked = nil
	c.news.post(func() {
		for _, report := range asked {
			report(result, err)
		}
	})
}

// leg finds one of the call's legs.
func (c *live) leg(id call.LegID) (*leg, error) {
	for _, l := range c.legs {
		if l.rec.ID == id {
			return l, nil
		}
	}
	return nil, fmt.Errorf("%s: %w", id, ErrNoLeg)
}

// keyDown tells the task at work of a key. One that it does not want is kept, and
// so is one that comes between two operations.
func (c *live) keyDown(l *leg, k dtmf.Key) {
	if l.rungBy != nil {
		l.rungBy.keyDown(l, k)
		return
	}
	if c.current == nil || c.current.task == nil {
		l.keep(k)
		return
	}
	if t, ok := c.current.task.(choosy); ok && !t.wants(k) {
		l.keep(k)
	}
	c.current.task.keyDown(l, k)
}

// legEnded is told of each leg that has just ended, whoever ended it.
func (c *live) legEnded(l *leg) {
	c.s.legs.Add(-1)
	c.log.Info("leg ended", "leg", string(l.rec.ID), "cause", string(l.rec.Cause))
	asked := c.current // the end of a conversation ends its Talk, and that still was asked for
	c.talk.legEnded(l)
	switch {
	case l.rungBy != nil:
		l.rungBy.legEnded(l)
	case asked != nil && asked.task != nil:
		asked.task.legEnded(l)
	case asked == nil && !c.ending && !l.byUs:
		c.event(call.Event{Kind: call.EventLegEnded, Leg: l.rec.ID, Cause: l.rec.Cause, At: l.rec.Ended})
	}
	if l == c.a {
		c.stay.leave(call.OutcomeCallerGone)
	}
	c.awaitEnd()
}

// awaitEnd gives a call without legs its time to be asked for their account.
func (c *live) awaitEnd() {
	if !c.ending && c.orphan == nil && c.empty() {
		c.orphan = c.after(c.s.cfg.Waits.Orphan, func() { c.close(); c.forget() })
	}
}

func (c *live) event(e call.Event) {
	c.seq++
	e.Seq = c.seq
	if tell := c.s.cfg.Feed.Event; tell != nil {
		c.news.post(func() { tell(e, c.id) })
	}
}

func (c *live) empty() bool {
	for _, l := range c.legs {
		if !l.ended() {
			return false
		}
	}
	return true
}

// abandon ends everything because nobody is in charge of the call any more.
func (c *live) abandon(cause call.Cause) {
	if c.over || c.ending {
		return
	}
	c.log.Warn("call abandoned", "cause", string(cause))
	if c.current != nil {
		c.finish(c.current, nil, ErrSuperseded)
	}
	c.ending = true
	c.stay.leave(call.OutcomeWithdrawn)
	c.endLegs(cause)
	c.close()
}

func (c *live) endLegs(cause call.Cause) {
	for _, l := range c.legs {
		l.hangUp(cause, reason(cause))
	}
}

// close marks the call as over: from now on it only repeats its results.
func (c *live) close() {
	if c.over {
		return
	}
	c.over = true
	c.unasked.stop()
	c.orphan.stop()
	c.s.release()
	c.after(c.s.cfg.Waits.Keep, c.forget)
}

// forget gives back all that is left of a call.
func (c *live) forget() {
	if c.gone {
		return
	}
	c.gone = true
	c.close()
	c.end()
	c.s.remove(c.id)
	for _, l := range c.legs {
		l.endLate()
		c.s.ladder.forget(l.rec.SIPCallID)
	}
	c.box.close()
	go func() {
		defer c.s.kept.Done()
		c.box.wait()
		c.workers.Wait()
		c.news.close()
		c.news.wait()
	}()
}

// timer is a time.AfterFunc whose function runs on the call's mailbox and never
// after stop. A nil timer can be stopped.
type timer struct {
	clock *time.Timer
	off   bool
}

func (c *live) after(d time.Duration, f func()) *timer {
	t := &timer{}
	t.clock = time.AfterFunc(d, func() {
		c.box.post(func() {
			if !t.off {
				t.off = true
				f()
			}
		})
	})
	return t
}

func (t *timer) stop() {
	if t != nil {
		t.off = true
		t.clock.Stop()
	}
}
