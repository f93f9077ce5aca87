package workflows

import (
	"fmt"

	"go.temporal.io/sdk/workflow"

	"tandem/flow"
	"tandem/flow/call"
)

// callerRouter goes by the number that calls.
func callerRouter(_ workflow.Context, w *walk, m *flow.CallerRouter) (flow.Exit, error) {
	exit, rule := m.Decide(w.in.Caller)
	who, way := shown(call.Party{Number: w.in.Caller}), string(exit)
	if spec, ok := w.at.Exit(exit); ok {
		way = spec.Label
	}
	if rule < 0 {
		w.because("default", fmt.Sprintf("%s: no rule matches %s", way, who), call.Fact{Name: "caller", Value: who})
		return exit, nil
	}
	does := "begins with"
	if m.Match == "number" {
		does = "is"
	}
	w.because("rule", fmt.Sprintf("%s: %s %s %s, rule %d", way, who, does, m.Rules[rule].Digits, rule+1),
		call.Fact{Name: "caller", Value: who}, call.Fact{Name: "rule", Value: fmt.Sprint(rule + 1)})
	return exit, nil
}
