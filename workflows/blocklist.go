package workflows

import (
	"fmt"

	"go.temporal.io/sdk/workflow"

	"tandem/activities"
	"tandem/flow"
	"tandem/flow/call"
)

// blocklist keeps a caller out, or lets the caller pass. Shared lists are looked
// at as they are now.
func blocklist(ctx workflow.Context, w *walk, m *flow.Blocklist) (flow.Exit, error) {
	entry, odd := m.Match(w.in.Caller)
	if entry != "" || odd != "" {
		return w.block(m, blockedBy(w.in.Caller, entry, odd))
	}
	in := activities.ListedInput{Lists: m.SharedLists, Caller: w.in.Caller}
	var listed flow.Listed
	if len(in.Lists) > 0 && in.Caller != "" {
		find := lookup(ctx, w.summary("look at shared lists"))
		if err := workflow.ExecuteLocalActivity(find, directory.Listed, in).Get(ctx, &listed); err != nil {
			return "", err
		}
	}
	if listed.List == "" {
		w.because("passed", shown(call.Party{Number: w.in.Caller})+" is on no list")
		return "next", nil
	}
	return w.block(m, call.Reason{Code: "listed", Text: fmt.Sprintf("%s is on the list “%s” as %s", w.in.Caller, listed.Name, listed.Entry),
		Facts: []call.Fact{{Name: "list", Value: listed.Name}, {Name: "entry", Value: listed.Entry}}})
}

func blockedBy(caller, entry, odd string) call.Reason {
	if odd != "" {
		return call.Reason{Code: "odd", Text: "blocked: " + odd}
	}
	return call.Reason{Code: "listed", Text: fmt.Sprintf("%s is blocked by the entry %s", caller, entry), Facts: []call.Fact{{Name: "entry", Value: entry}}}
}

// block leaves by the cabled exit, or declines the call.
func (w *walk) block(m *flow.Blocklist, why call.Reason) (flow.Exit, error) {
	w.because(why.Code, why.Text, why.Facts...)
	if w.rev.Flow.Cabled(w.at.ID, flow.ExitBlocked) {
		return flow.ExitBlocked, nil
	}
	return "", &over{cause: call.CauseBlocked, status: m.WithDefaults().DeclineCode}
}
