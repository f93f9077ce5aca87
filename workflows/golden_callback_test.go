package workflows

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/stretchr/testify/mock"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"tandem/flow"
	"tandem/flow/call"
)

// callbacks are the promises that calls give, begun and no more, and the phones
// that are rung to keep one: a step "Originate". Where a number leads that a
// caller keys is a step "Dial", with the route.
func callbacks(s *script, env *testsuite.TestWorkflowEnvironment) {
	env.OnActivity(media.Originate, mock.Anything, mock.Anything).Return(inTime[call.Originate, call.Originated](&hotline{s: s, env: env}, "Originate"))
	env.RegisterWorkflowWithOptions(func(_ workflow.Context, p Promise) (Kept, error) {
		p.At = time.Time{}
		told, err := json.Marshal(p)
		s.beside = append(s.beside, fmt.Sprintf("Callback %s\n", told))
		return Kept{}, err
	}, workflow.RegisterOptions{Name: "Callback"})
}

// findRoute is where a call leads, or what has no id and is a question.
func (s *script) findRoute(ctx context.Context, in call.Incoming) (flow.Route, error) {
	if in.Callback != nil {
		return flow.Route{Entry: in.Callback.Module, Revision: &flow.Revision{ID: s.flow.ID, Version: 1, Flow: s.flow}}, nil
	}
	if in.Call == "" {
		return s.dial(ctx, in)
	}
	if test, ok := in.Test(); ok {
		return s.tried(in, test), nil
	}
	if s.route != nil {
		return *s.route, nil
	}
	for _, m := range s.flow.Modules {
		for _, r := range m.Settings.Refs() {
			if r.ID == in.Called && flow.Catalog[m.Kind].Entry {
				return flow.Route{Number: in.Called, Entry: m.ID, Revision: &flow.Revision{ID: s.flow.ID, Version: 1, Flow: s.flow}, Over: s.over}, nil
			}
		}
	}
	if m, ok := s.flow.Start(); ok { // the number is bound to the flow
		return flow.Route{Number: in.Called, Entry: m.ID, Revision: &flow.Revision{ID: s.flow.ID, Version: 1, Flow: s.flow}, Over: s.over}, nil
	}
	return flow.Route{Refused: call.CauseNotFound}, nil
}

// dial is where a number leads that a caller keys.
func (s *script) dial(ctx context.Context, in call.Incoming) (flow.Route, error) {
	in.At = time.Time{} // no two runs take equally long to come here
	return answer[call.Incoming, flow.Route](s, "Dial")(ctx, in)
}

// tried is where a test call of the flow leads, which somebody places as Ann.
func (s *script) tried(in call.Incoming, test string) flow.Route {
	r := flow.Route{Number: in.Called, Revision: &flow.Revision{ID: s.flow.ID, Draft: 7, Test: test, Flow: s.flow},
		Test: &flow.Tested{Caller: call.Party{Number: "201", Name: "Ann"}, Called: "+15550100"}}
	for _, m := range s.flow.Modules {
		if flow.Catalog[m.Kind].Entry {
			r.Entry = m.ID
		}
	}
	return r
}
