package queue

import (
	"container/heap"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"time"

	"tandem/flow/call"
)

// hall is a queue and all around it: callers who come, drop and call again,
// members who answer or do not, messages that take their time, come twice or out
// of turn, and a queue that is put away and taken up again. It knows what really
// happens, and holds what the queue does against it.
type hall struct {
	*rand.Rand
	s        *State
	now      time.Time
	end      time.Time // of all disturbance: then everybody serves and everybody is patient
	things   things
	made     int
	alarm    int // the clock of the queue, as it was set last
	callers  []*caller
	promises []*promise
	told     map[string]bool   // tickets that have joined
	stood    map[string]*stand // and where
	people   []*person
	phones   map[string]*phone
	known    map[string]Person    // the roster that the queue was last told
	rest     map[string]time.Time // contact methods that have to be left alone
	places   map[string]kept      // of callers who dropped, by number
	wrong    string               // the first thing that must not be
	fault    func(*hall)          // breaks a rule on purpose, after each step
	broken   bool                 // by a fault that happens once
	served   int
}

// mostThings is more than happens to one caller where all is well.
const mostThings = 1000

// thing is something that will happen.
type thing struct {
	at   time.Time
	turn int
	do   func()
}

type things []thing

func (t things) Len() int { return len(t) }
func (t things) Less(i, j int) bool {
	return t[i].at.Before(t[j].at) || t[i].at.Equal(t[j].at) && t[i].turn < t[j].turn
}
func (t things) Swap(i, j int) { t[i], t[j] = t[j], t[i] }
func (t *things) Push(x any)   { *t = append(*t, x.(thing)) }
func (t *things) Pop() any {
	last := (*t)[len(*t)-1]
	*t = (*t)[:len(*t)-1]
	return last
}

var midnight = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

// newHall draws a small hall and a few minutes in it.
func newHall(seed uint64, fault func(*hall)) *hall {
	h := emptyHall(seed)
	h.fault, h.end = fault, midnight.Add(time.Duration(2+h.IntN(6))*time.Minute)
	rules := h.rules(1 + h.IntN(5))
	h.open(rules, 1+h.IntN(10), 120, h.IntN(12))
	return h
}

// newCrowd is fifty callers and ten members for a quarter of an hour.
func newCrowd(seed uint64) *hall {
	h := emptyHall(seed)
	h.end = midnight.Add(15 * time.Minute)
	h.open(h.rules(10), 50, 600, 40)
	return h
}

func emptyHall(seed uint64) *hall {
	return &hall{Rand: rand.New(rand.NewPCG(seed, 1)), now: midnight, s: New("f.q"), phones: map[string]*phone{},
		told: map[string]bool{}, stood: map[string]*stand{}, known: map[string]Person{}, rest: map[string]time.Time{}, places: map[string]kept{}}
}

// open lets so many callers come in the first seconds, and changes of members.
func (h *hall) open(rules Rules, callers, seconds, changes int) {
	for range callers {
		c := &caller{h: h, number: fmt.Sprint("+4670000", len(h.callers))}
		h.callers = append(h.callers, c)
		h.in(h.seconds(seconds), func() { c.join(rules) })
	}
	for range changes {
		h.in(h.seconds(int(h.end.Sub(h.now)/time.Second)), h.disturb)
	}
	h.in(h.end.Sub(h.now), h.calm)
}

// rules draws a queue and who takes its calls.
func (h *hall) rules(members int) Rules {
	r := Rules{Name: "Sales", Version: 1, Strategy: pick(h, []string{"ring-all", "ring-all", "round-robin", "random", "longest-idle", "fewest-calls", "in-order"}),
		Rest: call.Seconds(h.IntN(8)), WrapUp: call.Seconds(h.IntN(3) * 7), MembersLogIn: h.IntN(2) == 0, LeaveWhenEmpty: h.IntN(4) == 0}
	if h.IntN(4) == 0 {
		r.MaxWaiting = 1 + h.IntN(5)
	}
	if h.IntN(2) == 0 {
		r.KeepPlace = call.Seconds(60)
	}
	for i := range members {
		p := &person{name: fmt.Sprint("user-", i)}
		h.people = append(h.people, p)
		for j := range 1 + h.IntN(5)/4 {
			ph := &phone{id: fmt.Sprintf("m%d%d", i, j), person: p}
			h.phones[ph.id] = ph
			r.Members = append(r.Members, Member{ph.id, call.Seconds(5 + 5*h.IntN(4)), 1 + h.IntN(4)/3, h.IntN(5) == 0})
		}
	}
	return r
}

func (h *hall) seconds(most int) time.Duration { return time.Duration(h.IntN(most+1)) * time.Second }

func pick[T any](h *hall, from []T) T { return from[h.IntN(len(from))] }

func (h *hall) in(d time.Duration, do func()) {
	h.made++
	heap.Push(&h.things, thing{h.now.Add(d), h.made, do})
}

// run lets happen what happens until everybody has gone or something is wrong.
func (h *hall) run() string {
	for h.wrong == "" && len(h.things) > 0 {
		t := heap.Pop(&h.things).(thing)
		h.now = t.at
		if h.made > mostThings*len(h.callers) {
			h.blame("no end after %d things", h.made)
		}
		t.do()
	}
	for _, c := range h.callers {
		if h.wrong == "" && c.waiting {
			h.blame("%s waits, and nothing will ever happen", c.number)
		}
	}
	for _, p := range h.promises {
		if h.wrong == "" && !p.over {
			h.blame("%s was promised a call, and nothing will ever happen", p.ticket)
		}
	}
	return h.wrong
}

func (h *hall) blame(format string, args ...any) {
	if h.wrong == "" {
		h.wrong = fmt.Sprintf("at %v: %s", h.now.Sub(midnight), fmt.Sprintf(format, args...))
	}
}

// disturb changes what the directory knows of somebody.
func (h *hall) disturb() {
	p := pick(h, h.people)
	flag := pick(h, []*bool{&p.Out, &p.Paused, &p.OffSchedule, &p.Unreachable, &p.busy})
	*flag = !*flag
	if flag == &p.Out || flag == &p.Paused {
		h.send(Message{Kind: Changed})
	}
}

// calm ends all trouble.
func (h *hall) calm() {
	for _, p := range h.people {
		p.Person, p.busy = Person{}, false
	}
	h.send(Message{Kind: Changed})
}

func (h *hall) calmed() bool { return !h.now.Before(h.end) }

// send brings the queue a message, some time, and now and then twice.
func (h *hall) send(m Message) {
	m.At = h.now
	h.in(time.Duration(h.IntN(3))*400*time.Millisecond, func() { h.tell(m) })
	if h.IntN(10) == 0 {
		h.in(h.seconds(30), func() { h.tell(m) })
	}
}

func (h *hall) tell(m Message) {
	if l := h.s.lease(m.Lease); m.Kind == Rang && l != nil && !l.Talk {
		for _, r := range m.Results {
			if r.Outcome == Missed && l.holds(r.ContactMethod) {
				h.rest[r.ContactMethod] = h.now.Add(h.s.Rules.Rest.Std())
			}
		}
	}
	t := h.s.ticket(m.Ticket)
	h.expect(m)
	h.step(func() []Word { return h.s.Apply(m, h.now) })
	h.keepsPlace(m, t)
}

// step lets the queue do something, checks what it did, and carries its words.
func (h *hall) step(do func() []Word) {
	words := do()
	if _, _, needed := h.s.Roster(h.now); needed {
		words = append(words, h.s.Meet(h.roster(), h.now)...)
	}
	if h.fault != nil {
		h.fault(h)
	}
	if h.IntN(10) == 0 {
		h.kill()
	}
	h.check(words)
	for _, w := range words {
		h.carry(w)
	}
	h.alarm++
	if next := h.s.Next(h.now); !next.IsZero() {
		alarm := h.alarm
		h.in(max(next.Sub(h.now), 0), func() {
			if h.alarm == alarm { // no step has set it anew
				h.step(func() []Word { return h.s.Wake(h.now) })
			}
		})
	}
}

// roster is what the directory says, where it answers.
func (h *hall) roster() []Person {
	if !h.calmed() && h.IntN(20) == 0 {
		return nil
	}
	var out []Person
	for _, m := range h.s.Members {
		p := h.phones[m.ContactMethod].person.Person
		p.ContactMethod, p.Name, p.User = m.ContactMethod, m.ContactMethod, h.phones[m.ContactMethod].person.name
		h.known[p.ContactMethod] = p
		out = append(out, p)
	}
	return out
}

// kill ends the process of the queue: what it wrote is all that is left of it.
func (h *hall) kill() {
	text, err := json.Marshal(h.s)
	again := new(State)
	if err == nil {
		err = json.Unmarshal(text, again)
	}
	if err != nil {
		h.blame("the state does not survive: %v", err)
		return
	}
	h.s = again
}

// carry brings a word to a call, some time. A call that is over cannot be told.
func (h *hall) carry(w Word) {
	h.in(time.Duration(h.IntN(3))*300*time.Millisecond, func() {
		for _, c := range h.callers {
			if c.ticket == w.Ticket && !c.over {
				c.hear(w)
				if h.IntN(20) == 0 {
					c.hear(w)
				}
				return
			}
		}
		if p := h.promise(w.Ticket); p != nil {
			if !p.over {
				if p.hear(w); h.IntN(20) == 0 {
					p.hear(w)
				}
				return
			}
			p.ended = true
		}
		h.step(func() []Word { return h.s.Lost(w.Ticket, h.now) })
	})
}
