package db_test

import (
	"os"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"tandem/db"
	"tandem/db/dbtest"
	"tandem/flow/call"
)

func TestAnOfficeOutlivesThePanelsMigrationBothWays(t *testing.T) {
	url, key := dbtest.URL(t), db.NewKey()
	before, err := db.Open(t.Context(), url, key)
	if err != nil {
		t.Fatal(err)
	}
	townStore(t, before)
	before.Close() // it would hold statements of the old tables
	cfg, err := pgx.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	pool := stdlib.OpenDB(*cfg)
	defer func() { _ = pool.Close() }()
	p, err := goose.NewProvider(goose.DialectPostgres, pool, os.DirFS("migrations"), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.DownTo(t.Context(), 5); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	s, err := db.Open(t.Context(), url, key)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if r, err := s.Route(t.Context(), call.Incoming{Called: "+4687000001", Trunk: "north"}); err != nil || r.Revision == nil || r.Revision.Version != 1 {
		t.Errorf("got %+v, %v; want the flow that was published", r, err)
	}
	if d, err := s.Draft(t.Context(), "main"); err != nil || d.Published != 1 || d.Newer {
		t.Errorf("got %+v, %v; want a draft no newer than its version", d, err)
	}
}
