package load

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"time"

	"tandem/cmd/callbench/internal/gauge"
)

// File is what --json writes and --baseline reads.
type File struct {
	Runs []*Report `json:"runs"`
}

// Report is the outcome of one scenario.
type Report struct {
	Scenario string        `json:"scenario"`
	Date     time.Time     `json:"date"`
	Commit   string        `json:"commit"`
	Machine  gauge.Machine `json:"machine"`
	Params   Params        `json:"params"`
	Seconds  float64       `json:"seconds"`

	Calls     Calls                    `json:"calls"`
	Latency   map[string]gauge.Summary `json:"latency"`
	Media     *Media                   `json:"media,omitempty"`
	Capacity  *Capacity                `json:"capacity,omitempty"`
	Processes []ProcessCost            `json:"processes,omitempty"`
	Generator Generator                `json:"generator"`
}

// Params repeats the settings that make runs comparable.
type Params struct {
	Target     string  `json:"target"`
	Number     string  `json:"number"`
	Rate       float64 `json:"rate"`
	Calls      int     `json:"calls"`
	Concurrent int     `json:"concurrent"`
	HoldSec    float64 `json:"hold_s"`
	RingSec    float64 `json:"ring_s"`
	RTP        bool    `json:"rtp"`
}

// Calls counts how calls ended.
type Calls struct {
	Placed   int     `json:"placed"`
	Answered int     `json:"answered"`
	Failed   int     `json:"failed"`
	Failures []Count `json:"failures,omitempty"`
	Rate     float64 `json:"rate"` // placed per second, first to last INVITE
	Peak     int     `json:"peak"` // answered at the same time
	Resent   int     `json:"resent"`
}

// Count is how often something happened.
type Count struct {
	What string `json:"what"`
	N    int    `json:"n"`
}

// Media is what the parties of all calls heard, added up.
type Media struct {
	Sent      uint64        `json:"sent"`
	Received  uint64        `json:"received"`
	Expected  uint64        `json:"expected"`
	Lost      uint64        `json:"lost"`
	LossPct   float64       `json:"loss_pct"`
	Dup       uint64        `json:"dup"`
	Reorder   uint64        `json:"reorder"`
	Altered   uint64        `json:"altered"`
	Unknown   uint64        `json:"unknown"`
	Echo      uint64        `json:"echo"`
	Misrouted uint64        `json:"misrouted"`
	Stray     uint64        `json:"stray"`
	WhoHeard  []string      `json:"who_heard,omitempty"`
	ByAudio   int           `json:"paired_by_audio"`
	Delay     gauge.Summary `json:"delay"`
	Jitter    gauge.Summary `json:"jitter"`
}

// Capacity is the outcome of raising the rate until a call failed.
type Capacity struct {
	LastClean    float64 `json:"last_clean_rate"`
	FirstFailure float64 `json:"first_failure_rate"` // 0: none up to the last rate tried
	Steps        []Step  `json:"steps"`
}

// Step is one rate of Capacity.
type Step struct {
	Rate     float64 `json:"rate"`
	Achieved float64 `json:"achieved"`
	Placed   int     `json:"placed"`
	Failed   int     `json:"failed"`
	P50      float64 `json:"answer_p50_ms"`
	P99      float64 `json:"answer_p99_ms"`
}

// ProcessCost is what one watched process spent.
type ProcessCost struct {
	Name       string  `json:"name"`
	CPUSec     float64 `json:"cpu_s"`            // over the run, idle share subtracted
	CPUPer100  float64 `json:"cpu_s_per_100"`    // the same per 100 calls placed
	IdlePct    float64 `json:"idle_pct"`         // of a core, before the first call
	SteadyPct  float64 `json:"steady_pct"`       // of a core, while calls were up
	Per100Pct  float64 `json:"pct_per_100"`      // of a core per 100 calls up, idle subtracted
	RSSMB      float64 `json:"rss_mb"`           // largest seen
	RSSPerCall float64 `json:"rss_per_call_kib"` // growth since idle per call up at the peak
	Lost       bool    `json:"lost,omitempty"`   // the process ended during the run
}

// Generator is how callbench itself fared; with high figures the run says
// more about callbench than about the engine.
type Generator struct {
	CPUPct    float64 `json:"cpu_pct"` // of a core, over the run
	LateP99   float64 `json:"late_p99_ms"`
	LateMax   float64 `json:"late_max_ms"`
	Realtime  bool    `json:"realtime"` // our audio ran before everything else
	SendFail  uint64  `json:"send_fail"`
	Malformed uint64  `json:"malformed_sip"`
	Dropped   uint64  `json:"dropped_sip"`
}

// Failed reports whether the run found anything wrong.
func (r *Report) Failed() bool {
	return r.Calls.Failed > 0 || r.Calls.Placed == 0 || (r.Media != nil && r.Media.Misrouted+r.Media.Echo > 0)
}

// latencies are the measured spans: key in JSON, label in the table, in print order.
var latencies = []struct{ key, label string }{
	{"invite_100", "INVITE to 100"},
	{"invite_callee", "INVITE in to INVITE out"},
	{"invite_18x", "INVITE to 18x"},
	{"invite_200", "INVITE to 200"},
	{"invite_audio", "INVITE to first audio"},
	{"answer_caller", "answer to caller hears"},
	{"answer_callee", "answer to callee hears"},
	{"answer_both", "answer to two-way audio"},
	{"key_stop", "key to old prompt stops"},
	{"key_prompt", "key to next prompt"},
	{"spacing", "packet spacing off 20 ms"},
	{"bye_200", "BYE to 200"},
}

// metric is one comparable figure of a report.
type metric struct {
	name, unit string
	value      float64
}

// metrics lists the single figures of a report.
func (r *Report) metrics() []metric {
	m := []metric{
		{"calls placed", "", float64(r.Calls.Placed)},
		{"calls answered", "", float64(r.Calls.Answered)},
		{"calls failed", "", float64(r.Calls.Failed)},
		{"calls per second", "/s", r.Calls.Rate},
		{"calls at a time", "", float64(r.Calls.Peak)},
		{"messages repeated", "", float64(r.Calls.Resent)},
	}
	if c := r.Capacity; c != nil {
		m = append(m, metric{"last clean rate", "/s", c.LastClean}, metric{"first failure rate", "/s", c.FirstFailure})
	}
	if d := r.Media; d != nil {
		m = append(m, metric{"rtp expected", "", float64(d.Expected)}, metric{"rtp lost", "", float64(d.Lost)},
			metric{"rtp loss", "%", d.LossPct}, metric{"rtp duplicated", "", float64(d.Dup)},
			metric{"rtp reordered", "", float64(d.Reorder)}, metric{"rtp altered", "", float64(d.Altered)},
			metric{"rtp misrouted", "", float64(d.Misrouted)}, metric{"rtp echoed", "", float64(d.Echo)})
	}
	for _, p := range r.Processes {
		m = append(m, metric{p.Name + " cpu per 100 calls", "s", p.CPUPer100},
			metric{p.Name + " core, idle", "%", p.IdlePct}, metric{p.Name + " core, steady", "%", p.SteadyPct},
			metric{p.Name + " core per 100 up", "%", p.Per100Pct},
			metric{p.Name + " memory", "MB", p.RSSMB}, metric{p.Name + " memory per call", "KiB", p.RSSPerCall})
	}
	g := r.Generator
	return append(m, metric{"generator core", "%", g.CPUPct}, metric{"generator late p99", "ms", g.LateP99},
		metric{"generator late max", "ms", g.LateMax})
}

// spread is one measured duration of a report.
type spread struct {
	name string
	gauge.Summary
}

// spreads lists the durations of a report that were measured at all.
func (r *Report) spreads() []spread {
	var list []spread
	for _, l := range latencies {
		list = append(list, spread{l.label, r.Latency[l.key]})
	}
	if r.Media != nil {
		list = append(list, spread{"rtp delay through the engine", r.Media.Delay}, spread{"rtp jitter", r.Media.Jitter})
	}
	return slices.DeleteFunc(list, func(s spread) bool { return s.N == 0 })
}

// ReadFile reads a previous run.
func ReadFile(path string) (*File, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read baseline: %w", err)
	}
	var f File
	if err := json.Unmarshal(b, &f); err != nil {
		return nil, fmt.Errorf("read baseline %s: %w", path, err)
	}
	return &f, nil
}

// Find returns the report of a scenario, or nil.
func (f *File) Find(scenario string) *Report {
	if f == nil {
		return nil
	}
	i := slices.IndexFunc(f.Runs, func(r *Report) bool { return r.Scenario == scenario })
	if i < 0 {
		return nil
	}
	return f.Runs[i]
}

// WriteFile writes the run as JSON.
func (f *File) WriteFile(path string) error {
	b, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	if err := os.WriteFile(path, append(b, '\n'), 0o644); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

// counts turns a tally into a list, most frequent first.
func counts(m map[string]int) []Count {
	list := make([]Count, 0, len(m))
	for what, n := range m {
		list = append(list, Count{what, n})
	}
	slices.SortFunc(list, func(a, b Count) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.What, b.What))
	})
	return list
}
