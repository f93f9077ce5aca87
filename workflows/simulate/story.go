package simulate

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/testsuite"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/workflows"
)

// story is what happened when, in words.
type story struct {
	began        time.Time
	module, name string // where the call is
	steps        []flow.RunStep
}

// arrive asks the call itself where it is.
func (s *story) arrive(env *testsuite.TestWorkflowEnvironment) {
	var here call.PathEntry
	value, err := env.QueryWorkflow(workflows.HereQuery)
	if err == nil && value.Get(&here) == nil {
		s.module, s.name = here.Module, here.Name
	}
}

// tell adds what happens at a time.
func (s *story) tell(at time.Time, text string) { s.tellOf(s.module, at, text) }

// tellOf adds what happens because of a module, wherever the call is by then.
func (s *story) tellOf(module string, at time.Time, text string) {
	s.steps = append(s.steps, flow.RunStep{At: call.Duration(at.Sub(s.began)), Module: module, Text: text})
}

// tell adds what happens now.
func (w *world) tell(format string, args ...any) { w.story.tell(w.now(), fmt.Sprintf(format, args...)) }
