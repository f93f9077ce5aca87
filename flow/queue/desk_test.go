package queue

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/flow/call"
)

// desk is a queue that a test tells what happens, on a clock of its own.
type desk struct {
	t     *testing.T
	s     *State
	now   time.Time
	rules Rules
	away  map[string]Person // what the roster says besides that all are there
	words []Word
}

// open is a queue of members "a", "b" …, each with a ring of 20 s.
func open(t *testing.T, strategy string, members int, set ...func(*Rules)) *desk {
	d := &desk{t: t, s: New("f.q"), now: midnight, away: map[string]Person{},
		rules: Rules{Name: "Sales", Version: 1, Strategy: strategy, Rest: call.Seconds(5), Members: []Member{}}}
	for i := range members {
		d.rules.Members = append(d.rules.Members, Member{ContactMethod: string(rune('a' + i)), Ring: call.Seconds(20), Level: 1})
	}
	for _, f := range set {
		f(&d.rules)
	}
	return d
}

// after lets time pass, and the queue wake up when it wants to.
func (d *desk) after(s int) *desk {
	for end := d.now.Add(time.Duration(s) * time.Second); ; {
		next := d.s.Next(d.now)
		if next.IsZero() || next.After(end) {
			d.now = end
			return d
		}
		d.now = next
		d.hear(d.s.Wake(d.now))
	}
}

func (d *desk) hear(words []Word) {
	d.words = append(d.words, words...)
	ids, in, needed := d.s.Roster(d.now)
	if !needed {
		return
	}
	var people []Person
	for _, id := range ids {
		p := d.away[id]
		p.ContactMethod, p.Name, p.Out = id, strings.ToUpper(id), p.Out && !in
		people = append(people, p)
	}
	d.words = append(d.words, d.s.Meet(people, d.now)...)
}

func (d *desk) tell(m Message) *desk {
	d.hear(d.s.Apply(m, d.now))
	return d
}

// join lets callers come; one is written as the ticket, or ticket*priority, and
// calls from the number that its letters say, or from none.
func (d *desk) join(tickets ...string) *desk {
	for _, t := range tickets {
		d.come(t, Joining{})
	}
	return d
}

// come lets somebody join, as on the phone unless j says otherwise.
func (d *desk) come(ticket string, j Joining) *desk {
	_, _ = fmt.Sscanf(ticket[strings.IndexByte(ticket+"*", '*'):], "*%d", &j.Priority)
	j.Call, j.Reply, j.Patience, j.Rules = call.ID(ticket), "call-"+ticket, cmp.Or(j.Patience, call.Seconds(300)), d.rules
	if letters := strings.TrimRight(ticket, "'*123456789"); letters != "" {
		j.Caller.Number = "+46" + letters
	}
	return d.tell(Message{Kind: Join, Ticket: ticket, Joining: &j})
}

func (d *desk) left(ticket, why string) *desk {
	return d.tell(Message{Kind: Left, Ticket: ticket, Why: why})
}

// rang ends the last offer of a caller; results are written "a answered".
func (d *desk) rang(ticket string, results ...string) *desk {
	m := Message{Kind: Rang, Ticket: ticket}
	for _, l := range d.s.Leases {
		if l.Ticket == ticket {
			m.Lease = l.ID
		}
	}
	for _, text := range results {
		who, what, _ := strings.Cut(text, " ")
		m.Results = append(m.Results, Result{who, Outcome(what)})
	}
	return d.tell(m)
}

func (d *desk) talked(ticket string) *desk {
	return d.tell(Message{Kind: Talked, Ticket: ticket, Lease: d.s.talk(ticket).ID})
}

// says checks all words since the last look.
func (d *desk) says(want ...string) *desk {
	d.t.Helper()
	var got []string
	for _, w := range d.words {
		text := w.Ticket + " " + string(w.Kind)
		for _, m := range w.Members {
			text += " " + m.ContactMethod
		}
		if w.Kind == Leave {
			text += " " + w.Exit
		}
		got = append(got, text)
	}
	if !slices.Equal(got, want) {
		d.t.Fatalf("at %v the queue says\n%q, want\n%q", d.now.Sub(midnight), got, want)
	}
	d.words = nil
	return d
}
