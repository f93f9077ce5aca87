package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tandem/cmd/tandem/internal/facts"
	"tandem/flow"
	"tandem/flow/call"
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
	stock.Web = webServer(t)
	c := newCast(start(t), stock, flows)
	r := &rehearsal{t: t, cast: c, stock: stock, sim: simulate.New(facts.New(c.store)), seen: map[string]int{}}
	for n := range flows {
		r.flows = append(r.flows, c.publish(n, stock.Flow(n)))
	}
	began := time.Now()
	r.all(callers)
	t.Logf("%d scenarios in %v, %d calls went another way at first", flows*callers, time.Since(began).Round(time.Second), r.other)
	if most := max(flows*callers*disturbed/100, 2); r.other > most {
		t.Errorf("%d calls had to be placed again, at most %d may: either the machine is too slow to tell, or something happens by chance", r.other, most)
	}
	for what, times := range r.seen {
		t.Logf("%6d %s", times, what)
	}
}

// webServer has one page.
func webServer(t *testing.T) string {
	mux := http.NewServeMux()
	mux.HandleFunc(simulatetest.WebOK, func(http.ResponseWriter, *http.Request) {})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL
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

// A machine that stands still for longer than a scenario has slack lets a call
// go another way, now and then. So a call is placed again; one that is led by
// other rules goes wrong every time.
const (
	tries     = 3
	disturbed = 3 // per cent of calls that may have to be placed again
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
	for try := range tries {
		e, err := r.cast.play(n, r.flows[n], sc, want.Lasted, fmt.Sprintf("+1777%04d%02d%d", n, k, try))
		if err != nil {
			r.t.Errorf("flow %d, caller %d: %v", n, k, err)
			return
		}
		if r.same(want, e) {
			return
		}
		r.t.Logf("flow %d, caller %d, try %d, call %s\n%s\n%s", n, k, try+1, e.Call, shown(sc), times(want, e.Path))
	}
	r.t.Errorf("flow %d, caller %d: %d calls went another way than foretold\n%s", n, k, tries, shown(r.flows[n]))
}

// same tells whether a call went as foretold, and counts.
func (r *rehearsal) same(want flow.Run, e call.LedgerEntry) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range e.Path {
		exit, _, _ := strings.Cut(p.Exit, ":")
		r.seen[p.Kind+" "+exit+" ("+p.Reason.Code+")"]++
	}
	same := simulatetest.Way(want.Path, want.Outcome, want.Cause) == simulatetest.Way(e.Path, e.Outcome, e.Cause)
	if !same {
		r.other++
	}
	return same
}

func shown(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(text)
}
