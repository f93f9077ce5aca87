package simulate

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/queue"
)

// Why a member of a queue takes no calls; flow.AwayStates lists them.
const (
	paused    = "paused"
	loggedOut = "out"
)

// before begins the tickets of callers who came before the caller of a scenario.
// They wait until a member takes them, and talk as long as that caller would.
const before = "before-"

func cameBefore(w queue.Word) bool { return strings.HasPrefix(w.To, before) }

// fill lets those join who came before. The rules are those that the caller of
// the scenario brings along.
func (l *hotline) fill(j queue.Joining) []queue.Word {
	if l.hall.Waiting == 0 {
		return nil
	}
	l.w.tell("%s in %q already", waitAlready(l.hall.Waiting), j.Rules.Name)
	var words []queue.Word
	now := l.w.now()
	for i := range l.hall.Waiting {
		id := fmt.Sprintf("%s%d", before, i+1)
		words = append(words, l.state.Apply(queue.Message{Kind: queue.Join, Ticket: id, At: now,
			Joining: &queue.Joining{Call: call.ID(id), Reply: id, Patience: call.Duration(longestWait), Rules: j.Rules}}, now)...)
	}
	return words
}

func waitAlready(n int) string {
	if n == 1 {
		return "1 caller waits"
	}
	return fmt.Sprintf("%d callers wait", n)
}

// serve rings members for somebody who came before. Only when is told that they
// are busy with it, and free again.
func (l *hotline) serve(word queue.Word) {
	if word.Kind != queue.Offer {
		return
	}
	taker, after, results := l.tryAll(word.Members)
	l.w.after(after, func() {
		l.tell(queue.Message{Kind: queue.Rang, Ticket: word.Ticket, Lease: word.Lease, Results: results})
		if taker == "" {
			return
		}
		name := l.w.namesOf([]string{taker})[0]
		l.w.tell("%s takes a caller who came before", name)
		l.w.after(cmp.Or(l.w.sc.TalkFor.Std(), defaultTalk), func() {
			l.w.tell("%s has talked to a caller who came before", name)
			l.tell(queue.Message{Kind: queue.Talked, Ticket: word.Ticket, Lease: word.Lease, Results: []queue.Result{{ContactMethod: taker, Outcome: queue.Answered}}})
		})
	})
}

// tryAll rings members together: who answers first, when that or the end of the
// ringing is, and what became of each.
func (l *hotline) tryAll(members []queue.Rung) (taker string, after time.Duration, results []queue.Result) {
	for _, m := range members {
		outcome, at := tryOne(phone(l.w.sc, m.ContactMethod), m.Ring.Std())
		results = append(results, queue.Result{ContactMethod: m.ContactMethod, Outcome: outcome})
		switch {
		case outcome == queue.Answered && (taker == "" || at < after):
			taker, after = m.ContactMethod, at
		case taker == "":
			after = max(after, at)
		}
	}
	for i := range results {
		if taker != "" && results[i].ContactMethod != taker && results[i].Outcome != queue.Busy {
			results[i].Outcome = queue.Freed
		}
	}
	return taker, after, results
}

// tryOne is what becomes of ringing one phone for so long, and when.
func tryOne(p flow.Phone, ring time.Duration) (queue.Outcome, time.Duration) {
	switch {
	case p.Does == busy:
		return queue.Busy, 0
	case p.Does == absent:
		return queue.Unreachable, 0
	case p.Does == silent || p.After.Std() >= ring:
		return queue.Missed, ring
	case p.Does == declines:
		return queue.Missed, p.After.Std()
	}
	return queue.Answered, p.After.Std()
}
