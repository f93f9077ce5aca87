package db_test

import (
	"bytes"
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tandem/db"
	"tandem/db/dbtest"
	"tandem/flow/call"
	"tandem/flow/directory"
)

func TestAccountsCarryWhatANodeNeeds(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	got, err := s.Accounts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []db.Account{{ID: "desk", Username: "desk", Password: "phone-secret", Name: "Desk", InternalNumber: "201", MaxBindings: 2,
		BindingLifetime: time.Minute, Networks: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/25")}}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v (without the disabled one)", got, want)
	}
}

func TestTrunksCarryNetworksAndPasswords(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	got, err := s.Carriers(t.Context())
	if err != nil || len(got) != 2 {
		t.Fatal(got, err)
	}
	if got[1].Password != "trunk-secret" || got[1].Networks[0].String() != "198.51.100.7/32" || !reflect.DeepEqual(got[1].Codecs, []string{"PCMA", "PCMU"}) {
		t.Errorf("got %+v", got[1])
	}
	err = s.SaveTrunk(t.Context(), directory.Trunk{ID: "west", Name: "West", Networks: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}})
	if !errors.Is(err, directory.ErrTaken) {
		t.Errorf("two trunks with one network: got %v, want ErrTaken", err)
	}
}

func TestTheSchemaRefusesWhatIsOutOfRange(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	good := directory.ContactMethod{ID: "x", Kind: directory.SIPAccount, Name: "X", Username: "x", Password: "secret"}
	for _, c := range []struct {
		says   string
		change func(*directory.ContactMethod)
		want   error
	}{
		{"fine", func(*directory.ContactMethod) {}, nil},
		{"no name", func(m *directory.ContactMethod) { m.Name = "" }, directory.ErrInvalid},
		{"rings too long", func(m *directory.ContactMethod) { m.Ring = call.Seconds(121) }, directory.ErrInvalid},
		{"too many bindings", func(m *directory.ContactMethod) { m.MaxBindings = 11 }, directory.ErrInvalid},
		{"account without password", func(m *directory.ContactMethod) { m.ID, m.Username, m.Password = "y", "y", "" }, directory.ErrInvalid},
		{"forwarding without address", func(m *directory.ContactMethod) { m.Kind, m.Username = directory.SIPForwarding, "" }, directory.ErrInvalid},
		{"user name of another", func(m *directory.ContactMethod) { m.Username = "desk" }, directory.ErrTaken},
		{"unknown owner", func(m *directory.ContactMethod) { m.Owner = "nobody" }, directory.ErrLinked},
		{"fraction of a second", func(m *directory.ContactMethod) { m.Ring = call.Duration(5500 * time.Millisecond) }, directory.ErrInvalid},
	} {
		m := good
		c.change(&m)
		if err := s.SaveContactMethod(t.Context(), m); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.says, err, c.want)
		}
	}
}

func TestSecretsAreUnreadableWithoutTheKey(t *testing.T) {
	url := dbtest.URL(t)
	key := db.NewKey()
	s, err := db.Open(t.Context(), url, key)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	townStore(t, s)
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	var stored []byte
	if err := conn.QueryRow(t.Context(), "select password from contact_methods where id = 'desk'").Scan(&stored); err != nil {
		t.Fatal(err)
	}
	if len(stored) == 0 || bytes.Contains(stored, []byte("phone-secret")) {
		t.Errorf("stored as %q", stored)
	}
	other, err := db.Open(t.Context(), url, db.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if _, err := other.Accounts(t.Context()); !errors.Is(err, db.ErrSealed) {
		t.Errorf("another key: got %v, want ErrSealed", err)
	}
	// A thief who can write may not swap in a secret known to him.
	if _, err := conn.Exec(t.Context(), "update contact_methods set password = (select password from contact_methods where id = 'off') where id = 'desk'"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Accounts(t.Context()); !errors.Is(err, db.ErrSealed) {
		t.Errorf("a moved secret: got %v, want ErrSealed", err)
	}
}

func TestTheKeyFileIsMadeOnceAndReadByItsOwnerAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	first, err := db.LoadOrCreateKey(path)
	if err != nil {
		t.Fatal(err)
	}
	again, err := db.LoadOrCreateKey(path)
	if err != nil || again != first {
		t.Errorf("got another key, %v", err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
	for _, text := range []string{"", "12", strings.Repeat("x", 64), strings.Repeat("0", 66)} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := db.LoadOrCreateKey(path); err == nil {
			t.Errorf("%q was taken for a key", text)
		}
	}
}

func TestBindingsComeBackAsSaved(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	b := db.Binding{Account: "desk", Contact: "sip:desk@192.0.2.5:5070;transport=tcp", Received: netip.MustParseAddrPort("192.0.2.5:40000"),
		Transport: "tcp", UserAgent: "phone/1", CallID: "abc@phone", Instance: "<urn:uuid:1>", Path: "<sip:edge;lr>", CSeq: 4_000_000_000, Q: 0.5,
		Expires: time.Now().Add(time.Minute).UTC().Truncate(time.Microsecond), Node: "n1"}
	for range 2 { // a refresh is one binding
		if err := s.SaveBinding(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	expired := b
	expired.Contact, expired.Expires = "sip:old@192.0.2.5", time.Now().Add(-time.Minute)
	if err := s.SaveBinding(t.Context(), expired); err != nil {
		t.Fatal(err)
	}
	got, err := s.LoadBindings(t.Context())
	if err != nil || len(got) != 1 || got[0] != b {
		t.Errorf("got %+v, %v; want %+v", got, err, b)
	}
	for range 2 { // gone already is no error
		if err := s.RemoveBinding(t.Context(), "desk", b.Contact); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := s.LoadBindings(t.Context()); err != nil || len(got) != 0 {
		t.Errorf("got %+v, %v after removal", got, err)
	}
}

func TestEqualAudioIsStoredOnce(t *testing.T) {
	url := dbtest.URL(t)
	s, err := db.Open(t.Context(), url, db.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, id := range []string{"a", "b"} {
		sum, err := s.AddAudio(t.Context(), directory.AudioFile{ID: id, Name: "File " + id, Bytes: []byte("abc")})
		if err != nil || sum != "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" {
			t.Fatal(sum, err)
		}
	}
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	blobs := func() (n int) {
		if err := conn.QueryRow(t.Context(), "select count(*) from audio_blobs").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := blobs(); n != 1 {
		t.Errorf("%d blobs, want 1", n)
	}
	if f, err := s.Audio(t.Context(), "b"); err != nil || string(f.Bytes) != "abc" || f.MediaType != "audio/wav" {
		t.Errorf("got %+v, %v", f, err)
	}
	if _, err := conn.Exec(t.Context(), "update audio_blobs set bytes = 'xyz'"); err == nil {
		t.Error("a blob took bytes that are not its hash's")
	}
	for _, id := range []string{"a", "b"} {
		if err := remove(t, s, directory.KindAudio, id); err != nil {
			t.Fatal(err)
		}
	}
	if n := blobs(); n != 1 {
		t.Errorf("%d blobs, want the one that can be restored", n)
	}
	admin(t, url, "update trash set at = now() - interval '25 hours'")
	if _, err := s.PruneHistory(t.Context(), time.Now()); err != nil {
		t.Fatal(err)
	}
	if n := blobs(); n != 0 {
		t.Errorf("%d blobs are left", n)
	}
	if _, err := s.Audio(t.Context(), "a"); !errors.Is(err, directory.ErrNotFound) {
		t.Errorf("got %v, want ErrNotFound", err)
	}
}

func TestTheSharedSecretIsOneForAll(t *testing.T) {
	url, key := dbtest.URL(t), db.NewKey()
	var secrets [2][]byte
	for i := range secrets {
		s, err := db.Open(t.Context(), url, key)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if secrets[i], err = s.SharedSecret(t.Context(), "nonce"); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(secrets[0], secrets[1]) || len(secrets[0]) != 32 {
		t.Errorf("got %x and %x", secrets[0], secrets[1])
	}
}

func TestAUserWithAContactMethodStays(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	want := directory.User{ID: "ada", FirstName: "Ada", LastName: "Lovelace", Email: "ada@example.org"}
	if err := s.SaveUser(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	m, err := s.ContactMethod(t.Context(), "away")
	if err != nil {
		t.Fatal(err)
	}
	m.Owner = "ada"
	if err := s.SaveContactMethod(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Users(t.Context()); err != nil || len(got) != 1 || got[0] != want {
		t.Errorf("got %+v, %v", got, err)
	}
	var used *directory.InUseError
	if err := remove(t, s, directory.KindUser, "ada"); !errors.As(err, &used) || used.Uses[0].ID != "away" {
		t.Errorf("got %v, want the contact method that uses it", err)
	}
	if err := remove(t, s, directory.KindContactMethod, "away"); err != nil {
		t.Fatal(err)
	}
	if err := remove(t, s, directory.KindUser, "ada"); err != nil {
		t.Error(err)
	}
}

func TestANumberSomebodyClaimsStays(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	for number, by := range map[string]string{"+4687000001": "main", "+4687000002": "desk"} {
		var used *directory.InUseError
		if err := remove(t, s, directory.KindNumber, number); !errors.As(err, &used) || used.Uses[0].ID != by {
			t.Errorf("%s: got %v, want its use by %s", number, err, by)
		}
	}
	if err := remove(t, s, directory.KindNumber, "+4687000004"); err != nil {
		t.Error(err)
	}
	if err := remove(t, s, directory.KindNumber, "+4687000004"); !errors.Is(err, directory.ErrNotFound) {
		t.Errorf("got %v, want ErrNotFound", err)
	}
}
