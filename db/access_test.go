package db_test

import (
	"errors"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"tandem/db"
	"tandem/db/dbtest"
	"tandem/flow/directory"
)

const goodPassword = "seven purple kettles"

// owner is a login that can sign in.
func owner(t testing.TB, s *db.Store, email string) directory.Login {
	t.Helper()
	token, err := s.InviteLogin(t.Context(), directory.Login{Email: email, Role: directory.Owner})
	if err != nil {
		t.Fatal(err)
	}
	l, err := s.AcceptInvite(t.Context(), token, goodPassword)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestAnInvitationIsGoodOnceAndForThreeDays(t *testing.T) {
	s := dbtest.Store(t)
	invite := func() string {
		t.Helper()
		token, err := s.InviteLogin(t.Context(), directory.Login{Email: "Ada@Example.org", Role: directory.FlowEditor, NoPublish: true, Flows: []string{"main"}})
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	first := invite()
	second := invite() // sent again: the first is void
	if _, err := s.SignIn(t.Context(), "ada@example.org", ""); !errors.Is(err, directory.ErrDenied) {
		t.Errorf("before a password: got %v, want ErrDenied", err)
	}
	dbtest.Exec(t, s, "update invitations set expires = now()")
	for _, token := range []string{first, second, ""} {
		if _, err := s.AcceptInvite(t.Context(), token, goodPassword); !errors.Is(err, directory.ErrNotFound) {
			t.Errorf("a void invitation: got %v, want ErrNotFound", err)
		}
	}
	third := invite()
	if _, err := s.AcceptInvite(t.Context(), third, "short"); !errors.Is(err, directory.ErrInvalid) {
		t.Errorf("a short password: got %v, want ErrInvalid", err)
	}
	l, err := s.AcceptInvite(t.Context(), third, goodPassword)
	if err != nil || l.Email != "ada@example.org" || l.Invited || !l.NoPublish || l.Flows[0] != "main" {
		t.Errorf("got %+v, %v", l, err)
	}
	if _, err := s.AcceptInvite(t.Context(), third, goodPassword); !errors.Is(err, directory.ErrNotFound) {
		t.Errorf("used again: got %v, want ErrNotFound", err)
	}
	if _, err := s.SignIn(t.Context(), "ada@example.org", goodPassword); err != nil {
		t.Error(err)
	}
	if _, err := s.InviteLogin(t.Context(), directory.Login{Email: "ada@example.org", Role: directory.Owner}); !errors.Is(err, directory.ErrTaken) {
		t.Errorf("an invitation took over a login: %v", err)
	}
}

func TestAnEasilyGuessedPasswordIsRefused(t *testing.T) {
	s := dbtest.Store(t)
	l := owner(t, s, "ada.lovelace@example.org")
	for _, weak := range []string{"", "elevenchars", "passwordpassword", "aaaaaaaaaaaaaaaa", "123456789012", "qwertyuiop12", "lovelacelovelace"} {
		if err := s.SetPassword(t.Context(), l.Email, weak); !errors.Is(err, directory.ErrInvalid) {
			t.Errorf("%q: got %v, want ErrInvalid", weak, err)
		}
	}
}

func TestTheLastOwnerStaysOne(t *testing.T) {
	s := dbtest.Store(t)
	ada := owner(t, s, "ada@example.org")
	if _, err := s.InviteLogin(t.Context(), directory.Login{Email: "bob@example.org", Role: directory.Owner}); err != nil {
		t.Fatal(err) // who has not come is no owner yet
	}
	lesser := ada
	lesser.Role = directory.Admin
	if err := s.SaveLogin(t.Context(), lesser); !errors.Is(err, directory.ErrLast) {
		t.Errorf("demoted: got %v, want ErrLast", err)
	}
	if err := remove(t, s, directory.KindLogin, ada.ID); !errors.Is(err, directory.ErrLast) {
		t.Errorf("removed: got %v, want ErrLast", err)
	}
	if l, err := s.LoginByID(t.Context(), ada.ID); err != nil || l.Role != directory.Owner {
		t.Errorf("got %+v, %v", l, err)
	}
}

func TestOfTwoOwnersWhoLeaveAtOnceOneStays(t *testing.T) {
	s := dbtest.Store(t)
	owners := []directory.Login{owner(t, s, "ada@example.org"), owner(t, s, "bob@example.org")}
	errs := make([]error, len(owners))
	var wg sync.WaitGroup
	for i, l := range owners {
		wg.Go(func() {
			if i == 0 {
				_, errs[i] = s.Remove(t.Context(), directory.KindLogin, l.ID, "me")
				return
			}
			l.Role = directory.ReadOnly
			errs[i] = s.SaveLogin(t.Context(), l)
		})
	}
	wg.Wait()
	if (errs[0] == nil) == (errs[1] == nil) || !errors.Is(errors.Join(errs...), directory.ErrLast) {
		t.Errorf("got %v, want exactly one ErrLast", errs)
	}
}

func TestOtherRightsSignALoginOut(t *testing.T) {
	s := dbtest.Store(t)
	owner(t, s, "ada@example.org")
	bob := owner(t, s, "bob@example.org")
	if _, err := s.CreateSession(t.Context(), bob.ID, time.Hour); err != nil {
		t.Fatal(err)
	}
	sessions := func() int {
		t.Helper()
		all, err := s.Sessions(t.Context(), bob.ID)
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	bob.Email = "robert@example.org"
	if err := s.SaveLogin(t.Context(), bob); err != nil || sessions() != 1 {
		t.Errorf("a new address ended the session: %v", err)
	}
	bob.Role, bob.Flows = directory.Supervisor, []string{"main"}
	if err := s.SaveLogin(t.Context(), bob); err != nil || sessions() != 0 {
		t.Errorf("a new role left the session: %v", err)
	}
	if got, err := s.Login(t.Context(), "robert@example.org"); err != nil || got.Role != directory.Supervisor || got.Flows[0] != "main" {
		t.Errorf("got %+v, %v", got, err)
	}
}

// secondFactor sets one up and returns its secret and the recovery codes.
func secondFactor(t testing.TB, s *db.Store, l directory.Login) (secret string, recovery []string) {
	t.Helper()
	address, err := s.SetTOTP(t.Context(), l.ID, "Tandem")
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	secret = u.Query().Get("secret")
	recovery, err = s.ConfirmTOTP(t.Context(), l.ID, codeAt(t, secret, -30*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	return secret, recovery
}

func codeAt(t testing.TB, secret string, offset time.Duration) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, time.Now().Add(offset))
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func TestACodeOfTheSecondFactorCountsOnce(t *testing.T) {
	s := dbtest.Store(t)
	l := owner(t, s, "ada@example.org")
	secret, recovery := secondFactor(t, s, l)
	if got, err := s.SignIn(t.Context(), l.Email, goodPassword); err != nil || !got.TOTP {
		t.Fatalf("got %+v, %v; want a login with a second factor", got, err)
	}
	code := codeAt(t, secret, 30*time.Second)
	errs := make([]error, 8)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() { errs[i] = s.CheckTOTP(t.Context(), l.ID, code) })
	}
	wg.Wait()
	right := 0
	for _, err := range errs {
		if err == nil {
			right++
		} else if !errors.Is(err, directory.ErrDenied) {
			t.Error(err)
		}
	}
	if right != 1 {
		t.Errorf("one code let %d in", right)
	}
	for i, want := range []error{nil, directory.ErrDenied} {
		if err := s.CheckTOTP(t.Context(), l.ID, " "+recovery[0]); !errors.Is(err, want) {
			t.Errorf("recovery code, use %d: got %v, want %v", i+1, err, want)
		}
	}
	fresh, err := s.RecoveryCodes(t.Context(), l.ID)
	if err != nil || len(fresh) != 10 {
		t.Fatal(fresh, err)
	}
	if err := s.CheckTOTP(t.Context(), l.ID, recovery[1]); !errors.Is(err, directory.ErrDenied) {
		t.Errorf("an old recovery code: got %v, want ErrDenied", err)
	}
	if err := s.ClearTOTP(t.Context(), l.ID); err != nil {
		t.Fatal(err)
	}
	if got, err := s.SignIn(t.Context(), l.Email, goodPassword); err != nil || got.TOTP {
		t.Errorf("got %+v, %v; want no second factor", got, err)
	}
}

func TestARightPasswordForgivesNoWrongCodes(t *testing.T) {
	s := dbtest.Store(t)
	l := owner(t, s, "ada@example.org")
	secondFactor(t, s, l)
	tries := 0
	for ; tries < 20; tries++ {
		if _, err := s.SignIn(t.Context(), l.Email, goodPassword); errors.Is(err, directory.ErrLocked) {
			break
		}
		if err := s.CheckTOTP(t.Context(), l.ID, "000000"); errors.Is(err, directory.ErrLocked) {
			break
		}
	}
	if tries > 10 {
		t.Errorf("%d wrong codes locked nothing", tries)
	}
}

func TestATokenOpensUntilItExpires(t *testing.T) {
	s := dbtest.Store(t)
	secret, err := s.CreateToken(t.Context(), directory.Token{ID: "t1", Name: "Import", Role: directory.Admin, Flows: []string{"main"},
		Expires: time.Now().Add(time.Hour), By: "ada@example.org"})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		got, err := s.TokenOf(t.Context(), secret)
		if err != nil || got.Name != "Import" || got.Role != directory.Admin || got.Flows[0] != "main" || got.By != "ada@example.org" {
			t.Fatalf("got %+v, %v", got, err)
		}
	}
	if all, err := s.Tokens(t.Context()); err != nil || len(all) != 1 || all[0].LastUsed.IsZero() {
		t.Errorf("got %+v, %v; want one that was used", all, err)
	}
	dbtest.Exec(t, s, "update tokens set expires = now()")
	for _, wrong := range []string{secret, "", "tandem_other"} {
		if _, err := s.TokenOf(t.Context(), wrong); !errors.Is(err, directory.ErrNotFound) {
			t.Errorf("%q: got %v, want ErrNotFound", wrong, err)
		}
	}
	if _, err := s.Remove(t.Context(), directory.KindToken, "t1", "me"); err != nil {
		t.Error(err)
	}
	if _, err := s.Remove(t.Context(), directory.KindToken, "t1", "me"); !errors.Is(err, directory.ErrNotFound) {
		t.Errorf("got %v, want ErrNotFound", err)
	}
}

func TestOfManyRepeatsAtOnceOneWrites(t *testing.T) {
	s := dbtest.Store(t)
	request := []byte("hash of what is asked")
	answers, errs := make([]*directory.Answer, 8), make([]error, 8)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() { answers[i], errs[i] = s.Idempotent(t.Context(), "ada", "key-1", request) })
	}
	wg.Wait()
	first := 0
	for i, err := range errs {
		if err == nil && answers[i] == nil {
			first++
		} else if !errors.Is(err, directory.ErrBusy) {
			t.Errorf("got %+v, %v; want ErrBusy", answers[i], err)
		}
	}
	if first != 1 {
		t.Errorf("%d were told to write", first)
	}
	want := directory.Answer{Status: 201, Type: "application/json", Body: []byte(`{"id":"x"}`)}
	if err := s.Answered(t.Context(), "ada", "key-1", want); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Idempotent(t.Context(), "ada", "key-1", request); err != nil || got == nil || got.Status != 201 || string(got.Body) != string(want.Body) {
		t.Errorf("a repeat got %+v, %v; want the first answer", got, err)
	}
	if _, err := s.Idempotent(t.Context(), "ada", "key-1", []byte("another")); !errors.Is(err, directory.ErrReused) {
		t.Errorf("another request: got %v, want ErrReused", err)
	}
	if got, err := s.Idempotent(t.Context(), "bob", "key-1", []byte("another")); got != nil || err != nil {
		t.Errorf("somebody else's key: got %+v, %v", got, err)
	}
}

func TestAWriteThatFailedMayBeTriedAgain(t *testing.T) {
	s := dbtest.Store(t)
	begin := func() (*directory.Answer, error) { return s.Idempotent(t.Context(), "ada", "key", []byte("r")) }
	if got, err := begin(); got != nil || err != nil {
		t.Fatal(got, err)
	}
	if err := s.Answered(t.Context(), "ada", "key", directory.Answer{Status: 503}); err != nil {
		t.Fatal(err)
	}
	if got, err := begin(); got != nil || err != nil {
		t.Errorf("after a fault: got %+v, %v; want another try", got, err)
	}
	dbtest.Exec(t, s, "update idempotency_keys set at = now() - interval '2 minutes'") // whoever began has died
	if got, err := begin(); got != nil || err != nil {
		t.Errorf("after a death: got %+v, %v; want another try", got, err)
	}
	if err := s.Answered(t.Context(), "ada", "key", directory.Answer{Status: 204}); err != nil {
		t.Fatal(err)
	}
	dbtest.Exec(t, s, "update idempotency_keys set at = now() - interval '25 hours'")
	if got, err := begin(); got != nil || err != nil {
		t.Errorf("after a day: got %+v, %v; want it forgotten", got, err)
	}
}
