package workflows

import (
	"context"

	"github.com/stretchr/testify/mock"
	"go.temporal.io/sdk/testsuite"

	"tandem/activities"
	"tandem/flow/call"
)

// rooms are conferences, each on the caller's node unless its flow says "far".
func rooms(s *script, env *testsuite.TestWorkflowEnvironment) {
	env.OnActivity(media.Confer, mock.Anything, mock.Anything).Return(answer[call.Confer, call.Conferred](s, "Confer"))
	env.OnActivity(directory.Room, mock.Anything, mock.Anything).Return(func(_ context.Context, in activities.RoomInput) (call.RoomPlace, error) {
		if s.flow.ID == "far" {
			return call.RoomPlace{Node: "n2", Address: "192.0.2.2:5060"}, nil
		}
		return call.RoomPlace{Node: in.Node}, nil
	})
}
