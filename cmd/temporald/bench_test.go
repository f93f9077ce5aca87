package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

// BenchmarkThreeActivities runs the shape of a simple call: three operations one after the other on a node's task queue,
// each completed later by somebody else. It reports how long the caller would wait between two of them (end of one to start
// of the next) and what a call costs the server process. With -benchtime=200x; BENCH_PACE sets calls per second (10).
func BenchmarkThreeActivities(b *testing.B) {
	d := start(b, b.TempDir())
	c := d.client(b)
	ops := &operations{client: c}
	node := worker.New(c, "node-1", worker.Options{})
	node.RegisterActivityWithOptions(ops.begin, activity.RegisterOptions{Name: "Operation"})
	calls := worker.New(c, "calls", worker.Options{})
	calls.RegisterWorkflow(threeOperations)
	runWorker(b, node)
	runWorker(b, calls)
	oneCall(b, c, "warm-up")

	before := d.cpu(b)
	ops.reset()
	tick := time.NewTicker(time.Second / pace())
	defer tick.Stop()
	var wg sync.WaitGroup
	starts := make([]time.Duration, b.N)
	b.ResetTimer()
	for i := range b.N {
		<-tick.C
		wg.Go(func() {
			began := time.Now()
			oneCall(b, c, fmt.Sprintf("bench-%d", i))
			starts[i] = time.Since(began)
		})
	}
	wg.Wait()
	b.StopTimer()

	cpu := d.cpu(b) - before
	b.ReportMetric(float64(cpu.Microseconds())/1000/float64(b.N), "server-cpu-ms/call")
	report(b, "hop", ops.gaps())
	report(b, "call", starts)
	b.ReportMetric(float64(d.rss(b))/1024, "server-rss-MB")
}

func pace() time.Duration {
	n, err := strconv.Atoi(os.Getenv("BENCH_PACE"))
	if err != nil {
		return 10
	}
	return time.Duration(n)
}

func report(b *testing.B, name string, values []time.Duration) {
	slices.Sort(values)
	at := func(p int) float64 { return float64(values[(len(values)-1)*p/100].Microseconds()) / 1000 }
	b.ReportMetric(at(50), name+"-p50-ms")
	b.ReportMetric(at(99), name+"-p99-ms")
}

func oneCall(b *testing.B, c client.Client, id string) {
	run, err := c.ExecuteWorkflow(b.Context(), client.StartWorkflowOptions{ID: id, TaskQueue: "calls", EnableEagerStart: true}, threeOperations)
	if err == nil {
		err = run.Get(b.Context(), nil)
	}
	if err != nil {
		b.Error(err)
	}
}

func threeOperations(ctx workflow.Context) error {
	for i := range 3 {
		ctx := workflow.WithActivityOptions(ctx, workflow.ActivityOptions{TaskQueue: "node-1", StartToCloseTimeout: time.Minute, ActivityID: strconv.Itoa(i)})
		if err := workflow.ExecuteActivity(ctx, "Operation").Get(ctx, nil); err != nil {
			return err
		}
	}
	return nil
}

// operations plays the node: an operation begins, is left pending, and is completed by its natural key.
type operations struct {
	client client.Client
	mu     sync.Mutex
	ended  map[string]time.Time
	waits  []time.Duration
}

func (o *operations) reset() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ended, o.waits = map[string]time.Time{}, nil
}

func (o *operations) gaps() []time.Duration {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.waits
}

func (o *operations) begin(ctx context.Context) error {
	info := activity.GetInfo(ctx)
	id := info.WorkflowExecution.ID
	o.mu.Lock()
	if at, ok := o.ended[id]; ok {
		o.waits = append(o.waits, time.Since(at))
	}
	o.mu.Unlock()
	time.AfterFunc(50*time.Millisecond, func() {
		o.mu.Lock()
		if o.ended != nil {
			o.ended[id] = time.Now()
		}
		o.mu.Unlock()
		err := o.client.CompleteActivityByID(context.Background(), info.WorkflowNamespace, id, info.WorkflowExecution.RunID, info.ActivityID, nil, nil)
		if err != nil && !strings.Contains(err.Error(), "context canceled") {
			fmt.Fprintln(os.Stderr, "completing:", err)
		}
	})
	return activity.ErrResultPending
}
