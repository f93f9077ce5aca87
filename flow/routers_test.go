package flow

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/flow/schedule"
)

// library is an office with a schedule for each name it is asked for.
type library struct{ office }

func (library) Hours(id string) (schedule.Hours, bool) {
	h := schedule.Hours{Zone: "Asia/Tokyo"}
	switch id {
	case "weekdays":
		h.Week[time.Monday] = []schedule.Range{{From: 540, To: 1020}}
	case "always":
		for day := range h.Week {
			h.Week[day] = []schedule.Range{{From: 0, To: 1440}}
		}
	case "once": // in less than a year, and never again
		h.Exceptions = []schedule.Exception{{From: "2027-06-01", To: "2027-06-01", Hours: []schedule.Range{{From: 540, To: 1020}}}}
	case "late": // in more than a year
		h.Exceptions = []schedule.Exception{{From: "2027-12-20", To: "2027-12-20", Hours: []schedule.Range{{From: 540, To: 1020}}}}
	case "never":
	default:
		return h, false
	}
	return h, true
}

// found is what is wrong with settings by themselves: "id field".
func found(t *testing.T, kind, settings string) string {
	t.Helper()
	m := Module{ID: "m", Kind: kind, Name: "M", Settings: Catalog[kind].New()}
	if err := json.Unmarshal([]byte(settings), m.Settings); err != nil {
		t.Fatalf("%s: %v", settings, err)
	}
	for _, e := range m.Settings.Exits() {
		m.HangUpHere = append(m.HangUpHere, e.ID)
	}
	var out []string
	for _, p := range Validate(Flow{ID: "f", Name: "F", Modules: []Module{m}}, library{}) {
		if p.ID != "no-entry" && p.ID != "unreachable" {
			out = append(out, p.ID+" "+p.Field)
		}
	}
	return strings.Join(out, ", ")
}

func TestSettingsOfRoutersAreChecked(t *testing.T) {
	many := func(n int, row string) string { return "[" + strings.Repeat(row+",", n-1) + row + "]" }
	for _, c := range []struct{ kind, settings, want string }{
		{"time-router", `{"intervals":[{"weekdays":["monday","tuesday"],"from":"09:00","to":"17:00"}]}`, ""},
		{"time-router", `{}`, "never-open intervals"},
		{"time-router", `{"intervals":[{"weekdays":["monday","tuesday","wednesday","thursday","friday","saturday","sunday"],"from":"00:00","to":"24:00"}]}`, "always-open intervals"},
		{"time-router", `{"intervals":[{"weekdays":["monday","tuesday","wednesday","thursday","friday","saturday","sunday"],"from":"06:00","to":"05:59"}]}`, ""},
		{"time-router", `{"intervals":[{"weekdays":["monday"],"from":"09:00","to":"17:00"},{"weekdays":["monday"],"from":"17:00","to":"18:00"}]}`, ""},
		{"time-router", `{"intervals":[{"weekdays":["monday"],"from":"09:00","to":"17:00"},{"weekdays":["friday","monday"],"from":"16:59","to":"18:00"}]}`, "schedule-overlap intervals.1"},
		{"time-router", `{"intervals":[{"weekdays":["sunday"],"from":"05:00","to":"07:00"},{"weekdays":["saturday"],"from":"22:00","to":"06:00"}]}`, "schedule-overlap intervals.1"},
		{"time-router", `{"intervals":[{"weekdays":["saturday"],"from":"22:00","to":"05:00"},{"weekdays":["sunday"],"from":"05:00","to":"07:00"}]}`, ""},
		{"time-router", `{"intervals":[{"weekdays":["monday"],"from":"09:00","to":"09:00"}]}`, "setting-range intervals.0.to, never-open intervals"},
		{"time-router", `{"intervals":[{"weekdays":["monday"],"from":"24:00","to":"09:00"}]}`, "setting-range intervals.0.from, never-open intervals"},
		{"time-router", `{"intervals":[{"weekdays":[],"from":"09:00","to":"17:00"}]}`, "setting-missing intervals.0.weekdays, never-open intervals"},
		{"time-router", `{"intervals":[{"weekdays":["someday","monday"],"from":"09:00","to":"17:00"}]}`, "setting-range intervals.0.weekdays"},
		{"time-router", `{"intervals":` + many(101, `{"weekdays":["monday"],"from":"09:00","to":"17:00"}`) + `}`, "setting-range intervals"},
		{"time-router", `{"source":"moon"}`, "setting-range source, never-open intervals"},
		{"time-router", `{"zone":"Nowhere/Else"}`, "setting-range zone, never-open intervals"},
		{"time-router", `{"source":"schedule"}`, "setting-missing schedule"},
		{"time-router", `{"source":"schedule","schedule":"gone"}`, "ref-missing schedule"},
		{"time-router", `{"source":"schedule","schedule":"weekdays"}`, ""},
		{"time-router", `{"source":"schedule","schedule":"weekdays","zone":"Europe/Stockholm"}`, "zone-differs zone"},
		{"time-router", `{"source":"schedule","schedule":"always"}`, "always-open schedule"},
		{"time-router", `{"source":"schedule","schedule":"never"}`, "never-open schedule"},
		{"time-router", `{"source":"schedule","schedule":"once"}`, ""},
		{"time-router", `{"source":"schedule","schedule":"late"}`, "never-open schedule"},
		{"time-router", `{"code":"7","source":"schedule","schedule":"weekdays"}`, "setting-range code"},
		{"caller-router", `{}`, ""},
		{"caller-router", `{"match":"suffix","default":"perhaps"}`, "setting-range match, setting-range default"},
		{"caller-router", `{"rules":[{"digits":"+46 8","go":"vip"}],"routes":[{"slug":"vip","name":"VIP"}]}`, ""},
		{"caller-router", `{"rules":[{"digits":"+46 8","go":"vip"}]}`, "setting-range rules.0.go"},
		{"caller-router", `{"rules":[{"digits":"","go":"allow"},{"digits":"4x","go":"allow"}]}`, "setting-range rules.0.digits, setting-range rules.1.digits"},
		{"caller-router", `{"routes":[{"slug":"allow","name":"A"},{"slug":"b b","name":""}]}`, "setting-range routes.0.slug, setting-range routes.1.slug, setting-range routes.1.name"},
		{"caller-router", `{"rules":` + many(1001, `{"digits":"1","go":"allow"}`) + `}`, "setting-range rules"},
		{"caller-router", `{"routes":` + many(21, `{"slug":"a","name":"A"}`) + `}`, "setting-range routes"},
		{"blocklist", `{"numbers":["+46700000001","4670*","sales"],"shared_lists":["pests"]}`, ""},
		{"blocklist", `{"shared_lists":["pests","gone"]}`, "ref-missing shared_lists.1"},
		{"blocklist", `{"decline_code":404}`, "setting-range decline_code"},
		{"blocklist", `{"numbers":["*"]}`, "setting-range numbers"},
		{"blocklist", `{"numbers":` + many(10_001, `"1"`) + `}`, "setting-range numbers"},
	} {
		got := found(t, c.kind, c.settings)
		if c.want == "setting-range routes" { // the same slug 21 times besides
			got, _, _ = strings.Cut(got, ", ")
		}
		if c.want == "setting-range intervals" {
			got, _, _ = strings.Cut(got, ", ")
		}
		if got != c.want {
			t.Errorf("%s %.120s: found %q, want %q", c.kind, c.settings, got, c.want)
		}
	}
}

func TestTwoRoutersOfAFlowCannotShareACode(t *testing.T) {
	f := Flow{Name: "F", Modules: []Module{
		{ID: "a", Kind: "time-router", Name: "A", Settings: &TimeRouter{Code: "07"}},
		{ID: "b", Kind: "time-router", Name: "B", Settings: &TimeRouter{Code: "07"}}}}
	if !slices.ContainsFunc(Validate(f, nil), func(p Problem) bool { return p.ID == "override-code-taken" && p.Module == "b" }) {
		t.Error("nobody objects")
	}
}

func TestATimeOfDayIsReadAsPeopleWriteIt(t *testing.T) {
	for text, want := range map[string]string{"09:00": "09:00", "9": "09:00", "9.30": "09:30", "0930": "09:30", "24:00": "24:00", "0:05": "00:05"} {
		var c Clock
		if err := c.UnmarshalText([]byte(text)); err != nil || c.String() != want {
			t.Errorf("%q is read as %s, %v; want %s", text, c, err, want)
		}
	}
	for _, text := range []string{"", "noon", "25:00", "9:60", "9:5", "-1:00", "123:00"} {
		var c Clock
		if c.UnmarshalText([]byte(text)) == nil {
			t.Errorf("%q is read as %s", text, c)
		}
	}
}

func TestNumbersAreReadOneToALine(t *testing.T) {
	var got NumberList
	if err := got.UnmarshalText([]byte(" +46 (70) 000-00 01\r\n\n004670*; sales dept, 4670 00 ")); err != nil {
		t.Fatal(err)
	}
	if want := (NumberList{"+46700000001", "004670*", "sales dept", "467000"}); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Whether an entry of a list meets a caller does not hang on how the carrier
// writes the number.
func TestAnEntryMeetsANumberHoweverItIsPresented(t *testing.T) {
	for _, caller := range []string{"+46700000001", "46700000001", "0046700000001", "+46 70-000 00 01"} {
		for entry, want := range map[string]bool{"+46700000001": true, "0046700000001": true, "46700000001": true, "+4670*": true, "4670*": true, "+46700000001*": true,
			"+4670000000": false, "+47*": false, "700*": false, "": false, "*": false} {
			if got := slices.Contains(BlockingEntries(caller), entry); got != want {
				t.Errorf("%q and the entry %q: %t", caller, entry, got)
			}
		}
	}
	if got := BlockingEntries("101"); fmt.Sprint(got) != "[1* 10* 101 101*]" {
		t.Errorf("an internal number meets %v", got)
	}
}

// An override that ends now does not hold any more: ends do not count.
func TestAnOverrideHoldsUntilItsEnd(t *testing.T) {
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		o    Override
		want bool
	}{
		{Override{}, false}, {Override{State: "auto"}, false}, {Override{State: "open"}, true}, {Override{State: "closed", Until: at}, false},
		{Override{State: "closed", Until: at.Add(1)}, true},
	} {
		if got := c.o.Holds(at); got != c.want {
			t.Errorf("%+v holds: %t", c.o, got)
		}
	}
}

// A router's own intervals are judged by the same rules as a schedule's.
func TestOwnIntervalsAreHoursOfASchedule(t *testing.T) {
	r := TimeRouter{Intervals: []Interval{{Weekdays: []string{"saturday", "monday"}, From: 22 * 60, To: 6 * 60}, {Weekdays: []string{"monday"}, From: 0, To: 24 * 60}}}
	h := r.Own("Europe/Stockholm")
	want := schedule.Hours{Zone: "Europe/Stockholm"}
	want.Week[time.Saturday] = []schedule.Range{{From: 1320, To: 360}}
	want.Week[time.Monday] = []schedule.Range{{From: 1320, To: 360}, {From: 0, To: 1440}}
	if fmt.Sprint(h) != fmt.Sprint(want) {
		t.Errorf("got %+v, want %+v", h, want)
	}
}
