package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/api/common/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
)

// readyBound is how long the server may take from listening to a first successful start.
const readyBound = 60 * time.Second

// proveReady returns when a workflow start with every search attribute has succeeded and the UI answers. Listening ports
// prove neither: a start fails until the shard is acquired and every service has read the namespace.
func proveReady(ctx context.Context, opts options, addrs addresses, log *slog.Logger) error {
	ctx, cancel := context.WithTimeout(ctx, readyBound)
	defer cancel()
	c, err := client.NewLazyClient(client.Options{
		HostPort:  addrs.grpc,
		Namespace: opts.Namespace,
		Logger:    sdklog.NewStructuredLogger(log),
	})
	if err != nil {
		return fmt.Errorf("connecting to the Temporal server: %w", err)
	}
	defer c.Close()

	steps := []struct {
		name string
		try  func(context.Context) error
	}{
		{"namespace", func(ctx context.Context) error { return adjustNamespace(ctx, c, opts) }},
		{"probe start", func(ctx context.Context) error { return probe(ctx, c, opts.Namespace) }},
		{"Temporal UI", func(ctx context.Context) error { return askUI(ctx, addrs) }},
	}
	for _, s := range steps {
		if err := retry(ctx, s.try); err != nil {
			return fmt.Errorf("not ready within %v, %s: %w", readyBound, s.name, err)
		}
	}
	return nil
}

// retry calls try until it succeeds or ctx ends, and returns its last error.
func retry(ctx context.Context, try func(context.Context) error) error {
	for {
		attempt, cancel := context.WithTimeout(ctx, 5*time.Second)
		err := try(attempt)
		cancel()
		if err == nil {
			return nil
		}
		if !pause(ctx, 20*time.Millisecond) {
			return errors.Join(ctx.Err(), err)
		}
	}
}

// probe starts a workflow that carries every search attribute, and removes it. No worker polls its task queue, and should
// this process die in between, the run times out by itself.
func probe(ctx context.Context, c client.Client, namespace string) error {
	keys := make([]temporal.SearchAttributeUpdate, len(searchAttributes))
	for i, a := range searchAttributes {
		keys[i] = temporal.NewSearchAttributeKeyKeyword(a.name).ValueSet("probe")
	}
	run, err := c.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID:                       "probe-" + uuid.NewString(),
		TaskQueue:                "temporald-probe",
		WorkflowExecutionTimeout: time.Minute,
		TypedSearchAttributes:    temporal.NewSearchAttributes(keys...),
	}, "Probe")
	if err != nil {
		return err
	}
	if err := c.TerminateWorkflow(ctx, run.GetID(), run.GetRunID(), "temporald is ready"); err != nil {
		return err
	}
	_, err = c.WorkflowService().DeleteWorkflowExecution(ctx, &workflowservice.DeleteWorkflowExecutionRequest{
		Namespace:         namespace,
		WorkflowExecution: &common.WorkflowExecution{WorkflowId: run.GetID(), RunId: run.GetRunID()},
	})
	return err
}

// askUI fetches the start page, and through it something only the server behind it knows.
func askUI(ctx context.Context, addrs addresses) error {
	if addrs.ui == "" {
		return nil
	}
	for _, path := range []string{"/", "/api/v1/cluster-info"} {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, addrs.uiURL()+path, nil)
		if err != nil {
			return err
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return err
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			return fmt.Errorf("%s answered %s", path, resp.Status)
		}
	}
	return nil
}
