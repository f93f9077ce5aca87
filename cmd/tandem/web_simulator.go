package main

import (
	"context"
	"errors"
	"fmt"

	"tandem/cmd/tandem/internal/facts"
	"tandem/db"
	"tandem/flow"
	"tandem/flow/directory"
	"tandem/workflows/simulate"
)

// panelSimulator tries flows out for the panel, with what the database knows.
type panelSimulator struct{ store *db.Store }

// fresh looks things up anew: what a run is told holds for that run.
func (s panelSimulator) fresh() *simulate.Simulator { return simulate.New(facts.New(s.store)) }

// Run implements ui.Simulator.
func (s panelSimulator) Run(ctx context.Context, f flow.Flow, sc flow.Scenario) (flow.Run, error) {
	run, err := s.fresh().Run(ctx, f, sc)
	if errors.Is(err, simulate.ErrScenario) {
		err = fmt.Errorf("%w: %w", directory.ErrInvalid, err)
	}
	return run, err
}

// Test implements ui.Simulator.
func (s panelSimulator) Test(ctx context.Context, f flow.Flow) ([]flow.TestResult, error) {
	return s.fresh().Test(ctx, f)
}
