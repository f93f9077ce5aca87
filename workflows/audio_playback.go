package workflows

import (
	"go.temporal.io/sdk/workflow"

	"tandem/flow"
	"tandem/flow/call"
)

// audioPlayback plays audio and goes on; audio that cannot be played is
// skipped.
func audioPlayback(ctx workflow.Context, w *walk, m *flow.AudioPlayback) (flow.Exit, error) {
	set := m.WithDefaults()
	in := call.Play{Leg: w.in.Leg, Answer: !set.Early, Audio: set.Audio, Times: set.Times, SkipKey: call.Digits(set.SkipKey)}
	if set.Endless {
		in.Times = 0
	}
	ctx = onNode(ctx, w.in.Node, w.summary("play"))
	if in.Answer {
		w.answer()
	}

	var got call.Played
	if err := workflow.ExecuteActivity(ctx, media.Play, in).Get(ctx, &got); err != nil {
		return "", err
	}
	switch got.Outcome {
	case call.OutcomeDone:
		w.because("played", "played to the end")
	case call.OutcomeKey:
		w.because("skipped-by-key", "the caller skipped it with "+set.SkipKey)
	case call.OutcomeSkipped:
		w.because("skipped", "could not be played: "+got.Note, call.Fact{Name: "audio", Value: set.Audio})
	default:
		return "", w.gone()
	}
	return "next", nil
}
