package load

import (
	"fmt"
	"strings"
	"time"

	"tandem/cmd/callbench/internal/agent"
	"tandem/cmd/callbench/internal/gauge"
)

// attempt is one call as both our parties know it.
type attempt struct {
	number   uint32
	callerID string
	invited  time.Time // INVITE sent by the caller
	failed   bool

	// Written once, before the run is over; read after.
	arrived                               time.Time // INVITE of the engine, at the callee
	callerHeard, calleeHeard, calleeFinal time.Time
}

// newAttempt numbers a call and gives it a caller's number of its own, by
// which our callee can tell whose it is when the engine hands it on.
func (r *rig) newAttempt() *attempt {
	n := r.nextNum.Add(1)
	a := &attempt{number: n, callerID: fmt.Sprintf("+1888%07d", n)}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls[tailDigits(a.callerID)] = a
	r.numbers[n] = a
	r.report.Calls.Placed++
	return a
}

// tailDigits is what stays of a caller's number under any formatting.
func tailDigits(number string) string {
	d := agent.Digits(number)
	return d[max(len(d)-10, 0):]
}

// forget drops what a finished call needs no more.
func (r *rig) forget(a *attempt) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.calls, tailDigits(a.callerID))
}

// find returns the attempt one of the caller's numbers belongs to, or nil.
func (r *rig) find(ids []string) *attempt {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, id := range ids {
		if a := r.calls[tailDigits(id)]; a != nil {
			return a
		}
	}
	return nil
}

// note counts a span when both its ends happened.
func (r *rig) note(key string, from, to time.Time) {
	if from.IsZero() || to.IsZero() {
		return
	}
	r.noteSpan(key, to.Sub(from))
}

func (r *rig) noteSpan(key string, d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.histOf(key).Add(d)
}

func (r *rig) histOf(key string) *gauge.Hist {
	if r.hist[key] == nil {
		r.hist[key] = &gauge.Hist{}
	}
	return r.hist[key]
}

// fail counts a call that went wrong, under what the error says. A call that
// both its parties complain of is one failed call. a is nil for a callee's
// call that belongs to no caller we know.
func (r *rig) fail(a *attempt, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failures[strings.ReplaceAll(err.Error(), "\n", "; ")]++
	if a == nil || !a.failed {
		r.report.Calls.Failed++
	}
	if a != nil {
		a.failed = true
	}
}

// begin starts a step and returns the counts before it.
func (r *rig) begin() Calls {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.first, r.last, r.stepHist = time.Time{}, time.Time{}, gauge.Hist{}
	return r.report.Calls
}

// stepSince is what happened since begin.
func (r *rig) stepSince(before Calls, rate float64) Step {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.report.Calls
	s := r.stepHist.Summary()
	placed := now.Placed - before.Placed
	return Step{
		Rate: rate, Achieved: rateOf(placed, r.first, r.last),
		Placed: placed, Failed: now.Failed - before.Failed, P50: s.P50, P99: s.P99,
	}
}

// rateOf is calls per second between the first and the last INVITE.
func rateOf(n int, first, last time.Time) float64 {
	if n < 2 || !last.After(first) {
		return 0
	}
	return float64(n-1) / last.Sub(first).Seconds()
}

// finish closes everything and completes the report.
func (r *rig) finish(w *watch) *Report {
	_ = r.close() // the sockets are ours alone; nothing is lost with them
	for _, e := range []*agent.Endpoint{r.caller, r.callee} {
		if e != nil {
			malformed, dropped := e.Losses()
			r.report.Generator.Malformed += malformed
			r.report.Generator.Dropped += dropped
		}
	}
	health := r.pump.Close()
	rep := r.report
	rep.Calls.Failures = counts(r.failures)
	rep.Calls.Peak = max(rep.Calls.Peak, w.peak())
	if rep.Capacity == nil {
		rep.Calls.Rate = rateOf(rep.Calls.Placed, r.first, r.last)
	} else {
		for _, s := range rep.Capacity.Steps {
			rep.Calls.Rate = max(rep.Calls.Rate, s.Achieved)
		}
	}
	for _, a := range r.numbers {
		r.note("invite_callee", a.invited, a.arrived)
		r.note("answer_caller", a.calleeFinal, a.callerHeard)
		if !a.callerHeard.IsZero() && !a.calleeHeard.IsZero() {
			r.note("answer_both", a.calleeFinal, later(a.callerHeard, a.calleeHeard))
		}
	}
	rep.Latency = map[string]gauge.Summary{}
	for key, h := range r.hist {
		rep.Latency[key] = h.Summary()
	}
	if rep.Params.RTP {
		rep.Media = r.mediaReport()
	}
	rep.Processes, rep.Generator.CPUPct = w.costs(rep.Calls.Placed)
	rep.Generator.Realtime = health.Realtime
	late := health.Late.Summary()
	rep.Generator.LateP99, rep.Generator.LateMax, rep.Generator.SendFail = late.P99, late.Max, health.SendFail
	return rep
}

func (r *rig) mediaReport() *Media {
	t := &r.media
	m := &Media{
		Sent: t.Sent, Received: t.Received, Expected: t.Expected, Lost: t.Lost(),
		Dup: t.Dup, Reorder: t.Reorder, Altered: t.Altered, Unknown: t.Unknown, Echo: t.Echo,
		Misrouted: t.Foreign, Stray: t.Stray, WhoHeard: t.ForeignOf, ByAudio: r.byAudio,
		Delay: t.Delay.Summary(), Jitter: t.Jitter.Summary(),
	}
	if m.Expected > 0 {
		m.LossPct = 100 * float64(m.Lost) / float64(m.Expected)
	}
	return m
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
