package db_test

import (
	"testing"
	"time"

	"tandem/db"
	"tandem/db/dbtest"
	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/flow/schedule"
)

var (
	sunday = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	monday = sunday.Add(24 * time.Hour)
)

// onWeekdays makes the desk that of a user who works from Monday to Friday.
func onWeekdays(t testing.TB, s *db.Store) {
	t.Helper()
	hours := schedule.Hours{Zone: "Europe/Stockholm"}
	for day := time.Monday; day <= time.Friday; day++ {
		hours.Week[day] = []schedule.Range{{From: 9 * 60, To: 17 * 60}}
	}
	desk, err := s.ContactMethod(t.Context(), "desk")
	if err != nil {
		t.Fatal(err)
	}
	desk.Owner = "worker"
	for _, err := range []error{
		s.SaveSchedule(t.Context(), directory.Schedule{ID: "work", Name: "Work", Hours: hours}),
		s.SaveUser(t.Context(), directory.User{ID: "worker", LastName: "Worker", Schedule: "work"}),
		s.SaveContactMethod(t.Context(), desk),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestAUserOffScheduleIsNotRung(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	onWeekdays(t, s)
	for _, c := range []struct {
		at   time.Time
		skip call.Cause
	}{{sunday, call.CauseOffSchedule}, {monday, ""}, {monday.Add(5 * time.Hour), call.CauseOffSchedule}} {
		got, err := s.Targets(t.Context(), []string{"desk", "away"}, c.at)
		if err != nil {
			t.Fatal(err)
		}
		if got[0].Skip != c.skip || got[0].Account != "desk" {
			t.Errorf("at %s: got %+v, want skip %q and the account all the same", c.at, got[0], c.skip)
		}
		if got[1].Skip != "" {
			t.Errorf("a contact method without schedule is closed: %+v", got[1])
		}
	}
}

func TestATargetSaysHowItIsAnsweredAndHowOftenItIsRung(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	for id, change := range map[string]func(*directory.ContactMethod){
		"desk": func(m *directory.ContactMethod) { m.CallWaiting = true },
		"away": func(m *directory.ContactMethod) { m.Confirm, m.Whisper, m.CallsAtOnce = true, "hello", 2 },
	} {
		m, err := s.ContactMethod(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		change(&m)
		if err := s.SaveContactMethod(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.Targets(t.Context(), []string{"desk", "away"}, monday)
	if err != nil {
		t.Fatal(err)
	}
	if desk := got[0]; !desk.CallWaiting || desk.Confirm || desk.Whisper != "" || desk.AtOnce != 0 {
		t.Errorf("the desk is %+v", desk)
	}
	if away := got[1]; away.CallWaiting || !away.Confirm || away.Whisper != "hello" || away.AtOnce != 2 {
		t.Errorf("the forwarding is %+v", away)
	}
	known, err := s.Known(t.Context(), "any")
	if err != nil || known.AtOnce("away") != 2 || known.AtOnce("desk") != 0 {
		t.Errorf("a check knows other limits: %v", err)
	}
}

func TestADirectCallRespectsTheSchedule(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	onWeekdays(t, s)
	for _, in := range []call.Incoming{{Called: "+4687000002", Trunk: "north"}, {Called: "201", Account: "away"}} {
		for at, skip := range map[time.Time]call.Cause{sunday: call.CauseOffSchedule, monday: ""} {
			in.At = at
			got, err := s.Route(t.Context(), in)
			if err != nil || got.Direct == nil || got.Direct.Skip != skip {
				t.Errorf("%s at %s: got %+v, %v; want skip %q", in.Called, at, got.Direct, err, skip)
			}
		}
	}
}
