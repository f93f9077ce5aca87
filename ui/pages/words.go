package pages

import (
	"strconv"
	"time"
)

// layouts are the ways an instant is shown. Without script it reads in UTC;
// the static script rewrites it in the viewer's zone.
var layouts = map[string]string{
	"clock":  "15:04:05",
	"minute": "2 Jan 15:04",
	"stamp":  "2 Jan 15:04:05",
	"full":   "2 Jan 2006 15:04:05 UTC",
	"day":    "2 Jan 2006",
}

func (b Badge) class() string { return "badge " + string(b.Tone) }

func (t Tone) class() string { return string(t) }

func iso(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func written(t time.Time, as string) string { return t.UTC().Format(layouts[as]) }

func number(n int) string { return strconv.Itoa(n) }

func current(open bool) string {
	if open {
		return "page"
	}
	return "false"
}

// icons draws each module kind on a 16 × 16 grid, one stroke wide.
var icons = map[string]string{
	"phone-number":    "M5.2 2.5 6.6 5.6 5.2 6.9c.7 1.6 2.3 3.2 3.9 3.9l1.3-1.4 3.1 1.4v2.1c0 .5-.4.9-.9.9C7.3 13.5 2.5 8.7 2.2 3.400c0-.5.4-.9.9-.9z",
	"internal-number": "M6.5 2.5 5 13.500M11 2.5 9.5 13.500M3 6h10.500M2.5 10H13",
	"voice-menu":      "M4 3.5h.01M8 3.5h.01M12 3.5h.01M4 7.5h.01M8 7.5h.01M12 7.5h.01M4 11.500h.01M8 11.500h.01M12 11.500h.01",
	"audio-playback":  "M2.5 6.200v3.600h2.300L8 12.500v-9L4.8 6.200zM10.5 6a2.8 2.8 0 0 1 0 4M12.3 4.200a5.4 5.4 0 0 1 0 7.6",
	"ring-group":      "M6 7.5a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.400zM2 13c0-2.2 1.8-3.6 4-3.600s4 1.4 4 3.600M10.5 3.400a2.1 2.1 0 0 1 0 3.900M11.8 9.800c1.4.5 2.2 1.7 2.2 3.2",
	"time-router":     "M8 2.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11zM8 5v3.200l2.200 1.600",
	"caller-router":   "M6.500 7.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM2 13.500c.4-3 2-4.500 4.500-4.500M9.500 11h4.500M12 9l2 2-2 2",
	"blocklist":       "M8 2.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11zM4.200 4.200l7.600 7.600",
	"start":           "M5 3.5v9l7-4.500z",
	"set-variable":    "M6 2.5c-2 0-1 4-3 5.500 2 1.500 1 5.500 3 5.500M10 2.5c2 0 1 4 3 5.500-2 1.500-1 5.500-3 5.500",
	"queue":           "M3.500 4.500a1.500 1.500 0 1 0 0-.010zM8 4.500a1.500 1.500 0 1 0 0-.010zM12.500 4.500a1.500 1.500 0 1 0 0-.010zM2 8.500h12M2 12h8",
	"callback":        "M3.200 4.500h1.900l1 2.600-1.300 1a7 7 0 0 0 3.600 3.600l1-1.300 2.600 1v1.900a1 1 0 0 1-1 .900A9.600 9.600 0 0 1 2.300 5.400a1 1 0 0 1 .900-.900zM13.500 7.500v-3H9M11 2.500l-2 2 2 2",
	"conference":      "M8 7a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM4.5 13c.2-2.6 1.5-4 3.5-4s3.3 1.4 3.5 4M2 10.500c.2-1.500.9-2.300 2-2.600M14 10.500c-.2-1.500-.9-2.300-2-2.600",
	"notification":    "M2.5 4h11v8.500h-11zM2.5 4.500 8 8.800l5.500-4.300",
	"http-request":    "M8 2.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11zM2.500 8h11M8 2.500c-3.500 3.500-3.500 7.500 0 11M8 2.500c3.500 3.500 3.500 7.500 0 11",
	"hangup":          "M1.8 9.600c3.5-3.6 8.9-3.6 12.4 0l-1.5 1.9-2.7-1.200V8.700a8 8 0 0 0-4 0v1.600l-2.7 1.200z",
}

func icon(kind string) string {
	if d, ok := icons[kind]; ok {
		return d
	}
	return "M3 3h10v10H3z"
}
