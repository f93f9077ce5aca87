package db_test

import (
	"errors"
	"testing"
	"time"

	"tandem/db/dbtest"
	"tandem/flow/directory"
)

func TestASessionEndsThatNobodyUses(t *testing.T) {
	s := dbtest.Store(t)
	if _, err := s.CreateOwner(t.Context(), "owner@example.org", "seven green bicycles sing"); err != nil {
		t.Fatal(err)
	}
	who, err := s.Login(t.Context(), "owner@example.org")
	if err != nil {
		t.Fatal(err)
	}
	used, err := s.CreateSession(t.Context(), who.ID, 24*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	left, err := s.CreateSession(t.Context(), who.ID, 24*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 { // three hours go by, three times; one of both is used
		dbtest.Exec(t, s, `update sessions set seen = seen - interval '3 hours', created = created - interval '3 hours', expires = expires - interval '3 hours'`)
		if _, err := s.Session(t.Context(), used); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Session(t.Context(), left); !errors.Is(err, directory.ErrNotFound) {
		t.Errorf("nine hours unused, a session gives %v", err)
	}
	if all, err := s.Sessions(t.Context(), who.ID); err != nil || len(all) != 1 {
		t.Errorf("%d sessions are listed: %v", len(all), err)
	}
	dbtest.Exec(t, s, `update sessions set expires = expires - interval '15 hours'`)
	if _, err := s.Session(t.Context(), used); !errors.Is(err, directory.ErrNotFound) {
		t.Errorf("after a day, a session in use gives %v", err)
	}
}
