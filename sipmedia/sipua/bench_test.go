package sipua

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// BenchmarkInviteTo100 measures from an INVITE on the wire to its 100, one call
// at a time; the budget is 5 ms.
func BenchmarkInviteTo100(b *testing.B) {
	b.ReportAllocs()
	ua := start(b, "127.0.0.1", func(c *Config) {
		c.Timers = Timers{}
		c.OnCall = func(d *Dialog) Handler { go d.Reject(486, ""); return NopHandler{} }
	})
	r := newRaw(b, "127.0.0.2", ua)
	took := make([]time.Duration, 0, b.N)
	run := 0
	for b.Loop() {
		id := fmt.Sprint("b", run)
		run++
		message := invite(id, "")
		at := time.Now()
		r.send(message)
		r.expect("SIP/2.0 100")
		took = append(took, time.Since(at))
		m := r.expect("SIP/2.0 486")
		r.send(strings.Replace(inside("ACK", id, field(m, "To"), 1, "", ""), "z9hG4bK"+id+"ACK1", "z9hG4bK"+id, 1))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "µs-p50")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "µs-p99")
}

// BenchmarkCall measures whole calls (INVITE, 180, 200, ACK, BYE) between two
// UAs in this process, sixteen at a time.
func BenchmarkCall(b *testing.B) {
	b.ReportAllocs()
	node, far, nodeCalls := benchPair(b)
	go each(b, nodeCalls, func(p *party) {
		p.d.Provisional(180, nil)
		p.d.Answer([]byte("answer"))
	})
	b.SetParallelism(8)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := oneCall(node, far); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
}

func benchPair(b *testing.B) (node, far *UA, nodeCalls chan *party) {
	node, far, nodeCalls, _ = pair(b, func(c *Config) { c.Timers = Timers{T4: 50 * time.Millisecond} })
	return node, far, nodeCalls
}
