package ui

import (
	"fmt"
	"strings"
	"time"

	"tandem/flow"
	"tandem/flow/call"
)

// story tells a call in a few sentences: what the caller met, who answered,
// how it ended.
func story(e call.LedgerEntry, now time.Time) []string {
	var out []string
	if e.Direction == callback {
		out = append(out, "This is a callback: the caller had asked for it while waiting in a queue.")
	}
	if e.Direction == test {
		out = append(out, "This is a test call: somebody has placed it from the panel, through a draft. It counts in no figures.")
	}
	if s := met(e); s != "" {
		out = append(out, s)
	}
	if e.Live {
		return append(out, liveSentence(e, now))
	}
	if tell, ok := endings[e.Outcome]; ok {
		return append(out, tell(e))
	}
	return append(out, sentence(e.Cause.Text()))
}

// met says which modules with a decision of their own the caller went through.
func met(e call.LedgerEntry) string {
	var parts []string
	for _, s := range e.Path {
		if s.Exit == "" || flow.Catalog[s.Kind].Entry {
			continue
		}
		parts = append(parts, fmt.Sprintf("%s (%s)", shown(s.Name), exitWords(s.Exit)))
	}
	if len(parts) == 0 {
		return ""
	}
	const most = 4
	if len(parts) > most {
		parts = append(parts[:most], fmt.Sprintf("%d more", len(parts)-most))
	}
	return "Went through " + strings.Join(parts, ", then ") + "."
}

func liveSentence(e call.LedgerEntry, now time.Time) string {
	if len(e.Path) == 0 {
		return fmt.Sprintf("Running for %s.", span(until(e.Started, e.Ended, now)))
	}
	last := e.Path[len(e.Path)-1]
	return fmt.Sprintf("Now in %s, for %s.", shown(last.Name), span(until(last.Entered, time.Time{}, now)))
}

// endings tells how a call with each outcome ended.
var endings = map[string]func(call.LedgerEntry) string{
	"talked": func(e call.LedgerEntry) string {
		who := answeredBy(e)
		if who == "" {
			who = "somebody"
		}
		return fmt.Sprintf("Talked with %s for %s, then %s.", who, span(time.Duration(e.TalkMS)*time.Millisecond), e.Cause.Text())
	},
	"answered": func(e call.LedgerEntry) string {
		if by := answeredBy(e); by != "" {
			return fmt.Sprintf("Answered by %s; no person joined. %s", by, sentence(e.Cause.Text()))
		}
		return "Answered by the flow; no person joined. " + sentence(e.Cause.Text())
	},
	"missed": func(e call.LedgerEntry) string {
		waited := span(e.Ended.Sub(e.Started))
		if e.Cause == call.CauseNoAnswer {
			return fmt.Sprintf("Nobody answered within %s.", waited)
		}
		return fmt.Sprintf("Nobody answered within %s: %s.", waited, e.Cause.Text())
	},
	"refused": func(e call.LedgerEntry) string {
		return fmt.Sprintf("Refused with %d: %s.", refusedWith(e), e.Cause.Text())
	},
	"failed": func(e call.LedgerEntry) string {
		return fmt.Sprintf("Failed after %s: %s.", span(e.Ended.Sub(e.Started)), e.Cause.Text())
	},
}

// refusedWith is the status that the caller's side was given.
func refusedWith(e call.LedgerEntry) int {
	for _, l := range e.Legs {
		if l.Side == "a" && l.Status >= 300 {
			return l.Status
		}
	}
	return e.Cause.Status()
}

// exitWords reads an exit's id: "key:1" is "key 1", "no-answer" is "no answer".
func exitWords(exit string) string {
	for _, many := range []string{"key", "route"} {
		if one, ok := strings.CutPrefix(exit, many+":"); ok {
			return many + " " + shown(one)
		}
	}
	return strings.ReplaceAll(shown(exit), "-", " ")
}
