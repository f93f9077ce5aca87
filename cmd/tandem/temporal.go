package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"go.temporal.io/sdk/worker"

	"tandem/cmd/tandem/internal/config"
	"tandem/workflows/callclient"
)

// Pauses between tries to reach Temporal.
const temporalPause = 200 * time.Millisecond

// openCalls prepares the connection to Temporal; it is made when first used,
// so that a role starts while Temporal is down.
func openCalls(cfg config.Config, log *slog.Logger) (*callclient.Client, error) {
	if cfg.Temporal == "" {
		return nil, errors.New("temporal-address is not set: set TEMPORAL_ADDRESS, or let `tandem up` start this role")
	}
	return callclient.Lazy(callclient.Options{Address: cfg.Temporal, Namespace: cfg.Namespace, Log: log.With("from", "temporal")})
}

// poller is a Temporal worker that is started as soon as Temporal answers.
type poller struct {
	worker  worker.Worker
	started atomic.Bool
}

// start tries until the worker polls or ctx ends.
func (p *poller) start(ctx context.Context, calls *callclient.Client, log *slog.Logger) error {
	for warned := false; ; warned = true {
		err := calls.Ping(ctx)
		if err == nil {
			err = p.worker.Start()
		}
		if err == nil {
			p.started.Store(true)
			return nil
		}
		if !warned {
			log.Warn("waiting for Temporal", "error", err)
		}
		select {
		case <-time.After(temporalPause):
		case <-ctx.Done():
			return fmt.Errorf("start polling: %w", context.Cause(ctx))
		}
	}
}

// stop stops polling and waits for what runs.
func (p *poller) stop() {
	if p.started.Load() {
		p.worker.Stop()
	}
}

// ready is the poller's part of a beat.
func (p *poller) ready() (bool, string) {
	if p.started.Load() {
		return true, ""
	}
	return false, "waiting for Temporal"
}
