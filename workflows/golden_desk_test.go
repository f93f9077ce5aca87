package workflows

import (
	"github.com/stretchr/testify/mock"
	"go.temporal.io/sdk/testsuite"

	"tandem/activities"
	office "tandem/flow/directory"
)

// memberDesk is what codes change that are dialled when idle.
func memberDesk(s *script, env *testsuite.TestWorkflowEnvironment) {
	env.OnActivity(queues.Change, mock.Anything, mock.Anything).Return(answer[activities.ChangeInput, []office.Member](s, "Change"))
	env.OnActivity(routers.Toggle, mock.Anything, mock.Anything).Return(answer[activities.ToggleInput, activities.Toggled](s, "Toggle"))
}
