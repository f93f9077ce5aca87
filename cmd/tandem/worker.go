package main

import (
	"context"
	"log/slog"
	"sync"

	"tandem/cmd/tandem/internal/config"
)

type workerCmd struct{}

// Run runs one worker until the signal.
func (workerCmd) Run(w *world) error { return runRole(w, "worker", runWorker) }

// runWorker walks calls: workflows, and the activities that need no leg.
func runWorker(ctx context.Context, cfg config.Config, log *slog.Logger) error {
	store, err := openStore(ctx, cfg)
	if err != nil {
		return err
	}
	defer store.Close()

	var owned sync.WaitGroup
	defer owned.Wait()
	h := newHeart(store, "worker", "", "", log, func() (bool, string) { return true, "" })
	owned.Go(func() { h.beat(ctx) })
	<-ctx.Done()
	return nil
}
