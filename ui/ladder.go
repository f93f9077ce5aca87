package ui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tandem/flow/call"
	"tandem/ui/pages"
)

const (
	maxMessages = 400     // on one page
	maxMessage  = 8 << 10 // bytes of one message
	maxColumns  = 12      // parties beside each other, us included; static/app.css knows as many
	usColumn    = 2       // Tandem stands between the caller and those rung
)

// ladderOf draws the SIP messages of a call as arrows between us, in the
// second column, and each other party.
func ladderOf(e call.LedgerEntry, all []call.SIPMessage) pages.Ladder {
	if len(all) == 0 {
		return pages.Ladder{}
	}
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b call.SIPMessage) int { return a.At.Compare(b.At) })
	var out pages.Ladder
	if len(all) > maxMessages {
		out.Cut = fmt.Sprintf("The first %d of %d messages are shown; the JSON of the call's legs is complete.", maxMessages, len(all))
		all = all[:maxMessages]
	}
	columns := columnsOf(e, all, &out)
	start := e.Started
	if start.IsZero() || all[0].At.Before(start) {
		start = all[0].At
	}
	for _, m := range all {
		col := columns[m.Leg]
		other := out.Columns[col-1].Name
		msg := pages.Message{
			Offset: offset(start, m.At), Leg: "leg-" + strconv.Itoa(col), Tone: firstTone(m.First),
			First: firstLine(m.First), Note: bodyNote(m.Text), Text: messageText(m),
		}
		msg.From, msg.To = "Tandem", other
		toRight := col > usColumn
		if m.In {
			msg.From, msg.To, toRight = other, "Tandem", !toRight
		}
		msg.Towards = map[bool]string{true: "right", false: "left"}[toRight]
		out.Messages = append(out.Messages, msg)
	}
	return out
}

// columnsOf gives each leg its column, the caller's first. Legs beyond the
// last column share it.
func columnsOf(e call.LedgerEntry, all []call.SIPMessage, out *pages.Ladder) map[call.LegID]int {
	a := callerLeg(e, all)
	legs := []call.LegID{a}
	remote := map[call.LegID]string{}
	for _, m := range all {
		if !slices.Contains(legs, m.Leg) {
			legs = append(legs, m.Leg)
		}
		if remote[m.Leg] == "" {
			remote[m.Leg] = strings.ToUpper(m.Transport) + " " + m.Remote
		}
	}
	at := map[call.LegID]int{}
	for i, leg := range legs {
		col := i + 2 // behind us
		if leg == a {
			col = 1
		}
		at[leg] = min(col, maxColumns)
		if col > maxColumns {
			continue
		}
		out.Columns = append(out.Columns, pages.Column{Name: legName(e, leg, leg == a), Sub: shown(remote[leg])})
		if leg == a {
			out.Columns = append(out.Columns, pages.Column{Name: "Tandem", Sub: shown(e.Node), Us: true})
		}
	}
	return at
}

// callerLeg is whose messages stand left of us: the caller's by the account of
// the call, and those of whom the first message came while there is none.
func callerLeg(e call.LedgerEntry, all []call.SIPMessage) call.LegID {
	for _, l := range e.Legs {
		if l.Side == "a" {
			return l.ID
		}
	}
	return all[0].Leg
}

func legName(e call.LedgerEntry, id call.LegID, caller bool) string {
	for _, l := range e.Legs {
		if l.ID == id {
			p := party(l.Party)
			if p.Name != "" {
				return p.Name
			}
			return p.Number
		}
	}
	if caller {
		return party(e.Caller).Number
	}
	return legLabel(id)
}

// firstLine is the method of a request, or the status of a response.
func firstLine(line string) string {
	if rest, ok := strings.CutPrefix(line, "SIP/2.0 "); ok {
		return shown(rest)
	}
	method, _, _ := strings.Cut(line, " ")
	return shown(method)
}

// firstTone colours final responses: good below 300, bad above.
func firstTone(line string) pages.Tone {
	rest, ok := strings.CutPrefix(line, "SIP/2.0 ")
	if !ok || rest == "" {
		return "request"
	}
	switch rest[0] {
	case '1':
		return "quiet"
	case '2':
		return "good"
	case '3':
		return "calm"
	}
	for _, usual := range []string{"401", "407", "487"} { // a challenge and a CANCEL's 487 are no faults
		if strings.HasPrefix(rest, usual) {
			return "warn"
		}
	}
	return "bad"
}

// bodyNote names the body that a message carries.
func bodyNote(text string) string {
	for _, line := range strings.Split(text, "\n") {
		name, value, ok := strings.Cut(strings.TrimSpace(line), ":")
		if line = strings.TrimSpace(line); line == "" {
			return "" // the headers are over
		}
		if !ok || !strings.EqualFold(name, "Content-Type") && !strings.EqualFold(name, "c") {
			continue
		}
		kind, _, _ := strings.Cut(strings.TrimSpace(value), ";")
		_, sub, _ := strings.Cut(kind, "/")
		return strings.ToUpper(shown(sub))
	}
	return ""
}

func messageText(m call.SIPMessage) string {
	text := strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unseen(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(m.Text, "\uFFFD"))
	if len(text) > maxMessage {
		text = cut(text, maxMessage) + "\n… cut here"
	}
	return strings.TrimRight(text, "\n")
}
