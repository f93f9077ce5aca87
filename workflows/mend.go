package workflows

import (
	"errors"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"tandem/flow"
	"tandem/flow/call"
)

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
	if exit := m.OnFault(); exit != "" {
		return exit, nil
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
