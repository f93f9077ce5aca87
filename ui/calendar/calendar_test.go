package calendar

import (
	"errors"
	"strings"
	"testing"

	"tandem/flow/schedule"
)

// file is a calendar of events, each given by its lines.
func file(events ...string) []byte {
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n")
	for _, e := range events {
		b.WriteString("BEGIN:VEVENT\r\n" + strings.ReplaceAll(e, "|", "\r\n") + "\r\nEND:VEVENT\r\n")
	}
	return []byte(b.String() + "END:VCALENDAR\r\n")
}

func TestWholeDaysBecomeExceptions(t *testing.T) {
	for name, c := range map[string]struct {
		event string
		want  schedule.Exception
	}{
		"one day":                       {"SUMMARY:National Day|DTSTART;VALUE=DATE:20270606|DTEND;VALUE=DATE:20270607", schedule.Exception{Label: "National Day", From: "2027-06-06", To: "2027-06-06"}},
		"a range, whose end is outside": {"SUMMARY:Summer closing|DTSTART;VALUE=DATE:20270705|DTEND;VALUE=DATE:20270712", schedule.Exception{Label: "Summer closing", From: "2027-07-05", To: "2027-07-11"}},
		"no end":                        {"SUMMARY:Epiphany|DTSTART;VALUE=DATE:20270106", schedule.Exception{Label: "Epiphany", From: "2027-01-06", To: "2027-01-06"}},
		"an end on the day itself":      {"SUMMARY:Epiphany|DTSTART;VALUE=DATE:20270106|DTEND;VALUE=DATE:20270106", schedule.Exception{Label: "Epiphany", From: "2027-01-06", To: "2027-01-06"}},
		"a length in days":              {"SUMMARY:Easter|DTSTART;VALUE=DATE:20270326|DURATION:P4D", schedule.Exception{Label: "Easter", From: "2027-03-26", To: "2027-03-29"}},
		"a length in weeks":             {"SUMMARY:Break|DTSTART;VALUE=DATE:20270326|DURATION:P1W", schedule.Exception{Label: "Break", From: "2027-03-26", To: "2027-04-01"}},
		"each year":                     {"SUMMARY:Christmas|DTSTART;VALUE=DATE:20201224|DTEND;VALUE=DATE:20201227|RRULE:FREQ=YEARLY", schedule.Exception{Label: "Christmas", From: "2020-12-24", To: "2020-12-26", Yearly: true}},
		"each year, said twice":         {"SUMMARY:New Year|DTSTART;VALUE=DATE:20200101|RRULE:FREQ=YEARLY;INTERVAL=1;BYMONTH=1;BYMONTHDAY=1;WKST=MO", schedule.Exception{Label: "New Year", From: "2020-01-01", To: "2020-01-01", Yearly: true}},
		"a folded name with a comma":    {"SUMMARY:Long\\, lo\r\n ng day|DTSTART;VALUE=DATE:20270606", schedule.Exception{Label: "Long, long day", From: "2027-06-06", To: "2027-06-06"}},
		"no name":                       {"DTSTART;VALUE=DATE:20270606", schedule.Exception{Label: "Holiday", From: "2027-06-06", To: "2027-06-06"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Read(file(c.event), "2026-11-22")
			if err != nil || len(got.Left) > 0 || len(got.Taken) != 1 {
				t.Fatalf("gives %+v, %v", got, err)
			}
			if !same(got.Taken[0], c.want) {
				t.Errorf("gives %+v, want %+v", got.Taken[0], c.want)
			}
		})
	}
}

func TestWhatAScheduleCannotSayIsLeftWithItsLine(t *testing.T) {
	for why, event := range map[string]string{
		"has a time of day":      "SUMMARY:x|DTSTART:20270606T090000Z|DTEND:20270606T170000Z",
		"other than each year":   "SUMMARY:x|DTSTART;VALUE=DATE:20270606|RRULE:FREQ=WEEKLY",
		"by a rule other than":   "SUMMARY:x|DTSTART;VALUE=DATE:20270606|RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=6",
		"each year on its date":  "SUMMARY:x|DTSTART;VALUE=DATE:20240229|RRULE:FREQ=YEARLY",
		"leaves out":             "SUMMARY:x|DTSTART;VALUE=DATE:20270606|EXDATE;VALUE=DATE:20280606",
		"is cancelled":           "SUMMARY:x|DTSTART;VALUE=DATE:20270606|STATUS:CANCELLED",
		"is over":                "SUMMARY:x|DTSTART;VALUE=DATE:20200606",
		"has no date":            "SUMMARY:x",
		"cannot be read":         "SUMMARY:x|DTSTART;VALUE=DATE:20271341",
		"lasts longer":           "SUMMARY:x|DTSTART;VALUE=DATE:20270101|DTEND;VALUE=DATE:20290101",
		"ends before it begins":  "SUMMARY:x|DTSTART;VALUE=DATE:20270105|DTEND;VALUE=DATE:20270101",
		"lasts no whole days":    "SUMMARY:x|DTSTART;VALUE=DATE:20270105|DURATION:PT8H",
		"changes one day of a r": "SUMMARY:x|DTSTART;VALUE=DATE:20270105|RECURRENCE-ID;VALUE=DATE:20270105",
	} {
		got, err := Read(file("SUMMARY:First|DTSTART;VALUE=DATE:20270101", event), "2026-11-22")
		if err != nil || len(got.Taken) != 1 || len(got.Left) != 1 {
			t.Errorf("%s: gives %+v, %v", why, got, err)
			continue
		}
		if l := got.Left[0]; !strings.Contains(l.Why, why) || l.Line != 8 || l.Name == "" {
			t.Errorf("left %+v, want line 8 because it %s", l, why)
		}
	}
}

func TestTheSameDayTwiceIsTakenOnce(t *testing.T) {
	day := "SUMMARY:x|DTSTART;VALUE=DATE:20270606"
	if got, err := Read(file(day, day), "2026-11-22"); err != nil || len(got.Taken) != 1 {
		t.Errorf("gives %+v, %v", got, err)
	}
}

func TestHostileFilesAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		file []byte
		want error
	}{
		"too big": {make([]byte, MaxBytes+1), ErrTooBig}, "a page": {[]byte("<html>"), ErrFormat}, "nothing": {nil, ErrFormat},
		"too many events": {file(make([]string, maxEvents+1)...), ErrMany}, "cut off": {[]byte("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:x"), ErrFormat},
		"nested without end": {[]byte("BEGIN:VCALENDAR\r\n" + strings.Repeat("BEGIN:VTODO\r\n", 60000)), ErrFormat},
	} {
		if _, err := Read(c.file, "2026-11-22"); !errors.Is(err, c.want) {
			t.Errorf("%s gives %v, want %v", name, err, c.want)
		}
	}
}

func TestAScriptInANameIsOnlyText(t *testing.T) {
	got, err := Read(file("SUMMARY:<script>alert(1)</script>\u202e\x01 x|DTSTART;VALUE=DATE:20270606"), "2026-11-22")
	if err != nil || got.Taken[0].Label != "<script>alert(1)</script> x" {
		t.Errorf("gives %+v, %v", got, err)
	}
}

// What is taken is always a day or a run of days that a schedule can hold.
func FuzzRead(f *testing.F) {
	f.Add(file("SUMMARY:a|DTSTART;VALUE=DATE:20270606|DTEND;VALUE=DATE:20270609|RRULE:FREQ=YEARLY"))
	f.Add(file("SUMMARY:a|DTSTART:20270606T090000Z|DURATION:P1W"))
	f.Add([]byte("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY;X=\"a:b\":c"))
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := Read(b, "2026-11-22")
		if err != nil {
			return
		}
		for _, x := range got.Taken {
			if len(x.From) != 10 || len(x.To) != 10 || x.To < x.From || x.Label == "" {
				t.Errorf("took %+v", x)
			}
		}
	})
}
