package workflows

import (
	"fmt"

	"go.temporal.io/sdk/workflow"

	"tandem/flow"
)

// runner walks one module: settings in, exit out. An *over ends the call.
type runner func(ctx workflow.Context, w *walk, m *flow.Module) (flow.Exit, error)

// runners pairs every kind of flow.Catalog with its runner.
var runners = map[string]runner{
	"phone-number":    run(phoneNumber),
	"internal-number": run(internalNumber),
	"start":           run(start),
	"set-variable":    run(setVariable),
	"time-router":     run(timeRouter),
	"caller-router":   run(callerRouter),
	"blocklist":       run(blocklist),
	"voice-menu":      run(voiceMenu),
	"audio-playback":  run(audioPlayback),
	"ring-group":      run(ringGroup),
	"queue":           run(joinQueue),
	"callback":        run(callback),
	"conference":      run(conference),
	"notification":    run(notification),
	"http-request":    run(httpRequest),
	"hangup":          run(hangup),
}

// run gives a runner its typed settings.
func run[S flow.Settings](f func(workflow.Context, *walk, S) (flow.Exit, error)) runner {
	return func(ctx workflow.Context, w *walk, m *flow.Module) (flow.Exit, error) {
		settings, ok := m.Settings.(S)
		if !ok {
			return "", fmt.Errorf("module %s: settings are %T", m.ID, m.Settings)
		}
		return f(ctx, w, settings)
	}
}

// HasRunner tells whether a kind can be walked.
func HasRunner(kind string) bool { return runners[kind] != nil }

// Register tells a worker about the workflows of this package.
func Register(r interface{ RegisterWorkflow(any) }) {
	r.RegisterWorkflow(Call)
	r.RegisterWorkflow(Queue)
	r.RegisterWorkflow(Callback)
	r.RegisterWorkflow(Notify)
}
