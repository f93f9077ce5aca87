package workflows

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/temporal"

	"tandem/flow/call"
)

// What the IDs of workflows begin with.
const (
	CallPrefix     = "call-"     // and the ID of the call
	CallbackPrefix = "callback-" // and the ID of the promise
)

const (
	// TaskTimeout is how long a killed worker goes unnoticed: less than a caller's
	// patience.
	TaskTimeout = 2 * time.Second
	// longestWorkflow ends what nothing else ended. Longer than any call.
	longestWorkflow = 8 * 24 * time.Hour
)

// Beginning is how the workflow of a call begins, whoever begins it: a node to
// which somebody has called, or a promise to call somebody back.
type Beginning struct {
	ID         string
	Longest    time.Duration // of all its runs
	Task       time.Duration // of one workflow task
	Summary    string        // in one line, for Temporal UI
	Attributes temporal.SearchAttributes
}

// BeginningOf is how the workflow of a call begins.
func BeginningOf(in call.Incoming) Beginning {
	caller, to := callerWords(call.Party{Number: in.Caller}), "→"
	if in.Callback != nil {
		to = "called back for"
	}
	return Beginning{
		ID: CallPrefix + string(in.Call), Longest: longestWorkflow, Task: TaskTimeout,
		Summary: fmt.Sprintf("%s %s %s", caller, to, in.Called),
		Attributes: temporal.NewSearchAttributes(
			AttributeCaller.ValueSet(caller),
			AttributeNumber.ValueSet(in.Called),
			AttributeNode.ValueSet(in.Node)),
	}
}
