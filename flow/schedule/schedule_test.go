package schedule

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// at reads "2026-11-20 17:03[:04]" on the wall clock of a zone; of a repeated
// hour it is the first.
func at(t *testing.T, zone, text string) time.Time {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	layout := "2006-01-02 15:04:05"[:len(text)]
	parsed, err := time.ParseInLocation(layout, text, loc)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func hm(h, m int) int { return h*60 + m }

// office is open on weekdays from nine to five with an hour for lunch on
// Fridays, on Friday and Saturday nights, and keeps some holidays.
var office = Hours{
	Zone: "Europe/Stockholm",
	Week: [7][]Range{
		1: {{hm(9, 0), hm(17, 0)}}, 2: {{hm(9, 0), hm(17, 0)}}, 3: {{hm(9, 0), hm(17, 0)}}, 4: {{hm(9, 0), hm(17, 0)}},
		5: {{hm(9, 0), hm(12, 0)}, {hm(13, 0), hm(17, 0)}, {hm(22, 0), hm(6, 0)}},
		6: {{hm(22, 0), hm(24, 0)}},
	},
	Exceptions: []Exception{
		{Label: "Christmas", From: "2026-12-23", To: "2026-12-27"},
		{Label: "Christmas Eve", From: "2026-12-24", To: "2026-12-24", Hours: []Range{{hm(10, 0), hm(14, 0)}}},
		{Label: "New Year", From: "2025-12-31", To: "2026-01-02", Yearly: true},
		{Label: "Sale", From: "2026-11-27", To: "2026-11-27", Hours: []Range{{hm(20, 0), hm(2, 0)}}},
		{From: "2024-02-29", To: "2024-02-29", Yearly: true},
	},
}

func TestHoursAtAnInstant(t *testing.T) {
	for _, tt := range []struct {
		when  string
		open  bool
		rule  string
		until string
		text  string
	}{
		{"2026-11-20 08:59:59", false, "week.5", "2026-11-20 09:00", "Fri 08:59 Europe/Stockholm is outside 09:00–12:00, 13:00–17:00, 22:00–06:00"},
		{"2026-11-20 09:00", true, "week.5.0", "2026-11-20 12:00", "Fri 09:00 Europe/Stockholm is within 09:00–12:00"},
		{"2026-11-20 12:00", false, "week.5", "2026-11-20 13:00", ""},
		{"2026-11-19 16:59:59", true, "week.4.0", "2026-11-19 17:00", ""},
		{"2026-11-19 17:00", false, "week.4", "2026-11-20 09:00", "Thu 17:00 Europe/Stockholm is outside 09:00–17:00"},
		{"2026-11-21 05:59", true, "week.5.2", "2026-11-21 06:00", "Sat 05:59 Europe/Stockholm is within 22:00–06:00 of Friday"},
		{"2026-11-21 06:00", false, "week.6", "2026-11-21 22:00", ""},
		{"2026-11-21 23:59", true, "week.6.0", "2026-11-22 00:00", ""},
		{"2026-11-22 00:00", false, "week.0", "2026-11-23 09:00", "Sun 00:00 Europe/Stockholm: closed on Sundays"},
		{"2026-11-27 10:00", false, "exception.3", "2026-11-27 20:00", "Fri 27 Nov 10:00 Europe/Stockholm is outside 20:00–02:00, “Sale”"},
		{"2026-11-27 23:00", true, "exception.3.0", "2026-11-28 02:00", ""},
		{"2026-11-28 01:59", true, "exception.3.0", "2026-11-28 02:00", "Sat 28 Nov 01:59 Europe/Stockholm is within 20:00–02:00 of Friday, “Sale”"},
		{"2026-11-28 03:00", false, "week.6", "2026-11-28 22:00", ""},
		{"2026-12-23 10:00", false, "exception.0", "2026-12-24 10:00", "Wed 23 Dec 10:00 Europe/Stockholm: closed for “Christmas”"},
		{"2026-12-24 13:59", true, "exception.1.0", "2026-12-24 14:00", "Thu 24 Dec 13:59 Europe/Stockholm is within 10:00–14:00, “Christmas Eve”"},
		{"2026-12-25 23:00", false, "exception.0", "2026-12-28 09:00", ""},
		{"2026-12-26 02:00", false, "exception.0", "2026-12-28 09:00", ""},
		{"2030-12-31 10:00", false, "exception.2", "2031-01-03 09:00", ""},
		{"2028-02-29 10:00", false, "exception.4", "2028-03-01 09:00", "Tue 29 Feb 10:00 Europe/Stockholm: closed for the exception of 2024-02-29"},
		{"2027-03-01 10:00", true, "week.1.0", "2027-03-01 17:00", ""},
	} {
		got := office.At(at(t, office.Zone, tt.when))
		if got.Open != tt.open || got.Rule != tt.rule || tt.text != "" && got.Text != tt.text || got.Until.Format("2006-01-02 15:04") != tt.until {
			t.Errorf("%s: %+v, want %+v", tt.when, got, tt)
		}
	}
}

// A caller's instant is the same in whatever zone it is written.
func TestTheZoneOfTheInstantDoesNotMatter(t *testing.T) {
	when := at(t, "Asia/Tokyo", "2026-11-21 01:03") // Friday 17:03 in Stockholm
	if got := office.At(when); got.Open || got.Rule != "week.5" || !strings.HasPrefix(got.Text, "Fri 17:03") {
		t.Errorf("got %+v", got)
	}
}

// nightly is open from 01:30 to 03:30 every day, in a zone.
func nightly(zone string) Hours {
	h := Hours{Zone: zone}
	for d := range h.Week {
		h.Week[d] = []Range{{hm(1, 30), hm(3, 30)}}
	}
	return h
}

func TestAClockChangeSkipsAndRepeats(t *testing.T) {
	for _, tt := range []struct {
		zone, day string
		open      time.Duration // in real time, that night
	}{
		{"Europe/Stockholm", "2026-03-29", 1 * time.Hour}, // 02:00 → 03:00
		{"Europe/Stockholm", "2026-10-25", 3 * time.Hour}, // 03:00 → 02:00
		{"America/New_York", "2026-03-08", 1 * time.Hour},
		{"America/New_York", "2026-11-01", 150 * time.Minute}, // 02:00 → 01:00: 01:30–02:00 comes twice
		{"Australia/Lord_Howe", "2026-10-04", 90 * time.Minute},
		{"Australia/Lord_Howe", "2026-04-05", 150 * time.Minute}, // half an hour
		{"Asia/Kolkata", "2026-03-29", 2 * time.Hour},
	} {
		h, open := nightly(tt.zone), time.Duration(0)
		start := at(t, tt.zone, tt.day+" 00:00")
		for s := range 6 * 60 {
			if h.At(start.Add(time.Duration(s) * time.Minute)).Open {
				open += time.Minute
			}
		}
		if open != tt.open {
			t.Errorf("%s on %s: open for %v, want %v", tt.zone, tt.day, open, tt.open)
		}
	}
}

// A range that lies within the skipped hour comes not at all that day, one that
// begins in it begins where the clock goes on.
func TestASkippedHourMatchesNothing(t *testing.T) {
	h := Hours{Zone: "Europe/Stockholm", Week: [7][]Range{0: {{hm(2, 10), hm(2, 50)}}}}
	if got := h.At(at(t, h.Zone, "2026-03-29 01:59")); got.Open || !got.Until.Equal(at(t, h.Zone, "2026-04-05 02:10")) {
		t.Errorf("within: %+v", got)
	}
	h.Week[0] = []Range{{hm(2, 30), hm(5, 0)}}
	if got := h.At(at(t, h.Zone, "2026-03-29 01:59")); !got.Until.Equal(at(t, h.Zone, "2026-03-29 03:00")) {
		t.Errorf("begun: %+v", got)
	}
}

func TestARepeatedHourMatchesTwice(t *testing.T) {
	h := Hours{Zone: "Europe/Stockholm", Week: [7][]Range{0: {{hm(2, 15), hm(2, 45)}}}}
	when := at(t, h.Zone, "2026-10-25 01:00")
	var changes []string
	for range 4 {
		when = h.At(when).Until
		changes = append(changes, when.Format("15:04 -07"))
	}
	if want := []string{"02:15 +02", "02:45 +02", "02:15 +01", "02:45 +01"}; !slices.Equal(changes, want) {
		t.Errorf("changes at %v, want %v", changes, want)
	}
}

func TestWhatNeverChangesHasNoEnd(t *testing.T) {
	always := Hours{Zone: "UTC"}
	for d := range always.Week {
		always.Week[d] = []Range{{0, hm(24, 0)}}
	}
	for name, h := range map[string]Hours{"always open": always, "never open": {Zone: "America/Santiago"}} {
		if got := h.At(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)); !got.Until.IsZero() || got.Open != (name == "always open") {
			t.Errorf("%s: %+v", name, got)
		}
	}
	far := Hours{Zone: "UTC", Exceptions: []Exception{{From: "2027-02-04", To: "2027-02-04", Hours: []Range{{0, 60}}}, {From: "2030-02-06", To: "2030-02-06", Hours: []Range{{0, 60}}}}}
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	if got := far.At(start); got.Until != start.AddDate(0, 0, 399) {
		t.Errorf("399 days ahead: %v", got.Until)
	}
	if got := far.At(start.AddDate(2, 0, 0)); !got.Until.IsZero() {
		t.Errorf("beyond the horizon: %v", got.Until)
	}
}

func TestAnUnknownZoneIsClosed(t *testing.T) {
	for _, zone := range []string{"", "Local", "Europe/Atlantis", "../etc/passwd"} {
		if got := (Hours{Zone: zone}).At(time.Unix(0, 0)); got.Open || got.Rule != unknownZone {
			t.Errorf("%q: %+v", zone, got)
		}
	}
}

// zones change their clocks at odd hours, by odd amounts, at midnight, or never.
var zones = strings.Fields(`UTC Europe/Stockholm Europe/London Europe/Dublin Europe/Lisbon Europe/Athens Europe/Moscow Europe/Istanbul
	America/New_York America/Chicago America/Denver America/Phoenix America/Los_Angeles America/Anchorage America/St_Johns America/Halifax
	America/Havana America/Santiago America/Asuncion America/Sao_Paulo America/Nuuk America/Caracas Africa/Cairo Africa/Casablanca
	Africa/Johannesburg Asia/Tehran Asia/Beirut Asia/Gaza Asia/Amman Asia/Kolkata Asia/Kathmandu Asia/Tokyo Asia/Shanghai
	Australia/Sydney Australia/Adelaide Australia/Lord_Howe Pacific/Auckland Pacific/Chatham Pacific/Apia Pacific/Kiritimati Atlantic/Azores`)

// slow is the schedule in the plainest words: which minute of which date is it.
func slow(h Hours, t time.Time, loc *time.Location) bool {
	local := t.In(loc)
	minute := local.Hour()*60 + local.Minute()
	y, m, d := local.Date()
	noon := time.Date(y, m, d, 12, 0, 0, 0, time.UTC)
	for _, r := range slowRanges(h, noon) {
		if r.From < r.To && r.From <= minute && minute < r.To || r.To < r.From && r.From <= minute {
			return true
		}
	}
	for _, r := range slowRanges(h, noon.AddDate(0, 0, -1)) {
		if r.To < r.From && minute < r.To {
			return true
		}
	}
	return false
}

func slowRanges(h Hours, noon time.Time) []Range {
	date := Date(noon.Format(time.DateOnly))
	for _, single := range []bool{true, false} {
		for _, e := range h.Exceptions {
			if (e.From == e.To) == single && slowHolds(e, date) {
				return e.Hours
			}
		}
	}
	return h.Week[noon.Weekday()]
}

// slowHolds tries every year that can be meant.
func slowHolds(e Exception, date Date) bool {
	if !e.Yearly {
		return e.From <= date && date <= e.To
	}
	year := func(d Date) int {
		n, _ := strconv.Atoi(string(d[:4]))
		return n
	}
	for y := year(date) - 1; y <= year(date); y++ {
		first, last := fmt.Sprintf("%04d%s", y, e.From[4:]), fmt.Sprintf("%04d%s", y+year(e.To)-year(e.From), e.To[4:])
		if first <= string(date) && string(date) <= last {
			return true
		}
	}
	return false
}

func randomHours(r *rand.Rand, zone string, around time.Time) Hours {
	h := Hours{Zone: zone}
	ranges := func() (out []Range) {
		for range r.IntN(3) {
			one := Range{r.IntN(minutesADay), r.IntN(minutesADay + 1)}
			if r.IntN(2) == 0 { // near the hours at which clocks change
				one = Range{r.IntN(240), r.IntN(300)}
			}
			if one.From != one.To {
				out = append(out, one)
			}
		}
		return out
	}
	for d := range h.Week {
		h.Week[d] = ranges()
	}
	for range r.IntN(3) {
		from := around.AddDate(0, 0, r.IntN(5)-2)
		to := from.AddDate(0, 0, r.IntN(3))
		yearly := r.IntN(2) == 0
		if yearly && r.IntN(2) == 0 {
			from, to = from.AddDate(-4, 0, 0), to.AddDate(-4, 0, 0)
		}
		h.Exceptions = append(h.Exceptions, Exception{From: Date(from.Format(time.DateOnly)), To: Date(to.Format(time.DateOnly)), Yearly: yearly, Hours: ranges()})
	}
	return h
}

// Minute by minute, over both clock changes, the turn of the year and some
// other days, the schedule agrees with the plain words, and names the very
// minute at which it changes.
func TestEveryMinuteAgreesWithTheSlowReference(t *testing.T) {
	if len(zones) < 40 {
		t.Fatalf("only %d zones", len(zones))
	}
	for n, zone := range zones {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		r := rand.New(rand.NewPCG(uint64(n), 9))
		for _, around := range moments(r, loc) {
			compareMinutes(t, randomHours(r, zone, around), around.Add(-30*time.Hour).Truncate(time.Minute), loc)
		}
	}
}

// moments are the clock changes of 2026, the turn of the year, and a day at random.
func moments(r *rand.Rand, loc *time.Location) []time.Time {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, loc)
	out := []time.Time{start, start.AddDate(0, 0, r.IntN(365))}
	for t := start; ; {
		_, end := t.ZoneBounds()
		if end.IsZero() || end.Year() > 2026 {
			return out
		}
		out, t = append(out, end), end
	}
}

func compareMinutes(t *testing.T, h Hours, start time.Time, loc *time.Location) {
	t.Helper()
	const minutes = 60 * 60
	is := make([]bool, minutes)
	for i := range is {
		is[i] = slow(h, start.Add(time.Duration(i)*time.Minute), loc)
	}
	var said State
	for i := range is {
		now := start.Add(time.Duration(i) * time.Minute)
		if i == 0 || !now.Before(said.Until) && !said.Until.IsZero() || i%97 == 0 {
			said = h.At(now.Add(time.Duration(i%60) * time.Second))
			next := slices.Index(is[i:], !is[i])
			want := now.Add(time.Duration(next) * time.Minute)
			if next >= 0 && !said.Until.Equal(want) || next < 0 && !said.Until.IsZero() && said.Until.Before(start.Add(minutes*time.Minute)) {
				t.Fatalf("%+v at %v: until %v, want %v", h, now.In(loc), said.Until, want.In(loc))
			}
		}
		if said.Open != is[i] {
			t.Fatalf("%+v at %v: open %v, want %v", h, now.In(loc), said.Open, is[i])
		}
	}
}

func BenchmarkAt(b *testing.B) {
	for name, h := range map[string]Hours{"office": office, "never, 1000 exceptions": {Zone: "Europe/Stockholm", Exceptions: slices.Repeat(office.Exceptions[2:3], MaxExceptions)}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				h.At(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
			}
		})
	}
}
