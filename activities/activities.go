// Package activities is what a call asks of the world: the media node, the
// directory and the ledger, each behind a small interface.
//
// It holds no state between calls and imports neither the media plane nor the
// database: cmd joins them.
package activities

import (
	"errors"

	"go.temporal.io/sdk/temporal"

	"tandem/flow/call"
	"tandem/flow/directory"
)

// Type names of errors that no retry mends, as workflows see them.
const (
	ErrorNoLeg      = "no-leg"
	ErrorSuperseded = "superseded"
	ErrorNoNewCalls = "no-new-calls"
	ErrorRefused    = "refused"
	ErrorNobody     = "nobody"
	ErrorUnset      = "unset"
)

// final lists the errors that no retry mends. Everything else is worth another
// try.
var final = []struct {
	err  error
	name string
}{
	{call.ErrNoLeg, ErrorNoLeg},
	{call.ErrSuperseded, ErrorSuperseded}, // asked again, it would take the place of what took its own
	{call.ErrNoNewCalls, ErrorNoNewCalls}, // another node may; this one only when it is another process
	{directory.ErrMailRefused, ErrorRefused},
	{directory.ErrNotFound, ErrorNobody},
	{directory.ErrMailUnset, ErrorUnset}, // kept until somebody sets a server up, a week of old notices would arrive at once
}

// outcome turns an error into what Temporal should do about it. It is the one
// place that decides whether a retry helps.
func outcome(err error) error {
	for _, f := range final {
		if errors.Is(err, f.err) {
			return temporal.NewNonRetryableApplicationError(err.Error(), f.name, err)
		}
	}
	return err
}
