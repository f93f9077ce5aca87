package ui

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"tandem/flow/directory"
	"tandem/flow/schedule"
	"tandem/ui/calendar"
	"tandem/ui/pages"
)

// scheduleRoutes are opening hours with their exceptions.
func scheduleRoutes() []route {
	return []route{
		shows("GET /schedules", seeFlows, (*Panel).schedules),
		shows("GET /schedules/new", editFlows, (*Panel).schedule),
		shows("GET /schedules/{id}", seeFlows, (*Panel).schedule),
		reads("GET /api/schedules", seeFlows, "List schedules", func(p *Panel, r *http.Request) ([]directory.Schedule, error) {
			return p.library().Schedules(r.Context())
		}),
		reads("GET /api/schedules/{id}", seeFlows, "Read one schedule", (*Panel).scheduleOf),
		reads("GET /api/schedules/{id}/state", seeFlows, "Tell whether a schedule is open at an instant, and why", (*Panel).scheduleState).asks("at", "the instant, RFC 3339; now where it is left out"),
		acts("POST /api/schedules", editFlows, "Add a schedule", action[scheduleInput, directory.Schedule]{
			do: (*Panel).addSchedule, form: (*Panel).scheduleForm, done: toSchedule("Added."), status: http.StatusCreated}),
		acts("PUT /api/schedules/{id}", editFlows, "Change a schedule", action[scheduleInput, directory.Schedule]{
			do: (*Panel).changeSchedule, form: (*Panel).scheduleForm, done: toSchedule("Saved.")}).upTo(1 << 20),
		acts("POST /api/schedules/{id}/holidays/preview", editFlows, "Look at the holidays of an iCalendar file", action[holidaysInput, calendar.Found]{
			do: (*Panel).previewHolidays, form: holidaysRefused, show: holidaysShown}).upTo(maxHolidays),
		acts("POST /api/schedules/{id}/holidays", editFlows, "Add holidays to a schedule from an iCalendar file", action[holidaysInput, holidaysTaken]{
			do: (*Panel).addHolidays, done: func(r *http.Request, out holidaysTaken) (string, string) {
				return scheduleLink(r.PathValue("id")), "Added " + counted(out.Added, "holiday", "holidays") + "."
			}}).upTo(maxHolidays),
		removes("DELETE /api/schedules/{id}", editFlows, directory.KindSchedule, "/schedules"),
	}
}

func scheduleLink(id string) string { return "/schedules/" + url.PathEscape(id) }

func toSchedule(toast string) func(*http.Request, directory.Schedule) (string, string) {
	return func(_ *http.Request, s directory.Schedule) (string, string) { return scheduleLink(s.ID), toast }
}

func (p *Panel) scheduleOf(r *http.Request) (directory.Schedule, error) {
	return p.library().Schedule(r.Context(), r.PathValue("id"))
}

func (p *Panel) scheduleState(r *http.Request) (schedule.State, error) {
	s, err := p.scheduleOf(r)
	if err != nil {
		return schedule.State{}, err
	}
	at := p.cfg.Now()
	if text := r.URL.Query().Get("at"); text != "" {
		if at, err = time.Parse(time.RFC3339, text); err != nil {
			return schedule.State{}, refuse("at", "Write an instant such as 2026-12-24T17:03:00Z.")
		}
	}
	return s.At(at), nil
}

func (p *Panel) addSchedule(r *http.Request, in scheduleInput) (directory.Schedule, error) {
	return p.saveSchedule(r, "add", in.schedule(newID()), nil)
}

func (p *Panel) changeSchedule(r *http.Request, in scheduleInput) (directory.Schedule, error) {
	before, err := p.scheduleOf(r)
	if err != nil {
		return before, err
	}
	return p.saveSchedule(r, "change", in.schedule(before.ID), before)
}

func (p *Panel) saveSchedule(r *http.Request, what string, s directory.Schedule, before any) (directory.Schedule, error) {
	var bad notes
	named(&bad, "name", s.Name, 60)
	for _, found := range s.Validate() {
		if found.Level == schedule.Error {
			bad.add(found.Field, sentence(found.Text))
		}
	}
	others, err := p.library().Schedules(r.Context())
	if err != nil {
		return s, err
	}
	for _, o := range others {
		bad.unless(o.ID == s.ID || o.Name != s.Name, "name", "Another schedule has this name.")
	}
	if err := bad.err(); err != nil {
		return s, err
	}
	if err := p.library().SaveSchedule(r.Context(), s); err != nil {
		return s, err
	}
	p.audit(r, what, "schedule "+s.ID, before, s)
	return s, nil
}

func (p *Panel) schedules(w http.ResponseWriter, r *http.Request) error {
	all, err := p.library().Schedules(r.Context())
	if err != nil {
		return err
	}
	now := p.cfg.Now()
	t := table[directory.Schedule]{title: "Schedules", area: "schedules", file: "schedules", search: "Search names and zones",
		hint: "Opening hours, for time routers and users.", link: func(s directory.Schedule) string { return scheduleLink(s.ID) },
		empty: pages.Empty{Title: "No schedules yet", Text: "Add your opening hours and holidays once, and let every time router go by them."},
		columns: []column[directory.Schedule]{
			{key: "name", label: "Name", text: func(s directory.Schedule) string { return s.Name }},
			{key: "now", label: "Now", text: func(s directory.Schedule) string { return openWord(s.At(now)) }, cell: func(s directory.Schedule) pages.Cell {
				return pages.Cell{Badges: []pages.Badge{openBadge(s.At(now))}}
			}},
			{label: "Until", text: func(s directory.Schedule) string { return zoned(s.At(now).Until, s.Zone) }},
			{key: "zone", label: "Time zone", text: func(s directory.Schedule) string { return s.Zone }},
			{label: "Exceptions", right: true, text: func(s directory.Schedule) string { return strconv.Itoa(len(s.Exceptions)) }},
		}}
	if allowed(editFlows, loginOf(r)) {
		t.actions = []pages.Link{{Label: "Add a schedule", Link: "/schedules/new", Main: true}}
		t.empty.Actions = t.actions
	}
	return t.show(p, w, r, all)
}

func openWord(s schedule.State) string { return map[bool]string{true: "open", false: "closed"}[s.Open] }

func openBadge(s schedule.State) pages.Badge {
	return pages.Badge{Tone: map[bool]pages.Tone{true: "good", false: "bad"}[s.Open], Text: openWord(s)}
}

// zoned writes an instant as clocks of a zone show it.
func zoned(at time.Time, zone string) string {
	if at.IsZero() {
		return "as far as one can see"
	}
	if loc, err := time.LoadLocation(zone); err == nil {
		at = at.In(loc)
	}
	return at.Format("Mon 2 Jan 2006 15:04")
}

func (p *Panel) schedule(w http.ResponseWriter, r *http.Request) error {
	c, err := p.scheduleForm(r, scheduleInput{}, nil)
	if err != nil {
		return err
	}
	return p.render(w, r, http.StatusOK, c)
}

// officeHours are where a new schedule begins.
func (p *Panel) officeHours(r *http.Request) directory.Schedule {
	var general directory.General
	if err := p.cfg.Store.Setting(r.Context(), "general", &general); err != nil || general.Zone == "" {
		general.Zone = "UTC"
	}
	s := directory.Schedule{Hours: schedule.Hours{Zone: general.Zone}}
	for day := time.Monday; day <= time.Friday; day++ {
		s.Week[day] = []schedule.Range{{From: 9 * 60, To: 17 * 60}}
	}
	return s
}

func (p *Panel) scheduleForm(r *http.Request, _ scheduleInput, why *Refusal) (templ.Component, error) {
	v := pages.FormView{Back: pages.Link{Label: "Schedules", Link: "/schedules"}, Title: "Add a schedule", Action: "/api/schedules", Submit: "Add the schedule",
		Cancel: "/schedules", Class: "hours", Sections: scheduleSections(p.officeHours(r), r), ReadOnly: !allowed(editFlows, loginOf(r))}
	if r.PathValue("id") != "" {
		s, err := p.scheduleOf(r)
		if err != nil {
			return nil, err
		}
		if err := p.fillSchedule(r, &v, s); err != nil {
			return nil, err
		}
	}
	return pages.Form(p.sheet(r, v, "schedules", why)), nil
}

func (p *Panel) fillSchedule(r *http.Request, v *pages.FormView, s directory.Schedule) error {
	uses, err := p.people().Uses(r.Context(), directory.KindSchedule, s.ID)
	if err != nil {
		return err
	}
	now := s.At(p.cfg.Now())
	v.Title, v.Action, v.Verb, v.Submit, v.Sections = shown(s.Name), "/api"+scheduleLink(s.ID), http.MethodPut, "Save", scheduleSections(s, r)
	v.State = []pages.Badge{openBadge(now)}
	for _, found := range s.Validate() {
		if found.Level == schedule.Warning {
			v.Notice = strings.TrimSpace(v.Notice + " " + sentence(whereIn(found.Field)+found.Text))
		}
	}
	card := pages.Card{Title: "Now " + openWord(now), Hint: sentence(now.Text), Facts: []pages.Fact{{Name: map[bool]string{true: "Closes", false: "Opens"}[now.Open], Value: zoned(now.Until, s.Zone)}}}
	v.Side = []templ.Component{pages.Box(card), pages.Month(p.month(r, s)), usesCard(uses, "Nothing goes by it yet. Choose it in a time router.")}
	if !v.ReadOnly {
		v.Side = append(v.Side, pages.Holidays("/api"+scheduleLink(s.ID)+"/holidays/preview"))
	}
	v.Remove = &pages.Removal{Action: v.Action, What: "Remove this schedule", Hint: "It stays while something goes by it."}
	return nil
}

// whereIn names the day that a finding is about.
func whereIn(field string) string {
	if rest, ok := strings.CutPrefix(field, "week."); ok && rest != "" && rest[0] >= '0' && rest[0] <= '6' {
		return time.Weekday(rest[0]-'0').String() + ": "
	}
	return ""
}

// month is one month of a schedule as a calendar, Monday first.
func (p *Panel) month(r *http.Request, s directory.Schedule) pages.MonthView {
	loc, err := time.LoadLocation(s.Zone)
	if err != nil {
		loc = time.UTC
	}
	today := p.cfg.Now().In(loc)
	first := time.Date(today.Year(), today.Month(), 1, 0, 0, 0, 0, time.UTC)
	if asked, err := time.Parse("2006-01", r.URL.Query().Get("month")); err == nil && asked.Year() > 1970 && asked.Year() < 2200 {
		first = asked
	}
	link := func(t time.Time) string { return scheduleLink(s.ID) + "?month=" + t.Format("2006-01") + "#month" }
	v := pages.MonthView{Title: first.Format("January 2006"), Before: link(first.AddDate(0, -1, 0)), After: link(first.AddDate(0, 1, 0))}
	at := first.AddDate(0, 0, -(int(first.Weekday())+6)%7)
	for at.Before(first.AddDate(0, 1, 0)) {
		var week []pages.Day
		for range 7 {
			day := pages.Day{Number: at.Day(), Outside: at.Month() != first.Month(), Today: at.Format(time.DateOnly) == today.Format(time.DateOnly)}
			hours, label, special := namedDay(s.Hours, at)
			day.Open, day.Special, day.Title = len(hours) > 0, special, strings.TrimSpace(label+" "+hoursWord(hours))
			week, at = append(week, day), at.AddDate(0, 0, 1)
		}
		v.Weeks = append(v.Weeks, week)
	}
	return v
}

func hoursWord(all []schedule.Range) string {
	if len(all) == 0 {
		return "closed"
	}
	return rangesText(all)
}

// namedDay is the hours of one day: those of the exception that covers it, a
// single day before a range, else those of the week.
func namedDay(h schedule.Hours, day time.Time) (hours []schedule.Range, label string, special bool) {
	hours, span := h.Week[day.Weekday()], time.Duration(1<<62)
	for _, e := range h.Exceptions {
		from, errFrom := time.Parse(time.DateOnly, string(e.From))
		to, errTo := time.Parse(time.DateOnly, string(e.To))
		if errFrom != nil || errTo != nil {
			continue
		}
		lasts := to.Sub(from)
		years := []int{0}
		if e.Yearly {
			years = []int{day.Year() - from.Year(), day.Year() - from.Year() - 1}
		}
		for _, y := range years {
			if f := from.AddDate(y, 0, 0); !day.Before(f) && !day.After(f.Add(lasts)) && min(lasts, 24*time.Hour) < min(span, 48*time.Hour) {
				hours, label, special, span = e.Hours, shown(e.Label), true, min(lasts, 24*time.Hour)
			}
		}
	}
	return hours, label, special
}
