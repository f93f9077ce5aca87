package workflows

import (
	"github.com/stretchr/testify/mock"
	"go.temporal.io/sdk/testsuite"

	"tandem/activities"
	office "tandem/flow/directory"
)

// memberDesk is where members of queues log in and out.
func memberDesk(s *script, env *testsuite.TestWorkflowEnvironment) {
	env.OnActivity(queues.Change, mock.Anything, mock.Anything).Return(answer[activities.ChangeInput, []office.Member](s, "Change"))
}
