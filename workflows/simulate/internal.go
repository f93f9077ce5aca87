package simulate

import (
	"context"
	"fmt"
	"slices"
	"time"

	"go.temporal.io/sdk/temporal"

	"tandem/flow"
	"tandem/flow/call"
)

// Internal implements activities.Lookup. Numbers of the flow itself lead into
// it as it is imagined, published or not. Of another flow only its entry is
// there: what callers meet in it is for its own tests to tell.
func (w *world) Internal(_ context.Context, number string, at time.Time) (flow.Route, error) {
	if m := w.claims(flow.RefInternalNumber, number); m != nil {
		return flow.Route{Number: number, Entry: m.ID, Revision: &flow.Revision{ID: w.flow.ID, Flow: w.flow}}, nil
	}
	route, err := w.facts.Internal(w.ctx, number, at)
	switch {
	case err != nil:
		w.env.RegisterDelayedCallback(func() { w.fail(err) }, 0)
		return flow.Route{}, temporal.NewNonRetryableApplicationError(err.Error(), "simulation", err)
	case route.Revision == nil:
		return route, nil
	case route.Revision.ID == w.flow.ID: // the draft has given it up
		return flow.Route{Number: number, Refused: call.CauseNotFound}, nil
	}
	r := *route.Revision
	entry, ok := r.Flow.Module(route.Entry)
	if !ok {
		return flow.Route{Number: number, Refused: call.CauseNotFound}, nil
	}
	r.Flow = flow.Flow{ID: r.Flow.ID, Name: r.Flow.Name, Modules: []flow.Module{*entry}}
	route.Revision = &r
	return route, nil
}

// claims finds the entry of the flow that a number leads to.
func (w *world) claims(kind flow.RefKind, number string) *flow.Module {
	for i := range w.flow.Modules {
		m := &w.flow.Modules[i]
		if flow.Catalog[m.Kind].Entry && slices.ContainsFunc(m.Settings.Refs(), func(r flow.Ref) bool { return r.Kind == kind && r.ID == number }) {
			return m
		}
	}
	return nil
}

// leaves cuts a path off where it goes on in another flow, and tells so.
func (w *world) leaves(path []call.PathEntry) []call.PathEntry {
	i := slices.IndexFunc(path, func(p call.PathEntry) bool { return p.Flow.ID != "" })
	if i < 0 {
		return path
	}
	to := path[i]
	w.onward = &to.Flow
	w.story.module = path[i-1].Module
	w.story.tell(to.Entered, fmt.Sprintf("the call goes on in the flow %q, version %d, at %q; what it meets there is not imagined here", to.Flow.Name, to.Flow.Version, to.Name))
	return path[:i]
}
