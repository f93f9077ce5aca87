package forms

import (
	"strings"

	"tandem/flow"
)

// queueWords says each strategy and announcement of a queue.
var queueWords = map[string]string{
	"ring-all":      "Everybody who is free",
	"round-robin":   "In turn, after who answered last",
	"random":        "Anybody who is free",
	"longest-idle":  "Who has been idle longest",
	"fewest-calls":  "Who had the fewest calls",
	"in-order":      "The first of the list who is free",
	"position":      "The place in the queue",
	"wait":          "The expected wait",
	"comfort":       "Comfort audio",
	"on":            "Always",
	"off":           "Never",
	"":              "Nothing",
	"as-the-method": "As the contact method says",
}

func queueStrategies(chosen string) []choice { return worded(flow.QueueStrategies, chosen) }

func queueAnnouncements(chosen string) []choice {
	return append([]choice{{"", queueWords[""], chosen == ""}}, worded(flow.QueueAnnouncements, chosen)...)
}

// confirmations are whether whoever answers has to press a key first.
func confirmations(chosen string) []choice {
	return append([]choice{{"", queueWords["as-the-method"], chosen == ""}}, worded([]string{"on", "off"}, chosen)...)
}

func worded(all []string, chosen string) []choice {
	var out []choice
	for _, v := range all {
		out = append(out, choice{v, queueWords[v], v == chosen})
	}
	return out
}

// withMemberDefaults is a member as a queue understands it.
func withMemberDefaults(m flow.QueueMember) flow.QueueMember {
	return flow.Queue{Members: []flow.QueueMember{m}}.WithDefaults().Members[0]
}

// namedMembers is how many members the line of a queue names.
const namedMembers = 3

func queueLine(n Names, s *flow.Queue) string {
	if len(s.Members) == 0 {
		return ""
	}
	var who []string
	for _, m := range s.Members[:min(len(s.Members), namedMembers)] {
		who = append(who, named(n.ContactMethods, m.ContactMethod))
	}
	names := strings.Join(who, ", ")
	if more := len(s.Members) - namedMembers; more > 0 {
		names += " and " + text(more) + " more"
	}
	return join(names, strings.ReplaceAll(s.WithDefaults().Strategy, "-", " "))
}
