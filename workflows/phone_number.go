package workflows

import (
	"go.temporal.io/sdk/workflow"

	"tandem/flow"
	"tandem/flow/call"
)

// phoneNumber lets a call in. It does not answer.
func phoneNumber(_ workflow.Context, w *walk, m *flow.PhoneNumber) (flow.Exit, error) {
	w.because("entered", "the call came in on "+m.Number, call.Fact{Name: "number", Value: m.Number})
	return "next", nil
}
