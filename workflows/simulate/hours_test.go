package simulate

import (
	"testing"
	"time"

	"tandem/flow"
	"tandem/flow/call"
)

// gate is a flow in which one router decides how the call ends, and the way by
// which it was left.
func gate(kind string, s flow.Settings) flow.Flow {
	f := draw([]flow.Module{entry(), {ID: "gate", Kind: kind, Settings: s}}, "line next gate")
	for _, e := range s.Exits() {
		if e.ID != flow.ExitHoliday && e.ID != flow.ExitBlocked {
			f.Modules[1].HangUpHere = append(f.Modules[1].HangUpHere, e.ID)
		}
	}
	return f
}

func left(t *testing.T, f flow.Flow, sc flow.Scenario) (exit, text string, run flow.Run) {
	t.Helper()
	sc.Entry = "line"
	run, err := New(office{}).Run(t.Context(), f, sc)
	if err != nil || len(run.Path) < 2 {
		t.Fatal(run, err)
	}
	return run.Path[1].Exit, run.Path[1].Reason.Text, run
}

func TestTheImaginedMomentDecidesATimeRouter(t *testing.T) {
	own := &flow.TimeRouter{Intervals: []flow.Interval{{Weekdays: []string{"monday"}, From: 9 * 60, To: 17 * 60}}}
	office := &flow.TimeRouter{Source: "schedule", Schedule: "office"}
	for _, c := range []struct {
		router *flow.TimeRouter
		at     string
		held   string
		want   string
	}{
		{own, "2026-11-23T07:59:59Z", "", "closed"}, // the system's zone is Stockholm
		{own, "2026-11-23T08:00:00Z", "", "open"},
		{own, "2026-11-23T08:00:00Z", "closed", "closed"},
		{own, "2026-11-23T08:00:00Z", "auto", "open"},
		{office, "2026-11-23T13:59:59Z", "", "closed"}, // the schedule's is New York
		{office, "2026-11-23T14:00:00Z", "", "open"},
		{office, "2026-12-24T14:00:00Z", "", "holiday"},
		{office, "2026-12-24T14:00:00Z", "open", "open"},
		{&flow.TimeRouter{Source: "schedule", Schedule: "lost"}, "2026-11-23T14:00:00Z", "", "closed"},
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		sc := flow.Scenario{At: at}
		if c.held != "" {
			sc.Overrides = map[string]string{"gate": c.held}
		}
		if exit, text, _ := left(t, gate("time-router", c.router), sc); exit != c.want {
			t.Errorf("at %s, held %q: left by %s (%s), want %s", c.at, c.held, exit, text, c.want)
		}
	}
}

func TestImaginedCallersMeetRulesAndLists(t *testing.T) {
	rules := &flow.CallerRouter{Rules: []flow.CallerRule{{Digits: "46", Go: "disallow"}}}
	block := &flow.Blocklist{SharedLists: []string{"pests"}, Numbers: []string{"+46700000001"}, DeclineCode: 607}
	for _, c := range []struct {
		kind   string
		s      flow.Settings
		caller string
		exit   string
		cause  call.Cause
	}{
		{"caller-router", rules, "+46700000001", "disallow", call.CauseFlowEnded},
		{"caller-router", rules, "", "allow", call.CauseFlowEnded},
		{"blocklist", block, "+46700000001", "", call.CauseBlocked},
		{"blocklist", block, "+15550199", "", call.CauseBlocked},
		{"blocklist", block, "+46700000002", "next", call.CauseFlowEnded},
	} {
		exit, text, run := left(t, gate(c.kind, c.s), flow.Scenario{Caller: c.caller, At: noon})
		if exit != c.exit || run.Cause != c.cause {
			t.Errorf("%s and caller %q: left by %q (%s), ended %s", c.kind, c.caller, exit, text, run.Cause)
		}
	}
}
