package simulate

import (
	"testing"
	"time"

	"tandem/flow"
)

// Whatever the clocks on the wall do, what a caller waits is real time.
func TestNoClockChangeMakesAWaitLongerOrShorter(t *testing.T) {
	lasted := map[string]time.Duration{}
	for _, at := range []time.Time{
		noon,
		time.Date(2026, 3, 29, 0, 59, 55, 0, time.UTC),  // Stockholm goes from 02:00 to 03:00
		time.Date(2026, 10, 25, 0, 59, 55, 0, time.UTC), // and from 03:00 to 02:00
	} {
		for name, c := range map[string]struct {
			flow flow.Flow
			sc   flow.Scenario
		}{
			"menu": {draw([]flow.Module{entry(), menu("ask", flow.VoiceMenu{Audio: "3s", Entries: []string{"1"}, Timeout: 10, Playbacks: 2})}, "line next ask"), flow.Scenario{}},
			"ring": {draw([]flow.Module{entry(), group("desk", flow.RingDestination{ContactMethod: "ann", Length: 20})}, "line next desk"),
				flow.Scenario{Phones: map[string]flow.Phone{"ann": {Does: "silent"}}}},
			"queue": {waiting(flow.Queue{Timeout: 40, Members: members("ann")}), flow.Scenario{Phones: map[string]flow.Phone{"ann": {Does: "silent"}}}},
			"talk": {draw([]flow.Module{entry(), group("desk", flow.RingDestination{ContactMethod: "ann", Length: 20})}, "line next desk"),
				flow.Scenario{TalkFor: seconds(60), HangUpBy: "caller"}},
		} {
			c.sc.Entry, c.sc.At = "line", at
			r, err := New(office{}).Run(t.Context(), c.flow, c.sc)
			if err != nil {
				t.Fatal(err)
			}
			if want, before := lasted[name]; before && r.Lasted.Std() != want {
				t.Errorf("%s at %v lasts %v, at another time %v", name, at, r.Lasted, want)
			}
			lasted[name] = r.Lasted.Std()
		}
	}
	if lasted["queue"] < 40*time.Second || lasted["ring"] < 20*time.Second {
		t.Errorf("nobody waited: %v", lasted)
	}
}
