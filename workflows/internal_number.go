package workflows

import (
	"go.temporal.io/sdk/workflow"

	"tandem/flow"
	"tandem/flow/call"
)

// internalNumber lets an internal call in. It does not answer.
func internalNumber(_ workflow.Context, w *walk, m *flow.InternalNumber) (flow.Exit, error) {
	w.because("entered", "internal number "+m.InternalNumber+" was dialled",
		call.Fact{Name: "internal_number", Value: m.InternalNumber})
	return "next", nil
}
