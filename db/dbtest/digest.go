package dbtest

import (
	"context"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Every table but those that note who was seen last.
const tables = `
	select tablename from pg_tables
	where schemaname = 'public' and tablename not in ('sessions', 'logins', 'tokens', 'roles') order by 1`

// Digest sums up what every table of a database holds, so that a test can tell
// whether something was changed, and where.
func Digest(t testing.TB, url string) map[string]string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), stepTime)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }() // nothing is pending
	rows, err := conn.Query(ctx, tables)
	if err != nil {
		t.Fatal(err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, name := range names {
		var sum string
		q := fmt.Sprintf(`select coalesce(md5(string_agg(x::text, '|' order by x::text)), '') from %s x`, pgx.Identifier{name}.Sanitize())
		if err := conn.QueryRow(ctx, q).Scan(&sum); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out[name] = sum
	}
	return out
}
