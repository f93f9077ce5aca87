package workflows

import (
	"fmt"
	"strings"

	"go.temporal.io/sdk/workflow"

	"tandem/flow"
	"tandem/flow/call"
)

// voiceMenu asks for one of its entries. Everything a caller can hear, from
// barge-in to the last repeat, is one operation of the node.
func voiceMenu(ctx workflow.Context, w *walk, m *flow.VoiceMenu) (flow.Exit, error) {
	set := m.WithDefaults()
	in := call.Gather{
		Leg: w.in.Leg, Prompt: set.Audio, Playbacks: set.Playbacks, BargeIn: !set.NoBargeIn,
		Timeout: call.Seconds(set.Timeout), InterDigit: call.Seconds(set.InterDigit),
	}
	for _, e := range set.Entries {
		in.Entries = append(in.Entries, call.Digits(e))
	}
	if !w.rev.Flow.Cabled(w.at.ID, "invalid") {
		in.Invalid = call.AudioInvalid
	}
	ctx = onNode(ctx, w.in.Node, w.summary("ask for "+strings.Join(set.Entries, ", ")))
	w.answered = true

	var got call.Gathered
	if err := workflow.ExecuteActivity(ctx, media.Gather, in).Get(ctx, &got); err != nil {
		return "", err
	}
	played := call.Fact{Name: "playbacks", Value: fmt.Sprint(got.Playbacks)}
	keyed := call.Fact{Name: "keyed", Value: string(got.Digits)}
	switch got.Outcome {
	case call.OutcomeKey:
		w.because("key", "the caller keyed "+string(got.Digits), keyed, played)
		return flow.KeyExit(string(got.Digits)), nil
	case call.OutcomeInvalid:
		w.because("invalid", string(got.Digits)+" is no entry of this menu", keyed, played)
		return "invalid", nil
	case call.OutcomeNoInput:
		w.because("no-input", fmt.Sprintf("nothing valid was keyed in %d playbacks", got.Playbacks), played)
		return "no-input", nil
	}
	return "", w.gone()
}
