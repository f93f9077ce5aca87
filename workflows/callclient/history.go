package callclient

import (
	"context"
	"fmt"

	enums "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"google.golang.org/protobuf/encoding/protojson"

	"tandem/flow/call"
	"tandem/flow/queue"
)

// History is all that Temporal holds of a call, as JSON that a replay test
// reads: what a bug report should carry.
func (c *Client) History(ctx context.Context, id call.ID) ([]byte, error) {
	text, err := c.history(ctx, WorkflowID(id))
	return text, c.about("read the history of", id, err)
}

// PromiseHistory is the same of a promise to call somebody back.
func (c *Client) PromiseHistory(ctx context.Context, promise string) ([]byte, error) {
	text, err := c.history(ctx, promiseWorkflowID(promise))
	return text, aboutPromise("read the history of", promise, err)
}

// History is the same of a queue, since it last went on as new.
func (l Lines) History(ctx context.Context, id queue.ID) ([]byte, error) {
	text, err := l.history(ctx, QueueWorkflowID(id))
	return text, aboutQueue("read the history of", id, err)
}

func (c *Client) history(ctx context.Context, workflow string) ([]byte, error) {
	events := c.temporal.GetWorkflowHistory(ctx, workflow, "", false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	var all historypb.History
	for events.HasNext() {
		e, err := events.Next()
		if err != nil {
			return nil, err
		}
		all.Events = append(all.Events, e)
	}
	text, err := protojson.MarshalOptions{Indent: " "}.Marshal(&all)
	if err != nil {
		return nil, fmt.Errorf("print it: %w", err)
	}
	return text, nil
}
