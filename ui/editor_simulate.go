package ui

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"tandem/flow"
)

// Simulator walks flows under a simulated node and clock.
type Simulator interface {
	// Run walks a flow by one scenario.
	Run(ctx context.Context, f flow.Flow, sc flow.Scenario) (flow.Run, error)
	// Test runs all saved tests of a flow.
	Test(ctx context.Context, f flow.Flow) ([]flow.TestResult, error)
}

// Bounds of simulation: it costs processor time, and calls come first.
const (
	simulations    = 2 // at a time
	simulationWait = 5 * time.Second
	simulationTime = 10 * time.Second
)

var errNoSimulator = errors.New("this panel has no simulator")

// simulateBody asks what would become of a call.
type simulateBody struct {
	Scenario flow.Scenario `json:"scenario"`
	Flow     *flow.Flow    `json:"flow,omitempty"` // as it is edited; without it the stored draft
}

// editorTestRoutes try flows out.
func editorTestRoutes() []route {
	return []route{
		reads("GET /api/flows/{id}/scene", editFlows, "Tell what an imagined call through a draft can meet: phones, queues, time routers and servers", (*Panel).scene),
		{pattern: "POST /api/flows/{id}/simulate", right: editFlows, area: api, serve: (*Panel).apiSimulate, body: flow.MaxFlowBytes, doc: docOf[simulateBody, flow.Run]("Simulate one call")},
		{pattern: "POST /api/flows/{id}/tests/run", right: editFlows, area: api, serve: (*Panel).apiRunTests, doc: docOf[none, []flow.TestResult]("Run the saved tests of a flow")},
	}
}

func (p *Panel) apiSimulate(w http.ResponseWriter, r *http.Request) error {
	id, err := scopedFlow(r)
	if err != nil {
		return err
	}
	var in simulateBody
	if err := readBody(r, &in); err != nil {
		return err
	}
	if in.Flow == nil {
		d, err := p.cfg.Store.Draft(r.Context(), id)
		if err != nil {
			return fmt.Errorf("reading the draft: %w", err)
		}
		in.Flow = &d.Flow
	}
	f := in.Flow.Published()
	if m, ok := f.Module(in.Scenario.Entry); !ok || !flow.Catalog[m.Kind].Entry {
		return refuse("scenario.entry", "choose the module by which the call enters")
	}
	run, err := simulated(p, r.Context(), func(ctx context.Context) (flow.Run, error) {
		return p.cfg.Simulator.Run(ctx, f, in.Scenario)
	})
	if err != nil {
		return err
	}
	return writeJSON(w, r, http.StatusOK, run)
}

func (p *Panel) apiRunTests(w http.ResponseWriter, r *http.Request) error {
	d, err := p.drafted(r)
	if err != nil {
		return err
	}
	results, err := p.runTests(r.Context(), d.Flow)
	if err != nil {
		return err
	}
	return writeJSON(w, r, http.StatusOK, listed(results))
}

// runTests runs the saved tests of a flow; one without tests needs no simulator.
func (p *Panel) runTests(ctx context.Context, f flow.Flow) ([]flow.TestResult, error) {
	if len(f.Tests) == 0 {
		return nil, nil
	}
	return simulated(p, ctx, func(ctx context.Context) ([]flow.TestResult, error) { return p.cfg.Simulator.Test(ctx, f) })
}

// simulated runs one simulation when it is its turn, for as long as it may.
func simulated[T any](p *Panel, ctx context.Context, run func(context.Context) (T, error)) (T, error) {
	var nothing T
	if p.cfg.Simulator == nil {
		return nothing, errNoSimulator
	}
	turn, cancel := context.WithTimeout(ctx, simulationWait)
	defer cancel()
	select {
	case p.simulating <- struct{}{}:
		defer func() { <-p.simulating }()
	case <-turn.Done():
		return nothing, &Refusal{Status: http.StatusServiceUnavailable, Text: "Others are simulating. Try again in a moment."}
	}
	limited, done := context.WithTimeout(ctx, simulationTime)
	defer done()
	out, err := run(limited)
	switch {
	case err != nil && errors.Is(limited.Err(), context.DeadlineExceeded):
		return nothing, &Refusal{Status: http.StatusUnprocessableEntity, Text: fmt.Sprintf("The simulation did not end within %s.", simulationTime)}
	case errors.Is(err, flow.ErrFormat):
		return nothing, &Refusal{Status: http.StatusUnprocessableEntity, Text: sentence(err.Error())}
	case err != nil:
		return nothing, fmt.Errorf("simulating: %w", err)
	}
	return out, nil
}
