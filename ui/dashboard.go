package ui

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/ui/pages"
)

// recentCalls is how many calls the dashboard lists.
const recentCalls = 8

// dashboard is the day at one glance.
func (p *Panel) dashboard(w http.ResponseWriter, r *http.Request) error {
	ctx, now := r.Context(), p.cfg.Now()
	may, err := p.sightOf(r)
	if err != nil {
		return err
	}
	zone := p.zone(ctx)
	since := midnight(now.In(zone))
	v := pages.DashboardView{Frame: p.frame(r, "Dashboard", "dashboard"), Stream: movesPath, Day: since, Own: may.own}
	v.Extra = p.extra("watch.css", "watch.js")
	running, runningErr := p.positions(ctx)
	if runningErr != nil {
		p.log.Warn("running calls cannot be read", "err", runningErr)
	}
	recent, err := p.cfg.Store.Calls(ctx, may.filter(directory.CallFilter{Limit: recentCalls, Earnest: true}))
	if err != nil {
		return fmt.Errorf("reading the last calls: %w", err)
	}
	for _, e := range recent.Calls {
		v.Recent = append(v.Recent, callRow(e, now))
	}
	if err := p.marksOn(r, v.Recent, recent.Calls, false); err != nil {
		return err
	}
	v.Stats = []pages.Stat{{Label: "Running now", Value: strconv.Itoa(inEarnest(moment{calls: running}.of(may.position))), Tone: "live", Link: "/live"}}
	if runningErr != nil {
		v.Stats[0].Value, v.Stats[0].Note = "?", "cannot be read now"
	}
	if err := p.addDay(r, &v, may, since, zone); err != nil {
		return err
	}
	return p.render(w, r, http.StatusOK, pages.Dashboard(v))
}

// inEarnest counts calls that are no tests.
func inEarnest(all []call.Position) int {
	n := 0
	for _, at := range all {
		if !at.Tested() {
			n++
		}
	}
	return n
}

// addDay adds the figures of the day and what is worth a look, both read at
// the same time.
func (p *Panel) addDay(r *http.Request, v *pages.DashboardView, may sight, since time.Time, zone *time.Location) error {
	var day pages.DashboardView
	var reading sync.WaitGroup
	var dayErr error
	if !may.own { // figures of one agent are not counted yet
		reading.Go(func() { dayErr = p.addFigures(r, &day, may, since, zone) })
	}
	err := p.addWorries(r, v, may)
	reading.Wait()
	v.Stats, v.Hours = append(v.Stats, day.Stats...), day.Hours
	v.Worries = append(day.Worries, v.Worries...)
	return errors.Join(dayErr, err)
}

// midnight is when the day of an instant began, on the clock of its zone.
func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

func (p *Panel) addFigures(r *http.Request, v *pages.DashboardView, may sight, since time.Time, zone *time.Location) error {
	ctx := r.Context()
	f, err := p.cfg.Store.Dashboard(ctx, since, zone, may.flows)
	if err != nil {
		return fmt.Errorf("reading the day's figures: %w", err)
	}
	wait, err := p.cfg.Store.AverageWait(ctx, since, may.flows)
	if err != nil {
		return fmt.Errorf("reading the day's waits: %w", err)
	}
	day := "/calls?from=" + since.Format(time.DateOnly)
	v.Stats = append(v.Stats,
		pages.Stat{Label: "Calls today", Value: packets(uint64(f.Offered)), Link: day},
		pages.Stat{Label: "Answered", Value: packets(uint64(f.Answered)), Note: share(f.Answered, f.Offered)},
		pages.Stat{Label: "Missed", Value: packets(uint64(f.Missed)), Note: share(f.Missed, f.Offered), Link: day + "&outcome=missed"},
		pages.Stat{Label: "Average wait", Value: lasting(wait), Note: "for an answer"},
		pages.Stat{Label: "Average talk", Value: lasting(f.AverageTalk.Std()), Note: longest(f.LongestTalk.Std())})
	if f.Failed > 0 {
		v.Worries = append(v.Worries, pages.Worry{Tone: "bad", Badge: "Failed", Text: counted(f.Failed, "call failed today", "calls failed today"), Link: day + "&outcome=failed", Action: "Look"})
	}
	v.Hours = hoursOf(f.Hours, since)
	return nil
}

// share is a part of a whole, in percent.
func share(part, whole int) string {
	if whole == 0 {
		return ""
	}
	return fmt.Sprintf("%.0f %%", 100*float64(part)/float64(whole))
}

func lasting(d time.Duration) string {
	if d <= 0 {
		return "–"
	}
	return clock(d)
}

func longest(d time.Duration) string {
	if d <= 0 {
		return ""
	}
	return "longest " + clock(d)
}

// counted is a number with its word: "1 file", "3 files".
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return packets(uint64(n)) + " " + many
}

// Heights of the drawing of hours, in pixels.
const (
	hoursTop    = 12.0
	hoursBottom = 160.0
)

// hoursOf draws a bar for each hour of a day, also for those still to come.
func hoursOf(hours []directory.HourFigures, since time.Time) pages.Hours {
	most, total := 1, 0
	byHour := map[int64]directory.HourFigures{}
	for _, h := range hours {
		most, total = max(most, h.Offered), total+h.Offered
		byHour[h.At.Unix()] = h
	}
	end := since.AddDate(0, 0, 1)
	slots := int(end.Sub(since) / time.Hour) // 23 or 25 where the clock changes
	out := pages.Hours{Most: strconv.Itoa(most), Total: total, Top: pixels(hoursTop), Bottom: pixels(hoursBottom)}
	height := func(n int) float64 { return (hoursBottom - hoursTop) * float64(n) / float64(most) }
	for i := range slots {
		at := since.Add(time.Duration(i) * time.Hour)
		h := byHour[at.Unix()]
		label := at.Format("15")
		bar := pages.HourBar{X: percentText(100 * (float64(i) + 0.12) / float64(slots)), Width: percentText(76 / float64(slots)),
			Hour: at.Format("15:04"), Offered: strconv.Itoa(h.Offered), Answered: strconv.Itoa(h.Answered),
			OfferedY: pixels(hoursBottom - height(h.Offered)), OfferedH: pixels(height(h.Offered)),
			AnsweredY: pixels(hoursBottom - height(h.Answered)), AnsweredH: pixels(height(h.Answered)),
			Title: fmt.Sprintf("%s: %d offered, %d answered", at.Format("15:04"), h.Offered, h.Answered), Empty: h.Offered == 0}
		if at.Hour()%3 == 0 {
			bar.Label = label
		}
		out.Bars = append(out.Bars, bar)
	}
	return out
}

func pixels(x float64) string { return strconv.FormatFloat(x, 'f', 1, 64) }
