package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.temporal.io/server/common/persistence/sql/sqlplugin"
	sqliteschema "go.temporal.io/server/schema/sqlite"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// What a file can be besides usable. Everything a person must act on names the file and says what to do.
var (
	errDamaged = errors.New("the file is damaged")
	errOlder   = errors.New("the file has an older schema")
)

// schema is what belongs into one of our files. The statements come from the Temporal server, which keeps history and
// visibility in one list; keep picks from it.
type schema struct {
	version string                      // of the server's schema, a dash, and of what we changed in it
	keep    func(statement string) bool // whether a statement of the server's list belongs here
}

// visibilityTable is the one table of the visibility store; its indexes, triggers and search tables begin with its name too.
const visibilityTable = "executions_visibility"

// historySchema is everything but visibility, as it comes.
func historySchema() schema {
	return schema{
		version: sqliteschema.Version + "-1",
		keep:    func(statement string) bool { return !strings.Contains(statement, visibilityTable) },
	}
}

// indexes are those our lists use: newest first, by ID, type and outcome of the workflow, and by each search attribute. The
// server makes 58, and every start and end of a call would pay for all of them.
var indexes = []string{
	"default_idx", "by_workflow_id", "by_workflow_type", "by_status",
	"by_keyword_01", "by_keyword_02", "by_keyword_03", "by_keyword_04", "by_keyword_05", "by_keyword_06",
}

// visibilitySchema is the visibility table with the few indexes.
func visibilitySchema() schema {
	return schema{
		version: sqliteschema.VisibilityVersion + "-1",
		keep: func(statement string) bool {
			if !strings.Contains(statement, visibilityTable) {
				return false
			}
			words := strings.Fields(statement)
			return strings.ToUpper(words[1]) != "INDEX" || slices.Contains(indexes, words[2])
		},
	}
}

// createTemporald makes our own table: one row that tells what the file is. complete is 1 when everything in the history is
// listed; in the history file itself it says nothing.
const createTemporald = `CREATE TABLE temporald (version TEXT NOT NULL, complete INTEGER NOT NULL DEFAULT 0)`

// apply makes the schema in the empty database db, all of it or, when anything fails or kills us, nothing.
func (s schema) apply(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := sqliteschema.SetupSchemaOnDB(pickingDB{keep: s.keep, tx: tx}); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, createTemporald); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO temporald (version) VALUES (?)`, s.version); err != nil {
		return err
	}
	return tx.Commit()
}

// pickingDB lets the server's schema set-up run inside our transaction, less the statements we do not keep. Exec is all that
// the set-up calls.
type pickingDB struct {
	sqlplugin.AdminDB
	keep func(statement string) bool
	tx   *sql.Tx
}

func (p pickingDB) Exec(statement string, args ...any) error {
	if !p.keep(statement) {
		return nil
	}
	_, err := p.tx.Exec(statement, args...)
	return err
}

// ensure makes the schema in db when db is empty, and checks it otherwise. It reports whether it made it. The error is
// errDamaged, errOlder, or one that says what is wrong with the file.
func (s schema) ensure(ctx context.Context, db *sql.DB) (made bool, err error) {
	var tables, ours int
	const count = `SELECT count(*), count(*) FILTER (WHERE name = 'temporald') FROM sqlite_master`
	if err := db.QueryRowContext(ctx, count).Scan(&tables, &ours); err != nil {
		return false, damage(err)
	}
	switch {
	case tables == 0:
		return true, s.apply(ctx, db)
	case ours == 0:
		return false, errors.New("the file was not made by temporald; move it away")
	}
	var have string
	if err := db.QueryRowContext(ctx, `SELECT version FROM temporald`).Scan(&have); err != nil {
		return false, damage(err)
	}
	return false, s.accept(have)
}

// accept compares the version found in a file with ours.
func (s schema) accept(have string) error {
	found, err := parseVersion(have)
	if err != nil {
		return err
	}
	ours, err := parseVersion(s.version)
	if err != nil {
		return err
	}
	switch slices.Compare(found, ours) {
	case 0:
		return nil
	case -1:
		return fmt.Errorf("%w (%s) than this temporald (%s), which has no way to raise it", errOlder, have, s.version)
	default:
		return fmt.Errorf("the file has a newer schema (%s) than this temporald (%s); use the newer temporald", have, s.version)
	}
}

// parseVersion turns "0.11-1" into its numbers, which compare from the left.
func parseVersion(text string) ([]int, error) {
	var numbers []int
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == '.' || r == '-' }) {
		n, err := strconv.Atoi(part)
		if err != nil {
			return nil, fmt.Errorf("the file has a schema version nobody knows (%q)", text)
		}
		numbers = append(numbers, n)
	}
	return numbers, nil
}

// damage turns the errors by which SQLite says that a file is no database, or a broken one, into errDamaged.
func damage(err error) error {
	var failed *sqlite.Error
	if errors.As(err, &failed) {
		switch failed.Code() & 0xff { // the low byte is the primary result code
		case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
			return fmt.Errorf("%w: %w", errDamaged, err)
		}
	}
	return err
}
