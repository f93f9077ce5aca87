//go:build !linux

package main

import "errors"

// dieWithParent is refused where the kernel has no such signal.
func dieWithParent() error { return errors.New("--die-with-parent works on Linux only") }
