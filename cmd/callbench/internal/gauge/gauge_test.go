package gauge

import (
	"math"
	"os"
	"os/exec"
	"testing"
	"time"
)

func TestQuantilesAreWithinTwoPercent(t *testing.T) {
	var a, b Hist
	for i := 1; i <= 10_000; i++ {
		h := &a
		if i%2 == 0 {
			h = &b
		}
		h.Add(time.Duration(i) * time.Microsecond)
	}
	a.Merge(&b)
	for q, want := range map[float64]float64{0.5: 5000, 0.95: 9500, 0.99: 9900, 1: 10_000} {
		got := float64(a.Quantile(q)) / 1e3
		if math.Abs(got-want)/want > 0.02 {
			t.Errorf("quantile %v is %v µs, want %v", q, got, want)
		}
	}
	if s := a.Summary(); s.N != 10_000 || s.Max != 10 || math.Abs(s.Mean-5.0005) > 1e-6 {
		t.Errorf("summary %+v", s)
	}
}

func TestEveryBucketHoldsItsUpperEnd(t *testing.T) {
	for i := range buckets - 1 {
		up := uint64(upperOf(i))
		if bucketOf(up) != i || bucketOf(up+1) != i+1 {
			t.Fatalf("bucket %d: upper end %d falls into %d, the next into %d", i, up, bucketOf(up), bucketOf(up+1))
		}
	}
}

func TestOwnCPUAndMemoryAreRead(t *testing.T) {
	self := Process{Name: "self", PID: os.Getpid()}
	before, err := self.Read()
	if err != nil {
		t.Fatal(err)
	}
	// Busy until the figure moves; on a crowded machine that takes a while.
	after, x := before, 1.0
	for start := time.Now(); after.CPU <= before.CPU && time.Since(start) < 10*time.Second; {
		for range 1_000_000 {
			x = math.Sqrt(x + 1)
		}
		if after, err = self.Read(); err != nil {
			t.Fatal(err)
		}
	}
	if after.CPU <= before.CPU || after.RSS < 1<<20 {
		t.Errorf("before %+v, after %+v (x %v)", before, after, x)
	}
}

func TestDescendantsAreFound(t *testing.T) {
	child := exec.Command("sleep", "10")
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = child.Process.Kill(); _ = child.Wait() }()
	for _, pid := range descendants(os.Getpid()) {
		if pid == child.Process.Pid {
			return
		}
	}
	t.Errorf("child %d is not among %v", child.Process.Pid, descendants(os.Getpid()))
}

func TestProcessNamesAreParsed(t *testing.T) {
	if p, err := ParseProcess("postgres=12+"); err != nil || p != (Process{"postgres", 12, true}) {
		t.Errorf("got %+v, %v", p, err)
	}
	for _, bad := range []string{"", "node", "node=", "=1", "node=-1", "node=x"} {
		if _, err := ParseProcess(bad); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}
