package main

import (
	"fmt"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// raise gives every thread of this process the nice value asked for; threads
// started later inherit it. A phone is a machine of its own, so a busy engine
// must not make ours speak late and then be measured by it.
func raise(nice int) error {
	tasks, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return fmt.Errorf("raise priority: %w", err)
	}
	for _, task := range tasks {
		tid, err := strconv.Atoi(task.Name())
		if err != nil {
			continue
		}
		if err := unix.Setpriority(unix.PRIO_PROCESS, tid, nice); err != nil {
			return fmt.Errorf("raise priority to nice %d (without the right to, use --nice 0): %w", nice, err)
		}
	}
	return nil
}
