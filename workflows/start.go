package workflows

import (
	"cmp"

	"go.temporal.io/sdk/workflow"

	"tandem/flow"
	"tandem/flow/call"
)

// start lets in a call to a number that is bound to the flow. It does not
// answer.
func start(_ workflow.Context, w *walk, _ *flow.Start) (flow.Exit, error) {
	w.note(call.Fact{Name: "number", Value: w.in.Called})
	if !w.admitted() {
		return "", w.tooMany()
	}
	number := cmp.Or(w.in.Called, "a number") // an imagined call names none
	w.because("entered", "the call came in on "+number+", which is bound to this flow")
	return "next", nil
}
