package db_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"tandem/db"
	"tandem/db/dbtest"
	"tandem/flow"
	"tandem/flow/directory"
	"tandem/flow/schedule"
)

// furnished is the town with one of every other kind in it.
func furnished(t testing.TB) *db.Store {
	t.Helper()
	s := townStore(t, dbtest.Store(t))
	_, audio := s.AddAudio(t.Context(), directory.AudioFile{ID: "song", Name: "Song", Bytes: []byte("la"), Source: "song.wav"})
	_, token := s.CreateToken(t.Context(), directory.Token{ID: "key", Name: "Key", Role: directory.ReadOnly, Flows: []string{"main"}})
	err := errors.Join(audio,
		s.SavePlaylist(t.Context(), directory.Playlist{ID: "songs", Name: "Songs", Files: []string{"song", "song"}, Loop: true}),
		s.SaveSchedule(t.Context(), directory.Schedule{ID: "hours", Name: "Hours", Hours: schedule.Hours{Zone: "Europe/Stockholm"}}),
		s.SaveUser(t.Context(), directory.User{ID: "ada", LastName: "Lovelace", Department: "Engines", Schedule: "hours"}),
		s.SaveGeneral(t.Context(), directory.General{Name: "T", Zone: "UTC", OverLimitDecline: 486, Dialling: "e164", LongestCall: 60, HistoryDays: 30, HoldMusic: "songs"}))
	if err != nil {
		t.Fatal(err)
	}
	_, login := s.InviteLogin(t.Context(), directory.Login{Email: "bob@example.org", Role: directory.FlowEditor, User: "ada", Flows: []string{"main"}})
	desk, err := s.ContactMethod(t.Context(), "desk")
	if err != nil {
		t.Fatal(err)
	}
	desk.Owner = "ada"
	ringing := byInternal("ringing", "44")
	ringing.Modules[1] = flow.Module{ID: "end", Kind: "ring-group", Name: "Ring", HangUpHere: []flow.Exit{"no-answer"},
		Settings: &flow.RingGroup{Destinations: []flow.RingDestination{{ContactMethod: "away"}}, Ringback: "song"}}
	if err := errors.Join(login, token, s.SaveContactMethod(t.Context(), desk), publish(t, s, ringing)); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestEveryUseIsListedAndHindersARemoval(t *testing.T) {
	s := furnished(t)
	for _, c := range []struct {
		kind directory.Kind
		id   string
		uses string // kind id module where
	}{
		{directory.KindFlow, "main", "login bob@example.org  limited to it; token Key  limited to it"},
		{directory.KindNumber, "+4687000001", "flow Flow main in draft; flow Flow main in version 1"},
		{directory.KindNumber, "+4687000002", "contact-method Desk  direct number"},
		{directory.KindContactMethod, "away", "flow Flow ringing end draft; flow Flow ringing end version 1"},
		{directory.KindTrunk, "north", "number +4687000001  ; number +4687000002  ; number +4687000003  ; number +4687000004  "},
		{directory.KindUser, "ada", "contact-method Desk  owner; login bob@example.org  "},
		{directory.KindAudio, "song", "flow Flow ringing end draft; flow Flow ringing end version 1; playlist Songs  "},
		{directory.KindPlaylist, "songs", "setting General  hold music"},
		{directory.KindSchedule, "hours", "user Lovelace  "},
	} {
		var used *directory.InUseError
		if err := remove(t, s, c.kind, c.id); !errors.As(err, &used) {
			t.Errorf("%s %s: got %v, want its uses", c.kind, c.id, err)
			continue
		}
		var got []string
		for _, u := range used.Uses {
			got = append(got, strings.Join([]string{string(u.Kind), u.Name, u.Module, u.Where}, " "))
		}
		if strings.Join(got, "; ") != c.uses {
			t.Errorf("%s %s is used by %q, want %q", c.kind, c.id, strings.Join(got, "; "), c.uses)
		}
	}
	all, err := s.UsesByFlows(t.Context(), directory.KindAudio)
	if err != nil || len(all["song"]) != 2 {
		t.Errorf("got %+v, %v", all, err)
	}
}

func TestASavedTestUsesItsPhones(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	d, err := s.Draft(t.Context(), "main")
	if err != nil {
		t.Fatal(err)
	}
	d.Flow.Tests = []flow.Test{{ID: "t", Name: "Busy", Scenario: flow.Scenario{Phones: map[string]flow.Phone{"away": {Does: "busy"}}}}}
	if _, err := s.SaveDraft(t.Context(), d.Flow, d.Revision, "me"); err != nil {
		t.Fatal(err)
	}
	uses, err := s.Uses(t.Context(), directory.KindContactMethod, "away")
	want := []directory.Use{{Kind: directory.KindFlow, ID: "main", Name: "Flow main", Where: `draft, test "Busy"`}}
	if err != nil || !reflect.DeepEqual(uses, want) {
		t.Errorf("got %+v, %v; want %+v", uses, err, want)
	}
}

// look is all that pages show of the things that can be removed.
func look(t testing.TB, s *db.Store) []any {
	t.Helper()
	numbers, e1 := s.Numbers(t.Context())
	methods, e2 := s.ContactMethods(t.Context())
	trunks, e3 := s.Trunks(t.Context())
	users, e4 := s.Users(t.Context())
	logins, e5 := s.Logins(t.Context())
	audio, e6 := s.AudioFiles(t.Context())
	lists, e7 := s.Playlists(t.Context())
	schedules, e8 := s.Schedules(t.Context())
	tokens, e9 := s.Tokens(t.Context())
	flows, e10 := s.FlowList(t.Context())
	accounts, e11 := s.Accounts(t.Context())
	if err := errors.Join(e1, e2, e3, e4, e5, e6, e7, e8, e9, e10, e11); err != nil {
		t.Fatal(err)
	}
	return []any{numbers, methods, trunks, users, logins, audio, lists, schedules, tokens, flows, accounts}
}

func TestEveryKindComesBackAsItWas(t *testing.T) {
	s := furnished(t)
	if err := s.SaveTrunk(t.Context(), directory.Trunk{ID: "spare", Name: "Spare", Username: "u", Password: "p"}); err != nil {
		t.Fatal(err)
	}
	bob, err := s.Login(t.Context(), "bob@example.org")
	if err != nil {
		t.Fatal(err)
	}
	// In an order in which nothing is in use any more.
	for _, c := range []struct {
		kind directory.Kind
		id   string
	}{
		{directory.KindLogin, bob.ID}, {directory.KindToken, "key"}, {directory.KindFlow, "ringing"}, {directory.KindContactMethod, "desk"},
		{directory.KindNumber, "+4687000004"}, {directory.KindTrunk, "spare"}, {directory.KindTrunk, "south"}, {directory.KindFlow, "main"},
	} {
		before := look(t, s)
		undo, err := s.Remove(t.Context(), c.kind, c.id, "me")
		if err != nil {
			t.Fatal(c.kind, err)
		}
		if reflect.DeepEqual(look(t, s), before) {
			t.Errorf("%s %s is still there", c.kind, c.id)
		}
		if _, err := s.Undo(t.Context(), undo, "somebody else"); !errors.Is(err, directory.ErrNotFound) {
			t.Errorf("%s: somebody else's undo: got %v, want ErrNotFound", c.kind, err)
		}
		if _, err := s.Undo(t.Context(), undo, "me"); err != nil {
			t.Errorf("%s: %v", c.kind, err)
		}
		if after := look(t, s); !reflect.DeepEqual(after, before) {
			t.Errorf("%s %s came back otherwise:\n%+v\nwas\n%+v", c.kind, c.id, after, before)
		}
		if _, err := s.Undo(t.Context(), undo, "me"); !errors.Is(err, directory.ErrNotFound) {
			t.Errorf("%s: undone twice: got %v", c.kind, err)
		}
		if err := remove(t, s, c.kind, c.id); err != nil { // for the next
			t.Fatal(err)
		}
	}
}

func TestWhatIsLeftOfALibraryComesBackToo(t *testing.T) {
	s := furnished(t)
	if err := s.SaveGeneral(t.Context(), directory.General{Name: "T", Zone: "UTC", OverLimitDecline: 486, Dialling: "e164", LongestCall: 60, HistoryDays: 30}); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(remove(t, s, directory.KindFlow, "ringing"), s.SaveUser(t.Context(), directory.User{ID: "ada", LastName: "L"})); err != nil {
		t.Fatal(err)
	}
	before := look(t, s)
	var undo [3]string
	for i, c := range []struct {
		kind directory.Kind
		id   string
	}{{directory.KindPlaylist, "songs"}, {directory.KindAudio, "song"}, {directory.KindSchedule, "hours"}} {
		var err error
		if undo[i], err = s.Remove(t.Context(), c.kind, c.id, "me"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Undo(t.Context(), undo[0], "me"); !errors.Is(err, directory.ErrLinked) {
		t.Errorf("a playlist came back without its file: %v", err)
	}
	for _, i := range []int{1, 0, 2} { // refused once, it can be tried again
		if _, err := s.Undo(t.Context(), undo[i], "me"); err != nil {
			t.Error(err)
		}
	}
	if after := look(t, s); !reflect.DeepEqual(after, before) {
		t.Errorf("got %+v, want %+v", after, before)
	}
	if f, err := s.Audio(t.Context(), "song"); err != nil || string(f.Bytes) != "la" {
		t.Errorf("got %+v, %v", f, err)
	}
}

func TestAnUndoIsRefusedWhereThePlaceIsTaken(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	gone := func(kind directory.Kind, id string) string {
		t.Helper()
		undo, err := s.Remove(t.Context(), kind, id, "me")
		if err != nil {
			t.Fatal(err)
		}
		return undo
	}
	desk, main := gone(directory.KindContactMethod, "desk"), gone(directory.KindFlow, "main")
	for _, number := range []string{"+4687000001", "+4687000002"} {
		if err := s.MoveNumber(t.Context(), number, "away"); err != nil {
			t.Fatal(err)
		}
	}
	for _, undo := range []string{desk, main} {
		var taken *directory.TakenError
		if _, err := s.Undo(t.Context(), undo, "me"); !errors.As(err, &taken) || taken.By.ContactMethod != "away" {
			t.Errorf("got %v, want who took the number", err)
		}
	}
	if err := s.MoveNumber(t.Context(), "+4687000001", ""); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Undo(t.Context(), main, "me"); err != nil {
		t.Errorf("with the number free again: %v", err)
	}
	dbtest.Exec(t, s, "update trash set at = now() - interval '25 hours'")
	if _, err := s.Undo(t.Context(), desk, "me"); !errors.Is(err, directory.ErrNotFound) {
		t.Errorf("after a day: got %v, want ErrNotFound", err)
	}
}

func TestCallsKeepTheVersionsOfARemovedFlow(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	e := talk("20261122-120000-aaaaaaa")
	e.Flow.ID, e.Flow.Version, e.Started = "main", 1, time.Now().Add(-40*24*time.Hour)
	if err := s.SaveLedger(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"main", "inside"} {
		if err := remove(t, s, directory.KindFlow, id); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Draft(t.Context(), "main"); !errors.Is(err, directory.ErrNotFound) {
		t.Errorf("got %v, want ErrNotFound", err)
	}
	dbtest.Exec(t, s, "update flows set removed = now() - interval '25 hours' where removed is not null")
	readable := func(id string) bool {
		_, err := s.Version(t.Context(), id, 1)
		return err == nil
	}
	if n, err := s.PruneHistory(t.Context(), time.Now().Add(-60*24*time.Hour)); err != nil || n != 0 {
		t.Fatal(n, err)
	}
	if !readable("main") || readable("inside") {
		t.Error("want the version that a call names, and that one alone")
	}
	if n, err := s.PruneHistory(t.Context(), time.Now().Add(-30*24*time.Hour)); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	if _, err := s.Ledger(t.Context(), e.Call); !errors.Is(err, directory.ErrNotFound) || readable("main") {
		t.Errorf("the call or its version is left: %v", err)
	}
}
