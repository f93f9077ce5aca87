package queue

import (
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// schedules and seed are set by TANDEM_SCHEDULES and TANDEM_SEED; `make queue`
// runs a hundred thousand.
const (
	schedules = 2000
	firstSeed = 1
	faulty    = 50 // schedules in which each broken rule has to show
)

func number(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// Whatever callers, members, messages and restarts do: nobody is promised twice,
// order is kept, nobody is forgotten, rest and wrap-up are honoured.
//
// Order is that of priority and place, which callbacks keep while they are called
// or put off, and hand on to the call that keeps the promise. In that time those
// behind them are served, and nobody else passes anybody.
func TestNoScheduleBreaksTheRulesOfAQueue(t *testing.T) {
	n, seed := number(t, "TANDEM_SCHEDULES", schedules), number(t, "TANDEM_SEED", firstSeed)
	began := time.Now()
	var next, served, calls, promises, kept atomic.Int64
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < n && !t.Failed(); i = int(next.Add(1)) - 1 {
				h := newHall(uint64(seed+i), nil)
				if wrong := h.run(); wrong != "" {
					t.Errorf("TANDEM_SEED=%d TANDEM_SCHEDULES=1: %s", seed+i, wrong)
				}
				served.Add(int64(h.served))
				for _, c := range h.callers {
					calls.Add(int64(c.visits))
				}
				promises.Add(int64(len(h.promises)))
				for _, p := range h.promises {
					if p.served {
						kept.Add(1)
					}
				}
			}
		})
	}
	all.Wait()
	t.Logf("seeds %d to %d: %d calls, %d of them answered, in %v", seed, seed+n-1, calls.Load(), served.Load(), time.Since(began).Round(time.Millisecond))
	t.Logf("%d callbacks were promised, %d reached a member", promises.Load(), kept.Load())
	if served.Load()*3 < calls.Load() || kept.Load()*4 < promises.Load() {
		t.Error("hardly anybody is answered: the schedules try nothing")
	}
}

func TestFiftyCallersAndTenMembersForAQuarterOfAnHour(t *testing.T) {
	for seed := range uint64(20) {
		h := newCrowd(seed)
		if wrong := h.run(); wrong != "" {
			t.Errorf("seed %d, %s: %s", seed, h.s.Rules.Strategy, wrong)
		}
		visits := 0
		for _, c := range h.callers {
			visits += c.visits
		}
		t.Logf("%s: %d calls of 50 callers, %d answered, %d abandoned", h.s.Rules.Strategy, visits, h.served, h.s.Figures.Abandoned)
	}
}

// Without this, the test above would also pass if it looked at nothing.
func TestASchedulerThatBreaksARuleIsCaught(t *testing.T) {
	for name, fault := range faults {
		caught := 0
		for seed := range uint64(faulty) {
			if newHall(seed, fault).run() != "" {
				caught++
			}
		}
		t.Logf("%s: caught in %d of %d schedules", name, caught, faulty)
		if caught == 0 {
			t.Errorf("%s, and no schedule shows it", name)
		}
	}
}
