package db_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"tandem/db"
	"tandem/db/dbtest"
	"tandem/flow/call"
	"tandem/flow/directory"
)

func at(id call.ID, seq int, module string) call.Position {
	return call.Position{Call: id, Seq: seq, Module: module, Caller: call.Party{Number: "+46700000001"}}
}

func savePositions(t *testing.T, s *db.Store, all ...call.Position) {
	t.Helper()
	if err := s.SavePositions(t.Context(), all); err != nil {
		t.Fatal(err)
	}
}

func positions(t *testing.T, s *db.Store) []call.Position {
	t.Helper()
	out, err := s.Positions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestTheNewestPositionOfACallStands(t *testing.T) {
	s := dbtest.Store(t)
	savePositions(t, s, at("a", 1, "in"), at("b", 1, "in"))
	savePositions(t, s, at("a", 3, "ring"), at("a", 2, "menu"))
	got := positions(t, s)
	if len(got) != 2 || got[0].Call != "b" || got[1].Module != "ring" {
		t.Errorf("positions are %+v", got)
	}
	over := at("a", 4, "ring")
	over.Over = true
	savePositions(t, s, over)
	if got := positions(t, s); len(got) != 1 || got[0].Call != "b" {
		t.Errorf("after the end of a: %+v", got)
	}
}

func TestACallThatTheLedgerHasEndedHasNoPosition(t *testing.T) {
	s := dbtest.Store(t)
	savePositions(t, s, at("a", 1, "in"))
	if err := s.SaveLedger(t.Context(), call.LedgerEntry{Call: "a", Started: time.Now(), Outcome: "answered"}); err != nil {
		t.Fatal(err)
	}
	if got := positions(t, s); len(got) != 0 {
		t.Errorf("positions are %+v", got)
	}
}

func TestPositionsOfDeadCallsAreForgottenUnlessTheyWereHeardOfLately(t *testing.T) {
	s := dbtest.Store(t)
	savePositions(t, s, at("a", 1, "in"), at("b", 1, "in"))
	for _, step := range []struct {
		while time.Duration
		left  int
	}{{time.Minute, 2}, {0, 1}} {
		if err := s.ForgetPositions(t.Context(), []call.ID{"a"}, step.while); err != nil {
			t.Fatal(err)
		}
		if got := positions(t, s); len(got) != step.left {
			t.Errorf("after %v: %+v", step.while, got)
		}
	}
}

func TestWhoWatchesHearsOfPositionsAndOfEndedCalls(t *testing.T) {
	s := dbtest.Store(t)
	heard := make(chan struct{}, 10)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.WatchPositions(ctx, func() { heard <- struct{}{} }) }()
	await := func(what string) {
		t.Helper()
		select {
		case <-heard:
		case <-time.After(10 * time.Second):
			t.Fatalf("nothing was heard of %s", what)
		}
	}
	await("the beginning")
	savePositions(t, s, at("a", 1, "in"))
	await("a position")
	if err := s.SaveLedger(t.Context(), call.LedgerEntry{Call: "a", Started: time.Now()}); err != nil {
		t.Fatal(err)
	}
	await("an ended call")
	stop()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v", err)
	}
}

func TestAViewIsKeptForItsLoginAndPage(t *testing.T) {
	s := dbtest.Store(t)
	if _, err := s.CreateOwner(t.Context(), "a@example.org", "a good password"); err != nil {
		t.Fatal(err)
	}
	who, err := s.SignIn(t.Context(), "a@example.org", "a good password")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []directory.SavedView{{Name: "Missed", Query: "outcome=missed"}, {Name: "Missed", Query: "outcome=missed&period=24h"}} {
		if err := s.SaveView(t.Context(), who.ID, "calls", v); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.SavedViews(t.Context(), who.ID, "calls")
	if err != nil || len(got) != 1 || got[0].Query != "outcome=missed&period=24h" {
		t.Errorf("views are %+v, %v", got, err)
	}
	if err := s.SaveView(t.Context(), who.ID, "calls", directory.SavedView{Name: ""}); !errors.Is(err, directory.ErrInvalid) {
		t.Errorf("a view without a name: %v", err)
	}
	if err := s.RemoveView(t.Context(), who.ID, "calls", "Missed"); err != nil {
		t.Error(err)
	}
	if err := s.RemoveView(t.Context(), who.ID, "calls", "Missed"); !errors.Is(err, directory.ErrNotFound) {
		t.Errorf("removed twice: %v", err)
	}
}
