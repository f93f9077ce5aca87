package workflows

import (
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/workflow"

	"tandem/activities"
	"tandem/flow"
	"tandem/flow/call"
)

// ringGroup rings its destinations along their time line and stays with the
// conversation of whoever answers first.
func ringGroup(ctx workflow.Context, w *walk, m *flow.RingGroup) (flow.Exit, error) {
	w.rename(m.CallerNameRules)
	bars, err := w.bars(ctx, m)
	if err != nil {
		return "", err
	}
	rang, err := w.ring(ctx, call.Ring{Bars: bars, Ringback: m.Ringback, Hold: m.HoldMusic})
	if err != nil {
		return "", err
	}
	switch rang.Outcome {
	case call.OutcomeAnswered:
		w.answeredBy(rang)
		return "", w.talk(ctx, rang)
	case call.OutcomeNoAnswer:
		w.because("no-answer", "nobody answered"+whyNot(rang.Attempts), missed(rang.Attempts)...)
		return "no-answer", nil
	case call.OutcomeNobody:
		w.because("unavailable", "nobody could be rung"+whyNot(rang.Attempts), missed(rang.Attempts)...)
		return "unavailable", nil
	}
	return "", w.gone()
}

// answeredBy records who took the call.
func (w *walk) answeredBy(rang call.Rang) {
	text := rang.Target.Name + " answered"
	if rang.Target.Confirm {
		text += " and confirmed"
	}
	w.because("answered", text, call.Fact{Name: "contact_method", Value: rang.Target.ContactMethod})
}

// bars looks up where to ring destinations now and sets them on their time line.
func (w *walk) bars(ctx workflow.Context, m *flow.RingGroup) ([]call.Bar, error) {
	in := activities.TargetsInput{At: workflow.Now(ctx)}
	for _, d := range m.Destinations {
		in.ContactMethods = append(in.ContactMethods, d.ContactMethod)
	}
	var targets []call.Target
	find := lookup(ctx, w.summary("look up destinations"))
	if err := workflow.ExecuteLocalActivity(find, directory.Targets, in).Get(ctx, &targets); err != nil {
		return nil, err
	}
	bars := make([]call.Bar, len(targets))
	for i, t := range targets {
		d := m.Destinations[i].WithDefaults()
		if d.IgnoreSchedule && t.Skip == call.CauseOffSchedule {
			t.Skip = ""
		}
		t.Confirm = confirmed(t, m.Confirm)
		bars[i] = call.Bar{Target: t, Start: call.Seconds(d.Start), Length: call.Seconds(d.Length)}
	}
	slices.SortStableFunc(bars, func(a, b call.Bar) int { return int((a.Start - b.Start) / call.Duration(time.Second)) })
	return bars, nil
}

// confirmed tells whether whoever answers has to key 1: as a module says, or as
// the contact method does.
func confirmed(t call.Target, setting string) bool {
	return setting == "on" || setting != "off" && t.Confirm
}

// toldDirectly are the causes that end a direct call as they are: all others
// are told as unavailable.
var toldDirectly = []call.Cause{call.CauseBusy, call.CauseOffSchedule}

// direct rings one contact method without a flow and ends the call with it.
func (w *walk) direct(ctx workflow.Context, t call.Target) error {
	rang, err := w.ring(ctx, call.Ring{Bars: []call.Bar{{Target: t, Length: t.Ring}}})
	if err != nil {
		return err
	}
	switch rang.Outcome {
	case call.OutcomeAnswered:
		return w.talk(ctx, rang)
	case call.OutcomeCallerGone:
		return w.gone()
	}
	for _, a := range rang.Attempts {
		if slices.Contains(toldDirectly, a.Cause) {
			return &over{cause: a.Cause}
		}
	}
	return &over{cause: call.CauseUnavailable}
}

// ring asks the node to ring bars for the caller and keeps the attempts.
func (w *walk) ring(ctx workflow.Context, in call.Ring) (call.Rang, error) {
	in.Leg, in.From = w.in.Leg, w.from
	names := make([]string, len(in.Bars))
	for i, b := range in.Bars {
		names[i] = b.Target.Name
	}
	ctx = onNode(ctx, w.in.Node, w.summary("ring "+strings.Join(names, ", ")))
	w.rings = rungBy(in.Bars)
	w.tell(ctx)
	var rang call.Rang
	if err := workflow.ExecuteActivity(ctx, media.Ring, in).Get(ctx, &rang); err != nil {
		return rang, err
	}
	w.rings = rung{}
	for _, a := range rang.Attempts {
		if w.at != nil {
			a.Module = w.at.ID
		}
		w.entry.Attempts = append(w.entry.Attempts, a)
	}
	return rang, nil
}

// talk stays with a conversation to its end, which is the end of the call.
func (w *walk) talk(ctx workflow.Context, rang call.Rang) error {
	w.answer()
	w.reached, w.entry.AnsweredBy = rang.Target.Name, rang.Target.Name
	w.talks, w.talkSince, w.rings.methods = rang.Target.Name, workflow.Now(ctx), []string{rang.Target.ContactMethod}
	w.story(ctx)
	ctx = onNode(ctx, w.in.Node, w.summary("talk with "+rang.Target.Name))
	in := call.Talk{A: w.in.Leg, B: rang.Leg, Longest: w.longest}
	var talked call.Talked
	if err := workflow.ExecuteActivity(ctx, media.Talk, in).Get(ctx, &talked); err != nil {
		return err
	}
	w.entry.TalkMS += talked.Lasted.Std().Milliseconds()
	return &over{cause: talked.Cause}
}

// missed lists who was not reached and why.
func missed(attempts []call.Attempt) []call.Fact {
	var out []call.Fact
	for _, a := range attempts {
		out = append(out, call.Fact{Name: a.Name, Value: a.Cause.Text()})
	}
	return out
}

// whyNot says the same in words.
func whyNot(attempts []call.Attempt) string {
	var out []string
	for _, f := range missed(attempts) {
		out = append(out, f.Name+" ("+f.Value+")")
	}
	if len(out) == 0 {
		return ""
	}
	return ": " + strings.Join(out, ", ")
}
