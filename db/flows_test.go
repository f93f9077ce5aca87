package db_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"tandem/db"
	"tandem/db/dbtest"
	"tandem/flow"
	"tandem/flow/directory"
)

// taken fails unless an error refuses a claim, found by the check before a
// publish or by the claim itself.
func taken(t testing.TB, err error) {
	t.Helper()
	var claim *directory.TakenError
	var check *directory.ProblemsError
	if errors.As(err, &check) && strings.HasSuffix(check.Problems[0].ID, "number-taken") {
		return
	}
	if !errors.As(err, &claim) {
		t.Fatalf("got %v, want the refusal of a claim", err)
	}
}

// remove drops the means to undo.
func remove(t testing.TB, s *db.Store, kind directory.Kind, id string) error {
	t.Helper()
	_, err := s.Remove(t.Context(), kind, id, "me")
	return err
}

func publish(t testing.TB, s *db.Store, f flow.Flow) error {
	t.Helper()
	if _, err := s.SaveDraft(t.Context(), f, 0, "me"); err != nil {
		t.Fatal(err)
	}
	_, err := s.Publish(t.Context(), f.ID, 1, "me", "a note")
	return err
}

func TestASecondClaimIsRefusedAndNamesTheFirst(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	for _, c := range []struct {
		says  string
		claim func() error
		id    string
		by    string
	}{
		{"number of a flow, by a flow", func() error { return publish(t, s, byNumber("late", "+4687000001")) }, "+4687000001", `module "in" of flow "Flow main"`},
		{"number of a contact method, by a flow", func() error { return publish(t, s, byNumber("later", "+4687000002")) }, "+4687000002", `contact method "Desk"`},
		{"number of a flow, by a contact method", func() error { return s.ClaimNumber(t.Context(), "+4687000001", "desk") }, "+4687000001", `module "in" of flow "Flow main"`},
		{"internal number of a contact method, by a flow", func() error { return publish(t, s, byInternal("latest", "201")) }, "201", `contact method "Desk"`},
		{"internal number of a flow, by a contact method", func() error {
			return s.SaveContactMethod(t.Context(), directory.ContactMethod{ID: "new", Kind: directory.SIPForwarding, Name: "New", URI: "sip:new@192.0.2.1", InternalNumber: internal(t, "300")})
		}, "300", `module "in" of flow "Flow inside"`},
		{"internal number of a contact method, by another", func() error {
			return s.SaveContactMethod(t.Context(), directory.ContactMethod{ID: "away", Kind: directory.SIPForwarding, Name: "Away", URI: "sip:me@192.0.2.9", InternalNumber: internal(t, "201")})
		}, "201", `contact method "Desk"`},
	} {
		t.Run(c.says, func(t *testing.T) {
			err := c.claim()
			taken(t, err)
			if !strings.Contains(err.Error(), c.id) || !strings.Contains(err.Error(), c.by) {
				t.Errorf("got %v; want %s by %s", err, c.id, c.by)
			}
		})
	}
	methods, err := s.ContactMethods(t.Context())
	if err != nil || len(methods) != 4 {
		t.Errorf("a refused contact method was kept: %d, %v", len(methods), err)
	}
}

func TestARefusedPublishLeavesTheOldVersionInForce(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	if _, err := s.SaveDraft(t.Context(), byNumber("main", "+4687000002"), 1, "me"); err != nil {
		t.Fatal(err)
	}
	_, err := s.Publish(t.Context(), "main", 2, "me", "")
	taken(t, err)
	draft, err := s.Draft(t.Context(), "main")
	if err != nil || draft.Published != 1 || draft.Revision != 2 {
		t.Errorf("got %+v, %v", draft, err)
	}
	numbers, err := s.Numbers(t.Context())
	if err != nil || numbers[0].Claimant.Flow != "main" {
		t.Errorf("the old claim is gone: %+v, %v", numbers[0], err)
	}
}

func TestAPublishMovesTheClaimsOfItsFlow(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	if _, err := s.SaveDraft(t.Context(), byNumber("main", "+4687000004"), 1, "me"); err != nil {
		t.Fatal(err)
	}
	if done, err := s.Publish(t.Context(), "main", 2, "me", ""); err != nil || done.Version != 2 || done.Moved != nil {
		t.Fatal(done, err)
	}
	if err := publish(t, s, byNumber("next", "+4687000001")); err != nil {
		t.Errorf("the number that was let go: %v", err)
	}
}

func TestOfManyPublishesAtOnceOneGetsTheNumber(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	ids := []string{"a", "b", "c", "d"}
	errs := make([]error, len(ids))
	for _, id := range ids {
		if _, err := s.SaveDraft(t.Context(), byNumber(id, "+4687000004"), 0, "me"); err != nil {
			t.Fatal(err)
		}
	}
	var wg sync.WaitGroup
	for i, id := range ids {
		wg.Go(func() { _, errs[i] = s.Publish(t.Context(), id, 1, "me", "") })
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		taken(t, err)
	}
	if won != 1 {
		t.Errorf("%d publishes got the number", won)
	}
}

func TestAFlowWithErrorsIsNotPublished(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	f := byNumber("ghost", "+4687000009")
	f.Modules[1].Settings = &flow.Hangup{Audio: "no-such-audio"}
	var problems *directory.ProblemsError
	if err := publish(t, s, f); !errors.As(err, &problems) || len(problems.Problems) != 2 {
		t.Fatalf("got %v, want two problems", err)
	}
	for _, p := range problems.Problems {
		if p.ID != "ref-missing" {
			t.Errorf("got %+v", p)
		}
	}
	if v, err := s.Versions(t.Context(), "ghost"); err != nil || len(v) != 0 {
		t.Errorf("got %v, %v", v, err)
	}
}

func TestADraftSavedMeanwhileIsNotOverwritten(t *testing.T) {
	s := dbtest.Store(t)
	f := byInternal("draft", "1")
	if rev, err := s.SaveDraft(t.Context(), f, 0, "me"); err != nil || rev != 1 {
		t.Fatal(rev, err)
	}
	if rev, err := s.SaveDraft(t.Context(), f, 1, "me"); err != nil || rev != 2 {
		t.Fatal(rev, err)
	}
	for _, old := range []int{0, 1, 7} {
		if _, err := s.SaveDraft(t.Context(), f, old, "me"); !errors.Is(err, directory.ErrStale) {
			t.Errorf("revision %d: got %v, want ErrStale", old, err)
		}
	}
}

func TestPublishedVersionsAreNeverChanged(t *testing.T) {
	url := dbtest.URL(t)
	s, err := db.Open(t.Context(), url, db.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	townStore(t, s)
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	for _, sql := range []string{
		"update flow_versions set note = 'other'", "delete from flow_versions", "truncate flow_versions cascade", "delete from flows",
	} {
		if _, err := conn.Exec(t.Context(), sql); err == nil {
			t.Errorf("%s was allowed", sql)
		}
	}
	got, err := s.Version(t.Context(), "main", 1)
	if err != nil || got.Flow.Name != "Flow main" || len(got.Flow.Modules) != 2 {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestLoadingAgainChangesNothing(t *testing.T) {
	s := dbtest.Store(t)
	for range 2 {
		if err := s.Load(t.Context(), town(t), "test"); err != nil {
			t.Fatal(err)
		}
	}
	v, err := s.Versions(t.Context(), "main")
	if err != nil || len(v) != 1 || v[0].Author != "test" {
		t.Errorf("got %+v, %v; want one version", v, err)
	}
}

func TestOneFlowMayNotEnterANumberTwice(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	f := byNumber("double", "+4687000004")
	f.Modules = append(f.Modules, flow.Module{ID: "in2", Kind: "phone-number", Name: "In again", HangUpHere: []flow.Exit{"next"},
		Settings: &flow.PhoneNumber{Number: "+4687000004"}})
	var refused *directory.ProblemsError
	if err := publish(t, s, f); !errors.As(err, &refused) || refused.Problems[0].ID != "number-taken" || refused.Problems[0].Module != "in2" {
		t.Errorf("got %v, want number-taken at in2", err)
	}
}
