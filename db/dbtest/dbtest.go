// Package dbtest gives tests a database of their own on a private PostgreSQL.
//
// It is never imported outside tests, and it never skips one: without
// PostgreSQL programs a test fails and says what to install.
package dbtest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"tandem/db"
	"tandem/db/cluster"
)

// Variable names the environment variable with the address of the server that
// tests use. Main sets it; set from outside, it saves Main the start of one.
const Variable = "TANDEM_TEST_DATABASE"

// Time given to the start of a server, and to one step with it.
const (
	startTime = 2 * time.Minute // other tests may keep the machine busy
	stepTime  = 30 * time.Second
)

// Main is the body of TestMain: it runs the tests on a private server with a
// migrated template and returns the exit code.
//
//	func TestMain(m *testing.M) { os.Exit(dbtest.Main(m)) }
func Main(m *testing.M) int {
	stop, err := start()
	if err != nil {
		fmt.Fprintln(os.Stderr, "these tests need PostgreSQL:", err)
		return 1
	}
	defer stop()
	return m.Run()
}

func start() (stop func(), err error) {
	ctx, cancel := context.WithTimeout(context.Background(), startTime)
	defer cancel()
	if address := os.Getenv(Variable); address != "" {
		return func() {}, db.Migrate(ctx, address)
	}
	dir, err := os.MkdirTemp("", "tandem-dbtest-")
	if err != nil {
		return nil, err
	}
	clear := func() { _ = os.RemoveAll(dir) } // a left folder harms nobody
	if err := os.Chmod(dir, 0o755); err != nil {
		clear()
		return nil, err
	}
	c, err := cluster.Start(ctx, cluster.Options{Dir: filepath.Join(dir, "postgres"), Scratch: true})
	if err != nil {
		clear()
		return nil, err
	}
	stop = func() {
		ctx, cancel := context.WithTimeout(context.Background(), stepTime)
		defer cancel()
		if err := c.Stop(ctx); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		clear()
	}
	if err := db.Migrate(ctx, c.URL()); err != nil {
		stop()
		return nil, err
	}
	if err := os.Setenv(Variable, c.URL()); err != nil {
		stop()
		return nil, err
	}
	return stop, nil
}

// addresses of the databases behind the stores of this package, for what no
// method of a Store does.
var addresses sync.Map

// Exec runs statements on the database of a store made by this package, behind
// its back.
func Exec(t testing.TB, s *db.Store, statements ...string) {
	t.Helper()
	conn := connect(t, s)
	for _, sql := range statements {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
}

// Address is the address of the database of a store of this package.
func Address(t testing.TB, s *db.Store) string {
	t.Helper()
	address, ok := addresses.Load(s)
	if !ok {
		t.Fatal("this store was not made by dbtest.Store")
	}
	return address.(string)
}

func connect(t testing.TB, s *db.Store) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), Address(t, s))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) }) // nothing is pending
	return conn
}

// Store is a Store on a fresh, migrated, empty database, which goes with the
// test.
func Store(t testing.TB) *db.Store {
	t.Helper()
	address := URL(t)
	s, err := db.Open(t.Context(), address, db.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	addresses.Store(s, address)
	t.Cleanup(func() {
		addresses.Delete(s)
		s.Close()
	})
	return s
}

// URL is the address of a fresh, migrated, empty database.
func URL(t testing.TB) string {
	t.Helper()
	server := os.Getenv(Variable)
	if server == "" {
		t.Fatalf("this test needs PostgreSQL: its package wants TestMain with dbtest.Main, or %s with an address", Variable)
	}
	u, err := url.Parse(server)
	if err != nil {
		t.Fatalf("%s: %v", Variable, err)
	}
	template := strings.TrimPrefix(u.Path, "/")
	name := "test_" + strings.ToLower(rand.Text()[:12])
	admin(t, server, fmt.Sprintf("create database %s template %s", name, pgx.Identifier{template}.Sanitize()))
	t.Cleanup(func() { admin(t, server, "drop database if exists "+name+" with (force)") })
	u.Path = "/" + name
	return u.String()
}

// Pause between tries while somebody else's connection to the template, which
// hinders a copy, goes away.
const busyPause = 50 * time.Millisecond

// objectInUse is PostgreSQL's error code for that.
const objectInUse = "55006"

func admin(t testing.TB, server, statement string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), stepTime) // t.Context has ended in a Cleanup
	defer cancel()
	for {
		err := once(ctx, server, statement)
		var pgErr *pgconn.PgError
		if !errors.As(err, &pgErr) || pgErr.Code != objectInUse || ctx.Err() != nil {
			if err != nil {
				t.Errorf("%s: %v", statement, err)
			}
			return
		}
		select {
		case <-ctx.Done():
		case <-time.After(busyPause):
		}
	}
}

func once(ctx context.Context, server, statement string) error {
	u, err := url.Parse(server)
	if err != nil {
		return err
	}
	u.Path = "/postgres"
	conn, err := pgx.Connect(ctx, u.String())
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }() // nothing is pending
	_, err = conn.Exec(ctx, statement)
	return err
}
