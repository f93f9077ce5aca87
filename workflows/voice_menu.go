package workflows

import (
	"fmt"
	"strings"

	"go.temporal.io/sdk/workflow"

	"tandem/flow"
	"tandem/flow/call"
)

// voiceMenu asks for one of its entries. Everything a caller can hear, from
// barge-in to the last repeat, is one operation of the node; only an internal
// number that turns out to be nobody's takes another.
func voiceMenu(ctx workflow.Context, w *walk, m *flow.VoiceMenu) (flow.Exit, error) {
	set := m.WithDefaults()
	in := w.menu(set)
	asking := onNode(ctx, w.in.Node, w.summary("ask for "+strings.Join(set.Entries, ", ")))
	w.answer()
	for {
		var got call.Gathered
		if err := workflow.ExecuteActivity(asking, media.Gather, in).Get(ctx, &got); err != nil {
			return "", err
		}
		if got.Outcome != call.OutcomeDirect {
			return w.chosen(got)
		}
		route, err := w.internal(ctx, got.Digits)
		switch {
		case err != nil:
			return "", err
		case assigned(route):
			return w.goOn(ctx, route, playbacks(got))
		case in.Invalid == "":
			w.because("invalid", "internal number "+string(got.Digits)+" is not assigned", keyed(got), playbacks(got))
			return "invalid", nil
		}
		in.Wrong, in.Used = true, got.Playbacks
	}
}

// menu is what a voice menu asks of the node.
func (w *walk) menu(set flow.VoiceMenu) call.Gather {
	in := call.Gather{
		Leg: w.in.Leg, Prompt: set.Audio, Playbacks: set.Playbacks, BargeIn: !set.NoBargeIn,
		Timeout: call.Seconds(set.Timeout), InterDigit: call.Seconds(set.InterDigit),
		TypeAhead: set.TypeAhead, Direct: set.DirectDial,
	}
	for _, e := range set.Entries {
		in.Entries = append(in.Entries, call.Digits(e))
	}
	if !w.rev.Flow.Cabled(w.at.ID, "invalid") {
		in.Invalid = call.AudioInvalid
	}
	return in
}

// chosen is the exit that what was gathered leads to.
func (w *walk) chosen(got call.Gathered) (flow.Exit, error) {
	switch got.Outcome {
	case call.OutcomeKey:
		w.because("key", "the caller keyed "+string(got.Digits), keyed(got), playbacks(got))
		return flow.KeyExit(string(got.Digits)), nil
	case call.OutcomeInvalid:
		w.because("invalid", string(got.Digits)+" is no entry of this menu", keyed(got), playbacks(got))
		return "invalid", nil
	case call.OutcomeNoInput:
		w.because("no-input", fmt.Sprintf("nothing valid was keyed in %d playbacks", got.Playbacks), playbacks(got))
		return "no-input", nil
	}
	return "", w.gone()
}

func keyed(got call.Gathered) call.Fact {
	return call.Fact{Name: "keyed", Value: string(got.Digits)}
}

func playbacks(got call.Gathered) call.Fact {
	return call.Fact{Name: "playbacks", Value: fmt.Sprint(got.Playbacks)}
}
