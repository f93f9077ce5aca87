package supervise

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestMain makes this binary the child of its own tests.
func TestMain(m *testing.M) {
	role, ok := childRoles[os.Getenv("SUPERVISE_TEST_CHILD")]
	if !ok {
		os.Exit(m.Run())
	}
	role()
}

var childRoles = map[string]func(){
	"polite": func() {
		term := make(chan os.Signal, 1)
		signal.Notify(term, syscall.SIGTERM)
		fmt.Fprintln(os.Stderr, "up")
		<-term
		fmt.Fprintln(os.Stderr, "bye")
	},
	"stubborn": func() {
		term := make(chan os.Signal, 1)
		signal.Notify(term, syscall.SIGTERM)
		fmt.Fprintln(os.Stderr, "up")
		for range term { // asked, and not impressed
		}
	},
	"crash": func() { fmt.Fprintln(os.Stderr, "no good"); os.Exit(3) },
	"supervisor": func() {
		quiet := Options{Backoff: DefaultBackoff, Lines: func(string, string) {}, Log: slog.New(slog.DiscardHandler)}
		if _, err := Start(Spec{Role: "grandchild", Command: self("stubborn"), Started: func(pid int) { fmt.Println(pid) }}, quiet); err != nil {
			fmt.Println(err)
		}
		select {}
	},
}

func self(role string) func() (*exec.Cmd, error) {
	return func() (*exec.Cmd, error) {
		exe, err := os.Executable()
		if err != nil {
			return nil, err
		}
		cmd := exec.Command(exe)
		cmd.Env = append(os.Environ(), "SUPERVISE_TEST_CHILD="+role)
		return cmd, nil
	}
}

// bench is a supervisor whose starts and lines a test can wait for.
type bench struct {
	pids  chan int
	lines chan string
	opts  Options
}

func newBench() *bench {
	b := &bench{pids: make(chan int, 100), lines: make(chan string, 100)}
	b.opts = Options{Backoff: Backoff{First: time.Millisecond, Most: 4 * time.Millisecond, Healthy: time.Hour},
		Lines: func(role, line string) { b.lines <- role + ": " + line }, Log: slog.New(slog.DiscardHandler)}
	return b
}

func (b *bench) start(t *testing.T, role string) *Child {
	t.Helper()
	c, err := Start(Spec{Role: role, Command: self(role), Started: func(pid int) { b.pids <- pid }}, b.opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ended, cancel := context.WithCancel(context.Background())
		cancel()
		_ = c.Stop(ended) // no test leaves a process behind, however it ended
	})
	return c
}

const patience = 10 * time.Second

func next[T any](t *testing.T, ch <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-ch:
		return v
	case <-time.After(patience):
		t.Fatalf("no %s within %v", what, patience)
		panic("unreachable")
	}
}

func TestAKilledChildIsStartedAgain(t *testing.T) {
	b := newBench()
	c := b.start(t, "polite")
	first := next(t, b.pids, "start")
	next(t, b.lines, "line")
	if err := syscall.Kill(first, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	second := next(t, b.pids, "second start")
	if second == first || !alive(second) {
		t.Errorf("pid %d after pid %d", second, first)
	}
	next(t, b.lines, "line of the second incarnation")
	if c.PID() != second {
		t.Errorf("PID() = %d, want %d", c.PID(), second)
	}
}

func TestAStoppedChildIsNotStartedAgain(t *testing.T) {
	b := newBench()
	c := b.start(t, "polite")
	pid := next(t, b.pids, "start")
	if got := next(t, b.lines, "line"); got != "polite: up" {
		t.Errorf("line %q", got)
	}
	for range 2 {
		if err := c.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	}
	if c.LastLine() != "bye" || alive(pid) || len(b.pids) > 0 {
		t.Errorf("last line %q, alive %t, %d more starts", c.LastLine(), alive(pid), len(b.pids))
	}
}

func TestAChildThatWillNotEndIsKilledWhenItsTimeIsUp(t *testing.T) {
	b := newBench()
	c := b.start(t, "stubborn")
	pid := next(t, b.pids, "start")
	next(t, b.lines, "line")
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := c.Stop(ctx); err == nil || !strings.Contains(err.Error(), "was killed") {
		t.Errorf("got %v", err)
	}
	if alive(pid) {
		t.Error("it lives on")
	}
}

func TestACrashingChildIsTriedAgainAndAgainAndCanBeStoppedInBetween(t *testing.T) {
	b := newBench()
	c := b.start(t, "crash")
	for range 3 {
		next(t, b.pids, "start")
		if got := next(t, b.lines, "last words"); got != "crash: no good" {
			t.Errorf("line %q", got)
		}
	}
	if err := c.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	if c.PID() != 0 {
		t.Errorf("pid %d after the stop", c.PID())
	}
}

func TestAMissingProgramIsAnErrorAtOnce(t *testing.T) {
	b := newBench()
	missing := func() (*exec.Cmd, error) { return exec.Command("/nowhere/tandem"), nil }
	if _, err := Start(Spec{Role: "node", Command: missing}, b.opts); err == nil || !strings.HasPrefix(err.Error(), "start node: ") {
		t.Errorf("got %v", err)
	}
}

func TestNoChildOutlivesASupervisorThatWasKilled(t *testing.T) {
	cmd, err := self("supervisor")()
	if err != nil {
		t.Fatal(err)
	}
	lines := make(chan string, 10)
	cmd.Stdout = &lineWriter{line: func(l string) { lines <- l }}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	grandchild, err := strconv.Atoi(next(t, lines, "grandchild"))
	if err != nil {
		t.Fatal(err)
	}
	if !alive(grandchild) {
		t.Fatal("the grandchild never lived")
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // "signal: killed"
	deadline, tick := time.After(patience), time.Tick(5*time.Millisecond)
	for alive(grandchild) {
		select {
		case <-deadline:
			t.Fatalf("process %d outlived its supervisor", grandchild)
		case <-tick:
		}
	}
}

func TestWaitsDoubleToALimitAndStartOverAfterHealth(t *testing.T) {
	b := DefaultBackoff
	for i, step := range []struct{ lived, want time.Duration }{
		{0, 100 * time.Millisecond}, {0, 200 * time.Millisecond}, {0, 400 * time.Millisecond}, {29 * time.Second, 800 * time.Millisecond},
		{0, 1600 * time.Millisecond}, {0, 3200 * time.Millisecond}, {0, 5 * time.Second}, {0, 5 * time.Second},
		{30 * time.Second, 100 * time.Millisecond}, {0, 200 * time.Millisecond},
	} {
		if got := b.Next(step.lived); got != step.want {
			t.Errorf("wait %d is %v, want %v", i, got, step.want)
		}
	}
}

func TestLinesAreWholeHoweverTheyArrive(t *testing.T) {
	var got []string
	w := &lineWriter{line: func(l string) { got = append(got, l) }}
	for _, p := range []string{"a", "b\ncd\r\n", "", "\n", "e", strings.Repeat("x", maxLine), "f\n"} {
		if n, err := w.Write([]byte(p)); n != len(p) || err != nil {
			t.Fatalf("%d, %v", n, err)
		}
	}
	if want := []string{"ab", "cd", "", "e" + strings.Repeat("x", maxLine), "f"}; strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("%d lines", len(got))
	}
}

// alive tells whether a process runs; a zombie does not.
func alive(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	_, after, _ := strings.Cut(string(stat), ") ")
	return !strings.HasPrefix(after, "Z") && !strings.HasPrefix(after, "X")
}
