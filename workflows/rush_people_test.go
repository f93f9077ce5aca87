package workflows

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/stretchr/testify/mock"
	"go.temporal.io/sdk/activity"

	"tandem/activities"
	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/queue"
)

// How a call of a rush ends.
const (
	talked   = "talked"
	timedOut = "timed out"
	gaveUp   = "gave up"
)

// visit is one call of a patron, as the node sees it.
type visit struct {
	rush     *rush
	id       call.ID
	number   string
	dialled  time.Time
	patience time.Duration
	talks    time.Duration

	joins     queue.Message
	joined    time.Time // the queue
	unoffered time.Time // since when nobody rings
	priority  int
	place     int

	token    []byte // of the wait
	waiting  bool
	rings    []*bell
	answers  []*clerk
	answered time.Time
	over     time.Time
	how      string
	entry    call.LedgerEntry
}

// bell is one offer that rings.
type bell struct {
	v        *visit
	offer    call.Offer
	token    []byte
	attempts []call.Attempt
	left     int
	over     bool
}

// clerk takes calls, more or less.
type clerk struct {
	rush     *rush
	id       string
	lease    string
	until    time.Time // of the lease, where it is kept
	with     *visit
	rests    time.Time // until
	outside  time.Time // in a call of another line until
	paused   bool
	resumed  time.Time
	idle     int // s in which somebody waited who could be offered
	answered int
}

// imagine is the world that the workflows ask.
func (r *rush) imagine() {
	r.env.OnActivity(directory.Route, mock.Anything, mock.Anything).Return(r.route)
	r.env.OnActivity(ledger.Save, mock.Anything, mock.Anything).Return(r.save)
	r.env.OnActivity(media.Wait, mock.Anything, mock.Anything).Return(r.wait)
	r.env.OnActivity(media.Offer, mock.Anything, mock.Anything).Return(r.offer)
	r.env.OnActivity(media.Talk, mock.Anything, mock.Anything).Return(r.talk)
	r.env.OnActivity(media.End, mock.Anything, mock.Anything).Return(call.Ended{}, nil)
	r.env.OnActivity(queues.Tell, mock.Anything, mock.Anything).Return(r.tell)
	r.env.OnActivity(queues.Roster, mock.Anything, mock.Anything).Return(r.roster)
	r.env.OnActivity(queues.Claim, mock.Anything, mock.Anything).Return(r.claim)
	r.env.OnActivity(queues.Standing, mock.Anything, mock.Anything).Return(r.standing)
	r.env.OnActivity(queues.Keep, mock.Anything, mock.Anything).Return(r.keep)
}

func (r *rush) route(_ context.Context, in call.Incoming) (flow.Route, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	chance := drawn(string(in.Call))
	v := &visit{rush: r, id: in.Call, number: in.Caller, dialled: in.At, patience: time.Hour, talks: seconds(chance, 20, 90)}
	if chance.IntN(5) < 2 {
		v.patience = seconds(chance, 3, 150)
	}
	r.visits[in.Call] = v
	entry := "in"
	if in.Called == "+15550107" {
		entry = "vip"
	}
	return flow.Route{Number: in.Called, Entry: entry, Revision: &flow.Revision{ID: r.flow.ID, Version: 1, Flow: r.flow}}, nil
}

func (r *rush) save(_ context.Context, e call.LedgerEntry) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.visits[e.Call].entry = e
	return nil
}

// tell is done when the server has taken the message, not when the queue has read
// it: a call that ends has told before. That somebody comes is told when the node
// lets them wait, which it is asked to do first.
func (r *rush) tell(_ context.Context, in activities.TellInput) error {
	if in.Message.Kind == queue.Join {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.visits[in.Message.Joining.Call].joins = in.Message
		return nil
	}
	taken := make(chan struct{})
	r.in(0, func() { r.told(in.Message); close(taken) })
	<-taken
	return nil
}

// told is a message that reaches the queue now.
func (r *rush) told(m queue.Message) {
	r.placed(m)
	if err := r.env.SignalWorkflowByID(rushQueue, TellSignal, m); err != nil {
		r.blame("the queue cannot be told: %v", err)
	}
}

func (r *rush) wait(ctx context.Context, in call.Wait) (call.Waited, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	v := r.visits[in.Leg.Call()]
	v.token, v.waiting = activity.GetInfo(ctx).TaskToken, true
	r.in(0, func() { r.told(v.joins) })
	r.in(in.Limit.Std(), func() { v.leaves(timedOut, call.OutcomeDone) })
	r.in(max(v.dialled.Add(v.patience).Sub(r.now()), time.Millisecond), func() { v.leaves(gaveUp, call.OutcomeCallerGone) })
	return call.Waited{}, activity.ErrResultPending
}

// leaves ends a wait unanswered, and all ringing with it.
func (v *visit) leaves(how string, o call.Outcome) {
	if !v.waiting {
		return
	}
	v.waiting, v.how, v.over = false, how, v.rush.now()
	v.complete(v.token, call.Waited{Outcome: o})
	for _, b := range slices.Clone(v.rings) {
		for i := range b.offer.Bars {
			b.stops(i, call.CauseCallerCancelled)
		}
	}
	if o == call.OutcomeCallerGone {
		v.gone()
	}
}

// gone is the hang-up of the patron, as the node reports it.
func (v *visit) gone() {
	v.rush.in(underway, func() {
		e := call.Event{Seq: 1, Kind: call.EventLegEnded, Leg: call.ALeg(v.id), Cause: call.CauseCallerHangup, At: v.over}
		_ = v.rush.env.SignalWorkflowByID("call-"+string(v.id), EventSignal, e) // the call may be over
	})
}

// complete ends an operation; the call may have gone on without it. The test
// environment wakes only its root when an activity is completed from outside, so
// the call is woken by a signal that nobody listens to.
func (v *visit) complete(token []byte, result any) {
	_ = v.rush.env.CompleteActivity(token, result, nil)
	_ = v.rush.env.SignalWorkflowByID("call-"+string(v.id), "wake", nil)
}

// left tells whether a patron has waited for some time with nobody rung.
func (v *visit) left(now time.Time) bool {
	return v.waiting && !v.joined.IsZero() && len(v.rings) == 0 && now.Sub(v.unoffered) >= rushSlack
}

func (r *rush) offer(ctx context.Context, in call.Offer) (call.Offered, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	v := r.visits[in.Leg.Call()]
	if !v.waiting {
		return call.Offered{Outcome: call.OutcomeWithdrawn}, nil
	}
	b := &bell{v: v, offer: in, token: activity.GetInfo(ctx).TaskToken, left: len(in.Bars)}
	v.rings = append(v.rings, b)
	for i, bar := range in.Bars {
		a := call.Attempt{Leg: call.BLeg(v.id, len(v.rings)*rushClerks+i), ContactMethod: bar.Target.ContactMethod, Name: bar.Target.Name, Started: r.now()}
		b.attempts = append(b.attempts, a)
		if bar.Target.Skip != "" {
			b.attempts[i].Skipped = true
			b.stops(i, bar.Target.Skip)
			continue
		}
		r.rings(b, i)
	}
	return call.Offered{}, activity.ErrResultPending
}

// rings rings one clerk, who answers, declines or is not there.
func (r *rush) rings(b *bell, i int) {
	c := r.clerk(b.offer.Bars[i].Target.ContactMethod)
	if c.with != nil {
		r.blame("%s rings for %s while with %s", c.id, b.v.id, c.with.id)
	}
	c.with = b.v
	chance := drawn(b.offer.Lease + c.id)
	switch chance.IntN(8) {
	case 0:
		r.in(seconds(chance, 1, 4), func() { b.stops(i, call.CauseDeclined) })
	case 1:
		r.in(b.offer.Bars[i].Length.Std(), func() { b.stops(i, call.CauseNoAnswer) })
	default:
		r.in(seconds(chance, 1, 5), func() { b.answered(i, c) })
	}
}

// stops is one clerk who is no longer rung.
func (b *bell) stops(i int, cause call.Cause) {
	a, now := &b.attempts[i], b.v.rush.now()
	if b.over || !a.Ended.IsZero() {
		return
	}
	a.Ended, a.Cause = now, cause
	if c := b.v.rush.clerk(a.ContactMethod); !a.Skipped {
		c.with = nil
	}
	if b.left--; b.left == 0 {
		b.ends(call.Offered{Outcome: call.OutcomeNoAnswer, Attempts: b.attempts})
	}
}

// ends is the end of an offer. Who missed it rests from then, when the queue is
// told, also where others rang for longer.
func (b *bell) ends(o call.Offered) {
	for _, a := range b.attempts {
		if a.Cause == call.CauseDeclined || a.Cause == call.CauseNoAnswer {
			b.v.rush.clerk(a.ContactMethod).rests = b.v.rush.now().Add(rushRest)
		}
	}
	b.over, b.v.unoffered = true, b.v.rush.now()
	b.v.rings = slices.DeleteFunc(b.v.rings, func(o *bell) bool { return o == b })
	b.v.rush.in(time.Millisecond, func() { b.v.complete(b.token, o) }) // not before it was taken
}

// answered joins patron and clerk.
func (b *bell) answered(i int, c *clerk) {
	if b.over || !b.attempts[i].Ended.IsZero() {
		return
	}
	v := b.v
	v.waiting, v.answered, v.answers = false, v.rush.now(), append(v.answers, c)
	b.attempts[i].Answered = v.answered
	target := b.offer.Bars[i].Target
	for _, o := range slices.Clone(v.rings) {
		for j := range o.attempts {
			if o != b || j != i {
				o.stops(j, call.CauseAnsweredElsewhere)
			}
		}
	}
	c.answered++
	b.ends(call.Offered{Outcome: call.OutcomeAnswered, Leg: b.attempts[i].Leg, Target: target, Attempts: b.attempts})
	v.complete(v.token, call.Waited{Outcome: call.OutcomeAnswered, Lease: b.offer.Lease, Leg: b.attempts[i].Leg, Target: target})
}

// talk is the conversation; every other one is ended by the patron.
func (r *rush) talk(ctx context.Context, in call.Talk) (call.Talked, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	v, token := r.visits[in.A.Call()], activity.GetInfo(ctx).TaskToken
	r.in(v.talks, func() {
		c := v.answers[0]
		v.how, v.over = talked, r.now()
		c.with = nil
		ends := call.Talked{EndedBy: in.A, Cause: call.CauseCallerHangup, Lasted: call.Duration(v.talks)}
		if v.place%2 == 0 {
			ends.EndedBy, ends.Cause = in.B, call.CauseCalleeHangup
		} else {
			v.gone()
		}
		v.complete(token, ends)
	})
	return call.Talked{}, activity.ErrResultPending
}

// wrong is what a patron may complain of.
func (v *visit) wrong() string {
	var joined []string
	for _, a := range v.entry.Attempts {
		if !a.Answered.IsZero() {
			joined = append(joined, a.Name)
		}
	}
	near := func(at time.Time, want time.Time) bool { return at.Sub(want).Abs() < rushSlack }
	ways := map[string]bool{
		talked:   len(v.answers) == 1 && slices.Equal(joined, []string{v.answers[0].name()}) && v.entry.AnsweredBy == joined[0] && near(v.over, v.answered.Add(v.talks)),
		timedOut: len(v.answers) == 0 && len(joined) == 0 && near(v.over, v.dialled.Add(rushTimeout)) && v.entry.Path[len(v.entry.Path)-1].Exit == "timeout",
		gaveUp:   len(v.answers) == 0 && len(joined) == 0 && near(v.over, v.dialled.Add(v.patience)) && v.entry.Cause == call.CauseCallerHangup,
	}
	if !ways[v.how] {
		return fmt.Sprintf("%q is not what the ledger says: %s, %s, answered by %q after %v", v.how, v.entry.Outcome, v.entry.Cause, v.entry.AnsweredBy, v.over.Sub(v.dialled))
	}
	return ""
}
