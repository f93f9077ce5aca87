package workflows

import (
	"fmt"
	"strings"

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
	w.notices = append(w.notices, w.startNotice(ctx, n, w.summary(fmt.Sprintf("notice to %d", len(n.To)))))
	w.because("notified", "a mail goes to "+countOf(len(n.To), "recipient"),
		call.Fact{Name: "notice", Value: n.ID}, call.Fact{Name: "to", Value: strings.Join(n.To, ", ")})
	return "next", nil
}

func countOf(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
