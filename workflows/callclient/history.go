package callclient

import (
	"context"
	"fmt"

	enums "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"google.golang.org/protobuf/encoding/protojson"

	"tandem/flow/call"
)

// History is all that Temporal holds of a call, as JSON that a replay test
// reads: what a bug report should carry.
func (c *Client) History(ctx context.Context, id call.ID) ([]byte, error) {
	events := c.temporal.GetWorkflowHistory(ctx, WorkflowID(id), "", false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	var all historypb.History
	for events.HasNext() {
		e, err := events.Next()
		if err != nil {
			return nil, c.about("read the history of", id, err)
		}
		all.Events = append(all.Events, e)
	}
	text, err := protojson.MarshalOptions{Indent: " "}.Marshal(&all)
	if err != nil {
		return nil, fmt.Errorf("print the history of call %s: %w", id, err)
	}
	return text, nil
}
