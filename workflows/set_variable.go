package workflows

import (
	"fmt"

	"go.temporal.io/sdk/workflow"

	"tandem/flow"
	"tandem/flow/call"
)

// shownBytes of a value are read in the story of a call; its facts have it whole.
const shownBytes = 80

// setVariable gives a name to a text for what follows. It does not answer, and
// a call that has too many variables goes on without this one.
func setVariable(_ workflow.Context, w *walk, m *flow.SetVariable) (flow.Exit, error) {
	if !w.set(m.Variable, w.text(m.Value)) {
		w.because("too-many", fmt.Sprintf("%s was not set: a call has at most %d variables", m.Variable, flow.MaxVariables))
		return "next", nil
	}
	value, _ := w.variable(m.Variable)
	w.because("set", fmt.Sprintf("%s is now “%s”", m.Variable, flow.CutBytes(value, shownBytes)), call.Fact{Name: m.Variable, Value: value})
	return "next", nil
}
