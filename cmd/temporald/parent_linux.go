package main

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// dieWithParent asks the kernel for SIGTERM when the parent ends. The kernel means the parent's thread that made this
// process, so a Go parent starts us from a goroutine locked to its thread.
//
// A parent that was gone before we asked sends nothing, so we look once more afterwards: adopted by init or by a subreaper,
// the parent id has changed.
func dieWithParent() error {
	before := os.Getppid()
	if err := unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGTERM), 0, 0, 0); err != nil {
		return fmt.Errorf("--die-with-parent: %w", err)
	}
	if now := os.Getppid(); now != before || now == 1 {
		return errors.New("--die-with-parent: the parent process is already gone")
	}
	return nil
}
