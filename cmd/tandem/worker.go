package main

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/worker"

	"tandem/activities"
	"tandem/cmd/tandem/internal/config"
	"tandem/workflows"
	"tandem/workflows/callclient"
)

type workerCmd struct{}

// Run runs one worker until the signal.
func (workerCmd) Run(w *world) error { return runRole(w, "worker", runWorker) }

const (
	// workflowPollers take new steps of calls from Temporal side by side; two,
	// the default, make calls wait for each other at ten a second.
	workflowPollers = 8
	// stickyWait is how long Temporal waits for a worker that has died before
	// another takes over its calls.
	stickyWait = time.Second
	// workerGrace is for steps under way at a stop.
	workerGrace = 5 * time.Second
)

// runWorker walks calls: workflows, and the activities that need no leg.
func runWorker(ctx context.Context, cfg config.Config, log *slog.Logger) error {
	store, err := openStore(ctx, cfg)
	if err != nil {
		return err
	}
	defer store.Close()
	calls, err := openCalls(cfg, log)
	if err != nil {
		return err
	}
	defer calls.Close()

	seen := newPositions(store, log)
	p := &poller{worker: worker.New(calls.Temporal(), workflows.TaskQueue, worker.Options{
		Interceptors:                     []interceptor.WorkerInterceptor{workflows.Observed(seen)},
		MaxConcurrentWorkflowTaskPollers: workflowPollers,
		StickyScheduleToStartTimeout:     stickyWait,
		WorkerStopTimeout:                workerGrace,
	})}
	workflows.Register(p.worker)
	p.worker.RegisterActivity(&activities.Directory{Lookup: store})
	p.worker.RegisterActivity(&activities.Ledger{Book: store})
	p.worker.RegisterActivity(&activities.Routers{Overrides: store})
	p.worker.RegisterActivity(&activities.Queues{Lines: callclient.Lines{Client: calls}, Desk: store})
	registerOutgoing(p.worker, store)

	var owned sync.WaitGroup
	defer owned.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // before owned.Wait: the beat ends when polling fails
	h := newHeart(store, "worker", "", "", log, p.ready)
	owned.Go(func() { h.beat(ctx) })
	owned.Go(func() { seen.write(ctx) })
	owned.Go(func() { prune(ctx, store, log) })
	owned.Go(func() { freeSlots(ctx, store, calls, log) })
	if err := p.start(ctx, calls, log); err != nil {
		return stopped(ctx, err)
	}
	defer p.stop()
	<-ctx.Done()
	return nil
}

// stopped is nil where a role ended because it was asked to.
func stopped(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}
