package db_test

import (
	"errors"
	"strings"
	"testing"

	"tandem/db/dbtest"
	"tandem/flow/directory"
)

func TestUsersAreSavedAllOrNone(t *testing.T) {
	s := dbtest.Store(t)
	users := []directory.User{{ID: "anna", LastName: "Berg"}, {ID: "bo", LastName: strings.Repeat("x", 61)}}
	if _, err := s.ImportUsers(t.Context(), users, "me"); !errors.Is(err, directory.ErrInvalid) {
		t.Fatalf("a name that is too long gives %v", err)
	}
	if got, err := s.Users(t.Context()); err != nil || len(got) != 0 {
		t.Errorf("%v were saved, %v", got, err)
	}
	users[1].LastName = "Ek"
	if _, err := s.ImportUsers(t.Context(), users, "me"); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Users(t.Context()); err != nil || len(got) != 2 {
		t.Errorf("%v were saved, %v", got, err)
	}
}
