package workflows

import (
	"fmt"

	"go.temporal.io/sdk/workflow"

	"tandem/activities"
	"tandem/flow"
	"tandem/flow/call"
)

// ExitDirect is the exit of a module that a caller left by dialling an internal
// number. No cable can hang on it.
const ExitDirect flow.Exit = "direct"

// internal looks up where an internal number leads now.
func (w *walk) internal(ctx workflow.Context, number call.Digits) (flow.Route, error) {
	in := activities.InternalInput{Number: string(number), At: workflow.Now(ctx)}
	var route flow.Route
	err := workflow.ExecuteLocalActivity(lookup(ctx, w.summary("look up "+in.Number)), directory.Internal, in).Get(ctx, &route)
	return route, err
}

// assigned tells whether a route leads anywhere.
func assigned(r flow.Route) bool {
	if r.Refused != "" || r.Direct == nil && r.Revision == nil {
		return false
	}
	if r.Revision == nil {
		return true
	}
	_, ok := r.Revision.Flow.Module(r.Entry)
	return ok
}

// goOn leaves the module at work for where an internal number leads: into a flow,
// or to a contact method, with which the call ends as it does when dialled
// directly.
func (w *walk) goOn(ctx workflow.Context, route flow.Route, facts ...call.Fact) (flow.Exit, error) {
	facts = append([]call.Fact{{Name: "internal_number", Value: route.Number}}, facts...)
	if route.Direct == nil {
		w.onward = &route
		facts = append(facts, call.Fact{Name: "flow", Value: fmt.Sprintf("%s, version %d", route.Revision.Flow.Name, route.Revision.Version)})
		w.because("direct", "internal number "+route.Number+" leads into the flow "+route.Revision.Flow.Name, facts...)
		return ExitDirect, nil
	}
	facts = append(facts, call.Fact{Name: "contact_method", Value: route.Direct.ContactMethod})
	because := func() { w.because("direct", "internal number "+route.Number+" rings "+route.Direct.Name, facts...) }
	because()
	err := w.direct(ctx, *route.Direct)
	because() // how it ended is the end of the call, not why the module was left
	return "", err
}

// enterFlow takes the call into the flow that it goes on in, if there is one, in
// the version that is published at this moment, and says by which module.
func (w *walk) enterFlow() *flow.Module {
	if w.onward == nil {
		return nil
	}
	w.rev = w.onward.Revision
	entry, _ := w.rev.Flow.Module(w.onward.Entry) // assigned has found it
	w.onward = nil
	return entry
}
