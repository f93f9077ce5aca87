package e2e

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.temporal.io/api/workflowservice/v1"

	"tandem/flow/call"
	"tandem/workflows/callclient"
)

// usage is the processor time that each process of an installation, with its
// children, has used.
type usage map[string]time.Duration

// usage reads /proc, proc(5): a process's own time, and what its children that
// are over have used.
func (r *rush) usage() usage {
	r.t.Helper()
	out := usage{}
	for role, pid := range r.status() {
		if role == "up" {
			out[role] = spent(pid)
			continue
		}
		for _, p := range family(pid) {
			out[role] += spent(p)
		}
	}
	out["the phones of this test"] = spent(os.Getpid())
	return out
}

func (u usage) since(before usage) usage {
	out := usage{}
	for role, now := range u {
		out[role] = now - before[role]
	}
	return out
}

// clockTick is the unit of /proc: USER_HZ is 100 on every Linux there is.
const clockTick = time.Second / 100

// spent is what one process has used; nothing where it has ended.
func spent(pid int) time.Duration {
	var all time.Duration
	if f := statFields(pid); len(f) > 14 {
		for _, field := range f[11:15] { // utime, stime, cutime, cstime
			n, _ := strconv.Atoi(field)
			all += time.Duration(n) * clockTick
		}
	}
	return all
}

// statFields are those of /proc/PID/stat from the state on: the name before it may
// hold anything.
func statFields(pid int) []string {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return nil
	}
	return strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
}

// family is a process and all below it.
func family(pid int) []int {
	parents := map[int][]int{}
	names, _ := os.ReadDir("/proc")
	for _, name := range names {
		child, err := strconv.Atoi(name.Name())
		if f := statFields(child); err == nil && len(f) > 1 {
			parent, _ := strconv.Atoi(f[1])
			parents[parent] = append(parents[parent], child)
		}
	}
	out := []int{pid}
	for i := 0; i < len(out); i++ {
		out = append(out, parents[out[i]]...)
	}
	return out
}

// report prints what the rush has cost.
func (r *rush) report(entries []call.LedgerEntry, used usage) {
	r.t.Helper()
	version, _ := exec.Command(binary(r.t, "tandem"), "version").Output()
	info, _ := os.ReadFile("/proc/cpuinfo")
	load, _ := os.ReadFile("/proc/loadavg")
	model := ""
	for line := range strings.Lines(string(info)) {
		if key, value, _ := strings.Cut(line, ":"); strings.TrimSpace(key) == "model name" {
			model = strings.TrimSpace(value)
		}
	}
	r.t.Logf("%s; %s, %d processors, load %s", strings.TrimSpace(string(version)), model, runtime.NumCPU(), strings.TrimSpace(string(load)))

	ends, attempts := map[string]int{}, map[call.Cause]int{}
	var waits []time.Duration
	for _, v := range r.visits {
		ends[v.how]++
		for _, a := range v.entry.Attempts {
			attempts[a.Cause]++
			if !a.Answered.IsZero() {
				waits = append(waits, a.Answered.Sub(v.answered).Round(10*time.Millisecond))
			}
		}
	}
	slices.Sort(waits)
	if len(waits) == 0 {
		r.t.Fatal("nobody was answered")
	}
	r.t.Logf("%d calls in %v: %v; attempts %v; who were answered waited %v at the median, %v at most", len(r.visits), r.pace.lasts, ends, attempts, waits[len(waits)/2], waits[len(waits)-1])
	for _, role := range slices.Sorted(maps.Keys(used)) {
		r.t.Logf("processor time of %s: %v, %v a call", role, used[role].Round(10*time.Millisecond), (used[role] / time.Duration(len(r.visits))).Round(time.Millisecond))
	}
	r.reportHistory(entries)
}

// reportHistory prints how many events calls and queue have left in Temporal.
func (r *rush) reportHistory(entries []call.LedgerEntry) {
	r.t.Helper()
	client := r.client()
	defer client.Close()
	var sizes []int64
	var all int64
	for _, e := range entries {
		n := r.events(client, callclient.WorkflowID(e.Call), "")
		sizes, all = append(sizes, n), all+n
	}
	slices.Sort(sizes)
	queue := callclient.QueueWorkflowID(r.queue)
	var runs []string
	r.eventually("the runs of the queue are listed", func() error {
		page, err := client.Temporal().ListWorkflow(r.t.Context(), &workflowservice.ListWorkflowExecutionsRequest{
			Namespace: r.Namespace, Query: fmt.Sprintf("WorkflowId = %q", queue)})
		if err != nil {
			return err
		}
		runs = nil
		for _, x := range page.GetExecutions() {
			runs = append(runs, x.GetExecution().GetRunId())
		}
		if len(runs) == 0 {
			return fmt.Errorf("there is no %s", queue)
		}
		return nil
	})
	var line int64
	for _, run := range runs {
		line += r.events(client, queue, run)
	}
	r.t.Logf("history events of a call: %d at the median, %d at most, %d at the mean; of the queue: %d in %d runs, %d a call",
		sizes[len(sizes)/2], sizes[len(sizes)-1], all/int64(len(sizes)), line, len(runs), line/int64(len(sizes)))
}

// events is the length of one history.
func (r *rush) events(client *callclient.Client, workflow, run string) int64 {
	r.t.Helper()
	about, err := client.Temporal().DescribeWorkflowExecution(r.t.Context(), workflow, run)
	r.done(err)
	return about.GetWorkflowExecutionInfo().GetHistoryLength()
}
