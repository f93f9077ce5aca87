package db_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tandem/db"
	"tandem/db/dbtest"
	"tandem/flow"
	"tandem/flow/directory"
)

// admin runs statements behind the store's back.
func admin(t testing.TB, url string, sql ...string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	for _, q := range sql {
		if _, err := conn.Exec(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
}

func open(t testing.TB, url string) *db.Store {
	t.Helper()
	s, err := db.Open(t.Context(), url, db.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func TestOneOwnerIsCreatedOnce(t *testing.T) {
	s := dbtest.Store(t)
	var made [4]bool
	var wg sync.WaitGroup
	for i := range made {
		wg.Go(func() {
			var err error
			if made[i], err = s.CreateOwner(t.Context(), "Owner@Example.org", "a good password"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	n := 0
	for _, m := range made {
		if m {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d owners were made", n)
	}
	if l, err := s.Login(t.Context(), " OWNER@example.org "); err != nil || l.Role != "owner" || l.Email != "owner@example.org" {
		t.Errorf("got %+v, %v", l, err)
	}
	if _, err := s.CreateOwner(t.Context(), "x@example.org", "short"); err == nil {
		t.Error("a short password was taken")
	}
}

func TestWrongPasswordsLockALoginForAWhile(t *testing.T) {
	url := dbtest.URL(t)
	s := open(t, url)
	if _, err := s.CreateOwner(t.Context(), "owner@example.org", "a good password"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.SignIn(t.Context(), "nobody@example.org", "a good password"); !errors.Is(err, directory.ErrDenied) {
		t.Errorf("unknown address: got %v, want ErrDenied", err)
	}
	for range 10 {
		if _, err := s.SignIn(t.Context(), "owner@example.org", "a bad password"); !errors.Is(err, directory.ErrDenied) {
			t.Errorf("got %v, want ErrDenied", err)
		}
	}
	if _, err := s.SignIn(t.Context(), "owner@example.org", "a good password"); !errors.Is(err, directory.ErrLocked) {
		t.Errorf("got %v, want ErrLocked", err)
	}
	admin(t, url, "update logins set locked_until = now()") // as after the quarter of an hour
	l, err := s.SignIn(t.Context(), "owner@example.org", "a good password")
	if err != nil || l.Failed != 0 || l.Locked(time.Now()) {
		t.Errorf("got %+v, %v", l, err)
	}
}

func TestASessionLastsUntilItEnds(t *testing.T) {
	url := dbtest.URL(t)
	s := open(t, url)
	if _, err := s.CreateOwner(t.Context(), "owner@example.org", "a good password"); err != nil {
		t.Fatal(err)
	}
	l, err := s.Login(t.Context(), "owner@example.org")
	if err != nil {
		t.Fatal(err)
	}
	var tokens [3]string
	for i := range tokens {
		if tokens[i], err = s.CreateSession(t.Context(), l.ID, time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.Session(t.Context(), tokens[0])
	if err != nil || got.Login.Email != l.Email || got.Expires.Sub(got.Created) != time.Hour {
		t.Errorf("got %+v, %v", got, err)
	}
	gone := func(token string) bool {
		_, err := s.Session(t.Context(), token)
		return errors.Is(err, directory.ErrNotFound)
	}
	if err := s.EndSession(t.Context(), tokens[0]); err != nil || !gone(tokens[0]) || gone(tokens[1]) {
		t.Errorf("signing one out did not end just that one: %v", err)
	}
	admin(t, url, "update sessions set expires = now()")
	if !gone(tokens[1]) || !gone("") || !gone("no such token") {
		t.Error("an expired or unknown token was let in")
	}
	live, err := s.CreateSession(t.Context(), l.ID, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SetPassword(t.Context(), l.Email, "another password"); err != nil || !gone(live) {
		t.Errorf("a new password left sessions: %v", err)
	}
}

func TestARoleThatGoesQuietIsNotReady(t *testing.T) {
	url := dbtest.URL(t)
	s := open(t, url)
	node := directory.Process{Role: "node", ID: "n1", PID: 7, Host: "h", Addr: "192.0.2.1:5060", Version: "v1", Ready: true, Detail: "fine", Figures: map[string]int{"calls": 3}}
	for range 2 {
		if err := s.Beat(t.Context(), node); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.Roles(t.Context())
	if err != nil || len(got) != 1 || !got[0].Ready || got[0].PID != 7 || got[0].Figures["calls"] != 3 || got[0].Seen.Before(got[0].Since) {
		t.Fatalf("got %+v, %v", got, err)
	}
	admin(t, url, "update roles set beat = now() - interval '4 seconds'")
	if got, err := s.Roles(t.Context()); err != nil || got[0].Ready {
		t.Errorf("got %+v, %v; want not ready", got, err)
	}
	if err := s.Leave(t.Context(), "node", "n1"); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Roles(t.Context()); err != nil || len(got) != 0 {
		t.Errorf("got %+v, %v; want none", got, err)
	}
}

func TestTheAuditLogIsNeverChanged(t *testing.T) {
	url := dbtest.URL(t)
	s := open(t, url)
	want := directory.AuditEntry{Login: "owner@example.org", Action: "publish", Subject: "flow main", Remote: "192.0.2.1", After: `{"version": 2}`}
	if err := s.Audit(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	page, err := s.AuditLog(t.Context(), directory.AuditFilter{})
	got := page.Entries
	if err != nil || len(got) != 1 || got[0].Action != want.Action || got[0].After != want.After || got[0].Remote != want.Remote || got[0].At.IsZero() {
		t.Errorf("got %+v, %v", got, err)
	}
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	if _, err := conn.Exec(t.Context(), "delete from audit_log"); err == nil {
		t.Error("an entry was removed")
	}
}

func TestSettingsComeBack(t *testing.T) {
	s := dbtest.Store(t)
	var got []string
	if err := s.Setting(t.Context(), "codes", &got); !errors.Is(err, directory.ErrNotFound) {
		t.Errorf("got %v, want ErrNotFound", err)
	}
	for _, v := range [][]string{{"a"}, {"a", "b"}} {
		if err := s.SaveSetting(t.Context(), "codes", v); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Setting(t.Context(), "codes", &got); err != nil || len(got) != 2 {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestAudioThatAPublishedFlowPlaysStays(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	if _, err := s.AddAudio(t.Context(), directory.AudioFile{ID: "bye", Name: "Bye", Bytes: []byte("x")}); err != nil {
		t.Fatal(err)
	}
	f := byInternal("loud", "55")
	f.Modules[1].Settings = &flow.Hangup{Audio: "bye"}
	if err := publish(t, s, f); err != nil {
		t.Fatal(err)
	}
	var used *directory.InUseError
	if err := remove(t, s, directory.KindAudio, "bye"); !errors.As(err, &used) || used.Uses[1].Where != "version 1" || used.Uses[1].Name != "Flow loud" {
		t.Errorf("got %v, want the uses by the draft and version 1", err)
	}
}

func TestWatchSeesChangesAndComesBack(t *testing.T) {
	url := dbtest.URL(t)
	s := open(t, url)
	ctx, cancel := context.WithCancelCause(t.Context())
	seen, ended := make(chan directory.News, 100), make(chan error, 1)
	go func() { ended <- s.Watch(ctx, func(c directory.News) { seen <- c }) }()
	wait := func(want directory.News) {
		t.Helper()
		deadline := time.After(10 * time.Second)
		for {
			select {
			case c := <-seen:
				if c == want {
					return
				}
			case <-deadline:
				t.Fatalf("%+v was never reported", want)
			}
		}
	}
	wait(directory.News{All: true})
	townStore(t, s)
	wait(directory.News{Family: directory.FamilyFlows})
	if err := s.SaveTrunk(t.Context(), town(t).Trunks[0]); err != nil {
		t.Fatal(err)
	}
	wait(directory.News{Family: directory.FamilyTrunks})
	if err := remove(t, s, directory.KindContactMethod, "away"); err != nil {
		t.Fatal(err)
	}
	wait(directory.News{Family: directory.FamilyAccounts})
	admin(t, url, "select pg_terminate_backend(pid) from pg_stat_activity where query = 'listen tandem' and datname = current_database()")
	wait(directory.News{All: true})
	if _, err := s.AddAudio(t.Context(), directory.AudioFile{ID: "a", Name: "A", Bytes: []byte("x")}); err != nil {
		t.Fatal(err)
	}
	wait(directory.News{Family: directory.FamilyAudio})
	enough := errors.New("enough")
	cancel(enough)
	if err := <-ended; !errors.Is(err, enough) {
		t.Errorf("Watch ended with %v", err)
	}
}

func TestMigrateIsRepeatableAndRefusesANewerDatabase(t *testing.T) {
	url := dbtest.URL(t)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if err := db.Migrate(t.Context(), url); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if v, err := db.CurrentVersion(t.Context(), url); err != nil || v != db.SchemaVersion {
		t.Errorf("got version %d, %v; want %d", v, err, db.SchemaVersion)
	}
	admin(t, url, "insert into goose_db_version (version_id, is_applied) values (99, true)")
	if err := db.Migrate(t.Context(), url); err == nil || !strings.Contains(err.Error(), "version 99") {
		t.Errorf("got %v, want a refusal that names version 99", err)
	}
}
