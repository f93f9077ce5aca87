package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	namespacepb "go.temporal.io/api/namespace/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

// greet waits for a name and returns a greeting.
func greet(ctx workflow.Context) (string, error) {
	var name string
	workflow.GetSignalChannel(ctx, "name").Receive(ctx, &name)
	return "hello " + name, nil
}

// greeter starts a worker that knows greet.
func greeter(t *testing.T, c client.Client) {
	t.Helper()
	w := worker.New(c, "greetings", worker.Options{})
	w.RegisterWorkflow(greet)
	runWorker(t, w)
}

// startGreet starts greet under id with a value for every search attribute.
func startGreet(t *testing.T, c client.Client, id string) {
	t.Helper()
	var updates []temporal.SearchAttributeUpdate
	for _, a := range searchAttributes {
		updates = append(updates, temporal.NewSearchAttributeKeyKeyword(a.name).ValueSet(id+" "+a.name))
	}
	_, err := c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{
		ID:                    id,
		TaskQueue:             "greetings",
		TypedSearchAttributes: temporal.NewSearchAttributes(updates...),
	}, greet)
	if err != nil {
		t.Fatal(err)
	}
}

// finishGreet signals the greeting under id and checks that it completes.
func finishGreet(t *testing.T, c client.Client, id string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	defer cancel()
	if err := c.SignalWorkflow(ctx, id, "", "name", "Ada"); err != nil {
		t.Fatal(err)
	}
	var got string
	if err := c.GetWorkflow(ctx, id, "").Get(ctx, &got); err != nil {
		t.Fatal(err)
	}
	if got != "hello Ada" {
		t.Errorf("workflow returned %q, want %q", got, "hello Ada")
	}
}

// listed returns the IDs of the workflows that match query, without those of the server's own making.
func listed(t *testing.T, c client.Client, query string) []string {
	t.Helper()
	resp, err := c.ListWorkflow(t.Context(), &workflowservice.ListWorkflowExecutionsRequest{Query: query})
	if err != nil {
		t.Fatalf("listing %q: %v", query, err)
	}
	var ids []string
	for _, e := range resp.GetExecutions() {
		ids = append(ids, e.GetExecution().GetWorkflowId())
	}
	return ids
}

func isListed(t *testing.T, c client.Client, query, id string) {
	t.Helper()
	within(t, fmt.Sprintf("query %q finds %q", query, id), func() bool {
		ids := listed(t, c, query)
		return len(ids) == 1 && ids[0] == id
	})
}

func TestWorkflowRunsOnAnEmptyFolder(t *testing.T) {
	t.Parallel()
	d := start(t, filepath.Join(t.TempDir(), "new", "folder?with#odd%name"))
	c := d.client(t)
	greeter(t, c)
	startGreet(t, c, "first")
	finishGreet(t, c, "first")
}

func TestSearchAttributesFindACallAsSoonAsReadyIsPrinted(t *testing.T) {
	t.Parallel()
	d := start(t, t.TempDir())
	c := d.client(t)
	startGreet(t, c, "call-1") // the very first request after ready
	startGreet(t, c, "call-2")
	for _, a := range searchAttributes {
		isListed(t, c, fmt.Sprintf("%s = 'call-1 %s'", a.name, a.name), "call-1")
	}
}

func TestReadyLeavesNothingBehindInTheList(t *testing.T) {
	t.Parallel()
	c := start(t, t.TempDir()).client(t)
	if ids := listed(t, c, "ExecutionStatus = 'Running'"); len(ids) > 0 {
		t.Errorf("still running: %v", ids)
	}
	within(t, "the list is empty", func() bool { return len(listed(t, c, "")) == 0 })
}

func TestCancelledActivityIsToldWithoutHeartbeats(t *testing.T) {
	t.Parallel()
	c := start(t, t.TempDir()).client(t)
	begun, told := make(chan struct{}), make(chan struct{})
	w := worker.New(c, "greetings", worker.Options{})
	w.RegisterActivityWithOptions(func(ctx context.Context) error {
		close(begun)
		<-ctx.Done()
		close(told)
		return ctx.Err()
	}, activity.RegisterOptions{Name: "Wait"})
	w.RegisterWorkflowWithOptions(func(ctx workflow.Context) error {
		ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: time.Minute, WaitForCancellation: true})
		return workflow.ExecuteActivity(ctx, "Wait").Get(ctx, nil)
	}, workflow.RegisterOptions{Name: "Waiting"})
	runWorker(t, w)
	if _, err := c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: "cancelled", TaskQueue: "greetings"}, "Waiting"); err != nil {
		t.Fatal(err)
	}
	comes(t, begun, "the activity begins")
	if err := c.CancelWorkflow(t.Context(), "cancelled", ""); err != nil {
		t.Fatal(err)
	}
	asked := time.Now()
	comes(t, told, "the activity is told")
	t.Logf("told after %v", time.Since(asked))
}

// comes waits for ch to be closed, or fails the test after ten seconds.
func comes(t *testing.T, ch <-chan struct{}, what string) {
	t.Helper()
	select {
	case <-ch:
	case <-time.After(10 * time.Second):
		t.Fatalf("not within 10 s: %s", what)
	}
}

func TestWorkflowOutlivesAKill(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	d := start(t, dir)
	c := d.client(t)
	greeter(t, c)
	startGreet(t, c, "survivor")
	d.kill()

	again := start(t, dir, "--grpc", d.GRPC, "--ui", strings.TrimPrefix(d.UI, "http://"))
	if again.GRPC != d.GRPC || again.UI != d.UI {
		t.Errorf("restarted at %s and %s, want %s and %s", again.GRPC, again.UI, d.GRPC, d.UI)
	}
	finishGreet(t, c, "survivor") // the same client and worker, which found their way back
}

func TestNamespaceOfAnEarlierRunIsBroughtUpToDate(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	d := start(t, dir)
	_, err := d.client(t).WorkflowService().UpdateNamespace(t.Context(), &workflowservice.UpdateNamespaceRequest{
		Namespace: d.Namespace,
		Config:    &namespacepb.NamespaceConfig{CustomSearchAttributeAliases: map[string]string{"Keyword06": ""}}, // forget Node
	})
	if err != nil {
		t.Fatal(err)
	}
	d.kill()

	c := start(t, dir, "--retention", "48h").client(t)
	startGreet(t, c, "call-1") // carries Node
	ns, err := c.WorkflowService().DescribeNamespace(t.Context(), &workflowservice.DescribeNamespaceRequest{Namespace: d.Namespace})
	if err != nil {
		t.Fatal(err)
	}
	if got := ns.GetConfig().GetWorkflowExecutionRetentionTtl().AsDuration(); got != 48*time.Hour {
		t.Errorf("closed workflows are kept for %v, want 48h", got)
	}
}

func TestLostVisibilityIsMadeAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	d := start(t, dir)
	c := d.client(t)
	greeter(t, c)
	startGreet(t, c, "closed")
	finishGreet(t, c, "closed")
	startGreet(t, c, "open")
	d.kill()
	path := filepath.Join(dir, "visibility.db")
	for _, name := range []string{path + "-wal", path + "-shm"} {
		os.Remove(name)
	}
	if err := os.WriteFile(path, []byte(strings.Repeat("not a database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}

	c = start(t, dir).client(t)
	startGreet(t, c, "new")
	isListed(t, c, "Caller = 'new Caller'", "new")
	isListed(t, c, "ExecutionStatus = 'Running' AND Caller = 'open Caller'", "open")
	isListed(t, c, "ExecutionStatus = 'Completed' AND Caller = 'closed Caller'", "closed")
}

func TestStopIsCleanAndSilent(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	d := start(t, dir)
	greeter(t, d.client(t)) // a client that hangs on with long polls
	began := time.Now()
	if err := d.stop(); err != nil {
		t.Errorf("stop: %v", err)
	}
	t.Logf("stopped in %v", time.Since(began))
	if d.stderr.Len() > 0 {
		t.Errorf("stderr is %q, want nothing", d.stderr)
	}
	for _, name := range []string{"history.db-wal", "visibility.db-wal"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil && info.Size() > 0 {
			t.Errorf("%s still holds %d bytes after a clean stop", name, info.Size())
		}
	}
}

func TestOneFolderHasOneServer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	d := start(t, dir)
	line := fails(t, "--data", dir, "--grpc", "127.0.0.1:0", "--ui-off")
	if want := fmt.Sprintf("data folder %s is in use by another temporald (process %d)", dir, d.PID); !strings.Contains(line, want) {
		t.Errorf("it said %q, want %q", line, want)
	}
}

func TestSecondServerMayWaitForTheFirstToEnd(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	d := start(t, dir)
	stopped := make(chan error, 1)
	go func() { stopped <- d.stop() }()
	start(t, dir, "--lock-wait", "15s")
	if err := <-stopped; err != nil {
		t.Errorf("the first ended with %v", err)
	}
}

func TestTakenPortIsNamedWithItsFlag(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	taken := l.Addr().String()
	for flag, args := range map[string][]string{
		"--grpc": {"--grpc", taken, "--ui-off"},
		"--ui":   {"--grpc", "127.0.0.1:0", "--ui", taken},
	} {
		line := fails(t, append(args, "--data", t.TempDir())...)
		if want := flag + " " + taken + ": the address is in use by another process"; !strings.Contains(line, want) {
			t.Errorf("it said %q, want %q", line, want)
		}
	}
}

func TestUnusableSettingsAreRefusedInOneLine(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for want, args := range map[string][]string{
		"data folder " + file + "/dir is not writable":  {"--data", file + "/dir"},
		"--grpc 0.0.0.0:7233 is not a loopback address": {"--data", dir, "--grpc", "0.0.0.0:7233"},
		`--ui "8233" is not an address`:                 {"--data", dir, "--ui", "8233"},
		"--retention 1m0s is shorter than 1h":           {"--data", dir, "--retention", "1m"},
		"missing flags: --data=DIR":                     {},
	} {
		if line := fails(t, args...); !strings.Contains(line, want) {
			t.Errorf("it said %q, want %q", line, want)
		}
	}
}

func TestUIAnswersAndAsksNobodyElse(t *testing.T) {
	t.Parallel()
	d := start(t, t.TempDir(), "--namespace", "other")
	var settings struct {
		DefaultNamespace                     string
		DisableNewsFetch, NotifyOnNewVersion bool
		Auth                                 struct{ Enabled bool }
		Codec                                struct{ Endpoint string }
	}
	if err := json.Unmarshal(get(t, d.UI+"/api/v1/settings"), &settings); err != nil {
		t.Fatal(err)
	}
	if settings.DefaultNamespace != "other" || !settings.DisableNewsFetch || settings.NotifyOnNewVersion ||
		settings.Auth.Enabled || settings.Codec.Endpoint != "" {
		t.Errorf("settings are %+v", settings)
	}
	if body := get(t, d.UI+"/api/v1/namespaces/other"); !strings.Contains(string(body), `"Caller"`) {
		t.Errorf("namespace shows no search attributes: %s", body)
	}
	if body := get(t, d.UI+"/"); !strings.Contains(string(body), "<html") {
		t.Errorf("start page is no page: %.100s", body)
	}
}

func get(t *testing.T, url string) []byte {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s answered %s, %v: %.200s", url, resp.Status, err, body)
	}
	return body
}

func TestServerEndsWithItsParent(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	parent := exec.Command("sh", "-c", `"$0" --data "$1" --grpc 127.0.0.1:0 --ui-off --die-with-parent & wait`, program, dir)
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(out, make([]byte, len("Temporal is ready at "))); err != nil {
		t.Fatal(err)
	}
	parent.Process.Kill()
	lock, err := lockFolder(t.Context(), dir, 10*time.Second) // free when the orphan has ended
	if err != nil {
		t.Fatal(err)
	}
	lock.release()
}
