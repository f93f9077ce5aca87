package workflows

import (
	"cmp"

	"go.temporal.io/sdk/workflow"

	"tandem/flow"
	"tandem/flow/call"
)

// hangup ends the call with the cause it is set to. It does not answer: who
// is not answered hears the audio as early media.
func hangup(_ workflow.Context, w *walk, m *flow.Hangup) (flow.Exit, error) {
	cause := call.Cause(cmp.Or(m.Cause, string(call.CauseNormal)))
	w.because("hangup", "the flow hangs up: "+cause.Text())
	return "", &over{cause: cause, audio: m.Audio, early: m.Audio != ""}
}
