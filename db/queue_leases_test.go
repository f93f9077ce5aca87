package db_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"tandem/db"
	"tandem/db/dbtest"
	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/flow/queue"
)

// agents gives a store people with a phone each; the first has a second phone.
func agents(t testing.TB, s *db.Store, people int) []string {
	t.Helper()
	var methods []string
	add := func(m directory.ContactMethod) {
		m.Kind, m.Name, m.URI = directory.SIPForwarding, m.ID, "sip:"+m.ID+"@192.0.2.1"
		if err := s.SaveContactMethod(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		methods = append(methods, m.ID)
	}
	for i := range people {
		user := fmt.Sprintf("user-%d", i)
		if err := s.SaveUser(t.Context(), directory.User{ID: user, LastName: user}); err != nil {
			t.Fatal(err)
		}
		add(directory.ContactMethod{ID: fmt.Sprintf("phone-%d", i), Owner: user})
	}
	add(directory.ContactMethod{ID: "mobile-0", Owner: "user-0"})
	return methods
}

func claim(t testing.TB, s *db.Store, lease string, at time.Time, members ...string) map[string]call.Cause {
	t.Helper()
	c := queue.Claim{Lease: lease, Queue: "main.queue", Call: call.ID("call of " + lease), At: at, For: call.Seconds(30)}
	for _, m := range members {
		c.Members = append(c.Members, queue.ClaimMember{ContactMethod: m})
	}
	targets, err := s.Claim(t.Context(), c)
	if err != nil {
		t.Error(err)
		return nil
	}
	out := map[string]call.Cause{}
	for i, target := range targets {
		if target.ContactMethod != members[i] {
			t.Errorf("asked for %v, got %+v", members, targets)
		}
		out[target.ContactMethod] = target.Skip
	}
	return out
}

func keep(t testing.TB, s *db.Store, lease, method string, until time.Time) {
	t.Helper()
	if err := s.Keep(t.Context(), lease, method, until); err != nil {
		t.Error(err)
	}
}

func TestAPersonIsGivenToOneCaller(t *testing.T) {
	s := dbtest.Store(t)
	agents(t, s, 2)
	now := monday
	if got := claim(t, s, "a", now, "phone-0", "phone-1"); got["phone-0"] != "" || got["phone-1"] != "" {
		t.Fatalf("nobody was free: %v", got)
	}
	if got := claim(t, s, "b", now, "mobile-0", "phone-1"); got["mobile-0"] != call.CauseBusy || got["phone-1"] != call.CauseBusy {
		t.Errorf("given to two callers: %v", got)
	}
	if got := claim(t, s, "a", now, "mobile-0", "phone-0"); got["mobile-0"] != "" || got["phone-0"] != "" {
		t.Errorf("claimed again by the same lease they are busy: %v", got)
	}
	keep(t, s, "a", "mobile-0", now.Add(time.Hour))
	if got := claim(t, s, "b", now, "phone-0", "phone-1"); got["phone-0"] != call.CauseBusy || got["phone-1"] != "" {
		t.Errorf("after one of them was kept: %v", got)
	}
	keep(t, s, "a", "", time.Time{})
	if got := claim(t, s, "c", now, "phone-0"); got["phone-0"] != "" {
		t.Errorf("after all were given up: %v", got)
	}
}

func TestAClaimLapses(t *testing.T) {
	s := dbtest.Store(t)
	agents(t, s, 1)
	claim(t, s, "a", monday, "phone-0")
	if got := claim(t, s, "b", monday.Add(30*time.Second-1), "phone-0"); got["phone-0"] != call.CauseBusy {
		t.Errorf("within its time: %v", got)
	}
	if got := claim(t, s, "b", monday.Add(30*time.Second), "phone-0"); got["phone-0"] != "" {
		t.Errorf("after its time: %v", got)
	}
	keep(t, s, "a", "phone-0", monday.Add(time.Hour))
	keep(t, s, "a", "", time.Time{})
	if got := claim(t, s, "c", monday.Add(31*time.Second), "phone-0"); got["phone-0"] != call.CauseBusy {
		t.Errorf("a lease that lapsed took its person back: %v", got)
	}
}

func TestAPersonInAnotherCallIsBusyOnAllPhones(t *testing.T) {
	s := dbtest.Store(t)
	agents(t, s, 3)
	talking, dialling := at("other", 1, "ring"), at("out", 1, "")
	talking.With, dialling.Account = []string{"phone-0"}, "phone-1"
	savePositions(t, s, talking, dialling)
	want := map[string]call.Cause{"phone-0": call.CauseBusy, "mobile-0": call.CauseBusy, "phone-1": call.CauseBusy, "phone-2": ""}
	for method, skip := range want {
		if got := claim(t, s, "a", monday, method); got[method] != skip {
			t.Errorf("%s: %q, want %q", method, got[method], skip)
		}
	}
	own := at("call of b", 1, "queue")
	own.With = []string{"phone-2"}
	savePositions(t, s, own)
	keep(t, s, "a", "", time.Time{})
	if got := claim(t, s, "b", monday, "phone-2"); got["phone-2"] != "" {
		t.Errorf("busy by the very call that asks: %v", got)
	}
	if err := s.SaveLedger(t.Context(), call.LedgerEntry{Call: "other", Started: time.Now(), Outcome: "talked"}); err != nil {
		t.Fatal(err)
	}
	if got := claim(t, s, "c", monday, "phone-0"); got["phone-0"] != "" {
		t.Errorf("after the other call: %v", got)
	}
}

func TestACallThatAMemberHasLeftKeepsNobodyBusy(t *testing.T) {
	s := dbtest.Store(t)
	agents(t, s, 1)
	talking := at("other", 1, "queue")
	talking.With = []string{"phone-0"}
	savePositions(t, s, talking)
	targets, err := s.Claim(t.Context(), queue.Claim{Lease: "a", Queue: "main.queue", Call: "call of a", At: monday, For: call.Seconds(30),
		Members: []queue.ClaimMember{{ContactMethod: "phone-0", Left: "other"}}})
	if err != nil || len(targets) != 1 || targets[0].Skip != "" {
		t.Errorf("got %+v (%v), want a phone that can be rung", targets, err)
	}
}

func TestWhoCannotBeRungIsNotLeased(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	onWeekdays(t, s)
	got := claim(t, s, "a", sunday, "desk", "off", "ghost", "post")
	want := map[string]call.Cause{"desk": call.CauseOffSchedule, "off": call.CauseUnavailable, "ghost": call.CauseNotFound, "post": call.CauseUnavailable}
	for method, skip := range want {
		if got[method] != skip {
			t.Errorf("%s: %q, want %q", method, got[method], skip)
		}
	}
	targets, err := s.Claim(t.Context(), queue.Claim{Lease: "b", Call: "b", At: sunday, For: call.Seconds(30),
		Members: []queue.ClaimMember{{ContactMethod: "desk", IgnoreSchedule: true}}})
	if err != nil || targets[0].Skip != "" || targets[0].Account != "desk" {
		t.Errorf("who ignores the schedule: %+v, %v", targets, err)
	}
}

// Callers of several queues claim the same people, keep or drop them, and
// begin again. Whoever holds a person writes itself down; finding another name
// there is a person given to two callers.
func TestOfManyClaimsAtOnceEachPersonGoesToOne(t *testing.T) {
	s := dbtest.Store(t)
	methods := agents(t, s, 5)
	person := func(method string) string { return method[len(method)-1:] }
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	var holders sync.Map
	var wg sync.WaitGroup
	for n := range 24 {
		wg.Go(func() {
			random := rand.New(rand.NewPCG(seed, uint64(n)))
			for round := range 12 {
				lease := fmt.Sprintf("%d/%d", n, round)
				var wanted []string
				for _, i := range random.Perm(len(methods))[:1+random.IntN(3)] {
					wanted = append(wanted, methods[i])
				}
				held := map[string]bool{}
				for method, skip := range claim(t, s, lease, monday, wanted...) {
					if skip == "" {
						held[person(method)] = true
					}
				}
				for p := range held {
					if other, taken := holders.LoadOrStore(p, lease); taken {
						t.Errorf("person %s is given to %s and to %v", p, lease, other)
					}
				}
				claim(t, s, lease, monday, wanted...) // takes a while
				for p := range held {
					holders.Delete(p)
				}
				keep(t, s, lease, "", time.Time{})
			}
		})
	}
	wg.Wait()
}

func TestCallWaitingOffersAPersonWhoIsInAnotherCall(t *testing.T) {
	s := dbtest.Store(t)
	agents(t, s, 2)
	for id, waiting := range map[string]bool{"phone-0": true, "mobile-0": false} {
		m, err := s.ContactMethod(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		m.CallWaiting = waiting
		if err := s.SaveContactMethod(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	talking := at("other", 1, "ring")
	talking.With = []string{"phone-0"}
	savePositions(t, s, talking)
	got := claim(t, s, "a", monday, "phone-0", "mobile-0")
	if got["phone-0"] != "" || got["mobile-0"] != call.CauseBusy {
		t.Errorf("the phone with call waiting %q, the one without %q", got["phone-0"], got["mobile-0"])
	}
	if got := claim(t, s, "b", monday, "phone-0"); got["phone-0"] != call.CauseBusy {
		t.Errorf("call waiting gives a member to two callers of queues: %v", got)
	}
}
