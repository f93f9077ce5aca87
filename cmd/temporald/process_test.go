package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
)

// program is the temporald under test, built once by TestMain: only a process of its own can be killed.
var program string

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(buildAndRun(m))
}

func buildAndRun(m *testing.M) int {
	dir, err := os.MkdirTemp("", "temporald-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	program = filepath.Join(dir, "temporald")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "building temporald: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// daemon is one running temporald.
type daemon struct {
	ready
	cmd    *exec.Cmd
	stderr *bytes.Buffer
	took   time.Duration // from exec to the ready line
	exit   func() error  // waits for the end; may be called more than once
}

// start runs temporald on dir until it is ready, and ends it with the test. More args override those it gives.
func start(t testing.TB, dir string, args ...string) *daemon {
	t.Helper()
	d := &daemon{stderr: new(bytes.Buffer)}
	d.cmd = exec.Command(program, append([]string{"--data", dir, "--grpc", "127.0.0.1:0", "--ui", "127.0.0.1:0", "--json"}, args...)...)
	d.cmd.Stderr = d.stderr
	out, err := d.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := d.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	line, err := lines.ReadBytes('\n')
	d.took = time.Since(began)
	d.exit = sync.OnceValue(d.cmd.Wait)
	t.Cleanup(d.kill)
	if err != nil {
		d.kill()
		t.Fatalf("temporald ended before it was ready: %s", d.stderr)
	}
	if err := json.Unmarshal(line, &d.ready); err != nil {
		t.Fatalf("ready line %q: %v", line, err)
	}
	return d
}

// kill ends the process as a power cut would, and waits until it is gone.
func (d *daemon) kill() {
	d.cmd.Process.Kill()
	d.exit()
}

// stop asks the process to end, as a supervisor does, and returns how it ended.
func (d *daemon) stop() error {
	d.cmd.Process.Signal(syscall.SIGTERM)
	return d.exit()
}

// client connects to the daemon's namespace.
func (d *daemon) client(t testing.TB) client.Client {
	t.Helper()
	c, err := client.Dial(client.Options{
		HostPort:  d.GRPC,
		Namespace: d.Namespace,
		Logger:    sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// runWorker starts w and stops it with the test.
func runWorker(t testing.TB, w worker.Worker) {
	t.Helper()
	if err := w.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Stop)
}

// cpu is the time the process has used so far.
func (d *daemon) cpu(t testing.TB) time.Duration {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", d.PID))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond // in ticks of 1/100 s, see proc(5)
}

// rss is the memory the process holds, in kB.
func (d *daemon) rss(t testing.TB) int {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", d.PID))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "VmRSS:")
	kb, _ := strconv.Atoi(strings.Fields(rest)[0])
	return kb
}

// fails runs temporald with args, which must end by itself with code 1, and returns the one line it printed.
func fails(t *testing.T, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	err := cmd.Run()
	if code := cmd.ProcessState.ExitCode(); code != 1 {
		t.Fatalf("exit code %d (%v), want 1; it said %q", code, err, stderr.String())
	}
	line := strings.TrimSuffix(stderr.String(), "\n")
	if line == "" || strings.Contains(line, "\n") {
		t.Fatalf("stderr is %q, want one line", stderr.String())
	}
	return line
}

// within polls until holds is true, or fails the test after twenty seconds.
func within(t testing.TB, what string, holds func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for !holds() {
		if !pause(ctx, 20*time.Millisecond) {
			t.Fatalf("not within 20 s: %s", what)
		}
	}
}
