package db_test

import (
	"errors"
	"strings"
	"testing"

	"tandem/db"
	"tandem/db/dbtest"
	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/directory"
)

func starting(id string) flow.Flow { return entry(id, "Flow "+id, flow.KindStart, &flow.Start{}) }

func bind(t *testing.T, s *db.Store, number, flowID string) {
	t.Helper()
	if err := s.BindNumber(t.Context(), number, flowID); err != nil {
		t.Fatal(err)
	}
}

// leads tells by which module of which flow calls to a number enter.
func leads(t *testing.T, s *db.Store, number string) string {
	t.Helper()
	r, err := s.Route(t.Context(), call.Incoming{Called: number, Trunk: "north"})
	if err != nil {
		t.Fatal(err)
	}
	if r.Refused != "" {
		return string(r.Refused)
	}
	return orZero(r.Revision).ID + "/" + r.Entry
}

func TestABoundNumberEntersAtTheStart(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	if err := s.BindNumber(t.Context(), "+4687000004", "welcome"); !errors.Is(err, directory.ErrInvalid) {
		t.Fatalf("bound to a flow that is not there: %v", err)
	}
	if err := publish(t, s, starting("welcome")); err != nil {
		t.Fatal(err)
	}
	starts, err := s.Starts(t.Context())
	if err != nil || len(starts) != 1 || starts[0].Flow != "welcome" || starts[0].Module != "in" {
		t.Fatalf("starts %+v, %v", starts, err)
	}
	bind(t, s, "+4687000004", "welcome")
	if got := leads(t, s, "+4687000004"); got != "welcome/in" {
		t.Errorf("a call leads to %s", got)
	}
	n, err := s.Number(t.Context(), "+4687000004")
	if err != nil || n.Claimant.Flow != "welcome" || n.Claimant.Module != "in" {
		t.Errorf("held by %+v, %v", n.Claimant, err)
	}
}

func TestAPublishKeepsTheNumbersThatAreBound(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	if err := publish(t, s, starting("welcome")); err != nil {
		t.Fatal(err)
	}
	bind(t, s, "+4687000004", "welcome")
	if _, err := s.Publish(t.Context(), "welcome", 1, "me", "again"); err != nil {
		t.Fatal(err)
	}
	if got := leads(t, s, "+4687000004"); got != "welcome/in" {
		t.Errorf("after a publish a call leads to %s", got)
	}
	bind(t, s, "+4687000001", "welcome") // taken from another flow
	if got := leads(t, s, "+4687000001"); got != "welcome/in" {
		t.Errorf("a number that was taken leads to %s", got)
	}
	if err := s.MoveNumber(t.Context(), "+4687000001", "desk"); err != nil {
		t.Fatal(err)
	}
	if err := s.Unpublish(t.Context(), "welcome"); err != nil {
		t.Fatal(err)
	}
	if got := leads(t, s, "+4687000004"); got != string(call.CauseNotFound) {
		t.Errorf("unpublished, a call leads to %s", got)
	}
}

func TestAModuleTakesOverANumberThatIsBoundToItsFlow(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	if err := publish(t, s, starting("welcome")); err != nil {
		t.Fatal(err)
	}
	bind(t, s, "+4687000004", "welcome")
	f := starting("welcome")
	f.Modules = append(f.Modules, flow.Module{ID: "line", Kind: "phone-number", Name: "Line", HangUpHere: []flow.Exit{"next"}, Settings: &flow.PhoneNumber{Number: "+4687000004"}})
	if _, err := s.SaveDraft(t.Context(), f, 1, "me"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Publish(t.Context(), "welcome", 2, "me", ""); err != nil {
		t.Fatal(err)
	}
	if got := leads(t, s, "+4687000004"); got != "welcome/line" {
		t.Errorf("a call leads to %s", got)
	}
}

func TestAPublishedStartStays(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	if err := publish(t, s, starting("welcome")); err != nil {
		t.Fatal(err)
	}
	removed, shelved := byNumber("welcome", "+4687000004"), starting("welcome")
	shelved.Modules[0].Shelved = true
	for says, f := range map[string]flow.Flow{"removed": removed, "shelved": shelved} {
		if _, err := s.SaveDraft(t.Context(), f, 1, "me"); !errors.Is(err, directory.ErrInvalid) || !strings.Contains(err.Error(), "stays") {
			t.Errorf("%s: %v", says, err)
		}
	}
}

func TestAVersionWithoutStartIsRefusedWhileNumbersAreBound(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	if err := publish(t, s, byNumber("welcome", "+4687000004")); err != nil {
		t.Fatal(err)
	}
	f := starting("welcome")
	f.Modules = append(f.Modules, flow.Module{ID: "line", Kind: "phone-number", Name: "Line", HangUpHere: []flow.Exit{"next"}, Settings: &flow.PhoneNumber{Number: "+4687000004"}})
	if _, err := s.SaveDraft(t.Context(), f, 1, "me"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Publish(t.Context(), "welcome", 2, "me", ""); err != nil {
		t.Fatal(err)
	}
	bind(t, s, "+4687000001", "welcome")
	var why *directory.ProblemsError
	if _, err := s.PublishVersion(t.Context(), "welcome", 1, "me", "back"); !errors.As(err, &why) || why.Problems[0].ID != "no-entry" {
		t.Errorf("rolled back: %v", err)
	}
	if got := leads(t, s, "+4687000001"); got != "welcome/in" {
		t.Errorf("a call leads to %s", got)
	}
}
