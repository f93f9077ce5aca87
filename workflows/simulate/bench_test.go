package simulate

import (
	"sync"
	"testing"

	"tandem/flow"
	"tandem/flow/call"
)

// waits are callers who wait for a quarter of an hour and more.
var waits = map[string]struct {
	flow flow.Flow
	sc   flow.Scenario
}{
	"music": {draw([]flow.Module{entry(), playback("music", flow.AudioPlayback{Audio: "3s", Endless: true})}, "line next music"),
		flow.Scenario{GiveUp: seconds(15 * 60)}},
	"prompt": {draw([]flow.Module{entry(), menu("ask", flow.VoiceMenu{Audio: "10s", Entries: []string{"1"}, Timeout: 80, Playbacks: 11})}, "line next ask"),
		flow.Scenario{Keys: []flow.Keying{{}, {Digits: "3"}}}},
	"queue": {waiting(flow.Queue{Timeout: flow.MaxQueueTimeout, Announce: "position", Members: members("ann", "bob")}),
		flow.Scenario{Phones: map[string]flow.Phone{"ann": {Does: "silent"}, "bob": {Does: "declines"}}}},
	"circle": {draw([]flow.Module{entry(),
		menu("ask", flow.VoiceMenu{Audio: "2s", Entries: []string{"1"}, Timeout: 1, Playbacks: 3}),
		group("desk", flow.RingDestination{ContactMethod: "ann", Length: 10}, flow.RingDestination{ContactMethod: "bob", Start: 10, Length: 10}),
	}, "line next ask", "ask key:1 desk", "ask no-input desk", "desk no-answer ask"),
		flow.Scenario{GiveUp: seconds(16 * 60), Phones: map[string]flow.Phone{"ann": {Does: "silent"}, "bob": {Does: "busy"}}}},
}

// mostAllocations bounds the work of imagining a quarter of an hour; how long it
// takes is what BenchmarkAQuarterOfAnHour tells.
const mostAllocations = 400_000

func TestAQuarterOfAnHourIsLittleWork(t *testing.T) {
	for name, c := range waits {
		work := testing.AllocsPerRun(1, func() {
			if r := run(t, c.flow, c.sc); r.Lasted < seconds(15*60) {
				t.Errorf("%s: only %v of waiting", name, r.Lasted)
			}
		})
		if work > mostAllocations {
			t.Errorf("%s: a quarter of an hour took %.0f allocations", name, work)
		}
	}
}

func BenchmarkACall(b *testing.B) {
	sc := flow.Scenario{Entry: "line", At: noon, Keys: []flow.Keying{{Digits: "1"}}, Phones: map[string]flow.Phone{"ann": {Does: "busy"}}}
	benchmark(b, support(), sc)
}

func BenchmarkAQuarterOfAnHour(b *testing.B) {
	for name, c := range waits {
		c.sc.Entry, c.sc.At = "line", noon
		b.Run(name, func(b *testing.B) { benchmark(b, c.flow, c.sc) })
	}
}

func benchmark(b *testing.B, f flow.Flow, sc flow.Scenario) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := New(office{}).Run(b.Context(), f, sc); err != nil {
			b.Fatal(err)
		}
	}
}

func TestRunsAtOnceDoNotMeet(t *testing.T) {
	s := New(office{})
	alone := told(run(t, support(), flow.Scenario{Keys: []flow.Keying{{Digits: "2"}}}))
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			r, err := s.Run(t.Context(), support(), flow.Scenario{Entry: "line", At: noon, Keys: []flow.Keying{{Digits: "2"}}})
			if got := told(r); err != nil || got != alone {
				t.Errorf("%v\n%s\nwant\n%s", err, got, alone)
			}
		})
	}
	all.Wait()
}

func TestATalkIsNoLongerThanTheLongestCall(t *testing.T) {
	f := draw([]flow.Module{entry(), group("desk", flow.RingDestination{ContactMethod: "ann"})}, "line next desk")
	if r := run(t, f, flow.Scenario{TalkFor: seconds(5 * 3600)}); r.Cause != call.CauseTooLong || r.Lasted != seconds(4*3600+3) {
		t.Errorf("ended by %s after %v", r.Cause, r.Lasted)
	}
}
