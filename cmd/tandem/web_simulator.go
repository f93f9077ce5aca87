package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tandem/db"
	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/sipmedia/audio"
	"tandem/workflows/simulate"
)

// panelSimulator tries flows out for the panel, with what the database knows.
type panelSimulator struct{ sim *simulate.Simulator }

func newPanelSimulator(store *db.Store) panelSimulator {
	return panelSimulator{simulate.New(storedFacts{store})}
}

// Run implements ui.Simulator.
func (s panelSimulator) Run(ctx context.Context, f flow.Flow, sc flow.Scenario) (flow.Run, error) {
	run, err := s.sim.Run(ctx, f, sc)
	if errors.Is(err, simulate.ErrScenario) {
		err = fmt.Errorf("%w: %w", directory.ErrInvalid, err)
	}
	return run, err
}

// Test implements ui.Simulator.
func (s panelSimulator) Test(ctx context.Context, f flow.Flow) ([]flow.TestResult, error) {
	return s.sim.Test(ctx, f)
}

// storedFacts are what the database knows of what flows name.
type storedFacts struct{ store *db.Store }

// Targets implements simulate.Facts.
func (f storedFacts) Targets(ctx context.Context, ids []string, at time.Time) ([]call.Target, error) {
	return f.store.Targets(ctx, ids, at)
}

// AudioLength implements simulate.Facts. A file that came without its length is
// measured.
func (f storedFacts) AudioLength(ctx context.Context, id string) (time.Duration, bool) {
	length, err := f.store.AudioLength(ctx, id)
	if err != nil || length > 0 {
		return length, err == nil
	}
	file, err := f.store.Audio(ctx, id)
	if err != nil {
		return 0, false
	}
	clip, err := audio.ReadWAV(file.Bytes, soundRate)
	return time.Duration(len(clip.Samples)) * time.Second / soundRate, err == nil
}
