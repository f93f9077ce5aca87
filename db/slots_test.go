package db_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"tandem/db"
	"tandem/db/dbtest"
	"tandem/flow"
	"tandem/flow/call"
)

// limited is a town whose main number and northern trunk have limits.
func limited(t testing.TB, ofNumber, ofTrunk int) *db.Store {
	t.Helper()
	s := townStore(t, dbtest.Store(t))
	n, err := s.Number(t.Context(), "+4687000001")
	if err != nil {
		t.Fatal(err)
	}
	n.CallsAtOnce = ofNumber
	trunk, err := s.Trunk(t.Context(), "north")
	if err != nil {
		t.Fatal(err)
	}
	trunk.CallsAtOnce = ofTrunk
	if err := s.SaveNumber(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	if err := s.SaveTrunk(t.Context(), trunk); err != nil {
		t.Fatal(err)
	}
	return s
}

func arrive(t *testing.T, s *db.Store, id, called string) *flow.Over {
	t.Helper()
	r, err := s.Route(t.Context(), call.Incoming{Call: call.ID(id), Called: called, Trunk: "north"})
	if err != nil || r.Refused != "" {
		t.Fatalf("call %s: %+v, %v", id, r, err)
	}
	return r.Over
}

func endCall(t *testing.T, s *db.Store, id string) {
	t.Helper()
	if err := s.SaveLedger(t.Context(), call.LedgerEntry{Call: call.ID(id), Started: time.Now()}); err != nil {
		t.Fatal(err)
	}
}

func TestACallBeyondTheLimitOfItsNumberIsToldSo(t *testing.T) {
	s := limited(t, 2, 0)
	for _, id := range []string{"a", "b", "a"} { // asked again, a counts once
		if over := arrive(t, s, id, "+4687000001"); over != nil {
			t.Fatalf("call %s is one too many: %+v", id, over)
		}
	}
	if over := arrive(t, s, "c", "+4687000001"); over == nil || *over != (flow.Over{Of: "number", Limit: 2, Decline: 480}) {
		t.Errorf("the third call: %+v", over)
	}
	if over := arrive(t, s, "d", "+4687000002"); over != nil {
		t.Errorf("a call to another number: %+v", over)
	}
	endCall(t, s, "a")
	if over := arrive(t, s, "e", "+4687000001"); over != nil {
		t.Errorf("after one has ended: %+v", over)
	}
	if over := arrive(t, s, "f", "+4687000001"); over == nil {
		t.Error("the place of one that has ended was given away twice")
	}
}

func TestACallBeyondTheLimitOfItsTrunkIsToldSo(t *testing.T) {
	s := limited(t, 0, 2)
	general, err := s.General(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	general.OverLimitDecline = 603
	if err := s.SaveGeneral(t.Context(), general); err != nil {
		t.Fatal(err)
	}
	arrive(t, s, "a", "+4687000001")
	arrive(t, s, "b", "+4687000002")
	if over := arrive(t, s, "c", "+4687000001"); over == nil || *over != (flow.Over{Of: "trunk", Limit: 2, Decline: 603}) {
		t.Errorf("the third call: %+v", over)
	}
	inside, err := s.Route(t.Context(), call.Incoming{Call: "d", Called: "+4687000001", Account: "desk"})
	if err != nil || inside.Over != nil {
		t.Errorf("a call from inside: %+v, %v", inside.Over, err)
	}
}

func TestAskingWhereANumberLeadsIsNoCall(t *testing.T) {
	s := limited(t, 1, 0)
	for range 2 {
		if over := arrive(t, s, "", "+4687000001"); over != nil {
			t.Errorf("a question is one too many: %+v", over)
		}
	}
	if over := arrive(t, s, "a", "+4687000001"); over != nil {
		t.Errorf("questions were counted: %+v", over)
	}
}

func TestWithoutALimitNothingIsCounted(t *testing.T) {
	s := limited(t, 0, 0)
	arrive(t, s, "a", "+4687000001")
	if all, err := s.Slots(t.Context(), 0); err != nil || len(all) > 0 {
		t.Errorf("counted %v, %v", all, err)
	}
}

func TestABurstIsCountedToTheLast(t *testing.T) {
	const limit, burst = 7, 60
	s := limited(t, limit, 1000)
	var together sync.WaitGroup
	start := make(chan struct{})
	over := make([]bool, burst)
	for i := range burst {
		together.Go(func() {
			<-start
			r, err := s.Route(t.Context(), call.Incoming{Call: call.ID(fmt.Sprint(i)), Called: "+4687000001", Trunk: "north"})
			if err != nil {
				t.Error(err)
			}
			over[i] = r.Over != nil
		})
	}
	close(start)
	together.Wait()
	if let := len(slices.DeleteFunc(over, func(o bool) bool { return o })); let != limit {
		t.Errorf("%d of %d calls were let in, the limit is %d", let, burst, limit)
	}
}

func TestTheSlotOfACallThatDiedIsFreed(t *testing.T) {
	s := limited(t, 1, 0)
	arrive(t, s, "a", "+4687000001")
	if all, err := s.Slots(t.Context(), time.Minute); err != nil || len(all) > 0 {
		t.Errorf("a fresh slot is old: %v, %v", all, err)
	}
	all, err := s.Slots(t.Context(), 0)
	if err != nil || !slices.Equal(all, []call.ID{"a"}) {
		t.Fatalf("slots %v, %v", all, err)
	}
	if err := s.FreeSlots(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	if over := arrive(t, s, "b", "+4687000001"); over != nil {
		t.Errorf("still counted: %+v", over)
	}
}

func TestALimitOutOfRangeIsRefused(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	n, err := s.Number(t.Context(), "+4687000001")
	if err != nil {
		t.Fatal(err)
	}
	n.CallsAtOnce = 1001
	if err := s.SaveNumber(t.Context(), n); err == nil {
		t.Error("1001 calls at once were taken")
	}
}

func TestARouteCarriesTheClockOfTheHouse(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	general, err := s.General(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	general.Zone = "Europe/Stockholm"
	if err := s.SaveGeneral(t.Context(), general); err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 7, 1, 23, 30, 0, 0, time.UTC)
	r, err := s.Route(t.Context(), call.Incoming{Called: "+4687000001", Trunk: "north", At: at})
	if err != nil || r.Zone != "Europe/Stockholm" || r.At.Format(time.DateTime) != "2026-07-02 01:30:00" {
		t.Errorf("zone %q, %v, %v", r.Zone, r.At, err)
	}
}

// A limit costs a look-up one more question; without one it costs nothing.
func BenchmarkRouteWithALimit(b *testing.B) {
	for _, limit := range []int{0, 1000} {
		b.Run(fmt.Sprint(limit), func(b *testing.B) {
			s := limited(b, limit, limit)
			for i := range b.N {
				id := call.ID(fmt.Sprint(i))
				r, err := s.Route(b.Context(), call.Incoming{Call: id, Called: "+4687000001", Trunk: "north"})
				if err != nil || r.Over != nil {
					b.Fatal(r.Over, err)
				}
				b.StopTimer()
				if err := s.FreeSlots(b.Context(), []call.ID{id}); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
			}
		})
	}
}
