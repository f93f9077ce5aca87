package cluster

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// endStale ends what a killed parent left behind and clears the lock file.
// PostgreSQL itself would refuse to start where the number in that file is
// somebody else's by now, as after a reboot or in a new container. We trust
// instead where a process works: a postmaster and its children stay in the
// data folder, nobody else does.
func (h home) endStale(ctx context.Context, log *slog.Logger) error {
	text, err := os.ReadFile(h.pidFile())
	if errors.Is(err, fs.ErrNotExist) {
		return nil // ended in good order, or never started
	}
	if err != nil {
		return err
	}
	line, _, _ := strings.Cut(string(text), "\n")
	postmaster, _ := strconv.Atoi(strings.TrimSpace(line)) // 0 works nowhere
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGQUIT, syscall.SIGKILL} {
		here := h.workersHere()
		if len(here) == 0 {
			break
		}
		log.Info("a postgres of an earlier run is still there, ending it", "pids", here)
		switch {
		case slices.Contains(here, postmaster):
			_ = syscall.Kill(postmaster, signal) // gone meanwhile is as good
		case signal == syscall.SIGKILL:
			for _, pid := range here { // they should have followed their postmaster
				_ = syscall.Kill(pid, signal)
			}
		}
		h.waitEmpty(ctx)
	}
	if here := h.workersHere(); len(here) > 0 {
		return fmt.Errorf("the postgres of an earlier run, processes %v, does not end", here)
	}
	if err := os.Remove(h.pidFile()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// workersHere lists the processes that work in the data folder.
func (h home) workersHere() []int {
	data, err := filepath.EvalSymlinks(h.data())
	if err != nil {
		return nil
	}
	links, _ := filepath.Glob("/proc/[0-9]*/cwd") // fails on a bad pattern alone
	var out []int
	for _, link := range links {
		if cwd, err := os.Readlink(link); err != nil || cwd != data {
			continue // also processes of others, which we may not read
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(link))); err == nil {
			out = append(out, pid)
		}
	}
	return out
}

// waitEmpty waits a bounded time for processes that are no children of ours.
func (h home) waitEmpty(ctx context.Context) {
	deadline := time.After(fastTime)
	for len(h.workersHere()) > 0 {
		select {
		case <-ctx.Done():
			return
		case <-deadline:
			return
		case <-time.After(probeEvery):
		}
	}
}
