// Package supervise keeps child processes alive: it starts them, starts them
// again when they die, and ends them in time.
//
// It never decides an order and knows nothing of what its children do: whoever
// starts them stops them.
//
// Why PDEATHSIG with SIGKILL and not a polite signal: it fires when the
// supervisor was itself killed, so nobody is left to wait for a child that
// takes its time. A node that dies this way rebuilds its calls from its journal.
package supervise

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
	"time"
)

// Spec is one child.
type Spec struct {
	Role    string                    // name in logs
	Command func() (*exec.Cmd, error) // makes a new command for every start
	Stdout  func(line string)         // takes the lines of standard output; nil: they go to Options.Lines
	Started func(pid int)             // told of every start; nil: nobody is
}

// Options are shared by all children of one supervisor.
type Options struct {
	Backoff Backoff
	Lines   func(role, line string) // takes what children write; called from one goroutine per stream
	Log     *slog.Logger
}

// Child is one supervised process, whichever incarnation of it is running.
type Child struct {
	spec    Spec
	options Options
	stop    chan struct{} // closed when it is to end for good
	done    chan struct{} // closed when it has

	mu      sync.Mutex
	process *os.Process // nil between two incarnations
	last    string      // last line it wrote
	stopped bool
}

// outputGrace bounds the wait for a pipe that a grandchild still holds open.
const outputGrace = 2 * time.Second

// Start runs the child and keeps it running until Stop. It fails only when the
// first start does.
func Start(spec Spec, options Options) (*Child, error) {
	c := &Child{spec: spec, options: options, stop: make(chan struct{}), done: make(chan struct{})}
	first := make(chan error, 1)
	go c.keep(first)
	if err := <-first; err != nil {
		<-c.done
		return nil, fmt.Errorf("start %s: %w", spec.Role, err)
	}
	return c, nil
}

// keep runs one incarnation after another.
func (c *Child) keep(first chan<- error) {
	defer close(c.done)
	// prctl(2): the death signal is sent when the thread that forked ends, so
	// that thread must live as long as the child does.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	pause := c.options.Backoff
	for {
		cmd, err := c.launch()
		if first != nil {
			first <- err
			if first = nil; err != nil {
				return
			}
		}
		began := time.Now()
		if err == nil {
			err = cmd.Wait()
		}
		if c.gone() {
			return
		}
		wait := pause.Next(time.Since(began))
		c.options.Log.Warn("child ended, starting it again", "role", c.spec.Role, "why", err, "in", wait)
		select {
		case <-c.stop:
			return
		case <-time.After(wait):
		}
	}
}

// launch starts one incarnation, unless the child was stopped meanwhile.
func (c *Child) launch() (*exec.Cmd, error) {
	cmd, err := c.spec.Command()
	if err != nil {
		return nil, err
	}
	out := c.spec.Stdout
	if out == nil {
		out = func(line string) { c.options.Lines(c.spec.Role, line) }
	}
	cmd.Stdout = &lineWriter{line: out}
	cmd.Stderr = &lineWriter{line: c.heard}
	cmd.WaitDelay = outputGrace
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Setpgid = true // a Ctrl-C in the terminal is the supervisor's to handle
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopped {
		return nil, errStopped
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	c.process = cmd.Process
	c.options.Log.Debug("child started", "role", c.spec.Role, "pid", cmd.Process.Pid)
	if c.spec.Started != nil {
		c.spec.Started(cmd.Process.Pid)
	}
	return cmd, nil
}

var errStopped = errors.New("stopped meanwhile")

// gone forgets the incarnation that has ended and tells whether it was the last.
func (c *Child) gone() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.process = nil
	return c.stopped
}

func (c *Child) heard(line string) {
	c.mu.Lock()
	c.last = line
	c.mu.Unlock()
	c.options.Lines(c.spec.Role, line)
}

// PID is the running incarnation's process, 0 between two.
func (c *Child) PID() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.process == nil {
		return 0
	}
	return c.process.Pid
}

// LastLine is the last line the child wrote to standard error.
func (c *Child) LastLine() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.last
}

// Stop asks the child to end (SIGTERM) and waits. When ctx ends first, its
// whole process group is killed. It may be called twice.
func (c *Child) Stop(ctx context.Context) error {
	c.ask(syscall.SIGTERM)
	select {
	case <-c.done:
		return nil
	case <-ctx.Done():
	}
	c.mu.Lock()
	if c.process != nil {
		// The group may be gone already, which is what was wanted.
		_ = syscall.Kill(-c.process.Pid, syscall.SIGKILL)
	}
	c.mu.Unlock()
	<-c.done // bounded: nothing outlives SIGKILL, and a held pipe outputGrace
	return fmt.Errorf("%s did not end in time and was killed", c.spec.Role)
}

// ask ends the child for good with a signal.
func (c *Child) ask(sig os.Signal) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.stopped {
		c.stopped = true
		close(c.stop)
	}
	if c.process != nil {
		// An error means that it has just ended by itself.
		_ = c.process.Signal(sig)
	}
}
