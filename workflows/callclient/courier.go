package callclient

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"
	"go.temporal.io/api/serviceerror"

	"tandem/flow/call"
	"tandem/workflows"
)

const (
	// sendTry bounds one attempt to reach Temporal.
	sendTry = 5 * time.Second
	// keepFor is how long a node keeps what Temporal does not
	// take: longer than any outage a caller would sit through.
	keepFor = 24 * time.Hour
)

// Courier carries what a node has to tell Temporal, results and events, and
// keeps trying while Temporal is away. It owns one goroutine for each message
// not yet taken.
type Courier struct {
	client  *Client
	abandon func(call.ID)
	log     *slog.Logger
	ctx     context.Context
	stop    context.CancelFunc
	wg      sync.WaitGroup
}

// NewCourier makes a Courier. It calls abandon where nobody is in charge of a
// call any more: its workflow is gone.
func NewCourier(c *Client, abandon func(call.ID), log *slog.Logger) *Courier {
	ctx, stop := context.WithCancel(context.Background())
	return &Courier{client: c, abandon: abandon, log: log, ctx: ctx, stop: stop}
}

// Close gives up on what was not taken and waits for its goroutines.
func (c *Courier) Close() {
	c.stop()
	c.wg.Wait()
}

// Flush waits until everything was taken or ctx ends.
func (c *Courier) Flush(ctx context.Context) {
	done := make(chan struct{})
	go func() { c.wg.Wait(); close(done) }() // ends with Close at the latest
	select {
	case <-done:
	case <-ctx.Done():
	}
}

// Complete reports the end of an operation. It returns at once.
func (c *Courier) Complete(op call.OpID, result any, failure error) {
	workflow, activity := op.Split()
	c.carry(callOf(workflow), "result", func(ctx context.Context) error {
		return c.client.temporal.CompleteActivityByID(ctx, c.client.namespace, workflow, "", activity, result, failure)
	})
}

// Notify brings a call an event. It returns at once.
func (c *Courier) Notify(id call.ID, e call.Event) {
	c.carry(id, "event", func(ctx context.Context) error { return c.client.Notify(ctx, id, e) })
}

// carry sends until the message is taken, refused for good, or too old.
func (c *Courier) carry(id call.ID, what string, send func(context.Context) error) {
	c.wg.Go(func() {
		wait := backoff.NewExponentialBackOff()
		wait.InitialInterval, wait.MaxInterval = 50*time.Millisecond, 2*time.Second
		_, err := backoff.Retry(c.ctx, func() (struct{}, error) { return struct{}{}, c.try(id, send) },
			backoff.WithBackOff(wait), backoff.WithMaxElapsedTime(keepFor))
		if err != nil && c.ctx.Err() == nil {
			c.log.Warn("not taken by the call", "call", id, "what", what, "error", err)
		}
	})
}

// try sends once. What nobody waits for is not sent again; the call behind it
// is given up if its workflow is over.
func (c *Courier) try(id call.ID, send func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(c.ctx, sendTry)
	defer cancel()
	err := send(ctx)
	var missing *serviceerror.NotFound
	var wrong *serviceerror.InvalidArgument
	switch {
	case errors.As(err, &wrong):
		return backoff.Permanent(err)
	case !errors.As(err, &missing):
		return err
	}
	if over, err := c.client.Over(ctx, id); err == nil && over { // without its node knowing
		c.abandon(id)
	}
	return nil
}

// callOf is the call that a workflow ID names.
func callOf(workflow string) call.ID {
	return call.ID(strings.TrimPrefix(workflow, workflows.CallPrefix))
}
