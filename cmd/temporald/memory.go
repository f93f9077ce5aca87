package main

import (
	"os"
	"runtime/debug"
)

// A small machine shares its memory with PostgreSQL, nodes and workers. The collector may let the heap triple before it runs,
// which saves CPU, until the whole process comes near memoryLimit; from there on it trades CPU for memory.
const (
	gcPercent   = 200
	memoryLimit = 768 << 20
)

// limitMemory applies the two unless the environment says otherwise with Go's own variables.
func limitMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
}
