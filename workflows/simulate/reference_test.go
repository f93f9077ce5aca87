package simulate

import (
	"context"
	"sync"
	"testing"
	"time"

	"tandem/flow"
	"tandem/flow/schedule"
	"tandem/flow/schedule/scheduletest"
)

// almanac is facts with the hours of the reference for each zone.
type almanac struct{ office }

func (almanac) Hours(_ context.Context, zone string) (string, schedule.Hours, error) {
	h, err := scheduletest.Hours(zone)
	return "Reference", h, err
}

// A call that enters a time router at an edge of the reference, or a moment
// before one, leaves it by the exit that the reference names. It is the workflow
// of real calls that runs here, and its own clock that it goes by.
func TestCallsAtEveryEdgeGoTheWayOfTheReference(t *testing.T) {
	all, err := scheduletest.Reference()
	if err != nil {
		t.Fatal(err)
	}
	edges, stretches := sync.WaitGroup{}, make(chan scheduletest.Stretch)
	for range 4 {
		edges.Go(func() {
			for s := range stretches {
				enterAt(t, s, s.From)
				enterAt(t, s, s.To.Add(-time.Millisecond))
			}
		})
	}
	for _, s := range all {
		stretches <- s
	}
	close(stretches)
	edges.Wait()
	t.Logf("%d calls", 2*len(all))
}

func enterAt(t *testing.T, s scheduletest.Stretch, at time.Time) {
	f := gate("time-router", &flow.TimeRouter{Source: "schedule", Schedule: s.Zone})
	run, err := New(almanac{}).Run(t.Context(), f, flow.Scenario{Entry: "line", At: at})
	if err != nil {
		t.Error(err)
		return
	}
	if got := run.Path[1]; got.Exit != s.State || !got.Entered.Equal(at) {
		t.Errorf("%s at %s: left by %s (%s), the reference says %s", s.Zone, at.Format(time.RFC3339Nano), got.Exit, got.Reason.Text, s.State)
	}
}
