package load

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"tandem/cmd/callbench/internal/gauge"
)

// Print writes a report for a person, beside a baseline when base is not nil.
func (r *Report) Print(w io.Writer, base *Report) {
	fmt.Fprintf(w, "\n%s  %s  commit %s\n", r.Scenario, r.Date.Format("2006-01-02 15:04:05"), r.Commit)
	fmt.Fprintf(w, "%s, %d cores, Linux %s, %s\n", r.Machine.CPU, r.Machine.Cores, r.Machine.Kernel, r.Machine.Go)
	p := r.Params
	fmt.Fprintf(w, "%s at %s: %d calls, %v/s, hold %v s, ring %v s, rtp %v\n", p.Number, p.Target, p.Calls, p.Rate, p.HoldSec, p.RingSec, p.RTP)
	if base != nil {
		fmt.Fprintf(w, "baseline: %s  commit %s\n", base.Date.Format("2006-01-02 15:04:05"), base.Commit)
		if base.Machine != r.Machine || base.Params != r.Params {
			fmt.Fprintln(w, "baseline differs in machine or settings: ratios compare unlike things")
		}
	}
	r.printSpreads(w, base)
	r.printMetrics(w, base)
	if r.Media != nil && !r.Generator.Realtime {
		fmt.Fprintln(w, "note  our audio ran without real-time priority: compare generator late with what was measured")
	}
	for _, f := range r.Calls.Failures {
		fmt.Fprintf(w, "failure  %6d × %s\n", f.N, f.What)
	}
	if r.Media != nil {
		for _, who := range r.Media.WhoHeard {
			fmt.Fprintf(w, "misrouted  %s\n", who)
		}
	}
	if r.Capacity != nil {
		for _, s := range r.Capacity.Steps {
			fmt.Fprintf(w, "step  %6.1f/s wanted  %6.1f/s placed  %5d calls  %4d failed  answer p50 %.1f ms  p99 %.1f ms\n",
				s.Rate, s.Achieved, s.Placed, s.Failed, s.P50, s.P99)
		}
	}
}

func (r *Report) printMetrics(w io.Writer, base *Report) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	before := map[string]float64{}
	if base != nil {
		for _, m := range base.metrics() {
			before[m.name] = m.value
		}
		fmt.Fprintln(tw, "\tnow\t\tbaseline\tratio")
	}
	for _, m := range r.metrics() {
		line := "  " + m.name + "\t" + figure(m.value) + "\t" + m.unit
		if old, ok := before[m.name]; ok {
			line += "\t" + figure(old) + "\t" + ratio(m.value, old)
		}
		fmt.Fprintln(tw, line)
	}
	_ = tw.Flush() // the writer below reports its own trouble
}

func (r *Report) printSpreads(w io.Writer, base *Report) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	before := map[string]gauge.Summary{}
	head := "milliseconds\tn\tp50\tp95\tp99\tmax\t"
	if base != nil {
		for _, s := range base.spreads() {
			before[s.name] = s.Summary
		}
		head += "baseline p50\tratio\tbaseline p99\tratio\t"
	}
	fmt.Fprintln(tw, head)
	for _, s := range r.spreads() {
		line := fmt.Sprintf("%s\t%d\t%s\t%s\t%s\t%s\t", s.name, s.N, figure(s.P50), figure(s.P95), figure(s.P99), figure(s.Max))
		if old, ok := before[s.name]; ok {
			line += figure(old.P50) + "\t" + ratio(s.P50, old.P50) + "\t" + figure(old.P99) + "\t" + ratio(s.P99, old.P99) + "\t"
		}
		fmt.Fprintln(tw, line)
	}
	_ = tw.Flush()
}

// figure prints at most three digits after the point.
func figure(v float64) string {
	if v == float64(int64(v)) {
		return strconv.FormatInt(int64(v), 10)
	}
	s := strconv.FormatFloat(v, 'f', 3, 64)
	return strings.TrimRight(strings.TrimRight(s, "0"), ".")
}

func ratio(now, old float64) string {
	if old == 0 {
		return ""
	}
	return fmt.Sprintf("×%.2f", now/old)
}
