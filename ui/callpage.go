package ui

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/ui/pages"
)

// maxID bounds what is taken for a call's ID; a real one has 23 bytes.
const maxID = 64

// liveWait bounds the question to a running call: no page waits long for a
// Temporal that is away.
const liveWait = 1500 * time.Millisecond

// ledger describes a call: from the store once it has ended, from its
// workflow while it runs. A finished workflow is never asked, since answering
// would replay it.
func (p *Panel) ledger(ctx context.Context, id call.ID) (call.LedgerEntry, error) {
	if id == "" || len(id) > maxID {
		return call.LedgerEntry{}, ErrNotFound
	}
	stored, err := p.cfg.Store.Ledger(ctx, id)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return stored, fmt.Errorf("reading the call: %w", err)
	}
	if err == nil && !stored.Live || p.cfg.Live == nil {
		return stored, err
	}
	asking, end := context.WithTimeout(ctx, liveWait)
	defer end()
	live, liveErr := p.cfg.Live.Live(asking, id)
	switch {
	case liveErr == nil:
		return live, nil
	case err == nil: // what was stored last is better than nothing
		return stored, nil
	case errors.Is(liveErr, ErrNotFound):
		return stored, ErrNotFound
	}
	return stored, fmt.Errorf("asking the running call: %w", liveErr)
}

func (p *Panel) call(w http.ResponseWriter, r *http.Request) error {
	e, err := p.callFor(r)
	if err != nil {
		return err
	}
	walked, err := p.walksOf(r, e)
	if err != nil {
		return err
	}
	messages, messagesErr := p.cfg.Store.Messages(r.Context(), e.Call)
	now := p.cfg.Now()
	v := callView(e, now)
	v.Frame = p.frame(r, v.Caller.Number+" "+v.Arrow+" "+v.Called, "calls")
	v.Extra = p.extra("flows.css", "watch.css", "watch.js")
	v.Temporal = p.temporalCall(e.Call)
	v.Drawings = drawings(walked)
	if len(walked) > 0 {
		v.WhyNot = whyNot(walked, cut(r.URL.Query().Get("why"), maxID))
	}
	for i := range v.Path {
		if f := of(walked, e.Path[i]); f != nil && !v.Path[i].Now { // it may still take any
			v.Path[i].Missed = missedExits(f, e.Path[i])
		}
	}
	if e.Live && allowed(overrideCalls, loginOf(r)) {
		v.Control = controlOf(e, walked)
	}
	if v.Block, err = p.blockOf(r, e); err != nil {
		return err
	}
	if v.Notes, err = p.notesView(r, e); err != nil {
		return err
	}
	v.Ladder = ladderOf(e, messages)
	if messagesErr != nil {
		p.log.Error("SIP messages cannot be read", "call", e.Call, "err", messagesErr)
		v.LadderFault = "The SIP messages cannot be read now."
	}
	return p.render(w, r, http.StatusOK, pages.Call(v))
}

// controlOf is what can be done to a running call: it can be moved within the
// flow that it is in.
func controlOf(e call.LedgerEntry, walked []walk) pages.Control {
	c := pages.Control{HangUp: "/api/calls/" + string(e.Call) + "/hangup"}
	if len(e.Path) == 0 {
		return c
	}
	f := of(walked, e.Path[len(e.Path)-1])
	if f == nil {
		return c
	}
	for _, m := range f.Modules {
		if kind := flow.Catalog[m.Kind]; !kind.Entry {
			c.Move = "/api/calls/" + string(e.Call) + "/move"
			c.Modules = append(c.Modules, pages.Option{Value: m.ID, Label: shown(m.Name) + " · " + kind.Title})
		}
	}
	return c
}

// callView turns a ledger entry into words.
func callView(e call.LedgerEntry, now time.Time) pages.CallView {
	v := pages.CallView{
		ID: string(e.Call), Caller: party(e.Caller), Called: shown(e.Called), Outcome: outcome(e), Arrow: "→", Way: "called",
		Story: story(e, now), Facts: callFacts(e, now), Timeline: timelineOf(e, now),
		JSON: "/api/calls/" + url.PathEscape(string(e.Call)),
	}
	if e.Direction == callback {
		v.Arrow, v.Way = "←", "was called back by"
	}
	if e.Live {
		v.Poll, v.Stream = callLink(e.Call), movesPath
	}
	for i, step := range e.Path {
		v.Path = append(v.Path, pathStep(e, i, e.Live && i == len(e.Path)-1 && step.Left.IsZero(), now))
	}
	for _, l := range e.Legs {
		v.Legs = append(v.Legs, legView(e, l, now))
	}
	for _, a := range e.Attempts {
		v.Attempts = append(v.Attempts, attemptView(e, a, now))
	}
	return v
}

func callFacts(e call.LedgerEntry, now time.Time) []pages.Fact {
	facts := []pages.Fact{
		{Name: "Started", When: e.Started},
		{Name: "Length", Value: span(until(e.Started, e.Ended, now))},
	}
	if !e.Answered.IsZero() {
		facts = append(facts, pages.Fact{Name: "Answered after", Value: span(e.Answered.Sub(e.Started))})
	}
	if e.TalkMS > 0 {
		facts = append(facts, pages.Fact{Name: "Talked", Value: span(time.Duration(e.TalkMS) * time.Millisecond)})
	}
	facts = append(facts, pages.Fact{Name: "Direction", Value: sentenceless(e.Direction)})
	if e.Flow.ID != "" {
		facts = append(facts, pages.Fact{Name: "Flow", Value: flowLabel(e.Flow), Link: refLink(e.Flow)})
	}
	if e.Trunk != "" {
		facts = append(facts, pages.Fact{Name: "Trunk", Value: shown(e.Trunk)})
	}
	if e.Node != "" {
		facts = append(facts, pages.Fact{Name: "Node", Value: shown(e.Node), Code: true})
	}
	if by := endedBy(e); by != "" {
		facts = append(facts, pages.Fact{Name: "Ended by", Value: by})
	}
	if e.Cause != "" {
		facts = append(facts, pages.Fact{Name: "Cause", Value: string(e.Cause), Code: true})
	}
	return facts
}

// exitMoved is the exit of a module that an operator moved the call out of.
const exitMoved = "moved"

// enders are who ends a call with each cause that is somebody's doing.
var enders = map[call.Cause]string{
	call.CauseCallerHangup: "the caller", call.CauseCallerCancelled: "the caller", call.CauseOperator: "an operator",
	call.CauseFlowEnded: "the flow", call.CauseNormal: "the flow",
}

// endedBy says who hung up.
func endedBy(e call.LedgerEntry) string {
	if e.Live {
		return ""
	}
	if by := answeredBy(e); e.Cause == call.CauseCalleeHangup && by != "" {
		return by
	}
	return enders[e.Cause]
}

func stepAnchor(i int) string { return fmt.Sprintf("step-%d", i+1) }

func pathStep(e call.LedgerEntry, i int, here bool, now time.Time) pages.Step {
	s := e.Path[i]
	step := pages.Step{
		Anchor: stepAnchor(i),
		Name:   shown(s.Name), Kind: s.Kind, Title: s.Kind, Entered: s.Entered, Offset: offset(e.Started, s.Entered),
		Spent: span(until(s.Entered, s.Left, now)), Reason: sentence(shown(s.Reason.Text)), Now: here,
	}
	if kind, ok := flow.Catalog[s.Kind]; ok {
		step.Title = kind.Title
	}
	if ref := flowOf(e, s); ref.ID != "" {
		step.Link = refLink(ref) + "#" + anchor(s.Module)
	}
	switch {
	case here:
		step.Exit = pages.Badge{Tone: "live", Text: "here now"}
	case s.Exit == "":
		step.Exit = pages.Badge{Tone: "quiet", Text: "call ended"}
	case s.Exit == exitMoved:
		step.Exit = pages.Badge{Tone: "warn", Text: "moved"}
	case s.Exit == string(flow.ExitError):
		step.Exit = pages.Badge{Tone: "bad", Text: "→ error"}
	default:
		step.Exit = pages.Badge{Tone: "calm", Text: "→ " + exitWords(s.Exit)}
	}
	if s.Flow.ID != "" {
		step.Facts = append(step.Facts, pages.Fact{Name: "flow", Value: flowLabel(s.Flow)})
	}
	for _, f := range s.Reason.Facts {
		step.Facts = append(step.Facts, pages.Fact{Name: strings.ReplaceAll(shown(f.Name), "_", " "), Value: shown(f.Value)})
	}
	return step
}

func attemptView(e call.LedgerEntry, a call.Attempt, now time.Time) pages.Attempt {
	v := pages.Attempt{Name: shown(a.Name), Module: moduleName(e, a.Module), Binding: shown(a.Binding),
		Offset: offset(e.Started, a.Started), Rang: "–", Status: "–"}
	if a.Name == "" {
		v.Name = shown(a.ContactMethod)
	}
	if a.Status > 0 {
		v.Status = fmt.Sprint(a.Status)
	}
	if !a.Ringing.IsZero() {
		end := a.Ended
		if !a.Answered.IsZero() {
			end = a.Answered
		}
		v.Rang = span(until(a.Ringing, end, now))
	}
	switch {
	case a.Skipped:
		v.Result = causeBadge(a.Cause)
		v.Result.Text = "Skipped: " + a.Cause.Text()
	case a.Took():
		v.Result = pages.Badge{Tone: "good", Text: "Answered"}
	case a.Ended.IsZero():
		v.Result = pages.Badge{Tone: "live", Text: "Ringing"}
	default:
		v.Result = causeBadge(a.Cause)
	}
	return v
}

func moduleName(e call.LedgerEntry, id string) string {
	for _, s := range e.Path {
		if s.Module == id {
			return shown(s.Name)
		}
	}
	return shown(id)
}

func (p *Panel) temporalCall(id call.ID) string {
	if p.cfg.TemporalUI == "" {
		return ""
	}
	return p.temporalList() + "/" + url.PathEscape("call-"+string(id))
}

func (p *Panel) temporalList() string {
	if p.cfg.TemporalUI == "" {
		return ""
	}
	return p.cfg.TemporalUI + "/namespaces/" + url.PathEscape(p.cfg.Namespace) + "/workflows"
}
