package schedule

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestTheOfficeHoursAreValid(t *testing.T) {
	if got := office.Validate(); len(got) != 0 {
		t.Errorf("problems: %+v", got)
	}
}

func TestOddHoursAreFoundAtTheirField(t *testing.T) {
	day := func(d int, ranges ...Range) Hours {
		h := Hours{Zone: "UTC"}
		h.Week[d] = ranges
		return h
	}
	days := func(all ...Exception) Hours {
		h := day(1, Range{0, 60})
		h.Exceptions = all
		return h
	}
	for name, tt := range map[string]struct {
		h         Hours
		id, field string
		level     Level
	}{
		"no zone":             {Hours{}, "setting-missing", "zone", Error},
		"unknown zone":        {Hours{Zone: "Europe/Atlantis"}, "setting-range", "zone", Error},
		"the machine's zone":  {Hours{Zone: "Local"}, "setting-range", "zone", Error},
		"starts at 24:00":     {day(5, Range{1440, 60}), "setting-range", "week.5.0", Error},
		"starts before":       {day(5, Range{-1, 60}), "setting-range", "week.5.0", Error},
		"ends after 24:00":    {day(5, Range{0, 60}, Range{60, 1441}), "setting-range", "week.5.1", Error},
		"start is end":        {day(5, Range{540, 540}), "setting-range", "week.5.0", Error},
		"eleven ranges":       {day(5, slices.Repeat([]Range{{0, 60}}, 11)...), "setting-range", "week.5", Error},
		"overlap":             {day(5, Range{540, 720}, Range{719, 1020}), "schedule-overlap", "week.5.1", Warning},
		"overlap of a night":  {Hours{Zone: "UTC", Week: [7][]Range{5: {{1320, 360}}, 6: {{300, 600}}}}, "schedule-overlap", "week.6.0", Warning},
		"overlap of the week": {Hours{Zone: "UTC", Week: [7][]Range{0: {{60, 120}}, 6: {{1320, 61}}}}, "schedule-overlap", "week.6.0", Warning},
		"never open":          {Hours{Zone: "UTC"}, "never-open", "week", Warning},
		"no first day":        {days(Exception{To: "2026-12-24"}), "setting-range", "exceptions.0.from", Error},
		"no such day":         {days(Exception{From: "2026-02-28", To: "2026-02-29"}), "setting-range", "exceptions.0.to", Error},
		"backwards":           {days(Exception{From: "2026-12-24", To: "2026-12-23"}), "setting-range", "exceptions.0.to", Error},
		"longer than a year":  {days(Exception{From: "2026-01-01", To: "2027-01-01", Yearly: true}), "setting-range", "exceptions.0.to", Error},
		"long label":          {days(Exception{Label: strings.Repeat("x", 61), From: "2026-12-24", To: "2026-12-24"}), "setting-range", "exceptions.0.label", Error},
		"special hours":       {days(Exception{From: "2026-12-24", To: "2026-12-24", Hours: []Range{{60, 60}}}), "setting-range", "exceptions.0.hours.0", Error},
		"special overlap":     {days(Exception{From: "2026-12-24", To: "2026-12-24", Hours: []Range{{0, 60}, {0, 60}}}), "schedule-overlap", "exceptions.0.hours.1", Warning},
		"same day twice":      {days(Exception{From: "2026-12-24", To: "2026-12-24"}, Exception{From: "2026-12-24", To: "2026-12-24"}), "schedule-overlap", "exceptions.1", Warning},
		"every year too": {days(Exception{From: "2026-12-24", To: "2026-12-28"}, Exception{From: "2020-12-26", To: "2021-01-02", Yearly: true}),
			"schedule-overlap", "exceptions.1", Warning},
		"every year within": {days(Exception{From: "2026-11-01", To: "2027-02-01"}, Exception{From: "2020-12-31", To: "2021-01-01", Yearly: true}),
			"schedule-overlap", "exceptions.1", Warning},
		"too many": {days(slices.Repeat([]Exception{{From: "2026-12-24", To: "2026-12-24"}}, MaxExceptions+1)...), "setting-range", "exceptions", Error},
	} {
		if got := tt.h.Validate(); !slices.ContainsFunc(got, func(p Problem) bool {
			return p.ID == tt.id && p.Field == tt.field && p.Level == tt.level && p.Text != ""
		}) {
			t.Errorf("%s: got %+v, want %s at %s", name, got, tt.id, tt.field)
		}
	}
}

func TestWhatMeetsWithoutOverlapIsRight(t *testing.T) {
	h := Hours{Zone: "UTC", Week: [7][]Range{5: {{540, 720}, {720, 1440}}, 6: {{0, 360}, {1320, 0}}, 0: {{0, 1440}}},
		Exceptions: []Exception{
			{From: "2026-12-20", To: "2026-12-30"}, {From: "2026-12-24", To: "2026-12-24"}, {From: "2026-12-31", To: "2027-01-02"},
			{From: "2020-02-01", To: "2020-02-03", Yearly: true},
		}}
	if got := h.Validate(); len(got) != 0 {
		t.Errorf("problems: %+v", got)
	}
}

func TestHoursPrintAndReadBack(t *testing.T) {
	text, err := json.Marshal(office)
	if err != nil {
		t.Fatal(err)
	}
	var back Hours
	if err := json.Unmarshal(text, &back); err != nil || !reflect.DeepEqual(back, office) {
		t.Errorf("read back as %+v, %v", back, err)
	}
}
