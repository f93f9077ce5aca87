package callclient

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"
	"go.temporal.io/api/serviceerror"

	"tandem/flow/call"
)

const (
	// completeTry bounds one attempt to reach Temporal.
	completeTry = 5 * time.Second
	// completeFor is how long a node keeps a result that Temporal does not
	// take: longer than any outage a caller would sit through.
	completeFor = 24 * time.Hour
)

// Completer tells Temporal how operations ended, and keeps telling while
// Temporal is away. It owns one goroutine for each result not yet taken.
type Completer struct {
	client  *Client
	abandon func(call.ID)
	log     *slog.Logger
	ctx     context.Context
	stop    context.CancelFunc
	wg      sync.WaitGroup
}

// NewCompleter makes a Completer. It calls abandon where nobody is in charge
// of a call any more: its workflow is gone.
func NewCompleter(c *Client, abandon func(call.ID), log *slog.Logger) *Completer {
	ctx, stop := context.WithCancel(context.Background())
	return &Completer{client: c, abandon: abandon, log: log, ctx: ctx, stop: stop}
}

// Close gives up on results not yet taken and waits for their goroutines.
func (c *Completer) Close() {
	c.stop()
	c.wg.Wait()
}

// Flush waits until every result was taken or ctx ends.
func (c *Completer) Flush(ctx context.Context) {
	done := make(chan struct{})
	go func() { c.wg.Wait(); close(done) }() // ends with Close at the latest
	select {
	case <-done:
	case <-ctx.Done():
	}
}

// Complete reports the end of an operation. It returns at once.
func (c *Completer) Complete(op call.OpID, result any, failure error) {
	c.wg.Go(func() {
		wait := backoff.NewExponentialBackOff()
		wait.InitialInterval, wait.MaxInterval = 50*time.Millisecond, 2*time.Second
		_, err := backoff.Retry(c.ctx, func() (struct{}, error) { return struct{}{}, c.try(op, result, failure) },
			backoff.WithBackOff(wait), backoff.WithMaxElapsedTime(completeFor))
		if err != nil && c.ctx.Err() == nil {
			c.log.Warn("operation result not taken", "op", op, "error", err)
		}
	})
}

// try reports once. A result that nobody waits for is not reported again; the
// call behind it is given up if its workflow is over.
func (c *Completer) try(op call.OpID, result any, failure error) error {
	ctx, cancel := context.WithTimeout(c.ctx, completeTry)
	defer cancel()
	workflow, activity := op.Split()
	err := c.client.temporal.CompleteActivityByID(ctx, c.client.namespace, workflow, "", activity, result, failure)
	var missing *serviceerror.NotFound
	if !errors.As(err, &missing) {
		return err
	}
	if c.over(ctx, workflow) {
		c.abandon(call.ID(workflow[len(workflowPrefix):]))
	}
	return nil
}

// over tells whether a call's workflow has ended without its node knowing.
func (c *Completer) over(ctx context.Context, workflow string) bool {
	if len(workflow) <= len(workflowPrefix) {
		return false
	}
	about, err := c.client.temporal.DescribeWorkflowExecution(ctx, workflow, "")
	var missing *serviceerror.NotFound
	if errors.As(err, &missing) {
		return true
	}
	return err == nil && about.GetWorkflowExecutionInfo().GetCloseTime() != nil
}
