package workflows

import (
	"go.temporal.io/sdk/workflow"

	"tandem/activities"
	"tandem/flow"
)

// timeRouter decides once, on entry, at the time of the workflow's clock. Hours
// and override are looked up and judged in one step, so that the rules of time
// zones that were used stand in history with the verdict.
func timeRouter(ctx workflow.Context, w *walk, m *flow.TimeRouter) (flow.Exit, error) {
	in := activities.OpeningInput{Flow: w.rev.ID, Module: w.at.ID, Router: *m, At: workflow.Now(ctx)}
	var v flow.Verdict
	if err := workflow.ExecuteLocalActivity(lookup(ctx, w.summary("look at the clock")), directory.Opening, in).Get(ctx, &v); err != nil {
		return "", err
	}
	w.because(v.Reason.Code, v.Reason.Text, v.Reason.Facts...)
	return v.Exit, nil
}
