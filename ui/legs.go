package ui

import (
	"fmt"
	"strings"
	"time"

	"tandem/flow/call"
	"tandem/ui/pages"
)

func legView(e call.LedgerEntry, l call.Leg, now time.Time) pages.Leg {
	v := pages.Leg{Label: legLabel(l.ID), Party: party(l.Party), Role: legRole(l), State: legState(l), Quality: gauges(l.Media)}
	add := func(name, value string, code bool) {
		if value != "" {
			v.Facts = append(v.Facts, pages.Fact{Name: name, Value: shown(value), Code: code})
		}
	}
	if !l.Ringing.IsZero() {
		add("Rang after", span(l.Ringing.Sub(l.Started)), false)
	}
	if !l.Answered.IsZero() {
		add("Answered after", span(l.Answered.Sub(l.Started)), false)
		add("Connected", span(until(l.Answered, l.Ended, now)), false)
		add("Billed", fmt.Sprintf("%d s", l.Billed()), false)
	}
	if l.Status > 0 {
		add("SIP status", fmt.Sprint(l.Status), false)
	}
	add("Trunk", l.Trunk, false)
	add("Signalling", l.Remote, true)
	add("Audio", l.Media.Remote, true)
	add("Node", l.Node, true)
	add("Call-ID", l.SIPCallID, true)
	return v
}

// legLabel is "A" for the caller, "B1" for the first leg rung.
func legLabel(id call.LegID) string {
	_, tail, _ := strings.Cut(string(id), ".")
	return strings.ToUpper(shown(tail))
}

func legRole(l call.Leg) string {
	if l.Side == "a" {
		return "Caller"
	}
	return "Rung"
}

func legState(l call.Leg) pages.Badge {
	if l.State != call.LegEnded {
		return pages.Badge{Tone: "live", Text: sentenceless(string(l.State))}
	}
	return causeBadge(l.Cause)
}

// limit says from where on a measure makes a call sound worse, and bad.
type limit struct{ warn, bad float64 }

// limits follow what a listener notices with G.711: a few lost packets in a
// hundred, jitter beyond a usual buffer, gaps as long as a syllable, delay that
// makes people talk over each other (ITU-T G.114: 150 ms one way).
var limits = map[string]limit{
	"loss":   {1, 3},     // %
	"jitter": {20, 50},   // ms
	"gap":    {100, 300}, // ms
	"rtt":    {200, 400}, // ms
}

func toneOf(measure string, value float64) pages.Tone {
	switch l := limits[measure]; {
	case value >= l.bad:
		return "bad"
	case value >= l.warn:
		return "warn"
	}
	return "good"
}

// gauges shows the quality of a leg's audio; nothing when there was none.
func gauges(m call.Media) []pages.Gauge {
	if m.Codec == "" && m.Received == 0 && m.Sent == 0 {
		return nil
	}
	out := []pages.Gauge{
		{Name: "Codec", Value: shown(m.Codec), Tone: "quiet"},
		{Name: "Received", Value: packets(m.Received), Tone: "quiet", Help: "RTP packets received from this party"},
		{Name: "Sent", Value: packets(m.Sent), Tone: "quiet", Help: "RTP packets sent to this party"},
	}
	if expected := float64(m.Received) + float64(max(m.Lost, 0)); expected > 0 {
		loss := 100 * float64(max(m.Lost, 0)) / expected
		out = append(out,
			pages.Gauge{Name: "Lost", Value: fmt.Sprintf("%.1f %%", loss), Tone: toneOf("loss", loss), Help: fmt.Sprintf("%d packets never arrived", m.Lost)},
			pages.Gauge{Name: "Jitter", Value: fmt.Sprintf("%.1f ms", m.JitterMS), Tone: toneOf("jitter", m.JitterMS), Help: "variation of arrival, RFC 3550 A.8"},
			pages.Gauge{Name: "Longest gap", Value: fmt.Sprintf("%.0f ms", m.LongestGapMS), Tone: toneOf("gap", m.LongestGapMS), Help: "longest time between two packets"})
	}
	if m.RTTMS > 0 {
		remote := 100 * m.RemoteLoss
		out = append(out,
			pages.Gauge{Name: "Round trip", Value: fmt.Sprintf("%.0f ms", m.RTTMS), Tone: toneOf("rtt", m.RTTMS), Help: "by RTCP, RFC 3550 6.4.1"},
			pages.Gauge{Name: "Lost there", Value: fmt.Sprintf("%.1f %%", remote), Tone: toneOf("loss", remote), Help: "as the party's last report counts"})
	} else if m.Received > 0 {
		const short = "the party sent no report, as in calls of a few seconds"
		out = append(out, pages.Gauge{Name: "Round trip", Value: "–", Help: short}, pages.Gauge{Name: "Lost there", Value: "–", Help: short})
	}
	return out
}

// packets groups digits: "12 345".
func packets(n uint64) string {
	digits := fmt.Sprint(n)
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteRune('\u202f')
		}
		b.WriteRune(d)
	}
	return b.String()
}

// timelineOf draws a call at one glance: the modules walked, then each leg.
func timelineOf(e call.LedgerEntry, now time.Time) pages.Timeline {
	end := e.Ended
	for _, l := range e.Legs {
		if l.Ended.After(end) && !e.Ended.IsZero() {
			end = l.Ended
		}
	}
	if end.IsZero() {
		end = now
	}
	axis := scale{from: e.Started, length: end.Sub(e.Started)}
	if e.Started.IsZero() || axis.length <= 0 || len(e.Path)+len(e.Legs) == 0 {
		return pages.Timeline{}
	}
	t := pages.Timeline{Ticks: axis.ticks()}
	if len(e.Path) > 0 {
		t.Rows = append(t.Rows, flowLane(e, axis, end))
	}
	for _, l := range e.Legs {
		t.Rows = append(t.Rows, legLane(l, axis, end))
	}
	return t
}

// roomForText is the width, in percent, from which a bar carries its name.
const roomForText = 9

func flowLane(e call.LedgerEntry, axis scale, end time.Time) pages.TimelineRow {
	row := pages.TimelineRow{Label: "Flow", Sub: shown(e.Flow.Name)}
	for i, s := range e.Path {
		tone := pages.Tone("calm")
		if i%2 == 1 {
			tone = "calm alt"
		}
		title := fmt.Sprintf("%s, %s", shown(s.Name), span(until(s.Entered, s.Left, end)))
		bar := axis.bar(s.Entered, orEnd(s.Left, end), tone, title)
		if axis.percent(orEnd(s.Left, end))-axis.percent(s.Entered) >= roomForText {
			bar.Text = shown(s.Name)
		}
		row.Bars = append(row.Bars, bar)
	}
	return row
}

func legLane(l call.Leg, axis scale, end time.Time) pages.TimelineRow {
	p := party(l.Party)
	row := pages.TimelineRow{Label: p.Name, Sub: p.Number}
	if p.Name == "" {
		row = pages.TimelineRow{Label: p.Number, Sub: legRole(l)}
	}
	over := orEnd(l.Ended, end)
	if l.Answered.IsZero() {
		row.Bars = append(row.Bars, axis.bar(l.Started, over, "waiting", "unanswered, "+span(over.Sub(l.Started))))
		return row
	}
	row.Bars = append(row.Bars,
		axis.bar(l.Started, l.Answered, "waiting", "until answered, "+span(l.Answered.Sub(l.Started))),
		axis.bar(l.Answered, over, "good", "connected, "+span(over.Sub(l.Answered))))
	return row
}

func orEnd(t, end time.Time) time.Time {
	if t.IsZero() {
		return end
	}
	return t
}

// scale maps instants to percentages of the axis.
type scale struct {
	from   time.Time
	length time.Duration
}

func (s scale) percent(at time.Time) float64 {
	return min(100, max(0, 100*float64(at.Sub(s.from))/float64(s.length)))
}

func (s scale) bar(from, to time.Time, tone pages.Tone, title string) pages.Bar {
	x, w := s.percent(from), s.percent(to)-s.percent(from)
	return pages.Bar{X: percentText(min(x, 99.6)), Width: percentText(max(w, 0.4)), Tone: tone, Title: title}
}

func percentText(p float64) string { return fmt.Sprintf("%.2f%%", p) }

// tickSteps are the distances between marks of the axis.
var tickSteps = []time.Duration{
	100 * time.Millisecond, 250 * time.Millisecond, 500 * time.Millisecond, time.Second, 2 * time.Second, 5 * time.Second,
	10 * time.Second, 20 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute,
	20 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 6 * time.Hour,
}

// ticks gives at most six marks.
func (s scale) ticks() []pages.Tick {
	const most = 6
	step := s.length // longer than any step: only the beginning is marked
	for _, d := range tickSteps {
		if s.length/d < most {
			step = d
			break
		}
	}
	var out []pages.Tick
	for at := time.Duration(0); at < s.length*19/20 && len(out) < most; at += step { // a mark at the very end has no room
		label := clock(at)
		if step < time.Second {
			label = fmt.Sprintf("%.2f s", at.Seconds())
		}
		out = append(out, pages.Tick{X: percentText(s.percent(s.from.Add(at))), Label: label})
	}
	return out
}
