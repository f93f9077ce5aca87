// Package story tells one call as one page of text, in the order of time:
// signalling, the way through the flow with its reasons, who was rung, and how
// it sounded.
//
// It never looks anything up: what it is given is all it knows.
package story

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tandem/flow/call"
)

// Page is the whole page of a call, ending in a line end.
func Page(e call.LedgerEntry, messages []call.SIPMessage) string {
	var b strings.Builder
	head(&b, e)
	events := slices.Concat(signalling(messages), path(e), attempts(e), legs(e))
	// Stable: what happened in the same instant stays in the order of cause.
	slices.SortStableFunc(events, func(x, y event) int { return x.at.Compare(y.at) })
	fmt.Fprint(&b, "\n  seconds  what   leg\n")
	for _, v := range events {
		fmt.Fprintf(&b, "%9s  %-6s %-4s %s\n", since(e.Started, v.at), v.what, v.leg, v.text)
	}
	quality(&b, e)
	return b.String()
}

func head(b *strings.Builder, e call.LedgerEntry) {
	row := func(name, format string, args ...any) {
		fmt.Fprintf(b, "%-8s %s\n", name, fmt.Sprintf(format, args...))
	}
	state := fmt.Sprintf("%s: %s", e.Outcome, e.Cause.Text())
	if e.Live {
		state = "still going on"
	}
	row("Call", "%s  %s", e.Call, state)
	via := ""
	if e.Trunk != "" {
		via = ", trunk " + e.Trunk
	}
	if e.Direction == "callback" {
		row("Back to", "%s, who had called %s (%s%s, node %s)", party(e.Caller), e.Called, e.Direction, via, e.Node)
	} else {
		row("From", "%s to %s (%s%s, node %s)", party(e.Caller), e.Called, e.Direction, via, e.Node)
	}
	if e.Flow.Name != "" {
		row("Flow", "%s, %s", e.Flow.Name, e.Flow.Edition())
	}
	row("Began", "%s", e.Started.UTC().Format("2006-01-02 15:04:05.000 MST"))
	if !e.Answered.IsZero() {
		row("Answered", "%s s, by %s", since(e.Started, e.Answered), orDash(e.AnsweredBy))
	}
	if !e.Ended.IsZero() {
		row("Ended", "%s s, talked %.3f s", since(e.Started, e.Ended), float64(e.TalkMS)/1000)
	}
}

// event is one line of the page.
type event struct {
	at   time.Time
	what string // sip, flow, ring, leg
	leg  string
	text string
}

func signalling(messages []call.SIPMessage) []event {
	var out []event
	for _, m := range messages {
		arrow := "->"
		if m.In {
			arrow = "<-"
		}
		out = append(out, event{m.At, "sip", short(m.Leg), fmt.Sprintf("%s %s  (%s %s)", arrow, m.First, m.Transport, m.Remote)})
	}
	return out
}

func path(e call.LedgerEntry) []event {
	var out []event
	for _, p := range e.Path {
		into := fmt.Sprintf("into %s [%s]", p.Name, p.Kind)
		if p.Flow.ID != "" {
			into += fmt.Sprintf(" of flow %s, %s", p.Flow.Name, p.Flow.Edition())
		}
		out = append(out, event{p.Entered, "flow", "", into})
		if p.Left.IsZero() {
			continue
		}
		exit := "left by " + p.Exit
		if p.Exit == "" {
			exit = "ended here"
		}
		out = append(out, event{p.Left, "flow", "", fmt.Sprintf("%s %s: %s", p.Name, exit, reason(p.Reason))})
	}
	return out
}

func reason(r call.Reason) string {
	text := r.Text
	if text == "" {
		text = orDash(r.Code)
	}
	var facts []string
	for _, f := range r.Facts {
		facts = append(facts, f.Name+"="+f.Value)
	}
	if len(facts) > 0 {
		text += " (" + strings.Join(facts, ", ") + ")"
	}
	return text
}

func attempts(e call.LedgerEntry) []event {
	var out []event
	for _, a := range e.Attempts {
		leg := short(a.Leg)
		if a.Skipped {
			out = append(out, event{a.Started, "ring", leg, fmt.Sprintf("%s not rung: %s", a.Name, a.Cause.Text())})
			continue
		}
		out = append(out, event{a.Started, "ring", leg, fmt.Sprintf("%s is called at %s", a.Name, orDash(a.Binding))})
		out = when(out, event{a.Ringing, "ring", leg, a.Name + " rings"})
		out = when(out, event{a.Answered, "ring", leg, a.Name + " answers"})
		if !a.Took() { // one who took the call ends as a leg
			out = when(out, event{a.Ended, "ring", leg, fmt.Sprintf("%s: %s%s", a.Name, a.Cause.Text(), status(a.Status))})
		}
	}
	return out
}

func legs(e call.LedgerEntry) []event {
	var out []event
	for _, l := range e.Legs {
		leg := short(l.ID)
		if l.Side == "a" {
			out = when(out, event{l.Answered, "leg", leg, "caller is answered"})
		}
		if l.Side == "a" || !l.Answered.IsZero() {
			out = when(out, event{l.Ended, "leg", leg, fmt.Sprintf("%s ends: %s", party(l.Party), l.Cause.Text())})
		}
	}
	return out
}

// when adds an event that has happened.
func when(out []event, v event) []event {
	if v.at.IsZero() {
		return out
	}
	return append(out, v)
}

func quality(b *strings.Builder, e call.LedgerEntry) {
	if len(e.Legs) == 0 {
		return
	}
	fmt.Fprint(b, "\nHow it sounded\n")
	for _, l := range e.Legs {
		m := l.Media
		if m.Codec == "" {
			fmt.Fprintf(b, "  %-3s %s: no audio\n", short(l.ID), party(l.Party))
			continue
		}
		fmt.Fprintf(b, "  %-3s %s: %s with %s; sent %d, received %d, lost %d (%.1f %%), jitter %.1f ms, longest gap %.0f ms; the other side lost %.1f %%",
			short(l.ID), party(l.Party), m.Codec, orDash(m.Remote), m.Sent, m.Received, m.Lost, lossPercent(m), m.JitterMS, m.LongestGapMS, 100*m.RemoteLoss)
		if m.RTTMS > 0 {
			fmt.Fprintf(b, ", round trip %.1f ms", m.RTTMS)
		}
		fmt.Fprintln(b)
	}
}

// lossPercent is the share of expected packets that never came (RFC 3550 §6.4.1).
func lossPercent(m call.Media) float64 {
	expected := float64(m.Received) + float64(m.Lost)
	if m.Lost <= 0 || expected <= 0 {
		return 0
	}
	return 100 * float64(m.Lost) / expected
}

// since is t after the beginning, in seconds with three digits.
func since(start, t time.Time) string {
	d := t.Sub(start).Round(time.Millisecond) // or a moment before reads as -0.000
	return fmt.Sprintf("%+.3f", d.Seconds())
}

// short is a leg's ID without its call's.
func short(id call.LegID) string {
	_, leg, _ := strings.Cut(string(id), ".")
	return leg
}

func party(p call.Party) string {
	switch {
	case p.Number == "" && p.Name == "":
		return "withheld"
	case p.Number == "":
		return p.Name
	case p.Name == "" || p.Name == p.Number:
		return p.Number
	}
	return fmt.Sprintf("%s %q", p.Number, p.Name)
}

func status(code int) string {
	if code == 0 {
		return ""
	}
	return fmt.Sprintf(" (SIP %d)", code)
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
