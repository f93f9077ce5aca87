package workflows

import (
	"fmt"
	"strconv"

	"go.temporal.io/sdk/workflow"

	"tandem/flow"
	"tandem/flow/call"
)

// phoneNumber lets a call in. It does not answer.
func phoneNumber(_ workflow.Context, w *walk, m *flow.PhoneNumber) (flow.Exit, error) {
	w.rename(m.CallerNameRules)
	w.note(call.Fact{Name: "number", Value: m.Number})
	if !w.admitted() {
		if w.rev.Flow.Cabled(w.at.ID, "overflow") {
			return "overflow", nil
		}
		return "", w.tooMany()
	}
	w.because("entered", "the call came in on "+m.Number)
	return "next", nil
}

// admitted tells whether a call that comes in on a number is within the limits,
// and says which one it is not within.
func (w *walk) admitted() bool {
	if w.beyond == nil {
		return true
	}
	w.because(string(call.CauseOverLimit),
		fmt.Sprintf("too many calls at once: %s takes %d", flow.OverWords[w.beyond.Of], w.beyond.Limit),
		call.Fact{Name: "limit_of", Value: w.beyond.Of}, call.Fact{Name: "limit", Value: strconv.Itoa(w.beyond.Limit)})
	return false
}

// tooMany refuses a call that is above a limit as the settings say.
func (w *walk) tooMany() *over {
	return &over{cause: call.CauseOverLimit, status: w.beyond.Decline}
}
