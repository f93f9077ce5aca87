package db_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"tandem/db"
	"tandem/db/dbtest"
	"tandem/flow/directory"
)

// addressed is a store with an address to write to.
func addressed(t *testing.T) *db.Store {
	t.Helper()
	s := dbtest.Store(t)
	err := s.SaveContactMethod(t.Context(), directory.ContactMethod{ID: "ann", Kind: directory.Email, Name: "Ann", URI: "ann@example.org"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func admit(t *testing.T, s *db.Store, id string, every time.Duration) directory.Admission {
	t.Helper()
	a, err := s.AdmitNotice(t.Context(), directory.Notice{ID: id, Module: "f/m", ContactMethod: "ann", Every: every})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestOneNoticeAMinuteGoesOutAndTheNextTellsOfTheOthers(t *testing.T) {
	s := addressed(t)
	for _, step := range []struct {
		id    string
		every time.Duration
		want  directory.Admission
	}{
		{"n1", time.Minute, directory.Admission{Goes: true}},
		{"n2", time.Minute, directory.Admission{}},
		{"n2", time.Minute, directory.Admission{}}, // asked again, and counted once
		{"n3", time.Minute, directory.Admission{}},
		{"n1", time.Minute, directory.Admission{Goes: true}},             // asked again after a crash: the same answer
		{"n4", 0, directory.Admission{Goes: true, LeftOut: 2}},           // its time has come
		{"n4", time.Minute, directory.Admission{Goes: true, LeftOut: 2}}, // and the same again
		{"n5", 0, directory.Admission{Goes: true}},
	} {
		if got := admit(t, s, step.id, step.every); got.Name != "Ann" || got.Goes != step.want.Goes || got.Goes && got.LeftOut != step.want.LeftOut {
			t.Errorf("notice %s: %+v, want %+v", step.id, got, step.want)
		}
	}
}

func TestOfManyNoticesAtOnceOneGoesOut(t *testing.T) {
	s := addressed(t)
	const many = 20
	var wait sync.WaitGroup
	var mu sync.Mutex
	goes := 0
	for i := range many {
		wait.Go(func() {
			a, err := s.AdmitNotice(t.Context(), directory.Notice{ID: fmt.Sprint(i), Module: "f/m", ContactMethod: "ann", Every: time.Minute})
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Error(err)
			}
			if a.Goes {
				goes++
			}
		})
	}
	wait.Wait()
	if goes != 1 {
		t.Errorf("%d went out", goes)
	}
	if a := admit(t, s, "last", 0); !a.Goes || a.LeftOut != many-1 {
		t.Errorf("the next is told %+v, want %d left out", a, many-1)
	}
}

func TestOnlyAnAddressReceivesMail(t *testing.T) {
	s := addressed(t)
	if got, err := s.MailAddress(t.Context(), "ann"); got != "ann@example.org" || err != nil {
		t.Errorf("address %q, %v", got, err)
	}
	for _, id := range []string{"100", "nobody"} {
		if _, err := s.MailAddress(t.Context(), id); !errors.Is(err, directory.ErrNotFound) {
			t.Errorf("%s: %v", id, err)
		}
	}
}

func TestThePasswordOfTheMailServerIsSealedAndGoesToNoOther(t *testing.T) {
	s := dbtest.Store(t)
	if _, err := s.MailAccount(t.Context()); !errors.Is(err, directory.ErrMailUnset) {
		t.Errorf("before anything is set: %v", err)
	}
	save := func(m directory.SMTP) directory.SMTP {
		t.Helper()
		if err := s.SaveSMTP(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		account, err := s.MailAccount(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return account
	}
	mine := directory.SMTP{Host: "mail.example.org", User: "tandem", Password: "correct horse", Sender: "pbx@example.org"}
	if got := save(mine); got.Password != mine.Password || got.Port != directory.DefaultSMTPPort {
		t.Errorf("stored %+v", got)
	}
	if shown, err := s.SMTP(t.Context()); err != nil || shown.Password != "" || !shown.HasPassword {
		t.Errorf("shown %+v, %v", shown, err)
	}
	mine.Password, mine.Sender = "", "desk@example.org"
	if got := save(mine); got.Password != "correct horse" {
		t.Error("a new sender lost the password")
	}
	elsewhere := mine
	elsewhere.Host = "mail.example.net"
	if got := save(elsewhere); got.Password != "" {
		t.Error("the password went to another server")
	}
	var raw map[string]any
	if err := s.Setting(t.Context(), "smtp", &raw); err != nil || raw["password"] != nil {
		t.Errorf("stored in the clear: %v, %v", raw, err)
	}
}
