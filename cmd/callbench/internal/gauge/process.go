package gauge

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// clockTick is the unit of utime and stime in /proc; Linux fixes USER_HZ at 100.
const clockTick = 10 * time.Millisecond

// Process names one process to watch. With Tree its descendants count too,
// as for PostgreSQL, whose backends are children.
type Process struct {
	Name string
	PID  int
	Tree bool
}

// Usage is what a process has used up to now and holds now.
type Usage struct {
	CPU time.Duration // user and system, all threads, living and gone
	RSS int64         // resident memory in bytes
}

// ParseProcess reads "name=pid", or "name=pid+" for a process with descendants.
func ParseProcess(text string) (Process, error) {
	name, num, ok := strings.Cut(text, "=")
	num, tree := strings.CutSuffix(num, "+")
	pid, err := strconv.Atoi(num)
	if !ok || name == "" || err != nil || pid <= 0 {
		return Process{}, fmt.Errorf("process %q is not name=pid", text)
	}
	return Process{Name: name, PID: pid, Tree: tree}, nil
}

// Read measures a process now.
func (p Process) Read() (Usage, error) {
	u, err := readOne(p.PID)
	if err != nil {
		return Usage{}, fmt.Errorf("measure %s: %w", p.Name, err)
	}
	if p.Tree {
		for _, pid := range descendants(p.PID) {
			// A child may be gone between listing and reading: its CPU is then lost.
			if c, err := readOne(pid); err == nil {
				u.CPU += c.CPU
				u.RSS += c.RSS
			}
		}
	}
	return u, nil
}

func readOne(pid int) (Usage, error) {
	fields, err := statFields(pid)
	if err != nil {
		return Usage{}, err
	}
	// proc(5): utime is field 14, stime 15, rss 24 (pages); fields starts at field 3.
	utime, err1 := strconv.ParseInt(fields[11], 10, 64)
	stime, err2 := strconv.ParseInt(fields[12], 10, 64)
	pages, err3 := strconv.ParseInt(fields[21], 10, 64)
	if err1 != nil || err2 != nil || err3 != nil {
		return Usage{}, fmt.Errorf("stat of process %d is malformed", pid)
	}
	return Usage{
		CPU: time.Duration(utime+stime) * clockTick,
		RSS: pages * int64(os.Getpagesize()),
	}, nil
}

// statFields returns /proc/PID/stat from field 3 on. The name in field 2 may
// hold spaces and brackets, so reading starts after the last bracket.
func statFields(pid int) ([]string, error) {
	b, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return nil, err
	}
	end := strings.LastIndexByte(string(b), ')')
	fields := strings.Fields(string(b[end+1:]))
	if end < 0 || len(fields) < 22 {
		return nil, fmt.Errorf("stat of process %d is malformed", pid)
	}
	return fields, nil
}

// descendants lists every living process below pid.
func descendants(pid int) []int {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	children := map[int][]int{}
	for _, e := range entries {
		child, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		if fields, err := statFields(child); err == nil {
			parent, _ := strconv.Atoi(fields[1])
			children[parent] = append(children[parent], child)
		}
	}
	var all []int
	for next := children[pid]; len(next) > 0; next = next[1:] {
		all = append(all, next[0])
		next = append(next, children[next[0]]...)
	}
	return all
}
