package load

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/netip"
	"strings"
	"testing"
	"time"

	"tandem/cmd/callbench/internal/gauge"
)

// run drives a scenario against an engine with faults.
func run(t *testing.T, name string, f faults, set func(*Options)) *Report {
	t.Helper()
	e := newEngine(t, f)
	s, err := Find(name)
	if err != nil {
		t.Fatal(err)
	}
	opt := Options{
		Target: e.in.Addr(), From: loopback, To: e.callee, Rate: 40, Calls: 10, Hold: time.Second,
		Setup: 5 * time.Second, Key: '1', RTPMin: 43000, RTPMax: 46998,
	}
	if set != nil {
		set(&opt)
	}
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	r, err := Run(ctx, s, opt)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestCleanEngineIsReportedClean(t *testing.T) {
	t.Parallel()
	r := run(t, "bridge", faults{}, nil)
	m := r.Media
	if r.Failed() || r.Calls.Answered != 10 || r.Calls.Peak == 0 {
		t.Errorf("calls: %+v", r.Calls)
	}
	if m.Expected < 800 || m.Lost+m.Dup+m.Altered+m.Misrouted+m.Echo+m.Unknown+m.Stray != 0 || m.ByAudio != 0 {
		t.Errorf("media: %+v", m)
	}
	for _, key := range []string{"invite_18x", "invite_200", "invite_callee", "invite_audio", "answer_caller", "answer_callee", "answer_both", "bye_200"} {
		// The engine rings nobody itself, so it sends no 18x.
		if want := key != "invite_18x"; (r.Latency[key].N == 10) != want {
			t.Errorf("%s: %+v", key, r.Latency[key])
		}
	}
}

func TestLossOfOnePercentIsReportedAsOnePercent(t *testing.T) {
	t.Parallel()
	m := run(t, "bridge", faults{dropEvery: 100}, func(o *Options) { o.Calls, o.Hold = 16, 1500*time.Millisecond }).Media
	if math.Abs(m.LossPct-1) > 0.2 || m.Misrouted != 0 || m.Dup != 0 {
		t.Errorf("lost %d of %d (%.2f %%): %+v", m.Lost, m.Expected, m.LossPct, m)
	}
}

func TestDuplicatesAreCountedAndNotTakenForLoss(t *testing.T) {
	t.Parallel()
	m := run(t, "bridge", faults{dupEvery: 50}, nil).Media
	if share := float64(m.Dup) / float64(m.Expected); math.Abs(share-0.02) > 0.006 || m.Lost != 0 {
		t.Errorf("%d duplicates of %d, %d lost", m.Dup, m.Expected, m.Lost)
	}
}

func TestAddedDelayIsMeasured(t *testing.T) {
	t.Parallel()
	r := run(t, "bridge", faults{delay: 50 * time.Millisecond}, nil)
	if d := r.Media.Delay; d.P50 < 49.9 || d.P50 > 75 || r.Media.Lost != 0 {
		t.Errorf("delay %+v, lost %d", d, r.Media.Lost)
	}
	if a := r.Latency["answer_both"]; a.P50 < 50 {
		t.Errorf("answer to two-way audio cannot be faster than the delay: %+v", a)
	}
}

func TestSwappedAudioIsCalledByName(t *testing.T) {
	t.Parallel()
	r := run(t, "bridge", faults{swap: true}, func(o *Options) { o.Calls = 2 })
	if !r.Failed() || r.Media.Misrouted == 0 {
		t.Fatalf("not noticed: %+v %+v", r.Calls, r.Media)
	}
	who := strings.Join(r.Media.WhoHeard, "\n")
	for _, want := range []string{"call 1 callee heard call 2 caller", "call 2 callee heard call 1 caller"} {
		if !strings.Contains(who, want) {
			t.Errorf("%q is not among:\n%s", want, who)
		}
	}
}

func TestOneWayAudioIsCalledByName(t *testing.T) {
	t.Parallel()
	r := run(t, "bridge", faults{deaf: true}, func(o *Options) { o.Calls = 2; o.Hold = 300 * time.Millisecond })
	if r.Calls.Failed != 2 || r.Calls.Failures[0] != (Count{errDeafCaller.Error(), 2}) {
		t.Errorf("got %+v", r.Calls)
	}
}

func TestEngineThatHidesCallersIsPairedByAudio(t *testing.T) {
	t.Parallel()
	r := run(t, "bridge", faults{dumb: true}, func(o *Options) { o.Calls = 4 })
	if r.Failed() || r.Media.ByAudio != 4 || r.Latency["answer_both"].N != 4 {
		t.Errorf("%+v %+v %+v", r.Calls, r.Media, r.Latency["answer_both"])
	}
}

func TestEarlyHangupIsAFailure(t *testing.T) {
	t.Parallel()
	r := run(t, "bridge", faults{hangUpAfter: 200 * time.Millisecond}, func(o *Options) { o.Calls = 3 })
	if r.Calls.Failed != 3 || r.Calls.Failures[0].What != errEarlyBye.Error() {
		t.Errorf("got %+v", r.Calls)
	}
}

func TestForgottenCalleeIsAFailure(t *testing.T) {
	t.Parallel()
	r := run(t, "bridge", faults{forgetBye: true}, func(o *Options) { o.Calls, o.NoRTP, o.Hold = 2, true, 50*time.Millisecond })
	if r.Calls.Failed != 2 || r.Calls.Failures[0] != (Count{"callee: " + errNoBye.Error(), 2}) {
		t.Errorf("got %+v", r.Calls)
	}
}

func TestRefusalsAreCountedByStatusAndReason(t *testing.T) {
	t.Parallel()
	r := run(t, "bridge", faults{refuseEvery: 5}, func(o *Options) { o.Hold = 100 * time.Millisecond; o.NoRTP = true })
	if r.Calls.Failed != 2 || r.Calls.Answered != 8 || r.Calls.Failures[0] != (Count{"503 Service Unavailable", 2}) {
		t.Errorf("got %+v", r.Calls)
	}
	if r.Media != nil {
		t.Error("media was reported for a run without any")
	}
}

func TestFirstFailureRateIsFound(t *testing.T) {
	t.Parallel()
	r := run(t, "setup", faults{maxRate: 40}, func(o *Options) {
		o.Rate, o.Step, o.StepTime, o.MaxRate, o.Calls, o.Hold = 10, 20, 1500*time.Millisecond, 90, 500, 10*time.Millisecond
	})
	if c := r.Capacity; c.LastClean != 30 || c.FirstFailure != 50 || len(c.Steps) != 3 {
		t.Errorf("got %+v", c)
	}
}

func TestPromptIsHeardAndItsSpacingMeasured(t *testing.T) {
	t.Parallel()
	r := run(t, "prompt", faults{}, func(o *Options) { o.Calls = 3; o.Hold = 600 * time.Millisecond })
	if r.Failed() || r.Latency["invite_audio"].N != 3 || r.Latency["spacing"].N < 15 || r.Latency["spacing"].P50 > 10 {
		t.Errorf("%+v %+v", r.Calls, r.Latency)
	}
}

func TestKeyToNextPromptIsMeasured(t *testing.T) {
	t.Parallel()
	r := run(t, "menu", faults{keyDelay: 200 * time.Millisecond}, func(o *Options) { o.Calls = 3; o.Hold = 800 * time.Millisecond })
	stop, next := r.Latency["key_stop"], r.Latency["key_prompt"]
	if r.Failed() || stop.N != 3 || stop.P50 > 120 || next.N != 3 || next.P50 < 195 || next.P50 > 300 {
		t.Errorf("stop %+v, next %+v, %+v", stop, next, r.Calls)
	}
}

func TestForeignTargetIsRefused(t *testing.T) {
	s, _ := Find("setup")
	opt := Options{
		Target: netip.MustParseAddrPort("192.0.2.1:5060"), From: loopback,
		To: loopback, Rate: 1, Calls: 1, Setup: time.Second,
	}
	if _, err := Run(t.Context(), s, opt); !errors.Is(err, ErrForeignTarget) {
		t.Errorf("got %v", err)
	}
	for text, allowed := range map[string]bool{"127.9.9.9:1": true, "[::1]:1": true, "[::ffff:127.0.0.1]:1": true, "10.0.0.1:1": false, "[::]:1": false, "0.0.0.0:1": false} {
		if err := opt.Guard()(netip.MustParseAddrPort(text)); (err == nil) != allowed {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestRunsWithoutBoundAreRefused(t *testing.T) {
	ok := Options{Target: loopback, To: loopback, Rate: 1, Calls: 1, Setup: time.Second}
	for name, change := range map[string]func(*Options){
		"rate": func(o *Options) { o.Rate = 1e6 }, "no rate": func(o *Options) { o.Rate = 0 },
		"calls": func(o *Options) { o.Calls = 1 << 30 }, "hold": func(o *Options) { o.Hold = 1000 * time.Hour },
		"negative": func(o *Options) { o.Calls = -1 }, "concurrent": func(o *Options) { o.Concurrent = 1 << 20 },
	} {
		o := ok
		change(&o)
		if o.check() == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestBaselineStandsBesideTheRun(t *testing.T) {
	now := &Report{Scenario: "bridge", Calls: Calls{Placed: 10, Rate: 20}}
	old := &Report{Scenario: "bridge", Calls: Calls{Placed: 10, Rate: 5}}
	path := t.TempDir() + "/base.json"
	if err := (&File{Runs: []*Report{old}}).WriteFile(path); err != nil {
		t.Fatal(err)
	}
	file, err := ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	now.Print(&out, file.Find("bridge"))
	if !strings.Contains(out.String(), "×4.00") || file.Find("menu") != nil {
		t.Errorf("got:\n%s", out.String())
	}
}

func TestSteadyStretchIsTheLongestWithEveryCallUp(t *testing.T) {
	w := &watch{}
	for _, up := range []int{0, 3, 10, 10, 4, 10, 10, 10, 10, 10, 9, 2} {
		w.samples = append(w.samples, sample{up: up})
	}
	if got := w.steady(); len(got) != 5 || got[0].up != 10 {
		t.Errorf("got %d samples", len(got))
	}
}

func TestCostOfACallLeavesIdleOut(t *testing.T) {
	at := func(sec int, up int, cpu float64, rss int64) sample {
		return sample{
			at: time.Unix(int64(sec), 0), up: up, gone: make([]bool, 2),
			usage: []gauge.Usage{{CPU: time.Duration(cpu * float64(time.Second)), RSS: rss}, {CPU: time.Duration(sec) * time.Second / 4}},
		}
	}
	// 10 % of a core idle; 60 % with 200 calls up; 1 s of setting up before.
	w := &watch{
		procs: []gauge.Process{{Name: "node"}, {Name: "callbench"}},
		idle:  []float64{0.1, 0}, idleRSS: []int64{50 << 20, 0},
		samples: []sample{at(0, 0, 0, 50<<20), at(2, 200, 1.2, 70<<20), at(7, 200, 4.2, 70<<20), at(12, 200, 7.2, 70<<20), at(13, 0, 7.3, 60<<20)},
	}
	costs, own := w.costs(200)
	c := costs[0]
	for name, pair := range map[string][2]float64{
		"seconds per 100 calls": {c.CPUPer100, (7.3 - 1.3) / 2}, "steady": {c.SteadyPct, 60}, "per 100 up": {c.Per100Pct, 25},
		"memory per call": {c.RSSPerCall, 20 * 1024 / 200.0}, "own": {own, 25},
	} {
		if math.Abs(pair[0]-pair[1]) > 0.01 {
			t.Errorf("%s: got %v, want %v", name, pair[0], pair[1])
		}
	}
	if len(costs) != 1 {
		t.Errorf("callbench itself is among the costs: %+v", costs)
	}
}

// toneFrames are frames of one frequency, 0 for silence, from a time on.
func toneFrames(from time.Time, n int, hz float64) []frame {
	var list []frame
	for i := range n {
		pcm := make([]float64, 160)
		for k := range pcm {
			pcm[k] = 0.3 * math.Sin(2*math.Pi*hz*float64(i*160+k)/8000)
		}
		f := frame{at: from.Add(time.Duration(i) * frameTime), silent: loudness(pcm) < silentBelow}
		if !f.silent {
			f.spectrum = spectrumOf(pcm)
		}
		list = append(list, f)
	}
	return list
}

func TestPromptsAreToldApartByEar(t *testing.T) {
	start := time.Unix(1000, 0)
	at := func(n int) time.Time { return start.Add(time.Duration(n) * frameTime) }
	key := at(40).Add(5 * time.Millisecond)
	for name, c := range map[string]struct {
		frames     []frame
		stop, next float64 // ms after the key, -1: nothing found
	}{
		"straight over":   {append(toneFrames(start, 43, 440), toneFrames(at(43), 20, 1000)...), 55, 55},
		"silence between": {append(append(toneFrames(start, 42, 440), toneFrames(at(42), 8, 0)...), toneFrames(at(50), 9, 880)...), 35, 195},
		"stream paused":   {append(toneFrames(start, 42, 440), toneFrames(at(60), 9, 660)...), 35, 395},
		"ended before":    {append(append(toneFrames(start, 30, 440), toneFrames(at(30), 15, 0)...), toneFrames(at(45), 9, 660)...), 0, 95},
		"nothing follows": {toneFrames(start, 90, 440), -1, -1},
		"silence only":    {append(toneFrames(start, 42, 440), toneFrames(at(42), 40, 0)...), -1, -1},
	} {
		stop, next, ok := afterKey(c.frames, key)
		got := fmt.Sprintf("%v %v", stop.Milliseconds(), next.Milliseconds())
		want := fmt.Sprintf("%v %v", c.stop, c.next)
		if ok != (c.next >= 0) || ok && got != want {
			t.Errorf("%s: got %s %v, want %s", name, got, ok, want)
		}
	}
}
