package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tandem/cmd/tandem/internal/facts"
	"tandem/flow"
	"tandem/workflows/simulate"
	"tandem/workflows/simulate/simulatetest"
)

// The simulator is held against the engine: for flows and callers drawn at
// random, the path that it foretells is the path of a real call with real
// phones. `make simulated` draws 200 flows with 10 callers each.
func TestSimulatedCallsGoTheWayOfRealOnes(t *testing.T) {
	seed, flows, callers := setting(t, "TANDEM_SEED", 1), setting(t, "TANDEM_FLOWS", 8), setting(t, "TANDEM_CALLERS", 4)
	t.Logf("seed %d: %d flows with %d callers each", seed, flows, callers)
	stock := simulatetest.NewStock(uint64(seed))
	c := newCast(start(t), stock, flows)
	r := &rehearsal{t: t, cast: c, stock: stock, sim: simulate.New(facts.New(c.store)), seen: map[string]int{}}
	for n := range flows {
		r.flows = append(r.flows, c.publish(stock.Flow(n)))
	}
	began := time.Now()
	r.all(callers)
	t.Logf("%d calls in %v, %d went another way", flows*callers, time.Since(began).Round(time.Second), r.other)
	for what, times := range r.seen {
		t.Logf("%6d %s", times, what)
	}
}

// setting is a number from the environment.
func setting(t *testing.T, name string, otherwise int) int {
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		t.Fatalf("%s is %q, not a number", name, text)
	}
	return n
}

// How fast calls are placed, and how many at once. The machine that plays the
// phones is the one that runs the engine.
const (
	callsAtOnce = 40
	callPause   = 150 * time.Millisecond
)

// rehearsal runs each caller of each flow twice, imagined and real.
type rehearsal struct {
	t     *testing.T
	cast  *cast
	stock simulatetest.Stock
	sim   *simulate.Simulator
	flows []flow.Flow

	mu    sync.Mutex
	seen  map[string]int // kinds and exits that real calls came by
	other int            // calls that went another way than foretold
}

func (r *rehearsal) all(callers int) {
	turn := time.NewTicker(callPause)
	defer turn.Stop()
	free := make(chan struct{}, callsAtOnce)
	var calls sync.WaitGroup
	for k := range callers {
		for n := range r.flows {
			<-turn.C
			free <- struct{}{}
			calls.Go(func() {
				defer func() { <-free }()
				r.one(n, k)
			})
		}
	}
	calls.Wait()
}

func (r *rehearsal) one(n, k int) {
	sc, want, err := r.stock.Scenario(r.t.Context(), r.sim, r.flows[n], n, k)
	if err != nil {
		r.t.Error(err)
		return
	}
	e, err := r.cast.play(r.flows[n], sc, fmt.Sprintf("+1777%04d%03d", n, k))
	if err != nil {
		r.t.Errorf("flow %d, caller %d: %v", n, k, err)
		return
	}
	foretold, came := simulatetest.Way(want.Path, want.Outcome, want.Cause), simulatetest.Way(e.Path, e.Outcome, e.Cause)
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range e.Path {
		exit, _, _ := strings.Cut(p.Exit, ":")
		r.seen[p.Kind+" "+exit+" ("+p.Reason.Code+")"]++
	}
	if foretold == came {
		return
	}
	r.other++
	r.t.Errorf("flow %d, caller %d, call %s\n%s\nforetold:\n%s\ncame:\n%s\n%s", n, k, e.Call, shown(sc), foretold, came, times(want, e.Path))
	r.t.Logf("flow %d is %s", n, shown(r.flows[n]))
}

func shown(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(text)
}
