package ui

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/a-h/templ"

	"tandem/flow/schedule"
	"tandem/ui/calendar"
	"tandem/ui/pages"
)

// holidaysInput is an iCalendar file, as text.
type holidaysInput struct {
	Calendar string `json:"calendar"`
}

// holidaysTaken tells what became of a file.
type holidaysTaken struct {
	Added int             `json:"added"`
	Left  []calendar.Left `json:"left,omitempty"`
}

// maxHolidays is for a file and what a form puts around it, with its characters
// written as three.
const maxHolidays = 3*calendar.MaxBytes + 4096

// found reads a file and leaves out what the schedule has already.
func (p *Panel) found(text string, h schedule.Hours) (calendar.Found, error) {
	loc, err := time.LoadLocation(h.Zone)
	if err != nil {
		loc = time.UTC
	}
	out, err := calendar.Read([]byte(text), schedule.Date(p.cfg.Now().In(loc).Format(time.DateOnly)))
	for _, known := range []error{calendar.ErrTooBig, calendar.ErrFormat, calendar.ErrMany} {
		if errors.Is(err, known) {
			return out, refuse("calendar", sentence(known.Error()))
		}
	}
	out.Taken = slices.DeleteFunc(out.Taken, func(x schedule.Exception) bool {
		return slices.ContainsFunc(h.Exceptions, func(y schedule.Exception) bool { return x.From == y.From && x.To == y.To && x.Yearly == y.Yearly })
	})
	return out, err
}

func (p *Panel) addHolidays(r *http.Request, in holidaysInput) (holidaysTaken, error) {
	s, err := p.scheduleOf(r)
	if err != nil {
		return holidaysTaken{}, err
	}
	file, err := p.found(in.Calendar, s.Hours)
	if err != nil {
		return holidaysTaken{}, err
	}
	after := s
	after.Exceptions = slices.Concat(s.Exceptions, file.Taken)
	if _, err := p.saveSchedule(r, "import holidays", after, s); err != nil {
		return holidaysTaken{}, err
	}
	return holidaysTaken{len(file.Taken), file.Left}, nil
}

// previewHolidays tells what a file would add, and what it would not.
func (p *Panel) previewHolidays(r *http.Request, in holidaysInput) (calendar.Found, error) {
	s, err := p.scheduleOf(r)
	if err != nil {
		return calendar.Found{}, err
	}
	text, err := textOf(r, in.Calendar, calendar.MaxBytes+1)
	if err != nil {
		return calendar.Found{}, err
	}
	return p.found(text, s.Hours)
}

func (p *Panel) holidaysView(r *http.Request) (pages.FormView, error) {
	s, err := p.scheduleOf(r)
	return pages.FormView{Back: pages.Link{Label: shown(s.Name), Link: scheduleLink(s.ID)}, Title: "Import holidays", Cancel: scheduleLink(s.ID)}, err
}

func holidaysRefused(p *Panel, r *http.Request, _ holidaysInput, why *Refusal) (templ.Component, error) {
	v, err := p.holidaysView(r)
	v.Actions = []pages.Link{{Label: "Back", Link: v.Cancel}}
	return pages.Form(p.sheet(r, v, "schedules", why)), err
}

func holidaysShown(p *Panel, r *http.Request, in holidaysInput, file calendar.Found) (templ.Component, error) {
	v, err := p.holidaysView(r)
	if err != nil {
		return nil, err
	}
	var lines []pages.ResultLine
	for _, x := range file.Taken {
		days := string(x.From)
		if x.To != x.From {
			days += " to " + string(x.To)
		}
		if x.Yearly {
			days += ", every year"
		}
		lines = append(lines, pages.ResultLine{What: shown(x.Label), State: pages.Badge{Tone: "good", Text: "closed"}, Text: days})
	}
	for _, l := range file.Left {
		lines = append(lines, pages.ResultLine{Line: l.Line, What: shown(l.Name), State: pages.Badge{Tone: "quiet", Text: "left out"}, Text: sentence(l.Why)})
	}
	v.Below = []templ.Component{pages.Results("What the file holds", lines)}
	v.Notice = fmt.Sprintf("%d days or ranges are new; %d events are left out. Nothing has been added yet.", len(file.Taken), len(file.Left))
	if len(file.Taken) > 0 {
		text, err := textOf(r, in.Calendar, calendar.MaxBytes+1)
		if err != nil {
			return nil, err
		}
		v.Action, v.Upload, v.Submit, v.Sections = "/api"+scheduleLink(r.PathValue("id"))+"/holidays", true, "Add "+counted(len(file.Taken), "holiday", "holidays"), []pages.Section{{}}
		v.Hidden = []pages.Option{{Label: "calendar", Value: text}}
	}
	return pages.Form(p.sheet(r, v, "schedules", nil)), nil
}
