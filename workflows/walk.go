package workflows

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"tandem/flow"
	"tandem/flow/call"
)

// maxHops ends a call that a flow sends in circles (product sheet 3.0).
const maxHops = 100

// walk is one call on its way through a flow.
type walk struct {
	in     call.Incoming
	rev    *flow.Revision
	at     *flow.Module
	via    flow.Exit // by which the module was reached
	entry  call.LedgerEntry
	onPath bool // the last path entry is open

	longest call.Duration // conversation
	from    call.Party    // the caller as shown to those rung
	vars    []call.Fact   // set by the flow, newest value of each name
	noted   []call.Fact   // of the current module, for its reason
	beyond  *flow.Over    // the limit that the call is above, until an entry has dealt with it
	clock   time.Time     // when the call began, as the clocks of the house show it
	zone    string        // in which they go

	notices []workflow.ChildWorkflowFuture // handed over, perhaps not begun yet

	answered bool   // the caller was sent a 200
	answerer string // the module that sent it
	hungUp   bool   // the caller is gone
	parting  bool   // the flow has hung up with audio, which the caller may not have waited for
	lost     bool   // the node no longer holds the legs
	reported bool   // by the node, at the end
	seen     int    // last event taken

	onward    *flow.Route // into another flow, until the module is left
	moving    *Move       // an operator's wish, until it is carried out
	interrupt func()      // ends the runner of the current module
	rings     rung        // who is being rung
	offering  int         // offers of queues at work
	talks     string      // who talks with the caller
	reached   string      // who did so last
	talkSince time.Time
	room      string   // conference that the caller is in
	hosts     bool     // as a host of it
	stood     *stood   // the last wait in a queue
	promised  []string // callbacks
	back      *back    // where it is the house that calls
	steps     int      // told to observers
}

// newWalk begins a walk and listens to the node's events.
func newWalk(ctx workflow.Context, in call.Incoming) (*walk, error) {
	w := &walk{in: in, clock: in.At, zone: "UTC", from: call.Party{Number: in.Caller, Name: in.CallerName}, entry: call.LedgerEntry{
		Call: in.Call, Live: true, Node: in.Node, Trunk: in.Trunk,
		Caller: call.Party{Number: in.Caller, Name: in.CallerName}, Called: in.Called, Started: in.At,
	}}
	w.entry.Direction = direction(in)
	if in.Callback != nil {
		w.back = new(back)
	}
	err := errors.Join(
		workflow.SetQueryHandler(ctx, PathQuery, func() (call.LedgerEntry, error) { return w.entry, nil }),
		workflow.SetQueryHandler(ctx, HereQuery, func() (call.PathEntry, error) { return w.here(), nil }))
	if err != nil {
		return nil, fmt.Errorf("answer queries: %w", err)
	}
	return w, w.takeMoves(ctx)
}

// direction is the way in which a call came about.
func direction(in call.Incoming) string {
	_, test := in.Test()
	switch {
	case in.Callback != nil:
		return "callback"
	case test:
		return "test"
	case in.Account != "":
		return "internal"
	}
	return "inbound"
}

// pose makes a test call pass for what it was asked to be.
func (w *walk) pose(as flow.Tested) {
	w.in.Caller, w.in.CallerName, w.in.Called = as.Caller.Number, as.Caller.Name, as.Called
	w.from, w.entry.Caller, w.entry.Called = as.Caller, as.Caller, as.Called
}

// walk goes from module to module until the call is over.
func (w *walk) walk(ctx workflow.Context, m *flow.Module) *over {
	for range maxHops {
		w.enter(ctx, m)
		exit, moved, err := w.run(ctx, m)
		if err != nil {
			return w.asOver(ctx, err)
		}
		w.leave(ctx, exit)
		next := cmp.Or(moved, w.enterFlow())
		if next == nil {
			var ok bool
			if next, ok = w.rev.Flow.Next(m, exit); !ok {
				return &over{cause: call.CauseFlowEnded}
			}
		}
		m, w.via = next, exit
	}
	return &over{cause: call.CauseLoop}
}

// listen takes the events of the node, each once.
func (w *walk) listen(ctx workflow.Context, stop func()) {
	events := workflow.GetSignalChannel(ctx, EventSignal)
	for {
		var e call.Event
		events.Receive(ctx, &e)
		if e.Kind == call.EventNodeLost {
			w.lost = true
			stop()
			return
		}
		if e.Seq <= w.seen {
			continue
		}
		w.seen = e.Seq
		switch {
		case e.Kind == call.EventLegEnded && e.Leg == w.in.Leg:
			w.hungUp = true
			stop()
		case e.Kind == call.EventLegEnded && w.back != nil:
			w.back.ended = append(w.back.ended, e.Leg)
		}
	}
}

// enter opens a path entry.
func (w *walk) enter(ctx workflow.Context, m *flow.Module) {
	w.at, w.noted = m, nil
	step := call.PathEntry{Module: m.ID, Name: m.Name, Kind: m.Kind, Entered: workflow.Now(ctx)}
	if ref := w.rev.Ref(); ref != w.entry.Flow {
		step.Flow = ref
	}
	w.entry.Path = append(w.entry.Path, step)
	w.onPath = true
	w.story(ctx)
}

// here is the last entry of the path, empty before the first.
func (w *walk) here() call.PathEntry {
	if len(w.entry.Path) == 0 {
		return call.PathEntry{}
	}
	return w.entry.Path[len(w.entry.Path)-1]
}

// leave closes the path entry by an exit; empty means that the call ended here.
func (w *walk) leave(ctx workflow.Context, exit flow.Exit) {
	if !w.onPath {
		return
	}
	last := &w.entry.Path[len(w.entry.Path)-1]
	last.Left, last.Exit, w.onPath = workflow.Now(ctx), string(exit), false
	if last.Reason.Code == "" {
		last.Reason = call.Reason{Code: string(w.entry.Cause), Text: w.entry.Cause.Text(), Facts: w.noted}
	}
	w.story(ctx)
}

// because records why the current module is left the way it is.
func (w *walk) because(code, text string, facts ...call.Fact) {
	w.entry.Path[len(w.entry.Path)-1].Reason = call.Reason{Code: code, Text: text, Facts: slices.Concat(w.noted, facts)}
}

// gone ends the walk because the caller hung up.
func (w *walk) gone() error {
	w.hungUp = true
	cause := w.goneCause()
	if w.onPath {
		w.because(string(cause), cause.Text())
	}
	return &over{cause: cause}
}

// answer notes that the module at work sends the caller a 200, unless one did
// before.
func (w *walk) answer() {
	if !w.answered && w.at != nil {
		w.answerer = w.at.Name
	}
	w.answered = true
}

func (w *walk) goneCause() call.Cause {
	if w.answered {
		return call.CauseCallerHangup
	}
	return call.CauseCallerCancelled
}

// settle draws the totals of the ledger entry from the legs.
func (w *walk) settle(ctx workflow.Context) {
	e := &w.entry
	e.Live, e.Ended = false, workflow.Now(ctx)
	for _, leg := range e.Legs {
		if leg.Side == "a" {
			e.Answered, e.Ended = leg.Answered, leg.Ended
			w.correct(leg.Cause)
		}
	}
	if !e.Answered.IsZero() {
		e.AnsweredBy = cmp.Or(e.AnsweredBy, w.answerer)
	}
	e.Outcome = w.outcome()
}

// correct takes from the node why the caller went. A runner sees only that the
// leg ended, which need not have been the caller's doing: no audio arrived, say.
func (w *walk) correct(cause call.Cause) {
	if !w.hungUp && !w.parting || cause == "" || cause == w.entry.Cause {
		return
	}
	if n := len(w.entry.Path); n > 0 && w.entry.Path[n-1].Reason.Code == string(w.entry.Cause) {
		w.entry.Path[n-1].Reason.Code, w.entry.Path[n-1].Reason.Text = string(cause), cause.Text()
	}
	w.entry.Cause = cause
}

func (w *walk) outcome() string {
	switch {
	case w.entry.TalkMS > 0:
		return "talked"
	case w.entry.Cause == call.CauseInternal, w.entry.Cause == call.CauseNodeLost, w.entry.Cause == call.CauseLoop:
		return "failed"
	case w.answered || !w.entry.Answered.IsZero():
		return "answered"
	case len(w.entry.Attempts) > 0:
		return "missed"
	}
	return "refused"
}

func (w *walk) attributes() []temporal.SearchAttributeUpdate {
	out := []temporal.SearchAttributeUpdate{AttributeOutcome.ValueSet(w.entry.Outcome)}
	if w.entry.Flow.Name != "" {
		out = append(out, AttributeFlow.ValueSet(w.entry.Flow.Name))
	}
	if w.reached != "" {
		out = append(out, AttributeContactMethod.ValueSet(w.reached))
	}
	return out
}

// exitWords writes the id of an exit as people say it: key 1, no answer.
var exitWords = strings.NewReplacer(":", " ", "-", " ")
