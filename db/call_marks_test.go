package db_test

import (
	"testing"
	"time"

	"tandem/db"
	"tandem/db/dbtest"
	"tandem/flow/call"
	"tandem/flow/directory"
)

// spoken is three calls: one that talked, and two that were missed.
func spoken(t *testing.T) (s *db.Store, talked, missed, other call.ID) {
	t.Helper()
	s = dbtest.Store(t)
	ids := []call.ID{"20261122-100000-aaaaaaa", "20261122-110000-bbbbbbb", "20261122-120000-ccccccc"}
	for i, outcome := range []string{"talked", "missed", "missed"} {
		e := call.LedgerEntry{Call: ids[i], Direction: "inbound", Called: "+15550100", Node: "n1", Outcome: outcome, Started: time.Date(2026, 11, 22, 10+i, 0, 0, 0, time.UTC)}
		if err := s.SaveLedger(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	return s, ids[0], ids[1], ids[2]
}

func TestAMissedCallIsOpenUntilSomebodyHasTakenCareOfIt(t *testing.T) {
	s, _, missed, other := spoken(t)
	c := t.Context()
	found := func(mark directory.CallMark) (ids []call.ID) {
		t.Helper()
		page, err := s.Calls(c, directory.CallFilter{Mark: mark})
		if err != nil || page.Total != len(page.Calls) {
			t.Fatalf("%s: total %d of %d, %v", mark, page.Total, len(page.Calls), err)
		}
		for _, e := range page.Calls {
			ids = append(ids, e.Call)
		}
		return ids
	}
	if got := found(directory.MarkOpen); len(got) != 2 {
		t.Errorf("open are %v", got)
	}
	for _, who := range []string{"ada@example.org", "bob@example.org"} {
		if err := s.ResolveCall(c, missed, who); err != nil {
			t.Fatal(err)
		}
	}
	if open, done := found(directory.MarkOpen), found(directory.MarkResolved); len(open) != 1 || open[0] != other || len(done) != 1 || done[0] != missed {
		t.Errorf("open are %v, resolved %v", open, done)
	}
	marks, err := s.CallMarks(c, []call.ID{missed, other})
	if err != nil || len(marks) != 1 || marks[missed].ResolvedBy != "ada@example.org" || marks[missed].ResolvedAt == nil {
		t.Errorf("marks are %+v, %v", marks, err)
	}
	if err := s.ReopenCall(c, missed); err != nil || len(found(directory.MarkOpen)) != 2 {
		t.Errorf("reopened: %v, open are %v", err, found(directory.MarkOpen))
	}
}

func TestWhoHeardAQueueAndThenNobodyWasMissed(t *testing.T) {
	s := dbtest.Store(t)
	began := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	step := func(kind, exit string) call.PathEntry {
		return call.PathEntry{Module: "m", Name: kind, Kind: kind, Entered: began, Exit: exit}
	}
	for id, path := range map[call.ID][]call.PathEntry{
		"20261122-090000-queueee": {step("queue", "timeout")},
		"20261122-090001-promise": {step("queue", "escape"), step("callback", "accepted")},
		"20261122-090002-menuuuu": {step("voice-menu", "no-input")},
	} {
		if err := s.SaveLedger(t.Context(), call.LedgerEntry{Call: id, Direction: "inbound", Outcome: "answered", Started: began, Path: path}); err != nil {
			t.Fatal(err)
		}
	}
	page, err := s.Calls(t.Context(), directory.CallFilter{Mark: directory.MarkOpen})
	if err != nil || len(page.Calls) != 1 || page.Calls[0].Call != "20261122-090000-queueee" {
		t.Errorf("missed are %+v, %v", page.Calls, err)
	}
}

func TestNotesOfACallComeBackAfterARemovalAndGoWithTheCall(t *testing.T) {
	s, talked, _, _ := spoken(t)
	c := t.Context()
	for id, text := range map[string]string{"n1": "calls again on Monday", "n2": "a\x00b"} {
		if err := s.AddCallNote(c, directory.CallNote{ID: id, Call: talked, Text: text, By: "ada@example.org"}); err != nil {
			t.Fatal(err)
		}
	}
	undo, err := s.Remove(c, directory.KindCallNote, "n1", "ada@example.org")
	if err != nil {
		t.Fatal(err)
	}
	if left, err := s.CallNotes(c, talked); err != nil || len(left) != 1 || left[0].ID != "n2" {
		t.Errorf("left are %+v, %v", left, err)
	}
	if _, err := s.Undo(c, undo, "ada@example.org"); err != nil {
		t.Fatal(err)
	}
	page, err := s.Calls(c, directory.CallFilter{Mark: directory.MarkNoted})
	if err != nil || len(page.Calls) != 1 || page.Calls[0].Call != talked {
		t.Errorf("noted are %+v, %v", page.Calls, err)
	}
	if marks, err := s.CallMarks(c, []call.ID{talked}); err != nil || marks[talked].Notes != 2 || marks[talked].ResolvedAt != nil {
		t.Errorf("marks are %+v, %v", marks, err)
	}
	if _, err := s.PruneHistory(c, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if left, err := s.CallNotes(c, talked); err != nil || len(left) != 0 {
		t.Errorf("after the call was forgotten: %+v, %v", left, err)
	}
}
