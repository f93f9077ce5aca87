// Package gauge measures: durations into histograms, CPU and memory of
// processes, and the machine a figure was taken on.
//
// It never judges a figure and never signals, pauses or changes a process.
package gauge

import (
	"math"
	"math/bits"
	"time"
)

// Log-linear buckets: 64 per power of two, so a figure is at most 1.6 % off.
const (
	subBits = 6
	sub     = 1 << subBits
	buckets = (42 - subBits) * sub // up to 2^41 ns, about 36 minutes
)

// Hist counts durations. The zero value is ready; it has one owner at a time.
type Hist struct {
	counts *[buckets]uint32
	n      uint64
	sum    float64
	max    time.Duration
}

// Add counts one duration; a negative one counts as zero.
func (h *Hist) Add(d time.Duration) {
	if h.counts == nil {
		h.counts = new([buckets]uint32)
	}
	d = max(d, 0)
	h.counts[bucketOf(uint64(d))]++
	h.n++
	h.sum += float64(d)
	h.max = max(h.max, d)
}

// Merge adds everything o has counted.
func (h *Hist) Merge(o *Hist) {
	if o.counts == nil {
		return
	}
	if h.counts == nil {
		h.counts = new([buckets]uint32)
	}
	for i, c := range o.counts {
		h.counts[i] += c
	}
	h.n += o.n
	h.sum += o.sum
	h.max = max(h.max, o.max)
}

// Count is how many durations were added.
func (h *Hist) Count() uint64 { return h.n }

// Quantile returns the duration that the share q (0 to 1) does not exceed.
func (h *Hist) Quantile(q float64) time.Duration {
	if h.n == 0 {
		return 0
	}
	rank := max(uint64(math.Ceil(q*float64(h.n))), 1)
	var seen uint64
	for i, c := range h.counts {
		if seen += uint64(c); seen >= rank {
			return min(upperOf(i), h.max)
		}
	}
	return h.max
}

// Summary is a histogram as reports print it, in milliseconds.
type Summary struct {
	N    uint64  `json:"n"`
	Mean float64 `json:"mean_ms"`
	P50  float64 `json:"p50_ms"`
	P95  float64 `json:"p95_ms"`
	P99  float64 `json:"p99_ms"`
	Max  float64 `json:"max_ms"`
}

// Summary returns the quantiles reports show.
func (h *Hist) Summary() Summary {
	if h.n == 0 {
		return Summary{}
	}
	return Summary{
		N: h.n, Mean: h.sum / float64(h.n) / 1e6,
		P50: ms(h.Quantile(0.50)), P95: ms(h.Quantile(0.95)), P99: ms(h.Quantile(0.99)), Max: ms(h.max),
	}
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func bucketOf(v uint64) int {
	shift := max(bits.Len64(v)-subBits-1, 0)
	return min(shift*sub+int(v>>shift), buckets-1)
}

// upperOf is the largest value that falls into bucket i.
func upperOf(i int) time.Duration {
	if i < 2*sub {
		return time.Duration(i)
	}
	shift := i/sub - 1
	return time.Duration(((uint64(i-shift*sub) + 1) << shift) - 1)
}
