package db_test

import (
	"errors"
	"testing"
	"time"

	"tandem/db/dbtest"
	"tandem/flow"
	"tandem/flow/directory"
	"tandem/flow/schedule"
)

// router is a flow whose calls meet a time router that is open on Mondays from
// nine to five.
func router(id, internal, code string) flow.Flow {
	f := byInternal(id, internal)
	f.Modules[0].HangUpHere = nil
	f.Modules = append(f.Modules[:1], flow.Module{ID: "gate", Kind: "time-router", Name: "Gate", HangUpHere: []flow.Exit{"open", "closed"},
		Settings: &flow.TimeRouter{Zone: "Europe/Stockholm", Code: code, Intervals: []flow.Interval{{Weekdays: []string{"monday"}, From: 9 * 60, To: 17 * 60}}}})
	f.Cables = []flow.Cable{{From: f.Modules[0].ID, Exit: "next", To: "gate"}}
	return f
}

func TestAnOverrideIsToggledByItsCode(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	if err := publish(t, s, router("gated", "61", "07")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		at   time.Time
		held string
		exit flow.Exit
	}{
		{monday, "closed", "closed"}, // it was open
		{monday, "", "open"},         // and is let go
		{sunday, "open", "open"},     // it was closed
		{monday, "", "open"},
	} {
		got, err := s.ToggleOverride(t.Context(), "07", "*77", c.at)
		if err != nil {
			t.Fatal(err)
		}
		if got.Override.State != c.held || got.Now.Exit != c.exit || got.Module != "gate" || got.ModuleName != "Gate" || got.FlowName != "Flow gated" {
			t.Errorf("at %s: %+v, want held %q", c.at, got, c.held)
		}
	}
	if _, err := s.ToggleOverride(t.Context(), "08", "*77", monday); !errors.Is(err, directory.ErrNotFound) {
		t.Errorf("an unknown code: %v", err)
	}
}

func TestAnOverrideSurvivesAPublish(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	if err := publish(t, s, router("gated", "61", "")); err != nil {
		t.Fatal(err)
	}
	until := time.Now().Add(time.Hour).UTC().Truncate(time.Microsecond)
	want := flow.Override{State: "closed", By: "ada@example.com", At: monday, Until: until}
	if err := s.SetOverride(t.Context(), "gated", "gate", want); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Publish(t.Context(), "gated", 1, "me", "again"); err != nil {
		t.Fatal(err)
	}
	o, err := s.Opening(t.Context(), "gated", "gate", "")
	if err != nil || o.Override != want || o.Zone != "UTC" {
		t.Errorf("%+v, %v", o, err)
	}
	all, err := s.Overrides(t.Context(), "gated")
	if err != nil || all["gate"] != want {
		t.Errorf("%+v, %v", all, err)
	}
	if err := s.SetOverride(t.Context(), "gated", "gate", flow.Override{State: "auto"}); err != nil {
		t.Fatal(err)
	}
	if all, err := s.Overrides(t.Context(), "gated"); err != nil || len(all) != 0 {
		t.Errorf("still held: %+v, %v", all, err)
	}
}

func TestAnOverrideCodeHasOneHolder(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	if err := publish(t, s, router("first", "61", "07")); err != nil {
		t.Fatal(err)
	}
	var refused *directory.ProblemsError
	err := publish(t, s, router("second", "62", "07"))
	if !errors.As(err, &refused) || refused.Problems[0].ID != "override-code-taken" {
		t.Fatalf("got %v", err)
	}
	if err := s.Unpublish(t.Context(), "first"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Publish(t.Context(), "second", 1, "me", ""); err != nil {
		t.Errorf("a code that was given back: %v", err)
	}
}

func TestAScheduleInUseByARouterStays(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	hours := schedule.Hours{Zone: "Asia/Tokyo"}
	hours.Week[time.Monday] = []schedule.Range{{From: 540, To: 1020}}
	if err := s.SaveSchedule(t.Context(), directory.Schedule{ID: "office", Name: "Office", Hours: hours}); err != nil {
		t.Fatal(err)
	}
	f := router("gated", "61", "")
	f.Modules[1].Settings = &flow.TimeRouter{Source: "schedule", Schedule: "office", Zone: "Europe/Stockholm"}
	if err := publish(t, s, f); err != nil {
		t.Fatal(err)
	}
	var used *directory.InUseError
	if err := remove(t, s, directory.KindSchedule, "office"); !errors.As(err, &used) || len(used.Uses) != 2 {
		t.Errorf("removed: %v", err)
	}
	o, err := s.Opening(t.Context(), "gated", "gate", "office")
	if err != nil || o.Name != "Office" || o.Hours.Zone != "Asia/Tokyo" || len(o.Hours.Week[time.Monday]) != 1 {
		t.Errorf("%+v, %v", o, err)
	}
	problems, err := s.Check(t.Context(), f)
	if err != nil || len(problems) != 1 || problems[0].ID != "zone-differs" {
		t.Errorf("%+v, %v", problems, err)
	}
	f.Modules[1].Settings = &flow.TimeRouter{Source: "schedule", Schedule: "lost"}
	if problems, err := s.Check(t.Context(), f); err != nil || len(problems) != 1 || problems[0].ID != "ref-missing" {
		t.Errorf("%+v, %v", problems, err)
	}
}

func TestACallerIsFoundOnSharedLists(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	for id, entries := range map[string][]string{"pests": {"+46700000001", "+4670*", "sales"}, "fraud": {"+46700000001", "007*"}} {
		if err := s.SaveList(t.Context(), directory.List{ID: id, Name: "List " + id}); err != nil {
			t.Fatal(err)
		}
		var all []directory.ListEntry
		for _, e := range entries {
			all = append(all, directory.ListEntry{Entry: e})
		}
		if added, _, err := s.AddToList(t.Context(), id, all, "me"); err != nil || added != len(entries) {
			t.Fatal(added, err)
		}
	}
	for _, c := range []struct {
		caller string
		lists  []string
		want   flow.Listed
	}{
		{"+46700000001", []string{"fraud", "pests"}, flow.Listed{List: "fraud", Name: "List fraud", Entry: "+46700000001"}},
		{"+46700000001", []string{"pests", "fraud"}, flow.Listed{List: "pests", Name: "List pests", Entry: "+46700000001"}},
		{"0046 700000002", []string{"pests"}, flow.Listed{List: "pests", Name: "List pests", Entry: "+4670*"}},
		{"+79990000000", []string{"fraud"}, flow.Listed{List: "fraud", Name: "List fraud", Entry: "007*"}},
		{"sales", []string{"pests"}, flow.Listed{List: "pests", Name: "List pests", Entry: "sales"}},
		{"sales", []string{"fraud", "lost"}, flow.Listed{}},
		{"salesman", []string{"pests"}, flow.Listed{}},
		{"+4680000000", []string{"pests", "fraud"}, flow.Listed{}},
	} {
		got, err := s.Listed(t.Context(), c.lists, flow.BlockingEntries(c.caller))
		if err != nil || got != c.want {
			t.Errorf("%q on %v: %+v, %v; want %+v", c.caller, c.lists, got, err, c.want)
		}
	}
}

func TestAWrongEntryKeepsAllOffAList(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	if err := s.SaveList(t.Context(), directory.List{ID: "pests", Name: "Pests"}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.AddToList(t.Context(), "pests", []directory.ListEntry{{Entry: "+46700000001"}, {Entry: "*"}}, "me"); !errors.Is(err, directory.ErrInvalid) {
		t.Errorf("got %v", err)
	}
	if _, _, err := s.AddToList(t.Context(), "lost", []directory.ListEntry{{Entry: "+46700000001"}}, "me"); !errors.Is(err, directory.ErrNotFound) {
		t.Errorf("a list that is not there: %v", err)
	}
	if l, err := s.List(t.Context(), "pests"); err != nil || l.Entries != 0 {
		t.Errorf("%+v, %v", l, err)
	}
}
