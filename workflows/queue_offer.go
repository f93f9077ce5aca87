package workflows

import (
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/workflow"

	"tandem/activities"
	"tandem/flow/call"
	"tandem/flow/queue"
)

// claimGrace is how long a claim holds beyond the ringing, for the wait for key
// 1 and for whoever has to say that it is over.
const claimGrace = 45 * time.Second

// offering is one offer of the queue at work, beside the wait.
type offering struct {
	lease    string
	bars     []call.Bar // being rung
	attempts []call.Attempt
	results  []queue.Result
}

// offer rings the members of a lease for the caller, and tells the queue what
// became of it.
func (q *waiting) offer(ctx workflow.Context, word queue.Word) {
	if slices.ContainsFunc(q.offers, func(o *offering) bool { return o.lease == word.Lease }) {
		return
	}
	o := &offering{lease: word.Lease}
	q.offers = append(q.offers, o)
	q.w.offering++
	workflow.Go(ctx, func(ctx workflow.Context) {
		defer func() { q.w.offering-- }()
		offered := q.ring(ctx, o, word)
		q.account(offered)
		o.attempts, o.results = offered.Attempts, q.resultsOf(word, offered.Attempts)
		if offered.Outcome == call.OutcomeAnswered {
			return // which the wait tells, and what it does then
		}
		q.keep(ctx, o.lease, "", 0)
		results := o.results
		if !q.over || slices.ContainsFunc(results, func(r queue.Result) bool { return r.Outcome != queue.Freed }) {
			q.told(ctx, "tell what became of the offer", queue.Message{Kind: queue.Rang, Lease: o.lease, Results: results})
		}
	})
}

// ring claims the members and asks the node to ring those who are free.
func (q *waiting) ring(ctx workflow.Context, o *offering, word queue.Word) call.Offered {
	targets, err := q.claim(ctx, word)
	if err != nil {
		workflow.GetLogger(ctx).Warn("members not claimed", "call", q.w.in.Call, "lease", word.Lease, "error", err)
		return call.Offered{Outcome: call.OutcomeWithdrawn}
	}
	free := slices.ContainsFunc(targets, func(t call.Target) bool { return t.Skip == "" })
	if !free || q.over { // the node has nothing to ring
		return call.Offered{Outcome: call.OutcomeNobody, Attempts: skipped(targets, workflow.Now(ctx))}
	}
	in := call.Offer{Leg: q.w.in.Leg, Lease: word.Lease, From: q.w.from, Ringback: q.set.Ringback, Hold: q.set.HoldMusic}
	var names []string
	for i, t := range targets {
		t.Confirm = confirmed(t, q.set.Confirm)
		in.Bars = append(in.Bars, call.Bar{Target: t, Length: min(word.Members[i].Ring, max(q.remaining(ctx), call.Seconds(1)))})
		if t.Skip == "" {
			names = append(names, t.Name)
		}
	}
	o.bars = in.Bars
	q.show(ctx)
	defer func() { o.bars = nil; q.show(ctx) }()
	var offered call.Offered
	on := onNode(ctx, q.w.in.Node, q.w.summary("offer to "+strings.Join(names, ", ")))
	if err := workflow.ExecuteActivity(on, media.Offer, in).Get(ctx, &offered); err != nil {
		workflow.GetLogger(ctx).Warn("offer not made", "call", q.w.in.Call, "lease", word.Lease, "error", err)
		return call.Offered{Outcome: call.OutcomeWithdrawn}
	}
	return offered
}

// claim takes the members of a lease for this caller.
func (q *waiting) claim(ctx workflow.Context, word queue.Word) ([]call.Target, error) {
	in := queue.Claim{Lease: word.Lease, Queue: q.id, Call: q.w.in.Call, At: workflow.Now(ctx)}
	var longest call.Duration
	for _, m := range word.Members {
		in.Members = append(in.Members, queue.ClaimMember{ContactMethod: m.ContactMethod, IgnoreSchedule: m.IgnoreSchedule, Left: m.Left})
		longest = max(longest, m.Ring)
	}
	in.For = longest + call.Duration(claimGrace)
	var targets []call.Target
	err := workflow.ExecuteLocalActivity(lookup(ctx, q.w.summary("claim members")), queues.Claim, in).Get(ctx, &targets)
	return targets, err
}

// keep gives up the members of a lease, but one for so long.
func (q *waiting) keep(ctx workflow.Context, lease, contactMethod string, hold time.Duration) {
	in := activities.KeepInput{Lease: lease}
	if hold > 0 {
		in.ContactMethod, in.Until = contactMethod, workflow.Now(ctx).Add(hold)
	}
	if err := workflow.ExecuteLocalActivity(lookup(ctx, q.w.summary("give members back")), queues.Keep, in).Get(ctx, nil); err != nil {
		workflow.GetLogger(ctx).Warn("members not given back, their lease lapses", "lease", lease, "error", err)
	}
}

// skipped are attempts at members who were not rung.
func skipped(targets []call.Target, at time.Time) []call.Attempt {
	var out []call.Attempt
	for _, t := range targets {
		if t.Skip != "" {
			out = append(out, call.Attempt{ContactMethod: t.ContactMethod, Name: t.Name, Started: at, Ended: at, Cause: t.Skip, Skipped: true})
		}
	}
	return out
}

// account keeps the attempts of an offer. One who is busy is asked again every
// few seconds, which is told once.
func (q *waiting) account(offered call.Offered) {
	for _, a := range offered.Attempts {
		a.Module = q.module
		if !a.Skipped || !q.again(a) {
			q.w.entry.Attempts = append(q.w.entry.Attempts, a)
		}
	}
}

// again tells whether the last attempt at the same contact method came to the
// same.
func (q *waiting) again(a call.Attempt) bool {
	for _, was := range slices.Backward(q.w.entry.Attempts) {
		if was.ContactMethod == a.ContactMethod {
			return was.Skipped && was.Cause == a.Cause && was.Module == a.Module
		}
	}
	return false
}

// causes of an attempt that say more than that the caller was gone or taken.
var offerOutcomes = map[call.Cause]queue.Outcome{
	call.CauseNoAnswer: queue.Missed, call.CauseDeclined: queue.Missed, call.CauseBusy: queue.Busy,
	call.CauseAnsweredElsewhere: queue.Freed, call.CauseCallerCancelled: queue.Freed, call.CauseCallerHangup: queue.Freed, call.CauseNormal: queue.Freed,
}

// weights tell which outcome counts where several phones of a member rang.
var weights = []queue.Outcome{queue.Freed, queue.Unreachable, queue.Busy, queue.Missed, queue.Answered}

// resultsOf says what became of each member of an offer. Where nobody was tried
// although the caller waits, something is out of order, and nobody is tried
// again at once.
func (q *waiting) resultsOf(word queue.Word, attempts []call.Attempt) []queue.Result {
	untried := queue.Freed
	if !q.over && len(attempts) == 0 {
		untried = queue.Unreachable
	}
	var out []queue.Result
	for _, m := range word.Members {
		r := queue.Result{ContactMethod: m.ContactMethod, Outcome: untried}
		for _, a := range attempts {
			if o := outcomeOf(a); a.ContactMethod == m.ContactMethod && slices.Index(weights, o) > slices.Index(weights, r.Outcome) {
				r.Outcome = o
			}
		}
		out = append(out, r)
	}
	return out
}

// resultsOfLease is what became of everybody in the lease that was answered.
func (q *waiting) resultsOfLease(waited call.Waited) []queue.Result {
	who := waited.Target.ContactMethod
	out := []queue.Result{{ContactMethod: who, Outcome: queue.Answered}}
	for _, o := range q.offers {
		for _, r := range o.results {
			if o.lease == waited.Lease && r.ContactMethod != who {
				out = append(out, r)
			}
		}
	}
	return out
}

func outcomeOf(a call.Attempt) queue.Outcome {
	if !a.Answered.IsZero() && a.Ended.IsZero() {
		return queue.Answered
	}
	if o, ok := offerOutcomes[a.Cause]; ok {
		return o
	}
	return queue.Unreachable
}

// settleOffers waits until the ends of all offers are known.
func (w *walk) settleOffers(ctx workflow.Context) {
	if w.offering > 0 && !w.lost {
		_, _ = workflow.AwaitWithTimeout(ctx, offersEnd, func() bool { return w.offering == 0 })
	}
}

// show tells observers who is rung.
func (q *waiting) show(ctx workflow.Context) {
	if q.over {
		return
	}
	var bars []call.Bar
	for _, o := range q.offers {
		bars = append(bars, o.bars...)
	}
	q.w.rings = rungBy(bars)
	q.w.tell(ctx)
}

// missed lists who was offered the caller and did not take it, the last cause of
// each.
func (q *waiting) missed() []call.Fact {
	var out []call.Fact
	for _, o := range q.offers {
		for _, f := range missed(slices.DeleteFunc(slices.Clone(o.attempts), func(a call.Attempt) bool { return outcomeOf(a) == queue.Answered })) {
			out = slices.DeleteFunc(out, func(was call.Fact) bool { return was.Name == f.Name })
			out = append(out, f)
		}
	}
	return out
}
