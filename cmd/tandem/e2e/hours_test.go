package e2e

import (
	"strings"
	"testing"
	"time"

	"tandem/cmd/tandem/internal/facts"
	"tandem/db"
	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/flow/schedule/scheduletest"
	"tandem/workflows/simulate"
)

// routed places a call that meets one module and is hung up behind it.
func routed(kind, internal string, s flow.Settings) func(*installation) {
	return func(in *installation) {
		in.publishGate(in.openStore(), kind, internal, flow.Module{ID: "gate", Kind: kind, Name: "Gate", Settings: s})
		in.calling("100", internal, 440, "--for", "1s").ended()
	}
}

// publishGate publishes a flow in which a call passes modules one behind the
// other, whatever exits they are left by.
func (in *installation) publishGate(store *db.Store, id, internal string, gates ...flow.Module) flow.Flow {
	in.t.Helper()
	f := flow.Flow{ID: "gated-" + id, Name: "Gated " + id, Modules: []flow.Module{
		{ID: "in", Kind: "internal-number", Name: "In", Settings: &flow.InternalNumber{InternalNumber: internal}}}}
	f.Modules = append(append(f.Modules, gates...), flow.Module{ID: "end", Kind: "hangup", Name: "End", Settings: &flow.Hangup{Cause: "busy"}})
	for i, m := range f.Modules[:len(f.Modules)-1] {
		for _, e := range m.Settings.Exits() {
			f.Cables = append(f.Cables, flow.Cable{From: m.ID, Exit: e.ID, To: f.Modules[i+1].ID})
		}
	}
	if err := store.CreateFlow(in.t.Context(), f, "tests"); err != nil {
		in.t.Fatal(err)
	}
	if _, err := store.Publish(in.t.Context(), f.ID, 1, "tests", ""); err != nil {
		in.t.Fatal(err)
	}
	return f
}

// askedList places a call that a shared list lets pass.
func askedList(in *installation) {
	store := in.openStore()
	if err := store.SaveList(in.t.Context(), directory.List{ID: "pests", Name: "Pests"}); err != nil {
		in.t.Fatal(err)
	}
	in.publishGate(store, "blocklist", "703", flow.Module{ID: "gate", Kind: "blocklist", Name: "Gate", Settings: &flow.Blocklist{SharedLists: []string{"pests"}}})
	in.calling("100", "703", 440, "--for", "1s").ended()
}

// zonesApart are such that some are open and some are closed at any moment.
var zonesApart = []string{"Pacific/Kiritimati", "Asia/Tokyo", "Asia/Kathmandu", "Europe/Stockholm", "America/St_Johns", "America/Los_Angeles", "Pacific/Honolulu"}

// A real call meets routers with the hours of the reference in zones around the
// world; each decides as the simulator foretells for the moment of the call.
func TestRoutersDecideRealCallsAsTheSimulatorForetells(t *testing.T) {
	in := start(t)
	store := in.openStore()
	pests := directory.List{ID: "pests", Name: "Pests"}
	if err := store.SaveList(t.Context(), pests); err != nil {
		t.Fatal(err)
	}
	gates := []flow.Module{
		{ID: "who", Kind: "caller-router", Name: "Who", Settings: &flow.CallerRouter{Rules: []flow.CallerRule{{Digits: "1", Go: "disallow"}, {Digits: "99", Go: "allow"}}}},
		{ID: "block", Kind: "blocklist", Name: "Block", Settings: &flow.Blocklist{SharedLists: []string{pests.ID}}},
	}
	for _, zone := range zonesApart {
		hours, err := scheduletest.Hours(zone)
		if err != nil {
			t.Fatal(err)
		}
		id := strings.ToLower(strings.ReplaceAll(zone, "/", "-"))
		if err := store.SaveSchedule(t.Context(), directory.Schedule{ID: id, Name: zone, Hours: hours}); err != nil {
			t.Fatal(err)
		}
		gates = append(gates, flow.Module{ID: id, Kind: "time-router", Name: zone, Settings: &flow.TimeRouter{Source: "schedule", Schedule: id}})
	}
	f := in.publishGate(store, "routers", "700", gates...)
	sim := simulate.New(facts.New(store))

	e := in.gated()
	want, err := sim.Run(t.Context(), f, flow.Scenario{Entry: "in", Caller: e.Caller.Number, At: e.Started})
	if err != nil {
		t.Fatal(err)
	}
	sameReasons(t, want.Path, e.Path)

	// What changes counts for the next call.
	if _, _, err := store.AddToList(t.Context(), pests.ID, []directory.ListEntry{{Entry: e.Caller.Number[:1] + "*"}}, "tests"); err != nil {
		t.Fatal(err)
	}
	held := strings.ToLower(strings.ReplaceAll(zonesApart[0], "/", "-"))
	opposite := map[string]string{"open": "closed"}[exitOf(e, held)]
	if opposite == "" {
		opposite = "open"
	}
	if err := store.SetOverride(t.Context(), f.ID, held, flow.Override{State: opposite, By: "tests", At: time.Now()}); err != nil {
		t.Fatal(err)
	}
	e = in.gated()
	if got := exitOf(e, held); got != opposite {
		t.Errorf("held %s, and left by %s", opposite, got)
	}
	if got := exitOf(e, "block"); got != "blocked" {
		t.Errorf("a caller on the list left by %s", got)
	}
}

func (in *installation) gated() call.LedgerEntry {
	in.t.Helper()
	in.calling("100", "700", 440, "--for", "1s").ended()
	return in.lastCall()
}

func exitOf(e call.LedgerEntry, module string) string {
	for _, p := range e.Path {
		if p.Module == module {
			return p.Exit
		}
	}
	return ""
}

func sameReasons(t *testing.T, want, got []call.PathEntry) {
	t.Helper()
	if len(want) != len(got) {
		t.Fatalf("a path of %d modules, foretold are %d", len(got), len(want))
	}
	for i := range want {
		if want[i].Module != got[i].Module || want[i].Exit != got[i].Exit || want[i].Reason.Text != got[i].Reason.Text {
			t.Errorf("%s left by %q (%s), foretold is %s by %q (%s)", got[i].Module, got[i].Exit, got[i].Reason.Text, want[i].Module, want[i].Exit, want[i].Reason.Text)
		} else {
			t.Logf("%s by %q (%s)", got[i].Module, got[i].Exit, got[i].Reason.Text)
		}
	}
}
