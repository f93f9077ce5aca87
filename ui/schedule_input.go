package ui

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"tandem/flow/directory"
	"tandem/flow/schedule"
	"tandem/ui/pages"
)

// scheduleInput is a schedule as it is written.
type scheduleInput struct {
	Name       string           `json:"name"`
	Zone       string           `json:"zone"`
	Week       [7]ranges        `json:"week"` // Sunday first
	Exceptions []exceptionInput `json:"exceptions"`
	ID         string           `json:"id"` // not read: so that what was read can be sent back
}

// exceptionInput is one exception; a row without dates and label is none.
type exceptionInput struct {
	Label  string        `json:"label"`
	From   schedule.Date `json:"from"`
	To     schedule.Date `json:"to"` // empty: the same day
	Yearly bool          `json:"yearly"`
	Hours  ranges        `json:"hours"` // none: closed
}

func (in scheduleInput) schedule(id string) directory.Schedule {
	s := directory.Schedule{ID: id, Name: in.Name, Hours: schedule.Hours{Zone: in.Zone}}
	for day, hours := range in.Week {
		s.Week[day] = hours
	}
	for _, e := range in.Exceptions {
		if e.Label == "" && e.From == "" && e.To == "" && len(e.Hours) == 0 {
			continue // a spare row of the form
		}
		if e.To == "" {
			e.To = e.From
		}
		s.Exceptions = append(s.Exceptions, schedule.Exception{Label: e.Label, From: e.From, To: e.To, Yearly: e.Yearly, Hours: e.Hours})
	}
	return s
}

// ranges are stretches of a day, as a form writes them in one line:
// "09:00–12:00, 13:00–17:00".
type ranges []schedule.Range

// UnmarshalText reads a line; "closed" is none.
func (r *ranges) UnmarshalText(text []byte) error {
	*r = nil
	line := strings.NewReplacer("–", "-", "—", "-", " to ", "-", "and", ",").Replace(strings.ToLower(string(text)))
	if line = strings.TrimSpace(line); line == "" || line == "closed" {
		return nil
	}
	for part := range strings.FieldsFuncSeq(line, func(c rune) bool { return c == ',' || c == ';' }) {
		from, to, ok := strings.Cut(part, "-")
		low, errLow := minute(from)
		high, errHigh := minute(to)
		if !ok || errLow != nil || errHigh != nil {
			return fmt.Errorf("%q is no stretch of a day: write 09:00–17:00", strings.TrimSpace(part))
		}
		*r = append(*r, schedule.Range{From: low, To: high})
	}
	return nil
}

// UnmarshalJSON reads a list of {from, to} in minutes, or a line.
func (r *ranges) UnmarshalJSON(data []byte) error {
	var line string
	if json.Unmarshal(data, &line) == nil {
		return r.UnmarshalText([]byte(line))
	}
	return json.Unmarshal(data, (*[]schedule.Range)(r))
}

// minute reads "9", "9:30", "9.30" or "0930" as minutes since midnight.
func minute(text string) (int, error) {
	text = strings.ReplaceAll(strings.TrimSpace(text), ".", ":")
	hours, minutes, ok := strings.Cut(text, ":")
	if !ok {
		minutes = "0"
		if len(text) == 4 {
			hours, minutes = text[:2], text[2:]
		}
	}
	h, err := strconv.Atoi(hours)
	if err != nil {
		return 0, err
	}
	m, err := strconv.Atoi(minutes)
	if err != nil || h < 0 || h > 24 || m < 0 || m > 59 {
		return 0, fmt.Errorf("%q is no time of day", text)
	}
	return h*60 + m, nil
}

// rangesText writes stretches as UnmarshalText reads them.
func rangesText(all []schedule.Range) string {
	var out []string
	for _, r := range all {
		out = append(out, fmt.Sprintf("%02d:%02d–%02d:%02d", r.From/60, r.From%60, r.To/60, r.To%60))
	}
	return strings.Join(out, ", ")
}

// spareRows are the empty rows for new exceptions.
const spareRows = 2

func scheduleSections(s directory.Schedule, r *http.Request) []pages.Section {
	out := []pages.Section{{Title: "General", Fields: []pages.Field{
		{Name: "name", Label: "Name", Value: s.Name, Required: true, Max: "60", Placeholder: "Office hours"},
		{Name: "zone", Label: "Time zone", Value: s.Zone, Required: true, Max: "60", Hint: "As Europe/Stockholm. Clock changes are followed."}}}}
	week := pages.Section{Title: "Week", Hint: "Such as 09:00–12:00, 13:00–17:00. Empty is closed; 24:00 ends a day; 22:00–06:00 runs past midnight."}
	for i := range 7 {
		day := (time.Monday + time.Weekday(i)) % 7
		week.Fields = append(week.Fields, pages.Field{Name: "week." + strconv.Itoa(int(day)), Label: day.String(), Value: rangesText(s.Week[day]), Placeholder: "closed", Wide: true, Max: "160"})
	}
	rows := len(s.Exceptions) + spareRows
	for name := range r.PostForm { // rows that were added on the page
		if parts := strings.Split(name, "."); len(parts) == 3 && parts[0] == "exceptions" {
			if n, err := strconv.Atoi(parts[1]); err == nil && n < schedule.MaxExceptions {
				rows = max(rows, n+1)
			}
		}
	}
	except := pages.Section{Title: "Exceptions", Hint: "Holidays and special days. A date beats the week, a single date beats a range; hours replace the whole day, none close it."}
	for i := range rows {
		var e schedule.Exception
		if i < len(s.Exceptions) {
			e = s.Exceptions[i]
		}
		name := fmt.Sprintf("exceptions.%d.", i)
		to := string(e.To)
		if e.To == e.From {
			to = ""
		}
		except.Fields = append(except.Fields,
			pages.Field{Name: name + "label", Label: "Name", Value: e.Label, Max: "60", Placeholder: "Christmas"},
			pages.Field{Name: name + "from", Label: "Day", Type: "date", Value: string(e.From)},
			pages.Field{Name: name + "to", Label: "Last day", Type: "date", Value: to},
			pages.Field{Name: name + "hours", Label: "Hours", Value: rangesText(e.Hours), Placeholder: "closed", Max: "160"},
			pages.Field{Name: name + "yearly", Label: "every year", Type: "check", Checked: e.Yearly})
	}
	return append(out, week, except)
}
