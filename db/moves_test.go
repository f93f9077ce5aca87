package db_test

import (
	"slices"
	"sync"
	"testing"

	"tandem/db"
	"tandem/db/dbtest"
	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/directory"
)

// takes is a flow that takes its number from whoever holds it.
func takes(f flow.Flow) flow.Flow {
	switch s := f.Modules[0].Settings.(type) {
	case *flow.PhoneNumber:
		s.Move = true
	case *flow.InternalNumber:
		s.Move = true
	}
	return f
}

func leadsTo(t testing.TB, s *db.Store, called string) (flowID, contact string) {
	t.Helper()
	r, err := s.Route(t.Context(), call.Incoming{Called: called, Account: "desk"})
	if err != nil {
		t.Fatal(err)
	}
	return orZero(r.Revision).ID, orZero(r.Direct).ContactMethod
}

func TestAPublishMovesANumberFromItsClaimant(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	for _, c := range []struct {
		says   string
		f      flow.Flow
		called string
		from   directory.Claimant
	}{
		{"number of a flow", byNumber("a", "+4687000001"), "+4687000001", directory.Claimant{Flow: "main", FlowName: "Flow main", Module: "in"}},
		{"number of a contact method", byNumber("b", "+4687000002"), "+4687000002", directory.Claimant{ContactMethod: "desk", ContactName: "Desk"}},
		{"internal number of a flow", byInternal("c", "300"), "300", directory.Claimant{Flow: "inside", FlowName: "Flow inside", Module: "in"}},
		{"internal number of a contact method", byInternal("d", "202"), "202", directory.Claimant{ContactMethod: "away", ContactName: "Away"}},
	} {
		t.Run(c.says, func(t *testing.T) {
			if _, err := s.SaveDraft(t.Context(), takes(c.f), 0, "me"); err != nil {
				t.Fatal(err)
			}
			if problems, err := s.Check(t.Context(), c.f); err != nil || len(flow.Errors(problems)) > 0 || len(problems) != 1 {
				t.Fatalf("before: %+v, %v", problems, err)
			}
			done, err := s.Publish(t.Context(), c.f.ID, 1, "me", "")
			if err != nil || done.Version != 1 || len(done.Moved) != 1 {
				t.Fatalf("got %+v, %v", done, err)
			}
			if m := done.Moved[0]; m.ID != c.called || m.From != c.from || m.To.Flow != c.f.ID || m.To.Module != "in" {
				t.Errorf("moved %+v", m)
			}
			if id, _ := leadsTo(t, s, c.called); id != c.f.ID {
				t.Errorf("%s leads to %q", c.called, id)
			}
			d, err := s.Draft(t.Context(), c.f.ID)
			if err != nil || d.Flow.Moving() || d.Newer || d.Revision != 2 {
				t.Errorf("the draft still wishes to move, or counts as changed: %+v, %v", d, err)
			}
		})
	}
	if d, err := s.Draft(t.Context(), "main"); err != nil || d.Published != 1 {
		t.Errorf("the flow that lost its number is out of force: %+v, %v", d, err)
	}
	away, err := s.ContactMethod(t.Context(), "away")
	if err != nil || away.InternalNumber.String() != "" {
		t.Errorf("the contact method keeps its number: %+v, %v", away, err)
	}
}

func TestWhatMovedOnceIsNeverTakenAgainByItself(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	if err := publish(t, s, takes(byNumber("taker", "+4687000001"))); err != nil {
		t.Fatal(err)
	}
	if err := s.MoveNumber(t.Context(), "+4687000001", "away"); err != nil {
		t.Fatal(err)
	}
	_, err := s.PublishVersion(t.Context(), "taker", 1, "me", "")
	taken(t, err)
	_, err = s.Publish(t.Context(), "taker", 2, "me", "")
	taken(t, err)
	if _, contact := leadsTo(t, s, "+4687000001"); contact != "away" {
		t.Errorf("the number leads to %q", contact)
	}
}

func TestARefusedPublishMovesNothing(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	f := takes(byNumber("broken", "+4687000001"))
	f.Modules[1].Settings = &flow.Hangup{Audio: "gone"}
	if err := publish(t, s, f); err == nil {
		t.Fatal("published")
	}
	if id, _ := leadsTo(t, s, "+4687000001"); id != "main" {
		t.Errorf("the number leads to %q", id)
	}
	if d, err := s.Draft(t.Context(), "broken"); err != nil || !d.Flow.Moving() || d.Revision != 1 {
		t.Errorf("the draft has changed: %+v, %v", d, err)
	}
}

// Flows that take each other's numbers must not block each other either.
func TestOfManyMovesAtOnceEachNumberHasOneClaimant(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	flows := []flow.Flow{byNumber("a", "+4687000001"), byNumber("b", "+4687000001"), byNumber("main", "+4687000003"), byNumber("shut", "+4687000001")}
	revisions := []int{1, 1, 2, 2}
	for i, f := range flows {
		if _, err := s.SaveDraft(t.Context(), takes(f), revisions[i]-1, "me"); err != nil {
			t.Fatal(err)
		}
	}
	errs := make([]error, len(flows))
	var all sync.WaitGroup
	for i, f := range flows {
		all.Go(func() { _, errs[i] = s.Publish(t.Context(), f.ID, revisions[i], "me", "") })
	}
	all.Wait()
	for i, err := range errs {
		if err != nil {
			t.Errorf("%s: %v", flows[i].ID, err)
		}
	}
	numbers, err := s.Numbers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if id := numbers[0].Claimant.Flow; !slices.Contains([]string{"a", "b", "shut"}, id) || numbers[2].Claimant.Flow != "main" {
		t.Errorf("the numbers are held by %+v and %+v", numbers[0].Claimant, numbers[2].Claimant)
	}
}
