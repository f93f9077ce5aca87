package workflows

import (
	"context"

	"github.com/stretchr/testify/mock"
	"go.temporal.io/sdk/testsuite"

	"tandem/activities"
	"tandem/flow"
)

// hoursAndLists is what routers look up. The script gives what a database would
// say; what follows from it is decided as in a real call, at the time of the
// workflow's clock.
func hoursAndLists(s *script, env *testsuite.TestWorkflowEnvironment) {
	opening := answer[activities.OpeningInput, flow.Opening](s, "Opening")
	env.OnActivity(directory.Opening, mock.Anything, mock.Anything).Return(func(ctx context.Context, in activities.OpeningInput) (flow.Verdict, error) {
		o, err := opening(ctx, in)
		if err != nil {
			return flow.Verdict{}, err
		}
		return in.Router.Decide(in.At, o), nil
	})
	env.OnActivity(directory.Listed, mock.Anything, mock.Anything).Return(answer[activities.ListedInput, flow.Listed](s, "Listed"))
}
