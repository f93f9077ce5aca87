package callclient

import (
	"context"
	"errors"
	"fmt"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"

	"tandem/flow/queue"
	"tandem/workflows"
)

const queuePrefix = "queue-"

// QueueWorkflowID is the ID of a queue's workflow.
func QueueWorkflowID(id queue.ID) string { return queuePrefix + string(id) }

// Lines carries messages to the workflows of queues and asks them. It
// implements activities.Lines.
type Lines struct{ *Client }

// Tell gives a queue a message and starts its workflow where none runs. A queue
// that nobody waits in needs not know that its members have changed.
func (l Lines) Tell(ctx context.Context, id queue.ID, m queue.Message) error {
	if m.Kind == queue.Changed {
		err := aboutQueue("tell", id, l.temporal.SignalWorkflow(ctx, QueueWorkflowID(id), "", workflows.TellSignal, m))
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		return err
	}
	summary := "Queue"
	if m.Joining != nil {
		summary += " " + m.Joining.Rules.Name
	}
	_, err := l.temporal.SignalWithStartWorkflow(ctx, QueueWorkflowID(id), workflows.TellSignal, m, client.StartWorkflowOptions{
		TaskQueue:             workflows.TaskQueue,
		WorkflowTaskTimeout:   workflows.TaskTimeout,
		WorkflowIDReusePolicy: enums.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		StaticSummary:         summary,
	}, workflows.Queue, workflows.QueueInput{ID: id})
	return aboutQueue("tell", id, err)
}

// Standing asks where a caller stands.
func (l Lines) Standing(ctx context.Context, id queue.ID, ticket string) (queue.Standing, error) {
	var at queue.Standing
	err := l.ask(ctx, id, &at, workflows.StandingQuery, ticket)
	return at, err
}

// View shows a queue as it stands; ErrNotFound where nobody has waited for a day.
func (l Lines) View(ctx context.Context, id queue.ID) (queue.View, error) {
	var view queue.View
	err := l.ask(ctx, id, &view, workflows.ViewQuery)
	return view, err
}

func (l Lines) ask(ctx context.Context, id queue.ID, into any, query string, args ...any) error {
	value, err := l.temporal.QueryWorkflow(ctx, QueueWorkflowID(id), "", query, args...)
	if err == nil {
		err = value.Get(into)
	}
	return aboutQueue("ask", id, err)
}

// aboutQueue names the queue in an error and recognises queues that are not
// there.
func aboutQueue(what string, id queue.ID, err error) error {
	if err == nil {
		return nil
	}
	var missing *serviceerror.NotFound
	if errors.As(err, &missing) {
		err = fmt.Errorf("%w: %w", ErrNotFound, err)
	}
	return fmt.Errorf("%s queue %s: %w", what, id, err)
}
