package simulate

import (
	"cmp"
	"context"
	"fmt"

	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/dialplan"
	"tandem/workflows"
)

// attachPromises lets promises of callbacks begin beside the call, and go no
// further: whoever is called back then makes a call of their own.
func (w *world) attachPromises(env *testsuite.TestWorkflowEnvironment) {
	env.RegisterWorkflowWithOptions(w.callback, workflow.RegisterOptions{Name: "Callback", DisableAlreadyRegisteredCheck: true})
}

// callback tells who would be called and when, in the place of workflows.Callback.
func (w *world) callback(_ workflow.Context, p workflows.Promise) (workflows.Kept, error) {
	tries := fmt.Sprintf("up to %d times", p.Tries)
	if p.Tries == 1 {
		tries = "once"
	}
	w.story.tell(w.now(), fmt.Sprintf("%s would be called back when it is their turn in %q, %s within %d minutes",
		cmp.Or(p.Caller.Number, "the caller"), p.Rules.Name, tries, int(p.Window.Std().Minutes())))
	return workflows.Kept{}, nil
}

// dial is where a number leads that the caller keys to be called on.
func (w *world) dial(ctx context.Context, in call.Incoming) (flow.Route, error) {
	route, err := w.dialled(ctx, in)
	if err == nil && route.Direct == nil {
		why := cmp.Or(route.Refused, call.CauseForbidden)
		w.env.RegisterDelayedCallback(func() { w.tell("%s cannot be called back: %s", in.Called, why.Text()) }, 0)
	}
	return route, err
}

func (w *world) dialled(ctx context.Context, in call.Incoming) (flow.Route, error) {
	dialled, err := dialplan.ParseDialled(in.Called)
	switch {
	case err != nil:
		return flow.Route{Refused: call.CauseIncomplete}, nil
	case !dialled.Number.IsZero():
		return w.number(ctx, dialled.String(), in)
	case in.Trunk != "": // who is outside cannot dial what is inside
		return flow.Route{Number: dialled.String(), Refused: call.CauseNotFound}, nil
	}
	return w.Internal(ctx, dialled.String(), in.At)
}

// number is where a full number leads. Those of the flow itself lead into it as it
// is imagined, whoever holds them now.
func (w *world) number(ctx context.Context, number string, in call.Incoming) (flow.Route, error) {
	if m := w.claims(flow.RefNumber, number); m != nil {
		return flow.Route{Number: number, Entry: m.ID, Revision: &flow.Revision{ID: w.flow.ID, Flow: w.flow}}, nil
	}
	by := ""
	if in.Trunk != "" {
		by = w.in.Called
	}
	route, err := w.facts.Number(w.ctx, number, by, in.At)
	if err != nil {
		return flow.Route{}, w.unknown(err)
	}
	return route, nil
}
