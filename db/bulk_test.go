package db_test

import (
	"errors"
	"reflect"
	"testing"

	"tandem/db"
	"tandem/db/dbtest"
	"tandem/flow/directory"
)

// bulkEdits are edits of many things at once in the furnished town.
var bulkEdits = map[string]func(s *db.Store, t *testing.T) (undo string, err error){
	"users": func(s *db.Store, t *testing.T) (string, error) {
		return s.ImportUsers(t.Context(), []directory.User{{ID: "bo", LastName: "Ek"}, {ID: "ada", FirstName: "Ada", LastName: "King", Email: "ada@example.org", Schedule: "hours"}}, "me")
	},
	"numbers": func(s *db.Store, t *testing.T) (string, error) {
		for _, n := range []string{"+46870000071", "+46870000072"} {
			if err := s.SaveNumber(t.Context(), directory.Number{E164: number(t, n), Label: "Range", Trunks: []string{"south"}}); err != nil {
				return "", err
			}
		}
		return s.NumbersAdded(t.Context(), []string{"+46870000071", "+46870000072"}, "me")
	},
	"entries": func(s *db.Store, t *testing.T) (string, error) {
		_, undo, err := s.AddToList(t.Context(), "pests", []directory.ListEntry{{Entry: "+46700000001"}, {Entry: "+46700000002"}}, "me")
		return undo, err
	},
}

func TestBulkEditsAreTakenBack(t *testing.T) {
	for name, edit := range bulkEdits {
		t.Run(name, func(t *testing.T) {
			s := furnished(t)
			if err := s.SaveList(t.Context(), directory.List{ID: "pests", Name: "Pests"}); err != nil {
				t.Fatal(err)
			}
			if _, _, err := s.AddToList(t.Context(), "pests", []directory.ListEntry{{Entry: "+46700000001", Note: "first"}}, "me"); err != nil {
				t.Fatal(err)
			}
			before := append(look(t, s), entriesOf(t, s, "pests"))
			undo, err := edit(s, t)
			if err != nil {
				t.Fatal(err)
			}
			if reflect.DeepEqual(append(look(t, s), entriesOf(t, s, "pests")), before) {
				t.Fatal("nothing was edited")
			}
			if _, err := s.Undo(t.Context(), undo, "somebody else"); !errors.Is(err, directory.ErrNotFound) {
				t.Errorf("somebody else's undo: got %v, want ErrNotFound", err)
			}
			if _, err := s.Undo(t.Context(), undo, "me"); err != nil {
				t.Fatal(err)
			}
			if after := append(look(t, s), entriesOf(t, s, "pests")); !reflect.DeepEqual(after, before) {
				t.Errorf("taken back it is\n%+v\nwas\n%+v", after, before)
			}
		})
	}
}

func entriesOf(t testing.TB, s *db.Store, list string) []directory.ListEntry {
	t.Helper()
	page, err := s.ListEntries(t.Context(), list, directory.EntryFilter{Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	return page.Entries
}

func TestWhatIsUsedSinceABulkEditKeepsAllOfIt(t *testing.T) {
	s := furnished(t)
	undo, err := bulkEdits["users"](s, t)
	if err != nil {
		t.Fatal(err)
	}
	desk, err := s.ContactMethod(t.Context(), "desk")
	if err != nil {
		t.Fatal(err)
	}
	desk.Owner = "bo"
	if err := s.SaveContactMethod(t.Context(), desk); err != nil {
		t.Fatal(err)
	}
	before := look(t, s)
	var used *directory.InUseError
	if _, err := s.Undo(t.Context(), undo, "me"); !errors.As(err, &used) || used.ID != "bo" {
		t.Errorf("got %v, want that Bo is in use", err)
	}
	if after := look(t, s); !reflect.DeepEqual(after, before) {
		t.Error("something was taken back all the same")
	}
	desk.Owner = ""
	if err := s.SaveContactMethod(t.Context(), desk); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Undo(t.Context(), undo, "me"); err != nil {
		t.Errorf("free again, it cannot be taken back: %v", err)
	}
}

func TestAnAdditionOfNothingNewHasNoUndo(t *testing.T) {
	s := dbtest.Store(t)
	if err := s.SaveList(t.Context(), directory.List{ID: "pests", Name: "Pests"}); err != nil {
		t.Fatal(err)
	}
	for i, want := range []int{1, 0} {
		added, undo, err := s.AddToList(t.Context(), "pests", []directory.ListEntry{{Entry: "+46700000001"}}, "me")
		if err != nil || added != want || (undo != "") != (want > 0) {
			t.Errorf("time %d: %d added, undo %q, %v", i+1, added, undo, err)
		}
	}
}
