// Package callclient is the one door to the workflows of calls: it starts,
// notifies, asks and ends them, and owns their IDs and signal names.
//
// It decides nothing.
package callclient

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"time"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"

	"tandem/flow/call"
	"tandem/workflows"
)

// ErrNotFound is wrapped where there is no such call, or none that is live.
var ErrNotFound = errors.New("no such call")

// RefusedError is what a call does not allow, and why.
type RefusedError struct{ Why string }

// Error says why.
func (e *RefusedError) Error() string { return "the call refuses: " + e.Why }

// Options are where Temporal is found.
type Options struct {
	Address   string // host:port of the frontend
	Namespace string
	TLS       *tls.Config // nil: plain
	Log       *slog.Logger
}

// Client starts, notifies, asks and ends calls.
type Client struct {
	temporal  client.Client
	namespace string
}

// Dial connects to Temporal at once or fails.
func Dial(ctx context.Context, o Options) (*Client, error) {
	c, err := client.DialContext(ctx, o.clientOptions())
	if err != nil {
		return nil, fmt.Errorf("connect to Temporal at %s: %w", o.Address, err)
	}
	return &Client{temporal: c, namespace: o.Namespace}, nil
}

// Lazy connects when Temporal is first used, so that a node starts while
// Temporal is down.
func Lazy(o Options) (*Client, error) {
	c, err := client.NewLazyClient(o.clientOptions())
	if err != nil {
		return nil, fmt.Errorf("prepare the connection to Temporal at %s: %w", o.Address, err)
	}
	return &Client{temporal: c, namespace: o.Namespace}, nil
}

func (o Options) clientOptions() client.Options {
	out := client.Options{HostPort: o.Address, Namespace: o.Namespace, ConnectionOptions: client.ConnectionOptions{TLS: o.TLS}}
	if o.Log != nil {
		out.Logger = log.NewStructuredLogger(o.Log)
	}
	if loopback(o.Address) {
		// Compressing what never leaves the machine costs more than it saves.
		out.ConnectionOptions.GrpcCompression = &client.GrpcCompressionNone{}
	}
	return out
}

func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Temporal is the connection itself, for workers that share it.
func (c *Client) Temporal() client.Client { return c.temporal }

// Close ends the connection.
func (c *Client) Close() { c.temporal.Close() }

// Ping tells whether Temporal answers.
func (c *Client) Ping(ctx context.Context) error {
	_, err := c.temporal.CheckHealth(ctx, &client.CheckHealthRequest{})
	return err
}

// WorkflowID is the ID of a call's workflow.
func WorkflowID(id call.ID) string { return workflows.CallPrefix + string(id) }

// Start starts the workflow of a call. A call that has one already is left
// alone, so a repeat starts nothing.
func (c *Client) Start(ctx context.Context, in call.Incoming) error {
	begin := workflows.BeginningOf(in)
	_, err := c.temporal.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID:                       begin.ID,
		TaskQueue:                workflows.TaskQueue,
		WorkflowExecutionTimeout: begin.Longest,
		WorkflowTaskTimeout:      begin.Task,
		WorkflowIDReusePolicy:    enums.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
		WorkflowIDConflictPolicy: enums.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		EnableEagerStart:         true,
		StaticSummary:            begin.Summary,
		TypedSearchAttributes:    begin.Attributes,
	}, workflows.Call, in)
	var started *serviceerror.WorkflowExecutionAlreadyStarted
	if err != nil && !errors.As(err, &started) {
		return fmt.Errorf("start call %s: %w", in.Call, err)
	}
	return nil
}

// Notify brings a call an event of its node.
func (c *Client) Notify(ctx context.Context, id call.ID, e call.Event) error {
	err := c.temporal.SignalWorkflow(ctx, WorkflowID(id), "", workflows.EventSignal, e)
	return c.about("notify", id, err)
}

// Live asks a running call for its ledger entry so far.
func (c *Client) Live(ctx context.Context, id call.ID) (call.LedgerEntry, error) {
	var entry call.LedgerEntry
	value, err := c.temporal.QueryWorkflow(ctx, WorkflowID(id), "", workflows.PathQuery)
	if err == nil {
		err = value.Get(&entry)
	}
	return entry, c.about("ask", id, err)
}

// Hangup ends a call on behalf of a person.
func (c *Client) Hangup(ctx context.Context, id call.ID) error {
	return c.about("hang up", id, c.temporal.CancelWorkflow(ctx, WorkflowID(id), ""))
}

// Withdraw takes back a promise to call somebody, on behalf of a person. It is
// named by its ID or by the ticket that it waits with. Who is in conversation
// already stays so. ErrNotFound: it is over.
func (c *Client) Withdraw(ctx context.Context, promise string) error {
	return aboutPromise("withdraw", promise, c.temporal.CancelWorkflow(ctx, promiseWorkflowID(promise), ""))
}

// Move sends a running call on to another module of its flow, on behalf of a
// person. It returns when the call has agreed.
func (c *Client) Move(ctx context.Context, id call.ID, to workflows.Move) error {
	update, err := c.temporal.UpdateWorkflow(ctx, client.UpdateWorkflowOptions{WorkflowID: WorkflowID(id), UpdateName: workflows.MoveUpdate,
		Args: []any{to}, WaitForStage: client.WorkflowUpdateStageCompleted})
	if err == nil {
		err = update.Get(ctx, nil)
	}
	var refused *temporal.ApplicationError
	if errors.As(err, &refused) {
		err = &RefusedError{refused.Message()}
	}
	return c.about("move", id, err)
}

// NodeLost tells every call of a node that its legs are gone: the node has
// come back without them.
func (c *Client) NodeLost(ctx context.Context, node string) error {
	ids, err := c.running(ctx, fmt.Sprintf("%s = %q", workflows.AttributeNode.GetName(), node), 0)
	if err != nil {
		return err
	}
	var all error
	for _, r := range ids {
		err := c.Notify(ctx, r.Call, call.Event{Kind: call.EventNodeLost, At: time.Now()})
		if err != nil && !errors.Is(err, ErrNotFound) {
			all = errors.Join(all, err)
		}
	}
	return all
}

// Running is a call that has not ended, as Temporal lists it.
type Running struct {
	Call    call.ID
	Caller  string
	Called  string
	Node    string
	Started time.Time
}

// Running lists calls that have not ended, newest first, at most limit.
func (c *Client) Running(ctx context.Context, limit int) ([]Running, error) {
	return c.running(ctx, "", limit)
}

func (c *Client) running(ctx context.Context, filter string, limit int) ([]Running, error) {
	query := "WorkflowType = 'Call' AND ExecutionStatus = 'Running'"
	if filter != "" {
		query += " AND " + filter
	}
	var out []Running
	var page []byte
	for {
		answer, err := c.temporal.ListWorkflow(ctx, &workflowservice.ListWorkflowExecutionsRequest{
			Namespace: c.namespace, Query: query, PageSize: 200, NextPageToken: page})
		if err != nil {
			return nil, fmt.Errorf("list running calls: %w", err)
		}
		for _, x := range answer.Executions {
			id, ok := strings.CutPrefix(x.GetExecution().GetWorkflowId(), workflows.CallPrefix)
			if !ok {
				continue
			}
			attribute := func(name string) string {
				return strings.Trim(string(x.GetSearchAttributes().GetIndexedFields()[name].GetData()), `"`)
			}
			out = append(out, Running{Call: call.ID(id), Caller: attribute("Caller"), Called: attribute("Number"),
				Node: attribute("Node"), Started: x.GetStartTime().AsTime()})
			if limit > 0 && len(out) == limit {
				return out, nil
			}
		}
		if page = answer.NextPageToken; len(page) == 0 {
			return out, nil
		}
	}
}

// Over tells whether a call's workflow has ended, or never was.
func (c *Client) Over(ctx context.Context, id call.ID) (bool, error) {
	about, err := c.temporal.DescribeWorkflowExecution(ctx, WorkflowID(id), "")
	var missing *serviceerror.NotFound
	if errors.As(err, &missing) {
		return true, nil
	}
	return err == nil && about.GetWorkflowExecutionInfo().GetCloseTime() != nil, c.about("look for", id, err)
}

// about names the call in an error and recognises calls that are not there.
func (c *Client) about(what string, id call.ID, err error) error {
	if err == nil {
		return nil
	}
	var missing *serviceerror.NotFound
	if errors.As(err, &missing) {
		err = fmt.Errorf("%w: %w", ErrNotFound, err)
	}
	return fmt.Errorf("%s call %s: %w", what, id, err)
}

// promiseWorkflowID is the ID of the workflow that keeps a promise; it waits in
// its queue with a ticket of the same text.
func promiseWorkflowID(promise string) string {
	return workflows.CallbackPrefix + strings.TrimPrefix(promise, workflows.CallbackPrefix)
}

// aboutPromise names the promise in an error and recognises those that are over.
func aboutPromise(what, promise string, err error) error {
	if err == nil {
		return nil
	}
	var missing *serviceerror.NotFound
	if errors.As(err, &missing) {
		err = fmt.Errorf("%w: %w", ErrNotFound, err)
	}
	return fmt.Errorf("%s callback %s: %w", what, promise, err)
}
