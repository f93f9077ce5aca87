package simulate

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"tandem/flow"
	"tandem/workflows"
)

// attachNotices lets notices begin beside the call, as they do, and go no
// further: no mail leaves a simulation.
func (w *world) attachNotices(env *testsuite.TestWorkflowEnvironment) {
	env.RegisterWorkflowWithOptions(w.notify, workflow.RegisterOptions{Name: "Notify", DisableAlreadyRegisteredCheck: true})
}

// notify tells to whom a notice would go, in the place of workflows.Notify.
func (w *world) notify(_ workflow.Context, n workflows.Notice) ([]workflows.Noticed, error) {
	_, module, _ := strings.Cut(n.Module, "/")
	names := w.namesOf(n.To)
	w.story.tellOf(module, w.now(), fmt.Sprintf("a mail would be sent to %s: %s", strings.Join(names, ", "), n.Subject))
	return nil, nil
}

// namesOf is how people know contact methods.
func (w *world) namesOf(ids []string) []string {
	out := make([]string, len(ids))
	targets, err := w.facts.Targets(w.ctx, ids, w.sc.At)
	for i, id := range ids {
		if out[i] = id; err == nil && len(targets) == len(ids) {
			out[i] = cmp.Or(targets[i].Name, id)
		}
	}
	return out
}

// Ask implements activities.Web: servers answer what the scenario says, and 200
// without a value where it says nothing. Nothing leaves a simulation.
func (w *world) Ask(_ context.Context, module string, r flow.HTTPRequest) (flow.HTTPReply, error) {
	reply, ok := w.sc.Replies[module]
	if !ok {
		reply = flow.HTTPReply{Status: 200}
	}
	host, _, _ := strings.Cut(r.URL, "?")
	what := fmt.Sprintf("%s %s would be sent and answered %d", r.Method, host, reply.Status)
	if reply.Status == 0 {
		reply.Note = cmp.Or(reply.Note, fmt.Sprintf("no answer within %d s", r.Timeout))
		what = fmt.Sprintf("%s %s would be sent: %s", r.Method, host, reply.Note)
	}
	w.env.RegisterDelayedCallback(func() { w.story.tellOf(module, w.now(), what) }, 0)
	return reply, nil
}
