package workflows

import (
	"fmt"
	"time"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"tandem/activities"
	"tandem/flow/call"
)

// Handles by which workflows name activities; the worker holds the real ones.
var (
	media     *activities.Media
	directory *activities.Directory
	ledger    *activities.Ledger
	outbox    *activities.Outbox
	outside   *activities.Outside
	queues    *activities.Queues
	routers   *activities.Routers
)

const (
	noLeg           = activities.ErrorNoLeg
	scheduleToStart = enums.TIMEOUT_TYPE_SCHEDULE_TO_START
)

// All timeouts of a call stand here.
const (
	// LongestCall ends a conversation where nothing else is set (product sheet 3.0).
	LongestCall = 4 * time.Hour
	// operationTimeout outlasts every operation, which the node bounds itself.
	operationTimeout = 25 * time.Hour
	// nodePickup is how long a node may take to accept an operation; a node
	// that is up takes milliseconds.
	nodePickup = 10 * time.Second
	// lookupTimeout bounds a look-up with all its tries: a caller who hears
	// nothing for longer hangs up.
	lookupTimeout = 8 * time.Second
	lookupTry     = 2 * time.Second
	// endTimeout covers audio played before the end.
	endTimeout = 2 * time.Minute
	// mailTry covers one mail: signing in, and the five minutes that a server may
	// take to say that it has it.
	mailTry = 6 * time.Minute
	// askMargin is what a request takes beside its own time: the worker's queue.
	askMargin = 2 * time.Second
)

// onNode runs an operation on the node that holds the legs. The node completes
// it; a try that never reached the node is repeated.
func onNode(ctx workflow.Context, node, summary string) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:              NodeTaskQueue(node),
		ScheduleToStartTimeout: nodePickup,
		StartToCloseTimeout:    operationTimeout,
		WaitForCancellation:    false, // the End operation stops whatever is pending
		Summary:                summary,
		RetryPolicy:            &temporal.RetryPolicy{InitialInterval: 100 * time.Millisecond, MaximumInterval: time.Second, MaximumAttempts: 20},
	})
}

// ending runs the last operation of a call.
func ending(ctx workflow.Context, node string, cause call.Cause) workflow.Context {
	ctx = onNode(ctx, node, "End of call: "+cause.Text())
	return workflow.WithStartToCloseTimeout(ctx, endTimeout)
}

// lookup runs a local activity against the database.
func lookup(ctx workflow.Context, summary string) workflow.Context {
	return workflow.WithLocalActivityOptions(ctx, workflow.LocalActivityOptions{
		ScheduleToCloseTimeout: lookupTimeout,
		StartToCloseTimeout:    lookupTry,
		Summary:                summary,
		RetryPolicy:            &temporal.RetryPolicy{InitialInterval: 50 * time.Millisecond, BackoffCoefficient: 2, MaximumInterval: time.Second},
	})
}

// once runs a local activity that must not happen twice, such as a toggle: what
// fails is told and not tried again.
func once(ctx workflow.Context, summary string) workflow.Context {
	return workflow.WithLocalActivityOptions(ctx, workflow.LocalActivityOptions{
		ScheduleToCloseTimeout: lookupTimeout,
		Summary:                summary,
		RetryPolicy:            &temporal.RetryPolicy{MaximumAttempts: 1},
	})
}

// bookkeeping runs an activity that may wait for the database for days.
func bookkeeping(ctx workflow.Context) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:           TaskQueue,
		StartToCloseTimeout: 30 * time.Second,
		Summary:             "Write the ledger entry",
		RetryPolicy:         &temporal.RetryPolicy{InitialInterval: time.Second, MaximumInterval: time.Minute},
	})
}

// insisting tells a queue what it has to know, for as long as that is worth it.
func insisting(ctx workflow.Context, atMost time.Duration) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:              TaskQueue,
		ScheduleToCloseTimeout: atMost,
		StartToCloseTimeout:    lookupTimeout,
		Summary:                "Take the place in the queue",
		RetryPolicy:            &temporal.RetryPolicy{InitialInterval: time.Second, MaximumInterval: time.Minute},
	})
}

// admitting asks the database whether a notice goes out, for as long as it takes.
func admitting(ctx workflow.Context, to string) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 30 * time.Second,
		Summary:             "May it go to " + to + " now?",
		RetryPolicy:         &temporal.RetryPolicy{InitialInterval: time.Second, MaximumInterval: time.Minute},
	})
}

// mailing sends one mail once: the pauses between tries are the workflow's.
func mailing(ctx workflow.Context, to string, try int) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: mailTry,
		Summary:             fmt.Sprintf("Mail to %s, try %d", to, try),
		RetryPolicy:         &temporal.RetryPolicy{MaximumAttempts: 1},
	})
}

// asking sends a request once, whatever comes of it.
func asking(ctx workflow.Context, timeout int, summary string) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:              TaskQueue,
		ScheduleToCloseTimeout: time.Duration(timeout)*time.Second + askMargin,
		Summary:                summary,
		RetryPolicy:            &temporal.RetryPolicy{MaximumAttempts: 1},
	})
}
