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
	e, err := p.ledger(r.Context(), call.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	messages, messagesErr := p.cfg.Store.Messages(r.Context(), e.Call)
	now := p.cfg.Now()
	v := callView(e, now)
	v.Frame = p.frame(r, v.Caller.Number+" → "+v.Called, "calls")
	v.Temporal = p.temporalCall(e.Call)
	v.Ladder = ladderOf(e, messages)
	if messagesErr != nil {
		p.log.Error("SIP messages cannot be read", "call", e.Call, "err", messagesErr)
		v.LadderFault = "The SIP messages cannot be read now."
	}
	return p.render(w, r, http.StatusOK, pages.Call(v))
}

// callView turns a ledger entry into words.
func callView(e call.LedgerEntry, now time.Time) pages.CallView {
	v := pages.CallView{
		ID: string(e.Call), Caller: party(e.Caller), Called: shown(e.Called), Outcome: outcome(e),
		Story: story(e, now), Facts: callFacts(e, now), Timeline: timelineOf(e, now),
		JSON: "/api/calls/" + url.PathEscape(string(e.Call)),
	}
	if e.Live {
		v.Poll = callLink(e.Call)
	}
	for i, step := range e.Path {
		v.Path = append(v.Path, pathStep(e, step, e.Live && i == len(e.Path)-1 && step.Left.IsZero(), now))
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
		facts = append(facts, pages.Fact{Name: "Flow", Value: flowLabel(e.Flow), Link: flowLink(e.Flow.ID, e.Flow.Version)})
	}
	if e.Trunk != "" {
		facts = append(facts, pages.Fact{Name: "Trunk", Value: shown(e.Trunk)})
	}
	if e.Node != "" {
		facts = append(facts, pages.Fact{Name: "Node", Value: shown(e.Node), Code: true})
	}
	if e.Cause != "" {
		facts = append(facts, pages.Fact{Name: "Cause", Value: string(e.Cause), Code: true})
	}
	return facts
}

func pathStep(e call.LedgerEntry, s call.PathEntry, here bool, now time.Time) pages.Step {
	step := pages.Step{
		Name: shown(s.Name), Kind: s.Kind, Title: s.Kind, Entered: s.Entered, Offset: offset(e.Started, s.Entered),
		Spent: span(until(s.Entered, s.Left, now)), Reason: sentence(shown(s.Reason.Text)), Now: here,
	}
	if kind, ok := flow.Catalog[s.Kind]; ok {
		step.Title = kind.Title
	}
	if e.Flow.ID != "" {
		step.Link = flowLink(e.Flow.ID, e.Flow.Version) + "#" + anchor(s.Module)
	}
	switch {
	case here:
		step.Exit = pages.Badge{Tone: "live", Text: "here now"}
	case s.Exit == "":
		step.Exit = pages.Badge{Tone: "quiet", Text: "call ended"}
	case s.Exit == string(flow.ExitError):
		step.Exit = pages.Badge{Tone: "bad", Text: "→ error"}
	default:
		step.Exit = pages.Badge{Tone: "calm", Text: "→ " + exitWords(s.Exit)}
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
	case !a.Answered.IsZero():
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
