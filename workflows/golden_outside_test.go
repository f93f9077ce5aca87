package workflows

import (
	"encoding/json"
	"fmt"

	"github.com/stretchr/testify/mock"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"tandem/activities"
	"tandem/flow"
)

// webAndPost are the web servers that a flow asks, and the notices it sends.
func webAndPost(s *script, env *testsuite.TestWorkflowEnvironment) {
	env.RegisterActivity(&activities.Outside{})
	env.OnActivity(outside.Ask, mock.Anything, mock.Anything).After(s.slow).Return(answer[activities.AskInput, flow.HTTPReply](s, "Ask"))
	env.RegisterWorkflowWithOptions(func(_ workflow.Context, n Notice) ([]Noticed, error) {
		told, err := json.Marshal(n)
		s.beside = append(s.beside, fmt.Sprintf("Notify %s\n", told))
		return nil, err
	}, workflow.RegisterOptions{Name: "Notify"})
}
