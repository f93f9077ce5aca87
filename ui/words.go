package ui

import (
	"fmt"
	"math"
	"strings"
	"time"
	"unicode"

	"tandem/flow/call"
	"tandem/ui/pages"
)

// maxShown bounds every text that a stranger chose, in runes.
const maxShown = 120

// shown makes text from outside fit to stand on a page: no control characters,
// none of the marks that reverse what follows them, and not too long. Markup
// is escaped by templ.
func shown(s string) string {
	s = strings.Map(func(r rune) rune {
		if unseen(r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	s = strings.TrimSpace(s)
	if runes := []rune(s); len(runes) > maxShown {
		s = string(runes[:maxShown-1]) + "…"
	}
	return s
}

// unseen tells characters that draw nothing but change what stands around them.
func unseen(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }

// cut keeps at most n bytes of valid text.
func cut(s string, n int) string {
	if len(s) > n {
		s = s[:n]
	}
	return strings.ToValidUTF8(s, "")
}

func sentence(s string) string {
	if s == "" {
		return ""
	}
	r := []rune(s)
	s = string(unicode.ToUpper(r[0])) + string(r[1:])
	if strings.ContainsRune(".!?", r[len(r)-1]) {
		return s
	}
	return s + "."
}

func party(p call.Party) pages.Party {
	out := pages.Party{Number: shown(p.Number), Name: shown(p.Name)}
	if out.Number == "" {
		out.Number = "Anonymous"
	}
	if out.Name == out.Number {
		out.Name = ""
	}
	return out
}

// span says how long something took: "0.42 s", "12 s", "3 min 05 s", "1 h 02 min".
func span(d time.Duration) string {
	whole := int(math.Round(d.Seconds()))
	switch s := d.Seconds(); {
	case d < 0:
		return "–"
	case s < 9.995:
		return fmt.Sprintf("%.2f s", s)
	case s < 59.95:
		return fmt.Sprintf("%.1f s", s)
	case whole < 3600:
		return fmt.Sprintf("%d min %02d s", whole/60, whole%60)
	default:
		return fmt.Sprintf("%d h %02d min", whole/3600, whole/60%60)
	}
}

// clock says how long something took in a column: "0:07", "12:05", "1:02:05".
func clock(d time.Duration) string {
	if d < 0 {
		return "–"
	}
	s := int(math.Round(d.Seconds()))
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// offset says when something was, since the call began: "+1.234".
func offset(from, at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return fmt.Sprintf("%+.3f", at.Sub(from).Seconds())
}

// until is how long a stretch lasted, up to now while it runs.
func until(from, to, now time.Time) time.Duration {
	if from.IsZero() {
		return -1
	}
	if to.IsZero() {
		to = now
	}
	return max(0, to.Sub(from))
}

// outcomes are the words and tones of a call's outcome.
var outcomes = map[string]pages.Badge{
	"talked":   {Tone: "good", Text: "Talked"},
	"answered": {Tone: "calm", Text: "Answered"},
	"missed":   {Tone: "warn", Text: "Missed"},
	"refused":  {Tone: "bad", Text: "Refused"},
	"failed":   {Tone: "bad", Text: "Failed"},
}

// outcomeOrder is the order in which outcomes are offered.
var outcomeOrder = []string{"talked", "answered", "missed", "refused", "failed"}

func outcome(e call.LedgerEntry) pages.Badge {
	if e.Live {
		return pages.Badge{Tone: "live", Text: "Live"}
	}
	if b, ok := outcomes[e.Outcome]; ok {
		return b
	}
	return pages.Badge{Tone: "quiet", Text: shown(e.Outcome)}
}

// causeTones marks the causes that are nobody's fault; the others are bad.
var causeTones = map[call.Cause]pages.Tone{
	call.CauseNormal: "quiet", call.CauseCallerHangup: "quiet", call.CauseCalleeHangup: "quiet",
	call.CauseAnsweredElsewhere: "quiet", call.CauseFlowEnded: "quiet",
	call.CauseCallerCancelled: "warn", call.CauseBusy: "warn", call.CauseNoAnswer: "warn",
	call.CauseUnavailable: "warn", call.CauseOffSchedule: "warn", call.CauseDeclined: "warn", call.CauseTooLong: "warn", call.CauseOperator: "warn",
}

func causeBadge(c call.Cause) pages.Badge {
	if c == "" {
		return pages.Badge{Tone: "quiet", Text: "–"}
	}
	tone, ok := causeTones[c]
	if !ok {
		tone = "bad"
	}
	return pages.Badge{Tone: tone, Text: sentenceless(c.Text())}
}

// sentenceless is a phrase with a capital letter and no full stop.
func sentenceless(s string) string { return strings.TrimSuffix(sentence(shown(s)), ".") }
