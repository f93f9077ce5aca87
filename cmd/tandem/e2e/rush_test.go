package e2e

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"tandem/flow"
	"tandem/flow/call"
)

// A rush in its short form; `make queue-calls` asks for 50 callers, 10 members and
// 300 seconds by these.
const (
	rushCallers = "TANDEM_QUEUE_CALLERS"
	rushMembers = "TANDEM_QUEUE_MEMBERS"
	rushSeconds = "TANDEM_QUEUE_SECONDS"

	fewCallers   = 12
	fewMembers   = 4
	shortSeconds = 30
	mostCallers  = 50 // more tones there are not
	mostMembers  = 10
)

// rush is a busy hotline with real phones: callers who call time and again until
// the time is over, and members who mostly answer.
type rush struct {
	*hotline
	closing time.Time
	pace    rushPace

	mu     sync.Mutex
	visits []*visit
	talks  []*talked
}

// rushPace is how fast people are, by how long the rush lasts.
type rushPace struct {
	lasts    time.Duration
	timeout  int // s
	ring     int // s
	wrapUp   time.Duration
	talk     [2]time.Duration // from, to
	patience [2]time.Duration
	pause    [2]time.Duration
}

func paceOf(seconds int) rushPace {
	p := rushPace{lasts: time.Duration(seconds) * time.Second, timeout: 12, ring: 5, wrapUp: time.Second,
		talk: [2]time.Duration{2 * time.Second, 5 * time.Second}, patience: [2]time.Duration{2 * time.Second, 9 * time.Second},
		pause: [2]time.Duration{time.Second, 6 * time.Second}}
	if seconds >= 120 {
		p.timeout, p.ring, p.wrapUp = 75, 10, 4*time.Second
		p.talk, p.patience, p.pause = [2]time.Duration{10 * time.Second, 35 * time.Second}, [2]time.Duration{5 * time.Second, 60 * time.Second}, [2]time.Duration{3 * time.Second, 40 * time.Second}
	}
	return p
}

// Everybody who calls hears the music of the queue, and then one member and
// nobody else, or nobody at all; every member hears one caller at a time and
// nobody else; and the ledger tells the same of every call.
func TestARushOfCallersIsServedByRealPhones(t *testing.T) {
	callers, members := setting(t, rushCallers, fewCallers), setting(t, rushMembers, fewMembers)
	if callers > mostCallers || members > mostMembers {
		t.Fatalf("%d callers and %d members are more than there are tones", callers, members)
	}
	pace := paceOf(setting(t, rushSeconds, shortSeconds))
	settings := flow.Queue{Strategy: "round-robin", Timeout: pace.timeout, WrapUp: int(pace.wrapUp / time.Second)}
	for n := range members {
		settings.Members = append(settings.Members, flow.QueueMember{ContactMethod: memberID(n), Ring: pace.ring})
	}
	r := &rush{hotline: openQueue(start(t), rushMusic, settings), pace: pace}
	before := r.usage()
	r.run(callers, members)
	used := r.usage().since(before)
	entries := r.ledger(len(r.visits))
	r.allAgree(entries)
	r.report(entries, used)
}

// run lets everybody do what they do until the last caller has gone.
func (r *rush) run(callers, members int) {
	began := time.Now()
	r.closing = began.Add(r.pace.lasts)
	over := make(chan struct{})
	var all, staff sync.WaitGroup
	for n := range members {
		staff.Go(func() { r.serves(n, over) })
	}
	for n := range callers {
		all.Go(func() { r.visitor(n) })
	}
	all.Wait()
	close(over)
	staff.Wait()
	r.t.Logf("the last caller had gone after %v", time.Since(began).Round(time.Second))
}

// drawn is chance that only the name decides.
func drawn(kind, n uint64) *rand.Rand { return rand.New(rand.NewPCG(kind, n)) }

func between(chance *rand.Rand, bounds [2]time.Duration) time.Duration {
	return bounds[0] + time.Duration(chance.Int64N(int64(bounds[1]-bounds[0])))
}

// allAgree holds what callers heard against what members heard and against the
// ledger.
func (r *rush) allAgree(entries []call.LedgerEntry) {
	slices.SortFunc(entries, func(a, b call.LedgerEntry) int { return a.Started.Compare(b.Started) })
	slices.SortFunc(r.visits, func(a, b *visit) int { return a.dialled.Compare(b.dialled) })
	of := map[string][]call.LedgerEntry{}
	for _, e := range entries {
		of[e.Caller.Number] = append(of[e.Caller.Number], e)
	}
	for _, v := range r.visits {
		number := rushNumber(v.caller)
		if len(of[number]) == 0 {
			r.t.Fatalf("the ledger lacks a call of %s", number)
		}
		v.entry, of[number] = of[number][0], of[number][1:]
		if wrong := r.wrong(v); wrong != "" {
			r.t.Errorf("%s at %v: %s; it %s after %v and heard %v, the ledger says %s, %s, %s, %+v", number, v.dialled.Format(time.TimeOnly), wrong, v.how, v.ended.Sub(v.dialled), v.heard,
				v.entry.Call, exits(v.entry), v.entry.Outcome, v.entry.Attempts)
		}
	}
	for _, d := range r.talks {
		if len(d.heard) == 0 && d.partners == 0 {
			continue // the caller had gone in the same instant
		}
		if d.partners != 1 || !slices.Equal(d.heard, []float64{voiceOf(d.caller)}) {
			r.t.Errorf("%s, who was rung for caller %d, heard %v, and %d callers heard %[1]s then", memberID(d.member), d.caller, d.heard, d.partners)
		}
	}
}

// wrong is what a caller may complain of.
func (r *rush) wrong(v *visit) string {
	var joined []string
	for _, a := range v.entry.Attempts {
		if !a.Answered.IsZero() {
			joined = append(joined, a.ContactMethod)
		}
	}
	path := exits(v.entry)
	crossed := v.how == gaveUp && len(joined) == 1 && v.entry.TalkMS < crossing.Milliseconds() // answered in the same instant
	switch {
	case len(joined) > 1:
		return "was answered more than once"
	case v.answered.IsZero():
		return "was never in the queue"
	case v.how == talkedWith:
		d := r.talkOf(v)
		switch {
		case d == nil:
			return "no member has talked with this caller then"
		case !slices.Equal(v.heard, []float64{rushMusic, staffTone(d.member)}):
			return "heard somebody else"
		case !slices.Equal(joined, []string{memberID(d.member)}) || v.entry.AnsweredBy != memberID(d.member) || v.entry.Outcome != "talked" || path != "phone-number:next queue:":
			return "talked with " + memberID(d.member)
		}
		d.partners++
	case !slices.Equal(v.heard, []float64{rushMusic}) && v.ended.Sub(v.answered) > heardSoon:
		return "did not hear the music only"
	case v.how == timedOut && (len(joined) > 0 || path != "phone-number:next queue:timeout"):
		return "was sent away"
	case v.how == timedOut && v.ended.Sub(v.answered).Round(time.Second) < time.Duration(r.pace.timeout-1)*time.Second:
		return fmt.Sprintf("had %d s to wait", r.pace.timeout)
	case v.how == gaveUp && (len(joined) > 0 && !crossed || path != "phone-number:next queue:"):
		return "gave up"
	}
	return ""
}

// talkOf is the talk that a caller had, as its member tells.
func (r *rush) talkOf(v *visit) *talked {
	for _, d := range r.talks {
		if d.caller == v.caller && d.began.Before(v.ended) && d.ended.After(v.answered) && len(d.heard) > 0 {
			return d
		}
	}
	return nil
}
