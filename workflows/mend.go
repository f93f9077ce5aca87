package workflows

import (
	"errors"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"tandem/flow"
	"tandem/flow/call"
)

// onFault is the exit by which a module goes on after a fault of our own where
// its error exit carries no cable. A kind that does not stand here apologises
// and ends the call (product sheet 3.0).
var onFault = map[string]func(flow.Settings) flow.Exit{
	"time-router":    always(flow.ExitClosed),
	"caller-router":  func(s flow.Settings) flow.Exit { return s.(*flow.CallerRouter).Otherwise() },
	"blocklist":      always("next"),
	"audio-playback": always("next"),
}

func always(e flow.Exit) func(flow.Settings) flow.Exit {
	return func(flow.Settings) flow.Exit { return e }
}

// mend answers a fault of our own at a module: by its cabled error exit, by the
// exit that its kind goes on by, or not at all.
func (w *walk) mend(ctx workflow.Context, m *flow.Module, err error) (flow.Exit, error) {
	o := w.asOver(ctx, err)
	if o.cause != call.CauseInternal {
		return "", o
	}
	w.because("fault", "a fault of our own: "+plain(err))
	if w.rev.Flow.Cabled(m.ID, flow.ExitError) {
		return flow.ExitError, nil
	}
	if exit, ok := onFault[m.Kind]; ok {
		return exit(m.Settings), nil
	}
	return "", o
}

// plain is the innermost message of an activity's error: what an operator
// wants to read, without Temporal's account of where it happened.
func plain(err error) string {
	var app *temporal.ApplicationError
	if errors.As(err, &app) {
		return app.Message()
	}
	return err.Error()
}
