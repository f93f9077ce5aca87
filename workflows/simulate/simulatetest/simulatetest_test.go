package simulatetest

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/workflows/simulate"
)

const (
	seed    = 6
	flows   = 62
	callers = 4
)

func TestTheSameSeedDrawsTheSame(t *testing.T) {
	draw := func(seed uint64) string {
		s := NewStock(seed)
		f := s.Flow(7)
		sc, _, err := s.Scenario(t.Context(), simulate.New(s.Facts()), f, 7, 2)
		text, err2 := json.Marshal([]any{f, sc})
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		return string(text)
	}
	first := draw(1)
	if again := draw(1); again != first {
		t.Error("one seed draws two things")
	}
	if first == draw(2) {
		t.Error("two seeds draw one thing")
	}
}

// whatCanHappen is every exit of every kind, and every reason for one, that the
// flows of a seed have to come by.
var whatCanHappen = []string{
	"phone-number next entered", "internal-number next entered",
	"voice-menu key key", "voice-menu no-input no-input", "voice-menu invalid invalid", "voice-menu direct direct", "voice-menu  caller-hangup",
	"audio-playback next played", "audio-playback next skipped-by-key", "audio-playback next skipped", "audio-playback  caller-hangup", "audio-playback  caller-cancelled",
	"ring-group no-answer no-answer", "ring-group unavailable unavailable", "ring-group  answered", "ring-group  caller-hangup", "ring-group  caller-cancelled",
	"time-router open intervals", "time-router closed intervals",
	"caller-router allow default", "caller-router allow rule", "caller-router disallow default", "caller-router disallow rule", "caller-router route rule",
	"blocklist next passed", "blocklist blocked listed", "blocklist  listed",
	"start next entered",
	"queue timeout timeout", "queue no-members no-members", "queue escape escape", "queue  answered", "queue  caller-hangup",
	"callback accepted accepted", "callback declined declined", "callback declined no-queue", "callback declined refused", "callback declined no-input", "callback  caller-hangup", "callback  accepted",
	"conference refused wrong-pin", "conference  ended-for-all", "conference  caller-hangup",
	"hangup  hangup", "set-variable next set", "notification next notified", "http-request ok ok", "http-request failed failed", "again", "ahead",
}

func TestDrawnFlowsAreValidAndShowAllThatCanHappen(t *testing.T) {
	s := NewStock(seed)
	sim := simulate.New(s.Facts())
	seen := map[string]int{}
	for n := range flows {
		f := s.Flow(n)
		if problems := flow.Errors(flow.Validate(f, nil)); len(problems) > 0 {
			t.Fatalf("flow %d: %+v", n, problems)
		}
		for k := range callers {
			_, run, err := s.Scenario(t.Context(), sim, f, n, k)
			if err != nil {
				t.Fatal(err)
			}
			been := map[string]bool{}
			for _, p := range run.Path {
				exit, _, _ := strings.Cut(p.Exit, ":")
				seen[p.Kind+" "+exit+" "+p.Reason.Code]++
				if been[p.Module] {
					seen["again"]++
				}
				been[p.Module] = true
				if slices.Contains(p.Reason.Facts, call.Fact{Name: "playbacks", Value: "0"}) {
					seen["ahead"]++
				}
			}
		}
	}
	for what, n := range seen {
		t.Logf("%5d %s", n, what)
		if !slices.Contains(whatCanHappen, what) {
			t.Errorf("%s is not foreseen", what)
		}
	}
	for _, what := range whatCanHappen {
		if seen[what] == 0 {
			t.Errorf("%q never happens", what)
		}
	}
}
