package main

import (
	"context"
	"log/slog"
	"sync"

	"tandem/cmd/tandem/internal/config"
)

type nodeCmd struct{}

// Run runs one media node until the signal.
func (nodeCmd) Run(w *world) error { return runRole(w, "node", runNode) }

// runNode joins the media plane to the database and to the workflows. When ctx
// ends it takes no more calls and gives the running ones cfg.Drain.
func runNode(ctx context.Context, cfg config.Config, log *slog.Logger) error {
	log = log.With("node", cfg.Node)
	store, err := openStore(ctx, cfg)
	if err != nil {
		return err
	}
	defer store.Close()

	var owned sync.WaitGroup
	defer owned.Wait()
	h := newHeart(store, "node", cfg.Node, cfg.SIP.Dial().String(), log, func() (bool, string) { return true, "" })
	owned.Go(func() { h.beat(ctx) })
	<-ctx.Done()
	return nil
}
