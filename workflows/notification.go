package workflows

import (
	"fmt"
	"strings"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/workflow"

	"tandem/flow"
	"tandem/flow/call"
)

// notification hands a notice to a workflow of its own and goes on at once. The
// call waits for nothing but, at its very end, that every notice has begun.
func notification(ctx workflow.Context, w *walk, m *flow.Notification) (flow.Exit, error) {
	set := m.WithDefaults()
	n := Notice{
		ID: fmt.Sprintf("%s.%d", w.in.Call, len(w.entry.Path)), Module: w.rev.ID + "/" + w.at.ID,
		To: set.To, Subject: w.text(set.Subject), Body: w.text(set.Body), Every: call.Seconds(set.Every), At: w.here().Entered,
	}
	w.notices = append(w.notices, startNotice(ctx, n, w.summary(fmt.Sprintf("notice to %d", len(n.To)))))
	w.because("notified", "a mail goes to "+countOf(len(n.To), "recipient"),
		call.Fact{Name: "notice", Value: n.ID}, call.Fact{Name: "to", Value: strings.Join(n.To, ", ")})
	return "next", nil
}

// startNotice begins a notice that outlives its call. Its ID is that of the
// visit to the module, so that a repeat begins nothing.
func startNotice(ctx workflow.Context, n Notice, summary string) workflow.ChildWorkflowFuture {
	ctx, _ = workflow.NewDisconnectedContext(ctx) // a caller who hangs up stops no notice
	ctx = workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID:            "notice-" + n.ID,
		TaskQueue:             TaskQueue,
		WorkflowIDReusePolicy: enums.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
		ParentClosePolicy:     enums.PARENT_CLOSE_POLICY_ABANDON,
		StaticSummary:         summary,
	})
	return workflow.ExecuteChildWorkflow(ctx, Notify, n)
}

// seeOff waits until every notice has begun: one that a closing workflow has
// only asked for would never be.
func (w *walk) seeOff(ctx workflow.Context) {
	for _, n := range w.notices {
		if err := n.GetChildWorkflowExecution().Get(ctx, nil); err != nil {
			workflow.GetLogger(ctx).Warn("notice not begun", "call", w.in.Call, "error", err)
		}
	}
}

func countOf(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
