package dbtest

import (
	"context"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Every table, and those that note who was seen last.
const tables = `select tablename, tablename in ('sessions', 'logins', 'tokens', 'roles') as notes from pg_tables where schemaname = 'public' order by 1`

// Digest sums up what every table of a database holds, but for those that note
// who was seen last, so that a test can tell whether something was changed, and
// where.
func Digest(t testing.TB, url string) map[string]string {
	t.Helper()
	return each(t, url, `select coalesce(md5(string_agg(x::text, '|' order by x::text)), '') from %s x`, false)
}

// Dump is all that every table of a database holds, as text; bytes in
// hexadecimal digits.
func Dump(t testing.TB, url string) map[string]string {
	t.Helper()
	return each(t, url, `select coalesce(string_agg(x::text, '|'), '') from %s x`, true)
}

// each asks one question about every table.
func each(t testing.TB, url, question string, all bool) map[string]string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), stepTime)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }() // nothing is pending
	type table struct {
		Tablename string
		Notes     bool
	}
	rows, _ := conn.Query(ctx, tables) // CollectRows reports its error
	names, err := pgx.CollectRows(rows, pgx.RowToStructByName[table])
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, n := range names {
		if n.Notes && !all {
			continue
		}
		var text string
		if err := conn.QueryRow(ctx, fmt.Sprintf(question, pgx.Identifier{n.Tablename}.Sanitize())).Scan(&text); err != nil {
			t.Fatalf("%s: %v", n.Tablename, err)
		}
		out[n.Tablename] = text
	}
	return out
}
