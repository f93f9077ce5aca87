package queue

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"tandem/flow/call"
)

// leaves lets a caller key the way out and ask to be called back: the callback of
// "anna" is "anna1", and the call that keeps the promise "anna2".
func (d *desk) leaves(callers ...string) *desk {
	for _, c := range callers {
		d.left(c, WhyEscape).promised(c+"1", c)
	}
	return d
}

func (d *desk) promised(ticket, after string) *desk {
	return d.come(ticket, Joining{Callback: true, After: after, Patience: call.Seconds(7200)})
}

// answers is the customer of a callback who answers.
func (d *desk) answers(caller string) *desk { return d.come(caller+"2", Joining{After: caller + "1"}) }

func (d *desk) later(ticket string, minutes int) *desk {
	return d.tell(Message{Kind: Later, Ticket: ticket, Until: d.now.Add(time.Duration(minutes) * time.Minute)})
}

// stands checks the order of the line.
func (d *desk) stands(want string) *desk {
	d.t.Helper()
	var order []string
	for _, w := range d.s.View(d.now).Waiting {
		order = append(order, w.Ticket)
	}
	if got := strings.Join(order, " "); got != want {
		d.t.Fatalf("in the line stand %q, want %q", got, want)
	}
	return d
}

// busy is a queue whose members, "a", "b" …, talk with callers "A", "B" ….
func busy(t *testing.T, members int, set ...func(*Rules)) *desk {
	d := open(t, "in-order", members, set...)
	for i := range members {
		d.join(string(rune('A'+i))).rang(string(rune('A'+i)), string(rune('a'+i))+" answered")
	}
	d.words = nil
	return d
}

func TestACallbackIsCalledAtTheTurnOfItsCaller(t *testing.T) {
	d := busy(t, 1)
	d.join("anna", "bert", "carl").leaves("anna").says().stands("anna1 bert carl")
	d.talked("A").says("anna1 turn", "bert offer a") // nobody is held for who is not there
	d.answers("anna").stands("anna2 bert carl")
	d.rang("bert", "a busy").after(5).says("anna2 offer a")
}

func TestAPlaceIsKeptWhetherOrNotTheQueueKnowsThatTheCallerLeft(t *testing.T) {
	d := busy(t, 1)
	d.join("anna", "bert*3", "carl").promised("anna1", "anna").left("anna", WhyEscape).stands("bert*3 anna1 carl")
	d.left("bert*3", WhyTimeout).after(599).promised("bert1", "bert*3").stands("bert1 anna1")
	if w := d.s.View(d.now).Waiting[0]; w.Priority != 3 {
		t.Errorf("the callback of a caller of priority 3 has %d", w.Priority)
	}
}

func TestAPlaceIsGivenAwayOnce(t *testing.T) {
	d := busy(t, 1, func(r *Rules) { r.KeepPlace = call.Seconds(300) })
	d.join("anna", "bert").leaves("anna").promised("other1", "anna").stands("anna1 bert other1")
	d.left("bert", WhyAbandoned).join("bert'").promised("more1", "bert").stands("anna1 bert' other1 more1")
}

func TestWhoNeverHadAPlaceIsCalledBackInTheEnd(t *testing.T) {
	d := busy(t, 1, func(r *Rules) { r.MaxWaiting = 2 })
	d.join("anna", "bert", "carl").says("carl leave full")
	d.promised("carl1", "carl").promised("A1", "A").stands("anna bert carl1 A1") // A was answered
	d.left("anna", WhyTimeout).after(601).join("dora").promised("anna1", "anna").stands("carl1 A1 dora anna1")
}

func TestACallbackThatReachedNobodyRestsInItsPlace(t *testing.T) {
	d := busy(t, 1)
	d.join("anna", "bert").leaves("anna").talked("A").says("anna1 turn", "bert offer a")
	d.later("anna1", 5).rang("bert", "a answered").talked("bert").stands("anna1")
	w := d.s.View(d.now).Waiting[0]
	if !w.Callback || w.Called || !w.NotBefore.Equal(d.now.Add(5*time.Minute)) {
		t.Errorf("a callback put off for 5 minutes is shown as %+v", w)
	}
	d.after(299).says().after(1).says("anna1 turn")
	if w := d.s.View(d.now).Waiting[0]; !w.Called || !w.NotBefore.IsZero() {
		t.Errorf("a callback being called is shown as %+v", w)
	}
}

func TestATurnOfWhichNothingComesIsSaidAgain(t *testing.T) {
	d := busy(t, 1)
	d.join("anna").leaves("anna").talked("A").says("anna1 turn").after(299).says().after(1).says("anna1 turn")
	d.later("anna1", -1).after(299).says() // of the first turn, and too late
	d.later("anna1", 10).after(599).says().after(1).says("anna1 turn")
}

func TestWhoIsOnThePhoneCannotBePutOff(t *testing.T) {
	busy(t, 1).join("anna").later("anna", 10).talked("A").says("anna offer a")
}

func TestNoMoreAreCalledAtOnceThanPeopleAreFree(t *testing.T) {
	d := open(t, "in-order", 3)
	d.away["a"], d.away["b"] = Person{User: "ada"}, Person{User: "ada"}
	d.join("A", "C").rang("A", "a answered").rang("C", "c answered").join("anna", "bert", "carl").leaves("anna", "bert", "carl")
	d.talked("A").says("A offer a", "C offer c", "anna1 turn") // a and b are both phones of Ada
	d.talked("C").says("bert1 turn")
	d.later("anna1", 5).says("carl1 turn").stands("anna1 bert1 carl1")
}

func TestWhoCallsAgainTakesTheCallbacksPlace(t *testing.T) {
	d := busy(t, 1)
	d.join("anna", "bert").leaves("anna").join("anna'").says("anna1 leave ").stands("anna' bert")
	d.leaves("anna'").talked("A").says("anna'1 turn", "bert offer a")
	d.join("anna''").says("anna'1 leave ").stands("anna'' bert") // also while being called
	d.answers("anna'").stands("anna'' bert anna'2")              // who answers in that instant waits too
}

func TestTwoCallbacksToOneNumberAreOne(t *testing.T) {
	d := busy(t, 1)
	d.join("anna", "bert").leaves("anna").promised("anna3", "anna").says("anna1 leave ").stands("anna3 bert")
	d.promised("1", "").promised("2", "").join("3").says().stands("anna3 bert 1 2 3")                  // of whom no number is known
	d.promised("carl1", "").promised("carl2", "bert").says("carl1 leave ").stands("anna3 carl2 1 2 3") // in the better place
	d.promised("carl3", "3").says("carl2 leave ").stands("anna3 carl3 1 2")
}

func TestCallbacksNeitherFillAQueueNorLeaveAnEmptyOne(t *testing.T) {
	d := busy(t, 1, func(r *Rules) { r.MaxWaiting, r.LeaveWhenEmpty, r.MembersLogIn = 1, true, true })
	d.join("anna").leaves("anna").join("bert").says().join("carl").says("carl leave full")
	d.answers("anna").says().stands("anna2 bert")                                // whom we call is not turned away,
	d.answers("carl").says().stands("anna2 bert carl2").left("carl2", WhyEscape) // even in the end of the line
	d.leaves("anna2").talked("A").says("anna21 turn", "bert offer a")
	d.rang("bert", "a busy").later("anna21", 5)
	d.away["a"] = Person{Out: true}
	d.tell(Message{Kind: Changed}).says("bert leave no-members").after(600).says().stands("anna21")
	delete(d.away, "a")
	d.tell(Message{Kind: Changed}).says("anna21 turn")
}

func TestAQueueDoesNotPromiseCallbacksWithoutEnd(t *testing.T) {
	d := busy(t, 1)
	for i := range mostCallbacks {
		d.promised(strings.Repeat("x", i+1)+"1", "")
	}
	d.says().join("anna").promised("anna1", "anna").says("anna1 leave full")
	d.promised("xxx3", "").says("xxx1 leave ") // in place of another
	d.join("bert").says()
	if n := len(d.s.Line); n != mostCallbacks+1 {
		t.Errorf("%d wait", n)
	}
}

func TestCallbacksAreNotAbandoned(t *testing.T) {
	d := busy(t, 1, func(r *Rules) { r.KeepPlace = call.Seconds(300) })
	d.join("anna", "bert").leaves("anna", "bert").after(60).left("anna1", WhyAbandoned).left("bert1", WhyUnreached)
	if f := d.s.Figures; f.Abandoned+f.Short != 0 || len(d.s.Kept) != 0 {
		t.Errorf("figures %+v, places kept %+v", f, d.s.Kept)
	}
}

func TestACallbackIsCalledByNothingThatComesLateOrTwice(t *testing.T) {
	d := busy(t, 1)
	d.join("anna", "bert").leaves("anna", "bert").promised("anna1", "anna").left("anna1", WhyTimeout).later("anna1", 1).promised("anna1", "anna").stands("bert1")
	for _, kind := range []Kind{Rang, Talked} { // which are about members
		d.tell(Message{Kind: kind, Ticket: "bert1", Lease: "bert1/1", Results: []Result{{"a", Answered}}})
	}
	d.talked("A").says("bert1 turn")
	d.hear(d.s.Lost("bert1", d.now))
	if d.after(600).says(); !d.s.Idle() || d.s.Figures.Answered != 1 {
		t.Errorf("left are %+v and leases %+v, answered %d", d.s.Line, d.s.Leases, d.s.Figures.Answered)
	}
}

func TestAQueueSleepsWhileItsCallbacksRest(t *testing.T) {
	d := busy(t, 2)
	d.join("anna").leaves("anna").talked("B").says("anna1 turn").later("anna1", 30)
	until := d.now.Add(30 * time.Minute)
	for range 3 { // the conversation of A is longer than checkEvery
		if _, _, needed := d.s.Roster(d.now); needed || !d.s.Next(d.now).Equal(until) {
			t.Fatalf("at %v the queue looks members up, or wakes at %v", d.now.Sub(midnight), d.s.Next(d.now).Sub(midnight))
		}
		d.after(580)
	}
	d.says().after(60).says("A check", "anna1 turn")
}

// A queue that began before there were callbacks is carried on.
func TestAStateOfBeforeCallbacksGoesOn(t *testing.T) {
	const before = `{"id":"f.q","rules":{"name":"Sales","version":1,"strategy":"in-order","members":[{"contact_method":"a","ring":"20s","level":1}],"rest":"5s","wrap_up":"0s"},
		"line":[{"id":"anna","call":"anna","reply":"call-anna","caller":{"number":"+46anna"},"since":"2026-11-22T00:00:00Z","until":"2026-11-22T00:05:45Z","place":2,"entered":1},
			{"id":"bert","call":"bert","reply":"call-bert","caller":{"number":"+46bert"},"since":"2026-11-22T00:00:00Z","until":"2026-11-22T00:05:45Z","place":3,"priority":0,"entered":2}],
		"members":[{"contact_method":"a","name":"A","set":{"contact_method":"a","ring":"20s","level":1},"known":true,"calls":1}],
		"leases":[{"id":"A/1","ticket":"A","call":"A","reply":"call-A","held":[{"contact_method":"a","person":"a","name":"A"}],"talk":true,"since":"2026-11-22T00:00:00Z","until":"2026-11-22T00:10:00Z"}],
		"kept":[{"number":"+46dora","place":1,"until":"2026-11-22T00:05:00Z"}],
		"gone":[{"ticket":"A","at":"2026-11-22T00:00:00Z"},{"ticket":"carl","at":"2026-11-22T00:00:00Z"}],
		"met":"2026-11-22T00:00:00Z","last":"a","figures":{"answered":1,"abandoned":0,"short":1},"places":3,"seed":1}`
	d := open(t, "in-order", 1)
	if err := json.Unmarshal([]byte(before), d.s); err != nil {
		t.Fatal(err)
	}
	d.join("dora").leaves("anna").promised("carl1", "carl").stands("dora anna1 bert carl1")
	d.talked("A").says("dora offer a").rang("dora", "a answered").talked("dora").says("anna1 turn", "bert offer a")
}
