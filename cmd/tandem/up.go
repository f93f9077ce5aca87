package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"time"

	"tandem/cmd/tandem/internal/config"
	"tandem/cmd/tandem/internal/supervise"
)

// upCmd runs everything on one machine.
type upCmd struct {
	JSON bool `help:"Print the ready summary as one line of JSON."`
}

// Bounds of a start and of a stop. A stop adds the time that calls may take.
const (
	startBound = 90 * time.Second // a first start makes a database cluster and a history file
	stopBound  = 15 * time.Second // for each part, beyond Config.Drain for the node
)

// Run starts the parts in order, waits for the signal, and stops them in the
// reverse order.
func (c *upCmd) Run(w *world) error {
	cfg, err := w.load()
	if err != nil {
		return err
	}
	if cfg.Data, err = filepath.Abs(cfg.Data); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	u := newUp(cfg, w)
	unlock, err := openData(cfg.Data)
	if err != nil {
		return err
	}
	defer unlock()
	if err := u.checkMachine(w.ctx); err != nil {
		return err
	}
	ctx, end := context.WithCancelCause(w.ctx)
	u.fail = end
	err = u.start(ctx)
	if err == nil {
		err = printReady(w.stdout, u.state.get(), c.JSON)
	}
	if err == nil {
		<-ctx.Done()
		err = context.Cause(ctx)
	}
	if w.ctx.Err() != nil {
		err = nil // asked to stop, be it while starting: no fault
	}
	end(nil)
	return errors.Join(err, u.stopAll())
}

// up is one run of everything.
type up struct {
	cfg     config.Config // what roles are given: addresses are filled in as parts start
	state   *stateFile
	log     *slog.Logger
	options supervise.Options
	parts   []part                  // in the order they were started
	fail    context.CancelCauseFunc // a part that cannot be kept alive ends everything

	temporald string // program; empty with a Temporal of somebody else
}

// part is something started that must be stopped.
type part struct {
	role  string
	bound time.Duration
	stop  func(context.Context) error
	last  func() string // its last words; nil where there are none
}

func newUp(cfg config.Config, w *world) *up {
	var mu sync.Mutex // lines of several children must not mix
	lines := func(role, line string) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Fprintf(w.stderr, "%-9s %s\n", role, line)
	}
	log := newLog(lineLog(func(line string) { lines("up", line) }), cfg)
	return &up{
		cfg: cfg, log: log,
		state:   &stateFile{path: statePath(cfg.Data), now: summary{PIDs: map[string]int{}}},
		options: supervise.Options{Backoff: supervise.DefaultBackoff, Lines: lines, Log: log},
	}
}

// lineLog turns what a slog handler writes, one line at a time, into lines.
type lineLog func(string)

// Write takes one log line.
func (l lineLog) Write(p []byte) (int, error) {
	l(string(p[:max(0, len(p)-1)]))
	return len(p), nil
}

var _ io.Writer = lineLog(nil)

// checkMachine looks for whatever would make the start fail half way.
func (u *up) checkMachine(ctx context.Context) error {
	problems := []error{probe(ctx, listeners(u.cfg))}
	if u.cfg.Temporal == "" {
		path, err := findTemporald()
		u.temporald = path
		problems = append(problems, err)
	}
	return errors.Join(problems...)
}

// start brings up one part after another and returns when all are ready.
func (u *up) start(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, startBound, fmt.Errorf("not ready within %v", startBound))
	defer cancel()
	for _, step := range []struct {
		what string
		do   func(context.Context) error
	}{
		{"state file", u.beginState},
		{"database", u.startDatabase},
		{"installation", u.prepareDatabase},
		{"temporal", u.startTemporal},
		{"worker", u.role("worker", stopBound)},
		{"web", u.role("web", stopBound)},
		{"node", u.role("node", u.cfg.Drain+stopBound)},
		{"readiness", u.awaitReady},
	} {
		began := time.Now()
		if err := step.do(ctx); err != nil {
			return err
		}
		u.log.Debug("step done", "step", step.what, "took", time.Since(began).Round(time.Millisecond))
	}
	return u.state.update(func(s *summary) { s.Ready = true })
}

func (u *up) beginState(context.Context) error {
	return u.state.update(func(s *summary) {
		s.SIP, s.RTP = u.cfg.SIP.String(), fmt.Sprintf("%d-%d", u.cfg.RTP.First, u.cfg.RTP.Last)
		s.HTTP, s.TemporalUI = "http://"+u.cfg.HTTP.Dial().String(), "http://"+u.cfg.TemporalUI.Dial().String()
		s.Data, s.Namespace = u.cfg.Data, u.cfg.Namespace
		s.PIDs["up"] = os.Getpid()
	})
}

// started is told of every incarnation of a child.
func (u *up) started(role string) func(pid int) {
	return func(pid int) {
		if err := u.state.update(func(s *summary) { s.PIDs[role] = pid }); err != nil {
			u.log.Warn("state not written", "role", role, "why", err)
		}
	}
}

func (u *up) add(p part) { u.parts = append(u.parts, p) }

// supervised starts a child that is restarted until the stop.
func (u *up) supervised(spec supervise.Spec, bound time.Duration) error {
	spec.Started = u.started(spec.Role)
	child, err := supervise.Start(spec, u.options)
	if err != nil {
		return err
	}
	u.add(part{spec.Role, bound, child.Stop, child.LastLine})
	return nil
}

// stopAll ends the parts in reverse order: the node first, which lets calls
// end; the database last. Another signal ends the patience.
func (u *up) stopAll() error {
	now, cancel := untilAnotherSignal()
	defer cancel()
	var problems []error
	for _, p := range slices.Backward(u.parts) {
		u.log.Info("stopping", "role", p.role)
		ctx, done := context.WithTimeout(now, p.bound)
		if err := p.stop(ctx); err != nil {
			problems = append(problems, fmt.Errorf("stop: %w", err))
		}
		done()
	}
	u.parts = nil
	problems = append(problems, u.state.update(func(s *summary) { s.Ready, s.PIDs = false, nil }))
	return errors.Join(problems...)
}

// sameSignal is how close to the first a second signal is the same one: make
// and timeout(1) signal a child and then its group, which is the child again.
const sameSignal = time.Second

// untilAnotherSignal ends with the next SIGTERM or SIGINT that somebody means.
func untilAnotherSignal() (context.Context, func()) {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	began := time.Now()
	var watch sync.WaitGroup
	watch.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-signals:
				if time.Since(began) > sameSignal {
					cancel()
				}
			}
		}
	})
	return ctx, func() {
		signal.Stop(signals)
		cancel()
		watch.Wait()
	}
}

// lastWords are what the parts said last, for the message of a failed start.
func (u *up) lastWords() error {
	var all []error
	for _, p := range u.parts {
		if p.last == nil {
			continue
		}
		if line := p.last(); line != "" {
			all = append(all, fmt.Errorf("last line of %s: %s", p.role, line))
		}
	}
	return errors.Join(all...)
}
