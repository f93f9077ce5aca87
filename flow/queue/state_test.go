package queue

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tandem/flow/call"
)

func TestStrategiesChooseAmongFreeMembers(t *testing.T) {
	for strategy, want := range map[string]string{
		"round-robin":  "bcab", // after who answered last
		"in-order":     "aaaa",
		"longest-idle": "abca",
		"fewest-calls": "abca",
	} {
		d := open(t, strategy, 3)
		d.s.Last = "a"
		got := ""
		for i := range 4 {
			ticket := fmt.Sprint("t", i)
			d.join(ticket)
			who := d.words[len(d.words)-1].Members[0].ContactMethod
			got += who
			d.rang(ticket, who+" answered").after(10).talked(ticket).after(1)
		}
		if got != want {
			t.Errorf("%s offers to %s, want %s", strategy, got, want)
		}
	}
}

func TestEveryMemberIsTriedBeforeOneIsTriedAgain(t *testing.T) {
	d := open(t, "in-order", 3, func(r *Rules) { r.Rest = 0 })
	d.join("one").rang("one", "a missed").rang("one", "b missed").rang("one", "c missed").
		says("one offer a", "one offer b", "one offer c", "one offer a")
}

func TestRandomDependsOnNothingButTheSeed(t *testing.T) {
	draw := func() string {
		out := ""
		d := open(t, "random", 5)
		for i := range 20 {
			ticket := fmt.Sprint("t", i)
			d.join(ticket)
			who := d.words[len(d.words)-1].Members[0].ContactMethod
			out += who
			d.rang(ticket, who+" answered").talked(ticket)
		}
		return out
	}
	first := draw()
	if again := draw(); again != first {
		t.Errorf("drew %s, then %s", first, again)
	}
	for _, who := range "abcde" {
		if !strings.ContainsRune(first, who) {
			t.Errorf("%c is never drawn in %s", who, first)
		}
	}
}

func TestRingAllRingsEveryFreeMemberAndAddsWhoComesFree(t *testing.T) {
	d := open(t, "ring-all", 3, func(r *Rules) { r.Members[1].Ring = call.Seconds(10) })
	d.away["c"] = Person{Paused: true}
	d.join("one")
	if got := len(d.words); got != 2 {
		t.Fatalf("%d offers, want one for each length of ring: %+v", got, d.words)
	}
	delete(d.away, "c")
	d.words = nil
	d.tell(Message{Kind: Changed}).says("one offer c")
}

func TestALevelIsRungWhenNobodyOfTheOneBeforeIsFree(t *testing.T) {
	d := open(t, "ring-all", 2, func(r *Rules) { r.Members[1].Level = 2 })
	d.join("one").rang("one", "a missed").says("one offer a", "one offer b")
	d.after(6).says("one offer a") // rested, beside b who still rings
}

func TestAMissedOfferRestsAndABusyMemberComesBack(t *testing.T) {
	d := open(t, "in-order", 1, func(r *Rules) { r.Rest = call.Seconds(30) })
	d.join("one").rang("one", "a missed").says("one offer a")
	d.after(29).says().after(1)
	d.rang("one", "a busy").says("one offer a")
	d.after(4).says().after(1)
	d.rang("one", "a busy").says("one offer a") // less and less often
	d.after(9).says().after(1).says("one offer a")
}

func TestWrapUpKeepsAllPhonesOfAPerson(t *testing.T) {
	d := open(t, "in-order", 2, func(r *Rules) { r.WrapUp = call.Seconds(60) })
	d.away["a"], d.away["b"] = Person{User: "ada"}, Person{User: "ada"}
	d.join("one", "two").rang("one", "a answered").says("one offer a")
	d.talked("one").after(59).says().after(1).says("two offer a")
}

// The position of a call tells so a moment later, and who waits would wait for
// nothing.
func TestAnOfferSaysWhichCallTheMemberHasLeft(t *testing.T) {
	d := open(t, "in-order", 1)
	d.join("one", "two").rang("one", "a answered").says("one offer a")
	d.talked("one")
	if got := d.words[0].Members[0].Left; got != "one" {
		t.Errorf("the offer says that %q is over, want the call before", got)
	}
}

func TestCallersAreServedByPriorityThenPlace(t *testing.T) {
	d := open(t, "in-order", 1)
	d.join("busy").rang("busy", "a answered").join("late", "vip*5", "later", "chief*9").says("busy offer a")
	var order []string
	for _, w := range d.s.View(d.now).Waiting {
		order = append(order, w.Ticket)
	}
	if got := strings.Join(order, " "); got != "chief*9 vip*5 late later" {
		t.Errorf("the order is %s", got)
	}
	d.talked("busy").says("chief*9 offer a")
}

func TestAFullQueueTakesNobodyMore(t *testing.T) {
	d := open(t, "in-order", 1, func(r *Rules) { r.MaxWaiting = 2 })
	d.join("one", "two", "three").says("one offer a", "three leave full")
	d.left("one", WhyTimeout).join("four").says("two offer a")
}

func TestADroppedCallerFindsTheOldPlace(t *testing.T) {
	d := open(t, "in-order", 1, func(r *Rules) { r.KeepPlace, r.MaxWaiting = call.Seconds(120), 3 })
	d.join("busy").rang("busy", "a answered").join("anna", "bert", "carl").says("busy offer a")
	d.left("anna", WhyAbandoned).after(100).join("dora", "anna'") // one more than may wait
	d.talked("busy").says("anna' offer a")
	d.left("anna'", WhyTimeout).join("anna''").says("bert offer a", "anna'' leave full")
}

func TestWhoGivesUpAtOnceIsNotAbandoned(t *testing.T) {
	d := open(t, "in-order", 1)
	d.join("short").after(4).left("short", WhyAbandoned).join("long").after(6).left("long", WhyAbandoned)
	if f := d.s.Figures; f.Short != 1 || f.Abandoned != 1 {
		t.Errorf("figures %+v", f)
	}
}

func TestAnEmptyQueueIsLeftOnceNobodyCouldEverAnswer(t *testing.T) {
	d := open(t, "in-order", 2, func(r *Rules) { r.LeaveWhenEmpty, r.MembersLogIn = true, true })
	d.away["a"], d.away["b"] = Person{Out: true}, Person{Paused: true}
	d.join("one").says() // b is logged in, and may come back
	d.away["b"] = Person{Unreachable: true}
	d.tell(Message{Kind: Changed}).says("one leave no-members")
	d.tell(Message{Kind: Join, Ticket: "one", Joining: &Joining{Rules: d.rules}}).says() // repeated
}

func TestMessagesThatComeLateOrTwiceChangeNothing(t *testing.T) {
	d := open(t, "in-order", 2)
	d.join("one", "one").rang("one", "a answered").says("one offer a")
	d.rang("one", "a missed").join("one").left("two", WhyAbandoned)
	lease := d.s.talk("one").ID
	for range 2 {
		d.tell(Message{Kind: Talked, Ticket: "one", Lease: lease, Results: []Result{{"a", Answered}}})
		d.tell(Message{Kind: Rang, Ticket: "one", Lease: lease, Results: []Result{{"a", Answered}}})
	}
	if f := d.s.Figures; f.Answered != 1 || f.Abandoned+f.Short != 0 || len(d.s.Leases) != 0 || !d.s.Idle() {
		t.Errorf("figures %+v, leases %+v", f, d.s.Leases)
	}
}

func TestALeaseThatNobodyGivesBackLapses(t *testing.T) {
	d := open(t, "in-order", 1)
	d.join("one").says("one offer a").after(64).says().after(2).says("one offer a")
	d.hear(d.s.Lost("one", d.now))
	d.join("two").says("two offer a")
}

func TestALongConversationIsAskedWhetherItGoesOn(t *testing.T) {
	d := open(t, "in-order", 1)
	d.join("one").rang("one", "a answered").join("two").says("one offer a")
	d.after(299).left("two", WhyTimeout).after(400).join("three").says("one check")
	d.hear(d.s.Lost("one", d.now))
	d.says("three offer a")
}

func TestRulesOfTheNewestVersionCount(t *testing.T) {
	d := open(t, "in-order", 1)
	d.join("one").rang("one", "a answered").says("one offer a")
	older := d.rules
	d.rules.Version, d.rules.Members = 2, append(slices.Clone(d.rules.Members), Member{ContactMethod: "b", Ring: call.Seconds(20), Level: 1})
	d.join("two").says("two offer b")
	d.rules = older
	d.join("three")
	if n := len(d.s.Members); n != 2 {
		t.Errorf("an older version took %d members over", n)
	}
}

func TestTheExpectedWaitIsThatOfTheLastCalls(t *testing.T) {
	d := open(t, "in-order", 2)
	d.join("one").rang("one", "a answered").after(120).talked("one")
	d.join("two", "three").rang("two", "a answered").rang("three", "b answered").join("four", "five")
	if s := d.s.Standing("five"); s.Position != 2 || s.Entered != 2 || s.Expected != call.Seconds(120) {
		t.Errorf("two members of two minutes each: %+v", s)
	}
	if s := d.s.Standing("nobody"); s != (Standing{}) {
		t.Errorf("a stranger stands at %+v", s)
	}
}

func TestStandingsAreSpoken(t *testing.T) {
	for _, c := range []struct {
		at   Standing
		wait bool
		want string
	}{
		{Standing{}, false, ""},
		{Standing{Position: 3, Expected: call.Seconds(90)}, false, "you-are-number number-3 in-the-queue"},
		{Standing{Position: 3, Expected: call.Seconds(90)}, true, "expected-wait number-2 minutes"},
		{Standing{Position: 1, Expected: call.Seconds(60)}, true, "expected-wait number-1 minute"},
		{Standing{Position: 1, Expected: call.Seconds(20)}, true, "expected-wait less-than-a-minute"},
		{Standing{Position: 21}, true, "you-are-number number-20 number-1 in-the-queue"}, // not known
	} {
		if got := strings.ReplaceAll(strings.Join(c.at.Say(c.wait), " "), "system-", ""); got != c.want {
			t.Errorf("%+v is spoken %q, want %q", c.at, got, c.want)
		}
	}
}
